/** Why something was refused, for as long as that is so. */
import { errorBody } from "../errors";
import type { ErrorBody } from "../host/wire";

/**
 * The error of one thing that is asked for. It speaks of what was asked for: when any of that is other, such as a text in its
 * form, nothing is said any more. Every form has its errors from here, so that none has to remember to take them away.
 */
export class Refusal {
  /** What is asked for, by value or by identity. Of a secret: how often it was typed, since none is kept to compare with. */
  readonly #asked: () => readonly unknown[];
  #said = $state.raw<{ error: ErrorBody; of: readonly unknown[] } | null>(null);

  constructor(asked: () => readonly unknown[]) {
    this.#asked = asked;
  }

  get error(): ErrorBody | null {
    const said = this.#said;
    if (said === null) return null;
    return this.#asked().every((value, at) => Object.is(value, said.of[at])) ? said.error : null;
  }

  /** Does what may be refused; says whether it was done. */
  async try(act: () => Promise<void>): Promise<boolean> {
    this.#said = null;
    const of = this.#asked();
    try {
      await act();
      return true;
    } catch (thrown) {
      this.#said = { error: errorBody(thrown), of };
      return false;
    }
  }

  /** Something was refused that was not tried from here. */
  say(thrown: unknown): void {
    this.#said = { error: errorBody(thrown), of: this.#asked() };
  }

  forget(): void {
    this.#said = null;
  }
}
