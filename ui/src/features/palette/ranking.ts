/** How well a row of the palette answers to what was typed, and which of its letters do. */

/** Letters from `from` to before `to`. */
export type Mark = [from: number, to: number];
export interface Hit {
  /** Higher is better; a whole step per kind of match, so that kinds can be compared. */
  score: number;
  marks: Mark[];
}

/** Every word that was typed must be in the text. None if one is not. */
export function match(query: string, text: string): Hit | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = words.map((word) => matchWord(word, text.toLowerCase()));
  if (hits.some((hit) => hit === null)) return null;
  const found = hits as Hit[];
  return {
    score: found.reduce((sum, { score }) => sum + score, 0) / Math.max(1, found.length),
    marks: merge(found.flatMap(({ marks }) => marks)),
  };
}

/** The start of the text, the start of a word, inside of a word, letters in their order; shorter texts before longer ones. */
function matchWord(word: string, text: string): Hit | null {
  const short = 0.9 / (1 + text.length / 20);
  const at = text.indexOf(word);
  if (at === 0) return { score: 4 + short, marks: [[0, word.length]] };
  const start = startOfWord(word, text);
  if (start >= 0) return { score: 3 + short, marks: [[start, start + word.length]] };
  if (at > 0) return { score: 2 + short, marks: [[at, at + word.length]] };
  const marks = letters(word, text);
  return marks === null ? null : { score: 1 + short / marks.length, marks };
}

function startOfWord(word: string, text: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || /[^\p{L}\p{N}]/u.test(text.charAt(at - 1))) return at;
  }
  return -1;
}

/** Only initials and what follows them, so that three letters do not match every long text: "slk" finds "Switch key". */
function letters(word: string, text: string): Mark[] | null {
  for (const letter of word) if (!text.includes(letter)) return null;
  const marks: Mark[] = [];
  let from = 0;
  for (const letter of word) {
    const last = marks.at(-1);
    if (last !== undefined && text.charAt(last[1]) === letter) {
      last[1] += 1;
    } else {
      const at = startOfWord(letter, text.slice(from));
      if (at < 0 || (from > 0 && at === 0 && /[\p{L}\p{N}]/u.test(text.charAt(from - 1)))) return null;
      marks.push([from + at, from + at + 1]);
    }
    from = (marks.at(-1) as Mark)[1];
  }
  return marks;
}

function merge(marks: Mark[]): Mark[] {
  const sorted = marks.map(([from, to]): Mark => [from, to]).sort((a, b) => a[0] - b[0]);
  return sorted.reduce<Mark[]>((merged, [from, to]) => {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
    return merged;
  }, []);
}

export interface Entry {
  id: string;
  group: string;
  title: string;
  detail?: string | undefined;
}
export interface Ranked<E extends Entry> {
  entry: E;
  title: Mark[];
  detail: Mark[];
}
export interface Group<E extends Entry> {
  title: string;
  rows: Ranked<E>[];
  /** How many more would be in it. */
  more: number;
}

/** The groups in the order their first entry was given in; with a query, those with the better kind of match first. */
export function rank<E extends Entry>(entries: E[], query: string, most = Infinity): Group<E>[] {
  const groups = new Map<string, { row: Ranked<E>; score: number }[]>();
  for (const entry of entries) {
    const hit = matchEntry(query, entry);
    if (hit === null) continue;
    const rows = groups.get(entry.group) ?? [];
    rows.push({ row: { entry, title: hit.title, detail: hit.detail }, score: hit.score });
    groups.set(entry.group, rows);
  }
  return [...groups]
    .map(([title, rows]) => ({ title, rows: query.trim() === "" ? rows : rows.sort((a, b) => b.score - a.score) }))
    .sort((a, b) => kind(b.rows) - kind(a.rows))
    .map(({ title, rows }) => ({ title, rows: rows.slice(0, most).map(({ row }) => row), more: Math.max(0, rows.length - most) }));
}

function kind(rows: { score: number }[]): number {
  return Math.floor(rows.reduce((best, { score }) => Math.max(best, score), 0));
}

/** What is in the title counts more than the words beside it; a query may be spread over both. */
function matchEntry(query: string, { title, detail = "" }: Entry): { score: number; title: Mark[]; detail: Mark[] } | null {
  const own = match(query, title);
  if (own !== null) return { score: own.score, title: own.marks, detail: [] };
  const both = match(query, `${title} ${detail}`);
  if (both === null) return null;
  const split = title.length + 1;
  return {
    score: Math.min(both.score, 1.9) - 1,
    title: both.marks.filter(([from]) => from < split).map(([from, to]): Mark => [from, Math.min(to, title.length)]),
    detail: both.marks.filter(([, to]) => to > split).map(([from, to]): Mark => [Math.max(0, from - split), to - split]),
  };
}
