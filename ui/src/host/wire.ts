// What crosses between Rust and the window. Times are seconds since 1970; offsets are UTF-16 code units of the text they
// speak of, as JavaScript counts.

// ── The table of commands ────────────────────────────────────────────────────────────────────────────────────────────

/** Every command: what it takes and what it answers. A command that fails rejects with an `ErrorBody`. */
export interface Commands {
  // The program and its vault
  program_start: [null, Start];
  appearance_change: [Appearance, null];
  passphrase_strength: [{ passphrase: string }, Strength];
  /** Creates the vault that `program_start` named, with a demo profile and key for Local. Sends `progress` events. */
  vault_create: [{ passphrase: string }, Opened];
  vault_unlock: [{ passphrase: string }, Opened];
  vault_lock: [null, null];
  /** Opens the system's dialog; the answer is the vault chosen, none if the person cancelled. */
  vault_choose: [null, VaultHere | null];
  vault_change_passphrase: [{ current: string; wanted: string }, null];
  /** The person did something: puts off the idle lock. At most every few seconds. */
  activity: [null, null];
  /** Ends a running job that has this id: a send, a generation. */
  job_cancel: [{ job: number }, null];
  /** Takes back a deletion or a change, once. */
  undo: [{ undo: number }, null];

  // What the vault holds
  providers_list: [null, Provider[]];
  profiles_list: [null, Profile[]];
  keys_list: [null, KeyRow[]];
  recipes_list: [null, Recipe[]];
  settings_show: [null, Settings];
  settings_change: [Settings, Settings];

  // Build
  /** The draft that was open when the vault was locked, or a new one for this place. Without a place: the last used. */
  draft_open: [Place | null, Draft];
  /** A fresh draft by the provider's recipe. */
  draft_new: [Place, Draft];
  /** What a draft says as it stands, signed where that needs no consent. Called at each keystroke. */
  draft_read: [Draft, DraftReading];
  draft_complete: [{ draft: Draft; at: number }, Completions];
  /** The edits of the claims text that set scopes, a lifetime, a preset. Applied by the editor, so that undo works. */
  draft_edit: [{ draft: Draft; edit: DraftEdit }, TextEdit[]];
  scopes_picker: [Draft, ScopePicker];
  /** Signs a draft for a live environment: asks in a native dialog first. `draft_read` signs everywhere else. */
  draft_sign: [Draft, DraftReading];
  request_preview: [Draft, RequestPreview];
  /** Signs afresh, sends, explains. Long: has a `job` that can be cancelled. */
  request_send: [{ draft: Draft; job: number }, Sending];
  recipe_save: [{ name: string; draft: Draft }, Recipe];
  recipe_rename: [{ name: string; wanted: string }, Recipe];
  recipe_delete: [{ name: string }, Undo];

  // Inspect
  token_inspect: [{ text: string; with: InspectWith }, TokenReading];
  /** The clipboard is read in Rust, so that a key in it never comes here; none if there is no token in it. */
  token_inspect_clipboard: [{ with: InspectWith }, TokenReading | null];

  // Keys
  key_show: [{ name: string }, KeyDetail];
  key_generate: [NewKey, KeyDetail];
  /** What the clipboard holds; read in Rust, so that a private key never comes here. */
  import_clipboard: [null, ImportPreview];
  import_file: [null, ImportPreview | null];
  /** Opens what is encrypted in a preview. */
  import_unlock: [{ preview: number; passphrase: string }, ImportPreview];
  import_keep: [{ preview: number; item: number; name: string; alg: string | null; place: Place | null }, KeyDetail];
  import_forget: [{ preview: number }, null];
  key_rename: [{ name: string; wanted: string }, KeyDetail];
  key_delete: [{ name: string }, Undo];
  key_restore: [{ name: string }, KeyDetail];
  /** For good. Asks in a native dialog. */
  key_destroy: [{ name: string }, null];
  key_copy_public: [{ name: string; format: PublicFormat }, Copied];
  key_save_public: [{ name: string; format: PublicFormat }, SavedFile | null];
  /** Asks in a native dialog, then where; the bytes go from Rust to the file. */
  key_save_private: [{ name: string; format: PrivateFormat; passphrase: string | null }, SavedFile | null];
  /** Whether a thumbprint or kid read off somewhere is this key's. */
  key_compare: [{ name: string; text: string }, Comparison];

  // Profiles
  profile_add: [{ name: string; provider: string; variables: Record<string, string> }, Profile];
  profile_change: [ProfileChange, ProfileChanged];
  profile_rename: [{ name: string; wanted: string }, Profile];
  profile_delete: [{ name: string }, Undo];

  // Copying
  clipboard_copy: [{ text: string; what: 'token' | 'plain' }, Copied];
  clipboard_clear: [null, null];
  copy_as_curl: [Draft, Copied];
}

export type Command = keyof Commands;
export type Request<C extends Command> = Commands[C][0];
export type Answer<C extends Command> = Commands[C][1];

// ── Events, from Rust ────────────────────────────────────────────────────────────────────────────────────────────────

export type Event =
  | { type: 'locked'; why: 'asked' | 'idle' | 'sleep' | 'quit'; at: number }
  | { type: 'progress'; job: number | null; fraction: number | null; words: string }
  /** Files were dropped on the window: one preview of keys, or the text of a token. */
  | { type: 'dropped'; preview: ImportPreview }
  | { type: 'dropped-token'; reading: TokenReading }
  | { type: 'drop-refused'; error: ErrorBody }
  | { type: 'clipboard-cleared' }
  /** Another process wrote the vault: load the lists again. */
  | { type: 'vault-changed' }
  /** Consent to live ended; the draft is back at this place. */
  | { type: 'live-ended'; place: Place };

// ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Code =
  | 'usage' | 'malformed' | 'rule' | 'live-without-consent' | 'wrong-place' | 'not-found' | 'taken' | 'no-key'
  | 'wrong-passphrase' | 'vault' | 'system' | 'locked' | 'gone';

export interface ErrorBody { code: Code; message: string; hint?: string; findings?: Finding[] }

// ── The program ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Start {
  version: string;
  system: 'linux' | 'macos' | 'windows' | 'other';
  vault: VaultHere;
  unlocked: boolean;
  appearance: Appearance;
  /** Work that unlocking will cost here, in words: "Argon2id with 256 MiB". None before there is a vault. */
  cost: string | null;
}
export interface VaultHere { path: string; name: string; exists: boolean; exposed: string[] }
export interface Appearance { theme: 'system' | 'light' | 'dark'; textPercent: number }
export interface Strength {
  /** 0 to 4, as zxcvbn. */
  score: number;
  /** "weak", "fair", "strong". */
  words: string;
  /** What to do about it; none when strong. */
  advice: string | null;
}
export interface Opened { place: Place | null; settings: Settings; vault: VaultHere }
export interface Settings {
  lockAfterMinutes: number;
  lockOnSleep: boolean;
  clearSecretSeconds: number;
  clearTokenSeconds: number;
  /** Where the vault lies, for reading only. */
  vaultPath: string;
}
export interface Undo { undo: number; words: string }

// ── Providers and profiles ───────────────────────────────────────────────────────────────────────────────────────────

export type Tier = 'local' | 'test' | 'live';
/** A profile and one of its environments. */
export interface Place { profile: string; environment: string }

export interface Provider {
  id: string;
  name: string;
  documentation: string | null;
  note: string | null;
  variables: Variable[];
  environments: Environment[];
  scopes: Scope[];
  endpoints: Endpoint[];
  /** Lifetimes that people choose; empty where the provider signs itself. */
  lifetimes: Lifetime[];
  /** The algorithms a key may have, the usual one first. */
  algs: string[];
  /** Helpers that Build offers: "embed" and "checkout-session" at Gr4vy. */
  helpers: string[];
}
export interface Variable { id: string; label: string; help: string | null; example: string | null; required: boolean }
export interface Environment { id: string; label: string; tier: Tier; baseUrl: string; note: string | null }
export interface Scope { value: string; title: string; group: string | null; from: string | null }
export interface Endpoint { id: string; title: string; method: string; path: string; allScopes: string[]; anyScope: string[]; sideEffects: boolean; body: string | null }
export interface Lifetime { seconds: number; label: string; words: string }

export interface Profile {
  name: string;
  provider: string;
  variables: Record<string, string>;
  /** By environment id. */
  keys: Record<string, string>;
  baseUrls: Record<string, string>;
  /** Where each environment is, variables filled in; absent where that is not known before it is called. */
  addresses: Record<string, string>;
  guards: Record<string, Guard>;
  scopes: string[] | null;
  ttl: number | null;
  /** What keeps it from being used, by environment id: "no key yet", "Gr4vy ID is empty". Absent where nothing does. */
  missing: Record<string, string>;
}
/** How often a live environment asks: once until lock, for each call that changes something, for each call. */
export type Guard = 'once' | 'writes' | 'always';
export interface ProfileChange {
  name: string;
  variables?: Record<string, string>;
  /** Environment id to key name; an empty name takes the key away. */
  keys?: Record<string, string>;
  baseUrls?: Record<string, string>;
  guards?: Record<string, Guard>;
  /** An empty list goes back to the provider's. */
  scopes?: string[];
  /** 0 goes back to the provider's. */
  ttl?: number;
  /** Lowering a guard wants the passphrase. */
  passphrase?: string;
}
export interface ProfileChanged { profile: Profile; undo: number }

// ── Build ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Draft {
  profile: string;
  environment: string;
  /** Another key than the profile's. */
  key: string | null;
  /** The claims set as typed, with "$now", "$now+5m" and "$uuid". */
  claims: string;
  /** Header parameters as typed, a JSON object; none: by the key and the recipe. */
  header: string | null;
  /** What is called: an endpoint by its id, or a method and a path. */
  target: { endpoint: string } | { method: string; path: string } | null;
  body: string | null;
  /** Seconds added to the clock for one signature: "sign with the server's time". */
  shift: number;
}

export interface DraftReading {
  /** The token; none while the claims are no JSON object, in a live environment before consent, or without a key. */
  token: TokenParts | null;
  /** Why there is no token, in a few words: "not signed", "line 4 is not JSON", "no key for Sandbox". */
  unsigned: string | null;
  /** The header and the claims set as signed (or as they would be), compact. */
  header: string;
  claims: string;
  key: KeyRow | null;
  tier: Tier;
  /** In the claims text as typed. */
  findings: DraftFinding[];
  /** Words at the end of lines: "14:11:40, in 5 min". `line` counts from 1. */
  notes: LineNote[];
  /** Expressions drawn as pills: "now + 5 min" for "$now+5m". */
  pills: Pill[];
  /** Which characters of the token's payload part each typed member becomes. */
  spans: ClaimSpan[];
  times: Times;
  scopes: string[];
  /** "5 required, all present"; "exp is missing". */
  summary: string;
  reads: ReadRow[];
  endpoint: EndpointReading | null;
  /** What Send is called: "Send to Sandbox", "Send anyway", "Send to LIVE". */
  sendLabel: string;
  /** Why Send is impossible now; none where it is possible. */
  sendBlocked: string | null;
  /** Sampled clock of Rust at this reading, for the lifetime bar. */
  now: number;
}
export interface TokenParts { header: string; payload: string; signature: string }
export interface DraftFinding extends Finding { from: number; to: number; fixes: Fix[] }
export interface Fix { title: string; edits: TextEdit[] }
export interface TextEdit { from: number; to: number; insert: string }
export interface LineNote { line: number; words: string; tone: 'plain' | 'warn' | 'fail' }
export interface Pill { from: number; to: number; words: string }
/** `from`..`to` in the claims text as typed; `start`..`end` in the payload part of the token, in characters. */
export interface ClaimSpan { from: number; to: number; start: number; end: number }
/** What the server will read. */
export interface ReadRow { label: string; value: string; words: string | null; tone: 'plain' | 'ok' | 'warn' | 'fail' }
export interface EndpointReading {
  method: string; path: string; url: string;
  sideEffects: boolean;
  /** "needs transactions.read; the token has it". */
  scopes: string | null;
  lacks: string[];
}
export type DraftEdit =
  | { set: 'scopes'; scopes: string[] }
  | { set: 'lifetime'; seconds: number }
  | { set: 'starts'; secondsAgo: number }
  /** A claim by its name: JSON text, none takes it out. */
  | { set: 'claim'; name: string; json: string | null }
  /** Start again from the recipe. */
  | { set: 'recipe' };
export interface Completions { from: number; to: number; options: Completion[] }
export interface Completion { label: string; insert: string; detail: string | null; info: string | null; kind: 'claim' | 'value' | 'scope' | 'expression' }

export interface ScopePicker {
  /** Scopes for everything and those that stand alone: `*.read`, `embed`. */
  wide: Scope[];
  groups: ScopeGroup[];
  selected: string[];
  /** What the endpoint needs and the smallest set that serves it. */
  needed: string[];
  minimal: string[];
  redundant: { scope: string; because: string }[];
  /** "GET /transactions needs transactions.read. Two of your three are more than it needs." */
  words: string;
  /** "88" */
  known: number;
  /** Whether a scope that is not listed may be typed. */
  free: boolean;
}
export interface ScopeGroup { title: string; rows: ScopeRow[] }
export interface ScopeRow { resource: string; assumed: boolean; actions: { action: string; value: string; title: string }[] }

export interface RequestPreview { request: HttpRequest; curl: string }
export interface HttpRequest { method: string; url: string; headers: Header[]; body: string }
export interface Header { name: string; value: string }
export interface Sending { sent: Sent; reading: DraftReading }
export interface Sent {
  request: HttpRequest;
  answer: HttpAnswer | null;
  noAnswer: string | null;
  elapsedMs: number;
  /** `accepted`, `refused`, … */
  kind: string;
  asWanted: boolean;
  sentence: string;
  next: string | null;
  serverCode: string | null;
  meaning: string | null;
  fix: string | null;
  gates: Gate[];
  skew: { ahead: number; words: string } | null;
  waitSeconds: number | null;
  notes: string[];
  at: number;
}
export interface HttpAnswer { status: number; headers: Header[]; body: string; cut: boolean }
export interface Gate {
  gate: string;
  /** What people call it: "Key known". */
  title: string;
  passage: 'passed' | 'stopped' | 'open';
  certainty: 'proved' | 'confirmed' | 'likely' | 'not-reached' | 'does-not-apply';
  reason: string;
}

export interface Recipe { name: string; draft: Draft; provider: string; saved: number; words: string }

// ── Inspect ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface InspectWith {
  /** A public key, a key set or a secret, pasted here to verify with. */
  keyText: string | null;
  /** The provider whose rules apply; none: the one whose rules fit best, or none at all. */
  provider: string | null;
}
export type Verdict = 'good' | 'bad' | 'unknown';
export interface TokenReading {
  /** The token itself as found in the text; empty if there is none. */
  token: string;
  parts: TokenParts | null;
  /** What was around it, in words: "Taken off the front: Authorization: Bearer". */
  taken: string | null;
  characters: number;
  /** "Expired 3 h 12 min ago. The signature is good." and whether that is good news. */
  sentence: string;
  detail: string | null;
  tone: 'good' | 'bad' | 'care' | 'calm';
  structure: Judged;
  signature: Judged;
  policy: Judged;
  /** The provider whose rules were applied. */
  provider: string | null;
  header: MemberRow[];
  payload: MemberRow[];
  headerText: string | null;
  payloadText: string | null;
  times: Times;
  now: number;
  /** The name of my key that made it or that it names. */
  key: string | null;
  ownKeys: 'locked' | 'none' | 'tried';
  findings: Finding[];
  /** A kid that is nearly right: what stands there, what was meant. */
  nearMiss: { found: string; wanted: string; words: string } | null;
  /** The draft that Build would open with; none if the payload is no claims set. */
  draftClaims: string | null;
}
export interface Judged { verdict: Verdict; word: string; reasons: string[] }
export interface MemberRow { name: string; value: string; words: string | null; tone: 'plain' | 'ok' | 'warn' | 'fail' }
export interface Times { issued: number | null; notBefore: number | null; expires: number | null }
export interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'info';
  group: string;
  message: string;
  hint?: string;
  source: string;
  part?: 'token' | 'header' | 'payload';
  span?: [number, number];
}

// ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface KeyRow {
  name: string;
  kind: 'private-key' | 'shared-secret';
  alg: string;
  describe: string;
  kid: string | null;
  thumbprint: string | null;
  created: number;
  origin: string;
  binding: { provider: string; environment: string; label: string; tier: Tier; hosts: string[] } | null;
  /** The profiles that use it. */
  profiles: string[];
  /** When it was deleted; it can be restored for 30 days. */
  deleted: number | null;
}
export interface KeyDetail {
  key: KeyRow;
  /** Public halves by format; none for a secret. */
  publicForms: { format: PublicFormat; label: string; text: string }[];
  privateFormats: { format: PrivateFormat; label: string; encrypts: boolean }[];
  findings: Finding[];
  /** "30 Nov 2026: 8 days left" while it is deleted. */
  goneAt: number | null;
}
export type PublicFormat = 'jwk' | 'jwks' | 'spki' | 'der';
export type PrivateFormat = 'pkcs8' | 'jwk' | 'sec1' | 'pkcs1' | 'der' | 'text' | 'hex' | 'base64';
export interface NewKey { name: string; alg: string; rsaBits: number; place: Place | null; job: number }
export interface ImportPreview {
  preview: number;
  /** "checkout.pem", "pasted text". */
  from: string;
  form: string;
  items: ImportItem[];
  encrypted: boolean;
  findings: Finding[];
}
export interface ImportItem {
  describe: string;
  private: boolean;
  kind: string;
  kid: string | null;
  thumbprint: string | null;
  algs: string[];
  /** The name of the key that is in the vault already. */
  already: string | null;
  suggestedName: string;
  findings: Finding[];
}
export interface Comparison { same: boolean; words: string; hint: string | null }
export interface Copied { what: string; clearsInSeconds: number | null }
export interface SavedFile { file: string; words: string }
