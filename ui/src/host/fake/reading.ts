/** What a draft says: findings with cures, notes, rows. Only as good as a picture needs. */
import type { Draft, DraftFinding, DraftReading, Endpoint, EndpointReading, Fix, KeyRow, LineNote, ReadRow } from "../wire";
import { compact, fault, members, pills, resolved, type Member } from "./claims-text";
import { now, ownerKey, type World } from "./world";

const REQUIRED = ["scopes", "nbf", "exp", "iss", "jti"];
const KNOWN = [...REQUIRED, "iat", "embed", "checkout_session_id", "clientId"];
const requiredBy = (provider: string | undefined) => (provider === "partner" ? ["clientId", "iat", "exp"] : REQUIRED);
const ADDED: Record<string, string> = {
  nbf: '"$now"',
  exp: '"$now+5m"',
  iss: '"keywright/0.1.0"',
  jti: '"$uuid"',
  scopes: '["transactions.read"]',
};

export function scopesOf(claims: string): string[] {
  try {
    const { scopes } = JSON.parse(claims) as { scopes?: unknown };
    return Array.isArray(scopes) ? scopes.filter((scope): scope is string => typeof scope === "string") : [];
  } catch {
    return [];
  }
}

export function placeOf(world: World, draft: Draft) {
  const profile = world.profiles.find(({ name }) => name === draft.profile);
  const provider = world.providers.find(({ id }) => id === profile?.provider) ?? world.providers[0];
  const environment = provider?.environments.find(({ id }) => id === draft.environment);
  const name = draft.key ?? profile?.keys[draft.environment];
  const key = world.keys.find((key) => key.name === name && key.deleted === null) ?? null;
  return { profile, provider, environment, key };
}

/** The key of the tokens that a draft's call carries. */
export function ownerOf(world: World, draft: Draft): string {
  const { profile, environment } = draft;
  return ownerKey({ profile, environment, credential: placeOf(world, draft).key?.name ?? "" });
}

export function endpointOf(world: World, draft: Draft): (EndpointReading & { known: Endpoint | null }) | null {
  const { target } = draft;
  if (target === null) return null;
  const { profile, provider, environment } = placeOf(world, draft);
  const known = ("endpoint" in target ? provider?.endpoints.find(({ id }) => id === target.endpoint) : undefined) ?? null;
  const call = known ?? ("method" in target ? target : { method: "GET", path: "/" });
  const has = provider?.signsHere === false ? issuedScopes(world, draft) : scopesOf(draft.claims);
  const covered = (scope: string) => has === null || has.includes(scope) || has.includes(`*.${scope.split(".").at(-1)}`);
  const lacks = (known?.allScopes ?? []).filter((scope) => !covered(scope));
  const any = known?.anyScope ?? [];
  if (any.length > 0 && !any.some(covered)) lacks.push(any[0] as string);
  const chosen =
    provider?.signsHere === false ? (draft.scopes ?? world.issued.get(ownerOf(world, draft))?.scopes ?? []) : scopesOf(draft.claims);
  const minimal = [...(known?.allScopes ?? []), ...any.slice(0, 1)];
  const least =
    chosen.length === minimal.length &&
    (known?.allScopes ?? []).every((scope) => chosen.includes(scope)) &&
    (any.length === 0 || any.some((scope) => chosen.includes(scope)));
  const needs = known === null ? [] : [...known.allScopes, ...(any.length > 0 ? [any.join(" or ")] : [])];
  return {
    method: call.method,
    path: call.path,
    url: (profile?.baseUrls[draft.environment] ?? environment?.baseUrl ?? "") + call.path,
    sideEffects: known?.sideEffects ?? call.method !== "GET",
    scopes:
      needs.length === 0 || has === null
        ? null
        : lacks.length > 0
          ? `needs ${needs.join(", ")}; the token lacks it`
          : `needs ${needs.join(", ")}; the token has it`,
    lacks,
    minimal: minimal.length === 0 || least ? null : minimal,
    known,
  };
}

/** The scopes of a token that was minted; none where the call carries what may do anything. */
function issuedScopes(world: World, draft: Draft): string[] | null {
  return draft.with === "token" ? (world.issued.get(ownerOf(world, draft))?.scopes ?? null) : null;
}

/** A text and what to do about it. */
function finding(
  code: string,
  severity: DraftFinding["severity"],
  message: string,
  at: { from: number; to: number },
  fixes: Fix[],
  hint?: string,
): DraftFinding {
  return {
    code,
    severity,
    group: "claims",
    message,
    source: "Gr4vy, Authentication",
    part: "payload",
    ...at,
    fixes,
    ...(hint === undefined ? {} : { hint }),
  };
}

function findings(text: string, all: Member[], required: string[]): DraftFinding[] {
  const found: DraftFinding[] = [];
  const last = all.at(-1);
  for (const name of required) {
    if (all.some((member) => member.name === name)) continue;
    const at = { from: 0, to: 1 };
    const edit =
      last === undefined
        ? { from: 1, to: 1, insert: `\n  "${name}": ${ADDED[name]}\n` }
        : { from: last.to, to: last.to, insert: `,\n  "${name}": ${ADDED[name]}` };
    found.push(finding("missing-claim", "error", `${name} is missing`, at, [{ title: `Add ${name}`, edits: [edit] }]));
  }
  for (const { name, valueFrom: from, valueTo: to } of all) {
    const at = { from, to };
    const value: unknown = JSON.parse(resolved(text.slice(from, to)));
    if (!KNOWN.includes(name)) found.push(finding("unknown-claim", "warning", `${name} is not a claim that Gr4vy reads`, at, []));
    if (!["iat", "nbf", "exp"].includes(name)) continue;
    const wrong = { title: name === "exp" ? "Make it now + 5 min" : "Make it now", edits: [{ from, to, insert: ADDED[name] ?? '"$now"' }] };
    if (typeof value !== "number") found.push(finding("not-a-time", "error", `${name} is not a number of seconds`, at, [wrong]));
    else if (value > 1e11)
      found.push(
        finding(
          "milliseconds",
          "error",
          `${name} counts milliseconds`,
          at,
          [{ title: "Count seconds", edits: [{ from, to, insert: String(Math.floor(value / 1000)) }] }, wrong],
          "write seconds since 1970",
        ),
      );
    else if (name === "exp" && value <= now()) found.push(finding("expired", "error", "exp lies in the past", at, [wrong]));
  }
  return found;
}

function clock(at: number): string {
  return new Date(at * 1000).toTimeString().slice(0, 8);
}

/** Speaks of the values as they are signed: an id that is fresh each time is the same in all that is said of one token. */
function notes(text: string, claims: string, all: Member[], endpoint: EndpointReading | null, live: boolean): LineNote[] {
  const line = (at: number) => text.slice(0, at).split("\n").length;
  const found: LineNote[] = [];
  const plain = (at: number, words: string) => found.push({ line: line(at), words, tone: "plain" });
  const signed = JSON.parse(claims) as Record<string, unknown>;
  for (const member of all) {
    const raw = text.slice(member.valueFrom, member.valueTo);
    const value = signed[member.name];
    if (["iat", "nbf", "exp"].includes(member.name) && typeof value === "number" && value < 1e11) {
      if (live && raw.includes("$")) plain(member.from, "filled in at signing");
      else
        plain(
          member.from,
          member.name === "exp" && value > now() ? `${clock(value)}, in ${Math.round((value - now()) / 60) || 1} min` : clock(value),
        );
    } else if (member.name === "jti") plain(member.from, live ? "fresh at signing" : `${String(value).slice(0, 8)}…, fresh each time`);
    else if (member.name === "iss") plain(member.from, "any text will do");
    else if (member.name === "scopes" && raw.includes("\n") && endpoint !== null) {
      for (const scope of scopesOf(text)) {
        const at = text.indexOf(JSON.stringify(scope), member.valueFrom);
        const needed = endpoint.scopes?.includes(scope) ?? false;
        const call = `${endpoint.method} ${endpoint.path.replace(/[?].*/, "")}`;
        if (at >= 0) plain(at, needed ? `${call} needs it` : scope === "embed" ? "front-end checkout" : "not needed here");
      }
    } else if (member.name === "embed") {
      const inside = members(text, member);
      const amount = inside.find(({ name }) => name === "amount");
      if (amount !== undefined)
        plain(amount.from, `£${(Number(text.slice(amount.valueFrom, amount.valueTo)) / 100).toFixed(2)}, minor units`);
    }
  }
  return found;
}

const part = (text: string) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** 176 characters that look like an ES512 signature, others for each text. */
function signature(text: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  let state = 2166136261;
  for (const sign of text) state = Math.imul(state ^ sign.charCodeAt(0), 16777619);
  return Array.from({ length: 176 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return letters[(state >>> 16) & 63];
  }).join("");
}

function headerOf(draft: Draft, key: KeyRow | null): string {
  const recipe = { alg: key?.alg ?? "ES512", typ: "JWT", ...(key?.kid == null ? {} : { kid: key.kid }) };
  try {
    return JSON.stringify(draft.header === null ? recipe : JSON.parse(draft.header));
  } catch {
    return JSON.stringify(recipe);
  }
}

/** As the token says it: a header that was typed may name another key. */
function keyWords(header: string): string {
  const { alg, kid } = JSON.parse(header) as { alg?: string; kid?: string };
  return [alg, kid === undefined ? "no kid" : `kid ${kid.slice(0, 8)}`].join(", ");
}

export function read(world: World, draft: Draft, consent: boolean): DraftReading {
  const { environment, provider, key } = placeOf(world, draft);
  const required = requiredBy(provider?.id);
  const tier = environment?.tier ?? "local";
  const label = environment?.label ?? draft.environment;
  const text = draft.claims;
  const broken = fault(text);
  const all = broken === null ? members(text) : [];
  const { claims, spans } = broken === null ? compact(text, draft.shift) : { claims: "", spans: [] };
  const header = headerOf(draft, key);
  const signed = broken === null && key !== null && (tier !== "live" || consent);
  const endpoint = endpointOf(world, draft);
  const found =
    broken === null
      ? findings(text, all, required)
      : [finding("not-json", "error", `line ${broken.line} is not JSON`, { from: broken.at, to: broken.at + 1 }, [])];
  const value = (name: string): unknown => (broken === null ? (JSON.parse(claims) as Record<string, unknown>)[name] : undefined);
  const time = (name: string) => (typeof value(name) === "number" ? (value(name) as number) : null);
  const times = { issued: time("iat"), notBefore: time("nbf"), expires: time("exp") };
  const scopes = scopesOf(text);
  const missing = required.filter((name) => !all.some((member) => member.name === name));
  const reads: ReadRow[] = [
    {
      label: "Key",
      value: key === null ? "none" : key.name,
      words: key === null ? `no key for ${label}` : keyWords(header),
      tone: key === null ? "fail" : "ok",
    },
    { label: "Issuer", value: String(value("iss") ?? "none"), words: null, tone: "plain" },
    {
      label: "Valid from",
      value: times.notBefore === null ? "no nbf" : clock(times.notBefore),
      words: times.notBefore === null ? null : "now",
      tone: "plain",
    },
    {
      label: "Expires",
      value: times.expires === null ? "no exp" : clock(times.expires),
      words: times.expires === null ? null : `in ${Math.round((times.expires - now()) / 60)} min`,
      tone: times.expires === null ? "fail" : "plain",
    },
    {
      label: "Scopes",
      value: scopes.join(", ") || "none",
      words: endpoint?.scopes ?? null,
      tone: (endpoint?.lacks.length ?? 0) > 0 ? "warn" : "ok",
    },
    { label: "Id", value: String(value("jti") ?? "none"), words: "another for each token", tone: "plain" },
  ];
  return {
    token: signed ? { header: part(header), payload: part(claims), signature: signature(header + claims) } : null,
    unsigned: signed ? null : broken !== null ? `line ${broken.line} is not JSON` : key === null ? `no key for ${label}` : "not signed",
    header,
    claims,
    key,
    authentication: key === null ? "nothing" : "signed-token",
    issued: null,
    tier,
    findings: found,
    notes: broken === null ? notes(text, claims, all, endpoint, tier === "live" && !consent) : [],
    pills: pills(text),
    spans,
    times,
    scopes,
    summary:
      broken !== null
        ? `line ${broken.line} is not JSON`
        : missing.length === 0
          ? `${required.length} required, all present`
          : `${missing.join(", ")} missing`,
    reads: broken === null ? reads : [],
    endpoint,
    sendLabel: tier === "live" ? "Send to LIVE" : found.some(({ severity }) => severity === "error") ? "Send anyway" : `Send to ${label}`,
    sendBlocked:
      broken !== null
        ? `line ${broken.line} is not JSON`
        : key === null
          ? `no key for ${label}`
          : draft.target === null
            ? "no endpoint"
            : null,
    now: now(),
  };
}
