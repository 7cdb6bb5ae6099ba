import { fireEvent, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FakeHost } from "../../host/fake";
import type { Toasts as Said } from "../../state/toasts.svelte";
import { setUp } from "../../state/workbench";
import Toasts from "./Toasts.svelte";

let toasts: Said;
let unmount: () => void;
const region = () => screen.getByRole("region", { name: "Messages" });
const texts = () => toasts.shown.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  const host = new FakeHost();
  const workbench = setUp(host, host.world.start);
  toasts = workbench.toasts;
  ({ unmount } = render(Toasts, { context: workbench.context }));
});
afterEach(() => vi.useRealTimers());

/** Long after whatever is shown has gone, unless it is held. */
async function later() {
  await tick();
  vi.advanceTimersByTime(60_000);
  await tick();
}

test("what is pointed at stays, with all that comes meanwhile, and goes after", async () => {
  toasts.say("Renamed.");
  await fireEvent.pointerEnter(region());
  toasts.say("Copied.");
  await later();
  expect(texts()).toEqual(["Renamed.", "Copied."]);

  await fireEvent.pointerLeave(region());
  await later();
  expect(texts()).toEqual([]);
});

test("one that has the focus and is pressed holds nothing any more", async () => {
  toasts.say("Renamed.");
  toasts.undoable({ undo: 7, words: "Deleted demo." });
  await tick();
  screen.getByRole("button", { name: "Undo" }).focus();
  await later();
  expect(texts()).toEqual(["Renamed.", "Deleted demo."]);

  await fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  await later();
  expect(texts()).toEqual([]);
});

test("the last one that is dismissed under the pointer holds nothing that comes later", async () => {
  toasts.say("Renamed.");
  await fireEvent.pointerEnter(region());
  await fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  await tick();
  toasts.say("Copied.");
  await later();
  expect(texts()).toEqual([]);
});

test("what was held goes where the screen went", async () => {
  await fireEvent.pointerEnter(region());
  unmount();
  toasts.say("Renamed.");
  await later();
  expect(texts()).toEqual([]);
});
