import { expect, test } from "vitest";

import { extent, timeline, type Timeline } from "./timeline";

const NOW = 1_795_180_000;
const WIDTH = 1072;
const line = (issued: number | null, notBefore: number | null, expires: number | null, now = NOW) =>
  timeline({ issued, notBefore, expires }, now, WIDTH) as Timeline;
const stretch = (of: Timeline, kind: string) => of.stretches.find((one) => one.kind === kind);

test("an expired token: valid, then too late, to scale, now at the end", () => {
  const drawn = line(NOW - 15_000, NOW - 15_000, NOW - 11_400);

  const valid = stretch(drawn, "valid");
  const late = stretch(drawn, "late");
  expect(valid?.words).toBe("1 h");
  expect(late?.words).toBe("3 h 10 min too late");
  expect(valid?.to).toBe(late?.from);
  const scale = ((late?.to ?? 0) - (late?.from ?? 0)) / ((valid?.to ?? 0) - (valid?.from ?? 0));
  expect(scale).toBeCloseTo(11_400 / 3_600, 1);
  const now = drawn.marks.find((mark) => mark.now);
  expect(now?.x).toBe(late?.to);
  expect(now?.tone).toBe("fail");
  expect(drawn.breaks).toEqual([]);
});

test("a token in time has no late and no early stretch, and now stands inside", () => {
  const drawn = line(NOW - 60, NOW - 60, NOW + 240);
  const valid = stretch(drawn, "valid");
  const now = drawn.marks.find((mark) => mark.now);

  expect(drawn.stretches.map(({ kind }) => kind)).toEqual(["valid"]);
  expect(now?.x).toBeGreaterThan(valid?.from as number);
  expect(now?.x).toBeLessThan(valid?.to as number);
  expect(now?.tone).toBe("ok");
  expect(((now?.x ?? 0) - (valid?.from ?? 0)) / ((valid?.to ?? 0) - (valid?.from ?? 0))).toBeCloseTo(0.2, 1);
});

test("not yet valid is early, never late", () => {
  const drawn = line(NOW, NOW + 300, NOW + 600);
  expect(stretch(drawn, "early")?.words).toBe("5 min too early");
  expect(stretch(drawn, "late")).toBeUndefined();
  expect(drawn.marks.find((mark) => mark.now)?.tone).toBe("warn");
});

test("five minutes that ended ten years ago can still be seen, and the line says that it is broken", () => {
  const drawn = line(NOW - 315_576_000 - 300, null, NOW - 315_576_000);
  const valid = stretch(drawn, "valid");
  expect((valid?.to ?? 0) - (valid?.from ?? 0)).toBeGreaterThan(60);
  expect(drawn.breaks).toHaveLength(1);
});

test("without exp it is open to the right", () => {
  const drawn = line(NOW - 60, null, null);
  expect(stretch(drawn, "valid")).toMatchObject({ to: WIDTH, open: true, words: null });
});

test("an end before the start holds never", () => {
  const drawn = line(NOW - 60, null, NOW - 120);
  expect(stretch(drawn, "valid")).toBeUndefined();
  expect(stretch(drawn, "plain")?.words).toBe("expires before it starts");
  expect(drawn.marks.find((mark) => mark.now)?.tone).not.toBe("ok");
});

test("exp in this very second has passed", () => {
  expect(line(NOW - 60, null, NOW).marks.find((mark) => mark.now)?.tone).toBe("fail");
});

test("no times, or times that are none, draw nothing", () => {
  expect(timeline({ issued: null, notBefore: null, expires: null }, NOW, WIDTH)).toBeNull();
  expect(timeline({ issued: 1e300, notBefore: Infinity, expires: null }, NOW, WIDTH)).toBeNull();
});

test.each([
  [NOW - 3_700, NOW - 3_699, NOW - 3_640],
  [NOW, NOW, NOW + 1],
  [NOW - 1_000_000, NOW - 999_999, NOW + 100],
  [0, 1, 2],
])("labels of one row never touch, none leaves the line: %d %d %d", (issued, notBefore, expires) => {
  for (const width of [420, WIDTH]) {
    const { marks } = timeline({ issued, notBefore, expires }, NOW, width) as Timeline;
    expect(Math.max(...marks.map(({ row }) => row))).toBeLessThanOrEqual(2);
    for (const row of [0, 1, 2]) {
      const ends = marks
        .filter((mark) => mark.row === row)
        .map(extent)
        .sort((a, b) => a[0] - b[0]);
      ends.slice(1).forEach(([left], i) => expect(left).toBeGreaterThan((ends[i] as [number, number])[1]));
      for (const [left, right] of ends) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(width + 1);
      }
    }
  }
});
