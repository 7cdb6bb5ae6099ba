// What every JSON editor of the window has: undo, brackets. Tab is never taken, and Escape leaves it as any other text.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";

import { look } from "./look";
import { unseen } from "./unseen";

/** The nonce that the shell put into the page: without it, the policy drops the editor's styles. */
function nonce(): string {
  return document.querySelector<HTMLStyleElement>("#csp-nonce")?.nonce ?? "";
}

// The window sends with Mod+Enter; here it would only put a line in.
const ours = new Set(["Mod-Enter", "Mod-i", "Alt-ArrowLeft", "Alt-ArrowRight"]);

export function jsonEditor(label: string): Extension {
  return [
    EditorView.cspNonce.of(nonce()),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
    EditorState.allowMultipleSelections.of(true),
    indentUnit.of("  "),
    json(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap.filter((binding) => !ours.has(binding.key ?? "") && !ours.has(binding.mac ?? "")),
      ...historyKeymap,
      ...completionKeymap,
    ]),
    look,
    unseen,
  ];
}
