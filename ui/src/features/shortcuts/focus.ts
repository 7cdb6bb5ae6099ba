/** The focus goes on near by when what had it is gone: a row that was deleted, a button that has nothing to do any more. */
import { focusable } from "./panes";

/** What can take the focus in the place of something in it, the nearest first. */
function placesOf(element: Element): HTMLElement[] {
  const places: HTMLElement[] = [];
  for (let place = near(element); place !== null; place = near(place.parentElement)) places.push(place);
  return places;
}

function near(element: Element | null): HTMLElement | null {
  return element?.closest<HTMLElement>('[data-pane], [role="dialog"], main') ?? null;
}

function isThere(element: Element): boolean {
  return element.isConnected && !element.matches(":disabled") && (element.checkVisibility?.() ?? true);
}

/** Until the returned function is called. */
export function keepFocus(): () => void {
  let had: { element: Element; places: HTMLElement[] } | null = null;
  /** What was last reached in the screen itself, for what lies over it without a way back: a toast. */
  let home: HTMLElement | null = null;

  function note({ target }: FocusEvent) {
    if (!(target instanceof HTMLElement)) return;
    const places = placesOf(target);
    if (places.length > 0 && !places.some((place) => place.role === "dialog")) home = target;
    had = { element: target, places };
  }

  function look() {
    const active = document.activeElement;
    if (had === null || (active !== null && active !== document.body && active !== had.element) || isThere(had.element)) return;
    const place = had.places.find((place) => place.isConnected && place.dataset["state"] !== "closed");
    if (place !== undefined) focusable(place).focus();
    else if (home !== null && isThere(home)) home.focus();
    else document.querySelector("main")?.focus();
  }

  const seen = new MutationObserver(look);
  seen.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
  document.addEventListener("focusin", note);
  return () => {
    seen.disconnect();
    document.removeEventListener("focusin", note);
  };
}
