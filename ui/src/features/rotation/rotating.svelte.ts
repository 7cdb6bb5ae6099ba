/** What is done with rotations. It outlives the screen, so that one that goes on is found again where it is. */
import type { Command, ErrorBody, Handed, Request, Rotation, RotationStep } from "../../host/wire";
import type { Desk } from "../../state/desk.svelte";
import { nextJob } from "../../state/jobs";
import { kept } from "../../state/kept.svelte";
import { useLines } from "../../state/lines.svelte";
import { Refusal } from "../../state/refusal.svelte";

/** The commands that answer a rotation as it then stands. */
type Telling =
  | "rotation_did_it"
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
  | "rotation_abort";

/** What goes on with one rotation. */
class Course {
  readonly #desk: Desk;
  readonly #id: string;
  /** The job of a step that is on its way; none while nothing is done. */
  job = $state<number | null>(null);
  /** Something short is done, such as a word of the person that is written down. */
  busy = $state(false);
  readonly refusal: Refusal;

  constructor(desk: Desk, id: string) {
    this.#desk = desk;
    this.#id = id;
    // What was refused holds for what the rotation then waited for, however often it is read again.
    this.refusal = new Refusal(() => {
      const one = useLines(desk).rotations.find((other) => other.id === id);
      return [one?.current, JSON.stringify([one?.now, one?.places])];
    });
  }

  get error(): ErrorBody | null {
    return this.refusal.error;
  }

  get works(): boolean {
    return this.busy || this.job !== null;
  }

  /** Takes step after step until a person or a time is wanted. */
  async goOn(): Promise<void> {
    if (this.works) return;
    const job = nextJob();
    this.job = job;
    await this.#try(() => this.#desk.host.call("rotation_go_on", { rotation: this.#id, job }));
    this.job = null;
  }

  stop(): void {
    if (this.job !== null) void this.#desk.host.call("job_cancel", { job: this.job });
  }

  /** Says whether it was done. */
  async tell<C extends Telling>(command: C, request: Omit<Request<C>, "rotation">): Promise<boolean> {
    if (this.works) return false;
    this.busy = true;
    const whole = { ...request, rotation: this.#id } as Request<C>;
    const worked = await this.#try(() => this.#desk.host.call<Command>(command, whole) as Promise<Rotation | null>);
    this.busy = false;
    return worked;
  }

  /** Says something, and goes on by itself where nothing else is wanted then. */
  async tellAndGoOn<C extends Telling>(command: C, request: Omit<Request<C>, "rotation">): Promise<void> {
    if (await this.tell(command, request)) await this.goOn();
  }

  didIt(step: RotationStep): Promise<boolean> {
    return this.tell("rotation_did_it", { step });
  }

  mark(to: string, handed: Handed): Promise<boolean> {
    return this.tell("rotation_place_mark", { to, handed });
  }

  async #try(ask: () => Promise<Rotation | null>): Promise<boolean> {
    // Of an answer that comes after the lock nothing is kept.
    const { unlocked } = this.#desk;
    const done = await this.refusal.try(async () => {
      const rotation = await ask();
      if (rotation !== null && unlocked === this.#desk.unlocked) useLines(this.#desk).take(rotation);
    });
    // A key that is new, or in another place, shows in every list. What was done before a refusal, too.
    if (this.#desk.unlocked) await this.#desk.reload();
    return done;
  }
}

export class Rotating {
  readonly #desk: Desk;
  readonly #courses = new Map<string, Course>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  of(rotation: string): Course {
    const known = this.#courses.get(rotation) ?? new Course(this.#desk, rotation);
    this.#courses.set(rotation, known);
    return known;
  }
}

export type { Course };
export const useRotating = kept((desk: Desk) => new Rotating(desk));
