/** Times and spans in words, short enough for a row. Times are seconds since 1970, clocks are those of this computer. */

const UNITS: [seconds: number, unit: string][] = [
  [31_557_600, "y"],
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** "3 h 12 min", "45 s", "12 d", "2 y 40 d": two units at most, and one from ten of it on. */
export function spanWords(seconds: number): string {
  let rest = Math.abs(Math.round(seconds));
  const words: string[] = [];
  for (const [size, unit] of UNITS) {
    const count = Math.floor(rest / size);
    if (count === 0 && words.length === 0 && size > 1) continue;
    if (count > 0 || words.length === 0) words.push(`${group(count)} ${unit}`);
    rest -= count * size;
    if (words.length === 2 || (count >= 10 && size >= 86_400) || (words.length === 1 && rest === 0)) break;
    // The next unit says nothing when it is empty: "3 h 0 min".
    if (count === 0) break;
  }
  return words.join(" ");
}

/** "14:07", with seconds "14:07:31". */
export function clockWords(at: number, seconds = false): string {
  const date = new Date(at * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  const parts = [date.getHours(), date.getMinutes(), ...(seconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** "14:07" today, "12 Nov, 14:07" this year, "12 Nov 2024" before and after. */
export function whenWords(at: number, now: number): string {
  const date = new Date(at * 1000);
  const today = new Date(now * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  if (date.toDateString() === today.toDateString()) return clockWords(at);
  if (date.getFullYear() === today.getFullYear()) return `${dayMonthWords(at)}, ${clockWords(at)}`;
  return `${dayMonthWords(at)} ${date.getFullYear()}`;
}

/** "today", "yesterday", "12 d ago", "2 y ago": how old something is. */
export function ageWords(at: number, now: number): string {
  const days = Math.floor((startOfDay(now) - startOfDay(at)) / 86_400 + 0.5);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  return `${spanWords(days < 365 ? days * 86_400 : Math.floor(days / 365.25) * 31_557_600 || 31_557_600)} ago`;
}

/** "12 Nov". */
export function dayMonthWords(at: number): string {
  const date = new Date(at * 1000);
  return `${date.getDate()} ${MONTHS[date.getMonth()] ?? ""}`;
}

function startOfDay(at: number): number {
  return new Date(at * 1000).setHours(0, 0, 0, 0) / 1000;
}

/** 9,999,000: one way of writing it everywhere, whatever the system's language is. */
export function group(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
