import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FakeHost } from "../../host/fake";
import { IDLE_MS, Opening } from "./opening.svelte";

let host: FakeHost;
let opening: Opening;

beforeEach(() => {
  vi.useFakeTimers();
  host = new FakeHost({ pace: 100 });
  opening = new Opening(host);
});
afterEach(() => vi.useRealTimers());

function type(text: string) {
  opening.passphrase = text;
  opening.typed();
}

test("what is typed and left alone is wiped", () => {
  type("half a pass");
  vi.advanceTimersByTime(IDLE_MS - 1);
  type("half a passph");
  vi.advanceTimersByTime(IDLE_MS - 1);
  expect(opening.passphrase).toBe("half a passph");

  vi.advanceTimersByTime(1);
  expect([opening.passphrase, opening.wiped]).toEqual(["", true]);

  type("a");
  expect(opening.wiped).toBe(false);
});

test("a wrong passphrase is wiped too, after as long", async () => {
  type("not this one");
  const submitted = opening.submit("vault_unlock", () => Promise.resolve());
  await vi.advanceTimersByTimeAsync(2_000);
  await submitted;
  expect([opening.error?.code, opening.passphrase]).toEqual(["wrong-passphrase", "not this one"]);

  vi.advanceTimersByTime(IDLE_MS);
  expect(opening.passphrase).toBe("");
});

test("shows how far the work is, but not for work that is over at once", async () => {
  type(host.world.passphrase);
  const submitted = opening.submit("vault_unlock", () => Promise.resolve());

  await vi.advanceTimersByTimeAsync(100);
  expect(opening.progress).toBe(null);
  await vi.advanceTimersByTimeAsync(300);
  expect(opening.progress).toMatchObject({ fraction: 0.5, words: "Checking passphrase" });

  await vi.advanceTimersByTimeAsync(1_000);
  await submitted;
  expect([opening.progress, opening.busy, opening.passphrase]).toEqual([null, false, ""]);
});

test("is not sent twice, and not empty", async () => {
  await opening.submit("vault_unlock", () => Promise.resolve());
  expect(host.asked("vault_unlock")).toEqual([]);

  type(host.world.passphrase);
  const submitted = opening.submit("vault_unlock", () => Promise.resolve());
  await opening.submit("vault_unlock", () => Promise.resolve());
  await vi.advanceTimersByTimeAsync(2_000);
  await submitted;
  expect(host.asked("vault_unlock").length).toBe(1);
});
