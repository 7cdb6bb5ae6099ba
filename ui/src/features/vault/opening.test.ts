import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FakeHost } from "../../host/fake";
import { setUp } from "../../state/workbench";
import { IDLE_MS, Opening } from "./opening.svelte";

let host: FakeHost;
let opening: Opening;
let left: string[];

beforeEach(() => {
  vi.useFakeTimers();
  host = new FakeHost({ pace: 100 });
  const { desk, route } = setUp(host, host.world.start);
  left = [];
  opening = new Opening({ desk, route, onleave: () => left.push(route.screen) });
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
  const submitted = opening.submit("vault_unlock");
  await vi.advanceTimersByTimeAsync(2_000);
  await submitted;
  expect([opening.error?.code, opening.passphrase]).toEqual(["wrong-passphrase", "not this one"]);

  vi.advanceTimersByTime(IDLE_MS);
  expect(opening.passphrase).toBe("");
});

test("shows how far the work is, but not for work that is over at once", async () => {
  type(host.world.passphrase);
  const submitted = opening.submit("vault_unlock");

  await vi.advanceTimersByTimeAsync(100);
  expect(opening.progress).toBe(null);
  await vi.advanceTimersByTimeAsync(300);
  expect(opening.progress).toMatchObject({ fraction: 0.5, words: "Checking passphrase" });

  await vi.advanceTimersByTimeAsync(1_000);
  await submitted;
  expect([opening.progress, opening.busy, opening.passphrase]).toEqual([null, false, ""]);
});

test("is not sent twice, and not empty", async () => {
  await opening.submit("vault_unlock");
  expect(host.asked("vault_unlock")).toEqual([]);

  type(host.world.passphrase);
  const submitted = opening.submit("vault_unlock");
  await opening.submit("vault_unlock");
  await vi.advanceTimersByTimeAsync(2_000);
  await submitted;
  expect(host.asked("vault_unlock").length).toBe(1);
});

test("another vault wipes what was typed for this one; choosing none leaves it", async () => {
  type("half a pass");
  host.answer("vault_choose", () => null);
  await opening.another();
  expect(opening.passphrase).toBe("half a pass");

  host.answer("vault_choose", () => {
    throw { code: "vault", message: "this is not a vault" };
  });
  await opening.another();
  expect([opening.passphrase, opening.error?.message]).toEqual(["half a pass", "this is not a vault"]);

  host.answer("vault_choose", () => ({ path: "/srv/other.vault", name: "other", exists: true, exposed: [], interrupted: false }));
  await opening.another();
  expect(opening.passphrase).toBe("");
});

test("the door gives way to Inspect", () => {
  opening.inspect();
  expect(left).toEqual(["inspect"]);
});
