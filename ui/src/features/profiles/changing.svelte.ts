/** One profile being changed: each change is saved at once and can be taken back. What is refused is thrown to whoever asked. */

import type { Profile, ProfileChange } from "../../host/wire";
import { profiles as m } from "../../messages/profiles";
import { useDesk } from "../../state/desk.svelte";
import { useToasts } from "../../state/toasts.svelte";

export type Change = Omit<ProfileChange, "name">;

export class Changing {
  readonly #desk = useDesk();
  readonly #toasts = useToasts();

  async change(profile: Profile, change: Change): Promise<void> {
    const { undo } = await this.#desk.host.call("profile_change", { name: profile.name, ...change });
    await this.#desk.reload();
    this.#toasts.undoable({ undo, words: m.changed(profile.name) });
  }

  /** Answers the name it has then. */
  async rename(profile: Profile, wanted: string): Promise<string> {
    const { name } = await this.#desk.host.call("profile_rename", { name: profile.name, wanted });
    this.#desk.unsaved.renamed({ kind: "profile", name: profile.name }, name);
    if (this.#desk.place?.profile === profile.name) this.#desk.go({ ...this.#desk.place, profile: name });
    await this.#desk.reload();
    this.#toasts.say(m.renamed(name));
    return name;
  }

  /** Writes it to a file that the system asks for, without its keys. */
  async export({ name }: Profile): Promise<void> {
    const saved = await this.#desk.host.call("profile_export", { name });
    if (saved !== null) this.#toasts.say(m.exported(saved.file));
  }

  async delete(profile: Profile): Promise<void> {
    const undo = await this.#desk.host.call("profile_delete", { name: profile.name });
    await this.#desk.reload();
    this.#toasts.undoable(undo);
  }
}
