/** Credentials that are typed or pasted, in English. */
export const credentials = {
  title: (label: string) => `Add ${lower(label)}`,
  titleAny: "Add a credential",
  action: (label: string) => `Add ${lower(label)}…`,
  anywhere: "Add a credential",
  add: "Seal it",
  place: "For",
  kind: "What it is",
  checks: "checks what comes in, signs nothing",
  name: "Name",
  nameTaken: (name: string) => `There is a key ${name} already.`,
  nameHint: "What you call it. It never leaves this computer.",
  nameEmpty: "It needs a name.",
  optional: (label: string) => `${label} (optional)`,
  notSaid: "Not said",
  dateHint: "A day, as 2027-01-31.",
  needed: (label: string) => `${label} is needed.`,
  secret: { "private-key": "Private key", secret: "Secret", "api-key": "API key", login: "Password", client: "Client secret" },
  begins: (prefixes: string[], environment: string) => `For ${environment} it begins with ${prefixes.join(" or ")}.`,
  pasteAgain: "What was typed is not kept in this window. Paste it again.",
  show: "Show it",
  hide: "Hide it",
  encoding: "Written as",
  encodings: { utf8: "text", hex: "hexadecimal", base64: "base64", base64url: "base64url" } as Record<string, string>,
  encodingNote: { utf8: "its bytes as they are typed" } as Record<string, string>,
  sealing: "Sealing…",
  sealed: (name: string) => `${name} is sealed in the vault.`,
  removed: (what: string) => `Taken off: ${what}.`,
  nowhere: "There is no profile to add it to. Make one under Profiles.",

  kinds: { "private-key": "Key", "shared-secret": "Secret", "api-key": "API key", login: "Account", client: "Client" },
  masked: {
    "api-key": "Only its beginning and its end are ever shown.",
    login: "Its password is never shown.",
    client: "Its secret is never shown.",
  } as Record<string, string>,
  fields: "What goes with it",
  save: "Save",
  discard: "Discard",
  saved: (name: string) => `${name} changed`,
};

/** "an API key" keeps its capitals, "Account" becomes "account". */
function lower(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}
