/** What of the keys is listed: by segment and by words. Made for ten thousand of them at every keystroke. */

import { KEPT, type KeyRow } from "../../host/wire";

export type Segment = "all" | "live" | "due" | "deleted";

const DAY = 86_400;

/** A key with what a filter looks at, so that it is put together once and not at each keystroke. */
export interface Listed {
  key: KeyRow;
  text: string;
}

export function listed(keys: KeyRow[]): Listed[] {
  return keys.map((key) => ({
    key,
    text: [
      key.name,
      key.describe,
      key.alg,
      key.thumbprint,
      key.kid,
      key.binding?.label,
      key.binding?.tier,
      key.origin,
      ...Object.values(key.fields),
      ...key.profiles,
    ]
      .filter(Boolean)
      .join("\n")
      .toLowerCase(),
  }));
}

/** `due` has the names of the keys that ask to be rotated. */
export function inSegment({ name, deleted, binding }: KeyRow, segment: Segment, due: ReadonlySet<string>): boolean {
  if (segment === "deleted") return deleted !== null;
  if (segment === "due") return deleted === null && due.has(name);
  return deleted === null && (segment === "all" || binding?.tier === "live");
}

/** Every word must be somewhere. */
export function choose(rows: Listed[], segment: Segment, filter: string, due: ReadonlySet<string> = new Set()): KeyRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen: KeyRow[] = [];
  for (const { key, text } of rows) {
    if (inSegment(key, segment, due) && words.every((word) => text.includes(word))) chosen.push(key);
  }
  return chosen;
}

export function count(keys: KeyRow[], segment: Segment, due: ReadonlySet<string> = new Set()): number {
  return keys.reduce((sum, key) => sum + (inSegment(key, segment, due) ? 1 : 0), 0);
}

/** Whole days until a deleted key is destroyed. */
export function daysLeft(goneAt: number, now: number): number {
  return Math.max(0, Math.ceil((goneAt - now) / DAY));
}

/** When a deleted key can no longer be restored. */
export function goneAt(deleted: number): number {
  return deleted + KEPT.deletedSeconds;
}

/** "ohySS9N7 aqLFrERh …": a thumbprint as people read it aloud. */
export function inEights(text: string): string {
  return text.replace(/.{8}(?=.)/g, "$& ");
}
