/** One profile being changed: each change is saved at once, can be taken back, and an error stays where it arose. */

import { errorBody } from "../../errors";
import type { ErrorBody, Profile, ProfileChange } from "../../host/wire";
import { profiles as m } from "../../messages/profiles";
import { useDesk } from "../../state/desk.svelte";
import { useToasts } from "../../state/toasts.svelte";

export type Change = Omit<ProfileChange, "name">;

export class Changing {
  readonly #desk = useDesk();
  readonly #toasts = useToasts();

  /** By what was changed: "variables", "key:sandbox". */
  problems = $state.raw<Record<string, ErrorBody>>({});

  /** Says whether it worked. */
  async change(profile: Profile, what: string, change: Change): Promise<boolean> {
    this.clear(what);
    try {
      const { undo } = await this.#desk.host.call("profile_change", { name: profile.name, ...change });
      await this.#desk.reload();
      this.#toasts.undoable({ undo, words: m.changed(profile.name) });
      return true;
    } catch (thrown) {
      this.problems = { ...this.problems, [what]: errorBody(thrown) };
      return false;
    }
  }

  /** Answers the name it has then, or none if that did not work. */
  async rename(profile: Profile, wanted: string): Promise<string | null> {
    this.clear("name");
    try {
      const renamed = await this.#desk.host.call("profile_rename", { name: profile.name, wanted });
      if (this.#desk.place?.profile === profile.name) this.#desk.go({ ...this.#desk.place, profile: renamed.name });
      await this.#desk.reload();
      this.#toasts.say(m.renamed(renamed.name));
      return renamed.name;
    } catch (thrown) {
      this.problems = { ...this.problems, name: errorBody(thrown) };
      return null;
    }
  }

  /** Writes it to a file that the system asks for, without its keys. */
  async export({ name }: Profile): Promise<void> {
    this.clear("export");
    try {
      const saved = await this.#desk.host.call("profile_export", { name });
      if (saved !== null) this.#toasts.say(m.exported(saved.file));
    } catch (thrown) {
      this.problems = { ...this.problems, export: errorBody(thrown) };
    }
  }

  async delete(profile: Profile): Promise<boolean> {
    this.clear("delete");
    try {
      const undo = await this.#desk.host.call("profile_delete", { name: profile.name });
      await this.#desk.reload();
      this.#toasts.undoable(undo);
      return true;
    } catch (thrown) {
      this.problems = { ...this.problems, delete: errorBody(thrown) };
      return false;
    }
  }

  /** What was refused is typed anew, or stands again as it was. */
  clear(what: string) {
    const { [what]: _, ...others } = this.problems;
    this.problems = others;
  }
}
