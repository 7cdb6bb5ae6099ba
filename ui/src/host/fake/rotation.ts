/** A rotation in memory: it plays the steps, the waits, a refusal and the ways back, and changes the keys as the program would. */
import type {
  EarliestTime,
  HandOver,
  KeyRow,
  PairThere,
  Rotation,
  RotationMode,
  RotationNext,
  RotationRow,
  RotationStep,
  RotationTimes,
  StepEvidence,
  WaitPart,
} from "../wire";
import { madeUpThumbprint } from "./keys";
import { enter, happened, lifeOf, lineNamed, targetsOf } from "./lines";
import { methodOf, NUMBERS, stepsOf, takenOf, TIMES, type Method } from "./methods";
import { fail, find, now, pause, type Area, type Turning, type World } from "./world";

type Commands =
  | "rotation_plan"
  | "rotation_start"
  | "rotations_list"
  | "rotation_show"
  | "rotation_go_on"
  | "rotation_did_it"
  | "rotation_paste"
  | "rotation_bring"
  | "rotation_bring_file"
  | "rotation_by_hand"
  | "rotation_again"
  | "rotation_hurry"
  | "rotation_silent"
  | "rotation_place_add"
  | "rotation_place_serve"
  | "rotation_place_mark"
  | "rotation_back"
  | "rotation_abort"
  | "rotation_runbook_save";

const SEEN_AFTER = 30;
const BREAKS = {
  seen: "some servers of the provider may not know the next key, and refuse its calls",
  deploy: "programs that still have the old key fail until they are deployed",
  life: "tokens that the old key signed are refused before they expire",
  skew: "servers whose clock is behind refuse tokens that look valid here",
  undo: "whoever turns out to need the old key cannot have it back",
};

export const rotation: Area<Commands> = (world) => ({
  rotation_plan: ({ key, mode, times }) => {
    return plan(world, key, mode, times ?? TIMES);
  },
  rotation_start: ({ key, mode, times }) => view(world, begin(world, key, mode, times)),
  rotations_list: () => [...world.rotations].reverse().map((one) => view(world, one)),
  rotation_show: ({ rotation }) => view(world, turning(world, rotation)),
  rotation_go_on: async ({ rotation }) => {
    const one = turning(world, rotation);
    const open = one.places.filter(({ handed }) => handed === "open").map(({ to }) => to);
    const next = nextOf(world, one).do;
    if (next === "hand-over" && open.length > 0) {
      fail(
        "rule",
        `${open.length} places that have the old key are neither served nor said to be unknown: ${open.join(", ")}`,
        "give each of them the next key, or say that you do not know of it",
      );
    }
    if (next !== "go-on" && next !== "hand-over") return view(world, one);
    if (world.pace > 0) await pause(world.pace * 6);
    goOn(world, one);
    world.emit({ type: "rotated", rotation: view(world, one) });
    return view(world, one);
  },
  rotation_did_it: ({ rotation, step }) =>
    told(world, rotation, "by-hand", (one) => {
      if (step === "withdraw") return withdraw(world, one);
      complete(world, one, step, { by: "said" });
    }),
  rotation_paste: ({ rotation }) => {
    const next = nextOf(world, turning(world, rotation));
    const secret = next.do === "by-hand" && next.paste === "secret";
    world.clipboard = next.do === "by-hand" ? (next.text ?? "a password") : "";
    return { what: secret ? "The new password" : "The public half", clearsInSeconds: secret ? 15 : null };
  },
  rotation_bring: ({ rotation, secret }) =>
    told(world, rotation, "by-hand", (one) => {
      if (secret.trim().length < 8)
        fail("malformed", "what was pasted has fewer than 8 characters", "copy the whole key, as it is shown once");
      make(world, one);
      complete(world, one, "make", { by: "said" });
    }),
  rotation_bring_file: ({ rotation }) =>
    told(world, rotation, "by-hand", (one) => {
      make(world, one);
      complete(world, one, "make", { by: "said" });
    }),
  rotation_by_hand: ({ rotation, step }) =>
    told(world, rotation, null, (one) => {
      one.byHand.add(step);
      one.stopped = null;
      note(one, `by hand from now on: ${step}`);
    }),
  rotation_again: ({ rotation }) =>
    told(world, rotation, "stopped", (one) => {
      one.stopped = null;
      note(one, "a person went on");
    }),
  rotation_hurry: ({ rotation, step }) =>
    told(world, rotation, "wait", (one) => {
      one.hurried.add(step);
      note(one, `a person goes early: ${step}`);
    }),
  rotation_silent: ({ rotation }) => told(world, rotation, "watch", (one) => complete(world, one, "watch", { by: "said" })),
  rotation_place_add: ({ rotation, to }) =>
    told(world, rotation, null, (one) => {
      if (to.trim() === "") fail("usage", "the place is empty", "say where the copy is, such as the name of a program");
      if (!one.places.some((place) => place.to === to)) one.places = [...one.places, { to, form: null, handed: "open" }];
    }),
  rotation_place_serve: ({ rotation, to }) => told(world, rotation, null, (one) => mark(one, to, "given")),
  rotation_place_mark: ({ rotation, to, handed }) => told(world, rotation, null, (one) => mark(one, to, handed)),
  rotation_back: ({ rotation }) => told(world, rotation, null, (one) => back(world, one)),
  rotation_abort: ({ rotation }) =>
    told(world, rotation, null, (one) => {
      if (isDone(one, "promote"))
        fail("rule", "the next key is active; a rotation is aborted before that", "take the promotion back first");
      one.course = "withdrawing";
      one.stopped = null;
      note(one, "the rotation is given up");
      if (!isDone(one, "publish") || !methodFor(world, one).calls) withdraw(world, one);
    }),
  rotation_runbook_save: ({ rotation }) => {
    const { old } = turning(world, rotation);
    return { file: `rotation-of-${old}.txt`, words: `Saved rotation-of-${old}.txt.` };
  },
});

/** Begins a rotation; `at` lies in the past where a world is set up in which one is under way. */
export function begin(world: World, key: string, mode: RotationMode, times: RotationTimes = TIMES, at = now()): Turning {
  const row = find(world, key);
  const kept = lifeOf(world, row);
  const line = lineNamed(world, key);
  if (line.rotation !== null) fail("rule", `the rotation of ${JSON.stringify(key)} is under way`, "go on with it, or abort it");
  if (kept.state !== "active" && !(mode !== "planned" && kept.state === "compromised")) {
    fail("rule", `the key ${JSON.stringify(key)} is not the active one of its line; only an active key is rotated`);
  }
  const one: Turning = {
    id: `r-${world.rotations.length + 1}`,
    line: line.id,
    old: key,
    next: null,
    mode,
    times,
    since: at,
    done: [],
    course: "forward",
    stopped: null,
    hurried: new Set(),
    byHand: new Set(),
    silence: null,
    places: kept.copies.map(({ to, form }): HandOver => ({ to, form, handed: "open" })),
    orphans: [],
    journal: [],
  };
  if (mode !== "planned") {
    kept.leaked ??= at;
    happened(kept, "leakReported", "somebody reported that it leaked", at);
  }
  note(one, "the rotation began", at);
  world.rotations.push(one);
  return one;
}

/** Plays on until a step is done, at times that lie in the past if they are given: `at` is when each step was done. */
export function play(world: World, one: Turning, until: RotationStep, at: (step: RotationStep) => number) {
  for (const step of stepsOf(methodFor(world, one), one.mode)) {
    if (isDone(one, step)) continue;
    if (step === "make") make(world, one, at(step));
    complete(world, one, step, evidenceOf(world, one, step), at(step));
    if (step === until) return;
  }
}

export function view(world: World, one: Turning): Rotation {
  const method = methodFor(world, one);
  const { called: _called, hands: _hands, ...told } = method;
  const { binding } = find(world, one.old);
  const provider = world.providers.find(({ id }) => id === binding?.provider);
  const current = currentOf(world, one);
  return {
    id: one.id,
    line: one.line,
    label: `${binding?.label ?? ""} at ${provider?.name ?? ""}`,
    tier: binding?.tier ?? "test",
    mode: one.mode,
    method: told,
    since: one.since,
    old: one.old,
    next: one.next,
    rows: rowsOf(method, one.mode, one.times, one),
    current,
    now: nextOf(world, one),
    places: one.places,
    orphans: one.orphans,
    there: method.calls && (isDone(one, "publish") || one.mode !== "planned") ? there(world, one.old) : null,
    journal: one.journal,
    mayGoBack:
      one.course === "forward" && isDone(one, "promote") && !isDone(one, "delete") && !isDone(one, "disable") && method.overlap === "both",
    mayAbort: one.course === "forward" && !isDone(one, "promote"),
    mayGoByHand: current !== null && takenOf(method, current, one.byHand) === "call" && method.hands[current] !== undefined,
  };
}

function plan(world: World, key: string, mode: RotationMode, times: RotationTimes) {
  const row = find(world, key);
  const method =
    methodOf(row) ?? fail("rule", `the definition of ${row.binding?.provider ?? "no provider"} does not say how it is rotated`);
  const { called: _called, hands: _hands, ...told } = method;
  const live = row.binding?.tier === "live";
  const other = world.keys.find(
    ({ name, kind, binding }) =>
      live &&
      kind === row.kind &&
      binding?.provider === row.binding?.provider &&
      binding?.tier === "test" &&
      targetsOf(world, name).length > 0,
  );
  const rehearsed = other === undefined ? undefined : world.rotations.find(({ old, course }) => old === other.name && course === "done");
  const rehearse =
    other === undefined ? null : { key: other.name, label: lineNamed(world, other.name).label, done: rehearsed?.done.at(-1)?.at ?? null };
  return {
    old: key,
    mode,
    method: told,
    times,
    rows: rowsOf(method, mode, times, null),
    targets: targetsOf(world, key),
    places: lifeOf(world, row).copies.map(({ to, form }): HandOver => ({ to, form, handed: "open" })),
    there: null,
    byHand: method.calls ? null : "the provider publishes no call for this",
    rehearse,
  };
}

function there(world: World, key: string): PairThere {
  return {
    id: `pair-${madeUpThumbprint(key).slice(0, 6)}`,
    label: key,
    active: true,
    lastUsed: now() - 420,
    grants: [
      { label: "roles", ids: ["processing"], empty: null },
      { label: "merchant accounts", ids: [], empty: "all" },
    ],
  };
}

function nextOf(world: World, one: Turning): RotationNext {
  const method = methodFor(world, one);
  if (one.course === "done" || one.course === "aborted") return { do: one.course };
  if (one.stopped !== null) return { do: "stopped", ...one.stopped };
  const step = currentOf(world, one) as RotationStep;
  const earliest = windowOf(method, one.mode, one.times, step, waitsFor(one, step) ?? now());
  if (!one.hurried.has(step) && waitsFor(one, step) !== null && now() < earliest.at) return { do: "wait", step, earliest };
  if (step === "hand-over") return { do: "hand-over" };
  if (step === "watch") return watched(one, method);
  if (takenOf(method, step, one.byHand) === "hand") {
    const { words, open, paste, brings } = method.hands[step] ?? { words: null, open: null, paste: null, brings: null };
    const text = paste === "public-pem" && one.next !== null ? pemOf(find(world, one.next)) : null;
    return { do: "by-hand", step, words, open, paste, text, brings };
  }
  if (step === "prove" && !method.calls) return { do: "by-hand", step, words: null, open: null, paste: null, text: null, brings: null };
  return { do: "go-on", step };
}

function watched(one: Turning, method: Method): RotationNext {
  const promoted = one.done.find(({ step }) => step === "promote")?.at ?? now();
  if (!method.tellsLastUse) {
    const open = one.places.filter(({ handed }) => handed !== "given").map(({ to }) => to);
    return { do: "watch", silence: { verdict: "not-known", ours: promoted - 60, open } };
  }
  const silentFrom = promoted + one.times.quiet;
  if (now() >= silentFrom) return { do: "go-on", step: "watch" };
  return { do: "watch", silence: { verdict: "used", last: promoted - 60, silentFrom } };
}

function goOn(world: World, one: Turning) {
  const step = currentOf(world, one) as RotationStep;
  const trouble = world.troubles.get(step);
  if (trouble !== undefined) {
    world.troubles.delete(step);
    one.stopped = trouble;
    note(one, `stopped: ${trouble.words}`);
    return;
  }
  if (step === "withdraw") return withdraw(world, one);
  if (step === "revive") {
    one.course = "forward";
    one.done = one.done.filter((done) => !["retire", "watch", "promote"].includes(done.step));
    move(world, one, one.next, one.old);
    return;
  }
  if (step === "make") make(world, one);
  complete(world, one, step, evidenceOf(world, one, step));
}

function evidenceOf(world: World, one: Turning, step: RotationStep): StepEvidence {
  const pair = `pair-${madeUpThumbprint(one.next ?? one.old).slice(0, 6)}`;
  if (takenOf(methodFor(world, one), step, one.byHand) === "hand") return { by: "said" };
  switch (step) {
    case "publish":
    case "activate":
      return { by: "seen", pair, thumbprint: one.next === null ? null : find(world, one.next).thumbprint };
    case "retire":
    case "disable":
      return { by: "seen", pair: `pair-${madeUpThumbprint(one.old).slice(0, 6)}`, thumbprint: find(world, one.old).thumbprint };
    case "delete":
      return { by: "gone" };
    case "prove":
      return { by: "accepted", status: 200 };
    case "watch":
      return { by: "silent", last: (one.done.find(({ step }) => step === "promote")?.at ?? now()) - 60 };
    case "hand-over":
      return { by: "said" };
    default:
      return { by: "here" };
  }
}

function complete(world: World, one: Turning, step: RotationStep, evidence: StepEvidence, at = now()) {
  const method = methodFor(world, one);
  const from = waitsFor(one, step);
  const early = from === null ? 0 : windowOf(method, one.mode, one.times, step, from).at - at;
  one.done = [...one.done.filter((done) => done.step !== step), { step, at, evidence, earlyBy: early > 0 ? early : null }];
  note(one, `done: ${step}`, at);
  const [old, next] = [lifeOf(world, find(world, one.old)), one.next === null ? null : lifeOf(world, find(world, one.next))];
  if (step === "publish" || (step === "make" && method.made === "there")) {
    if (next?.state === "draft") enter(next, "published", at);
  }
  if (step === "prove" && next !== null) {
    Object.assign(next, { accepted: next.accepted + 1, lastAccepted: at });
    happened(next, "proved", "a server accepted the request that proves it", at);
  }
  if (step === "promote") move(world, one, one.old, one.next, at);
  if (step === "retire" && old.state === "retiring") enter(old, "retired", at);
  if (step === "disable") enter(old, "compromised", at);
  if (step === "destroy") {
    enter(old, "destroy-scheduled", at);
    world.keys = world.keys.map((key) => (key.name === one.old ? { ...key, deleted: at } : key));
  }
  if (currentOf(world, one) === null) one.course = "done";
}

/** Every target of one key calls with the other from now on. */
function move(world: World, one: Turning, from: string | null, to: string | null, at = now()) {
  if (from === null || to === null) return;
  const swap = (name: string) => (name === from ? to : name);
  world.profiles = world.profiles.map((profile) => ({
    ...profile,
    keys: Object.fromEntries(Object.entries(profile.keys).map(([environment, key]) => [environment, swap(key)])),
  }));
  const used = world.profiles.filter(({ keys }) => Object.values(keys).includes(to)).map(({ name }) => name);
  world.keys = world.keys.map((key) => (key.name === to ? { ...key, profiles: used } : key.name === from ? { ...key, profiles: [] } : key));
  const [old, next] = [lifeOf(world, find(world, from)), lifeOf(world, find(world, to))];
  const takesBack = to === one.old;
  if (old.state === "active") enter(old, takesBack ? "published" : "retiring", at);
  enter(next, "active", at);
  happened(
    next,
    takesBack ? "takenBack" : "promoted",
    takesBack ? "the promotion was taken back: it calls again" : `it took the place of ${from}`,
    at,
  );
  if (!takesBack) happened(old, "promoted", `${to} took its place`, at);
}

function back(world: World, one: Turning) {
  if (!isDone(one, "promote"))
    fail("rule", "the next key is not promoted yet; nothing can be taken back", "abort the rotation, if it shall end here");
  one.stopped = null;
  if (isDone(one, "retire")) {
    one.course = "reviving";
    return note(one, "the retirement is being undone");
  }
  one.done = one.done.filter(({ step }) => step !== "promote" && step !== "watch");
  one.hurried.delete("promote");
  move(world, one, one.next, one.old);
  note(one, "the promotion was taken back");
}

function withdraw(world: World, one: Turning) {
  if (one.next !== null) {
    const { next } = one;
    enter(lifeOf(world, find(world, next)), "destroy-scheduled");
    world.keys = world.keys.map((key) => (key.name === next ? { ...key, deleted: now() } : key));
  }
  one.course = "aborted";
}

function make(world: World, one: Turning, at = now()) {
  const old = find(world, one.old);
  const names = new Set(world.keys.map(({ name }) => name));
  const base = one.old.replace(/(-next(-\d+)?)?$/, "-next");
  let name = base;
  for (let number = 2; names.has(name); number += 1) name = `${base}-${number}`;
  const thumbprint = old.thumbprint === null ? null : madeUpThumbprint(name);
  const next: KeyRow = {
    ...old,
    name,
    kid: thumbprint,
    thumbprint,
    created: at,
    made: at,
    origin: methodFor(world, one).made === "here" ? "generated here" : "brought from the provider",
    profiles: [],
    due: null,
    deleted: null,
  };
  world.keys = [...world.keys, next];
  const kept = lifeOf(world, next);
  kept.line = one.line;
  kept.made = at;
  one.next = name;
}

function told(world: World, rotation: string, wanted: RotationNext["do"] | null, change: (one: Turning) => void): Rotation {
  const one = turning(world, rotation);
  const found = nextOf(world, one).do;
  if (wanted !== null && found !== wanted)
    fail("rule", `that came while the rotation wants something else: ${found}`, "look at it again, and do that");
  change(one);
  return view(world, one);
}

function mark(one: Turning, to: string, handed: HandOver["handed"]) {
  if (!one.places.some((place) => place.to === to))
    fail("not-found", `${JSON.stringify(to)} is not one of the places that have the old key`, "add the place first");
  one.places = one.places.map((place) => (place.to === to ? { ...place, handed } : place));
}

function rowsOf(method: Method, mode: RotationMode, times: RotationTimes, one: Turning | null): RotationRow[] {
  let at = now();
  return stepsOf(method, mode).map((step) => {
    const done = one?.done.find((done) => done.step === step) ?? null;
    const earliest = windowOf(method, mode, times, step, (one === null ? null : waitsFor(one, step)) ?? at);
    if (done === null) {
      at = Math.max(at, earliest.at);
      if (step === "watch" && mode === "planned") at += times.quiet;
    }
    return {
      step,
      number: NUMBERS[step] ?? null,
      taken: takenOf(method, step, one?.byHand ?? new Set()),
      done: done === null ? null : { at: done.at, evidence: done.evidence, earlyBy: done.earlyBy },
      earliest,
    };
  });
}

function windowOf(method: Method, mode: RotationMode, times: RotationTimes, step: RotationStep, from: number): EarliestTime {
  const parts: [WaitPart, string][] = [];
  if (mode === "planned" && method.overlap === "both") {
    if (step === "promote") parts.push([{ words: "the time until the provider has seen it everywhere", seconds: SEEN_AFTER }, BREAKS.seen]);
    if (step === "retire") {
      parts.push([{ words: "the slowest deploy", seconds: times.slowestDeploy }, BREAKS.deploy]);
      parts.push([{ words: "the longest token lifetime", seconds: times.tokenLifetime }, BREAKS.life]);
      parts.push([{ words: "the difference of clocks", seconds: times.skew }, BREAKS.skew]);
    }
    if (step === "delete") parts.push([{ words: "the time in which a retirement can be undone", seconds: times.undo }, BREAKS.undo]);
  }
  const wait = parts.reduce((sum, [{ seconds }]) => sum + seconds, 0);
  return { at: from + wait, wait, parts: parts.map(([part]) => part), breaks: parts.map(([, breaks]) => breaks) };
}

function waitsFor(one: Turning, step: RotationStep): number | null {
  const at = (of: RotationStep) => one.done.find((done) => done.step === of)?.at ?? null;
  if (step === "promote") return at("activate") ?? at("publish") ?? at("make");
  if (step === "retire") return at("promote");
  return step === "delete" ? at("retire") : null;
}

function currentOf(world: World, one: Turning): RotationStep | null {
  if (one.course === "withdrawing") return "withdraw";
  if (one.course === "reviving") return "revive";
  if (one.course !== "forward") return null;
  return stepsOf(methodFor(world, one), one.mode).find((step) => !isDone(one, step)) ?? null;
}

const isDone = (one: Turning, step: RotationStep) => one.done.some((done) => done.step === step);
const note = (one: Turning, words: string, at = now()) => void (one.journal = [...one.journal, { at, words }]);
const methodFor = (world: World, one: Turning): Method =>
  methodOf(find(world, one.old)) ?? fail("rule", "the definition says nothing of it");
const turning = (world: World, id: string): Turning =>
  world.rotations.find((one) => one.id === id) ?? fail("not-found", `there is no rotation ${id}`);
const pemOf = (key: KeyRow) =>
  `-----BEGIN PUBLIC KEY-----\n${btoa(`${key.name} ${key.thumbprint}`).replace(/.{64}(?=.)/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;
