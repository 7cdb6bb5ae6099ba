import { expect, test, vi } from "vitest";

import { matches, Shortcuts } from "./shortcuts";

const press = (key: string, init: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, cancelable: true, ...init });

test.each([
  ["Mod+K", press("k", { ctrlKey: true }), true],
  ["Mod+K", press("K", { ctrlKey: true, shiftKey: true }), false],
  ["Mod+K", press("k"), false],
  ["Mod+Shift+C", press("C", { ctrlKey: true, shiftKey: true }), true],
  // A layout without Latin letters still has the key.
  ["Mod+K", press("л", { ctrlKey: true, code: "KeyK" }), true],
  // Digits stand on the shifted row of some layouts.
  ["Mod+1", press("&", { ctrlKey: true, code: "Digit1" }), true],
  ["Mod+Alt+C", press("c", { ctrlKey: true, altKey: true, code: "KeyC" }), true],
  ["Alt+ArrowLeft", press("ArrowLeft", { altKey: true }), true],
  ["Alt+ArrowLeft", press("ArrowLeft"), false],
  ["Shift+F6", press("F6", { shiftKey: true }), true],
  ["F6", press("F6", { shiftKey: true }), false],
])("%s", (keys, event, wanted) => {
  expect(matches(event, keys, false)).toBe(wanted);
});

test("Mod is the command key on macOS and the control key elsewhere", () => {
  expect(matches(press("k", { metaKey: true }), "Mod+K", true)).toBe(true);
  expect(matches(press("k", { ctrlKey: true }), "Mod+K", true)).toBe(false);
  expect(matches(press("k", { metaKey: true }), "Mod+K", false)).toBe(false);
});

test("a character typed with AltGr is not a shortcut", () => {
  const event = press("ć", { ctrlKey: true, altKey: true, code: "KeyC" });
  Object.defineProperty(event, "getModifierState", { value: (name: string) => name === "AltGraph" });

  expect(matches(event, "Mod+Alt+C", false)).toBe(false);
});

test("the newest action with the keys runs, and the older one again after it", () => {
  const shortcuts = new Shortcuts(false);
  const [older, newer] = [vi.fn(), vi.fn()];
  shortcuts.add({ title: "Inspect", group: "Anywhere", keys: "Mod+Shift+V", run: older });
  const remove = shortcuts.add({ title: "Paste", group: "Inspect", keys: "Mod+Shift+V", run: newer });
  const event = press("V", { ctrlKey: true, shiftKey: true });

  expect(shortcuts.press(event)).toBe(true);
  expect(event.defaultPrevented).toBe(true);
  expect([older.mock.calls.length, newer.mock.calls.length]).toEqual([0, 1]);

  remove();
  shortcuts.press(press("V", { ctrlKey: true, shiftKey: true }));
  expect([older.mock.calls.length, newer.mock.calls.length]).toEqual([1, 1]);
});

test("an action that cannot run now leaves the keys alone", () => {
  const shortcuts = new Shortcuts(false);
  shortcuts.add({ title: "Back", group: "Anywhere", keys: "Alt+ArrowLeft", when: () => false, run: () => undefined });
  const event = press("ArrowLeft", { altKey: true });

  expect(shortcuts.press(event)).toBe(false);
  expect(event.defaultPrevented).toBe(false);
});

test("shows keys as they are written here", () => {
  expect(new Shortcuts(false).show("Mod+Shift+C")).toBe("Ctrl Shift C");
  expect(new Shortcuts(true).show("Mod+Shift+C")).toBe("⇧⌘C");
  expect(new Shortcuts(false).show("Mod+Enter")).toBe("Ctrl ↵");
});
