/** Drafts where the server makes the token: what the call carries, and what was given for it. */
import type { Draft, DraftReading, IssuedTokens, KeyRow, Provider } from "../wire";
import { endpointOf, ownerOf, placeOf } from "./reading";
import { now, type World } from "./world";

const DAY = 86_400;

export function authenticationOf(provider: Provider | undefined, key: KeyRow | null, draft: Draft): DraftReading["authentication"] {
  if (provider === undefined || key === null) return "nothing";
  if (key.kind === "login") return draft.with === "key" ? "nothing" : "issued-token";
  const mints = provider.flows.some(({ kind }) => kind === "mint");
  if (draft.with === "token") return mints ? "issued-token" : "nothing";
  return draft.with === "usual" && provider.takes[0] === "token" && mints ? "issued-token" : "key";
}

/** The tokens that a flow of this kind would bring. */
export function madeFor(world: World, draft: Draft): IssuedTokens {
  const { provider, key } = placeOf(world, draft);
  const login = key?.kind === "login";
  const at = now();
  return {
    profile: draft.profile,
    environment: draft.environment,
    credential: key?.name ?? "",
    access: true,
    expires: at + (login ? DAY : (draft.ttl ?? 3600)),
    refresh: login,
    refreshExpires: login ? at + 30 * DAY : null,
    scopes: login ? null : (draft.scopes ?? [provider?.scopes[0]?.value ?? ""]),
    permissions: null,
    user: login ? '{"id": 123, "username": "shop@acme"}' : null,
    received: at,
  };
}

function claimsOf(issued: IssuedTokens): string {
  const times = { exp: issued.expires, iat: issued.received };
  if (issued.scopes !== null) return JSON.stringify({ scope: issued.scopes, ...times, sub: "acct_acme" });
  return JSON.stringify({ token_type: "access", ...times, jti: "9f2c1b7e4a5d4c0fa1d83e6b70c2f954", user_id: "123" });
}

export function readIssued(world: World, draft: Draft): DraftReading {
  const { environment, provider, key } = placeOf(world, draft);
  const label = environment?.label ?? draft.environment;
  const carries = authenticationOf(provider, key, draft);
  const issued = carries === "issued-token" ? (world.issued.get(ownerOf(world, draft)) ?? null) : null;
  const access = issued?.access === true;
  const login = key?.kind === "login";
  const none =
    carries === "nothing"
      ? key === null
        ? `no ${provider?.takes[0] === "key" ? "API key" : "login"} for ${label}`
        : draft.with === "key"
          ? "no API key yet"
          : "no login yet"
      : null;
  const unsigned = none ?? (carries === "key" || access ? null : login ? "not logged in yet" : "no token yet");
  const endpoint = endpointOf(world, draft);
  return {
    token: null,
    unsigned,
    header: access ? JSON.stringify(login ? { typ: "JWT", alg: "HS256" } : { alg: "HS256", typ: "JWT" }) : "",
    claims: access && issued !== null ? claimsOf(issued) : "",
    key,
    authentication: carries,
    issued,
    tier: environment?.tier ?? "local",
    findings: [],
    notes: [],
    pills: [],
    spans: [],
    times: { issued: access ? (issued?.received ?? null) : null, notBefore: null, expires: access ? (issued?.expires ?? null) : null },
    scopes:
      issued?.scopes ?? draft.scopes ?? (login || carries === "key" ? [] : (provider?.scopes.slice(0, 1).map(({ value }) => value) ?? [])),
    summary: "",
    reads:
      carries === "key"
        ? [{ label: "API key", value: key?.describe ?? "", words: `its beginning fits ${label}`, tone: "ok" }]
        : access && issued !== null
          ? [
              { label: "Made by", value: provider?.name ?? "", words: "the secret stays there", tone: "plain" },
              ...(issued.scopes === null
                ? []
                : [{ label: "Scopes", value: issued.scopes.join(", "), words: null, tone: "plain" as const }]),
            ]
          : [],
    endpoint,
    sendLabel: environment?.tier === "live" ? "Send to LIVE" : `Send to ${label}`,
    sendBlocked: none ?? (endpoint === null ? "no endpoint" : endpoint.url.startsWith("/") ? `no address for ${label} yet` : null),
    now: now(),
  };
}
