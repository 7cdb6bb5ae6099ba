/** What was found in a file or on the clipboard, and what of it is kept. Rust holds the keys; here are their descriptions. */

import type { Host } from "../../host/host";
import type { ErrorBody, ImportItem, ImportPreview, Target } from "../../host/wire";
import { Refusal } from "../../state/refusal.svelte";
import { TypedSecret } from "../../state/secret.svelte";

/** One key found: whether it is wanted, and how it will be called. */
export class Chosen {
  item = $state.raw() as ImportItem;
  wanted = $state(false);
  name = $state("");
  alg = $state("");
  /** When it was made: on the day of its file, on a day that is typed, or nobody knows. */
  made = $state<"file" | "day" | "unknown">("unknown");
  day = $state("");
  readonly refusal = new Refusal(() => [this.name, this.alg, this.wanted, this.made, this.day]);

  constructor(
    item: ImportItem,
    /** Its number in the preview. */
    readonly index: number,
  ) {
    this.item = item;
    this.wanted = keepable(item);
    this.name = item.suggestedName;
    this.alg = item.algs[0] ?? "";
    this.made = item.made === null ? "unknown" : "file";
  }

  /** In seconds since 1970; none where nobody knows, nothing where what was typed is not a day of the past. */
  madeAt(now: number): number | null | undefined {
    if (this.made === "unknown") return null;
    return this.made === "file" ? this.item.made : dayOf(this.day, now);
  }
}

/** A day as 2026-01-31, at its noon here, so that no zone makes another day of it. */
function dayOf(text: string, now: number): number | undefined {
  const [, year, month, day] = /^\s*(\d{4})-(\d{2})-(\d{2})\s*$/.exec(text) ?? [];
  const date = new Date(Number(year), Number(month) - 1, Number(day), 12);
  const at = Math.floor(date.getTime() / 1000);
  const isThatDay = date.getMonth() === Number(month) - 1 && date.getDate() === Number(day);
  return isThatDay && at <= now + 43_200 ? Math.min(at, Math.floor(now)) : undefined;
}

export class Importing {
  readonly #host: Host;

  preview = $state.raw<ImportPreview | null>(null);
  chosen = $state.raw<Chosen[]>([]);
  /** Of the file, where it is encrypted. */
  readonly passphrase = new TypedSecret();
  busy = $state(false);
  readonly #refusal = new Refusal(() => [this.preview, this.passphrase.typed]);

  readonly wanted = $derived(this.chosen.filter(({ wanted }) => wanted));

  constructor(host: Host) {
    this.#host = host;
  }

  get problem(): ErrorBody | null {
    return this.#refusal.error;
  }

  show(preview: ImportPreview): void {
    if (this.preview !== null && this.preview.preview !== preview.preview) void this.forget();
    this.preview = preview;
    this.chosen = preview.items.map((item, index) => new Chosen(item, index));
  }

  async file(): Promise<void> {
    await this.#read(() => this.#host.call("import_file", null));
  }

  async clipboard(): Promise<void> {
    await this.#read(() => this.#host.call("import_clipboard", null));
  }

  async unlock(): Promise<void> {
    const { preview, passphrase } = this;
    if (preview === null) return;
    await this.#read(() => this.#host.call("import_unlock", { preview: preview.preview, passphrase: passphrase.text }));
    passphrase.wipe();
  }

  /** Keeps what is wanted, one after the other; answers the names of what is kept. What fails stays, with the reason beside it. */
  async keep(place: Target | null): Promise<string[]> {
    const { preview } = this;
    if (preview === null || this.busy) return [];
    this.busy = true;
    const kept: string[] = [];
    for (const one of this.wanted) {
      const made = one.madeAt(Date.now() / 1000);
      if (made === undefined) continue;
      await one.refusal.try(async () => {
        const detail = await this.#host.call("import_keep", {
          preview: preview.preview,
          item: one.index,
          name: one.name.trim(),
          alg: one.alg === "" ? null : one.alg,
          place: this.wanted.length === 1 ? place : null,
          made,
        });
        kept.push(detail.key.name);
        one.wanted = false;
        one.item = { ...one.item, already: detail.key.name };
      });
    }
    this.busy = false;
    return kept;
  }

  async forget(): Promise<void> {
    const { preview } = this;
    this.preview = null;
    this.chosen = [];
    this.passphrase.wipe();
    this.#refusal.forget();
    if (preview !== null) await this.#host.call("import_forget", { preview: preview.preview }).catch(() => undefined);
  }

  async #read(read: () => Promise<ImportPreview | null>): Promise<void> {
    this.busy = true;
    await this.#refusal.try(async () => {
      const preview = await read();
      if (preview !== null) this.show(preview);
    });
    this.busy = false;
  }
}

/** A public half signs nothing, and what is here already need not come again. */
export function keepable(item: ImportItem): boolean {
  return item.private && item.already === null;
}
