/** How the credentials of the program in memory are rotated, and what is said at steps by hand. */
import type { HandStep, KeyRow, RotationMethod, RotationMode, RotationStep, RotationTimes, StepTaken } from "../wire";

type Hand = Pick<HandStep, "words" | "open" | "paste" | "brings">;

export interface Method extends RotationMethod {
  /** Steps at the provider that are calls. */
  called: RotationStep[];
  hands: Partial<Record<RotationStep, Hand>>;
}

export const TIMES: RotationTimes = { tokenLifetime: 3_600, skew: 60, slowestDeploy: 86_400, quiet: 86_400, undo: 86_400 };

const hand = (words: string, more: Partial<Hand> = {}): Hand => ({ words, open: null, paste: null, brings: null, ...more });
const DASHBOARD = "https://acme.gr4vy.app/settings/api-keys";

const byCalls: Method = {
  made: "here",
  overlap: "both",
  calls: true,
  tellsLastUse: true,
  note: "A pair without merchant accounts has access to all of them, and the caller can give only what it has.",
  called: ["publish", "activate", "retire", "delete", "disable"],
  hands: {
    publish: hand(
      "Under Settings, API keys, create a key pair of your own public key with the same roles and merchant accounts as the old one, not active.",
      { open: DASHBOARD, paste: "public-pem" },
    ),
    activate: hand("Under Settings, API keys, set the new pair to active.", { open: DASHBOARD }),
    retire: hand("Under Settings, API keys, set the old pair to inactive.", { open: DASHBOARD }),
    delete: hand("Under Settings, API keys, delete the old pair.", { open: DASHBOARD }),
  },
};

const secretByHand: Method = {
  made: "there",
  overlap: "both",
  calls: false,
  tellsLastUse: false,
  note: null,
  called: [],
  hands: {
    make: hand("In the dashboard, under Developers, API keys, create a key for the same mode, and copy it: it is shown once.", {
      brings: "secret",
    }),
    delete: hand("In the dashboard, under Developers, API keys, revoke the old key."),
    disable: hand("In the dashboard, under Developers, API keys, revoke the old key."),
  },
};

const passwordInPlace: Method = {
  made: "here",
  overlap: "none",
  calls: false,
  tellsLastUse: false,
  note: "A changed password ends no session that was begun before, unless the server says so.",
  called: [],
  hands: { publish: hand("In the account settings, change the password to the new one.", { paste: "secret" }) },
};

/** None for what is bound to no place. */
export function methodOf({ kind, binding }: Pick<KeyRow, "kind" | "binding">): Method | null {
  if (binding === null) return null;
  if (kind === "private-key") return byCalls;
  return kind === "login" ? passwordInPlace : secretByHand;
}

export function stepsOf(method: Method, mode: RotationMode): RotationStep[] {
  const make: RotationStep[] = method.made === "here" ? ["make", "publish"] : ["make"];
  if (method.overlap === "none") {
    const end: RotationStep[] = mode === "planned" ? ["hand-over", "retire", "destroy"] : ["disable", "hand-over"];
    return [...make, "prove", "promote", ...end];
  }
  const prove: RotationStep[] = method.called.includes("activate") ? [...make, "activate", "prove"] : [...make, "prove"];
  if (mode === "planned") return [...prove, "hand-over", "promote", "watch", "retire", "delete", "destroy"];
  if (mode === "disable-first") return ["disable", ...prove, "promote", "hand-over", "delete"];
  return [...prove, "promote", "disable", "hand-over", "delete"];
}

export function takenOf(method: Method, step: RotationStep, byHand: ReadonlySet<RotationStep>): StepTaken {
  if (method.called.includes(step)) return byHand.has(step) ? "hand" : "call";
  return method.hands[step] === undefined ? "here" : "hand";
}

export const NUMBERS: Partial<Record<RotationStep, number>> = {
  make: 1,
  publish: 2,
  activate: 3,
  prove: 4,
  "hand-over": 5,
  promote: 6,
  watch: 7,
  retire: 8,
  delete: 8,
  destroy: 8,
};
