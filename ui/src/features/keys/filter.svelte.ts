/** What the list of keys is narrowed to, and the key that is chosen in it. */
import type { Desk } from "../../state/desk.svelte";
import { useLines } from "../../state/lines.svelte";
import { choose, listed, type Segment } from "./rows";

export class KeyFilter {
  readonly #desk: Desk;

  text = $state("");
  segment = $state<Segment>("all");

  readonly #all = $derived.by(() => listed(this.#desk.keys));
  /** The names of the keys that ask to be rotated. */
  readonly due = $derived.by(() => new Set(useLines(this.#desk).due.map(({ due }) => due.key)));
  readonly rows = $derived.by(() => choose(this.#all, this.segment, this.text, this.due));

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** A key that is not listed is not chosen either; the first is, so that there is something to look at. */
  chosen(wanted: string | null): string | null {
    return this.rows.find(({ name }) => name === wanted)?.name ?? this.rows[0]?.name ?? null;
  }

  clear(): void {
    this.text = "";
    this.segment = "all";
  }
}
