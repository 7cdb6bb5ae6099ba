import { render } from "@testing-library/svelte";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { afterEach, expect, test, vi } from "vitest";

import { jsonEditor } from "./parts/editor/json";
import Chip from "./parts/Chip.svelte";
import { showUnseen, visible } from "./unseen";

const RLO = "\u202e";

test.each([
  ["nothing to see here", "nothing to see here"],
  [`invoice${RLO}fdp.exe`, "invoice‹U+202E›fdp.exe"],
  ["a\u200bb\ufeffc\u0000d\u001b[2J", "a‹U+200B›b‹U+FEFF›c‹U+0000›d‹U+001B›[2J"],
  ["two\r\nlines\tand a tab", "two\r\nlines\tand a tab"],
  ["\u{e0041}", "‹U+E0041›"],
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
