/** What is done to a key, with what is said afterwards. Made while a component is; what failed last stays with the key that it failed for. */

import type { ErrorBody, PublicFormat } from "../../host/wire";
import { keys as m } from "../../messages/keys";
import { useClipboard } from "../../state/clipboard.svelte";
import { useDesk } from "../../state/desk.svelte";
import { Refusal } from "../../state/refusal.svelte";
import { useToasts } from "../../state/toasts.svelte";

export class KeyActions {
  readonly #desk = useDesk();
  readonly #toasts = useToasts();
  readonly #clipboard = useClipboard();

  /** The key that something was done to last. */
  #key = $state("");
  readonly #refusal = new Refusal(() => [this.#key, this.#desk.keys]);

  problemOf(key: string): ErrorBody | null {
    return this.#key === key ? this.#refusal.error : null;
  }

  /** Says whether it worked. */
  async delete(name: string): Promise<boolean> {
    return this.#try(name, async () => {
      const undo = await this.#desk.host.call("key_delete", { name });
      await this.#desk.reload();
      this.#toasts.undoable(undo);
    });
  }

  /** Its targets have no key afterwards; the undo gives it back to them. */
  async deleteEndingUse(name: string): Promise<boolean> {
    return this.#try(name, async () => {
      const undo = await this.#desk.host.call("key_delete_ending_use", { name });
      await this.#desk.reload();
      this.#toasts.undoable(undo);
    });
  }

  async restore(name: string): Promise<boolean> {
    return this.#try(name, async () => {
      await this.#desk.host.call("key_restore", { name });
      await this.#desk.reload();
      this.#toasts.say(m.restored(name));
    });
  }

  /** The program asks before it does it, and answers whether it was done. After a no there is nothing to say. */
  async destroy(name: string): Promise<boolean> {
    return this.#try(name, async () => {
      if (!(await this.#desk.host.call("key_destroy", { name }))) return;
      await this.#desk.reload();
      this.#toasts.say(m.destroyed(name));
    });
  }

  async copyPublic(name: string, format: PublicFormat): Promise<boolean> {
    return this.#try(name, async () => {
      if (!(await this.#clipboard.after(this.#desk.host.call("key_copy_public", { name, format })))) throw this.#clipboard.problem;
      this.#toasts.say(m.copied(this.#clipboard.held?.what ?? m.publicHalf));
    });
  }

  async savePublic(name: string, format: PublicFormat): Promise<boolean> {
    return this.#try(name, async () => {
      const saved = await this.#desk.host.call("key_save_public", { name, format });
      if (saved !== null) this.#toasts.say(saved.words);
    });
  }

  #try(key: string, work: () => Promise<void>): Promise<boolean> {
    this.#key = key;
    return this.#refusal.try(work);
  }
}
