/** A passphrase on its way into the program: what was typed, how far the work is, what came of it. */
import { errorBody } from "../../errors";
import type { Host } from "../../host/host";
import type { ErrorBody, Opened, Strength } from "../../host/wire";

export class Opening {
  passphrase = $state("");
  strength = $state.raw<Strength | null>(null);
  busy = $state(false);
  /** None until there is something to show: work that ends at once shows nothing. */
  progress = $state.raw<{ fraction: number | null; words: string } | null>(null);
  error = $state.raw<ErrorBody | null>(null);
  wiped = $state(false);

  #host: Host;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** After each change of the text. What is typed and left alone does not stay on the screen. */
  typed() {
    this.error = null;
    this.wiped = false;
    clearTimeout(this.#idle);
    if (this.passphrase !== "") this.#idle = setTimeout(() => this.wipe(true), IDLE_MS);
  }

  /** Has the strength judged once typing pauses. */
  judge() {
    clearTimeout(this.#pause);
    const passphrase = this.passphrase;
    if (passphrase === "") {
      this.strength = null;
      return;
    }
    this.#pause = setTimeout(async () => {
      const strength = await this.#host.call("passphrase_strength", { passphrase }).catch(() => null);
      if (this.passphrase === passphrase) this.strength = strength;
    }, TYPING_MS);
  }

  /** Runs the work with the passphrase; wipes it once it has opened the vault. */
  async submit(command: "vault_create" | "vault_unlock", opened: (opened: Opened) => Promise<void>) {
    if (this.busy || this.passphrase === "") return;
    clearTimeout(this.#idle);
    this.busy = true;
    this.error = null;
    const begun = Date.now();
    const stop = this.#host.listen((event) => {
      if (event.type === "progress" && event.job === null && Date.now() - begun >= NOTICED_MS) this.progress = event;
    });
    try {
      const answer = await this.#host.call(command, { passphrase: this.passphrase });
      this.wipe(false);
      await opened(answer);
    } catch (thrown) {
      this.error = errorBody(thrown);
      this.#idle = setTimeout(() => this.wipe(true), IDLE_MS);
    } finally {
      stop();
      this.busy = false;
      this.progress = null;
    }
  }

  wipe(said: boolean) {
    clearTimeout(this.#idle);
    clearTimeout(this.#pause);
    this.passphrase = "";
    this.strength = null;
    this.wiped = said;
  }
}

export const IDLE_MS = 30_000;
const TYPING_MS = 150;
const NOTICED_MS = 150;
