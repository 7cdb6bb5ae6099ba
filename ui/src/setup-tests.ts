import "@testing-library/jest-dom/vitest";
import { configure } from "@testing-library/svelte";

// What is waited for comes when it comes: on a busy computer a screen that is fetched first takes seconds. The deadline, and the
// longer one of each test in vite.config.ts, matter only where a test fails.
configure({ asyncUtilTimeout: 60_000 });

// happy-dom takes every Alt for AltGr, which types characters.
KeyboardEvent.prototype.getModifierState = function (modifier) {
  return { Alt: this.altKey, Control: this.ctrlKey, Meta: this.metaKey, Shift: this.shiftKey }[modifier] ?? false;
};
