/** Where the focus goes when what had it leaves the page: a screen, a row that was deleted, a button that was pressed. */

/** Until the returned function is called, keys and screen readers then go on in the screen. */
export function keepFocus(): () => void {
  let last: Element | null = null;
  const remember = (event: FocusEvent) => (last = event.target instanceof Element ? event.target : null);
  const goOn = () => {
    const lost = document.activeElement === null || document.activeElement === document.body;
    // A screen that is still on its way comes with the next change.
    const main = document.querySelector("main");
    if (!lost || main === null || last?.isConnected === true) return;
    main.tabIndex = -1;
    main.focus();
  };
  const watch = new MutationObserver(goOn);
  document.addEventListener("focusin", remember);
  watch.observe(document.body, { childList: true, subtree: true });
  goOn();
  return () => {
    document.removeEventListener("focusin", remember);
    watch.disconnect();
  };
}
