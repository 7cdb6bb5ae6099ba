/** Requests and answers in memory: Local accepts what has its scope, Sandbox does not know the key yet. */
import type { Draft, Gate, HttpAnswer, HttpRequest, Sent } from "../wire";
import { authenticationOf } from "./issued";
import { endpointOf, ownerOf, placeOf } from "./reading";
import { now, type World } from "./world";

export function requestOf(world: World, draft: Draft): HttpRequest {
  const { profile } = placeOf(world, draft);
  const call = endpointOf(world, draft);
  const merchant = profile?.variables["merchant_account_id"];
  const body = draft.body ?? call?.known?.body ?? "";
  return {
    method: call?.method ?? "GET",
    url: call?.url ?? "",
    headers: [
      { name: "authorization", value: "Bearer ••••••••" },
      { name: "accept", value: "application/json" },
      { name: "user-agent", value: "keywright/0.1.0" },
      ...(merchant ? [{ name: "x-gr4vy-merchant-account-id", value: merchant }] : []),
      ...(body === "" ? [] : [{ name: "content-type", value: "application/json" }]),
    ],
    body,
  };
}

type Row = [gate: string, title: string, passage: Gate["passage"], certainty: Gate["certainty"], reason: string];
const gates = (rows: Row[]): Gate[] =>
  rows.map(([gate, title, passage, certainty, reason]) => ({ gate, title, passage, certainty, reason }));

export function answer(status: number, body: unknown): HttpAnswer {
  return {
    status,
    headers: [
      { name: "content-type", value: "application/json" },
      { name: "date", value: new Date().toUTCString() },
    ],
    body: JSON.stringify(body),
    cut: false,
  };
}

const common = {
  noAnswer: null,
  elapsedMs: 184,
  serverCode: null,
  meaning: null,
  fix: null,
  skew: { ahead: 0, words: "your clock agrees with the server's" },
  waitSeconds: null,
  notes: [],
};

export function exchange(world: World, draft: Draft): Sent {
  const request = requestOf(world, draft);
  const call = endpointOf(world, draft);
  const { environment } = placeOf(world, draft);
  const label = environment?.label ?? draft.environment;
  const lacks = call?.lacks ?? [];
  const scope = call?.known?.allScopes[0] ?? "no scope";
  if (environment?.tier === "test") {
    return {
      ...common,
      request,
      at: now(),
      answer: answer(401, { type: "error", code: "unauthorized", status: 401, message: "No valid API authentication found", details: [] }),
      kind: "refused",
      asWanted: false,
      sentence: "Refused with 401, and no reason given.",
      next: `Most likely the key is not registered in ${label} yet. Add its public half at Gr4vy, then send again.`,
      serverCode: "unauthorized",
      meaning: "No valid API authentication was found. Gr4vy says the same for every cause.",
      gates: gates([
        ["reached", "Reached", "passed", "confirmed", "HTTP 401 in 184 ms"],
        ["structure", "Structure", "passed", "proved", "three parts, no duplicates, ES512"],
        ["key-known", "Key known", "stopped", "likely", "made 9 min ago, never accepted"],
        ["signature", "Signature", "passed", "proved", "verifies with this key's public half"],
        ["time", "Time", "passed", "proved", "inside its 5 min, by server clock"],
        ["audience", "Audience", "open", "does-not-apply", "Gr4vy tokens carry no aud"],
        ["scope", "Scope", "open", "not-reached", `${scope} present`],
      ]),
    };
  }
  const refused = lacks.length > 0;
  return {
    ...common,
    request,
    at: now(),
    elapsedMs: 12,
    answer: refused
      ? answer(403, { type: "error", code: "forbidden", status: 403, message: "Request forbidden", details: [] })
      : answer(
          call?.method === "POST" ? 201 : 200,
          call?.method === "POST"
            ? { type: "created", id: crypto.randomUUID(), amount: 1299 }
            : {
                items: [{ type: "transaction", id: crypto.randomUUID(), status: "capture_succeeded", amount: 1299, currency: "GBP" }],
                limit: 1,
                next_cursor: null,
              },
        ),
    kind: refused ? "refused" : "accepted",
    asWanted: !refused,
    sentence: refused ? `Signed in, but this token lacks ${lacks.join(", ")}.` : `Accepted by ${label} in 12 ms.`,
    next: refused ? "Add the scope and send again." : null,
    serverCode: refused ? "forbidden" : null,
    gates: gates([
      ["reached", "Reached", "passed", "confirmed", `HTTP ${refused ? 403 : 200} in 12 ms`],
      ["structure", "Structure", "passed", "proved", "three parts, no duplicates, ES512"],
      ["key-known", "Key known", "passed", "likely", "the answer came after the credential"],
      ["signature", "Signature", "passed", "proved", "verifies with this key's public half"],
      ["time", "Time", "passed", "proved", "inside its 5 min, by server clock"],
      ["audience", "Audience", "open", "does-not-apply", "Gr4vy tokens carry no aud"],
      refused
        ? ["scope", "Scope", "stopped", "confirmed", `${lacks.join(", ")} is missing`]
        : ["scope", "Scope", "passed", "proved", `${scope} present`],
    ]),
  };
}

/** A call whose credential the server made: accepted where there is one and it may. */
export function exchangeIssued(world: World, draft: Draft): Sent {
  const request = requestOf(world, draft);
  const call = endpointOf(world, draft);
  const { environment, provider, key } = placeOf(world, draft);
  const label = environment?.label ?? draft.environment;
  const there = authenticationOf(provider, key, draft) === "key" || world.issued.get(ownerOf(world, draft))?.access === true;
  const lacks = there ? (call?.lacks ?? []) : [];
  const status = !there ? 401 : lacks.length > 0 ? 403 : call?.method === "POST" ? 201 : 200;
  const accepted = status < 300;
  return {
    ...common,
    request: { ...request, headers: request.headers.filter(({ name }) => there || name !== "authorization") },
    at: now(),
    elapsedMs: 118,
    answer: answer(
      status,
      accepted
        ? { count: 12, results: [] }
        : {
            error: {
              code: there ? "insufficient_permissions" : "missing_authorization",
              message: there ? "The token doesn't have the required scope" : "No Authorization header",
            },
          },
    ),
    kind: accepted ? "accepted" : "refused",
    asWanted: accepted,
    sentence: accepted
      ? `Accepted by ${label} in 118 ms.`
      : there
        ? `Refused: the token lacks ${lacks.join(", ")}.`
        : "Refused with 401: no credential was sent.",
    next: accepted ? null : there ? "Ask for the scope, then send again." : "Get a token first.",
    serverCode: null,
    gates: gates([
      ["reached", "Reached", "passed", "confirmed", `HTTP ${status} in 118 ms`],
      [
        "structure",
        "Structure",
        there ? "passed" : "open",
        there ? "proved" : "not-reached",
        there ? "three parts, no duplicates" : "nothing to read",
      ],
      there
        ? ["key-known", "Key known", "open", "does-not-apply", `made by ${provider?.name ?? "the server"}`]
        : ["key-known", "Key known", "stopped", "confirmed", "missing_authorization"],
      ["signature", "Signature", there ? "passed" : "open", there ? "likely" : "not-reached", "the secret stays with the server"],
      ["time", "Time", there ? "passed" : "open", there ? "proved" : "not-reached", "by the server's clock too"],
      ["audience", "Audience", "open", "does-not-apply", "these tokens carry no aud"],
      lacks.length > 0
        ? ["scope", "Scope", "stopped", "confirmed", `${lacks.join(", ")} is missing`]
        : ["scope", "Scope", accepted ? "passed" : "open", accepted ? "likely" : "not-reached", "nothing was refused for it"],
    ]),
  };
}
