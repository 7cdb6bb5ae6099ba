import { expect, test, vi } from "vitest";

import type { KeyRow } from "../../host/wire";
import { choose, count, daysLeft, goneAt, inEights, listed } from "./rows";
import { slots, visible } from "./window";
import { suggestName } from "../../state/names";

const key = (name: string, more: Partial<KeyRow> = {}): KeyRow => ({
  name,
  kind: "private-key",
  alg: "ES512",
  describe: "P-521",
  kid: null,
  thumbprint: null,
  created: 0,
  origin: "generated here",
  binding: null,
  fields: {},
  profiles: [],
  due: null,
  deleted: null,
  state: "active",
  made: 0,
  accepted: null,
  targets: [],
  line: [],
  ...more,
});
const bound = (tier: "test" | "live"): KeyRow["binding"] => ({
  provider: "p",
  environment: tier,
  label: tier === "live" ? "Production" : "Sandbox",
  tier,
  hosts: [],
  role: null,
});
const keys = [
  key("checkout", { binding: bound("test"), profiles: ["Acme"], thumbprint: "ohySS9N7aq" }),
  key("checkout-live", { binding: bound("live"), profiles: ["Acme"] }),
  key("old", { deleted: 5, binding: bound("live") }),
];
const names = (segment: "all" | "live" | "deleted", filter = "") => choose(listed(keys), segment, filter).map(({ name }) => name);

test("segments: all leaves out the deleted, live is what is bound to live and not deleted", () => {
  expect(names("all")).toEqual(["checkout", "checkout-live"]);
  expect(names("live")).toEqual(["checkout-live"]);
  expect(names("deleted")).toEqual(["old"]);
  expect(count(keys, "live")).toBe(1);
});

test("a filter finds name, account, place, thumbprint and kind; every word must be there", () => {
  expect(names("all", "  ACME sand ")).toEqual(["checkout"]);
  expect(names("all", "ohyss9n7")).toEqual(["checkout"]);
  expect(names("all", "p-521 production")).toEqual(["checkout-live"]);
  expect(names("all", "acme nowhere")).toEqual([]);
  expect(names("all", ".*")).toEqual([]);
});

test("a filter looks once at each of ten thousand keys, and puts no text together for it", () => {
  const many = listed(
    Array.from({ length: 10_000 }, (_, i) => key(`key-${i}`, { thumbprint: `thumb${i}`, profiles: [`Account ${i % 50}`] })),
  );
  let looks = 0;
  const counted = many.map(({ key, text }) => ({
    key,
    get text() {
      looks++;
      return text;
    },
  }));
  const work = [vi.spyOn(String.prototype, "toLowerCase"), vi.spyOn(Array.prototype, "join"), vi.spyOn(Object, "values")];
  const chosen = choose(counted, "all", "key-99 account");
  const done = work.map(({ mock }) => mock.calls.length);
  vi.restoreAllMocks();

  expect(chosen).toHaveLength(111);
  expect(looks).toBe(10_000);
  // The filter's own words, once.
  expect(done).toEqual([1, 0, 0]);
});

test("days left are counted up, and end at none", () => {
  expect(daysLeft(goneAt(0), 1)).toBe(30);
  expect(daysLeft(goneAt(0), 29.5 * 86_400)).toBe(1);
  expect(daysLeft(goneAt(0), 31 * 86_400)).toBe(0);
});

test("a thumbprint is read in eights", () => {
  expect(inEights("ohySS9N7aqLFrERhPm6")).toBe("ohySS9N7 aqLFrERh Pm6");
  expect(inEights("ohySS9N7")).toBe("ohySS9N7");
});

test("a suggested name is plain, dated and free", () => {
  const november = new Date(2026, 10, 20);
  expect(suggestName(["Acme · Gr4vy", "Sandbox"], november, new Set())).toBe("acme-gr4vy-sandbox-2026-11");
  expect(suggestName(["Café"], november, new Set(["cafe-2026-11", "cafe-2026-11-2"]))).toBe("cafe-2026-11-3");
  expect(suggestName(["…"], november, new Set())).toBe("key-2026-11");
});

test("a row keeps its slot while it is drawn, whichever way one scrolls", () => {
  expect(slots({ from: 0, to: 4 })).toEqual([0, 1, 2, 3]);
  expect(slots({ from: 3, to: 7 })).toEqual([4, 5, 6, 3]);
  expect(slots({ from: 0, to: 0 })).toEqual([]);
  for (const from of [0, 1, 27, 28, 29, 9_971]) {
    const [now, next] = [slots({ from, to: from + 29 }), slots({ from: from + 3, to: from + 32 })];
    expect([...now].sort((a, b) => a - b)).toEqual(Array.from({ length: 29 }, (_, at) => from + at));
    expect(next.filter((row, slot) => row !== now[slot])).toHaveLength(3);
  }
});

test("of ten thousand rows only those in sight and a few around them are drawn", () => {
  const top = visible({ rows: 10_000, rowHeight: 36, top: 0, height: 600 });
  expect(top.from).toBe(0);
  expect(top.to).toBeLessThan(40);
  const middle = visible({ rows: 10_000, rowHeight: 36, top: 180_000, height: 600 });
  expect(middle.from).toBeLessThanOrEqual(5_000);
  expect(middle.to).toBeGreaterThanOrEqual(5_017);
  expect(middle.to - middle.from).toBeLessThan(50);
  expect(visible({ rows: 3, rowHeight: 36, top: 9_999, height: 600 })).toMatchObject({ from: 0, to: 3 });
  expect(visible({ rows: 0, rowHeight: 36, top: 0, height: 0 })).toMatchObject({ from: 0, to: 0 });
});
