import type { Diagnostic } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";

import type { DraftFinding, Fix } from "../../host/wire";

/** Makes the edits of a fix in one step, so that one undo takes them back. */
export function applyFix(view: EditorView, fix: Fix): void {
  view.dispatch({ changes: fix.edits, userEvent: "input.fix", scrollIntoView: true });
  view.focus();
}

/** What the editor underlines. Findings about the header stand elsewhere. */
export function inClaims(findings: DraftFinding[]): DraftFinding[] {
  return findings.filter((finding) => finding.part !== "header");
}

export function diagnostics(findings: DraftFinding[], length: number): Diagnostic[] {
  return inClaims(findings).map((finding) => ({
    // A reading of an older, longer text must not throw here.
    from: Math.min(finding.from, length),
    to: Math.min(Math.max(finding.to, finding.from), length),
    severity: finding.severity,
    message: finding.hint === undefined ? finding.message : `${finding.message}\n${finding.hint}`,
    actions: finding.fixes.map((fix) => ({ name: fix.title, apply: (view: EditorView) => applyFix(view, fix) })),
  }));
}
