import { expect, test } from "vitest";

import { showAppearance } from "./theme";

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

  const stop = showAppearance(root, { theme: "system", textPercent: 100 }, system);
  expect(root.dataset["theme"]).toBe("light");

  system.turn(true);
  expect(root.dataset["theme"]).toBe("dark");

  stop();
  system.turn(false);
  expect(root.dataset["theme"]).toBe("dark");
});

test("keeps the theme that was chosen, and the size of the text", () => {
  const root = document.createElement("html");
  const system = new System();

  showAppearance(root, { theme: "light", textPercent: 150 }, system);
  system.turn(true);

  expect(root.dataset["theme"]).toBe("light");
  expect(root.style.getPropertyValue("--text-scale")).toBe("1.5");
});
