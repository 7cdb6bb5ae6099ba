/** The texts of the Build screen and its features. */
import { group } from "../time";

const count = (n: number, one: string, many: string) => `${group(n)} ${n === 1 ? one : many}`;

/** What a yes to signing for live covers. */
export interface Yes {
  who: string;
  key: string;
  where: string;
  scopes: string[];
  /** The longest lifetime, in words; none for a token that does not end. */
  lifetime: string | null;
  /** Whether it holds for further tokens. */
  holds: boolean;
}

const HOLDS =
  "The yes holds until you lock, quit or do nothing for ten minutes. Another key, a further scope or a longer lifetime asks again.";

function covered({ who, key, where, scopes, lifetime }: Yes): string {
  const named = scopes.length === 0 ? "no scope" : scopes.length > 3 ? `${group(scopes.length)} scopes` : scopes.join(", ");
  return `${who} with ${key} for ${where}: ${named}, ${lifetime === null ? "without an end" : `for at most ${lifetime}`}`;
}

export const build = {
  title: "Build a token",
  titleLive: "Build a token for Live",
  signed: "What is signed",
  happened: "What happened",
  noPlace: "No profile yet",
  noPlaceText: "A profile says who signs and where. Make one, then come back.",
  toProfiles: "Go to Profiles",
  group: "Build",

  token: {
    title: "Token",
    spoken: (parts: number, life: string) => `Token, ${parts} parts, ${life}`,
    spokenUnsigned: "Unsigned draft, 2 parts, the signature is missing",
    spokenDim: "The draft cannot be read now. This is the token as it was before.",
    spokenNone: (why: string) => `No token: ${why}`,
    none: "no token",
    keyGoes: (describe: string) => `${describe} goes out itself`,
    signatureHidden: "the signature stays in the vault",
    spokenIssued: (life: string) => `Token that the server made, ${life}`,
    notSigned: "not signed",
    unsignedDraft: "Unsigned draft: times and ids are filled in when you sign",
    lengths: (parts: number[]) => `${parts.join(" + ")} characters`,
    total: (all: number) => count(all, "character", "characters"),
    header: "Header",
    payload: "Payload",
    signature: "Signature",
    marked: (name: string) => `The marked characters are about where ${name} is encoded`,
    copy: "Copy token",
    copied: "Token copied",
    show: "Show the whole token",
    hide: "Hide the whole token",
    copiedDiffers: (life: string) => `copied one: ${life}`,
  },

  life: {
    left: (span: string) => `${span} left`,
    expired: (span: string) => `expired ${span} ago`,
    starts: (span: string) => `starts in ${span}`,
    never: "never expires",
    spokenLeft: (span: string) => `expires in ${span}`,
    issued: (clock: string) => `Issued ${clock}`,
    validFrom: (clock: string) => `valid from ${clock}`,
    expires: (clock: string) => `expires ${clock}`,
    serverClock: (words: string) => `Server clock: ${words}`,
    title: "Lifetime",
    custom: "Other…",
    customLabel: "Lifetime in seconds",
    customSet: "Set",
    startsLabel: (when: string) => `Starts ${when}`,
    startsWord: "starts",
    startsNow: "now",
    startsAgo: (seconds: number) => `${seconds} s ago`,
    startsOther: "as written",
  },

  header: {
    title: "Header",
    fromKey: "from the key",
    own: "your own",
    edit: "Edit header…",
    editor: "Header parameters, JSON",
    back: "Back to the recipe",
    done: "Done",
    note: "Replaces the header that the key and the recipe make.",
  },

  claims: {
    title: "Claims",
    editor: "Claims editor",
    presets: "Presets…",
    recipe: (provider: string) => `Start again from ${provider}'s recipe`,
    recipeDetail: "Undo brings back what is there now",
    recipeDetailHeader: "Undo brings back the claims; your own header goes",
    sheet: (label: string) => `${label}…`,
    sheetDetail: (claim: string, scope: string | null) =>
      scope === null ? `Sets the claim ${claim}` : `Sets the claim ${claim} and its scope`,
    findingsLabel: "Findings in the claims",
    line: (line: number) => `line ${line}`,
    severity: { error: "Error", warning: "Warning", info: "Note" },
  },

  sheet: {
    optional: "may stay empty",
    unset: "not set",
    name: "name",
    text: "text",
    pairName: (line: number) => `Name ${line}`,
    pairText: (line: number) => `Text ${line}`,
    drop: (name: string) => `Remove ${name}`,
    set: (claim: string) => `Set ${claim}`,
    remove: (claim: string) => `Take ${claim} out`,
    creating: "Creating…",
    createText: (call: string, place: string) => `Sends ${call} to ${place} and takes the id from its answer.`,
  },

  scopes: {
    title: "Scopes",
    of: (n: number, known: string) => `${group(n)} of ${known}`,
    none: "None: most calls will be refused.",
    open: "Scopes…",
    minimal: (call: string) => `Minimal for ${call}`,
    filter: (n: number) => `Filter ${group(n)} scopes`,
    wide: "Wide scopes",
    selected: (n: number) => `Selected ${group(n)}`,
    nothing: "Nothing selected",
    use: (n: number) => (n === 0 ? "Use no scope" : `Use ${count(n, "scope", "scopes")}`),
    assumed: "unlisted",
    assumedWhy: "Known from packages and descriptions; the provider's own document does not list it",
    noMatch: (text: string) => `No scope has “${text}” in it.`,
    free: (text: string) => `Add ${text} as it is`,
    freeWhy: "The provider's list does not have it; the server decides.",
    redundant: (scope: string, because: string) => `${scope} is not needed: ${because}`,
    drop: (scope: string) => `Drop ${scope}`,
    grid: "Scopes by resource",
    groupCount: (n: number) => group(n),
    keys: "Arrows move, Space toggles",
  },

  request: {
    field: "Method and path",
    choose: "Choose an endpoint",
    list: "Endpoints",
    own: (method: string, path: string) => `Call ${method} ${path}`,
    ownDetail: "as typed",
    noMatch: "Nothing like it. Type a method and a path: GET /things",
    any: " or ",
    changes: "changes something",
    reads: "read only",
    body: "Body",
    bodyEditor: "Request body",
    bodyBack: "Back to the example",
    fill: (name: string) => `Fill in ${name} in the path.`,
    send: "Send",
    signLive: "Sign for LIVE…",
    cancel: "Cancel",
    sending: "Waiting for the answer",
    signing: "Waiting for your consent in the window of the system.",
    cancelled: "Cancelling…",
    reading: "What the server will read",
    tabs: "Below the verdict",
    tabRequest: "Request",
    tabSent: "Request as sent",
    tabAnswer: "Answer",
    copyAs: "Copy as…",
    copied: (what: string) => `${what} copied`,
    copyAsNote: "The credential comes from a variable.",
    unknownHost: "the address is known once it is sent",
    noRequest: "There is no request to show yet.",
  },

  live: {
    title: "Nothing is signed yet.",
    text: "Signing for live needs your yes in a window of the system. No page, script or shortcut can give it.",
    signedTitle: "Signed for live.",
    signedText: "Whoever holds the token can use it until it expires. Nothing has been sent.",
    steps: "Two steps to Live",
    sign: "Sign for LIVE…",
    /** What a yes is for, and for how long: the program signs within that without another question. */
    signText: (yes: Yes) => `Asks to sign as ${covered(yes)}. ${yes.holds ? HOLDS : "The profile has it ask for each token."}`,
    done: "Signed",
    doneText: (yes: Yes) => `You agreed to sign as ${covered(yes)}. ${yes.holds ? HOLDS : "The next token asks again."}`,
    send: "Send to LIVE",
    callTitle: "Nothing was sent yet.",
    callText: "A live call needs your yes in a window of the system. No page, script or shortcut can give it.",
    sendFree: "This call asks nothing more while that yes holds.",
    sendWrites: "This call changes something, so it asks again.",
    sendAlways: "The profile has each call ask again.",
  },

  verdict: {
    ladder: "Gates, in the order a server checks",
    passed: "Gates",
    stopped: "Where it stopped",
    certainty: {
      proved: "proved here",
      confirmed: "confirmed by server",
      likely: "likely",
      "not-reached": "not reached",
      "does-not-apply": "does not apply",
    },
    provedFault: "fails here",
    confirmedFault: "server names it",
    likelyFault: "likely the fault",
    edited: "This is about the draft as it was sent. It was edited since.",
    copyPublic: "Copy public key",
    compare: "Compare thumbprint…",
    addScope: (scopes: string) => `Add ${scopes} and send`,
    serverTime: "Sign with the server's time once",
    again: "Send again",
    waitFor: (span: string) => `Send again in ${span}`,
  },

  answer: {
    none: "No answer came.",
    empty: "The body is empty.",
    raw: "Raw",
    body: "Answer body",
    headers: "Answer headers",
    cut: "The rest was cut off: the answer is longer than Keywright keeps.",
    ms: (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`),
    size: (bytes: number) =>
      bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`,
    clock: (words: string) => words,
  },

  recipes: {
    title: "Recipes",
    open: "Recipes…",
    find: "Find a recipe",
    none: "No recipes yet",
    noneText: "A recipe is a draft with a name: claims, header, call. Save this one to find it again.",
    noMatch: (text: string) => `No recipe has “${text}” in its name.`,
    save: "Save as recipe…",
    saveTitle: "Save this draft as a recipe",
    saveDo: "Save",
    name: "Name",
    taken: "There is a recipe with this name. Saving replaces it.",
    replace: "Replace",
    use: "Open",
    here: (environment: string) => `Opens here, for ${environment}`,
    otherProvider: "is for another provider",
    rename: (name: string) => `Rename ${name}`,
    nameEmpty: "A recipe needs a name.",
    delete: (name: string) => `Delete ${name}`,
    saved: (name: string) => `Saved as ${name}`,
    opened: (name: string) => `Opened ${name}`,
  },

  actions: {
    send: "Send",
    copy: "Copy token",
    copyAs: (language: string) => `Copy as ${language}`,
    scopes: "Choose scopes",
    minimal: "Minimal scopes for this call",
    sign: "Sign again now",
    save: "Save as recipe",
    recipes: "Open a recipe",
    header: "Edit the header",
    ribbon: "Show or hide the whole token",
    endpoint: "Choose an endpoint",
    claims: "Go to the claims",
    fresh: "Start again from the recipe",
    publicKey: "Copy the public key",
    cancel: "Cancel sending",
  },
} as const;
