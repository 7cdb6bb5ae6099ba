import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { expect, test, vi } from "vitest";

import { FakeHost } from "../../host/fake";
import type { TimelineRow } from "../../host/wire";
import { passed } from "../../state/clock";
import { setUp } from "../../state/workbench";
import { stopClock } from "../../testing/clock";
import { stumbles } from "../../testing/door";
import FlowVerdict from "./FlowVerdict.svelte";
import { look, parts } from "./look";
import Timeline from "./Timeline.svelte";
import Waiting from "./Waiting.svelte";

const context = () => {
  const host = new FakeHost();
  return setUp(host, host.world.start).context;
};
const sent = { method: "GET", url: "https://api.example/v1/things?page=1", headers: [], body: "" };
const came = (status: number) => ({ status, headers: [], body: "", cut: false });
const row = (kind: string, words: string, part: Partial<TimelineRow> = {}): TimelineRow => ({
  kind,
  at: 0,
  tookMs: null,
  words,
  sent: null,
  came: null,
  ...part,
});
const rows = [
  row("send", "401, refused", { sent, came: came(401), tookMs: 30 }),
  row("renew", "refresh once"),
  row("send", "200, accepted", { sent, came: came(200), tookMs: 10 }),
];
const detail = createRawSnippet<[TimelineRow]>((shown) => ({ render: () => `<p>detail of ${shown().words}</p>` }));

test("a row is drawn by what came back, and by its kind where nothing did", () => {
  expect(rows.map(look)).toEqual(["bad", "plain", "good"]);
  expect(look(row("wait", ""))).toBe("wait");
  expect(look(row("give-up", ""))).toBe("bad");
  expect(look(row("redirect", "", { came: came(302) }))).toBe("good");
  expect(look(row("send", "", { came: came(503) }))).toBe("bad");
});

test("what took time has its part of the whole, in order", () => {
  expect(parts(rows)).toEqual([{ from: 0, share: 0.75 }, null, { from: 0.75, share: 0.25 }]);
  expect(parts([{ tookMs: null }])).toEqual([null]);
  expect(parts([{ tookMs: 0 }])).toEqual([null]);
});

test("each attempt is a row that opens; what only happened does not", async () => {
  const user = userEvent.setup();
  const { container } = render(Timeline, { props: { rows, detail, running: false } });
  expect(screen.getAllByRole("listitem")).toHaveLength(3);
  expect(screen.getByText("3 steps")).toBeVisible();
  const buttons = screen.getAllByRole("button");
  expect(buttons).toHaveLength(2);
  expect(buttons[0]).toHaveTextContent("GET /v1/things?page=1");
  await user.click(buttons[0] as HTMLElement);
  expect(buttons[0]).toHaveAttribute("aria-expanded", "true");
  expect(screen.getByText("detail of 401, refused")).toBeVisible();
  await user.keyboard("{Enter}");
  expect(screen.queryByText("detail of 401, refused")).toBeNull();
  expect(await stumbles(container)).toEqual([]);
});

test("a kind that is new to the window is still named", () => {
  render(Timeline, { props: { rows: [row("something-else", "it happened")], detail, running: true } });
  expect(screen.getByText("something-else")).toBeVisible();
  expect(screen.getByText("It happened.")).toBeVisible();
});

test("a wait counts down, says why once, and can be cancelled once", async () => {
  const user = userEvent.setup();
  const oncancel = vi.fn();
  const clock = stopClock();
  const until = passed() + 65;
  const { rerender } = render(Waiting, { props: { until, why: "Retry-After", cancelled: false, oncancel }, context: context() });
  expect(screen.getByRole("status")).toHaveTextContent("Waiting 1 min 5 s: Retry-After");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(oncancel).toHaveBeenCalledOnce();
  await rerender({ cancelled: true });
  expect(screen.getByRole("button", { name: "Cancel" })).toBeDisabled();
  await rerender({ until: passed() - 1 });
  expect(screen.getByText("Going on")).toBeInTheDocument();
  clock.mockRestore();
});

test("a flow that failed says why, a verification that says no is not a failure", async () => {
  const flow = { kind: "log-in", label: "Log in" } as const;
  const { rerender } = render(FlowVerdict, {
    props: { flow, ran: { failed: "no active account", asWanted: false, verified: null }, edited: false },
  });
  expect(screen.getByRole("alert")).toHaveTextContent(/^Log in failed\. ?No active account\.$/);
  await rerender({ ran: { failed: null, asWanted: true, verified: null } });
  expect(screen.getByRole("status")).toHaveTextContent(/^Logged in\.$/);
  await rerender({ flow: { kind: "verify", label: "Verify" }, ran: { failed: null, asWanted: false, verified: false }, edited: true });
  expect(screen.getByRole("status")).toHaveTextContent(/^The server says that it is not good\. ?This is about the draft as it was then/);
});
