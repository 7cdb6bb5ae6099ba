/** What is done to a key, with what is said afterwards. Made while a component is; an error stays in `problem`. */

import { errorBody } from "../../errors";
import type { ErrorBody, PublicFormat } from "../../host/wire";
import { keys as m } from "../../messages/keys";
import { useClipboard } from "../../state/clipboard.svelte";
import { useDesk } from "../../state/desk.svelte";
import { useToasts } from "../../state/toasts.svelte";

export class KeyActions {
  readonly #desk = useDesk();
  readonly #toasts = useToasts();
  readonly #clipboard = useClipboard();

  problem = $state.raw<ErrorBody | null>(null);

  /** Says whether it worked. */
  async delete(name: string): Promise<boolean> {
    return this.#try(async () => {
      const undo = await this.#desk.host.call("key_delete", { name });
      await this.#desk.reload();
      this.#toasts.undoable(undo);
    });
  }

  async restore(name: string): Promise<boolean> {
    return this.#try(async () => {
      await this.#desk.host.call("key_restore", { name });
      await this.#desk.reload();
      this.#toasts.say(m.restored(name));
    });
  }

  /** The program asks before it does it. */
  async destroy(name: string): Promise<boolean> {
    return this.#try(async () => {
      await this.#desk.host.call("key_destroy", { name });
      await this.#desk.reload();
      this.#toasts.say(m.destroyed(name));
    });
  }

  async copyPublic(name: string, format: PublicFormat): Promise<boolean> {
    const copying = this.#desk.host.call("key_copy_public", { name, format });
    if (await this.#clipboard.after(copying)) this.#toasts.say(m.copied(this.#clipboard.held?.what ?? m.publicHalf));
    else this.problem = this.#clipboard.problem;
    return this.problem === null;
  }

  async savePublic(name: string, format: PublicFormat): Promise<boolean> {
    return this.#try(async () => {
      const saved = await this.#desk.host.call("key_save_public", { name, format });
      if (saved !== null) this.#toasts.say(saved.words);
    });
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    try {
      await work();
    } catch (thrown) {
      this.problem = errorBody(thrown);
    }
    return this.problem === null;
  }
}
