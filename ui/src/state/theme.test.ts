import { expect, test } from "vitest";

import { followSystemTheme } from "./theme";

/** A system whose theme the test decides. */
class System extends EventTarget {
  matches = false;

  turn(dark: boolean) {
    this.matches = dark;
    this.dispatchEvent(new Event("change"));
  }
}

test("starts in the system's theme and follows it until stopped", () => {
  const root = document.createElement("html");
  const system = new System();

  const stop = followSystemTheme(root, system);
  expect(root.dataset["theme"]).toBe("light");

  system.turn(true);
  expect(root.dataset["theme"]).toBe("dark");

  stop();
  system.turn(false);
  expect(root.dataset["theme"]).toBe("dark");
});
