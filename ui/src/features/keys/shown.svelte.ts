/** The key one looks at, in full. An answer that comes after another key was chosen is dropped. */

import { errorBody } from "../../errors";
import type { Host } from "../../host/host";
import type { ErrorBody, KeyDetail } from "../../host/wire";

export class ShownKey {
  readonly #host: Host;
  #asked = 0;

  detail = $state.raw<KeyDetail | null>(null);
  problem = $state.raw<ErrorBody | null>(null);

  constructor(host: Host) {
    this.#host = host;
  }

  async show(name: string | null): Promise<void> {
    const asked = ++this.#asked;
    this.problem = null;
    if (name === null) {
      this.detail = null;
      return;
    }
    try {
      const detail = await this.#host.call("key_show", { name });
      if (asked === this.#asked) this.detail = detail;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.detail = null;
      this.problem = errorBody(thrown);
    }
  }
}
