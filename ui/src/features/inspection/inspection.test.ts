import { expect, test, vi } from "vitest";

import { FakeHost } from "../../host/fake";
import type { TokenReading } from "../../host/wire";
import { clip, clipParts } from "./clip";
import { Inspection, inspectionOf } from "./inspection.svelte";

const b64 = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
const token = (claims: object, header: object = { alg: "ES512", typ: "JWT" }) => `${b64(header)}.${b64(claims)}.c2lnbmF0dXJl`;

test("a paste is read at once, typing after a pause and only the last", async () => {
  vi.useFakeTimers();
  const host = new FakeHost();
  const inspection = new Inspection(host);

  await inspection.paste(`Authorization: Bearer ${token({ exp: 1 })}`);
  expect(inspection.recognised).toBe(true);
  expect(inspection.reading?.taken).toContain("Bearer");

  inspection.type("a");
  inspection.type("ab");
  expect(host.asked("token_inspect")).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(host.asked("token_inspect").map(({ text }) => text)).toEqual([expect.stringContaining("Bearer"), "ab"]);
  vi.useRealTimers();
});

test("an answer that comes late does not overwrite that of a later text", async () => {
  const host = new FakeHost();
  const waiting: ((reading: TokenReading) => void)[] = [];
  host.answer("token_inspect", () => new Promise((done) => waiting.push(done)));
  const inspection = new Inspection(host);
  const reading = (sentence: string) => ({ sentence, parts: null }) as TokenReading;

  const first = inspection.paste("one");
  const second = inspection.paste("two");
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]?.(reading("second"));
  waiting[0]?.(reading("first"));
  await Promise.all([first, second]);

  expect(inspection.reading?.sentence).toBe("second");
});

test("ten megabytes are never put where they would be drawn", async () => {
  const inspection = new Inspection(new FakeHost());
  await inspection.paste("x".repeat(10_000_000));
  expect(inspection.length).toBe(10_000_000);
  expect(inspection.editable).toBe("");
});

test("a lock clears what was pasted, with the key to verify with", async () => {
  const host = new FakeHost();
  const inspection = inspectionOf(host);
  await inspection.paste(token({}));
  await inspection.verifyWith("-----BEGIN PUBLIC KEY-----");
  host.emit({ type: "locked", why: "idle", at: 0 });
  expect(inspection.reading).toBeNull();
  expect(inspection.length).toBe(0);
  expect(inspection.pasted).toBeNull();
  expect(inspectionOf(host)).toBe(inspection);
});

test("clipping says how much is left out and halves no character", () => {
  expect(clip("abc", 3)).toEqual({ shown: "abc", more: 0 });
  expect(clip("abcdef", 4)).toEqual({ shown: "abcd", more: 2 });
  expect(clip("ab😀c", 3)).toEqual({ shown: "ab", more: 3 });
  const { h, p } = clipParts({ h: "short", p: "y".repeat(1_000_000), s: "" }, 3_000);
  expect(h.more).toBe(0);
  expect(p.shown.length + p.more).toBe(1_000_000);
  expect(p.shown.length).toBeLessThanOrEqual(3_000);
});
