// What crosses between Rust and the window. Times are seconds since 1970; offsets are UTF-16 code units of the text they
// speak of, as JavaScript counts.
//
// Written from src-tauri/crates/wire by its tests: KEYWRIGHT_UPDATE=1 cargo test -p keywright-wire

/** Every command: what it takes and what it answers. One that fails rejects with an `ErrorBody`. */
export interface Commands {
  /** What the page begins with. */
  program_start: [null, Start];
  /** A public key, in base64, that one request can be sealed for which holds a secret. */
  request_key: [null, string];
  /** Remembers how the window looks. */
  appearance_change: [Appearance, null];
  /** How well a passphrase withstands guessing. */
  passphrase_strength: [{ passphrase: Secret }, Strength];
  /** Creates the vault that `program_start` named, with a demo profile and key for Local. Sends `progress`. */
  vault_create: [{ passphrase: Secret }, Opened];
  /** Unlocks it. */
  vault_unlock: [{ passphrase: Secret }, Opened];
  /** Locks it. */
  vault_lock: [null, null];
  /** Opens the system's dialog; the answer is the vault chosen, none if the person cancelled. */
  vault_choose: [null, VaultHere | null];
  /** Puts another passphrase in place of the present one. */
  vault_change_passphrase: [{ current: Secret, wanted: Secret }, null];
  /** The person did something: puts off the idle lock. */
  activity: [null, null];
  /** Ends a running job that has this id: a send, a generation. */
  job_cancel: [{ job: number }, null];
  /** What may be the matter with this installation. Reads alone, and is sent nowhere. */
  diagnosis_show: [null, Diagnosis];
  /** Asks for a file in the system's dialog and writes the diagnosis there; none if the person cancelled. */
  diagnosis_save: [null, SavedFile | null];
  /** Takes back a deletion or a change, once. */
  undo: [{ undo: number }, null];
  /** Every provider that there is a definition of. */
  providers_list: [null, Array<Provider>];
  /** Every definition of the person's own, each beside its file. */
  definitions_list: [null, Array<OwnDefinition>];
  /** Writes a commented definition file to begin with, for an API of this name; none if the person cancelled. */
  definition_begin: [{ name: string }, SavedFile | null];
  /** Asks for a definition file in the system's dialog and takes it; none if the person cancelled. Where live */
  /** credentials would follow it, asks once more. */
  definition_add: [null, DefinitionTaken | null];
  /** Takes what the file of a definition holds now. Asks as `definition_add` does. */
  definition_update: [{ name: string }, DefinitionTaken];
  /** Forgets a definition; the built-in one of its id counts again. */
  definition_remove: [{ name: string }, Undo];
  /** Every profile by name. */
  profiles_list: [null, Array<Profile>];
  /** Every key by name, then those that were deleted. */
  keys_list: [null, Array<KeyRow>];
  /** Every recipe by name. */
  recipes_list: [null, Array<Recipe>];
  /** What the person chose. */
  settings_show: [null, Settings];
  /** Chooses. */
  settings_change: [Settings, Settings];
  /** Asks for a file of certificates that calls shall trust beside the system's; none if the person cancelled. */
  certificates_trust: [null, Settings | null];
  /** Trusts the system's alone again. */
  certificates_forget: [null, Settings];
  /** The draft that was open when the vault was locked, or a new one for this place. Without a place: the last used. */
  draft_open: [Target | null, Draft];
  /** A fresh draft by the provider's recipe. */
  draft_new: [Target, Draft];
  /** What a draft says as it stands, signed where that needs no consent. Called at each keystroke. */
  draft_read: [Draft, DraftReading];
  /** What can be written at a place of its claims. */
  draft_complete: [DraftAt, Completions];
  /** The edits of the claims text that set scopes, a lifetime, a preset. Applied by the editor, so that undo works. */
  draft_edit: [{ draft: Draft, edit: DraftEdit }, Array<TextEdit>];
  /** What a sheet says as it is filled in. Called at each keystroke in it. */
  sheet_read: [{ draft: Draft, claim: string, filled: Array<FieldValue> | null }, SheetReading];
  /** Makes the call that gives the claim of a sheet its value, and leaves the draft as it is. Long, as `request_send`. */
  sheet_create: [{ draft: Draft, claim: string, job: number }, SheetCreated];
  /** The scopes that can be chosen for a draft. */
  scopes_picker: [Draft, ScopePicker];
  /** Signs a draft for a live environment: asks in a native dialog first. `draft_read` signs everywhere else. */
  draft_sign: [Draft, DraftReading];
  /** What would be sent, the credential masked. */
  request_preview: [Draft, RequestPreview];
  /** Signs afresh, or takes what the server gave, sends, explains; follows the flow where that was chosen. Long: has a */
  /** `job` that can be cancelled. Sends `happened` and `waiting`. */
  request_send: [{ draft: Draft, job: number, follow: boolean }, Sending];
  /** Runs a flow of the provider for a draft's place: log in, mint, refresh, verify, log out. Long, as `request_send`. */
  flow_run: [{ draft: Draft, flow: string, follow: boolean, job: number }, ExecutionOutcome];
  /** Forgets the tokens of a credential for a target, without telling the server. */
  tokens_forget: [CredentialAt, null];
  /** Copies the access token that a server issued to a credential, which leaves the clipboard again as a signed one does. It does not */
  /** come to the page. Asks before it is a live one. */
  access_token_copy: [CredentialAt, Copied];
  /** Gives a draft a name, to use it again. */
  recipe_save: [{ name: string, draft: Draft }, Recipe];
  /** Gives a recipe another name. */
  recipe_rename: [{ name: string, wanted: string }, Recipe];
  /** Deletes a recipe. */
  recipe_delete: [{ name: string }, Undo];
  /** What it saw, and how it misbehaves. It runs from the first call to Local on. */
  emulator_state: [null, EmulatorState];
  /** Starts it without a call. */
  emulator_start: [null, EmulatorState];
  /** Lets it misbehave from the next request on. */
  emulator_misbehave: [EmulatorFaults, EmulatorState];
  /** Lets something happen there once: sessions end, a credential is revoked. */
  emulator_cause: [EmulatorIncident, null];
  /** Lets it send a webhook to the receiver on this computer, signed with what is sealed for a place there. Answers the */
  /** status. */
  emulator_deliver: [Target, number];
  /** Its state starts afresh: sessions, limits, faults, revocations, the log. What is registered stays. */
  emulator_reset: [null, EmulatorState];
  /** What there is to say about a token. */
  token_inspect: [{ text: string, with: InspectWith }, TokenReading];
  /** The clipboard is read in Rust, so that a key in it never comes here; none if there is no token in it. */
  token_inspect_clipboard: [{ with: InspectWith }, TokenReading | null];
  /** Hands over a secret to judge or sign with. It is not answered again, and forgotten with the lock. */
  webhook_hold: [{ secret: Secret }, HeldSecret];
  /** Asks for a file with a body in the system's dialog; its bytes stay in Rust. None if the person cancelled. */
  webhook_file: [null, HeldBody | null];
  /** Forgets the secrets that were handed over and the files that were chosen. */
  webhook_drop: [null, null];
  /** Takes the check of a delivery in steps. */
  webhook_check: [{ whose: WebhookWhose, body: WebhookBody, headers: string, url: string, at: string, tolerance: string }, WebhookCheck];
  /** Signs a body as the provider would; asks first where that is for a live environment. */
  webhook_sign: [{ whose: WebhookWhose, body: WebhookBody, headers: string, url: string, at: string }, WebhookSample];
  /** Code that checks deliveries in a handler of the person's own. No secret is in it. */
  webhook_code: [{ whose: WebhookWhose, language: string, reserialised: boolean }, HandlerCode];
  /** Whether the receiver listens, and what came. */
  webhook_receiver: [null, WebhookReceiver];
  /** Starts the receiver on this computer, in place of one that listens. Sends `delivered`. */
  webhook_listen: [{ whose: WebhookWhose, port: number, answer: number | null, tolerance: string, url: string }, WebhookReceiver];
  /** Stops it; what came stays until it is started again, or the vault is locked. */
  webhook_stop: [null, WebhookReceiver];
  /** What came with a delivery: its header fields, and the beginning of its body. */
  webhook_delivery: [{ number: number }, HeldBody];
  /** One key with everything that may be shown of it. */
  key_show: [{ name: string }, KeyDetail];
  /** Makes a key. Long with RSA: has a `job` that can be cancelled. */
  key_generate: [NewKey, KeyDetail];
  /** What the clipboard holds; read in Rust, so that a private key never comes here. */
  import_clipboard: [null, ImportPreview];
  /** Asks for a file in the system's dialog; none if the person cancelled. */
  import_file: [null, ImportPreview | null];
  /** Opens what is encrypted in a preview. */
  import_unlock: [{ preview: number, passphrase: Secret }, ImportPreview];
  /** Seals one of the keys of a preview. */
  import_keep: [{ preview: number, item: number, name: string, alg: string | null, place: Target | null, made: number | null }, KeyDetail];
  /** Forgets a preview. */
  import_forget: [{ preview: number }, null];
  /** Gives a key another name. */
  key_rename: [{ name: string, wanted: string }, KeyDetail];
  /** Lets a target call with this key from now on. No rotation: the undo takes it back. */
  key_choose: [{ name: string, place: Target }, Undo | null];
  /** Deletes a key that no target uses; it can be restored for 30 days. */
  key_delete: [{ name: string }, Undo];
  /** Ends the use of a key, so that its targets have none, and deletes it. The undo gives it back to them. */
  key_delete_ending_use: [{ name: string }, Undo];
  /** Restores a deleted key. */
  key_restore: [{ name: string }, KeyDetail];
  /** Destroys a deleted key for good. Asks in a native dialog; says whether it was done, or the person said no. */
  key_destroy: [{ name: string }, boolean];
  /** Copies a public half. */
  key_copy_public: [{ name: string, format: PublicFormat }, Copied];
  /** Writes a public half to a file; none if the person cancelled. */
  key_save_public: [{ name: string, format: PublicFormat }, SavedFile | null];
  /** Asks in a native dialog, then where; the bytes go from Rust to the file. */
  key_save_private: [{ name: string, format: PrivateFormat, passphrase: Secret | null }, SavedFile | null];
  /** Whether a thumbprint or kid read off somewhere is this key's. */
  key_compare: [{ name: string, text: string }, Comparison];
  /** Every line, with the states of its keys and what is due. */
  lines_list: [null, Array<Line>];
  /** One key in its line: its states, how often it was accepted, where copies are. */
  key_life: [{ name: string }, KeyLife];
  /** Says where a copy of a key is. */
  key_copy_note: [{ name: string, to: string }, KeyLife];
  /** What a rotation would do, and when. Nothing is asked of the provider. */
  rotation_plan: [{ key: string, mode: RotationMode, times: RotationTimes | null }, RotationPlan];
  /** Begins a rotation, or an incident. Nothing is sent yet: `rotation_go_on` goes on. */
  rotation_start: [{ key: string, mode: RotationMode, times: RotationTimes }, Rotation];
  /** Every rotation that is under way, and those that ended; the latest first. */
  rotations_list: [null, Array<Rotation>];
  /** One rotation as it stands. */
  rotation_show: [{ rotation: string }, Rotation];
  /** Takes the present step: makes, looks, calls, proves or hands over until that step is done, or a person or a time is wanted. */
  /** Long: has a `job` that can be cancelled, which leaves it where it was. Sends `rotated`. Asks before it sends or signs for live. */
  rotation_go_on: [{ rotation: string, job: number }, Rotation];
  /** Says that the step by hand is done. */
  rotation_did_it: [{ rotation: string, step: RotationStep }, Rotation];
  /** Puts on the clipboard what is pasted at the step by hand; a secret leaves the clipboard again. */
  rotation_paste: [{ rotation: string }, Copied];
  /** Takes the key or secret that the provider made, as it was shown there. */
  rotation_bring: [{ rotation: string, secret: Secret }, Rotation];
  /** Asks for the key file that the provider made in the system's dialog; none if the person cancelled. */
  rotation_bring_file: [{ rotation: string }, Rotation | null];
  /** Takes the present step by hand from now on. */
  rotation_by_hand: [{ rotation: string, step: RotationStep }, Rotation];
  /** Goes on where it stopped. */
  rotation_again: [{ rotation: string }, Rotation];
  /** Goes before the earliest safe time of the step, as a person wants who read what can break. */
  rotation_hurry: [{ rotation: string, step: RotationStep }, Rotation];
  /** Says that the old key is silent: a person's word, where the provider does not tell. */
  rotation_silent: [{ rotation: string }, Rotation];
  /** Adds a place that has the old key. */
  rotation_place_add: [{ rotation: string, to: string }, Rotation];
  /** Gives a place the next key in the form in which the old one went there. Asks as an export does; none if the person */
  /** cancelled. */
  rotation_place_serve: [{ rotation: string, to: string }, Rotation | null];
  /** Says how far the hand-over to a place is. */
  rotation_place_mark: [{ rotation: string, to: string, handed: Handed }, Rotation];
  /** Takes the promotion back, or undoes the retirement. */
  rotation_back: [{ rotation: string }, Rotation];
  /** Gives the rotation up: what it made at the provider is deleted, the old key stays as it is. */
  rotation_abort: [{ rotation: string }, Rotation];
  /** Asks for a file and writes there what happened, with its times; none if the person cancelled. */
  rotation_runbook_save: [{ rotation: string }, SavedFile | null];
  /** What a leak of this key touches, and the ways out. Changes nothing. */
  incident_show: [{ name: string }, Incident];
  /** Asks for a file and writes the runbook of a way out there; none if the person cancelled. */
  incident_runbook_save: [{ name: string, mode: RotationMode }, SavedFile | null];
  /** Every credential and environment that can be checked, and why another cannot. */
  check_list: [null, Array<CheckRow>];
  /** Makes the one read-only request of each. Long: has a `job` that can be cancelled. Sends `checked` after each. Asks for */
  /** live. */
  check_run: [{ of: Array<CheckOf>, job: number }, Array<CheckOutcome>];
  /** Seals an API key, a password or a secret. */
  credential_add: [NewCredential, CredentialAdded];
  /** Changes what goes with a credential and is not secret. */
  credential_set: [{ name: string, fields: { [key in string]: string } }, KeyDetail];
  /** Makes a profile. */
  profile_add: [NewProfile, Profile];
  /** Changes a profile. */
  profile_change: [ProfileChange, ProfileChanged];
  /** Writes a profile to a file, without any key; none if the person cancelled. */
  profile_export: [{ name: string }, SavedFile | null];
  /** Makes a profile of a file; none if the person cancelled. */
  profile_import: [null, Profile | null];
  /** Gives a profile another name. */
  profile_rename: [{ name: string, wanted: string }, Profile];
  /** Deletes a profile. Its keys stay. */
  profile_delete: [{ name: string }, Undo];
  /** Copies the request of a draft as a command or a program; the token comes from a variable. */
  copy_as: [{ draft: Draft, language: string }, Copied];
  /** Copies a text that the page shows. */
  clipboard_copy: [{ text: string, what: CopiedKind }, Copied];
  /** Empties the clipboard if it still holds what was copied. */
  clipboard_clear: [null, null];
}

export type Command = keyof Commands;
export type Request<C extends Command> = Commands[C][0];
export type Answer<C extends Command> = Commands[C][1];

/** Commands whose requests hold a secret. */
export const HOLD_SECRETS: ReadonlySet<Command> = new Set<Command>([
  "passphrase_strength",
  "vault_create",
  "vault_unlock",
  "vault_change_passphrase",
  "webhook_hold",
  "import_unlock",
  "key_save_private",
  "rotation_bring",
  "credential_add",
  "profile_change",
]);

/** The algorithms that a key can be made for. */
export const ALGORITHMS: readonly Algorithm[] = [
  {"name":"ES256","words":"P-256, small and fast","sized":false},
  {"name":"ES384","words":"P-384","sized":false},
  {"name":"ES512","words":"P-521","sized":false},
  {"name":"ES256K","words":"secp256k1","sized":false},
  {"name":"EdDSA","words":"Ed25519","sized":false},
  {"name":"RS256","words":"RSA, PKCS#1 v1.5","sized":true},
  {"name":"RS384","words":"RSA, PKCS#1 v1.5","sized":true},
  {"name":"RS512","words":"RSA, PKCS#1 v1.5","sized":true},
  {"name":"PS256","words":"RSA-PSS","sized":true},
  {"name":"PS384","words":"RSA-PSS","sized":true},
  {"name":"PS512","words":"RSA-PSS","sized":true},
  {"name":"HS256","words":"shared secret","sized":false},
  {"name":"HS384","words":"shared secret","sized":false},
  {"name":"HS512","words":"shared secret","sized":false},
];

/** What each number of the settings may be. */
export const RANGES = {
  lockAfterMinutes: [1, 240],
  clearSecretSeconds: [5, 120],
  clearTokenSeconds: [5, 120],
  connectSeconds: [1, 120],
  totalSeconds: [1, 600],
  emulatorPort: [0, 65535],
} as const satisfies { [K in keyof Settings]?: readonly [number, number] };

/** Characters that nobody sees, as the first and the last of each row: what controls, joins, separates or turns text. */
export const UNSEEN: readonly (readonly [number, number])[] = [
  [0x0, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/** The settings of a new vault. */
export const SETTINGS: Settings = {"lockAfterMinutes":10,"lockOnSleep":true,"clearSecretSeconds":15,"clearTokenSeconds":45,"proxy":null,"trusted":0,"connectSeconds":10,"totalSeconds":30,"emulatorPort":0,"vaultPath":""};

/** How much is kept: deliveries of the receiver, requests of the emulator, and for how long a deleted key. */
export const KEPT = { deliveries: 100, emulated: 200, deletedSeconds: 2592000 } as const;

/** A text that Rust answers in no form. The request that holds it is sealed on its way there. */
export type Secret = string;

/** An algorithm that a key can be made for. */
export type Algorithm = {
  /** Its name in a header. */
  name: string;
  /** The kind of key, for people. */
  words: string;
  /** Whether the size of the key is a choice. */
  sized: boolean;
};

/** How the window looks. Kept unsealed, so that the locked window has it too. */
export type Appearance = {
  /** Light, dark, or as the system. */
  theme: Theme;
  /** The size of text in percent. */
  textPercent: number;
};

/** What a call authenticates with. */
export type Authentication = "signed-token" | "issued-token" | "pasted-token" | "key" | "nothing";

/** Where a key belongs, as sealed with it. */
export type Binding = {
  /** The provider's id. */
  provider: string;
  /** The environment's id. */
  environment: string;
  /** Both in words. */
  label: string;
  /** `local`, `test` or `live`. */
  tier: Tier;
  /** The hosts that its tokens may be sent to. */
  hosts: Array<string>;
  /** Which of the provider's credentials it is, by the id in its definition. */
  role: string | null;
};

/** What a person brings from a provider. */
export type Brings = "key-file" | "secret";

/** A row of a hex dump. */
export type BytesRow = {
  /** Where its first byte stands, from 0, as six hexadecimal digits or more. */
  offset: string;
  /** Up to sixteen bytes, in two groups. */
  hex: string;
  /** The same in ASCII, a full stop for what that has no letter for. */
  text: string;
};

/** With what a call authenticates. */
export type CallWith = "usual" | "token" | "key";

/** How far the state of a gate is known. */
export type Certainty = "proved" | "confirmed" | "likely" | "not-reached" | "does-not-apply";

/** A credential to check. */
export type CheckOf = {
  /** The credential's name. */
  key: string;
  /** The profile and environment it is checked for. */
  target: Target;
};

/** What came of a check. */
export type CheckOutcome = {
  /** What was checked. */
  of: CheckOf;
  /** What came of it. */
  result: CheckResult;
};

/** What a check said. */
export type CheckResult = {
  /** Whether the server accepted it. */
  verdict: CheckVerdict;
  /** When. */
  at: number;
  /** The status of the answer; none where no answer came. */
  status: number | null;
  /** Why it was refused, or why nobody knows, a sentence. */
  why: string | null;
};

/** A credential in an environment, as something that can be checked. */
export type CheckRow = {
  /** The credential's name. */
  key: string;
  /** The profile and environment it is checked for. */
  target: Target;
  /** Where, in words. */
  label: string;
  /** `local`, `test` or `live`. */
  tier: Tier;
  /** The one read-only request that is made: `GET /transactions`. */
  request: string | null;
  /** Why nothing can be checked, a sentence; none if it can. */
  whyNot: string | null;
  /** What the last check said. */
  last: CheckResult | null;
};

/** Whether a server accepted a credential. */
export type CheckVerdict = "accepted" | "refused" | "unknown";

/** A dialog in which one claim is filled in. */
export type ClaimSheet = {
  /** The claim. */
  claim: string;
  /** What the menu calls it. */
  label: string;
  /** The heading. */
  title: string;
  /** What the claim does. */
  help: string | null;
  /** The picture beside the label. */
  icon: "form" | "money" | "cart" | "link";
  /** The scope that is added with the claim. */
  scope: string | null;
  /** What is asked. */
  fields: Array<SheetField>;
  /** The call that makes the value. */
  create: SheetCall | null;
  /** What the button is called that writes the claim, where it has a name of its own. */
  setLabel: string | null;
  /** The same of the button that takes it out. */
  removeLabel: string | null;
};

/** `from`..`to` in the claims text as typed; `start`..`end` in the payload part of the token, in characters. */
export type ClaimSpan = {
  /** Where it begins as typed. */
  from: number;
  /** Where it ends as typed. */
  to: number;
  /** The first character. */
  start: number;
  /** The character after the last. */
  end: number;
};

/** What kind of thing went wrong. */
export type Code = "usage" | "malformed" | "rule" | "live-without-consent" | "wrong-place" | "not-found" | "taken" | "no-key" | "wrong-passphrase" | "vault" | "system" | "locked" | "gone";

/** Whether a name that was read off somewhere is a key's. */
export type Comparison = {
  /** Whether it is. */
  same: boolean;
  /** What it is. */
  words: string;
  /** What to do about it. */
  hint: string | null;
};

/** One of them. */
export type Completion = {
  /** What is shown, and compared with what was typed. */
  label: string;
  /** What is written. */
  insert: string;
  /** What it is, in a few words. */
  detail: string | null;
  /** More about it. */
  info: string | null;
  /** What kind of thing it is. */
  kind: CompletionKind;
};

/** The kinds of completion. */
export type CompletionKind = "claim" | "value" | "scope" | "expression";

/** What can be written at the cursor. */
export type Completions = {
  /** Where what is replaced begins. */
  from: number;
  /** Where it ends. */
  to: number;
  /** What can be written. */
  options: Array<Completion>;
};

/** What a secret makes of the bytes of a delivery. */
export type ComputedSignature = {
  /** The name of the secret. */
  secret: string;
  /** The signature; none for the secret of a live environment, since it would make the delivery good. */
  signature: string | null;
};

/** Something that was copied. */
export type Copied = {
  /** What it is, in words. */
  what: string;
  /** After how many seconds the clipboard is cleared; none where what was copied is not secret. */
  clearsInSeconds: number | null;
};

/** What is copied: a token leaves the clipboard after a while and is kept out of its history. */
export type CopiedKind = "token" | "plain";

/** A credential that came into the vault. */
export type CredentialAdded = {
  /** The credential. */
  key: KeyDetail;
  /** What stood around the pasted text and was taken off, in words; empty if nothing did. */
  removed: string;
  /** What was noticed about a secret, in words. */
  noticed: Array<string>;
};

/** Whose issued tokens: for which target, and which credential got them. */
export type CredentialAt = {
  /** The profile's name. */
  profile: string;
  /** The environment's id. */
  environment: string;
  /** The credential's name. */
  credential: string;
};

/** What goes with a credential and is not secret. */
export type CredentialField = {
  /** Its id. */
  id: string;
  /** What people read. */
  label: string;
  /** Whether nothing works without it. */
  required: boolean;
  /** What it may be. */
  form: FieldKind;
  /** Of a choice, what it may be. */
  choices: Array<FieldChoice>;
};

/** A kind of credential that a provider has. */
export type CredentialKind = {
  /** Its id. */
  id: string;
  /** What people read. */
  label: string;
  /** What it is. */
  kind: SecretKind;
  /** Whether calls or their tokens are made with it, rather than something else such as a webhook's check. */
  authenticates: boolean;
  /** What goes with it and is not secret. */
  fields: Array<CredentialField>;
  /** How the text of a secret may stand for its bytes, the usual way first. */
  encodings: Array<string>;
  /** How one begins, by environment, where that shows. */
  prefixes: { [key in string]: Array<string> };
  /** What one should know. */
  note: string | null;
};

/** One thing that changed from one definition to another. */
export type DefinitionChange = {
  /** Where: `environments[live].base-url`. */
  path: string;
  /** What happened there, in words. */
  words: string;
  /** What a live credential would follow there: `where a credential is sent`. Nothing where it follows nothing. */
  touches: string | null;
};

/** A definition that counts from now on. */
export type DefinitionTaken = {
  /** What it says. */
  provider: Provider;
  /** What changed from the one before; none where there was none. */
  changes: Array<DefinitionChange> | null;
  /** The number of the undo, where something can be taken back. */
  undo: number | null;
};

/** What may be the matter with this installation. It names no person and holds no secret. */
export type Diagnosis = {
  /** The worst of the lines. */
  health: Health;
  /** One after the other, as they are shown. */
  lines: Array<DiagnosisLine>;
  /** The same as text, to save or to paste. */
  text: string;
};

/** One line of it. */
export type DiagnosisLine = {
  /** What it is about: "vault". */
  about: string;
  /** What was found. */
  found: string;
  /** What that means for Keywright. */
  health: Health;
  /** What to do about it. */
  hint: string | null;
};

/** A token that is being written, and the call it is for. */
export type Draft = {
  /** The profile's name. */
  profile: string;
  /** The environment's id. */
  environment: string;
  /** Another key than the profile's. */
  key: string | null;
  /** The claims set as typed, with "$now", "$now+5m" and "$uuid". */
  claims: string;
  /** The header as typed, a JSON object; none: by the key and the recipe. */
  header: string | null;
  /** What is called: an endpoint by its id, or a method and a path. */
  target: DraftTarget | null;
  /** The body; none: the endpoint's sample. */
  body: string | null;
  /** Seconds added to the clock for one signature: "sign with the server's time". */
  shift: number;
  /** With what the call authenticates, where the provider leaves a choice. */
  with: CallWith;
  /** The scopes that a server is asked for, where it makes the token; none: the provider's usual ones. */
  scopes: Array<string> | null;
  /** The lifetime that a server is asked for, in seconds; none: the provider's usual one. */
  ttl: number | null;
};

/** A place of a draft's claims text. */
export type DraftAt = {
  /** The draft. */
  draft: Draft;
  /** The place, in UTF-16 code units. */
  at: number;
};

/** What a person sets beside the text. */
export type DraftEdit =
  | {
    "set": "scopes";
    /** The scopes. */
    scopes: Array<string>;
  }
  | {
    "set": "lifetime";
    /** In seconds from signing on. */
    seconds: number;
  }
  | {
    "set": "starts";
    /** In seconds before signing. */
    secondsAgo: number;
  }
  | {
    "set": "sheet";
    /** The claim. */
    claim: string;
    /** What stands in each field; none takes the claim out. */
    filled: Array<FieldValue> | null;
  }
  | { "set": "recipe" };

/** Something that was noticed in a draft, and what undoes it. */
export type DraftFinding = {
  /** Where it begins. */
  from: number;
  /** Where it ends. */
  to: number;
  /** What undoes it, the likeliest first. */
  fixes: Array<Fix>;
  /** The stable code: `expired`. */
  code: string;
  /** `error`, `warning` or `info`. */
  severity: Severity;
  /** What it speaks of: `time`. */
  group: string;
  /** What was found and what was wanted. */
  message: string;
  /** What to do about it. */
  hint?: string;
  /** Where that is laid down. */
  source: string;
  /** The part that it points into: `token`, `header` or `payload`. */
  part?: Part;
  /** The bytes that it points at, `[start, end)`. */
  span?: [number, number];
};

/** What a draft says as it stands. */
export type DraftReading = {
  /** What the call authenticates with. */
  authentication: Authentication;
  /** What is known of the token that the server gave, where the call carries one. */
  issued: IssuedTokens | null;
  /** The token; none while the claims are not a JSON object, in a live environment before consent, or without a key. */
  token: TokenParts | null;
  /** Why there is no token, in a few words: "not signed", "line 4 is not JSON", "no key for Sandbox". */
  unsigned: string | null;
  /** The header as signed, or as it would be; compact. */
  header: string;
  /** The claims set as signed, or as it would be; compact. */
  claims: string;
  /** The credential: the key that signs, or what calls and tokens are got with. */
  key: KeyRow | null;
  /** How much care the environment wants. */
  tier: Tier;
  /** In the claims text as typed. */
  findings: Array<DraftFinding>;
  /** Words at the ends of lines: "14:11:40, in 5 min". */
  notes: Array<LineNote>;
  /** Expressions drawn as pills: "now + 5 min" for "$now+5m". */
  pills: Array<Pill>;
  /** Which characters of the token's payload part each typed member becomes. */
  spans: Array<ClaimSpan>;
  /** The times of the token. */
  times: Times;
  /** Its scopes. */
  scopes: Array<string>;
  /** "5 required, all present"; "exp is missing". */
  summary: string;
  /** What the server will read. */
  reads: Array<ReadRow>;
  /** The call. */
  endpoint: EndpointReading | null;
  /** What Send is called: "Send to Sandbox", "Send anyway", "Send to LIVE". */
  sendLabel: string;
  /** Why Send is impossible now; none where it is possible. */
  sendBlocked: string | null;
  /** The clock of Rust at this reading, for the lifetime bar. */
  now: number;
};

/** What is called. */
export type DraftTarget =
  | {
    /** Its id. */
    endpoint: string;
  }
  | {
    /** The method. */
    method: string;
    /** The path, from the base address on. */
    path: string;
  };

/** Something to do about a credential. */
export type Due = {
  /** When, in seconds since 1970. */
  at: number;
  /** It is older than advised, it ends soon, or it ended. */
  kind: DueKind;
  /** What, in words. */
  words: string;
};

/** What is due of a credential. */
export type DueKind = "rotation" | "ending" | "ended";

/** When a step is safe, and why not before. */
export type EarliestTime = {
  /** The earliest safe time; exact once what it waits for is done, the soonest possible otherwise. */
  at: number;
  /** How many seconds it waits in all. */
  wait: number;
  /** The parts of the wait, one after the other. */
  parts: Array<WaitPart>;
  /** What can break for who goes earlier. */
  breaks: Array<string>;
};

/** One request that it saw. */
export type EmulatorEntry = {
  /** Counts from 1 since it was started or reset. */
  number: number;
  /** Its clock, RFC 3339. */
  at: string;
  /** The provider's id. */
  provider: string;
  /** The method. */
  method: string;
  /** The path with the provider in front of it. */
  path: string;
  /** The status that was answered. */
  status: number;
  /** What became of it. */
  outcome: EmulatorOutcome;
  /** The check at which it was refused. */
  refusedAt: string | null;
  /** Why it was refused, or not looked at. */
  reason: string | null;
  /** The checks that passed, in order. */
  passed: Array<string>;
  /** What a real server would not mind, or whose treatment is not documented. */
  notes: Array<string>;
};

/** An answer that is given without looking at the request. */
export type EmulatorFail = {
  /** The status. */
  status: number;
  /** To how many more requests; none: to all. */
  times: number | null;
  /** Seconds in `Retry-After`; none: no such field. */
  retryAfter: number | null;
};

/** How the emulator misbehaves. */
export type EmulatorFaults = {
  /** Seconds by which its clock is ahead; negative: behind. */
  skew: number;
  /** Milliseconds that it waits before each answer. */
  delayMs: number;
  /** What it answers instead of looking. */
  fail: EmulatorFail | null;
  /** Whether it ends the connection in the middle of each answer. */
  breakOff: boolean;
  /** How often each caller may call; none: as its provider documents it. */
  limit: EmulatorLimit | null;
};

/** Something that happens there once. */
export type EmulatorIncident =
  | { "do": "expire-access" }
  | { "do": "blacklist-refresh" }
  | {
    "do": "revoke";
    /** The place. */
    place: Target;
  };

/** So many calls in so many seconds, for each caller. */
export type EmulatorLimit = {
  /** The calls. */
  calls: number;
  /** The seconds in which they may be made. */
  seconds: number;
};

/** What became of a request. */
export type EmulatorOutcome = "accepted" | "refused" | "unchecked";

/** The emulator in this program. */
export type EmulatorState = {
  /** Whether it listens. */
  running: boolean;
  /** The base address for each provider that it plays, by the provider's id. */
  addresses: { [key in string]: string };
  /** The latest requests, the oldest first. */
  entries: Array<EmulatorEntry>;
  /** How it misbehaves. */
  faults: EmulatorFaults;
  /** The statuses with which it can be told to fail. */
  statuses: Array<number>;
};

/** An endpoint. */
export type Endpoint = {
  /** Its id. */
  id: string;
  /** What people read. */
  title: string;
  /** Its method. */
  method: string;
  /** Its path. */
  path: string;
  /** The scopes that are all needed. */
  allScopes: Array<string>;
  /** The scopes of which one is needed. */
  anyScope: Array<string>;
  /** Whether calling it changes something. */
  sideEffects: boolean;
  /** The body to send, unless another is typed. */
  body: string | null;
};

/** The call of a draft. */
export type EndpointReading = {
  /** The method. */
  method: string;
  /** The path. */
  path: string;
  /** The whole address; empty where it is not known. */
  url: string;
  /** Whether it changes something there. */
  sideEffects: boolean;
  /** "needs transactions.read; the token has it". */
  scopes: string | null;
  /** The scopes it needs that are not there. */
  lacks: Array<string>;
  /** The fewest scopes that serve it, where the draft has others; none where it has just these. */
  minimal: Array<string> | null;
};

/** An environment. */
export type Environment = {
  /** Its id. */
  id: string;
  /** Its label. */
  label: string;
  /** `local`, `test` or `live`. */
  tier: Tier;
  /** Its address with the variables in braces; empty where it is asked for or known at run time. */
  baseUrl: string;
  /** Whether the person enters it, since none is published. */
  asks: boolean;
  /** What one should know. */
  note: string | null;
};

/** An error as it is shown and sent. */
export type ErrorBody = {
  /** What kind. */
  code: Code;
  /** What was found and what was wanted. */
  message: string;
  /** What to do. */
  hint?: string;
  /** The findings that it rests on. */
  findings?: Array<Finding>;
};

/** Something happened that the page should know of. */
export type Event =
  | { "type": "locked" } & Locked
  | {
    "type": "progress";
    /** Which one; none for creating and unlocking the vault. */
    job: number | null;
    /** How far it is, from 0 to 1; none where nobody can say. */
    fraction: number | null;
    /** What is being done. */
    words: string;
  }
  | {
    "type": "happened";
    /** Which job. */
    job: number;
    /** What was done. */
    rows: Array<TimelineRow>;
  }
  | {
    "type": "waiting";
    /** Which job. */
    job: number;
    /** For how long. */
    seconds: number;
    /** Why, a sentence. */
    why: string;
  }
  | {
    "type": "dropped";
    /** What was found. */
    preview: ImportPreview;
  }
  | {
    "type": "dropped-token";
    /** What it says. */
    reading: TokenReading;
  }
  | {
    "type": "drop-refused";
    /** Why. */
    error: ErrorBody;
  }
  | { "type": "inspect-asked" }
  | {
    "type": "delivered";
    /** What was found out about it. */
    delivery: WebhookDelivery;
  }
  | {
    "type": "emulated";
    /** What it checked, and why it refused. */
    entry: EmulatorEntry;
  }
  | {
    "type": "rotated";
    /** As it stands now. */
    rotation: Rotation;
  }
  | {
    "type": "checked";
    /** Which job. */
    job: number;
    /** What came of it. */
    outcome: CheckOutcome;
  }
  | { "type": "clipboard-cleared" }
  | { "type": "vault-changed" }
  | {
    "type": "live-ended";
    /** The place. */
    place: Target;
  };

/** A call or a flow that came to its end. */
export type ExecutionOutcome = {
  /** Everything that was done, in order. */
  timeline: Array<TimelineRow>;
  /** The call that was made last, and what it means; none if it was a flow. */
  sent: Sent | null;
  /** What is known of the tokens that came. */
  issued: IssuedTokens | null;
  /** Whether the server takes the token for valid, where that was asked. */
  verified: boolean | null;
  /** Why a flow gave nothing, a sentence. */
  failed: string | null;
  /** Whether it came to what was wanted. */
  asWanted: boolean;
};

/** One value that a field may have. */
export type FieldChoice = {
  /** Its id. */
  id: string;
  /** What people read. */
  label: string;
};

/** What a field may be. */
export type FieldKind = "text" | "date" | "choice";

/** A field as it is filled in. */
export type FieldReading = {
  /** What stands in it. */
  value: FieldValue;
  /** What it takes, where it does not take that. */
  fault: string | null;
  /** What an amount of money means: "means £12.99". */
  means: string | null;
};

/** What stands in a field: a text, or names with a text each. */
export type FieldValue = string | Array<[string, string]>;

/** What became of the file that a definition came from. */
export type FileState = "no-file" | "same" | "changed" | "unfit";

/** One thing that was noticed. */
export type Finding = {
  /** The stable code: `expired`. */
  code: string;
  /** `error`, `warning` or `info`. */
  severity: Severity;
  /** What it speaks of: `time`. */
  group: string;
  /** What was found and what was wanted. */
  message: string;
  /** What to do about it. */
  hint?: string;
  /** Where that is laid down. */
  source: string;
  /** The part that it points into: `token`, `header` or `payload`. */
  part?: Part;
  /** The bytes that it points at, `[start, end)`. */
  span?: [number, number];
};

/** A change with its name. */
export type Fix = {
  /** What it does. */
  title: string;
  /** The changes, all of them at once. */
  edits: Array<TextEdit>;
};

/** What a flow is for. */
export type FlowKind = "register" | "log-in" | "mint" | "exchange" | "refresh" | "verify" | "log-out";

/** A flow of a provider. */
export type FlowRow = {
  /** Its id. */
  id: string;
  /** What people read. */
  label: string;
  /** What it is for. */
  kind: FlowKind;
  /** The method. */
  method: string;
  /** The path from the base address on, or an absolute address. */
  path: string;
  /** What one should know. */
  note: string | null;
  /** Whether it is not certain. */
  assumed: boolean;
};

/** One gate of the ladder. */
export type Gate = {
  /** Which one. */
  gate: string;
  /** What people call it: `Key known`. */
  title: string;
  /** `passed`, `stopped` or `open`. */
  passage: Passage;
  /** `proved`, `confirmed`, `likely`, `not-reached` or `does-not-apply`. */
  certainty: Certainty;
  /** Why. */
  reason: string;
};

/** Roles, merchant accounts, or whatever a provider gives to a key. */
export type GrantThere = {
  /** What people call it: `roles`. */
  label: string;
  /** The ids that are granted. */
  ids: Array<string>;
  /** Of an empty list, what it means there: `all`, `nothing`. */
  empty: string | null;
};

/** How often a live environment asks: once until lock, for each call that changes something, for each call. */
export type Guard = "once" | "writes" | "always";

/** A place that has the old key, and shall have the next one. */
export type HandOver = {
  /** The place. */
  to: string;
  /** The form in which the old key went there; with one, the next key can go there in one press. */
  form: string | null;
  /** How far that is. */
  handed: Handed;
};

/** A step that a person takes at the provider. */
export type HandStep = {
  /** The step. */
  step: RotationStep;
  /** What to do; none where the person does it in a way of their own, as a proof. */
  words: string | null;
  /** The page where that is done. */
  open: string | null;
  /** What to paste there; `rotation_paste` puts it on the clipboard. */
  paste: Paste | null;
  /** That text, where it is public. */
  text: string | null;
  /** What comes back from there, by `rotation_bring` or `rotation_bring_file`. */
  brings: Brings | null;
};

/** How far a hand-over is. */
export type Handed = "open" | "given" | "unknown";

/** Code that checks deliveries in a handler. */
export type HandlerCode = {
  /** The language, as people call it. */
  language: string;
  /** The environment variable that holds the secret. */
  variable: string;
  /** The text. No secret is in it. */
  text: string;
};

/** A header field. */
export type Header = {
  /** Its name. */
  name: string;
  /** Its value, or the mask of it. */
  value: string;
};

/** What a fact means for Keywright. */
export type Health = "fine" | "unknown" | "notice" | "problem";

/** A body whose bytes Rust holds: of a file, or of a delivery. */
export type HeldBody = {
  /** The number of the file or of the delivery. */
  number: number;
  /** The name of the file; none for a delivery. */
  name: string | null;
  /** What its bytes are, in words. */
  words: string;
  /** The beginning as text; what is not UTF-8 is replaced. */
  text: string;
  /** Whether there is more than that. */
  more: boolean;
  /** The header fields that came with it, one in each line; none for a file. */
  headers: string | null;
};

/** A secret that Rust holds until the vault is locked, or it is dropped. */
export type HeldSecret = {
  /** Its number. */
  held: number;
  /** How long it is, in words. */
  words: string;
};

/** An answer. */
export type HttpAnswer = {
  /** The HTTP status. */
  status: number;
  /** The header fields. */
  headers: Array<Header>;
  /** The body as text; bytes that are not UTF-8 become U+FFFD. */
  body: string;
  /** Whether the body was longer than what is kept. */
  cut: boolean;
};

/** A request as sent, its credential masked. */
export type HttpRequest = {
  /** The method. */
  method: string;
  /** The address. */
  url: string;
  /** The header fields in order. */
  headers: Array<Header>;
  /** The body as text, its secrets masked. */
  body: string;
};

/** One key that was found. */
export type ImportItem = {
  /** Type and size in words. */
  describe: string;
  /** Whether it can sign. */
  private: boolean;
  /** `private-key`, `public-key` or `shared-secret`. */
  kind: string;
  /** The name it brings, or its thumbprint. */
  kid: string | null;
  /** Its thumbprint. */
  thumbprint: string | null;
  /** The algorithms that it can sign with. */
  algs: Array<string>;
  /** The name of the same key in the vault. */
  already: string | null;
  /** A name that is free. */
  suggestedName: string;
  /** When its file was changed last, in seconds since 1970: to be offered as the time when the key was made. */
  made: number | null;
  /** What was noticed. */
  findings: Array<Finding>;
};

/** What was found. */
export type ImportPreview = {
  /** The number by which it is spoken of. */
  preview: number;
  /** "checkout.pem", "pasted text". */
  from: string;
  /** What it turned out to be. */
  form: string;
  /** Every key in it. */
  items: Array<ImportItem>;
  /** Whether something in it wants a passphrase. */
  encrypted: boolean;
  /** What was noticed of the whole. */
  findings: Array<Finding>;
};

/** A key that leaked, before anything is done about it. */
export type Incident = {
  /** The key's name. */
  key: string;
  /** Its state. */
  state: KeyState;
  /** When somebody reported it before. */
  reported: number | null;
  /** The targets that call with it. */
  targets: Array<Target>;
  /** The recipes that name it. */
  recipes: Array<string>;
  /** Where copies of it are. */
  copies: Array<KeyCopy>;
  /** When a server last accepted a call of ours with it. */
  lastAccepted: number | null;
  /** A key of the line that is published and proved already: to promote it is the shortest way out. */
  ready: string | null;
  /** The ways out: disable first, then repair; or replace first, then disable. */
  ways: Array<WayOut>;
};

/** How a token shall be read. */
export type InspectWith = {
  /** A public key, a key set or a secret, pasted to verify with. */
  keyText: string | null;
  /** The provider whose rules apply; none: the one whose rules fit best, or none at all. */
  provider: string | null;
};

/** What is known of the tokens that a server gave for a place. Never the tokens themselves. */
export type IssuedTokens = {
  /** The profile's name. */
  profile: string;
  /** The environment's id. */
  environment: string;
  /** The name of the credential that they were got with. */
  credential: string;
  /** Whether there is an access token. */
  access: boolean;
  /** When the access token ends, in seconds since 1970, if that is known. */
  expires: number | null;
  /** Whether there is a refresh token. */
  refresh: boolean;
  /** When the refresh token ends, if that is known. */
  refreshExpires: number | null;
  /** The scopes that it was got with. */
  scopes: Array<string> | null;
  /** What it may do, as the server said. */
  permissions: Array<string> | null;
  /** Whom it is for: the JSON as the server wrote it. */
  user: string | null;
  /** When it came, in seconds since 1970. */
  received: number;
};

/** Something that happened in a rotation. */
export type JournalEntry = {
  /** When, as the clock then showed it. */
  at: number;
  /** What, without a capital letter or a full stop. */
  words: string;
};

/** One of the three verdicts. */
export type Judged = {
  /** Good, bad or unknown. */
  verdict: Verdict;
  /** The word for it: "sound", "2 faults". */
  word: string;
  /** Why. */
  reasons: Array<string>;
};

/** A copy of a private half or a secret outside of the vault. */
export type KeyCopy = {
  /** Where it is. */
  to: string;
  /** In which form it went there; none where a person only said that there is one. */
  form: string | null;
  /** When that was, or was said. */
  at: number;
};

/** A key with everything that may be shown of it. */
export type KeyDetail = {
  /** As in the list. */
  key: KeyRow;
  /** The public half by form; none for a secret. */
  publicForms: Array<PublicForm>;
  /** The forms in which the private half can be saved. */
  privateFormats: Array<PrivateForm>;
  /** What is noticed. */
  findings: Array<Finding>;
  /** When a deleted key goes for good, in seconds since 1970. */
  goneAt: number | null;
  /** When it is due to be rotated, in seconds since 1970, where that lies ahead. */
  dueFrom: number | null;
  /** What happened to it, the first thing first. */
  history: Array<KeyEvent>;
};

/** Something that happened to a key. */
export type KeyEvent = {
  /** Its number among all events of the vault; they are in this order, whatever the clock showed. */
  seq: number;
  /** When, as the clock then showed it, in seconds since 1970. */
  at: number;
  /** What kind of event: `added`, `chosen`, `promoted`. */
  kind: string;
  /** What happened, in words. */
  words: string;
};

/** What the secret part of a sealed key is. */
export type KeyKind = "private-key" | "shared-secret" | "api-key" | "login" | "client";

/** What is known of one key beside its line. */
export type KeyLife = {
  /** Its name. */
  name: string;
  /** The line that it belongs to; none for a key that is bound to no place. */
  line: Line | null;
  /** When a server last accepted a call with it, as far as this vault knows. */
  lastAccepted: number | null;
  /** Where copies of it are. */
  copies: Array<KeyCopy>;
};

/** A sealed key as a row of a list. */
export type KeyRow = {
  /** Its name. */
  name: string;
  /** What it is. */
  kind: KeyKind;
  /** The algorithm that it signs tokens with; none for what signs none. */
  alg: string | null;
  /** Type and size in words. */
  describe: string;
  /** The name under which the provider knows it. */
  kid: string | null;
  /** The RFC 7638 thumbprint. */
  thumbprint: string | null;
  /** What goes with it and is not secret: `username`, `client_id`. */
  fields: { [key in string]: string };
  /** When it came into the vault, in seconds since 1970. */
  created: number;
  /** How it came. */
  origin: string;
  /** Where it belongs. */
  binding: Binding | null;
  /** The profiles that use it. */
  profiles: Array<string>;
  /** What is due: a rotation, an end. */
  due: Due | null;
  /** Its state. */
  state: KeyState;
  /** When it was made, in seconds since 1970; null where nobody knows. */
  made: number | null;
  /** When a server last accepted a call of it, in seconds since 1970; null where that is not known. */
  accepted: number | null;
  /** The targets that call with it. */
  targets: Array<Target>;
  /** The keys of its line in the order in which they came, itself among them. */
  line: Array<LineKey>;
  /** When it was deleted; it can be restored for 30 days. */
  deleted: number | null;
};

/** The states of a key, in the order of a life. */
export type KeyState = "draft" | "published" | "active" | "retiring" | "retired" | "destroy-scheduled" | "destroyed" | "compromised";

/** A state that a key was in, or is. */
export type KeyStay = {
  /** The state. */
  state: KeyState;
  /** Since when. */
  from: number;
  /** Until when; none for the present state. */
  until: number | null;
};

/** A language in which a request can be copied, or a handler written. */
export type Language = {
  /** Its id: `curl`. */
  id: string;
  /** What people read: "Python (requests)". */
  name: string;
};

/** A lifetime to choose. */
export type Lifetime = {
  /** How long. */
  seconds: number;
  /** How long, for people: "5 min". */
  label: string;
  /** Who uses it. */
  words: string;
};

/** A key and its successors: one credential at one provider account in one environment, whatever number of targets use it. */
export type Line = {
  /** Its id. */
  id: string;
  /** The provider's id. */
  provider: string;
  /** The environment's id. */
  environment: string;
  /** Both in words: `Sandbox at Gr4vy`. */
  label: string;
  /** `local`, `test` or `live`. */
  tier: Tier;
  /** Which of the provider's credentials, by the id in its definition. */
  credential: string;
  /** The profiles and environments that call with its active key. */
  targets: Array<Target>;
  /** Its keys in the order in which they came. */
  keys: Array<LineMember>;
  /** What is due of its active key; none if nothing ever is. */
  due: LineDue | null;
  /** How its provider allows to rotate it; none if the definition says nothing of it. */
  method: RotationMethod | null;
  /** The id of the rotation that is under way. */
  rotation: string | null;
};

/** What is due of the active key of a line. */
export type LineDue = {
  /** The key's name. */
  key: string;
  /** Why. */
  kind: LineDueKind;
  /** Since when, or from when on; none where nobody knows how old it is. */
  at: number | null;
  /** Whether something is to be done now. */
  now: boolean;
};

/** Why a key is due. */
export type LineDueKind = "leaked" | "age" | "age-not-known";

/** A key of a line. */
export type LineKey = {
  /** Its name. */
  name: string;
  /** Its state. */
  state: KeyState;
};

/** A key in its line, with the states that it was in. */
export type LineMember = {
  /** Its name. */
  name: string;
  /** Its state. */
  state: KeyState;
  /** When it was made, in seconds since 1970; none if nobody knows. */
  made: number | null;
  /** When somebody reported that it leaked. */
  leaked: number | null;
  /** The states that it was in, in their order; the last is the present one. */
  stays: Array<KeyStay>;
};

/** Words at the end of a line. */
export type LineNote = {
  /** The line, from 1. */
  line: number;
  /** What its value means. */
  words: string;
  /** Whether that is as it should be. */
  tone: Tone;
};

/** A lock of the vault. */
export type Locked = {
  /** Why. */
  why: WhyLocked;
  /** When, in seconds since 1970. */
  at: number;
};

/** Who makes the next key. */
export type MadeBy = "here" | "there";

/** One member, as a person reads it. */
export type MemberRow = {
  /** Its name. */
  name: string;
  /** Its value. */
  value: string;
  /** What that means. */
  words: string | null;
  /** Whether that is as it should be. */
  tone: Tone;
};

/** What a sentence about a token brings. */
export type Mood = "good" | "bad" | "care" | "calm";

/** A kid that is nearly right. */
export type NearMiss = {
  /** What stands there. */
  found: string;
  /** What was meant. */
  wanted: string;
  /** What the difference is. */
  words: string;
};

/** A credential that the person entered. */
export type NewCredential = {
  /** Its name. */
  name: string;
  /** Where it belongs. */
  place: Target;
  /** Which of the provider's credentials it is, by the id in its definition. */
  role: string;
  /** The API key, the password or the secret, as pasted. */
  secret: Secret;
  /** What goes with it and is not secret. */
  fields: { [key in string]: string };
  /** How the text of a secret stands for its bytes: `utf8`, `base64`, `base64url`, `hex`; none: the provider's usual way. */
  encoding: string | null;
};

/** A key to make. */
export type NewKey = {
  /** Its name. */
  name: string;
  /** The algorithm that it signs with. */
  alg: string;
  /** The size of an RSA key. */
  rsaBits: number;
  /** Where it shall belong. */
  place: Target | null;
  /** The number by which the job is cancelled. */
  job: number;
};

/** A new profile. */
export type NewProfile = {
  /** Its name. */
  name: string;
  /** The provider's id. */
  provider: string;
  /** The values of its variables. */
  variables: { [key in string]: string };
};

/** A vault that was just created or unlocked. */
export type Opened = {
  /** Where the person was last; none where there is no profile. */
  place: Target | null;
  /** What the person chose. */
  settings: Settings;
  /** The vault. */
  vault: VaultHere;
};

/** A key at the provider that nobody can use, or that is there twice. */
export type Orphan = {
  /** Its id there. */
  pair: string;
  /** Its label there. */
  label: string | null;
  /** How it came to be one. */
  why: OrphanWhy;
  /** Whether the provider refused to delete it. */
  refused: boolean;
};

/** How a key at the provider became an orphan. */
export type OrphanWhy = "lost" | "twice" | "withdrawn";

/** Whether the old key works beside the next one. */
export type Overlap = "both" | "none";

/** A definition of the person's own, beside the file that it came from. */
export type OwnDefinition = {
  /** The provider's id. */
  id: string;
  /** Its name. */
  name: string;
  /** Whether it stands in for a built-in one of the same id. */
  standsIn: boolean;
  /** The file, if it came from one. */
  file: string | null;
  /** What the file holds now, compared with what counts. */
  onDisk: FileState;
  /** What changed there, where something did. */
  changes: Array<DefinitionChange>;
  /** Why it cannot be taken, where it is unfit. */
  problem: ErrorBody | null;
};

/** Whether the keys of the vault were tried. */
export type OwnKeys = "locked" | "none" | "tried";

/** A key as the provider shows it. */
export type PairThere = {
  /** Its id there. */
  id: string;
  /** Its label there. */
  label: string | null;
  /** Whether it works. */
  active: boolean;
  /** When it was used last; none if never, or if the provider does not tell. */
  lastUsed: number | null;
  /** What it may do, which the next key gets as well. */
  grants: Array<GrantThere>;
};

/** The part of a token that a finding points into. */
export type Part = "token" | "header" | "payload";

/** Whether a gate was passed. */
export type Passage = "passed" | "stopped" | "open";

/** What a person pastes at a provider. */
export type Paste = "public-pem" | "certificate" | "public-jwk" | "secret";

/** An expression as a person reads it. */
export type Pill = {
  /** Where it begins. */
  from: number;
  /** Where it ends. */
  to: number;
  /** "now + 5 min" */
  words: string;
};

/** A form of the private half, by name alone. */
export type PrivateForm = {
  /** Which form. */
  format: PrivateFormat;
  /** What people call it. */
  label: string;
  /** Whether it can be encrypted with a passphrase. */
  encrypts: boolean;
};

/** A form of a private key or a secret. */
export type PrivateFormat = "pkcs8" | "jwk" | "sec1" | "pkcs1" | "der" | "text" | "hex" | "base64";

/** A profile. */
export type Profile = {
  /** Its name. */
  name: string;
  /** The provider's id. */
  provider: string;
  /** The values of its variables. */
  variables: { [key in string]: string };
  /** The name of the key for each environment. */
  keys: { [key in string]: string };
  /** The names of the other credentials, by environment and by their ids in the definition. */
  others: { [key in string]: { [key in string]: string } };
  /** Addresses that were entered. */
  baseUrls: { [key in string]: string };
  /** Where each environment is, variables filled in; absent where that is not known before it is called. */
  addresses: { [key in string]: string };
  /** How often environments ask, where that was chosen. */
  guards: { [key in string]: Guard };
  /** Scopes that a token gets unless others are named. */
  scopes: Array<string> | null;
  /** Seconds that a token lives unless told otherwise. */
  ttl: number | null;
  /** What keeps it from being used, by environment: "no key yet". Absent where nothing does. */
  missing: { [key in string]: string };
};

/** A change to a profile; what is left out stays. */
export type ProfileChange = {
  /** Which one. */
  name: string;
  /** Variables to set; an empty value takes one away. */
  variables?: { [key in string]: string };
  /** Environment id to key name; an empty name takes the key away. */
  keys?: { [key in string]: string };
  /** Environment id to the id of another credential in the definition, such as a webhook secret, to a name; an empty name takes it away. */
  others?: { [key in string]: { [key in string]: string } };
  /** Environment id to address; an empty one takes it away. */
  baseUrls?: { [key in string]: string };
  /** Environment id to guard. */
  guards?: { [key in string]: Guard };
  /** An empty list goes back to the provider's. */
  scopes?: Array<string>;
  /** 0 goes back to the provider's. */
  ttl?: number;
  /** Lowering a guard wants the passphrase. */
  passphrase?: Secret;
};

/** A profile that was changed, and how to take it back. */
export type ProfileChanged = {
  /** As it is now. */
  profile: Profile;
  /** The number of the undo. */
  undo: number;
};

/** An API's definition in short. */
export type Provider = {
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
  /** Where its API is documented. */
  documentation: string | null;
  /** What one should know first. */
  note: string | null;
  /** The variables of its addresses and headers. */
  variables: Array<Variable>;
  /** Where it can be reached. */
  environments: Array<Environment>;
  /** The scopes it knows. */
  scopes: Array<Scope>;
  /** Its endpoints. */
  endpoints: Array<Endpoint>;
  /** Lifetimes that people choose. */
  lifetimes: Array<Lifetime>;
  /** The algorithms that a key may have, the usual one first. */
  algs: Array<string>;
  /** Dialogs in which claims are filled in, in the order of the menu. */
  sheets: Array<ClaimSheet>;
  /** Whether its tokens are signed here. */
  signsHere: boolean;
  /** What calls may carry, the usual first. */
  takes: Array<TokenOrKey>;
  /** What one authenticates with. */
  credentials: Array<CredentialKind>;
  /** How a token is got where it is not signed here, and what goes with it. */
  flows: Array<FlowRow>;
  /** How its webhooks are signed, in a line; none where that is not known. */
  webhook: string | null;
  /** How its credentials are rotated. Of several for one credential, the first that is meant for the next key counts. */
  rotations: Array<ProviderRotation>;
};

/** How a credential is rotated. */
export type ProviderRotation = {
  /** The id of the credential. */
  credential: string;
  /** The next keys that it is meant for, as `EC/P-521`; any where none is named. */
  keys: Array<string>;
  /** Whether the next key is made here; otherwise the provider makes it. */
  madeHere: boolean;
  /** Whether the old key works beside the next one. */
  overlaps: boolean;
  /** Whether the provider gets to know the next key by a call; otherwise a person brings it there. */
  byCall: boolean;
  /** Whether the provider tells when a key was last used. */
  tellsLastUse: boolean;
  /** The endpoint that proves a key. */
  prove: string | null;
  /** How it goes, in a line. */
  words: string;
  /** What one should know. */
  note: string | null;
  /** Whether nobody confirmed it. */
  assumed: boolean;
};

/** A form of the public half, written out. */
export type PublicForm = {
  /** Which form. */
  format: PublicFormat;
  /** What people call it. */
  label: string;
  /** The public half; DER in base64. */
  text: string;
};

/** A form of a public half. */
export type PublicFormat = "jwk" | "jwks" | "spki" | "der";

/** One thing that the server will read. */
export type ReadRow = {
  /** What it is. */
  label: string;
  /** What it says. */
  value: string;
  /** What that means. */
  words: string | null;
  /** Whether that is as it should be. */
  tone: Tone;
};

/** A draft that has a name. */
export type Recipe = {
  /** Its name. */
  name: string;
  /** The draft. */
  draft: Draft;
  /** The provider that it was written for. */
  provider: string;
  /** When it was saved, in seconds since 1970. */
  saved: number;
  /** What it is for: "GET /transactions, transactions.read". */
  words: string;
};

/** A scope that could go. */
export type RedundantScope = {
  /** The scope. */
  scope: string;
  /** Why it could. */
  because: string;
};

/** A line of a test environment in which a rotation can be tried first. */
export type Rehearsal = {
  /** Its active key. */
  key: string;
  /** Where, in words. */
  label: string;
  /** When a rotation was last carried through there. */
  done: number | null;
};

/** A request as it would be sent. */
export type RequestPreview = {
  /** The request, its credential masked. */
  request: HttpRequest;
  /** The same for a shell, the token in a variable. */
  curl: string;
};

/** A rotation as it stands. */
export type Rotation = {
  /** Its id. */
  id: string;
  /** Its line. */
  line: string;
  /** Where, in words: `Sandbox at Gr4vy`. */
  label: string;
  /** `local`, `test` or `live`. */
  tier: Tier;
  /** Planned, or an incident. */
  mode: RotationMode;
  /** How its provider allows it. */
  method: RotationMethod;
  /** When it began. */
  since: number;
  /** The key that is replaced. */
  old: string;
  /** The one that takes its place, once there is one. */
  next: string | null;
  /** The steps. */
  rows: Array<RotationRow>;
  /** The step that it is at; none if it has ended. */
  current: RotationStep | null;
  /** What to do now. */
  now: RotationNext;
  /** The places that have, or had, the old key. */
  places: Array<HandOver>;
  /** Keys at the provider that nobody can use. */
  orphans: Array<Orphan>;
  /** The old key as the provider showed it first. */
  there: PairThere | null;
  /** What happened, the first first. */
  journal: Array<JournalEntry>;
  /** Whether the promotion can be taken back, or the retirement undone. */
  mayGoBack: boolean;
  /** Whether it can be given up. */
  mayAbort: boolean;
  /** Whether the present step can be taken by hand in place of its call. */
  mayGoByHand: boolean;
};

/** How a credential is rotated at its provider. */
export type RotationMethod = {
  /** Who makes the next key. */
  made: MadeBy;
  /** Whether the old key works beside the next one. */
  overlap: Overlap;
  /** Whether a step of it is a call that Keywright makes; otherwise all of it goes by hand. */
  calls: boolean;
  /** Whether the provider tells when a key was used last. */
  tellsLastUse: boolean;
  /** What a person should know. */
  note: string | null;
};

/** Planned, or which way out of an incident. */
export type RotationMode = "planned" | "disable-first" | "replace-first";

/** What to do now in a rotation. */
export type RotationNext =
  | {
    "do": "go-on";
    /** The step. */
    step: RotationStep;
  }
  | { "do": "by-hand" } & HandStep
  | { "do": "hand-over" }
  | {
    "do": "watch";
    /** What is known of its uses; none before anybody asked. */
    silence: Silence | null;
  }
  | {
    "do": "wait";
    /** The step. */
    step: RotationStep;
    /** Until when, and why. */
    earliest: EarliestTime;
  }
  | {
    "do": "pause";
    /** The step. */
    step: RotationStep;
    /** Until then. */
    until: number;
  }
  | {
    "do": "stopped";
    /** Why, without a capital letter or a full stop. */
    words: string;
    /** What to do about it, in the same form. */
    hint: string;
  }
  | { "do": "done" }
  | { "do": "aborted" };

/** What would be done: the steps and their times, before anything is changed anywhere. */
export type RotationPlan = {
  /** The key that would be replaced. */
  old: string;
  /** Planned, or an incident. */
  mode: RotationMode;
  /** How its provider allows it. */
  method: RotationMethod;
  /** The times that the plan is made with. */
  times: RotationTimes;
  /** The steps. */
  rows: Array<RotationRow>;
  /** The targets that the next key would take over. */
  targets: Array<Target>;
  /** The places that have the old key, as far as they are known. */
  places: Array<HandOver>;
  /** The old key as the provider shows it; none before that was asked for, or where no call lists keys. */
  there: PairThere | null;
  /** Why the steps that are calls have to go by hand; none if nothing speaks against a call. */
  byHand: string | null;
  /** For a live line: where the whole rotation can be rehearsed with another key. */
  rehearse: Rehearsal | null;
};

/** A step in the list. */
export type RotationRow = {
  /** The step. */
  step: RotationStep;
  /** Its number, which the parts of a step share. A way back has none. */
  number: number | null;
  /** Where it is taken. */
  taken: StepTaken;
  /** How it was done, if it is. */
  done: StepDone | null;
  /** When it is safe. */
  earliest: EarliestTime;
};

/** A step of a rotation. */
export type RotationStep = "disable" | "make" | "publish" | "activate" | "prove" | "hand-over" | "promote" | "watch" | "retire" | "delete" | "destroy" | "revive" | "withdraw";

/** The longest times that a person states, in seconds. */
export type RotationTimes = {
  /** The longest that a token lives. */
  tokenLifetime: number;
  /** How far clocks of servers may differ. */
  skew: number;
  /** The slowest deploy of a program that has the key. */
  slowestDeploy: number;
  /** How long nobody must have used the old key before it counts as silent. */
  quiet: number;
  /** How long a retired key stays at the provider, so that its retirement can be undone. */
  undo: number;
};

/** A file that was written. */
export type SavedFile = {
  /** Where it lies. */
  file: string;
  /** What is in it and who may read it. */
  words: string;
};

/** A scope. */
export type Scope = {
  /** Its value. */
  value: string;
  /** What it gives. */
  title: string;
  /** What it belongs to. */
  group: string | null;
  /** Where it is known from. */
  from: string | null;
};

/** Something that can be done with a resource. */
export type ScopeAction = {
  /** Its name. */
  action: string;
  /** The scope. */
  value: string;
  /** What it allows. */
  title: string;
};

/** Resources under one heading. */
export type ScopeGroup = {
  /** The heading. */
  title: string;
  /** The resources. */
  rows: Array<ScopeRow>;
};

/** The scopes that can be chosen. */
export type ScopePicker = {
  /** Scopes for everything and those that stand alone: `*.read`, `admin`. */
  wide: Array<Scope>;
  /** The others by resource. */
  groups: Array<ScopeGroup>;
  /** Those that the draft has. */
  selected: Array<string>;
  /** What the endpoint needs. */
  needed: Array<string>;
  /** The smallest set that serves it. */
  minimal: Array<string>;
  /** Those that another one already gives. */
  redundant: Array<RedundantScope>;
  /** "GET /transactions needs transactions.read. Two of your three are more than it needs." */
  words: string;
  /** How many are known. */
  known: number;
  /** Whether a scope that is not listed may be typed. */
  free: boolean;
};

/** One resource. */
export type ScopeRow = {
  /** Its name. */
  resource: string;
  /** Whether it is not certain that it is there. */
  assumed: boolean;
  /** What can be done with it. */
  actions: Array<ScopeAction>;
};

/** What a credential of a provider is. */
export type SecretKind = "private-key" | "secret" | "api-key" | "login" | "client";

/** A call that was made, and the draft as it was signed for it. */
export type Sending = {
  /** The call that was made last; none where it came to no call, since a flow before it gave nothing. */
  sent: Sent | null;
  /** The draft, with the token that was sent. */
  reading: DraftReading;
  /** Everything that was done, in order. */
  timeline: Array<TimelineRow>;
  /** Why a flow before the call gave nothing, a sentence. */
  failed: string | null;
};

/** A call that was made, and what it means. */
export type Sent = {
  /** The request. */
  request: HttpRequest;
  /** The answer, if there is one. */
  answer: HttpAnswer | null;
  /** Why there is none. */
  noAnswer: string | null;
  /** How long it took, in milliseconds. */
  elapsedMs: number;
  /** What it came to, in one word: `accepted`. */
  kind: string;
  /** Whether the answer is the one that was wanted. */
  asWanted: boolean;
  /** What happened. */
  sentence: string;
  /** What to do. */
  next: string | null;
  /** The error code that the server gave. */
  serverCode: string | null;
  /** What the provider says it means. */
  meaning: string | null;
  /** What the provider says to do. */
  fix: string | null;
  /** The gate ladder. */
  gates: Array<Gate>;
  /** How the clocks stand. */
  skew: Skew | null;
  /** Seconds that the server asks one to wait. */
  waitSeconds: number | null;
  /** What else was noticed. */
  notes: Array<string>;
  /** When it was sent, in seconds since 1970. */
  at: number;
};

/** What the person chose for the application as a whole. */
export type Settings = {
  /** Minutes of idleness after which the window locks. */
  lockAfterMinutes: number;
  /** Whether it locks when the machine goes to sleep. */
  lockOnSleep: boolean;
  /** Seconds after which a copied secret leaves the clipboard. */
  clearSecretSeconds: number;
  /** Seconds after which a copied token leaves the clipboard. */
  clearTokenSeconds: number;
  /** The proxy for calls; none: the environment's. */
  proxy: string | null;
  /** How many certificates calls trust beside those of the system, for reading only. */
  trusted: number;
  /** Seconds that making a connection may take. */
  connectSeconds: number;
  /** Seconds that a call may take in all. */
  totalSeconds: number;
  /** The port on which the window's emulator listens; 0: any free one. */
  emulatorPort: number;
  /** Where the vault lies, for reading only. */
  vaultPath: string;
};

/** How grave a finding is. */
export type Severity = "error" | "warning" | "info";

/** A call that makes the value of a claim. */
export type SheetCall = {
  /** What the button is called. */
  label: string;
  /** The call: `POST /checkout/sessions`. */
  call: string;
};

/** What came of the call that makes the value of a claim. */
export type SheetCreated = {
  /** The value; none where the call did not give one. */
  value: string | null;
  /** Why there is none. */
  problem: ErrorBody | null;
};

/** One thing that a sheet asks. */
export type SheetField = {
  /** What people read. */
  label: string;
  /** What it takes. */
  kind: "text" | "number" | "digits" | "currency" | "choice" | "pairs";
  /** The texts to choose from. */
  choices: Array<string>;
  /** Whether it must not stay empty. */
  required: boolean;
};

/** A sheet as it is filled in. */
export type SheetReading = {
  /** Its fields, in their order. */
  fields: Array<FieldReading>;
  /** Whether the claims have the claim. */
  present: boolean;
  /** Whether the claim can be written so. */
  ready: boolean;
};

/** Signatures that differ from what they should be. */
export type SignatureComparison = {
  /** Those of the delivery, in its encoding. */
  given: Array<string>;
  /** What each secret makes of the bytes. */
  computed: Array<ComputedSignature>;
};

/** Bytes that a signature covers: their beginning and their end, so that a long body stays short. */
export type SignedBytes = {
  /** How many there are. */
  length: number;
  /** The beginning. */
  head: Array<BytesRow>;
  /** How many bytes are not shown. */
  leftOut: number;
  /** The end, where something is left out. */
  tail: Array<BytesRow>;
  /** The same as text, with names for what is not seen: CR, LF, tab, a byte order mark. */
  text: string;
  /** The text of the end. */
  textTail: string;
};

/** Whether the old key is still used, and who says so. */
export type Silence =
  | {
    "verdict": "used";
    /** The last use. */
    last: number;
    /** When it is long enough ago, if there is no other. */
    silentFrom: number;
  }
  | {
    "verdict": "silent";
    /** The last use; none if never. */
    last: number | null;
  }
  | {
    "verdict": "not-known";
    /** When our own last accepted call was. */
    ours: number | null;
    /** The places that still have the old key, or of which nobody knows. */
    open: Array<string>;
  };

/** How the server's clock stands to ours. */
export type Skew = {
  /** By how many seconds ours is ahead. */
  ahead: number;
  /** In words. */
  words: string;
};

/** What the page begins with. */
export type Start = {
  /** The version of the program. */
  version: string;
  /** The operating system. */
  system: System;
  /** The vault to create or to unlock. */
  vault: VaultHere;
  /** Whether it is unlocked already: the page was loaded again. */
  unlocked: boolean;
  /** Why and when this vault was locked last, while the program ran. None where it was not, or is unlocked again. */
  locked: Locked | null;
  /** Whether the page begins at Inspect: the program was started for that. */
  inspect: boolean;
  /** Whether the run before this one was not closed: it was at fault, or ended from outside. The diagnosis says more. */
  cutOff: boolean;
  /** How the window looks. */
  appearance: Appearance;
  /** What unlocking will cost here, in words: "Argon2id with 256 MiB". None before there is a vault. */
  cost: string | null;
  /** The languages in which a request can be copied. */
  languages: Array<Language>;
  /** The languages in which a handler can check webhooks. */
  handlerLanguages: Array<Language>;
};

/** A step that is done, and how that is known. */
export type StepDone = {
  /** When. */
  at: number;
  /** How that is known. */
  evidence: StepEvidence;
  /** How many seconds before the earliest safe time a person wanted it. */
  earlyBy: number | null;
};

/** How a step is known to be done. */
export type StepEvidence =
  | { "by": "here" }
  | {
    "by": "seen";
    /** The key's id there. */
    pair: string;
    /** Its thumbprint there: ours. */
    thumbprint: string | null;
  }
  | { "by": "gone" }
  | {
    "by": "refused";
    /** The status. */
    status: number;
  }
  | {
    "by": "accepted";
    /** The status. */
    status: number;
  }
  | {
    "by": "silent";
    /** When it was last used; none if never. */
    last: number | null;
  }
  | { "by": "said" };

/** Where a step is taken. */
export type StepTaken = "here" | "call" | "hand";

/** How well a passphrase withstands guessing. */
export type Strength = {
  /** 0 to 4, as zxcvbn counts. */
  score: number;
  /** "weak", "fair", "strong". */
  words: string;
  /** What to do about it; none when strong. */
  advice: string | null;
};

/** An operating system, as far as keys and words differ. */
export type System = "linux" | "macos" | "windows" | "other";

/** A profile and one of its environments. */
export type Target = {
  /** The profile's name. */
  profile: string;
  /** The environment's id. */
  environment: string;
};

/** A change of a text. */
export type TextEdit = {
  /** Where it begins. */
  from: number;
  /** Where it ends. */
  to: number;
  /** What comes in place of that. */
  insert: string;
};

/** Light, dark, or as the system. */
export type Theme = "system" | "light" | "dark";

/** How much care an environment wants. */
export type Tier = "local" | "test" | "live";

/** One thing that was done on the way. */
export type TimelineRow = {
  /** What kind of thing: `sign`, `send`, `mint`, `refresh`, `wait`. */
  kind: string;
  /** When it began, in seconds since 1970. */
  at: number;
  /** How long it took, in milliseconds. */
  tookMs: number | null;
  /** What happened, a sentence or two. */
  words: string;
  /** What was sent, its secrets masked. */
  sent: HttpRequest | null;
  /** What came back, its secrets masked. */
  came: HttpAnswer | null;
};

/** The times of a token, in seconds since 1970. */
export type Times = {
  /** `iat`. */
  issued: number | null;
  /** `nbf`. */
  notBefore: number | null;
  /** `exp`. */
  expires: number | null;
};

/** What a call may carry. */
export type TokenOrKey = "token" | "key";

/** The three parts of a token. */
export type TokenParts = {
  /** The header in base64url. */
  header: string;
  /** The payload in base64url. */
  payload: string;
  /** The signature in base64url. */
  signature: string;
};

/** What there is to say about a token. */
export type TokenReading = {
  /** The token itself as found in the text; empty if there is none. */
  token: string;
  /** Its three parts, where it has three. */
  parts: TokenParts | null;
  /** What was around it, in words: "Taken off the front: Authorization: Bearer". */
  taken: string | null;
  /** How many characters it has. */
  characters: number;
  /** "Expired 3 h 12 min ago. The signature is good." */
  sentence: string;
  /** What comes next to know. */
  detail: string | null;
  /** Whether that is good news. */
  tone: Mood;
  /** Whether it is well written. */
  structure: Judged;
  /** Whether the signature is good. */
  signature: Judged;
  /** Whether time and rules are kept. */
  policy: Judged;
  /** The provider whose rules were applied. */
  provider: string | null;
  /** The header, member by member. */
  header: Array<MemberRow>;
  /** The claims, member by member. */
  payload: Array<MemberRow>;
  /** The header's text. */
  headerText: string | null;
  /** The payload's text. */
  payloadText: string | null;
  /** Its times. */
  times: Times;
  /** The clock of Rust at this reading. */
  now: number;
  /** The name of my key that made it or that it names. */
  key: string | null;
  /** Whether the keys of the vault were tried. */
  ownKeys: OwnKeys;
  /** Whether what was pasted could have signed it, by kid and algorithm; none where nothing was pasted. */
  pastedFits: boolean | null;
  /** Everything that was noticed. Spans count UTF-16 units of the token, the header's or the payload's text. */
  findings: Array<Finding>;
  /** A kid that is nearly right: what stands there, what was meant. */
  nearMiss: NearMiss | null;
  /** The draft that Build would open with; none if the payload is not a claims set. */
  draftClaims: string | null;
};

/** How something stands to what is wanted. */
export type Tone = "plain" | "ok" | "warn" | "fail";

/** A change that can be taken back. */
export type Undo = {
  /** The number by which it is taken back. */
  undo: number;
  /** What was done: "Deleted demo. It can be restored for 30 days." */
  words: string;
};

/** A variable. */
export type Variable = {
  /** Its id. */
  id: string;
  /** What it is. */
  label: string;
  /** Where its value is found. */
  help: string | null;
  /** What one looks like. */
  example: string | null;
  /** Whether it must be set. */
  required: boolean;
};

/** A vault by its file. */
export type VaultHere = {
  /** Where it lies. */
  path: string;
  /** The name of its file. */
  name: string;
  /** Whether there is one. */
  exists: boolean;
  /** Files and folders of it that others than the owner may reach. */
  exposed: Array<string>;
  /** Whether a journal lies beside it: a write was interrupted, or somebody put it there. The next write settles it. */
  interrupted: boolean;
};

/** What is said of a token where the honest answer may be that nobody knows. */
export type Verdict = "good" | "bad" | "unknown";

/** A part of a wait. */
export type WaitPart = {
  /** What is waited for: `the slowest deploy`. */
  words: string;
  /** How many seconds. */
  seconds: number;
};

/** A way out of an incident. */
export type WayOut = {
  /** What comes first. */
  mode: RotationMode;
  /** Its steps. */
  steps: Array<RotationStep>;
  /** What it breaks, the worst first; without a capital letter or a full stop. */
  breaks: Array<string>;
  /** What is done in which order, as a text to print or to keep: a line for each step, and no secret. */
  runbook: string;
};

/** Where the bytes of a body are. What is not typed stays in Rust. */
export type WebhookBody =
  | {
    "from": "typed";
    /** The body. */
    text: string;
  }
  | {
    "from": "file";
    /** Its number. */
    file: number;
  }
  | {
    "from": "delivery";
    /** Its number. */
    number: number;
  };

/** What was found out about a delivery. */
export type WebhookCheck = {
  /** `good`, `bad` or `unknown`. */
  verdict: Verdict;
  /** What was looked at, in order. */
  steps: Array<WebhookStep>;
  /** The names of the secrets that made a signature of it. */
  secrets: Array<string>;
  /** What the body's bytes are, in words. */
  body: string;
  /** When it was signed, in seconds since 1970. */
  signedAt: number | null;
  /** The name of the delivery, the same for each attempt. */
  id: string | null;
  /** The bytes that the signature covers, where they could be put together. */
  signed: SignedBytes | null;
  /** The signatures beside what the secrets make of those bytes, where the two differ. */
  comparison: SignatureComparison | null;
  /** Whether the sender signed the body as JSON.stringify writes it anew. */
  reserialised: boolean;
  /** What was noticed. */
  findings: Array<Finding>;
};

/** A delivery that came to the receiver on this computer. */
export type WebhookDelivery = {
  /** Counts from 1 since the receiver was started. */
  number: number;
  /** When it came, in seconds since 1970. */
  at: number;
  /** Path and query. */
  path: string;
  /** How many bytes its body has. */
  length: number;
  /** `good`, `bad` or `unknown`. */
  verdict: Verdict;
  /** Why it is not good, in words. */
  reason: string | null;
  /** The status that it was answered with. */
  answered: number;
  /** The number of an earlier delivery with the same id. */
  repeats: number | null;
  /** What was found out; nothing where the body was cut. */
  check: WebhookCheck | null;
};

/** The receiver on this computer: where it listens, if it does, and what came. */
export type WebhookReceiver = {
  /** Its address; none while nothing listens. */
  address: string | null;
  /** What came since it was started last, the oldest first. */
  deliveries: Array<WebhookDelivery>;
};

/** A delivery that was signed. */
export type WebhookSample = {
  /** The header fields to add. */
  headers: Array<Header>;
  /** The body, with the signature in it where the provider puts it there. Bytes that are not UTF-8 are replaced. */
  body: string;
  /** What was noticed. */
  findings: Array<Finding>;
};

/** What is looked at in a delivery. */
export type WebhookStage = "present" | "form" | "timestamp" | "input" | "secret" | "compare";

/** What came of a step of a check. */
export type WebhookState = "good" | "bad" | "unknown" | "not reached";

/** One step of a check. */
export type WebhookStep = {
  /** `present`, `form`, `timestamp`, `input`, `secret` or `compare`. */
  stage: WebhookStage;
  /** `good`, `bad`, `unknown` or `not reached`. */
  state: WebhookState;
  /** That in words. */
  words: string;
};

/** Whose deliveries are judged or signed, and with what. */
export type WebhookWhose =
  | {
    "with": "sealed";
    /** The place. */
    place: Target;
  }
  | {
    "with": "held";
    /** The provider's id. */
    provider: string;
    /** Its number. */
    held: number;
  };

/** Why the vault was locked. */
export type WhyLocked = "asked" | "idle" | "sleep" | "quit" | "page-ended";
