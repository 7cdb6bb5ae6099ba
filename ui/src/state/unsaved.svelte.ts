/** What was typed where it is saved, and is not saved yet. */
import type { ErrorBody } from "../host/wire";
import { Refusal } from "./refusal.svelte";

/** What was typed in one place. It stays, with why it was refused, until it is saved, typed anew or put back. */
export class Unsaved<Value> {
  #typed = $state.raw<Value | null>(null);
  readonly #refusal = new Refusal(() => [this.#typed]);

  /** None while the place shows what is saved. */
  get typed(): Value | null {
    return this.#typed;
  }

  get error(): ErrorBody | null {
    return this.#refusal.error;
  }

  type(value: Value): void {
    this.#typed = value;
  }

  putBack(): void {
    this.#typed = null;
  }

  /** Says whether it is saved. What was typed meanwhile is not lost by it. */
  async save(save: (typed: Value) => Promise<void>): Promise<boolean> {
    const typed = this.#typed;
    if (typed === null) return true;
    const saved = await this.#refusal.try(() => save(typed));
    if (saved && this.#typed === typed) this.#typed = null;
    return saved;
  }
}

/** What is unsaved, by where it stands. It outlives the screen, so that a look at another one loses nothing. */
export class UnsavedTexts {
  readonly #places = new Map<string, Unsaved<unknown>>();

  /** `of` is what the place belongs to, such as a profile; `place` where it stands there. */
  at<Value>(of: Owner, place: string): Unsaved<Value> {
    const name = nameOf(of, place);
    const known = this.#places.get(name) ?? new Unsaved<unknown>();
    this.#places.set(name, known);
    return known as Unsaved<Value>;
  }

  /** What is typed for somebody goes along with the name. */
  renamed(of: Owner, name: string): void {
    const [before, after] = [nameOf(of, ""), nameOf({ ...of, name }, "")];
    if (before === after) return;
    for (const [place, unsaved] of [...this.#places]) {
      if (!place.startsWith(before)) continue;
      this.#places.delete(place);
      this.#places.set(after + place.slice(before.length), unsaved);
    }
  }

  /** The vault is locked. */
  forget(): void {
    for (const unsaved of this.#places.values()) unsaved.putBack();
    this.#places.clear();
  }
}

export interface Owner {
  kind: "settings" | "profile" | "key" | "emulator";
  name: string;
}

/** Settings belong to the vault. */
export const SETTINGS_OF: Owner = { kind: "settings", name: "" };

const nameOf = ({ kind, name }: Owner, place: string) => `${kind}\n${name}\n${place}`;
