import { expect, test } from "vitest";

import { gr4vy } from "../../host/fake/gr4vy";
import { callText, matching, parseCall, placeholder, targetOf } from "./endpoints";

const { endpoints } = gr4vy;

test("reads a method and a path as people type them", () => {
  expect(parseCall("post /buyers")).toEqual({ method: "POST", path: "/buyers" });
  expect(parseCall("/buyers?limit=2")).toEqual({ method: "GET", path: "/buyers?limit=2" });
  expect(parseCall("buyers")).toBeNull();
  expect(parseCall("FETCH /buyers")).toBeNull();
  expect(parseCall("GET /two words")).toBeNull();
});

test("a call that is an endpoint's is that endpoint", () => {
  expect(targetOf({ method: "POST", path: "/buyers" }, endpoints)).toEqual({ endpoint: "create-buyer" });
  expect(targetOf({ method: "POST", path: "/buyers/1" }, endpoints)).toEqual({ method: "POST", path: "/buyers/1" });
  expect(callText({ endpoint: "create-buyer" }, endpoints)).toBe("POST /buyers");
  expect(callText(null, endpoints)).toBe("");
});

test("finds by method, path and scope, grouped by the first part of the path", () => {
  expect(matching(endpoints, "post buyers").flatMap((group) => group.endpoints.map(({ id }) => id))).toEqual(["create-buyer"]);
  expect(matching(endpoints, "bin-checker").map(({ title }) => title)).toEqual(["card-details"]);
  expect(matching(endpoints, "").find(({ title }) => title === "transactions")?.endpoints).toHaveLength(2);
});

test("finds the hole in a path", () => {
  expect(placeholder("GET /transactions/{transaction_id}/refunds")).toEqual({ name: "transaction_id", from: 18, to: 34 });
  expect(placeholder("GET /transactions")).toBeNull();
});
