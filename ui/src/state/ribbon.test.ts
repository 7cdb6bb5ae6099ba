import { expect, test } from "vitest";

import type { KeyRow } from "../host/wire";
import { base64url, ribbonOf, split } from "./ribbon";

const key = { name: "demo" } as KeyRow;
const unread = { token: null, header: "{}", claims: "", tier: "test", key, authentication: "signed-token" } as const;
const parts = { header: "aaa", payload: "bbb", signature: "ccc" };

test("a token that cannot be read any more stays and dims", () => {
  const last = ribbonOf({ ...unread, token: parts, claims: "{}" }, null);
  expect(ribbonOf(unread, last)).toEqual({ ...parts, dim: true });
  expect(ribbonOf(unread, null)).toBeNull();
  // JSON that cannot be signed: a claim stands twice.
  expect(ribbonOf({ ...unread, claims: '{"exp":1,"exp":2}' }, last)).toEqual({ ...parts, dim: true });
});

test("an unsigned draft shows what will be signed, and no signature", () => {
  const draft = { ...unread, header: '{"alg":"ES512"}', claims: '{"iss":"grüße"}' };
  const unsigned = { header: "eyJhbGciOiJFUzUxMiJ9", payload: "eyJpc3MiOiJncsO8w59lIn0", signature: null, dim: false };
  expect(ribbonOf({ ...draft, tier: "live" }, { ...parts, dim: false })).toEqual(unsigned);
  expect(ribbonOf({ ...draft, key: null }, { ...parts, dim: false })).toEqual(unsigned);
});

test("writes base64url without padding, as RFC 4648 §5 does", () => {
  expect(base64url("")).toBe("");
  expect(base64url("f")).toBe("Zg");
  expect(base64url("fo")).toBe("Zm8");
  expect(base64url("??>")).toBe("Pz8-");
});

test("marks the characters of a claim and loses none", () => {
  const [before, marked, after] = split("eyJzY29wZXMiOltdfQ", { start: 2, end: 6 });
  expect([before, marked, after]).toEqual(["ey", "JzY2", "9wZXMiOltdfQ"]);
  expect(split("abc", null)).toEqual(["abc", "", ""]);
  expect(split("abc", { start: 1, end: 99 })).toEqual(["a", "bc", ""]);
  expect(split("abc", { start: 9, end: 12 })).toEqual(["abc", "", ""]);
});
