/** A world whose texts turn what stands around them: a stranger wrote a definition, a profile and a key. */
import type { World } from "./world";

/** From here on, right to left. */
export const TURNS = "\u202e";
const turned = (text: string) => `${text.slice(0, 2)}${TURNS}${text.slice(2)}`;

/** Turns every text that names or explains; ids stay, since others refer to them. */
export function unseen(world: World): void {
  const place = world.place;
  world.providers = world.providers.map((provider) => ({
    ...provider,
    name: turned(provider.name),
    note: provider.note === null ? null : turned(provider.note),
    environments: provider.environments.map((environment) => ({ ...environment, label: turned(environment.label), note: turned("note") })),
    variables: provider.variables.map((variable) => ({ ...variable, label: turned(variable.label), help: turned("help") })),
    scopes: provider.scopes.map((scope) => ({ ...scope, title: turned(scope.title) })),
  }));
  world.profiles = world.profiles.map((profile) => ({
    ...profile,
    name: turned(profile.name),
    keys: Object.fromEntries(Object.entries(profile.keys).map(([environment, key]) => [environment, turned(key)])),
  }));
  world.keys = world.keys.map((key) => ({ ...key, name: turned(key.name) }));
  if (place !== null) world.place = { ...place, profile: turned(place.profile) };
}
