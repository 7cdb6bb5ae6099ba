/** The program, its vault, what both remember; copying. */
import { fail, now, pause, type Area, type World } from "./world";
import type { Diagnosis, Opened } from "../wire";

type Commands =
  | "program_start"
  | "request_key"
  | "appearance_change"
  | "passphrase_strength"
  | "vault_create"
  | "vault_unlock"
  | "vault_lock"
  | "vault_choose"
  | "vault_change_passphrase"
  | "activity"
  | "job_cancel"
  | "undo"
  | "diagnosis_show"
  | "diagnosis_save"
  | "providers_list"
  | "settings_show"
  | "settings_change"
  | "certificates_trust"
  | "certificates_forget"
  | "clipboard_copy"
  | "clipboard_clear";

/** As a laptop without a session bus has it. */
const LINES: Diagnosis["lines"] = [
  {
    about: "program",
    found: "keywright-desktop 0.1.0, installed by a Debian package, /usr/bin/keywright-desktop",
    health: "fine",
    hint: null,
  },
  {
    about: "vault",
    found: "~/.local/share/app.keywright.Keywright/vault.kwv, format 1, written 41 times, 53248 bytes, opens by a passphrase",
    health: "fine",
    hint: null,
  },
  { about: "keychain", found: "there is no session bus (D-Bus), so no keychain can be reached", health: "notice", hint: null },
  {
    about: "clock",
    found: "2026-12-01T09:28:00Z; the system does not say whether it follows a time server",
    health: "unknown",
    hint: null,
  },
  {
    about: "fonts",
    found: "none was found: the window would show boxes",
    health: "problem",
    hint: "install fonts-dejavu-core, or any other",
  },
];
const DIAGNOSIS: Diagnosis = {
  health: "problem",
  lines: LINES,
  text: LINES.map(({ about, found }) => `${about}  ${found}\n`).join(""),
};

export const vault: Area<Commands> = (world) => ({
  // A page that begins has asked nobody anything.
  program_start: () => {
    world.agreed.clear();
    return world.start;
  },
  // Nothing is sealed in memory: the way to Rust is what is missing here.
  request_key: () => "",
  appearance_change: (appearance) => {
    world.start = { ...world.start, appearance };
    return null;
  },
  passphrase_strength: ({ passphrase }) => {
    const score = Math.min(4, Math.floor(passphrase.length / 6));
    if (score >= 4) return { score, words: "strong", advice: null };
    return { score, words: score >= 3 ? "fair" : "weak", advice: "Add another word or two, not one that goes with these." };
  },
  vault_create: async ({ passphrase }) => {
    if (world.start.vault.exists) fail("taken", "there is a vault already");
    await derive(world, "Creating the vault");
    world.passphrase = passphrase;
    world.profiles = world.profiles.filter(({ name }) => name === "Demo");
    world.keys = world.keys.filter(({ name }) => name === "demo");
    world.place = { profile: "Demo", environment: "local" };
    return open(world);
  },
  vault_unlock: async ({ passphrase }) => {
    await derive(world, "Checking passphrase");
    if (passphrase !== world.passphrase) fail("wrong-passphrase", "the passphrase opens no slot of this vault");
    return open(world);
  },
  vault_lock: () => {
    world.start = { ...world.start, unlocked: false };
    world.agreed.clear();
    world.emit({ type: "locked", why: "asked", at: now() });
    return null;
  },
  vault_choose: () => {
    // As in the program, only after a file was chosen.
    if (world.start.unlocked) world.emit({ type: "locked", why: "asked", at: now() });
    world.start = {
      ...world.start,
      unlocked: false,
      vault: { path: "/home/ada/work/other.vault", name: "other", exists: true, exposed: [], interrupted: false },
    };
    return world.start.vault;
  },
  vault_change_passphrase: async ({ current, wanted }) => {
    await derive(world, "Sealing the vault again");
    if (current !== world.passphrase) fail("wrong-passphrase", "the passphrase opens no slot of this vault");
    world.passphrase = wanted;
    return null;
  },
  activity: () => null,
  job_cancel: () => null,
  diagnosis_show: () => DIAGNOSIS,
  diagnosis_save: () => ({ file: "/home/ada/keywright-diagnosis.txt", words: "Diagnosis" }),
  undo: ({ undo }) => {
    const takeBack = world.undos.get(undo) ?? fail("gone", "this was taken back already");
    world.undos.delete(undo);
    takeBack();
    return null;
  },
  providers_list: () => world.providers,
  settings_show: () => world.settings,
  settings_change: (settings) => (world.settings = settings),
  certificates_trust: () => (world.settings = { ...world.settings, trusted: 1 }),
  certificates_forget: () => (world.settings = { ...world.settings, trusted: 0 }),
  clipboard_copy: ({ text, what }) => {
    world.clipboard = text;
    return what === "token"
      ? { what: "Token", clearsInSeconds: world.settings.clearTokenSeconds }
      : { what: "Text", clearsInSeconds: null };
  },
  clipboard_clear: () => {
    world.clipboard = "";
    return null;
  },
});

function open(world: World): Opened {
  world.start = { ...world.start, unlocked: true, vault: { ...world.start.vault, exists: true } };
  return { place: world.place, settings: world.settings, vault: world.start.vault };
}

/** The work of opening, in steps that can be seen. */
async function derive(world: World, words: string) {
  for (let step = 0; step <= 8 && world.pace > 0; step++) {
    world.emit({ type: "progress", job: null, fraction: step / 8, words });
    await pause(world.pace);
  }
}
