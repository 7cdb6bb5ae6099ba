import { beforeEach, expect, test } from "vitest";

import { FakeHost } from "../host/fake";
import { Desk } from "./desk.svelte";

let host: FakeHost;
let desk: Desk;

beforeEach(async () => {
  host = new FakeHost();
  desk = new Desk(host, host.world.start);
  await desk.open(await host.call("vault_unlock", { passphrase: host.world.passphrase }));
});

test("stands where it stood when the vault was locked", () => {
  expect(desk.unlocked).toBe(true);
  expect([desk.profile?.name, desk.environment?.label, desk.tier, desk.key?.name]).toEqual([
    "Acme · Gr4vy",
    "Sandbox",
    "test",
    "checkout-2026-11",
  ]);
});

test("its address is the profile's where it has one, else the environment's", () => {
  expect(desk.baseUrl).toBe("https://api.sandbox.acme.gr4vy.app");
  desk.go({ profile: "Demo", environment: "local" });
  expect(desk.baseUrl).toBe(host.world.providers[0]?.environments[0]?.baseUrl);
});

test("a place that is gone gives way to the first there is", async () => {
  host.world.profiles = host.world.profiles.filter(({ name }) => name === "Demo");
  await desk.reload();
  expect(desk.place).toEqual({ profile: "Demo", environment: "local" });

  host.world.profiles = [];
  await desk.reload();
  expect([desk.place, desk.profile, desk.tier]).toEqual([null, null, null]);
});

test("another profile is never entered in live", () => {
  desk.go({ profile: "Demo", environment: "production" });
  desk.goToProfile("Acme · Gr4vy");
  expect(desk.tier).not.toBe("live");
});

test("lists that were asked for before the lock are not taken after it", async () => {
  const loading = desk.reload();
  desk.forget({ why: "idle", at: 1 });
  await loading;

  expect([desk.unlocked, desk.keys, desk.profiles, desk.place]).toEqual([false, [], [], null]);
  expect(desk.locked).toEqual({ why: "idle", at: 1, idleMinutes: 10 });
});

test("a lock while it opens keeps it closed", async () => {
  desk.forget({ why: "asked", at: 1 });
  const opening = desk.open(await host.call("vault_unlock", { passphrase: host.world.passphrase }));
  desk.forget({ why: "sleep", at: 2 });
  await opening;

  expect([desk.unlocked, desk.keys]).toEqual([false, []]);
});

test("what cannot be loaded says why and leaves what there was", async () => {
  host.answer("profiles_list", () => {
    throw { code: "vault", message: "the file is gone" };
  });
  await desk.reload();

  expect(desk.problem?.message).toBe("the file is gone");
  expect(desk.profiles.length).toBe(2);
});

test("choosing no other vault leaves this one open", async () => {
  host.answer("vault_choose", () => null);
  expect(await desk.chooseVault()).toBe(false);
  expect([desk.start.vault.name, desk.unlocked]).toEqual(["acme", true]);
});

test.each(["before", "after"])("another vault is the one to unlock, with the event of the lock %s the answer", async (order) => {
  const vault = { path: "/srv/other.vault", name: "other", exists: true, exposed: [], interrupted: false };
  host.answer("vault_choose", () => {
    if (order === "before") desk.forget({ why: "asked", at: 1 });
    return vault;
  });
  expect(await desk.chooseVault()).toBe(true);
  if (order === "after") desk.forget({ why: "asked", at: 1 });

  expect([desk.start.vault, desk.unlocked, desk.keys]).toEqual([vault, false, []]);
  // It was not locked while anybody looked: it is closed.
  expect(desk.locked).toBeNull();
});
