/** Light or dark, and how large the text is: the colours and sizes are in styles/tokens.css. */
import type { Appearance } from "../host/wire";

/** Where to read the system's wish; the browser's `matchMedia("(prefers-color-scheme: dark)")`. */
export type DarkPreference = Pick<MediaQueryList, "matches" | "addEventListener" | "removeEventListener">;

/** Keeps `root` in the wanted theme, the system's wherever it is, until the returned function is called. */
export function showAppearance(root: HTMLElement, { theme, textPercent }: Appearance, dark: DarkPreference): () => void {
  const apply = () => {
    root.dataset["theme"] = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
  };
  apply();
  root.style.setProperty("--text-scale", String(textPercent / 100));
  measureAgain(root.querySelector("body"));
  dark.addEventListener("change", apply);
  return () => dark.removeEventListener("change", apply);
}

/** Engines ask again which breakpoints hold when the container changes its size, not when a rem changes its own. */
function measureAgain(container: HTMLElement | null) {
  if (container === null) return;
  container.style.width = "calc(100% - 1px)";
  container.getBoundingClientRect();
  container.style.width = "";
}
