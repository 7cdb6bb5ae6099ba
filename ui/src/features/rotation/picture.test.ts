import { expect, test } from "vitest";

import type { Line, LineMember, Rotation, RotationRow } from "../../host/wire";
import { picture, table } from "./picture";

const DAY = 86_400;
const NOW = 1_796_000_000;

const key = (name: string, stays: LineMember["stays"]): LineMember => ({
  name,
  state: stays.at(-1)?.state ?? "draft",
  made: stays[0]?.from ?? null,
  leaked: null,
  stays,
});
const line = (...keys: LineMember[]): Line => ({
  id: "line",
  provider: "gr4vy",
  environment: "sandbox",
  label: "Sandbox at Gr4vy",
  tier: "test",
  credential: "private_key",
  targets: [],
  keys,
  due: null,
  method: null,
  rotation: null,
});
const old = key("old", [
  { state: "active", from: NOW - 200 * DAY, until: NOW - 2 * DAY },
  { state: "retiring", from: NOW - 2 * DAY, until: null },
]);
const next = key("next", [
  { state: "published", from: NOW - 3 * DAY, until: NOW - 2 * DAY },
  { state: "active", from: NOW - 2 * DAY, until: null },
]);
const row = (step: RotationRow["step"], at: number, done: boolean): RotationRow => ({
  step,
  number: 1,
  taken: "call",
  done: done ? { at, evidence: { by: "here" }, earlyBy: null } : null,
  earliest: { at, wait: 0, parts: [], breaks: [] },
});
const rotation = {
  current: "watch",
  old: "old",
  next: "next",
  rows: [row("promote", NOW - 2 * DAY, true), row("watch", NOW, false), row("retire", NOW + 4 * DAY, false)],
} as unknown as Rotation;

test("a key is a bar for each state, and what is planned stands after now", () => {
  const drawn = picture(line(old, next), rotation, NOW, 1_000, 160);
  const first = drawn?.rows[0];
  expect(first?.bars.map(({ state, planned }) => [state, planned])).toEqual([
    ["active", false],
    ["retiring", false],
    ["retiring", true],
  ]);
  const planned = first?.bars.at(-1);
  expect(planned?.x).toBeCloseTo(drawn?.now ?? 0);
  expect(first?.words).toMatch(/^retiring, .* at the earliest$/);
  // One after the other: the next key calls from where the old one stopped.
  expect(first?.bars[1]?.x).toBeCloseTo(drawn?.rows[1]?.bars[1]?.x ?? 0);
});

test("nothing leaves the picture, and what lasted a moment is still to be seen", () => {
  const long = key("long", [
    { state: "draft", from: NOW - 9_000 * DAY, until: NOW - 60 },
    { state: "published", from: NOW - 60, until: NOW - 59 },
    { state: "active", from: NOW - 59, until: null },
  ]);
  for (const width of [360, 1_000, 2_400]) {
    const drawn = picture(line(long), null, NOW, width, 120);
    for (const bar of drawn?.rows[0]?.bars ?? []) {
      expect(bar.x).toBeGreaterThanOrEqual(120);
      expect(bar.width).toBeGreaterThanOrEqual(3);
      expect(bar.x).toBeLessThanOrEqual(width);
    }
    for (const { x } of drawn?.ticks ?? []) expect(x).toBeLessThanOrEqual(width);
    expect((drawn?.ticks ?? []).length).toBeLessThanOrEqual(14);
  }
});

test("a key that was made just now has a picture, too", () => {
  const drawn = picture(line(key("new", [{ state: "active", from: NOW, until: null }])), null, NOW, 800, 160);
  expect(drawn?.rows[0]?.bars).toHaveLength(1);
  expect(Number.isFinite(drawn?.now)).toBe(true);
  expect(picture(line(key("none", [])), null, NOW, 800, 160)).toBeNull();
});

test("the trash is not in the picture, but of the table", () => {
  const gone = key("gone", [
    { state: "retired", from: NOW - 3 * DAY, until: NOW - DAY },
    { state: "destroy-scheduled", from: NOW - DAY, until: null },
  ]);
  expect(picture(line(gone), null, NOW, 800, 160)?.rows[0]?.bars.map(({ state }) => state)).toEqual(["retired"]);
  expect(table(line(gone), null, NOW).map(({ state }) => state)).toEqual(["retired", "destroy-scheduled"]);
});

test("the table says what the picture shows", () => {
  const rows = table(line(old, next), rotation, NOW);
  expect(rows.map(({ name, state }) => [name, state])).toEqual([
    ["old", "active"],
    ["old", "retiring"],
    ["next", "published"],
    ["next", "active"],
  ]);
  expect(rows[1]?.until).toMatch(/at the earliest$/);
  expect(rows[3]?.until).toBe("still");
});
