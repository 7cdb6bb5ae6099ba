/** The emulator in memory: it runs once it is started, and keeps what a test lets it see. */
import type { EmulatorEntry, EmulatorState } from "../wire";
import { delivery } from "./webhooks";
import { fail, type Area } from "./world";

type Commands = "emulator_state" | "emulator_start" | "emulator_misbehave" | "emulator_cause" | "emulator_deliver" | "emulator_reset";

const stopped: EmulatorState = {
  running: false,
  addresses: {},
  entries: [],
  faults: { skew: 0, delayMs: 0, fail: null, breakOff: false, limit: null },
  statuses: [401, 429, 503],
};
const addresses = Object.fromEntries(["gr4vy", "hedge", "partner", "cryptopay"].map((id) => [id, `http://127.0.0.1:40123/${id}`]));

/** A request as the emulator tells of it. */
export function entry(number: number, change: Partial<EmulatorEntry> = {}): EmulatorEntry {
  return {
    number,
    at: "2026-11-22T14:06:40Z",
    provider: "gr4vy",
    method: "GET",
    path: "/gr4vy/transactions",
    status: 200,
    outcome: "accepted",
    refusedAt: null,
    reason: null,
    passed: ["authorization", "form", "signature"],
    notes: [],
    ...change,
  };
}

export const emulator: Area<Commands> = (world) => {
  let standing = stopped;
  const unlocked = () => {
    if (!world.start.unlocked) fail("locked", "the vault is locked");
  };
  return {
    emulator_state: () => {
      unlocked();
      return standing;
    },
    emulator_start: () => {
      standing = { ...standing, running: true, addresses };
      return standing;
    },
    emulator_misbehave: (faults) => {
      standing = { ...standing, faults };
      return standing;
    },
    emulator_cause: (incident) => {
      if (incident.do === "revoke" && standing.entries.length === 0)
        fail("not-found", 'the key is not registered for "gr4vy", so nothing happened', "send a call first");
      return null;
    },
    emulator_deliver: () => {
      world.emit({ type: "delivered", delivery: delivery(1, "good") });
      return 200;
    },
    emulator_reset: () => {
      standing = { ...standing, entries: [], faults: stopped.faults };
      return standing;
    },
  };
};
