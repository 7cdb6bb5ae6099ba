import { expect, test } from "vitest";

import type { ScopePicker } from "../../host/wire";
import { filtered, freeScope, step, toggled } from "./list";

const row = (resource: string) => ({
  resource,
  assumed: false,
  actions: ["read", "write"].map((action) => ({ action, value: `${resource}.${action}`, title: `${action} ${resource}` })),
});
const picker: ScopePicker = {
  wide: [{ value: "*.read", title: "Read any resource", group: null, from: null }],
  groups: [
    { title: "Payments", rows: [row("transactions"), row("payouts")] },
    { title: "Buyers", rows: [row("buyers")] },
  ],
  selected: ["buyers.read"],
  needed: [],
  minimal: [],
  redundant: [],
  words: "",
  known: 7,
  free: true,
};

test("all words of the filter must be there, in the value, its meaning or its group", () => {
  const values = (filter: string) =>
    filtered(picker, filter, "Wide").flatMap(({ rows }) => rows.flatMap(({ choices }) => choices.map(({ value }) => value)));
  expect(values("trans")).toEqual(["transactions.read", "transactions.write"]);
  expect(values("payments write")).toEqual(["transactions.write", "payouts.write"]);
  expect(values("any")).toEqual(["*.read"]);
  expect(values("nothing like it")).toEqual([]);
});

test("arrows stay in their column and stop at the ends", () => {
  const groups = filtered(picker, "", "Wide");
  expect(step(groups, null, "down")).toBe("*.read");
  expect(step(groups, "transactions.write", "down")).toBe("payouts.write");
  expect(step(groups, "payouts.write", "down")).toBe("buyers.write");
  expect(step(groups, "buyers.write", "down")).toBe("buyers.write");
  expect(step(groups, "transactions.write", "up")).toBe("*.read");
  expect(step(groups, "buyers.write", "left")).toBe("buyers.read");
  expect(step(groups, "buyers.read", "left")).toBe("buyers.read");
});

test("toggling keeps the order of choosing", () => {
  expect(toggled(["b", "a"], "c")).toEqual(["b", "a", "c"]);
  expect(toggled(["b", "a", "c"], "a")).toEqual(["b", "c"]);
});

test("an own scope is offered where none is known that begins so", () => {
  expect(freeScope(picker, "refunds.create")).toBe("refunds.create");
  expect(freeScope(picker, "transactions.re")).toBeNull();
  expect(freeScope(picker, "two words")).toBeNull();
  expect(freeScope({ ...picker, free: false }, "refunds.create")).toBeNull();
});
