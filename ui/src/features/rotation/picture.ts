/** The keys of a line over time, as bars: what is drawn, in units of its own. The table beside it says the same. */
import type { KeyState, Line, Rotation } from "../../host/wire";
import { rotation as m } from "../../messages/rotation";
import { dayMonthWords, whenWords } from "../../time";

export interface Bar {
  state: KeyState;
  x: number;
  width: number;
  /** Ahead of now: planned, and no sooner than this. */
  planned: boolean;
}
export interface PictureRow {
  name: string;
  y: number;
  bars: Bar[];
  /** Beside the last bar. */
  words: string;
  /** Where the words have room; none where they have not: the table has them. */
  caption: Caption | null;
}
export interface Caption {
  x: number;
  end: boolean;
  /** On a bar that is filled. */
  on: boolean;
}
export interface Picture {
  width: number;
  height: number;
  ticks: { x: number; words: string }[];
  now: number;
  rows: PictureRow[];
  from: string;
  to: string;
}
export interface TableRow {
  name: string;
  state: KeyState;
  from: string;
  until: string;
}

export const ROW = 36;
export const TOP = 32;
const LEAST = 3;
const DAY = 86_400;
/** An average character of the captions, so that none leaves the picture. */
const CHARACTER = 6.4;
/** What is drawn of a life: without what lies in the trash, and not what lasted no time. */
const DRAWN: readonly KeyState[] = ["draft", "published", "active", "retiring", "retired", "compromised"];

/** When the present state of a key can end at the earliest, by the rotation that is under way. */
function plannedEnd(name: string, rotation: Rotation | null): { state: KeyState; at: number } | null {
  if (rotation === null || rotation.current === null) return null;
  const at = (step: string) => rotation.rows.find((row) => row.step === step && row.done === null)?.earliest.at ?? null;
  if (name === rotation.old) {
    const promoted = rotation.rows.find(({ step }) => step === "promote")?.done !== null;
    const end = promoted ? (at("retire") ?? at("delete") ?? at("destroy")) : at("promote");
    return end === null ? null : { state: promoted ? "retiring" : "active", at: end };
  }
  return null;
}

/** The same, where it lies ahead: what could have been done before now is not planned any more. */
function ahead(name: string, rotation: Rotation | null, now: number): { state: KeyState; at: number } | null {
  const end = plannedEnd(name, rotation);
  return end !== null && end.at > now ? end : null;
}

export function picture(line: Line, rotation: Rotation | null, now: number, width: number, label: number): Picture | null {
  const keys = line.keys.filter(({ stays }) => stays.length > 0);
  if (keys.length === 0) return null;
  const ends = keys.flatMap(({ name }) => ahead(name, rotation, now)?.at ?? []);
  const first = Math.min(now, ...keys.flatMap(({ stays }) => stays.filter(({ state }) => DRAWN.includes(state)).map(({ from }) => from)));
  const from = Math.max(first, now - 365 * DAY);
  const past = Math.max(now - from, 3_600);
  const to = Math.max(now + past * 0.18, ...ends.map((end) => Math.min(end, now + past * 2) + past * 0.06));
  const x = (at: number) => label + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (width - label);

  const rows = keys.map((key, index): PictureRow => {
    const end = ahead(key.name, rotation, now);
    const bars = key.stays
      .filter(({ state }) => DRAWN.includes(state))
      .map(({ state, from, until }) => bar(state, x(from), x(until ?? now), false));
    if (end !== null) bars.push(bar(end.state, x(now), x(end.at), true));
    const state = key.stays.at(-1)?.state ?? key.state;
    const words = end === null ? m.states[state] : `${m.states[state]}, ${m.picture.planned(whenWords(end.at, now))}`;
    return { name: key.name, y: TOP + index * ROW, bars, words, caption: caption(words, bars, label, width) };
  });
  return {
    width,
    height: TOP + keys.length * ROW + 4,
    ticks: ticks(from, to, now).map(({ at, words }) => ({ x: x(at), words })),
    now: x(now),
    rows,
    from: whenWords(from, now),
    to: whenWords(to, now),
  };
}

/** Right of the bars, else on the longest of them, else left. */
function caption(words: string, bars: Bar[], label: number, width: number): Caption | null {
  const wide = words.length * CHARACTER;
  const right = Math.max(label, ...bars.map(({ x, width }) => x + width));
  if (right + 8 + wide <= width) return { x: right + 8, end: false, on: false };
  const longest = bars.reduce<Bar | null>((best, one) => (best === null || one.width > best.width ? one : best), null);
  if (longest !== null && longest.width >= wide + 16) {
    const on = !longest.planned && (longest.state === "active" || longest.state === "compromised");
    return { x: longest.x + longest.width - 8, end: true, on };
  }
  const left = Math.min(right, ...bars.map(({ x }) => x));
  return left - 8 - wide >= label ? { x: left - 8, end: true, on: false } : null;
}

function bar(state: KeyState, from: number, to: number, planned: boolean): Bar {
  return { state, x: from, width: Math.max(LEAST, to - from), planned };
}

/** Months where there is room for them, else days, else hours; none where now stands. */
function ticks(from: number, to: number, now: number): { at: number; words: string }[] {
  const span = to - from;
  const stops: { at: number; words: string }[] = [];
  const add = (date: Date, words: string) => {
    const at = date.getTime() / 1000;
    if (at >= from && at <= to && Math.abs(at - now) > span * 0.05) stops.push({ at, words });
  };
  const date = new Date(from * 1000);
  date.setMinutes(0, 0, 0);
  if (span > 62 * DAY) {
    date.setHours(0);
    date.setDate(1);
    const step = Math.max(1, Math.ceil(span / (30 * DAY) / 12));
    for (; date.getTime() / 1000 <= to; date.setMonth(date.getMonth() + step))
      add(date, dayMonthWords(date.getTime() / 1000).split(" ")[1] ?? "");
  } else if (span > 2 * DAY) {
    date.setHours(0);
    const step = Math.max(1, Math.ceil(span / DAY / 10));
    for (; date.getTime() / 1000 <= to; date.setDate(date.getDate() + step)) add(date, dayMonthWords(date.getTime() / 1000));
  } else {
    const step = Math.max(1, Math.ceil(span / 3_600 / 8));
    for (; date.getTime() / 1000 <= to; date.setHours(date.getHours() + step)) add(date, `${String(date.getHours()).padStart(2, "0")}:00`);
  }
  return stops;
}

/** The same as rows: each state that a key was in, and what is planned. */
export function table(line: Line, rotation: Rotation | null, now: number): TableRow[] {
  return line.keys.flatMap(({ name, stays }) =>
    stays.map(({ state, from, until }): TableRow => {
      const end = until === null ? ahead(name, rotation, now) : null;
      const open = end === null ? m.picture.still : m.picture.planned(whenWords(end.at, now));
      return { name, state, from: whenWords(from, now), until: until === null ? open : whenWords(until, now) };
    }),
  );
}
