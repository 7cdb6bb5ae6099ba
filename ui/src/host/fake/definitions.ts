/** Own definitions in memory: one file, that of Acme Pay, which may be edited. */
import type { OwnDefinition, Provider } from "../wire";
import { fail, undoable, type Area, type World } from "./world";

type Commands = "definitions_list" | "definition_begin" | "definition_add" | "definition_update" | "definition_remove";

export const definitions: Area<Commands> = (world) => ({
  definitions_list: () => world.definitions,
  definition_begin: ({ name }) => ({ file: `/home/ada/${name}.toml`, words: `Definition of ${name}` }),
  definition_add: () => {
    const before = world.definitions.length;
    const own: OwnDefinition = {
      id: "acme-pay",
      name: "Acme Pay",
      standsIn: false,
      file: "/home/ada/acme.toml",
      onDisk: "same",
      changes: [],
      problem: null,
    };
    world.definitions = [...world.definitions.filter(({ id }) => id !== own.id), own];
    if (!world.providers.some(({ id }) => id === own.id)) world.providers = [...world.providers, like(world, own)];
    return { provider: like(world, own), changes: before === 0 ? null : [], undo: null };
  },
  definition_update: ({ name }) => {
    const own = find(world, name);
    world.definitions = world.definitions.map((one) => (one.id === name ? { ...one, onDisk: "same", changes: [] } : one));
    const undo = undoable(world, "", () => (world.definitions = world.definitions.map((one) => (one.id === name ? own : one))));
    return { provider: like(world, own), changes: own.changes, undo: undo.undo };
  },
  definition_remove: ({ name }) => {
    const own = find(world, name);
    const users = world.profiles.filter(({ provider }) => provider === name).map((profile) => profile.name);
    if (users.length > 0) fail("usage", `the provider "${name}" is used by ${users.join(", ")}`, "delete these profiles first");
    const { providers } = world;
    world.definitions = world.definitions.filter(({ id }) => id !== name);
    world.providers = providers.filter(({ id }) => id !== name);
    return undoable(world, `Forgot the definition of ${name}. Its file stays.`, () => {
      world.definitions = [...world.definitions, own];
      world.providers = providers;
    });
  },
});

function find(world: World, name: string): OwnDefinition {
  return world.definitions.find(({ id }) => id === name) ?? fail("not-found", `there is no provider named "${name}"`);
}

function like(world: World, { id, name }: OwnDefinition): Provider {
  const [first] = world.providers;
  return { ...first!, id, name };
}
