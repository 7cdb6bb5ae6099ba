import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Toasts, type Toast } from "./toasts.svelte";

const takeBack = vi.fn(() => Promise.resolve());
let toasts: Toasts;
const texts = () => toasts.shown.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  takeBack.mockClear();
  toasts = new Toasts(takeBack);
});
afterEach(() => vi.useRealTimers());

test("goes away by itself, sooner where nothing can be undone", () => {
  toasts.say("Saved checkout.pem.");
  toasts.undoable({ undo: 7, words: "Deleted demo." });

  vi.advanceTimersByTime(4_000);
  expect(texts()).toEqual(["Deleted demo."]);
  vi.advanceTimersByTime(6_000);
  expect(texts()).toEqual([]);
});

test("undoes what it says, once", async () => {
  toasts.undoable({ undo: 7, words: "Deleted demo." });
  const [toast] = toasts.shown as [Toast];

  await toasts.undo(toast);
  expect(takeBack.mock.calls).toEqual([[7]]);
  expect(texts()).toEqual([]);
});

test("says why when it could not be undone", async () => {
  takeBack.mockRejectedValueOnce({ code: "gone", message: "this was taken back already" });
  toasts.undoable({ undo: 7, words: "Deleted demo." });

  await toasts.undo(toasts.shown[0] as Toast);
  expect(texts()).toEqual(["This was taken back already."]);
});

test("stays while it is held, and for its whole time after", () => {
  toasts.say("Renamed.");
  vi.advanceTimersByTime(3_000);
  toasts.hold();
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(["Renamed."]);

  toasts.release();
  vi.advanceTimersByTime(3_999);
  expect(texts()).toEqual(["Renamed."]);
  vi.advanceTimersByTime(1);
  expect(texts()).toEqual([]);
});

test("what is said while the others are held stays with them", () => {
  toasts.hold();
  toasts.say("Renamed.");
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(["Renamed."]);

  toasts.release();
  vi.advanceTimersByTime(4_000);
  expect(texts()).toEqual([]);
});

test("three at a time, the latest", () => {
  for (const text of ["one", "two", "three", "four"]) toasts.say(text);
  expect(texts()).toEqual(["two", "three", "four"]);
});
