/** Checks in memory: a key that is active, or was proved, is accepted. */
import type { CheckOf, CheckResult, CheckRow } from "../wire";
import { lifeOf, targetsOf } from "./lines";
import { find, now, pause, placeKey, type Area, type World } from "./world";

type Commands = "check_list" | "check_run";

export const checks: Area<Commands> = (world) => ({
  check_list: () =>
    world.keys
      .filter(({ deleted }) => deleted === null)
      .flatMap((key) => targetsOf(world, key.name).map((target): CheckRow => row(world, { key: key.name, target }))),
  check_run: async ({ of, job }) => {
    const outcomes = [];
    for (const one of of) {
      if (world.pace > 0) await pause(world.pace * 3);
      const outcome = { of: one, result: check(world, one) };
      world.checked.set(named(one), outcome.result);
      world.emit({ type: "checked", job, outcome });
      outcomes.push(outcome);
    }
    return outcomes;
  },
});

const named = ({ key, target }: CheckOf) => `${key}\n${placeKey(target)}`;

function row(world: World, of: CheckOf): CheckRow {
  const { profile, environment } = of.target;
  const provider = world.providers.find(({ id }) => id === world.profiles.find(({ name }) => name === profile)?.provider);
  const there = provider?.environments.find(({ id }) => id === environment);
  const key = find(world, of.key);
  const webhook = key.binding?.role === "webhook_secret";
  return {
    ...of,
    label: `${there?.label ?? environment} at ${provider?.name ?? ""}`,
    tier: there?.tier ?? "test",
    request: webhook ? null : "GET /transactions",
    whyNot: webhook ? "A secret for webhooks makes no call; the next delivery shows whether it is right." : null,
    last: world.checked.get(named(of)) ?? null,
  };
}

function check(world: World, { key }: CheckOf): CheckResult {
  const row = find(world, key);
  const kept = lifeOf(world, row);
  const at = now();
  if (row.kind === "login") return { verdict: "unknown", at, status: null, why: "no answer came within 30 s" };
  if (row.due !== null) return { verdict: "refused", at, status: 401, why: "the server does not know this key any more" };
  Object.assign(kept, { accepted: kept.accepted + 1, lastAccepted: at });
  return { verdict: "accepted", at, status: 200, why: null };
}
