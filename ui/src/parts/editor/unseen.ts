// What nobody sees in a text that is edited: a mark in its place, which is one character to the cursor and to what is copied.
import { bidiIsolates } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars } from "@codemirror/view";

import { nameOf, UNSEEN_CHARACTERS } from "../../unseen";

function mark(code: number, description: string | null): HTMLElement {
  const made = document.createElement("span");
  made.className = "cm-unseen";
  made.textContent = nameOf(code);
  made.title = description ?? nameOf(code);
  made.setAttribute("aria-label", made.title);
  return made;
}

/** Strings that run from right to left are laid out by themselves: what stands around them stays where it is. */
export const unseen: Extension = [
  highlightSpecialChars({ specialChars: UNSEEN_CHARACTERS, render: mark }),
  bidiIsolates({ alwaysIsolate: true }),
  EditorView.theme({
    ".cm-unseen": {
      display: "inline-block",
      padding: "0 0.25rem",
      margin: "0 1px",
      borderRadius: "2px",
      backgroundColor: "var(--warn-tint)",
      color: "var(--warn)",
      font: "var(--w-strong) 0.6875rem/1rem var(--font-mono)",
    },
  }),
];
