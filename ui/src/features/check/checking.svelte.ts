/** The check of all keys: which are ticked, what is on its way, what came of each. It outlives its dialog. */
import type { CheckOf, CheckResult, CheckRow, ErrorBody } from "../../host/wire";
import type { Desk } from "../../state/desk.svelte";
import { nextJob } from "../../state/jobs";
import { kept } from "../../state/kept.svelte";
import { Refusal } from "../../state/refusal.svelte";

export const nameOf = ({ key, target }: CheckOf) => JSON.stringify([key, target.profile, target.environment]);
const ofRow = ({ key, target }: CheckRow): CheckOf => ({ key, target });

export class Checking {
  readonly #desk: Desk;
  rows = $state.raw<CheckRow[] | null>(null);
  /** What is ticked, by {@link nameOf}. */
  ticked = $state.raw<ReadonlySet<string>>(new Set());
  job = $state<number | null>(null);
  /** What this check asked for, and what came of it so far. */
  asked = $state.raw<readonly string[]>([]);
  results = $state.raw<ReadonlyMap<string, CheckResult>>(new Map());
  readonly #refusal = new Refusal(() => [this.ticked]);

  readonly able = $derived((this.rows ?? []).filter(({ whyNot }) => whyNot === null));
  readonly wanted = $derived(this.able.map(ofRow).filter((of) => this.ticked.has(nameOf(of))));

  constructor(desk: Desk) {
    this.#desk = desk;
    $effect(() =>
      desk.host.listen((event) => {
        if (event.type === "locked") this.#forget();
        if (event.type === "checked" && event.job === this.job) this.#take(event.outcome.of, event.outcome.result);
      }),
    );
  }

  get problem(): ErrorBody | null {
    return this.#refusal.error;
  }

  /** Those that are not live are ticked: a live one is a choice. */
  async open(): Promise<void> {
    if (this.job !== null) return;
    await this.#refusal.try(async () => {
      this.rows = await this.#desk.host.call("check_list", null);
      this.results = new Map();
      this.asked = [];
      this.tickAll();
    });
  }

  tickAll(): void {
    this.ticked = new Set(this.able.filter(({ tier }) => tier !== "live").map((row) => nameOf(ofRow(row))));
  }

  tick(row: CheckRow, wanted: boolean): void {
    const name = nameOf(ofRow(row));
    this.ticked = new Set(wanted ? [...this.ticked, name] : [...this.ticked].filter((other) => other !== name));
  }

  async run(): Promise<void> {
    if (this.job !== null || this.wanted.length === 0) return;
    const of = this.wanted;
    const job = nextJob();
    this.job = job;
    this.asked = of.map(nameOf);
    this.results = new Map();
    await this.#refusal.try(async () => {
      for (const { of: one, result } of await this.#desk.host.call("check_run", { of, job })) this.#take(one, result);
    });
    this.job = null;
    // A call that was accepted shows in the life of its key.
    if (this.#desk.unlocked) await this.#desk.reload();
  }

  stop(): void {
    if (this.job !== null) void this.#desk.host.call("job_cancel", { job: this.job });
  }

  #take(of: CheckOf, result: CheckResult): void {
    this.results = new Map(this.results).set(nameOf(of), result);
  }

  #forget(): void {
    Object.assign(this, { rows: null, ticked: new Set(), job: null, asked: [], results: new Map() });
    this.#refusal.forget();
  }
}

export const useChecking = kept((desk: Desk) => new Checking(desk));
