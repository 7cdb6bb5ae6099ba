import { expect, test } from "vitest";

import { ranked } from "./completion";
import { diagnostics } from "./diagnostics";
import { parameters, written } from "./header";

test("completions that begin with what was typed come first", () => {
  const option = (label: string) => ({ label, insert: label, detail: null, info: null, kind: "scope" as const });
  expect(ranked([option("transactions.read"), option("read.all"), option("buyers.write")], "read").map(({ label }) => label)).toEqual([
    "read.all",
    "transactions.read",
  ]);
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
