import { expect, test } from "vitest";

import { ranked } from "./completion";
import { diagnostics } from "./diagnostics";
import { parameters, written } from "./header";
import { claimOf, embedJson, isUuid, money } from "./money";

test("an amount is said in the currency's own unit", () => {
  expect(money("1299", "GBP")).toBe("£12.99");
  expect(money("1299", "JPY")).toBe("¥1,299");
  expect(money("1299", "KWD")).toContain("1.299");
  expect(money("12.99", "GBP")).toBeNull();
  expect(money("1299", "pounds")).toBeNull();
});

test("the embed form keeps the members it does not know", () => {
  const before = { amount: 1, metadata: { a: "b" }, buyer_id: "old" };
  expect(JSON.parse(embedJson(before, { amount: "1299", currency: "GBP", buyerId: "", externalId: "cust" }))).toEqual({
    amount: 1299,
    metadata: { a: "b" },
    currency: "GBP",
    buyer_external_identifier: "cust",
  });
});

test("reads a claim of a name that every object has", () => {
  expect(claimOf("{}", "toString")).toBeUndefined();
  expect(claimOf("[", "embed")).toBeUndefined();
  expect(claimOf('{"embed":{"amount":1}}', "embed")).toEqual({ amount: 1 });
});

test("knows a session id", () => {
  expect(isUuid("4137b1cf-39ac-42a8-bad6-1c680d5dab6b")).toBe(true);
  expect(isUuid("4137b1cf39ac42a8bad61c680d5dab6b")).toBe(false);
});

test("completions that begin with what was typed come first", () => {
  const option = (label: string) => ({ label, insert: label, detail: null, info: null, kind: "scope" as const });
  expect(ranked([option("transactions.read"), option("read.all"), option("buyers.write")], "read").map(({ label }) => label)).toEqual(["read.all", "transactions.read"]);
});

test("the header is read in its order, and a broken one shows nothing", () => {
  expect(parameters('{"alg":"ES512","crit":["b64"]}')).toEqual([
    { name: "alg", value: "ES512" },
    { name: "crit", value: '["b64"]' },
  ]);
  expect(parameters('{"alg":')).toEqual([]);
  expect(written("")).toBe("{}");
});

test("findings of the header are not underlined in the claims", () => {
  const finding = { code: "x", severity: "error" as const, group: "g", message: "exp is missing", source: "s", from: 2, to: 99, fixes: [] };
  const made = diagnostics([finding, { ...finding, part: "header" as const }], 10);
  expect(made).toHaveLength(1);
  expect(made[0]).toMatchObject({ from: 2, to: 10, message: "exp is missing" });
});
