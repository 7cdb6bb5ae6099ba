import { render, screen, waitFor } from "@testing-library/svelte";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { afterEach, expect, test, vi } from "vitest";

import { jsonEditor } from "./parts/editor/json";
import { FakeHost } from "./host/fake";
import { fourProviders } from "./host/fake/data";
import { TURNS, unseen } from "./host/fake/unseen";
import Chip from "./parts/Chip.svelte";
import { SCREENS } from "./state/route.svelte";
import { openWindow, unlock } from "./testing/door";
import Field from "./parts/Field.svelte";
import { showUnseen, unseenIn, visible } from "./unseen";

const RLO = TURNS;

test.each([
  ["nothing to see here", "nothing to see here"],
  [`invoice${RLO}fdp.exe`, "invoice‹U+202E›fdp.exe"],
  ["a\u200bb\ufeffc\u0000d\u001b[2J", "a‹U+200B›b‹U+FEFF›c‹U+0000›d‹U+001B›[2J"],
  ["two\r\nlines\tand a tab", "two\r\nlines\tand a tab"],
  ["\u{e0041}", "‹U+E0041›"],
  ["❤\ufe0f 👩\u200d💻 می\u200cخواهم", "❤\ufe0f 👩\u200d💻 می\u200cخواهم"],
  ["transactions.read\u200d", "transactions.read‹U+200D›"],
  ["\u05e9\u05dc\u05d5\u05dd Ärger 日本 👩", "\u05e9\u05dc\u05d5\u05dd Ärger 日本 👩"],
])("%j is shown as %j", (text, shown) => expect(visible(text)).toBe(shown));

let stop = () => undefined as void;
afterEach(() => stop());

test("whatever a component shows later is marked: text, titles, what is read aloud", async () => {
  stop = showUnseen(document.body);
  const { rerender, container } = render(Chip, { text: `acme${RLO}`, onremove: () => undefined });
  await vi.waitFor(() => expect(container.textContent).toContain("acme‹U+202E›"));
  expect(container.innerHTML).not.toContain(RLO);

  await rerender({ text: "calm", onremove: () => undefined });
  expect(container.textContent).toContain("calm");
  await rerender({ text: `hedge${RLO}`, onremove: () => undefined });
  await vi.waitFor(() => expect(container.textContent).toContain("hedge‹U+202E›"));
  await vi.waitFor(() => expect(container.innerHTML).not.toContain(RLO));
});

test("beside a field stands what nobody sees in it", async () => {
  expect(unseenIn(`a${RLO}b\u200bc${RLO}`)).toEqual(["U+202E", "U+200B"]);
  const { rerender } = render(Field, { label: "Gr4vy ID", value: "acme\u200b" });
  expect(screen.getByText("Holds characters that nobody sees: U+200B.")).toBeVisible();
  await rerender({ label: "Gr4vy ID", value: "acme" });
  expect(screen.queryByText(/nobody sees/)).toBeNull();
});

test("an editor shows a mark, and keeps the text as it is", async () => {
  stop = showUnseen(document.body);
  const doc = `{"sub": "a${RLO}b"}`;
  const view = new EditorView({ parent: document.body, state: EditorState.create({ doc, extensions: jsonEditor("claims") }) });
  const mark = view.contentDOM.querySelector(".cm-unseen");
  expect(mark?.textContent).toBe("U+202E");
  expect(view.contentDOM.textContent).not.toContain(RLO);
  expect(view.state.doc.toString()).toBe(doc);
  view.destroy();
});

test("no screen shows a character that nobody sees", async () => {
  const host = new FakeHost(fourProviders());
  unseen(host.world);
  const window = openWindow(host);
  await unlock(window);
  for (const name of SCREENS) {
    window.route.go(name);
    await waitFor(() => expect(document.querySelector("main")).toHaveTextContent(name === "build" ? "Claims" : new RegExp(name, "i")));
    await waitFor(() => expect(document.body.outerHTML).not.toContain(RLO));
  }
  window.route.go("profiles");
  expect(await screen.findAllByText(/‹U\+202E›/)).not.toEqual([]);
  await window.user.click(await screen.findByRole("button", { name: /^New profile/ }));
  await screen.findByRole("dialog");
  await waitFor(() => expect(document.body.outerHTML).not.toContain(RLO));
});
