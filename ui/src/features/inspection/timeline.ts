/** A token's times as a line: where it holds, where it does not, where now is. Pure arithmetic; the drawing is Timeline.svelte. */

import type { Times, Tone } from "../../host/wire";
import { spanWords, whenWords } from "../../time";
import { inspect } from "../../messages/inspect";

export interface Timeline {
  stretches: Stretch[];
  marks: Mark[];
  /** Where the line is cut short because one stretch is far longer than the others. */
  breaks: number[];
  /** The same in one sentence, for who cannot see it. */
  words: string;
}
/** `valid` holds, `early` and `late` reach from the validity to now, `plain` is neither. */
export interface Stretch {
  kind: "valid" | "early" | "late" | "plain";
  from: number;
  to: number;
  words: string | null;
  /** It goes on beyond the line: no start or no end is named. */
  open: boolean;
}
export interface Mark {
  x: number;
  /** Where its words start: under it, but never beyond the line. */
  wordsX: number;
  words: string;
  now: boolean;
  tone: Tone;
  /** 0 is nearest to the line. */
  row: number;
}

/** Characters of 11 px are this wide at most, near enough to keep labels apart. */
const CHARACTER = 6.2;
const EDGE = 40;
const LEAST = 0.12;

/** Draws `times` on a line of `width`; none where the token names no time that could be drawn. */
export function timeline(times: Times, now: number, width: number): Timeline | null {
  const named = new Map<number, string[]>();
  const name = (at: number | null, word: string) => {
    if (at !== null && Number.isFinite(at) && Math.abs(at) < 8.64e12) named.set(at, [...(named.get(at) ?? []), word]);
  };
  name(times.issued, "iat");
  name(times.notBefore, "nbf");
  name(times.expires, "exp");
  if (named.size === 0) return null;

  const expires = usable(times.expires);
  const starts = usable(times.notBefore) ?? usable(times.issued);
  const stops = [...new Set([...named.keys(), now])].sort((a, b) => a - b);
  const { place, breaks } = scale(stops, EDGE, width - EDGE);

  const stretches: Stretch[] = [];
  const add = (kind: Stretch["kind"], from: number, to: number, words: string | null, open = false) => {
    const fits = words !== null && words.length * CHARACTER <= to - from;
    if (to > from) stretches.push({ kind, from, to, words: fits ? words : null, open });
  };
  const at = (stop: number) => place.get(stop) ?? EDGE;

  const never = starts !== null && expires !== null && expires <= starts;
  if (!never) {
    const from = starts === null ? 0 : at(starts);
    const to = expires === null ? width : at(expires);
    const whole = starts !== null && expires !== null ? spanWords(expires - starts) : null;
    add("valid", from, to, whole, starts === null || expires === null);
  }
  if (expires !== null && now > expires) add("late", at(expires), at(now), inspect.late(spanWords(now - expires)));
  if (starts !== null && now < starts && !never) add("early", at(now), at(starts), inspect.early(spanWords(starts - now)));
  if (never && starts !== null && expires !== null) add("plain", at(expires), at(starts), inspect.neverValid);

  const holds = !never && (starts === null || now >= starts) && (expires === null || now < expires);
  const tone = holds ? "ok" : expires !== null && now >= expires ? "fail" : "warn";
  const marks: Mark[] = [];
  for (const stop of stops) {
    const words = named.get(stop);
    if (words !== undefined) {
      const passed = expires === stop && now >= stop;
      marks.push(mark(at(stop), `${whenWords(stop, now)} ${words.join(", ")}`, width, false, passed ? "fail" : "plain"));
    }
    if (stop === now) marks.push(mark(at(now), inspect.nowAt(whenWords(now, now)), width, true, tone));
  }
  keepApart(marks);

  return { stretches, marks, breaks, words: sentence(times, now, holds) };
}

function usable(at: number | null): number | null {
  return at !== null && Number.isFinite(at) && Math.abs(at) < 8.64e12 ? at : null;
}

/** Places the stops in proportion, but none nearer to the next than can be seen; a line that is then untrue is broken. */
function scale(stops: number[], from: number, to: number): { place: Map<number, number>; breaks: number[] } {
  const place = new Map<number, number>();
  const first = stops[0] ?? 0;
  const total = (stops.at(-1) ?? first) - first;
  if (total === 0) return { place: place.set(first, (from + to) / 2), breaks: [] };

  const gaps = stops.slice(1).map((stop, i) => (stop - (stops[i] ?? 0)) / total);
  const shown = gaps.map((gap) => Math.max(gap, LEAST));
  const sum = shown.reduce((a, b) => a + b, 0);
  const breaks: number[] = [];
  let x = from;
  place.set(first, x);
  gaps.forEach((gap, i) => {
    const wide = ((shown[i] ?? 0) / sum) * (to - from);
    // Everything is stretched but this: it is shorter than it says.
    if (gap > 0.9 && gaps.some((other) => other < LEAST / 4)) breaks.push(x + wide / 2);
    x += wide;
    place.set(stops[i + 1] ?? first, x);
  });
  return { place, breaks };
}

function mark(x: number, words: string, width: number, now: boolean, tone: Mark["tone"]): Mark {
  const wide = words.length * CHARACTER;
  return { x, wordsX: Math.max(0, Math.min(x - wide / 2, width - wide)), words, now, tone, row: 0 };
}

/** Left and right end of a label. */
export function extent({ words, wordsX }: Mark): [number, number] {
  return [wordsX, wordsX + words.length * CHARACTER];
}

/** A label that would touch the one before it goes a row down. */
function keepApart(marks: Mark[]): void {
  const ends: number[] = [];
  for (const one of [...marks].sort((a, b) => extent(a)[0] - extent(b)[0])) {
    const [left, right] = extent(one);
    const free = ends.findIndex((end) => left > end + 8);
    one.row = free === -1 ? ends.length : free;
    ends[one.row] = right;
  }
}

function sentence(times: Times, now: number, holds: boolean): string {
  const parts: string[] = [];
  const starts = usable(times.notBefore) ?? usable(times.issued);
  const expires = usable(times.expires);
  if (starts !== null) parts.push(inspect.validFrom(whenWords(starts, now)));
  if (expires !== null) parts.push(inspect.validUntil(whenWords(expires, now)));
  parts.push(inspect.nowIs(whenWords(now, now), holds));
  return parts.join(", ");
}
