/** Settings being changed: each is saved at once, and can be put back as it was. */

import { errorBody } from "../../errors";
import type { Appearance, ErrorBody, Settings } from "../../host/wire";
import { settings as m } from "../../messages/settings";
import { useDesk } from "../../state/desk.svelte";
import { useToasts } from "../../state/toasts.svelte";
import { same } from "./ranges";

export class Changing {
  readonly #desk = useDesk();
  readonly #toasts = useToasts();

  problem = $state.raw<ErrorBody | null>(null);
  /** What was changed last, as it was before; none after it was put back. */
  before = $state.raw<{ settings?: Settings; appearance?: Appearance } | null>(null);

  settings(change: Partial<Settings>): Promise<void> {
    const now = this.#desk.settings;
    if (now === null || same(now, { ...now, ...change })) return Promise.resolve();
    return this.#save(async () => {
      this.#desk.settings = await this.#desk.host.call("settings_change", { ...now, ...change });
      this.before = { settings: now };
    });
  }

  /** Has the person choose a file of certificates to trust. */
  trust(): Promise<void> {
    return this.#save(async () => {
      const settings = await this.#desk.host.call("certificates_trust", null);
      if (settings !== null) this.#desk.settings = settings;
    });
  }

  trustSystem(): Promise<void> {
    return this.#save(async () => {
      this.#desk.settings = await this.#desk.host.call("certificates_forget", null);
    });
  }

  appearance(change: Partial<Appearance>): Promise<void> {
    const now = this.#desk.start.appearance;
    return this.#save(async () => {
      await this.#desk.changeAppearance({ ...now, ...change });
      this.before = { appearance: now };
    });
  }

  /** Once: putting back is itself not put back. */
  async undo(): Promise<void> {
    const { before } = this;
    if (before === null) return;
    await this.#save(async () => {
      if (before.settings !== undefined) this.#desk.settings = await this.#desk.host.call("settings_change", before.settings);
      if (before.appearance !== undefined) await this.#desk.changeAppearance(before.appearance);
      this.before = null;
      this.#toasts.say(m.undone);
    });
  }

  async #save(save: () => Promise<void>): Promise<void> {
    this.problem = null;
    try {
      await save();
    } catch (thrown) {
      this.problem = errorBody(thrown);
    }
  }
}
