/** What was found in a file or on the clipboard, and what of it is kept. Rust holds the keys; here are their descriptions. */

import { errorBody } from "../../errors";
import type { Host } from "../../host/host";
import type { ErrorBody, ImportItem, ImportPreview, Target } from "../../host/wire";

/** One key found: whether it is wanted, and how it will be called. */
export class Chosen {
  item = $state.raw() as ImportItem;
  wanted = $state(false);
  name = $state("");
  alg = $state("");
  problem = $state.raw<ErrorBody | null>(null);

  constructor(
    item: ImportItem,
    /** Its number in the preview. */
    readonly index: number,
  ) {
    this.item = item;
    this.wanted = keepable(item);
    this.name = item.suggestedName;
    this.alg = item.algs[0] ?? "";
  }
}

export class Importing {
  readonly #host: Host;

  preview = $state.raw<ImportPreview | null>(null);
  chosen = $state.raw<Chosen[]>([]);
  problem = $state.raw<ErrorBody | null>(null);
  busy = $state(false);

  readonly wanted = $derived(this.chosen.filter(({ wanted }) => wanted));

  constructor(host: Host) {
    this.#host = host;
  }

  show(preview: ImportPreview): void {
    if (this.preview !== null && this.preview.preview !== preview.preview) void this.forget();
    this.preview = preview;
    this.problem = null;
    this.chosen = preview.items.map((item, index) => new Chosen(item, index));
  }

  async file(): Promise<void> {
    await this.#read(() => this.#host.call("import_file", null));
  }

  async clipboard(): Promise<void> {
    await this.#read(() => this.#host.call("import_clipboard", null));
  }

  async unlock(passphrase: string): Promise<void> {
    const { preview } = this;
    if (preview === null) return;
    await this.#read(() => this.#host.call("import_unlock", { preview: preview.preview, passphrase }));
  }

  /** Keeps what is wanted, one after the other; answers the names of what is kept. What fails stays, with the reason beside it. */
  async keep(place: Target | null): Promise<string[]> {
    const { preview } = this;
    if (preview === null || this.busy) return [];
    this.busy = true;
    const kept: string[] = [];
    for (const one of this.wanted) {
      one.problem = null;
      try {
        const detail = await this.#host.call("import_keep", {
          preview: preview.preview,
          item: one.index,
          name: one.name.trim(),
          alg: one.alg === "" ? null : one.alg,
          place: this.wanted.length === 1 ? place : null,
        });
        kept.push(detail.key.name);
        one.wanted = false;
        one.item = { ...one.item, already: detail.key.name };
      } catch (thrown) {
        one.problem = errorBody(thrown);
      }
    }
    this.busy = false;
    return kept;
  }

  async forget(): Promise<void> {
    const { preview } = this;
    this.preview = null;
    this.chosen = [];
    this.problem = null;
    if (preview !== null) await this.#host.call("import_forget", { preview: preview.preview }).catch(() => undefined);
  }

  async #read(read: () => Promise<ImportPreview | null>): Promise<void> {
    this.problem = null;
    this.busy = true;
    try {
      const preview = await read();
      if (preview !== null) this.show(preview);
    } catch (thrown) {
      this.problem = errorBody(thrown);
    } finally {
      this.busy = false;
    }
  }
}

/** A public half signs nothing, and what is here already need not come again. */
export function keepable(item: ImportItem): boolean {
  return item.private && item.already === null;
}
