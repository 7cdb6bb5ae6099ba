/** What is shown of the emulator: asked for when it is opened, and from then on as it is told. */
import type { Host } from "../../host/host";
import { KEPT, type EmulatorEntry, type EmulatorFaults, type EmulatorIncident, type EmulatorState, type ErrorBody } from "../../host/wire";
import { Refusal } from "../../state/refusal.svelte";

export class EmulatorLog {
  readonly #host: Host;
  #deaf: (() => void) | null = null;

  standing = $state.raw<EmulatorState | null>(null);
  busy = $state(false);
  /** The newest first. */
  readonly entries = $derived([...(this.standing?.entries ?? [])].reverse());

  readonly #refusal = new Refusal(() => [this.standing?.running]);

  constructor(host: Host) {
    this.#host = host;
  }

  get error(): ErrorBody | null {
    return this.#refusal.error;
  }

  /** Until {@link close} it hears what the emulator sees. */
  async open(): Promise<void> {
    this.#deaf ??= this.#host.listen((event) => {
      if (event.type === "emulated") this.seen(event.entry);
    });
    await this.#take(() => this.#host.call("emulator_state", null));
  }

  close(): void {
    this.#deaf?.();
    this.#deaf = null;
    this.standing = null;
    this.#refusal.forget();
  }

  seen(entry: EmulatorEntry): void {
    const { standing } = this;
    if (standing === null) return;
    // The first request of all started it: its addresses are not known here yet.
    if (!standing.running) return void this.open();
    const others = standing.entries.filter(({ number }) => number !== entry.number);
    this.standing = { ...standing, entries: [...others, entry].slice(-KEPT.emulated) };
  }

  start = () => this.#take(() => this.#host.call("emulator_start", null));
  reset = () => this.#take(() => this.#host.call("emulator_reset", null));

  /** Rejects with why not: that stands where the faults are typed. */
  async misbehave(faults: EmulatorFaults): Promise<void> {
    this.busy = true;
    try {
      this.standing = await this.#host.call("emulator_misbehave", faults);
    } finally {
      this.busy = false;
    }
  }

  async cause(incident: EmulatorIncident): Promise<boolean> {
    return this.#asking(async () => void (await this.#host.call("emulator_cause", incident)));
  }

  #take(ask: () => Promise<EmulatorState>): Promise<boolean> {
    return this.#asking(async () => {
      const standing = await ask();
      // Closed meanwhile: nobody looks.
      if (this.#deaf !== null) this.standing = standing;
    });
  }

  async #asking(job: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    const done = await this.#refusal.try(job);
    this.busy = false;
    return done;
  }
}
