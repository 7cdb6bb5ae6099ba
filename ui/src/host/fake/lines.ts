/** Lines in memory: each key that is bound begins one, and a rotation brings the next key into it. */
import type { KeyLife, KeyRow, KeyState, Line, LineDue, Target } from "../wire";
import { methodOf } from "./methods";
import { fail, find, now, type Area, type Life, type World } from "./world";

type Commands = "lines_list" | "key_life" | "key_copy_note";

const DAY = 86_400;
const ROTATE_AFTER = 90 * DAY;

export const lines: Area<Commands> = (world) => ({
  lines_list: () => allLines(world),
  key_life: ({ name }) => life(world, name),
  key_copy_note: ({ name, to }) => {
    if (to.trim() === "") fail("usage", "the place is empty", "say where the copy is, such as the name of a program");
    const kept = lifeOf(world, find(world, name));
    kept.copies = [...kept.copies.filter((copy) => copy.to !== to), { to, form: null, at: now() }];
    happened(kept, "copyNoted", `a copy is at ${to}`);
    return life(world, name);
  },
});

/** A key's life; it begins when somebody asks. */
export function lifeOf(world: World, key: KeyRow): Life {
  const known = world.lives.get(key.name);
  if (known !== undefined) {
    if (key.deleted !== null && known.state !== "destroy-scheduled") enter(known, "destroy-scheduled", key.deleted);
    if (key.deleted === null && known.state === "destroy-scheduled") enter(known, known.stays.at(-2)?.state ?? "draft");
    return known;
  }
  const state: KeyState = key.deleted !== null ? "destroy-scheduled" : targetsOf(world, key.name).length > 0 ? "active" : "draft";
  const made: Life = {
    line: `line of ${key.name}`,
    state,
    made: key.made,
    leaked: null,
    stays: [{ state, from: key.created, until: null }],
    accepted: 0,
    lastAccepted: null,
    history: [{ seq: 1, at: key.created, kind: "added", words: `it came into the vault: ${key.origin}` }],
    copies: [],
  };
  world.lives.set(key.name, made);
  return made;
}

export function renameLife(world: World, name: string, wanted: string) {
  const known = world.lives.get(name);
  if (known === undefined) return;
  world.lives.delete(name);
  world.lives.set(wanted, known);
  world.rotations = world.rotations.map((one) => ({
    ...one,
    old: one.old === name ? wanted : one.old,
    next: one.next === name ? wanted : one.next,
  }));
}

export function enter(kept: Life, state: KeyState, at = now()) {
  kept.stays = [...kept.stays.map((stay) => ({ ...stay, until: stay.until ?? at })), { state, from: at, until: null }];
  kept.state = state;
}

export function happened(kept: Life, kind: string, words: string, at = now()) {
  kept.history = [...kept.history, { seq: kept.history.length + 1, at, kind, words }];
}

export function targetsOf(world: World, name: string): Target[] {
  return world.profiles.flatMap((profile) => {
    const others = Object.entries(profile.others).flatMap(([environment, roles]) =>
      Object.values(roles ?? {}).includes(name) ? [environment] : [],
    );
    const own = Object.entries(profile.keys).flatMap(([environment, key]) => (key === name ? [environment] : []));
    return [...own, ...others].map((environment) => ({ profile: profile.name, environment }));
  });
}

/** A row with what its life and its line say of it. */
export function withLife(world: World, key: KeyRow): KeyRow {
  const { state, made, line, lastAccepted } = lifeOf(world, key);
  const members = world.keys.filter((other) => lifeOf(world, other).line === line);
  return {
    ...key,
    state,
    made,
    accepted: lastAccepted,
    targets: targetsOf(world, key.name),
    line: members.map((other) => ({ name: other.name, state: lifeOf(world, other).state })),
  };
}

export function allLines(world: World): Line[] {
  const bound = world.keys.filter(({ binding }) => binding !== null);
  const ids = new Set(bound.map((key) => lifeOf(world, key).line));
  return [...ids].map((id) => {
    const members = bound.filter((key) => lifeOf(world, key).line === id).sort((a, b) => a.created - b.created);
    return lineOf(world, id, members);
  });
}

export function lineNamed(world: World, name: string): Line {
  return allLines(world).find(({ keys }) => keys.some((key) => key.name === name)) ?? fail("not-found", `${name} is bound to no place`);
}

function lineOf(world: World, id: string, members: KeyRow[]): Line {
  const first = members[0] as KeyRow;
  const { binding } = first;
  const provider = world.providers.find((one) => one.id === binding?.provider);
  const kind = provider?.credentials.find((one) => one.id === binding?.role);
  const {
    called: _called,
    hands: _hands,
    ...method
  } = methodOf(first) ?? { called: [], hands: {}, made: "here", overlap: "both", calls: false, tellsLastUse: false, note: null };
  const keys = members.map((key) => {
    const { state, made, leaked, stays } = lifeOf(world, key);
    return { name: key.name, state, made, leaked, stays };
  });
  const active = keys.find(({ state }) => state === "active");
  const under = world.rotations.find(
    (one) => one.line === id && (one.course === "forward" || one.course === "reviving" || one.course === "withdrawing"),
  );
  const targets = members.flatMap((key) => targetsOf(world, key.name));
  return {
    id,
    provider: binding?.provider ?? "",
    environment: binding?.environment ?? "",
    label: `${binding?.label ?? ""} at ${provider?.name ?? ""}`,
    tier: binding?.tier ?? "test",
    credential: kind?.id ?? binding?.role ?? "private_key",
    targets,
    keys,
    due: active === undefined ? null : dueOf(active, targets.length > 0, under !== undefined),
    method: methodOf(first) === null ? null : method,
    rotation: under?.id ?? null,
  };
}

function dueOf({ name, made, leaked }: Line["keys"][number], used: boolean, under: boolean): LineDue | null {
  if (leaked !== null) return { key: name, kind: "leaked", at: leaked, now: true };
  if (!used || under) return null;
  if (made === null) return { key: name, kind: "age-not-known", at: null, now: true };
  const at = made + ROTATE_AFTER;
  return { key: name, kind: "age", at, now: at <= now() };
}

function life(world: World, name: string): KeyLife {
  const key = find(world, name);
  const { lastAccepted, copies } = lifeOf(world, key);
  const line = key.binding === null ? null : lineNamed(world, name);
  return { name, line, lastAccepted, copies };
}
