import "@testing-library/jest-dom/vitest";

// happy-dom takes every Alt for AltGr, which types characters.
KeyboardEvent.prototype.getModifierState = function (modifier) {
  return { Alt: this.altKey, Control: this.ctrlKey, Meta: this.metaKey, Shift: this.shiftKey }[modifier] ?? false;
};
