/** The lines of the open vault and the rotations in them: which state each key is in, what is due, what is under way. */
import { errorBody } from "../errors";
import type { ErrorBody, Line, LineMember, Rotation, Target } from "../host/wire";
import { untrack } from "svelte";
import type { Desk } from "./desk.svelte";
import { kept } from "./kept.svelte";

/** A line whose active key asks to be rotated. */
export interface DueLine {
  line: Line;
  due: NonNullable<Line["due"]>;
}

export class Lines {
  readonly #desk: Desk;
  all = $state.raw<Line[]>([]);
  /** The latest first. */
  rotations = $state.raw<Rotation[]>([]);
  problem = $state.raw<ErrorBody | null>(null);
  #asked = 0;

  readonly #byKey = $derived(new Map(this.all.flatMap((line) => line.keys.map((key) => [key.name, { line, key }] as const))));
  readonly due = $derived(this.all.flatMap((line): DueLine[] => (line.due !== null && line.due.now ? [{ line, due: line.due }] : [])));

  constructor(desk: Desk) {
    this.#desk = desk;
    // Whatever changed in the vault may have changed a line.
    $effect(() => {
      void desk.keys;
      void desk.profiles;
      const { unlocked } = desk;
      untrack(() => void (unlocked ? this.reload() : this.#forget()));
    });
  }

  async reload(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const [all, rotations] = await Promise.all([this.#desk.host.call("lines_list", null), this.#desk.host.call("rotations_list", null)]);
      if (asked === this.#asked) Object.assign(this, { all, rotations, problem: null });
    } catch (thrown) {
      if (asked === this.#asked) this.problem = errorBody(thrown);
    }
  }

  /** A rotation as the program just told it. */
  take(rotation: Rotation): void {
    const known = this.rotations.some(({ id }) => id === rotation.id);
    this.rotations = known ? this.rotations.map((one) => (one.id === rotation.id ? rotation : one)) : [rotation, ...this.rotations];
  }

  of(key: string): { line: Line; key: LineMember } | null {
    return this.#byKey.get(key) ?? null;
  }

  /** The rotation of a key's line: the one under way, else the latest in which this key had a part. */
  rotationOf(key: string): Rotation | null {
    const line = this.of(key)?.line ?? null;
    if (line === null) return null;
    const inLine = this.rotations.filter((one) => one.line === line.id);
    return inLine.find(({ current }) => current !== null) ?? inLine.find(({ old, next }) => old === key || next === key) ?? null;
  }

  /** The line of a place whose calls nobody signs, after an incident. */
  withoutActive(place: Target | null): Line | null {
    const calls = ({ targets }: Line) =>
      targets.some(({ profile, environment }) => profile === place?.profile && environment === place.environment);
    return this.all.find((line) => calls(line) && line.keys.every(({ state }) => state !== "active")) ?? null;
  }

  #forget(): void {
    this.#asked += 1;
    Object.assign(this, { all: [], rotations: [], problem: null });
  }
}

/** Of this desk, whoever asks. */
export const useLines = kept((desk: Desk) => new Lines(desk));
