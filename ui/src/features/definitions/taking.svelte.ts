/** Definitions being added, followed and forgotten. An error stays with the definition it speaks of. */
import { errorBody } from "../../errors";
import type { DefinitionTaken, ErrorBody } from "../../host/wire";
import { definitions as m } from "../../messages/definitions";
import { useDesk } from "../../state/desk.svelte";
import { useToasts } from "../../state/toasts.svelte";

export class Taking {
  readonly #desk = useDesk();
  readonly #toasts = useToasts();

  /** By the provider's id; of a new one by the empty word. */
  problems = $state.raw<Record<string, ErrorBody>>({});

  add(): Promise<void> {
    return this.#doing("", async () => this.#tell(await this.#desk.host.call("definition_add", null)));
  }

  update(id: string): Promise<void> {
    return this.#doing(id, async () => this.#tell(await this.#desk.host.call("definition_update", { name: id })));
  }

  remove(id: string): Promise<void> {
    return this.#doing(id, async () => this.#toasts.undoable(await this.#desk.host.call("definition_remove", { name: id })));
  }

  #tell(taken: DefinitionTaken | null) {
    if (taken === null) return;
    const { name } = taken.provider;
    const words = taken.changes === null ? m.added(name) : taken.changes.length === 0 ? m.same(name) : m.followed(name);
    if (taken.undo === null || taken.changes?.length === 0) this.#toasts.say(words);
    else this.#toasts.undoable({ undo: taken.undo, words });
  }

  async #doing(id: string, act: () => Promise<void>): Promise<void> {
    const { [id]: _, ...others } = this.problems;
    this.problems = others;
    try {
      await act();
      await this.#desk.reload();
    } catch (thrown) {
      this.problems = { ...others, [id]: errorBody(thrown) };
    }
  }
}
