/** What was copied last, and when the program will take it off the clipboard. */
import type { Host } from "../host/host";
import type { Copied, CopiedKind, ErrorBody } from "../host/wire";
import { passed } from "./clock";
import { context } from "./context";

export class Clipboard {
  #host: Host;
  /** What lies there, and when it goes by the clock of {@link passed}; none after it was cleared, or before anything was copied. */
  held = $state.raw<{ what: string; clearsAt: number | null } | null>(null);
  cleared = $state(false);
  problem = $state.raw<ErrorBody | null>(null);
  /** Why a text was not copied, for the frame to say: what copies texts has no place for errors. */
  notice = $state.raw<ErrorBody | null>(null);

  constructor(host: Host) {
    this.#host = host;
  }

  /** Says whether it worked; if not, the frame says why. */
  async copy(text: string, what: CopiedKind): Promise<boolean> {
    const worked = await this.after(this.#host.call("clipboard_copy", { text, what }));
    this.notice = worked ? null : this.problem;
    return worked;
  }

  /** Notes what a command copied: `key_copy_public`, `copy_as`. Says whether it worked; if not, whoever asked says why: `problem`. */
  async after(copying: Promise<Copied>): Promise<boolean> {
    try {
      const { what, clearsInSeconds } = await copying;
      const clearsAt = clearsInSeconds === null ? null : passed() + clearsInSeconds;
      Object.assign(this, { held: { what, clearsAt }, cleared: false, problem: null });
      return true;
    } catch (error) {
      this.problem = error as ErrorBody;
      return false;
    }
  }

  async clear() {
    await this.#host.call("clipboard_clear", null);
    this.gone();
  }

  /** The program cleared it. */
  gone() {
    Object.assign(this, { held: null, cleared: true });
  }
}

export const clipboardContext = context<Clipboard>("clipboard");
export const useClipboard = clipboardContext.use;
