/** The life of the key one looks at. An answer that comes after another key was chosen is dropped. */
import { errorBody } from "../../errors";
import type { Host } from "../../host/host";
import type { ErrorBody, KeyLife } from "../../host/wire";

export class ShownLife {
  readonly #host: Host;
  #asked = 0;
  #life = $state.raw<KeyLife | null>(null);
  problem = $state.raw<ErrorBody | null>(null);

  constructor(host: Host) {
    this.#host = host;
  }

  of(name: string): KeyLife | null {
    return this.#life?.name === name ? this.#life : null;
  }

  put(life: KeyLife): void {
    this.#life = life;
  }

  async show(name: string | null): Promise<void> {
    const asked = ++this.#asked;
    this.problem = null;
    if (name === null) {
      this.#life = null;
      return;
    }
    try {
      const life = await this.#host.call("key_life", { name });
      if (asked === this.#asked) this.#life = life;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.#life = null;
      this.problem = errorBody(thrown);
    }
  }
}
