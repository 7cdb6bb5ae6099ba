/** How many pixels the root's text has now: the person and the settings may enlarge it. */
export function rootRem(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
