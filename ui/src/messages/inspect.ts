/** Inspect, in English. */
import { group } from "../time";

const plural = (count: number, one: string, many: string) => `${group(count)} ${count === 1 ? one : many}`;

const PASTED = { key: "the key", set: "the JWKS" } as const;

export const inspect = {
  title: "Inspect a token",
  short: "Inspect",
  emptyTitle: "Paste anywhere",
  empty:
    "A token, an Authorization header, a curl command, an answer with a token in it. What it says, whether it holds, and what is wrong with it.",
  notKept: "nothing pasted here is stored or sent",
  pasted: "Pasted text",
  tokenBox: "The token",
  fromClipboard: "Inspect the clipboard",
  clipboardWithout: "There is no token on the clipboard.",
  held: { "private-key": "That was a private key.", "shared-secret": "That was a shared secret." },
  heldWords: "It was taken off this page at once: not read, not kept, not sent anywhere. It may still be on the clipboard.",
  heldKeep: "Keys takes it in without showing it to a page.",
  toKeys: "Go to Keys",
  clear: "Clear",
  edit: "Edit",
  showAll: "Show all of it",
  showLess: "Show less",
  characters: (count: number) => plural(count, "character", "characters"),
  more: (count: number) => `… ${plural(count, "more character", "more characters")}`,
  onlyRead: (read: number, length: number) => `Only the first ${group(read)} of ${group(length)} characters were read.`,
  moreRows: (count: number) => `… ${group(count)} more`,

  locked: "The vault is locked, so your own keys are unknown here. Everything else works, and a key can be pasted to verify with.",

  structure: "Structure",
  signature: "Signature",
  policyOf: (provider: string | null) => (provider === null ? "Policy" : `Policy, ${provider}`),

  verifyWith: "Verify with…",
  verifyOther: "With another key…",
  verifyTitle: "Verify the signature with",
  verifyLabel: "Public key, key set or shared secret",
  verifyHint: "PEM, JWK, JWKS, a certificate, or the secret as text. It stays in this window until you clear it.",
  verifyPlaceholder: "-----BEGIN PUBLIC KEY-----",
  verify: "Verify",
  verifyPrivate: "That was a private key, and was taken off this page at once. Paste its public half.",
  judgedWith: (kind: "key" | "set", clock: string, own: boolean) =>
    `Judged with ${own ? "your own keys and " : ""}${PASTED[kind]} you pasted at ${clock}.`,
  notJudgedWith: (kind: "key" | "set", clock: string) => `Not judged with ${PASTED[kind]} you pasted at ${clock}.`,
  letGo: (kind: "key" | "set", clock: string) =>
    `Judged without ${PASTED[kind]} you pasted at ${clock}: by its kid or type, it cannot have signed this token.`,
  forgetPasted: "Forget it",
  rules: "Rules of",
  rulesBest: "What fits best",

  nearMiss: "Near miss",
  showBoth: "Show both",
  hideBoth: "Hide",
  found: "In the token",
  wanted: "Your key’s",

  header: "Header",
  payload: "Payload",
  rowMeaning: "Meaning",
  rowName: "Name",
  rowValue: "Value",
  copyJson: "Copy JSON",
  copied: (what: string) => `${what} copied`,
  openInBuild: "Open in Build",
  nothing: "Nothing to read here.",
  findings: "Findings",
  noFindings: "Nothing else to say about it.",

  late: (span: string) => `${span} too late`,
  early: (span: string) => `${span} too early`,
  neverValid: "expires before it starts",
  nowAt: (clock: string) => `now ${clock}`,
  validFrom: (when: string) => `Valid from ${when}`,
  validUntil: (when: string) => `until ${when}`,
  nowIs: (clock: string, holds: boolean) => `now ${clock}, ${holds ? "in time" : "out of time"}`,
  noTimes: "It names no times: nothing says when it ends.",
  notToScale: "not to scale",
};
