/** Settings being changed: each is saved at once, and can be put back as it was. What is refused is thrown to whoever asked. */

import type { Appearance, Settings } from "../../host/wire";
import { settings as m } from "../../messages/settings";
import { useDesk } from "../../state/desk.svelte";
import { useToasts } from "../../state/toasts.svelte";
import { same } from "./ranges";

export class Changing {
  readonly #desk = useDesk();
  readonly #toasts = useToasts();

  /** What was changed last, as it was before; none after it was put back. */
  before = $state.raw<{ settings?: Settings; appearance?: Appearance } | null>(null);

  settings = async (change: Partial<Settings>): Promise<void> => {
    const now = this.#desk.settings;
    if (now === null || same(now, { ...now, ...change })) return;
    this.#desk.settings = await this.#desk.host.call("settings_change", { ...now, ...change });
    this.before = { settings: now };
  };

  /** Has the person choose a file of certificates to trust. */
  trust = async (): Promise<void> => {
    const settings = await this.#desk.host.call("certificates_trust", null);
    if (settings !== null) this.#desk.settings = settings;
  };

  trustSystem = async (): Promise<void> => {
    this.#desk.settings = await this.#desk.host.call("certificates_forget", null);
  };

  appearance = async (change: Partial<Appearance>): Promise<void> => {
    const now = this.#desk.start.appearance;
    await this.#desk.changeAppearance({ ...now, ...change });
    this.before = { appearance: now };
  };

  /** Once: putting back is itself not put back. */
  undo = async (): Promise<void> => {
    const { before } = this;
    if (before === null) return;
    if (before.settings !== undefined) this.#desk.settings = await this.#desk.host.call("settings_change", before.settings);
    if (before.appearance !== undefined) await this.#desk.changeAppearance(before.appearance);
    this.before = null;
    this.#toasts.say(m.undone);
  };
}
