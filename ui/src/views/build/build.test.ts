import { undo } from "@codemirror/commands";
import { EditorView } from "@codemirror/view";
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, test, vi } from "vitest";

import { FakeHost } from "../../host/fake";
import type { Sent, DraftReading } from "../../host/wire";
import { useBuild } from "../../state/build.svelte";
import { stopClock } from "../../testing/clock";
import { setUp } from "../../testing/workbench";
import { spanWords } from "../../time";
import Build from "../Build.svelte";

async function build(environment = "local") {
  const host = new FakeHost();
  const workbench = setUp(host);
  await workbench.desk.open(await host.call("vault_unlock", { passphrase: host.world.passphrase }));
  workbench.desk.go({ profile: "Acme · Gr4vy", environment });
  const { container, unmount } = render(Build, { context: workbench.context });
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Claims editor" })).toBeInTheDocument());
  const editor = EditorView.findFromDOM(container.querySelector(".cm-editor") as HTMLElement) as EditorView;
  const state = useBuild(workbench.desk);
  await waitFor(() => expect(state.reading).not.toBeNull());
  const type = (from: number, to: number, insert: string) =>
    editor.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } });
  const replace = (what: string, by: string) => {
    const from = editor.state.doc.toString().indexOf(what);
    expect(from).toBeGreaterThanOrEqual(0);
    type(from, from + what.length, by);
  };
  return {
    host,
    workbench,
    container,
    unmount,
    editor,
    state,
    type,
    replace,
    user: userEvent.setup(),
    text: () => editor.state.doc.toString(),
  };
}

test("opens with a token that is signed already", async () => {
  const { state, container } = await build();
  expect(state.token?.split(".")).toHaveLength(3);
  expect(container.querySelector(".ribbon .s")).toHaveTextContent(state.reading?.token?.signature ?? "nothing");
  expect(screen.getByText(/^Token, 3 parts, expires in/)).toBeInTheDocument();
});

test("typing never queues up: one reading on its way, then the newest", async () => {
  const { host, type, state } = await build();
  const answers: (() => void)[] = [];
  const reading = state.reading as DraftReading;
  const before = host.asked("draft_read").length;
  host.answer("draft_read", () => new Promise((done) => answers.push(() => done(reading))));
  for (let at = 0; at < 20; at++) type(1, 1, " ");
  expect(host.asked("draft_read")).toHaveLength(before + 1);
  answers[0]?.();
  await waitFor(() => expect(host.asked("draft_read")).toHaveLength(before + 2));
  expect(host.asked("draft_read").at(-1)?.claims).toBe(state.draft?.claims);
});

test("the last token stays and dims while the claims are not JSON", async () => {
  const { replace, state, container } = await build();
  const token = state.token;
  replace('"nbf": "$now",', '"nbf": "$now",,');
  await waitFor(() => expect(container.querySelector(".ribbon .dim")).toBeInTheDocument());
  expect(`${state.ribbon?.header}.${state.ribbon?.payload}.${state.ribbon?.signature}`).toBe(token);
  expect(state.token).toBeNull();
  expect(screen.getByRole("button", { name: "Copy token" })).toBeDisabled();
  expect(screen.getByRole("button", { name: /^Send anyway/ })).toBeDisabled();
  expect(screen.getByText("The draft cannot be read now. This is the token as it was before.")).toBeInTheDocument();
});

test("a finding is cured by a click, and one undo takes the cure back", async () => {
  const { replace, editor, text, user } = await build();
  replace('"exp": "$now+5m"', '"exp": 1700000000000');
  const wrong = text();
  await user.click(await screen.findByRole("button", { name: "Make it now + 5 min" }));
  expect(text()).toContain('"exp": "$now+5m"');
  await waitFor(() => expect(screen.queryByRole("list", { name: "Findings in the claims" })).toBeNull());
  undo(editor);
  expect(text()).toBe(wrong);
});

test("taking a scope out is an edit of the text, and undo brings it back", async () => {
  const { editor, text, user } = await build();
  const before = text();
  await user.click(screen.getByRole("button", { name: "Remove buyers.read" }));
  await waitFor(() => expect(text()).not.toContain("buyers.read"));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Remove buyers.read" })).toBeNull());
  undo(editor);
  expect(text()).toBe(before);
  expect(await screen.findByRole("button", { name: "Remove buyers.read" })).toBeInTheDocument();
});

/** The editor of a field, by its label. */
function editorOf(label: string): EditorView {
  const content = screen.getByRole("textbox", { name: label });
  return EditorView.findFromDOM(content.closest(".cm-editor") as HTMLElement) as EditorView;
}

test("the header goes back to the recipe, and follows the key again", async () => {
  const { state, user } = await build();
  await user.click(screen.getByRole("button", { name: "Edit header…" }));
  const header = editorOf("Header parameters, JSON");
  const byRecipe = header.state.doc.toString();
  header.dispatch({ changes: { from: 0, to: header.state.doc.length, insert: '{"alg":"ES512","typ":"JWT","kid":"wrongkid"}' } });
  await waitFor(() => expect(state.reading?.header).toContain("wrongkid"));
  expect(screen.getByText("your own")).toBeInTheDocument();
  // What the server will read is the token's kid, not the key's.
  expect(await screen.findByText("ES512, kid wrongkid")).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: "Back to the recipe" }));
  await waitFor(() => expect(header.state.doc.toString()).toBe(byRecipe));
  expect(state.draft?.header).toBeNull();
  expect(screen.getByRole("button", { name: "Back to the recipe" })).toBeDisabled();

  // Another key makes another header, which is shown and not taken for typed.
  state.change({ key: "checkout-2026-11" });
  await waitFor(() => expect(header.state.doc.toString()).not.toBe(byRecipe));
  expect(state.draft?.header).toBeNull();
  expect(screen.getByText("from the key")).toBeInTheDocument();

  // Undo is the person's: it brings back what they had typed.
  undo(header);
  undo(header);
  expect(state.draft?.header).toContain("wrongkid");
});

test("starting again from the recipe takes the own header away, and says so before", async () => {
  const { state, user } = await build();
  state.change({ header: '{"alg":"ES512","typ":"JWT"}' });
  await user.click(screen.getByRole("button", { name: "Presets…" }));
  const again = await screen.findByRole("menuitem", { name: /^Start again from Gr4vy's recipe/ });
  expect(again).toHaveTextContent("Undo brings back the claims; your own header goes");
  await user.click(again);
  await waitFor(() => expect(state.draft?.header).toBeNull());
});

test("the body goes back to its example", async () => {
  const { state, user } = await build();
  state.change({ target: { endpoint: "create-transaction" }, body: null });
  const body = await waitFor(() => editorOf("Request body"));
  const example = body.state.doc.toString();
  body.dispatch({ changes: { from: 0, to: example.length, insert: "{}" } });
  expect(state.draft?.body).toBe("{}");
  await user.click(await screen.findByRole("button", { name: "Back to the example" }));
  await waitFor(() => expect(body.state.doc.toString()).toBe(example));
  expect(state.draft?.body).toBeNull();
});

test("an edit that Rust computed for an older text is computed again", async () => {
  const { host, type, state, text } = await build();
  let first = true;
  host.answer("draft_edit", ({ draft }) => {
    if (first) {
      first = false;
      type(1, 1, "\n\n");
    }
    const from = draft.claims.indexOf('"iat"');
    return [{ from, to: from + 5, insert: '"IAT"' }];
  });
  await state.edit({ set: "lifetime", seconds: 60 });
  expect(text()).toContain('{\n\n\n  "scopes"');
  expect(text()).toContain('"IAT": "$now"');
});

test("expressions are pills, and show as text where the cursor is", async () => {
  const { editor, container, text } = await build();
  const pills = () => [...container.querySelectorAll(".cm-pill")].map(({ textContent }) => textContent);
  await waitFor(() => expect(pills()).toEqual(["now", "now", "now + 5 min", "new uuid"]));
  editor.dispatch({ selection: { anchor: text().indexOf('"$now+5m"') + 3 } });
  expect(pills()).toEqual(["now", "now", "new uuid"]);
  expect(container.querySelector(".cm-content")).toHaveTextContent('"exp": "$now+5m"');
});

test("the meaning stands at the line's end and takes no place in the text", async () => {
  const { container, text } = await build();
  await waitFor(() => expect(container.querySelector(".cm-note")).toBeInTheDocument());
  const words = [...container.querySelectorAll(".cm-note-words")].map(({ textContent }) => textContent);
  expect(words).toContain("GET /transactions needs it");
  expect(words).toContain("£12.99, minor units");
  expect(text()).not.toContain("minor units");
});

test("the claim under the cursor is marked in the token, and decodes to itself", async () => {
  const { editor, container, text, state } = await build();
  editor.dispatch({ selection: { anchor: text().indexOf('"iss"') + 2 } });
  await waitFor(() => expect(container.querySelector(".ribbon mark")).toBeInTheDocument());
  const { payload } = state.ribbon as { payload: string };
  const span = state.marked as { start: number; end: number };
  expect(container.querySelector(".ribbon mark")).toHaveTextContent(payload.slice(span.start, span.end));
  // Whole groups of four around the mark, as one character is six bits of its bytes.
  const decoded = atob(
    payload
      .slice(Math.floor(span.start / 4) * 4, Math.ceil(span.end / 4) * 4)
      .replaceAll("-", "+")
      .replaceAll("_", "/"),
  );
  expect(decoded).toContain('"iss":"keywright/0.1.0"');
});

test("sends, says what happened and draws the ladder", async () => {
  const { user, host } = await build();
  await user.click(screen.getByRole("button", { name: /^Send to Local/ }));
  expect(await screen.findByRole("heading", { name: "Accepted by Local in 12 ms." })).toBeInTheDocument();
  const ladder = screen.getByRole("list", { name: "Gates, in the order a server checks" });
  expect(within(ladder).getAllByRole("listitem")).toHaveLength(7);
  expect(screen.getByRole("radio", { name: "Answer" })).toBeChecked();
  expect(host.asked("request_send")).toHaveLength(1);
});

test("adds a missing scope and sends again", async () => {
  const { user, state, text } = await build();
  state.change({ target: { endpoint: "create-buyer" } });
  await waitFor(() => expect(state.reading?.endpoint?.method).toBe("POST"));
  await user.click(screen.getByRole("button", { name: /^Send to Local/ }));
  await user.click(await screen.findByRole("button", { name: "Add buyers.write and send" }));
  expect(await screen.findByRole("heading", { name: "Accepted by Local in 12 ms." })).toBeInTheDocument();
  expect(text()).toContain("buyers.write");
});

test("the server's time counts for one signature only", async () => {
  const { user, host, state } = await build();
  const accepted = await host.call("request_send", { draft: state.draft as NonNullable<typeof state.draft>, job: 1, follow: false });
  host.answer("request_send", () => ({
    ...accepted,
    sent: {
      ...(accepted.sent as Sent),
      kind: "refused",
      asWanted: false,
      sentence: "Refused: your clock is 94 s ahead.",
      skew: { ahead: 94, words: "94 s behind" },
      gates: [{ gate: "time", title: "Time", passage: "stopped", certainty: "proved", reason: "nbf lies in the server's future" }],
    },
  }));
  await user.click(screen.getByRole("button", { name: /^Send to Local/ }));
  await user.click(await screen.findByRole("button", { name: "Sign with the server's time once" }));
  await waitFor(() => expect(host.asked("request_send").map(({ draft }) => draft.shift)).toEqual([0, 0, -94]));
  expect(state.draft?.shift).toBe(0);
});

test("a call that takes long can be cancelled, and that is not an error", async () => {
  const { user, host, state } = await build();
  let fail: (error: unknown) => void = () => {};
  host.answer("request_send", () => new Promise((_, refuse) => (fail = refuse)));
  host.answer("job_cancel", () => {
    fail({ code: "gone", message: "cancelled" });
    return null;
  });
  const clock = stopClock();
  await user.click(screen.getByRole("button", { name: /^Send to Local/ }));
  const underway = state.underway as NonNullable<typeof state.underway>;
  const later = async (ms: number) => {
    clock.mockReturnValue(underway.since + ms);
    // Looked at a few times each second.
    await screen.findByRole("button", { name: spanWords(ms / 1000) });
  };
  await later(1_999);
  expect(screen.queryByRole("button", { name: "Cancel" })).toBeNull();
  await later(2_500);
  vi.restoreAllMocks();
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(host.asked("job_cancel")).toEqual([{ job: underway.job }]);
  await waitFor(() => expect(state.underway).toBeNull());
  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByRole("button", { name: /^Send to Local/ })).toBeEnabled();
});

test("a session made for this checkout is pinned into the claims, and the draft's call stays", async () => {
  const { user, host, text, state } = await build();
  await user.click(screen.getByRole("button", { name: "Presets…" }));
  await user.click(await screen.findByRole("menuitem", { name: /Tie to a checkout session/ }));
  await user.click(await screen.findByRole("button", { name: "Create a session" }));
  await waitFor(() => expect(text()).toMatch(/"checkout_session_id": "[0-9a-f-]{36}"/));
  expect(host.asked("sheet_create").map(({ claim }) => claim)).toEqual(["checkout_session_id"]);
  expect(text()).not.toContain("checkout-sessions.write");
  expect(state.draft?.target).toEqual({ endpoint: "transactions" });
});

test("a recipe is saved by name and opens on another environment", async () => {
  const { user, workbench, state, replace, text } = await build();
  replace('"iss": "keywright/0.1.0"', '"iss": "nightly"');
  await user.click(screen.getByRole("button", { name: "Recipes…" }));
  await user.click(await screen.findByRole("button", { name: "Save as recipe…" }));
  const name = await screen.findByRole("textbox", { name: "Name" });
  await user.clear(name);
  await user.type(name, "Nightly report{Enter}");
  await waitFor(() => expect(workbench.desk.recipes.map(({ name }) => name)).toEqual(["Nightly report"]));
  workbench.desk.go({ profile: "Acme · Gr4vy", environment: "sandbox" });
  await waitFor(() => expect(state.draft?.environment).toBe("sandbox"));
  await waitFor(() => expect(text()).not.toContain("nightly"));
  await user.click(screen.getByRole("button", { name: "Recipes…" }));
  await user.click(await screen.findByRole("button", { name: /^Open Nightly report/ }));
  await waitFor(() => expect(text()).toContain('"iss": "nightly"'));
  expect(state.draft?.environment).toBe("sandbox");
});

const signedForLive = async (window: Awaited<ReturnType<typeof build>>) => {
  await window.user.click(screen.getByRole("button", { name: /^Sign for LIVE/ }));
  await waitFor(() => expect(window.state.token).not.toBeNull());
};

test("in live nothing is signed before consent", async () => {
  const window = await build("production");
  const { host, container, state } = window;
  expect(screen.getByRole("heading", { name: "Nothing is signed yet." })).toBeInTheDocument();
  expect(container.querySelector(".ribbon .none")).toHaveTextContent("not signed");
  expect(state.token).toBeNull();
  await signedForLive(window);
  expect(host.asked("request_send")).toHaveLength(0);
});

test("a yes to live says what it covers, and more than that is not signed", async () => {
  const window = await build("production");
  const { state, type, replace } = window;
  const steps = screen.getByRole("list", { name: "Two steps to Live" });
  const covers = "Acme · Gr4vy with checkout-live-2026-11 for Production: transactions.read, buyers.read, embed, for at most 5 min";
  expect(steps).toHaveTextContent(`Asks to sign as ${covers}. The yes holds until you lock, quit or do nothing for ten minutes.`);
  expect(document.body).not.toHaveTextContent(/one token/i);
  await signedForLive(window);
  expect(steps).toHaveTextContent(`You agreed to sign as ${covers}.`);

  // Within the yes it is signed as one types.
  type(1, 1, "\n");
  await waitFor(() => expect(state.readOf?.claims).toBe(state.draft?.claims));
  expect(state.token).not.toBeNull();
  replace('"buyers.read"', '"*.write"');
  await waitFor(() => expect(state.token).toBeNull());
  expect(screen.getByRole("button", { name: /^Sign for LIVE/ })).toBeEnabled();
  replace('"*.write"', '"buyers.read"');
  await waitFor(() => expect(state.token).not.toBeNull());
  replace('"$now+5m"', '"$now+1h"');
  await waitFor(() => expect(state.token).toBeNull());
});

test("a profile that has each call asked for promises nothing that lasts", async () => {
  const { workbench } = await build("production");
  const profiles = workbench.desk.profiles.map((profile) => ({ ...profile, guards: { production: "always" as const } }));
  workbench.desk.profiles = profiles;
  const steps = screen.getByRole("list", { name: "Two steps to Live" });
  await waitFor(() => expect(steps).toHaveTextContent("The profile has it ask for each token."));
  expect(steps).toHaveTextContent("The profile has each call ask again.");
  expect(steps).not.toHaveTextContent("The yes holds");
});

test("a page that was loaded again has a live draft unsigned", async () => {
  const window = await build("production");
  await signedForLive(window);
  window.unmount();
  window.host.world.place = { profile: "Acme · Gr4vy", environment: "production" };
  await window.host.call("program_start", null);
  const { desk, context } = setUp(window.host);
  await desk.resume();
  render(Build, { context });
  expect(await screen.findByRole("heading", { name: "Nothing is signed yet." })).toBeVisible();
  expect(screen.getByRole("button", { name: /^Sign for LIVE/ })).toBeEnabled();
  expect(useBuild(desk).token).toBeNull();
  expect(window.host.asked("draft_sign")).toHaveLength(1);
});

test("Send keeps the focus while it waits, and is not pressed twice", async () => {
  const { user, host } = await build();
  let answer: () => void = () => undefined;
  const sending = await host.call("request_send", { draft: await host.call("draft_open", null), job: 0, follow: false });
  host.answer("request_send", () => new Promise((done) => (answer = () => done(sending))));
  const before = host.asked("request_send").length;
  const send = screen.getByRole("button", { name: /^Send to Local/ });
  send.focus();
  await user.keyboard("{Enter}{Enter}");

  expect(host.asked("request_send")).toHaveLength(before + 1);
  expect(send).toHaveAttribute("aria-disabled", "true");
  expect(send).toHaveFocus();
  answer();
  await waitFor(() => expect(send).not.toHaveAttribute("aria-disabled"));
});

test("an own lifetime leaves the focus where it was chosen", async () => {
  const { user, text } = await build();
  await user.click(screen.getByRole("button", { name: "Other…" }));
  const field = screen.getByRole("textbox", { name: "Lifetime in seconds" });
  await user.clear(field);
  await user.type(field, "90 s{Enter}");
  await waitFor(() => expect(text()).toContain('"exp": "$now+90s"'));
  expect(await screen.findByRole("button", { name: "1 min 30 s" })).toHaveFocus();
});

test("without a scope it says what that means", async () => {
  const { state } = await build();
  await state.edit({ set: "scopes", scopes: [] });
  expect(await screen.findByText("None: most calls will be refused.")).toBeVisible();
});

test("a key that another screen sends signs this draft", async () => {
  const { workbench, state } = await build();
  workbench.route.go("build", { key: "webhooks-2026" });
  await waitFor(() => expect(state.draft?.key).toBe("webhooks-2026"));
});

test("an error stays no longer than what it speaks of", async () => {
  const { user, host, workbench, state, type } = await build();
  const send = () => user.click(screen.getByRole("button", { name: /^Send to Local/ }));
  await send();
  await screen.findByRole("heading", { name: /^Accepted by Local/ });
  host.answer("request_send", () => Promise.reject({ code: "no-key", message: "there is no login for Local" }));
  await send();
  // Said once, and the verdict of an earlier call does not stand under it.
  expect(await screen.findByRole("alert")).toHaveTextContent(/^There is no login for Local\. Choose one/);
  expect(screen.queryByRole("heading", { name: /^Accepted by Local/ })).toBeNull();
  type(1, 1, "\n");
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());

  await send();
  await screen.findByRole("alert");
  await workbench.desk.reload();
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());

  host.answer("copy_as", () => Promise.reject({ code: "rule", message: "this must not be in a snippet" }));
  await user.click(screen.getByRole("radio", { name: "Request" }));
  await user.click(await screen.findByRole("button", { name: "Copy as…" }));
  await user.click(await screen.findByRole("menuitem", { name: /^HTTPie/ }));
  expect(await screen.findByRole("alert")).toHaveTextContent("This must not be in a snippet.");
  state.change({ body: "{}" });
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("consent that was not given is said in place", async () => {
  const { user, host } = await build("production");
  host.answer("draft_sign", () => Promise.reject({ code: "live-without-consent", message: "you said no" }));
  await user.click(screen.getByRole("button", { name: /^Sign for LIVE/ }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Nothing was done for live.");
});

test("a token is signed afresh before it ends, once for each expiry, and the copied one stays", async () => {
  const { host, state } = await build();
  const reading = state.reading as DraftReading;
  state.noteCopied();
  const now = Math.floor(Date.now() / 1000);
  host.answer("draft_read", () => ({
    ...reading,
    token: { header: "h", payload: "p", signature: "s" },
    times: { issued: now - 290, notBefore: now - 290, expires: now + 10 },
    now,
  }));
  // The screen beats each second by itself, so the count begins before its next beat may sign afresh.
  const before = host.asked("draft_read").length;
  state.read();
  await waitFor(() => expect(state.token).toBe("h.p.s"));
  state.tick();
  state.tick();
  await waitFor(() => expect(host.asked("draft_read")).toHaveLength(before + 2));
  expect(state.copied?.token).not.toBe("h.p.s");
  expect(await screen.findByText(/^copied one:/)).toBeInTheDocument();
});

test("scopes are chosen by filter and keyboard", async () => {
  const { user, text } = await build();
  await user.click(screen.getByRole("button", { name: /^Scopes…/ }));
  const filter = await screen.findByRole("combobox", { name: /^Filter/ });
  filter.focus();
  await user.keyboard("payouts{ArrowRight} ");
  expect(await screen.findByRole("option", { name: /^payouts.write/ })).toHaveAttribute("aria-selected", "true");
  await user.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(text()).toContain('"payouts.write"'));
});

test("the draft and its undo are still there after another screen", async () => {
  const first = await build();
  const before = first.text();
  first.replace('"iss": "keywright/0.1.0"', '"iss": "mine"');
  first.unmount();
  const { container } = render(Build, { context: first.workbench.context });
  await waitFor(() => expect(container.querySelector(".cm-editor")).toBeInTheDocument());
  const again = EditorView.findFromDOM(container.querySelector(".cm-editor") as HTMLElement) as EditorView;
  expect(again.state.doc.toString()).toContain('"iss": "mine"');
  undo(again);
  expect(again.state.doc.toString()).toBe(before);
  // What is shown follows what is typed, as on the first visit.
  again.dispatch({ changes: { from: 0, to: before.length, insert: "{" } });
  await waitFor(() => expect(first.state.token).toBeNull());
  again.dispatch({ changes: { from: 0, to: 1, insert: before } });
  await waitFor(() => expect(first.state.token).not.toBeNull());
});

test("has no accessibility violations", async () => {
  const { container, user } = await build();
  await user.click(screen.getByRole("button", { name: /^Send to Local/ }));
  await screen.findByRole("heading", { name: "Accepted by Local in 12 ms." });
  await user.click(screen.getByRole("button", { name: "Show the whole token" }));
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});
