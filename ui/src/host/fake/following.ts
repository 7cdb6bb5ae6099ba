/** Calls that are followed and flows that are run, in memory: rows come one by one, as in the program. */
import type { Draft, FlowRow, HttpAnswer, HttpRequest, ExecutionOutcome, Sending, TimelineRow } from "../wire";
import { answer, exchangeIssued, requestOf } from "./exchange";
import { authenticationOf, madeFor, readIssued } from "./issued";
import { ownerOf, placeOf } from "./reading";
import { fail, now, pause, type World } from "./world";

type Cancelled = (job: number) => boolean;

const row = (kind: string, words: string, part: Partial<TimelineRow> = {}): TimelineRow => ({
  kind,
  at: now(),
  tookMs: null,
  words,
  sent: null,
  came: null,
  ...part,
});

const WAIT_S = 3;

/** Tells each row as it happens; a wait takes its time where work does. */
async function play(world: World, job: number, rows: TimelineRow[], cancelled: Cancelled): Promise<TimelineRow[]> {
  for (const one of rows) {
    const wait = one.kind === "wait";
    if (wait) world.emit({ type: "waiting", job, seconds: WAIT_S, why: "the server asks for it with Retry-After" });
    const slices = world.pace === 0 ? 0 : wait ? WAIT_S * 20 : Math.ceil((world.pace * 4) / 50);
    for (let slice = 0; slice < slices; slice++) {
      await pause(50);
      if (cancelled(job)) fail("gone", "the request was cancelled");
    }
    world.emit({ type: "happened", job, rows: [one] });
  }
  return rows;
}

function masked(request: HttpRequest, body: string): HttpRequest {
  return { ...request, body };
}

function flowRequest(world: World, draft: Draft, flow: FlowRow): HttpRequest {
  const request = requestOf(world, draft);
  const base = /^[a-z]+:\/\/[^/]+/.exec(request.url)?.[0] ?? "";
  const bodies: Partial<Record<FlowRow["kind"], string>> = {
    "log-in": '{"username": "shop@acme", "password": "••••••••"}',
    refresh: '{"refresh": "••••••••"}',
    mint: JSON.stringify({ expiresIn: `${(draft.ttl ?? 3600) / 60}m`, scope: draft.scopes ?? ["payments:read"] }),
  };
  return masked({ ...request, method: flow.method, url: `${base}${flow.path}` }, bodies[flow.kind] ?? "");
}

/** The call, and with `follow` what its first answer asks for: a refresh, a wait. */
export async function send(world: World, draft: Draft, job: number, follow: boolean, cancelled: Cancelled): Promise<Sending> {
  const { provider, key } = placeOf(world, draft);
  const sent = exchangeIssued(world, draft);
  const request = sent.request;
  const call = (came: HttpAnswer, words: string, tookMs: number) => row("send", words, { sent: request, came, tookMs });
  const target = draft.target !== null && "endpoint" in draft.target ? draft.target.endpoint : "";
  const rows: TimelineRow[] = [];
  const refresh = provider?.flows.find(({ kind }) => kind === "refresh");
  if (follow && key?.kind === "login" && refresh !== undefined && target === "payment-orders" && sent.asWanted) {
    rows.push(
      call(
        answer(401, { error: { code: "INVALID_TOKEN", message: "The provided token is invalid or expired" } }),
        "401, the token is invalid or expired",
        96,
      ),
      row("renew", "refresh once, then try once more"),
      row("refresh", "200, a new access token; the refresh token stays", {
        sent: flowRequest(world, draft, refresh),
        came: answer(200, { access: "•••" }),
        tookMs: 143,
      }),
    );
    world.issued.set(ownerOf(world, draft), { ...madeFor(world, draft), received: now() });
  }
  if (follow && target === "create-payment-order") {
    rows.push(
      call(
        answer(429, { error: { code: "RATE_LIMITED", message: "Too many requests" }, retry_after: WAIT_S }),
        "429, too many requests",
        31,
      ),
      row("wait", `waited ${WAIT_S} s, as the server asked`, { tookMs: WAIT_S * 1000 }),
    );
  }
  if (sent.answer !== null)
    rows.push(call(sent.answer, `${sent.answer.status}, ${sent.asWanted ? "accepted" : "refused"}`, sent.elapsedMs));
  return { timeline: await play(world, job, rows, cancelled), reading: readIssued(world, draft), sent, failed: null };
}

/** One flow. A password that ends in "wrong" is refused, as is a draft without a credential. */
export async function run(world: World, draft: Draft, id: string, job: number, cancelled: Cancelled): Promise<ExecutionOutcome> {
  const { provider, key } = placeOf(world, draft);
  const flow = provider?.flows.find((one) => one.id === id) ?? fail("not-found", `there is no flow ${id}`);
  if (key === null) fail("no-key", "there is no credential for this environment", "add one");
  const before = world.issued.get(ownerOf(world, draft)) ?? null;
  const kind = flow.kind === "log-in" ? "flow-log-in" : flow.kind;
  const refused = key.name.endsWith("wrong");
  const done = flow.kind === "verify" ? before !== null || authenticationOf(provider, key, draft) === "key" : !refused;
  const words = done
    ? ({
        "log-in": "200, an access and a refresh token",
        refresh: "200, a new access token; the refresh token stays",
        mint: "200, a token",
        verify: "200, valid",
      }[flow.kind as "mint"] ?? "200")
    : "401, no active account has this user name and password";
  const came = done ? answer(200, { access: "•••" }) : answer(401, { detail: "No active account found with the given credentials" });
  const timeline = await play(
    world,
    job,
    [
      row(kind, words, { sent: flowRequest(world, draft, flow), came, tookMs: 143 }),
      ...(done ? [] : [row("give-up", "no other way is known")]),
    ],
    cancelled,
  );
  let issued = before;
  if (done && ["log-in", "mint", "exchange", "refresh"].includes(flow.kind)) issued = madeFor(world, draft);
  if (done && flow.kind === "verify" && before !== null) issued = { ...before, permissions: ["read", "create_payments"] };
  if (issued !== null) world.issued.set(ownerOf(world, draft), issued);
  return {
    timeline,
    sent: null,
    issued,
    verified: flow.kind === "verify" ? done : null,
    failed: done ? null : "no active account has this user name and password; check both, and the environment",
    asWanted: done,
  };
}
