/** Incidents in memory. */
import type { RotationMode, WayOut } from "../wire";
import { lifeOf, lineNamed, targetsOf } from "./lines";
import { methodOf, stepsOf } from "./methods";
import { fail, find, type Area, type World } from "./world";

type Commands = "incident_show" | "incident_runbook_save";

export const incidents: Area<Commands> = (world) => ({
  incident_show: ({ name }) => {
    const key = find(world, name);
    if (methodOf(key) === null)
      fail("rule", `${name} is bound to no place; nothing can be disabled anywhere`, "delete the key, and make another");
    const { state, leaked, copies, lastAccepted } = lifeOf(world, key);
    const ready = lineNamed(world, name).keys.find((one) => one.state === "published")?.name ?? null;
    return {
      key: name,
      state,
      reported: leaked,
      targets: targetsOf(world, name),
      recipes: world.recipes.filter(({ draft }) => draft.key === name).map((recipe) => recipe.name),
      copies,
      lastAccepted,
      ready,
      ways: [way(world, name, "disable-first"), way(world, name, "replace-first")],
    };
  },
  incident_runbook_save: ({ name, mode }) => ({ file: `incident-${name}.txt`, words: `Saved incident-${name}.txt: ${mode}.` }),
});

function way(world: World, name: string, mode: RotationMode): WayOut {
  const key = find(world, name);
  const method = methodOf(key);
  if (method === null) return { mode, steps: [], breaks: [], runbook: "" };
  const steps = stepsOf(method, mode);
  const targets = targetsOf(world, name).map(({ profile, environment }) => `${profile} (${environment})`);
  const places = lifeOf(world, key).copies.map(({ to }) => to);
  const breaks = [
    ...(mode === "replace-first"
      ? ["whoever has the leaked key can call with it until the next one works"]
      : [
          ...(targets.length > 0 ? [`calls fail until the next key is promoted: ${targets.join(", ")}`] : []),
          ...(method.calls ? ["the key that is disabled is the one that registers the next: do that by hand, or with another key"] : []),
        ]),
    ...(places.length > 0 ? [`programs with a copy fail until they have the next key: ${places.join(", ")}`] : []),
    "tokens that the leaked key signed may be taken until they expire, for up to 1 h",
  ];
  return { mode, steps, breaks, runbook: steps.map((step, at) => `${at + 1}  ${step}\n`).join("") };
}
