/** A vault in which a rotation is under way since a few days, with a long life before it. */
import type { RotationStep } from "../wire";
import { lifeOf } from "./lines";
import { begin, play } from "./rotation";
import { stepsOf, methodOf } from "./methods";
import { find, now, type Trouble, type World } from "./world";

const DAY = 86_400;

export const REFUSED: Trouble = {
  words: "the provider refused to activate the next key, with 403",
  hint: "a caller gives no role and no account that it lacks: take the step by hand, or with a key that may",
};

/** The key that is rotated in it. */
export const ROTATED = "checkout-2026-11";

export function underway(world: World, until: RotationStep, key = ROTATED): void {
  const row = find(world, key);
  const made = now() - 104 * DAY;
  world.keys = world.keys.map((one) => (one.name === key ? { ...one, created: made, made } : one));
  const kept = lifeOf(world, { ...row, created: made, made });
  Object.assign(kept, { accepted: 12, lastAccepted: now() - 3_000 });
  kept.copies = [
    { to: "ci of the shop", form: "PKCS#8 PEM", at: made + DAY },
    { to: "staging server", form: null, at: made + 2 * DAY },
  ];
  const began = now() - 2 * DAY;
  const one = begin(world, key, "planned", undefined, began);
  const method = methodOf(row);
  if (method === null) return;
  const steps = stepsOf(method, "planned");
  const at = (step: RotationStep) => began + (steps.indexOf(step) + 1) * 120;
  if (steps.indexOf(until) > steps.indexOf("hand-over")) one.places = one.places.map((place) => ({ ...place, handed: "given" }));
  play(world, one, until, at);
}
