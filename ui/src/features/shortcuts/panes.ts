/** The parts of the window between which F6 moves: everything marked `data-pane`, in the order of the page. */

const REACHABLE = 'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [contenteditable="true"], [tabindex="0"]';

export function goToPane(step: 1 | -1, root: ParentNode = document) {
  const panes = [...root.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (pane) => pane.querySelector("[data-pane]") === null && pane.getClientRects().length > 0,
  );
  if (panes.length === 0) return;
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(here === -1 ? (step === 1 ? 0 : panes.length - 1) : here + step + panes.length) % panes.length] as HTMLElement;
  enter(next);
}

/** What of the pane is chosen already comes before what is first in it. */
function enter(pane: HTMLElement) {
  const current = pane.querySelector<HTMLElement>("[aria-current][href], [aria-selected=true][tabindex]");
  const reachable = [...pane.querySelectorAll<HTMLElement>(REACHABLE)].find((element) => element.tabIndex >= 0);
  (current ?? reachable ?? focusable(pane)).focus();
}

/** The pane itself, for keys of ours to put the focus on. */
export function focusable(pane: HTMLElement): HTMLElement {
  if (!pane.hasAttribute("tabindex")) pane.tabIndex = -1;
  return pane;
}

/** Leaves a text that is being edited without leaving its pane. Says whether there was one. */
export function leaveText(): boolean {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active.closest("input, textarea, [contenteditable=true]") === null) return false;
  const pane = active.closest<HTMLElement>("[data-pane], main");
  if (pane === null) return false;
  focusable(pane).focus();
  return true;
}
