/** Profiles in memory. */
import type { Guard, Profile } from "../wire";
import { fail, undoable, type Area, type World } from "./world";

const GUARDS: Guard[] = ["once", "writes", "always"];

type Commands =
  "profiles_list" | "profile_add" | "profile_change" | "profile_export" | "profile_import" | "profile_rename" | "profile_delete";

export const profiles: Area<Commands> = (world) => ({
  profiles_list: () => world.profiles,
  profile_add: ({ name, provider, variables }) => {
    if (world.profiles.some((profile) => profile.name === name)) fail("taken", `there is a profile ${name} already`);
    const missing = Object.fromEntries(
      (world.providers.find(({ id }) => id === provider)?.environments ?? []).map(({ id }) => [id, "no key yet"]),
    );
    const profile = placed(world, {
      name,
      provider,
      variables,
      keys: {},
      others: {},
      baseUrls: {},
      addresses: {},
      guards: {},
      scopes: null,
      ttl: null,
      missing,
    });
    world.profiles = [...world.profiles, profile];
    return profile;
  },
  profile_change: ({ name, passphrase, ...change }) => {
    const before = find(world, name);
    for (const [environment, guard] of Object.entries(change.guards ?? {})) {
      const lower = GUARDS.indexOf(guard) < GUARDS.indexOf(before.guards[environment] ?? "writes");
      if (lower && passphrase !== world.passphrase) fail("wrong-passphrase", "the passphrase opens no slot of this vault");
    }
    for (const address of Object.values(change.baseUrls ?? {})) {
      if (address !== "" && !/^https:\/\/|^http:\/\/127\.0\.0\.1/.test(address))
        fail("malformed", `${address} is not an address`, "write https:// in front of it");
    }
    const keys = Object.fromEntries(Object.entries({ ...before.keys, ...change.keys }).filter(([, key]) => key !== ""));
    const others = { ...before.others };
    for (const [environment, roles] of Object.entries(change.others ?? {}))
      others[environment] = Object.fromEntries(Object.entries({ ...others[environment], ...roles }).filter(([, one]) => one !== ""));
    const profile = placed(world, {
      ...before,
      keys,
      others,
      variables: { ...before.variables, ...change.variables },
      baseUrls: Object.fromEntries(Object.entries({ ...before.baseUrls, ...change.baseUrls }).filter(([, address]) => address !== "")),
      guards: { ...before.guards, ...change.guards },
      scopes: change.scopes === undefined ? before.scopes : change.scopes.length === 0 ? null : change.scopes,
      ttl: change.ttl === undefined ? before.ttl : change.ttl === 0 ? null : change.ttl,
      missing: Object.fromEntries(Object.entries(before.missing).filter(([environment]) => keys[environment] === undefined)),
    });
    put(world, name, profile);
    return { profile, undo: undoable(world, `Changed ${name}.`, () => put(world, name, before)).undo };
  },
  profile_export: ({ name }) => ({ file: `/home/ada/${find(world, name).name}.json`, words: `${name}, without its keys` }),
  profile_import: () => {
    const [first] = world.profiles;
    const profile = { ...first!, name: `${first!.name} (imported)`, keys: {}, others: {} };
    world.profiles = [...world.profiles, profile];
    return profile;
  },
  profile_rename: ({ name, wanted }) => {
    if (world.profiles.some((profile) => profile.name === wanted)) fail("taken", `there is a profile ${wanted} already`);
    const profile = { ...find(world, name), name: wanted };
    put(world, name, profile);
    world.keys = world.keys.map((key) => ({ ...key, profiles: key.profiles.map((used) => (used === name ? wanted : used)) }));
    return profile;
  },
  profile_delete: ({ name }) => {
    const before = world.profiles;
    find(world, name);
    world.profiles = before.filter((profile) => profile.name !== name);
    return undoable(world, `Deleted the profile ${name}.`, () => (world.profiles = before));
  },
});

/** The profile with its addresses as the program would fill them in. */
function placed(world: World, profile: Profile): Profile {
  const environments = world.providers.find(({ id }) => id === profile.provider)?.environments ?? [];
  const filled = environments.map(({ id, baseUrl }): [string, string] => [
    id,
    profile.baseUrls[id] ?? baseUrl.replace(/\{(\w+)\}/g, (slot, variable: string) => profile.variables[variable] ?? slot),
  ]);
  return { ...profile, addresses: Object.fromEntries(filled.filter(([, address]) => address !== "" && !address.includes("{"))) };
}

function find(world: World, name: string): Profile {
  return world.profiles.find((profile) => profile.name === name) ?? fail("not-found", `there is no profile ${name}`);
}

function put(world: World, name: string, profile: Profile) {
  world.profiles = world.profiles.map((old) => (old.name === name ? profile : old));
}
