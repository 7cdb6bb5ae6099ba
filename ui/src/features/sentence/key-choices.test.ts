import { expect, test } from "vitest";

import { fourProviders, gr4vy, keys, profiles } from "../../host/fake/data";
import type { Environment, KeyRow, Profile, Provider } from "../../host/wire";
import { keyChoices } from "./key-choices";

function at(environmentId: string, own: KeyRow | null, rows: KeyRow[] = keys()) {
  const environment = gr4vy.environments.find(({ id }) => id === environmentId) as Environment;
  return keyChoices({ keys: rows, key: own, profile: profiles()[0] as Profile, provider: gr4vy, environment }, own?.name ?? null).map(
    ({ key, becomes }) => [key.name, becomes],
  );
}

test("the profile's own first, one for another place signs nothing here", () => {
  const own = keys().find(({ name }) => name === "checkout-2026-11") as KeyRow;
  expect(at("sandbox", own)).toEqual([
    ["checkout-2026-11", "draft"],
    ["checkout-live-2026-11", "nothing"],
    ["demo", "nothing"],
  ]);
});

test("where there is none yet, the choice becomes the profile's", () => {
  expect(at("production", null)[0]).toEqual(["checkout-live-2026-11", "profile"]);
});

test("a key of no place comes before those of others; of another algorithm, or deleted, it is left out", () => {
  const some = keys().map((key) =>
    key.name === "demo" ? { ...key, binding: null } : key.name === "checkout-live-2026-11" ? { ...key, deleted: 1 } : key,
  );
  const own = some.find(({ name }) => name === "checkout-2026-11") as KeyRow;
  expect(at("sandbox", own, some)).toEqual([
    ["checkout-2026-11", "draft"],
    ["demo", "draft"],
  ]);
});

test("another credential is offered where its provider is, never beside keys that sign", () => {
  const { keys: all, profiles, providers } = fourProviders();
  const choices = (profileName: string, environmentId: string) => {
    const profile = profiles.find(({ name }) => name === profileName) as Profile;
    const provider = providers.find(({ id }) => id === profile.provider) as Provider;
    const environment = provider.environments.find(({ id }) => id === environmentId) as Environment;
    const key = all.find(({ name }) => name === profile.keys[environmentId]) ?? null;
    return keyChoices({ keys: all, key, profile, provider, environment }, key?.name ?? null).map(({ key, becomes }) => [key.name, becomes]);
  };
  expect(choices("Acme · CryptoPay", "sandbox")).toEqual([
    ["shop@acme", "draft"],
    ["shop-key", "draft"],
  ]);
  expect(choices("Acme · Hedge", "test")).toEqual([
    ["hedge-test", "draft"],
    ["hedge-live", "nothing"],
  ]);
  expect(choices("Acme · Partner", "local").map(([name]) => name)).toEqual(["portfolio", "webhooks-2026", "shop-webhook"]);
  expect(choices("Acme · Gr4vy", "sandbox").map(([name]) => name)).not.toContain("hedge-test");
});
