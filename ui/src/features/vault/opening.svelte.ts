/** A passphrase on its way into the program: what was typed, how far the work is, what came of it; and the other ways on. */
import type { ErrorBody, Strength } from "../../host/wire";
import type { Desk } from "../../state/desk.svelte";
import { Refusal } from "../../state/refusal.svelte";
import type { Route } from "../../state/route.svelte";

interface Around {
  desk: Desk;
  route: Route;
  /** Inspect is open behind the door already: the door gives way to it. */
  onleave?: () => void;
  /** Says how strong the passphrase is while it is typed. */
  judges?: boolean;
}

export class Opening {
  passphrase = $state("");
  strength = $state.raw<Strength | null>(null);
  busy = $state(false);
  /** None until there is something to show: work that ends at once shows nothing. */
  progress = $state.raw<{ fraction: number | null; words: string } | null>(null);
  wiped = $state(false);

  readonly #desk: Desk;
  readonly #route: Route;
  readonly #onleave: (() => void) | undefined;
  readonly #judges: boolean;
  /** How often it was typed: an error speaks of what was typed last. */
  #typings = $state(0);
  readonly #refusal = new Refusal(() => [this.#typings, this.#desk.start.vault]);
  #idle: ReturnType<typeof setTimeout> | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor({ desk, route, onleave, judges = false }: Around) {
    this.#desk = desk;
    this.#route = route;
    this.#onleave = onleave;
    this.#judges = judges;
  }

  get error(): ErrorBody | null {
    return this.#refusal.error;
  }

  /** After each change of the text. What is typed and left alone does not stay on the screen. */
  typed() {
    this.#typings += 1;
    this.wiped = false;
    clearTimeout(this.#idle);
    if (this.passphrase !== "") this.#idle = setTimeout(() => this.wipe(true), IDLE_MS);
    if (this.#judges) this.#judge();
  }

  /** Has the strength judged once typing pauses. */
  #judge() {
    clearTimeout(this.#pause);
    const passphrase = this.passphrase;
    if (passphrase === "") {
      this.strength = null;
      return;
    }
    this.#pause = setTimeout(async () => {
      const strength = await this.#desk.host.call("passphrase_strength", { passphrase }).catch(() => null);
      if (this.passphrase === passphrase) this.strength = strength;
    }, TYPING_MS);
  }

  /** Runs the work with the passphrase; wipes it once it has opened the vault. */
  async submit(command: "vault_create" | "vault_unlock") {
    if (this.busy || this.passphrase === "") return;
    clearTimeout(this.#idle);
    this.busy = true;
    const begun = Date.now();
    const stop = this.#desk.host.listen((event) => {
      if (event.type === "progress" && event.job === null && Date.now() - begun >= NOTICED_MS) this.progress = event;
    });
    const opened = await this.#refusal.try(async () => {
      const answer = await this.#desk.host.call(command, { passphrase: this.passphrase });
      this.wipe(false);
      await this.#desk.open(answer);
    });
    if (!opened) this.#idle = setTimeout(() => this.wipe(true), IDLE_MS);
    stop();
    this.busy = false;
    this.progress = null;
  }

  /** Has the person choose another vault, and leaves everything as it is if they do not. */
  async another() {
    await this.#refusal.try(async () => {
      if (await this.#desk.chooseVault()) this.wipe(false);
    });
  }

  /** Inspect works with the vault closed. */
  inspect() {
    this.#route.go("inspect");
    this.#onleave?.();
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
