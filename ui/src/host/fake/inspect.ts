/** A token read in memory: it is decoded, and its signature is believed where its kid names a key of the vault. */
import { spanWords, whenWords } from "../../time";
import type { Finding, InspectWith, Judged, MemberRow, Times, TokenReading } from "../wire";
import { now, type Area, type World } from "./world";

export const inspect: Area<"token_inspect" | "token_inspect_clipboard"> = (world) => ({
  token_inspect: (request) => readToken(world, request.text, request.with),
  token_inspect_clipboard: (request) => (find(world.clipboard) !== null ? readToken(world, world.clipboard, request.with) : null),
});

/** The first word with two dots in it. By words and not by one expression, which would be quadratic in a long text. */
function find(text: string): { token: string; index: number } | null {
  if (!text.includes(".")) return null;
  for (const [word] of text.matchAll(/[\w.-]+/g)) {
    const parts = word.split(".");
    if (parts.length === 3 && parts[0] !== "" && parts[1] !== "") return { token: word, index: text.indexOf(word) };
  }
  return null;
}

export function readToken(world: World, text: string, using: InspectWith = { keyText: null, provider: null }): TokenReading {
  const found = find(text);
  if (found === null) return nothing(world, text);

  const { token } = found;
  const [header = "", payload = "", signature = ""] = token.split(".");
  const headerText = decode(header);
  const payloadText = decode(payload);
  const head = members(headerText);
  const claims = members(payloadText);
  const at = now();
  const times: Times = { issued: number(claims?.["iat"]), notBefore: number(claims?.["nbf"]), expires: number(claims?.["exp"]) };
  const own = world.start.unlocked
    ? world.keys.find((key) => key.kid !== null && key.kid === head?.["kid"] && key.deleted === null)
    : undefined;
  const findings: Finding[] = [];
  const note = (code: string, severity: Finding["severity"], message: string, hint?: string) =>
    findings.push({ code, severity, group: "structure", message, source: "RFC 7519", ...(hint === undefined ? {} : { hint }) });

  const structure: Judged =
    head !== null && claims !== null
      ? { verdict: "good", word: "sound", reasons: ["Three parts, canonical base64url, no duplicates."] }
      : { verdict: "bad", word: "broken", reasons: [`The ${head === null ? "header" : "payload"} is not a JSON object.`] };
  if (structure.verdict === "bad") note("not-json", "error", "a part does not decode to a JSON object", "copy the whole token again");

  const embedded = head !== null && "jwk" in head;
  if (embedded) note("jwk-in-header", "error", "the header brings its own key", "a key that comes with the token proves nothing");
  const none = head?.["alg"] === "none";
  const signed: Judged = none
    ? { verdict: "bad", word: "none", reasons: ["The token is not signed at all."] }
    : own !== undefined
      ? { verdict: "good", word: "good", reasons: [`Made with your key ${own.name}, found by its kid.`] }
      : using.keyText !== null
        ? { verdict: "bad", word: "wrong", reasons: ["It was not made with the key you pasted."] }
        : {
            verdict: "unknown",
            word: "not checked",
            reasons: [world.start.unlocked ? "Its kid names no key of yours." : "Your own keys are unknown while the vault is locked."],
          };

  const expired = times.expires !== null && times.expires <= at;
  const early = times.notBefore !== null && times.notBefore > at;
  const provider = using.provider ?? (claims !== null && "scopes" in claims ? (world.providers[0]?.id ?? null) : null);
  const faults = [
    ...(expired ? ["exp has passed, leeway 0 s."] : []),
    ...(early ? ["nbf has not come yet."] : []),
    ...(times.expires === null && claims !== null ? ["exp is missing."] : []),
  ];
  const policy: Judged =
    claims === null
      ? { verdict: "unknown", word: "not checked", reasons: [] }
      : faults.length > 0
        ? { verdict: "bad", word: faults.length === 1 ? "1 fault" : `${faults.length} faults`, reasons: faults }
        : { verdict: "good", word: "kept", reasons: [provider === null ? "Times hold." : "Times hold, scopes are known."] };
  if (times.expires === null && claims !== null)
    note("exp-missing", "warning", "the token never expires", "add exp, five minutes from now");

  const first = expired
    ? `Expired ${spanWords(at - (times.expires ?? at))} ago.`
    : early
      ? `Not valid for another ${spanWords((times.notBefore ?? at) - at)}.`
      : structure.verdict === "bad"
        ? "This is not a whole token."
        : policy.verdict === "bad"
          ? "It breaks a rule."
          : times.expires === null
            ? "It can be read."
            : `Valid for another ${spanWords(times.expires - at)}.`;
  const second = { good: "The signature is good.", bad: "The signature is not good.", unknown: "The signature was not checked." }[
    signed.verdict
  ];
  const bad = structure.verdict === "bad" || signed.verdict === "bad" || policy.verdict === "bad";
  const before = text.slice(0, found.index).trim();

  return {
    token,
    parts: { header, payload, signature },
    taken: before === "" ? null : `Taken off the front: ${before.slice(-40)}`,
    characters: token.length,
    sentence: `${first} ${second}`,
    detail: own === undefined ? null : `Made with your key ${own.name}.`,
    tone: bad ? "bad" : signed.verdict === "unknown" ? "calm" : "good",
    structure,
    signature: signed,
    policy,
    provider,
    header: rows(head, at, (name, value) =>
      name === "kid"
        ? own === undefined
          ? ["not a key of yours", "warn"]
          : [`your key ${own.name}`, "ok"]
        : name === "alg" && value === "none"
          ? ["not signed", "fail"]
          : null,
    ),
    payload: rows(claims, at, (name, value) =>
      typeof value === "number" && ["iat", "nbf", "exp"].includes(name)
        ? [time(value, at), name === "exp" && expired ? "fail" : "plain"]
        : null,
    ),
    headerText: head === null ? null : JSON.stringify(head, null, 2),
    payloadText: claims === null ? null : JSON.stringify(claims, null, 2),
    times,
    now: at,
    key: own?.name ?? null,
    ownKeys: world.start.unlocked ? "tried" : "locked",
    pastedFits: using.keyText === null ? null : fits(using.keyText, head),
    findings,
    nearMiss: nearMiss(world, head?.["kid"]),
    draftClaims: claims === null ? null : JSON.stringify(claims, null, 2),
  };
}

/** A pasted text that has kids fits where one of them is the token's; RSA fits what RSA signs. */
function fits(keyText: string, head: Record<string, unknown> | null): boolean {
  const rsa = /^(RS|PS)/.test(String(head?.["alg"]));
  if (keyText.includes("RSA") && !rsa) return false;
  return !keyText.includes('"kid"') || keyText.includes(JSON.stringify(head?.["kid"]));
}

/** A kid that starts like a key's and goes on differently. */
function nearMiss(world: World, kid: unknown): TokenReading["nearMiss"] {
  if (typeof kid !== "string" || !world.start.unlocked) return null;
  const near = world.keys.find((key) => key.kid !== null && key.kid !== kid && key.kid.slice(0, 8) === kid.slice(0, 8));
  if (near === undefined) return null;
  return { found: kid, wanted: near.kid ?? "", words: `The kid starts like that of ${near.name} and goes on differently.` };
}

function nothing(world: World, text: string): TokenReading {
  const unknown: Judged = { verdict: "unknown", word: "not checked", reasons: [] };
  return {
    token: "",
    parts: null,
    taken: null,
    characters: text.length,
    sentence: "There is no token in this text.",
    detail: "A token has three parts with dots between them and starts with eyJ.",
    tone: "bad",
    structure: { verdict: "bad", word: "no token", reasons: [] },
    signature: unknown,
    policy: unknown,
    provider: null,
    header: [],
    payload: [],
    headerText: null,
    payloadText: null,
    times: { issued: null, notBefore: null, expires: null },
    now: now(),
    key: null,
    ownKeys: world.start.unlocked ? "tried" : "locked",
    pastedFits: null,
    findings: [],
    nearMiss: null,
    draftClaims: null,
  };
}

type Members = Record<string, unknown>;

function decode(part: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
}

function members(text: string | null): Members | null {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : null;
  } catch {
    return null;
  }
}

function rows(of: Members | null, at: number, meaning: (name: string, value: unknown) => [string, MemberRow["tone"]] | null): MemberRow[] {
  return Object.entries(of ?? {}).map(([name, value]) => {
    const [words, tone] = meaning(name, value) ?? [Array.isArray(value) ? `array of ${value.length}` : null, "plain" as const];
    return {
      name,
      value: Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : JSON.stringify(value),
      words,
      tone,
    };
  });
}

function time(value: number, at: number): string {
  return value <= at ? `${whenWords(value, at)}, ${spanWords(at - value)} ago` : `${whenWords(value, at)}, in ${spanWords(value - at)}`;
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
