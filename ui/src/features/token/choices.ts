/** Which lifetime and which start a draft has now, among those that are offered. */
import type { Lifetime, Times } from "../../host/wire";

export const STARTS = [0, 30, 60] as const;

/** Seconds that the token lives from the reading on; none where it has no end. */
export function lifetime({ expires }: Times, now: number): number | null {
  return expires === null ? null : expires - now;
}

/** How long before the reading the token begins to be valid, if that is one of those offered. */
export function start({ issued, notBefore }: Times, now: number): number | null {
  const began = notBefore ?? issued;
  if (began === null) return null;
  // A reading takes a moment; a second more or less is the same choice.
  return STARTS.find((offered) => Math.abs(now - began - offered) <= 2) ?? null;
}

export function chosen(offered: Lifetime[], times: Times, now: number): Lifetime | null {
  const lives = lifetime(times, now);
  return offered.find(({ seconds }) => lives !== null && Math.abs(seconds - lives) <= 2) ?? null;
}

/** "45", "45 s", "10m", "2 h", "1d" in seconds. */
export function seconds(text: string): number | null {
  const parts = /^\s*(\d{1,9})\s*(s|sec|m|min|h|d)?\s*$/i.exec(text);
  if (parts === null) return null;
  const unit = { s: 1, sec: 1, m: 60, min: 60, h: 3600, d: 86_400 }[(parts[2] ?? "s").toLowerCase()] ?? 1;
  const all = Number(parts[1]) * unit;
  return all > 0 ? all : null;
}
