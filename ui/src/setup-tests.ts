import "@testing-library/jest-dom/vitest";
import { configure } from "@testing-library/svelte";

// Screens are fetched when they are first opened, which on a busy computer takes more than a second.
configure({ asyncUtilTimeout: 8_000 });

// happy-dom takes every Alt for AltGr, which types characters.
KeyboardEvent.prototype.getModifierState = function (modifier) {
  return { Alt: this.altKey, Control: this.ctrlKey, Meta: this.metaKey, Shift: this.shiftKey }[modifier] ?? false;
};
