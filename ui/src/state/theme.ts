/** Light or dark, as the system says: the colours are in styles/tokens.css. */

/** Where to read the system's wish; the browser's `matchMedia("(prefers-color-scheme: dark)")`. */
export type DarkPreference = Pick<MediaQueryList, "matches" | "addEventListener" | "removeEventListener">;

/** Keeps `root` in the system's theme, now and whenever it changes, until the returned function is called. */
export function followSystemTheme(root: HTMLElement, dark: DarkPreference): () => void {
  const apply = () => {
    root.dataset["theme"] = dark.matches ? "dark" : "light";
  };
  apply();
  dark.addEventListener("change", apply);
  return () => dark.removeEventListener("change", apply);
}
