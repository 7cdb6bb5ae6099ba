import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";

import { FakeHost } from "../../host/fake";
import { fourProviders } from "../../host/fake/data";
import type { ExecutionOutcome, Sending, TimelineRow } from "../../host/wire";
import { useBuild } from "../../state/build.svelte";
import { hearEvents } from "../../state/events";
import { stopClock } from "../../testing/clock";
import { stumbles } from "../../testing/door";
import { setUp } from "../../testing/workbench";
import Build from "../Build.svelte";

async function build(profile: string, environment: string) {
  const host = new FakeHost(fourProviders());
  const workbench = setUp(host);
  hearEvents(workbench);
  await workbench.desk.open(await host.call("vault_unlock", { passphrase: host.world.passphrase }));
  workbench.desk.go({ profile, environment });
  const { container } = render(Build, { context: workbench.context });
  const state = useBuild(workbench.desk);
  await waitFor(() => expect(state.reading).not.toBeNull());
  await screen.findByRole("button", { name: /^(Send|Sign)/ });
  const user = userEvent.setup();
  const call = async (text: string) => {
    const field = screen.getByRole("combobox", { name: "Method and path" });
    await user.clear(field);
    await user.type(field, `${text}{Enter}`);
  };
  return { ...workbench, host, container, state, user, call };
}
const login = () => build("Acme · CryptoPay", "sandbox");
const apiKey = () => build("Acme · Hedge", "test");
const pane = () => within(screen.getByRole("region", { name: "What the call carries" }));
const happened = () => within(screen.getByRole("region", { name: "What happened, step by step" }));
const flows = (host: FakeHost) => host.asked("flow_run").map(({ flow }) => flow);

test("before one has logged in it says so, and one button does it", async () => {
  const { user, host, container, state } = await login();
  expect(pane().getByRole("heading", { name: "Not logged in yet" })).toBeVisible();
  expect(container.querySelector(".ribbon")).toHaveTextContent("not logged in yet");
  expect(screen.queryByRole("button", { name: "Copy token" })).toBeNull();
  expect(screen.queryByRole("textbox", { name: "Claims editor" })).toBeNull();
  expect(await stumbles(container)).toEqual([]);

  await user.click(pane().getByRole("button", { name: /^Log in/ }));
  expect(await screen.findByRole("heading", { name: "Logged in." })).toBeVisible();
  expect(flows(host)).toEqual(["log-in"]);
  await waitFor(() => expect(pane().getByText(/^(1 d|23 h \d+ min) left/)).toBeVisible());
  expect(pane().getByText("Refresh", { selector: "dt" })).toBeVisible();
  expect(pane().getByText("shop@acme")).toBeVisible();
  expect(pane().getByText("token_type")).toBeVisible();
  expect(pane().getByRole("button", { name: /^Refresh/ })).toBeVisible();
  expect(state.token).toBeNull();
  expect(container.querySelector(".ribbon .s")).toHaveTextContent("•••");
  expect(happened().getAllByRole("listitem")).toHaveLength(1);
  expect(await stumbles(container)).toEqual([]);
});

test("a login that is refused says plainly why", async () => {
  const { user, host, state } = await login();
  const failed: ExecutionOutcome = {
    timeline: [{ kind: "flow-log-in", at: 0, tookMs: 9, words: "401", sent: null, came: null }],
    sent: null,
    issued: null,
    verified: null,
    failed: "no active account has this user name and password",
    asWanted: false,
  };
  host.answer("flow_run", () => failed);
  await user.click(pane().getByRole("button", { name: /^Log in/ }));
  expect(await screen.findByRole("alert")).toHaveTextContent(/Log in failed\. ?No active account has this user name and password\./);
  expect(pane().getByRole("heading", { name: "Not logged in yet" })).toBeVisible();
  expect(state.underway).toBeNull();

  host.answer("flow_run", () => Promise.reject({ code: "live-without-consent", message: "you said no" }));
  await user.click(pane().getByRole("button", { name: /^Log in/ }));
  expect(await screen.findByText(/You said no\./)).toBeVisible();
});

test("tokens are verified and forgotten from the menu", async () => {
  const { user, host, toasts } = await login();
  await user.click(pane().getByRole("button", { name: /^Log in/ }));
  await user.click(await pane().findByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: /^Verify/ }));
  expect(await screen.findByRole("heading", { name: "The server says that it is good." })).toBeVisible();
  expect(await pane().findByRole("heading", { name: "Permissions" })).toBeVisible();
  expect(pane().getByText("create_payments")).toBeVisible();

  await user.click(pane().getByRole("button", { name: "More" }));
  await user.click(await screen.findByRole("menuitem", { name: /^Forget the tokens/ }));
  expect(await pane().findByRole("heading", { name: "Not logged in yet" })).toBeVisible();
  expect(host.asked("tokens_forget")).toEqual([{ profile: "Acme · CryptoPay", environment: "sandbox", credential: "shop@acme" }]);
  expect(toasts.shown.at(-1)?.text).toBe("The tokens are forgotten");
});

test("the access token is copied by the program, and is nowhere in the page", async () => {
  const { user, host, toasts, container } = await login();
  await user.click(pane().getByRole("button", { name: /^Log in/ }));
  await user.click(await pane().findByRole("button", { name: "Copy the access token" }));
  await waitFor(() => expect(toasts.shown.at(-1)?.text).toBe("The access token is on the clipboard."));
  expect(host.asked("access_token_copy")).toEqual([{ profile: "Acme · CryptoPay", environment: "sandbox", credential: "shop@acme" }]);
  expect(host.asked("clipboard_copy")).toEqual([]);
  expect(container.innerHTML).not.toMatch(/eyJ[\w-]+\.eyJ/);
});

test("an API key goes out itself, and mints where a token is wanted", async () => {
  const { user, host, container, state } = await apiKey();
  expect(pane().getByText("The credential itself goes out")).toBeVisible();
  expect(container.querySelector(".ribbon")).toHaveTextContent("API key test_•••4f2a goes out itself");
  expect(screen.queryByRole("button", { name: /Scopes…/ })).toBeNull();
  expect(await stumbles(container)).toEqual([]);

  await user.click(pane().getByRole("radio", { name: "Token" }));
  expect(await pane().findByRole("heading", { name: "No token yet" })).toBeVisible();
  expect(pane().getByText("Assumed, not confirmed by the documents.")).toBeVisible();
  expect(host.asked("draft_read").at(-1)?.with).toBe("token");

  await user.click(pane().getByRole("radio", { name: "15 min" }));
  await user.click(pane().getByRole("button", { name: /^Scopes…/ }));
  (await screen.findByRole("combobox", { name: /^Filter/ })).focus();
  await user.keyboard("refund {Control>}{Enter}{/Control}");
  await waitFor(() => expect(state.draft?.scopes).toEqual(["payments:read", "payments:refund"]));
  await user.click(pane().getByRole("button", { name: /^Mint a token/ }));
  expect(await screen.findByRole("heading", { name: "A token was minted." })).toBeVisible();
  expect(host.asked("flow_run")[0]).toMatchObject({
    flow: "mint",
    draft: { with: "token", ttl: 900, scopes: ["payments:read", "payments:refund"] },
  });
  expect(await pane().findByRole("heading", { name: "Minted token" })).toBeVisible();

  await user.click(pane().getByRole("button", { name: "Remove payments:refund" }));
  expect(await pane().findByText(/^The token that is there was got with others/)).toBeVisible();
  await user.click(pane().getByRole("button", { name: "Remove payments:read" }));
  expect(await pane().findByText("As the provider usually gives.")).toBeVisible();
  expect(state.draft?.scopes).toBeNull();
});

test("a scope that a minted token lacks is asked for, then the call is sent again", async () => {
  const { user, host, call, state } = await apiKey();
  await user.click(pane().getByRole("radio", { name: "Token" }));
  await user.click(await pane().findByRole("button", { name: /^Mint a token/ }));
  await waitFor(() => expect(state.reading?.issued).not.toBeNull());
  await call("POST /api/payments");
  await waitFor(() => expect(state.reading?.endpoint?.method).toBe("POST"));
  await user.click(screen.getByRole("button", { name: /^Send to Test/ }));
  await user.click(await screen.findByRole("button", { name: "Add payments:create and send" }));
  expect(await screen.findByRole("heading", { name: "Accepted by Test in 118 ms." })).toBeVisible();
  expect(flows(host)).toEqual(["mint", "mint"]);
  expect(host.asked("flow_run")[1]?.draft.scopes).toEqual(["payments:read", "payments:create"]);
});

test("without a credential it says what to add, and where the other kind is wanted, that", async () => {
  const { user, desk, state } = await build("Acme · Hedge", "local");
  expect(pane().getByRole("heading", { name: "There is nothing to call with yet" })).toBeVisible();
  expect(screen.getByRole("button", { name: /^Send to Local/ })).toBeDisabled();
  await user.click(pane().getByRole("button", { name: "Add API key…" }));
  expect(desk.adding).toEqual({ place: { profile: "Acme · Hedge", environment: "local" }, role: "api_key" });

  // One that was added is used from then on.
  await desk.host.call("credential_add", {
    name: "new",
    place: { profile: "Acme · Hedge", environment: "local" },
    role: "api_key",
    secret: "test_1234",
    fields: {},
    encoding: null,
  });
  await desk.reload();
  await waitFor(() => expect(state.reading?.authentication).toBe("key"));
  expect(await pane().findByText("The credential itself goes out")).toBeVisible();
});

test("a call that is followed shows each attempt, and the verdict is the last one's", async () => {
  const { user, host, call, container, state } = await login();
  await user.click(pane().getByRole("button", { name: /^Log in/ }));
  await waitFor(() => expect(state.reading?.issued).not.toBeNull());
  await call("GET /api/payment-orders/");
  await user.click(screen.getByRole("switch", { name: "Follow the flow" }));
  await user.click(screen.getByRole("button", { name: /^Send to Sandbox/ }));
  expect(await screen.findByRole("heading", { name: "Accepted by Sandbox in 118 ms." })).toBeVisible();
  expect(host.asked("request_send").at(-1)?.follow).toBe(true);
  const rows = happened().getAllByRole("listitem");
  expect(rows.map((row) => row.querySelector(".said")?.textContent)).toEqual([
    "401, the token is invalid or expired.",
    "Refresh once, then try once more.",
    "200, a new access token; the refresh token stays.",
    "200, accepted.",
  ]);
  await user.click(within(rows[2] as HTMLElement).getByRole("button"));
  expect(
    within(rows[2] as HTMLElement).getByText("https://sandbox-api.cryptopay.com/api/auth/token/refresh/", { exact: false }),
  ).toBeVisible();
  expect(within(rows[2] as HTMLElement).getByText("Came back with 200")).toBeVisible();
  expect(await stumbles(container)).toEqual([]);

  // One request and no more: nothing to list.
  await user.click(screen.getByRole("switch", { name: "Follow the flow" }));
  await user.click(screen.getByRole("button", { name: /^Send to Sandbox/ }));
  await waitFor(() => expect(host.asked("request_send").at(-1)?.follow).toBe(false));
  await waitFor(() => expect(screen.queryByRole("region", { name: "What happened, step by step" })).toBeNull());
});

test("rows come one by one, a wait counts down and can be cancelled", async () => {
  const { user, host, state } = await login();
  let refuse: (error: unknown) => void = () => undefined;
  host.answer("request_send", () => new Promise<Sending>((_, reject) => (refuse = reject)));
  await user.click(screen.getByRole("switch", { name: "Follow the flow" }));
  await user.click(screen.getByRole("button", { name: /^Send to Sandbox/ }));
  const job = host.asked("request_send")[0]?.job ?? 0;
  const row = (words: string): TimelineRow => ({ kind: "send", at: 0, tookMs: 3, words, sent: null, came: null });

  host.emit({ type: "happened", job: job + 1, rows: [row("of another job")] });
  host.emit({ type: "happened", job, rows: [row("429, too many requests")] });
  expect(await screen.findByText("429, too many requests.")).toBeVisible();
  expect(screen.queryByText("Of another job.")).toBeNull();
  const clock = stopClock();
  host.emit({ type: "waiting", job, seconds: 20, why: "the server asks for it" });
  expect(await screen.findByText("Waiting 20 s")).toBeInTheDocument();
  clock.mockRestore();
  expect(screen.getAllByRole("button", { name: "Cancel" })).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(host.asked("job_cancel")).toEqual([{ job }]);
  expect(screen.getByRole("button", { name: "Cancel" })).toBeDisabled();
  refuse({ code: "gone", message: "the request was cancelled" });
  await waitFor(() => expect(state.underway).toBeNull());
  expect(state.progress.waiting).toBeNull();
  // Who cancelled knows it; what happened until then stays to be read.
  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByText("429, too many requests.")).toBeVisible();
});

test("a live call with what the server made has one step, and no signature", async () => {
  const { host, user } = await build("Acme · Hedge", "live");
  expect(screen.getByRole("heading", { name: "Nothing was sent yet." })).toBeVisible();
  expect(screen.queryByRole("list", { name: "Two steps to Live" })).toBeNull();
  await user.click(screen.getByRole("button", { name: /^Send to LIVE/ }));
  await waitFor(() => expect(host.asked("request_send")).toHaveLength(1));
  expect(host.asked("draft_sign")).toEqual([]);
});

test("a request is copied in the language one chooses", async () => {
  const { user, host, toasts } = await apiKey();
  await user.click(screen.getByRole("radio", { name: "Request" }));
  await user.click(await screen.findByRole("button", { name: "Copy as…" }));
  expect((await screen.findAllByRole("menuitem")).map(({ textContent }) => textContent?.trim().split(" ")[0])).toEqual([
    "curl",
    "HTTPie",
    "Python",
    "Node",
    "Go",
    "PHP",
    "Rust",
  ]);
  await user.click(screen.getByRole("menuitem", { name: /^Python/ }));
  await waitFor(() => expect(host.asked("copy_as").map(({ language }) => language)).toEqual(["python"]));
  await waitFor(() => expect(toasts.shown.at(-1)?.text).toBe("Request as Python copied"));
});

test("when the access token ends it is read again, once", async () => {
  const { user, host, state } = await login();
  await user.click(pane().getByRole("button", { name: /^Log in/ }));
  await waitFor(() => expect(state.reading?.issued).not.toBeNull());
  const reading = state.reading;
  if (reading === null) throw new Error("nothing was read");
  const past = Math.floor(Date.now() / 1000) - 5;
  host.answer("draft_read", () => ({ ...reading, times: { issued: past - 100, notBefore: null, expires: past } }));
  // The screen beats each second by itself, so the count begins before its next beat may read again.
  const before = host.asked("draft_read").length;
  state.read();
  await waitFor(() => expect(state.reading?.times.expires).toBe(past));
  state.tick();
  state.tick();
  await waitFor(() => expect(host.asked("draft_read")).toHaveLength(before + 2));
});

test("a shared secret signs as a key does", async () => {
  const { container } = await build("Acme · Partner", "local");
  await waitFor(() => expect(container.querySelector(".cm-editor")).toBeInTheDocument());
  expect(screen.getByText("3 required, all present")).toBeVisible();
  expect(screen.getByRole("button", { name: "Copy token" })).toBeEnabled();
});

test("what comes of a call is dropped where its place was left meanwhile", async () => {
  const { user, host, desk, state } = await apiKey();
  let answer: () => void = () => undefined;
  const draft = state.draft;
  if (draft === null) throw new Error("no draft is open");
  const sending = await host.call("request_send", { draft, job: 0, follow: false });
  host.answer("request_send", () => new Promise((done) => (answer = () => done(sending))));
  await user.click(screen.getByRole("button", { name: /^Send to Test/ }));
  desk.go({ profile: "Acme · Hedge", environment: "live" });
  await waitFor(() => expect(state.draft?.environment).toBe("live"));
  answer();
  await waitFor(() => expect(state.underway).toBeNull());
  expect(state.outcome).toBeNull();
});

test("the token is got by keys alone", async () => {
  const { shortcuts, host, state } = await login();
  expect(shortcuts.press(new KeyboardEvent("keydown", { key: "G", code: "KeyG", ctrlKey: true, shiftKey: true }))).toBe(true);
  await waitFor(() => expect(flows(host)).toEqual(["log-in"]));
  await waitFor(() => expect(state.reading?.issued).not.toBeNull());
  expect([...shortcuts.actions].filter(({ when }) => when?.() ?? true).map(({ title }) => title)).toEqual(
    expect.arrayContaining(["Refresh", "Verify", "Log in", "Copy as curl", "Copy as Rust"]),
  );
});

test("from a place that signs to one that does not and back, each half is of its own draft", async () => {
  const { host, desk, state, container } = await build("Acme · Gr4vy", "local");
  await waitFor(() => expect(container.querySelector(".cm-editor")).toBeInTheDocument());
  let open: () => void = () => undefined;
  const draft = await host.call("draft_new", { profile: "Acme · Hedge", environment: "test" });
  host.answer("draft_open", () => new Promise((done) => (open = () => done(draft))));
  desk.go({ profile: "Acme · Hedge", environment: "test" });
  await waitFor(() => expect(host.asked("draft_open").at(-1)?.profile).toBe("Acme · Hedge"));
  // What is still open is still a draft with claims.
  expect(container.querySelector(".cm-editor")).toBeInTheDocument();
  open();
  await waitFor(() => expect(state.reading?.authentication).toBe("key"));
  expect(container.querySelector(".cm-editor")).toBeNull();
  expect(pane().getByText("The credential itself goes out")).toBeVisible();
});
