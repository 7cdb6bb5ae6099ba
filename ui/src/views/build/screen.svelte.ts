/** What the Build screen has open, and what its buttons and its keys do. */
import { errorBody } from "../../errors";
import { getsBy, offered, type Offered } from "../../features/issued/flows";
import type {
  ClaimSheet,
  Copied,
  Draft,
  Endpoint,
  ErrorBody,
  FieldValue,
  FlowRow,
  Recipe,
  ScopePicker,
  SheetCreated,
  SheetReading,
} from "../../host/wire";
import { build as m } from "../../messages/build";
import { issued } from "../../messages/issued";
import type { Build } from "../../state/build.svelte";
import type { Clipboard } from "../../state/clipboard.svelte";
import { withEdits } from "../../state/edits";
import { nextJob } from "../../state/jobs";
import { Refusal } from "../../state/refusal.svelte";
import type { Route } from "../../state/route.svelte";
import type { Toasts } from "../../state/toasts.svelte";

export type Sheet = "scopes" | "claim" | "recipes" | "save" | "emulator";

interface Around {
  build: Build;
  route: Route;
  toasts: Toasts;
  clipboard: Clipboard;
}

export class BuildScreen {
  readonly #build: Build;
  readonly #route: Route;
  readonly #toasts: Toasts;
  readonly #clipboard: Clipboard;

  sheet = $state<Sheet | null>(null);
  picker = $state.raw<ScopePicker | null>(null);
  /** The sheet of a claim that is filled in, and what it began with. */
  filling = $state.raw<{ sheet: ClaimSheet; first: SheetReading } | null>(null);
  header = $state(false);
  ribbon = $state(false);
  tab = $state<"reads" | "request" | "answer">("reads");
  /** Why the last action did not happen; stands above the claims until the draft is another. */
  readonly #refusal = new Refusal(() => [this.#build.draft]);
  readonly busy = $derived.by(() => this.#build.underway !== null);
  readonly endpoint: Endpoint | null = $derived.by(() => {
    const target = this.#build.draft?.target;
    if (target == null || !("endpoint" in target)) return null;
    return this.#build.desk.provider?.endpoints.find(({ id }) => id === target.endpoint) ?? null;
  });
  /** Whether scopes and a lifetime are asked for, because the server makes the token by them. */
  readonly asks = $derived.by(() => {
    const { reading, provider } = this.#build;
    return reading?.authentication === "issued-token" && provider !== null && getsBy(provider.flows, reading.key) !== "log-in";
  });
  /** The call that a smaller set of scopes would serve; none while the scopes are the smallest. */
  readonly minimalFor = $derived.by(() => {
    const call = this.#build.signsHere || this.asks ? (this.#build.good?.endpoint ?? null) : null;
    return call === null || call.minimal === null ? null : bare(call);
  });
  readonly hasPublicKey = $derived.by(() => this.#build.reading?.key?.kind === "private-key");
  /** What the call needs, where one can ask for it from here. */
  readonly lacks = $derived.by(() => (this.#build.signsHere || this.asks ? (this.#build.reading?.endpoint?.lacks ?? []) : []));
  readonly unsignedLive = $derived.by(() => this.#build.signsHere && this.#build.tier === "live" && this.#build.token === null);
  /** How the token is got where the server makes it. */
  readonly flows: Offered = $derived.by(() => {
    const { reading, provider } = this.#build;
    if (reading === null || reading.authentication !== "issued-token" || provider === null) return { primary: null, others: [] };
    return offered(provider.flows, reading.key, reading.issued);
  });
  /** Why Send cannot be pressed. */
  readonly blocked = $derived.by(() => {
    const { reading, unread } = this.#build;
    if (reading === null) return unread === null ? "" : unread.message;
    const hole = /\{([^{}]*)\}/.exec(reading.endpoint?.path ?? "");
    return hole === null ? reading.sendBlocked : m.request.fill(hole[1] as string);
  });

  constructor({ build, route, toasts, clipboard }: Around) {
    this.#build = build;
    this.#route = route;
    this.#toasts = toasts;
    this.#clipboard = clipboard;
    if (build.outcome !== null) this.tab = "answer";
  }

  /** Send, or in Live the signature that must come first. */
  async go(shift = 0): Promise<void> {
    if (this.blocked !== null || this.busy) return;
    if (this.unsignedLive) {
      await this.#build.sign();
      return;
    }
    const before = this.#build.outcome;
    await this.#build.send(shift);
    if (this.#build.outcome !== before) this.tab = "answer";
  }

  async copyToken(): Promise<void> {
    const { token } = this.#build;
    if (token !== null && (await this.#clipboard.copy(token, "token"))) this.#build.noteCopied();
  }

  copyAs = (language: string) =>
    this.#try(async () => {
      const { draft } = this.#build;
      if (draft === null) return;
      await this.#copied(this.#host.call("copy_as", { draft, language }));
      this.#toasts.say(m.request.copied(this.#clipboard.held?.what ?? ""));
    });

  /** Runs a flow; what came of it stands where the verdict of a call stands. */
  async run(flow: FlowRow): Promise<void> {
    if (this.busy) return;
    this.#refusal.forget();
    await this.#build.run(flow);
    if (this.#build.flowOutcome !== null && this.tab === "answer") this.tab = "reads";
  }

  /** What the one button of the left half does. */
  async runNext(): Promise<void> {
    const { primary } = this.flows;
    if (primary !== null) await this.run(primary);
  }

  forgetTokens = () =>
    this.#try(async () => {
      await this.#build.forgetTokens();
      this.#toasts.say(issued.forgotten);
    });

  /** The program puts the access token onto the clipboard; it does not come here. */
  copyAccess = () =>
    this.#try(async () => {
      const owner = this.#build.tokenOwner;
      if (owner === null) return;
      await this.#copied(this.#host.call("access_token_copy", owner));
      this.#toasts.say(issued.copied);
    });

  addCredential(role: string): void {
    const { draft, desk } = this.#build;
    if (draft !== null) desk.adding = { place: { profile: draft.profile, environment: draft.environment }, role };
  }

  copyPublic = () =>
    this.#try(async () => {
      const name = this.#build.reading?.key?.name;
      if (name !== undefined) await this.#copied(this.#host.call("key_copy_public", { name, format: "spki" }));
    });

  compare(): void {
    const name = this.#build.reading?.key?.name;
    if (name !== undefined) this.#route.go("keys", { key: name, compare: "" });
  }

  openScopes = () =>
    this.#try(async () => {
      if (this.#build.draft === null) return;
      this.picker = await this.#host.call("scopes_picker", this.#build.draft);
      this.sheet = "scopes";
    });

  /** What the picker would say of other scopes. */
  async previewScopes(scopes: string[]): Promise<ScopePicker> {
    const { draft } = this.#build;
    if (draft === null) throw new Error("no draft is open");
    return this.#host.call("scopes_picker", await this.#withScopes(draft, scopes));
  }

  setScopes = (scopes: string[]) => this.#try(() => this.#putScopes(scopes));

  minimalScopes = () =>
    this.#try(async () => {
      if (this.#build.draft === null) return;
      const { minimal } = await this.#host.call("scopes_picker", this.#build.draft);
      if (minimal.length > 0) await this.#putScopes(minimal);
    });

  removeScope = (scope: string) => this.setScopes(this.#scopesNow().filter((other) => other !== scope));
  setLifetime = (seconds: number) => this.#try(() => this.#build.edit({ set: "lifetime", seconds }));
  setStart = (secondsAgo: number) => this.#try(() => this.#build.edit({ set: "starts", secondsAgo }));
  /** The claims by the recipe, and the header as well. */
  startAgain = () =>
    this.#try(async () => {
      await this.#build.edit({ set: "recipe" });
      this.#build.change({ header: null });
    });

  openSheet = (sheet: ClaimSheet) =>
    this.#try(async () => {
      const { draft } = this.#build;
      if (draft === null) return;
      const first = await this.#host.call("sheet_read", { draft, claim: sheet.claim, filled: null });
      this.filling = { sheet, first };
      this.sheet = "claim";
    });

  readSheet(sheet: ClaimSheet, filled: FieldValue[]): Promise<SheetReading> {
    const { draft } = this.#build;
    if (draft === null) throw new Error("no draft is open");
    return this.#host.call("sheet_read", { draft, claim: sheet.claim, filled });
  }

  /** The claim and the scope that it needs, or neither. */
  setSheet = (sheet: ClaimSheet, filled: FieldValue[] | null) =>
    this.#try(() => this.#build.edit({ set: "sheet", claim: sheet.claim, filled }));

  /** Has the value of a claim made by a call, and leaves the draft as it is. */
  async createClaim(sheet: ClaimSheet): Promise<SheetCreated> {
    const { draft } = this.#build;
    if (draft === null) throw new Error("no draft is open");
    try {
      return await this.#host.call("sheet_create", { draft, claim: sheet.claim, job: nextJob() });
    } catch (error) {
      return { value: null, problem: errorBody(error) };
    } finally {
      this.#build.read();
    }
  }

  addScopesAndSend = (scopes: string[]) =>
    this.#try(async () => {
      await this.#putScopes([...new Set([...(await this.#scopes()), ...scopes])]);
      // A token that the server made has the scopes it was got with: another is got first.
      const { primary } = this.flows;
      if (!this.#build.signsHere && primary !== null) await this.#build.run(primary);
      if (this.#build.refused === null && this.#build.flowOutcome?.ran.failed == null) await this.go();
    });

  /** One signature by the server's clock; the draft keeps ours. */
  sendByServerTime(): Promise<void> {
    return this.go(-Math.round(this.#build.outcome?.sent.skew?.ahead ?? 0));
  }

  async saveRecipe(name: string): Promise<void> {
    if (this.#build.draft === null) return;
    await this.#host.call("recipe_save", { name, draft: this.#build.draft });
    await this.#build.desk.reload();
    this.#toasts.say(m.recipes.saved(name));
  }

  async renameRecipe(name: string, wanted: string): Promise<void> {
    await this.#host.call("recipe_rename", { name, wanted });
    await this.#build.desk.reload();
  }

  deleteRecipe = (name: string) =>
    this.#try(async () => {
      const undo = await this.#host.call("recipe_delete", { name });
      await this.#build.desk.reload();
      this.#toasts.undoable(undo);
    });

  /** A recipe opens where one stands: the place is the draft's, all else the recipe's. */
  openRecipe(recipe: Recipe): void {
    const { draft } = this.#build;
    if (draft === null) return;
    this.#build.adopt({ ...recipe.draft, profile: draft.profile, environment: draft.environment, key: draft.key, shift: 0 });
    this.#toasts.say(m.recipes.opened(recipe.name));
  }

  get problem(): ErrorBody | null {
    return this.#refusal.error;
  }

  get #host() {
    return this.#build.desk.host;
  }

  #scopesNow(): string[] {
    return (this.#build.signsHere ? this.#build.good?.scopes : this.#build.draft?.scopes) ?? [];
  }

  /** In the claims where the token is signed here, else in what is asked for; none is what the provider usually gives. */
  async #putScopes(scopes: string[]): Promise<void> {
    if (this.#build.signsHere) await this.#build.edit({ set: "scopes", scopes });
    else this.#build.change({ scopes: scopes.length === 0 ? null : scopes });
  }

  async #withScopes(draft: Draft, scopes: string[]): Promise<Draft> {
    if (!this.#build.signsHere) return { ...draft, scopes };
    const edits = await this.#host.call("draft_edit", { draft, edit: { set: "scopes", scopes } });
    return { ...draft, claims: withEdits(draft.claims, edits) };
  }

  /** The scopes of the claims as they stand, not as they were last read. */
  async #scopes(): Promise<string[]> {
    if (this.#build.draft === null) return [];
    return (await this.#host.call("scopes_picker", this.#build.draft)).selected;
  }

  /** What could not be copied is said: the clipboard holds something else still. */
  async #copied(copying: Promise<Copied>): Promise<void> {
    if (!(await this.#clipboard.after(copying))) throw this.#clipboard.problem;
  }

  /** An act may change the draft before it fails: what it says is of the draft as it is then. */
  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.#refusal.forget();
    } catch (thrown) {
      this.#refusal.say(thrown);
    }
  }
}

/** A call in a few characters: without what is asked for. */
export function bare({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replace(/[?#].*$/, "")}`;
}
