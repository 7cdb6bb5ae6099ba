// How JSON looks in every editor: our tokens by CSS variables, so that a change of theme needs no new editor.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--tok-payload)" },
  { tag: tags.string, color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--info)" },
  { tag: tags.invalid, color: "var(--fail)" },
]);

/** In longhands: WebKitGTK drops a `text-decoration` that names a style or a colour. */
export const underlined = (style: "wavy" | "dotted", color: string) => ({
  textDecorationLine: "underline",
  textDecorationStyle: style,
  textDecorationColor: color,
  textUnderlineOffset: "3px",
});

const shape = EditorView.theme({
  "&": { height: "100%", backgroundColor: "transparent", color: "var(--text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--font-mono)",
    fontSize: "0.78125rem",
    lineHeight: "var(--code-line, 1.25rem)",
    fontVariantLigatures: "none",
    fontFeatureSettings: '"zero"',
    overflow: "auto",
  },
  ".cm-content": { padding: "0.25rem 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 1rem 0 0", position: "relative" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "1.5px" },
  ".cm-gutters": { backgroundColor: "var(--bg)", border: "0", color: "var(--text-3)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.5rem", padding: "0 0.75rem 0 0", fontSize: "0.6875rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--selected)" },
  ".cm-activeLineGutter": { color: "var(--text)" },
  // The selection lies under the lines, so the current line lets it through.
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 28%, transparent) !important",
  },
  ".cm-selectionLayer": { zIndex: "1 !important", pointerEvents: "none" },
  ".cm-matchingBracket": { backgroundColor: "transparent", color: "inherit" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--accent) 16%, transparent)",
    color: "inherit",
  },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "inherit" },
  ".cm-placeholder": { color: "var(--text-3)" },
  // The library draws its waves with data: pictures, which the window's policy does not load.
  ".cm-lintRange": { backgroundImage: "none !important", paddingBottom: "0" },
  ".cm-lintRange-error": underlined("wavy", "var(--fail)"),
  ".cm-lintRange-warning": underlined("wavy", "var(--warn)"),
  ".cm-lintRange-info, .cm-lintRange-hint": underlined("dotted", "var(--info)"),
  ".cm-lintRange-active": { backgroundColor: "color-mix(in srgb, var(--fail) 12%, transparent)" },
  ".cm-lintPoint::after": { display: "none" },
});

const overlays = EditorView.theme({
  ".cm-tooltip": {
    border: "0",
    outline: "1px solid var(--line)",
    borderRadius: "var(--r-2)",
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    boxShadow: "var(--shadow)",
    overflow: "hidden",
    zIndex: "20",
  },
  ".cm-tooltip .cm-diagnostic": {
    font: "var(--t-13) var(--font-ui)",
    padding: "0.5rem 0.75rem",
    border: "0",
    maxWidth: "26.25rem",
    whiteSpace: "pre-wrap",
  },
  ".cm-diagnosticAction": {
    font: "var(--w-strong) var(--t-12) var(--font-ui)",
    backgroundColor: "var(--fill)",
    color: "var(--text)",
    borderRadius: "var(--r-2)",
    padding: "0.25rem 0.5rem",
    margin: "0.5rem 0.5rem 0 0",
    display: "inline-block",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--font-mono)",
    maxHeight: "15.75rem",
    minWidth: "16.25rem",
    padding: "0.25rem",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    gap: "1rem",
    alignItems: "center",
    height: "1.75rem",
    padding: "0 0.5rem",
    borderRadius: "var(--r-1)",
    lineHeight: "1.75rem",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--selected)", color: "var(--text)" },
  ".cm-completionLabel": { flex: "1" },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent)" },
  ".cm-completionDetail": { font: "var(--t-12) var(--font-ui)", color: "var(--text-2)", margin: "0" },
  ".cm-tooltip.cm-completionInfo": {
    font: "var(--t-12) var(--font-ui)",
    padding: "0.5rem 0.75rem",
    color: "var(--text-2)",
    maxWidth: "17.5rem",
  },
});

export const look: Extension = [syntaxHighlighting(colours), shape, overlays];
