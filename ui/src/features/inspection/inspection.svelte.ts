/** One pasted text and what is said about it. Kept while the window is open, so that a look at Keys loses nothing. */

import type { Host } from "../../host/host";
import type { ErrorBody, InspectWith, TokenReading } from "../../host/wire";
import { kept } from "../../state/kept.svelte";
import { type Held, heldIn } from "./held";

/** Typing pauses this long before it is read; a paste is read at once. */
const PAUSE_MS = 150;
/** A text longer than this is not put into a text field, which would stand still. */
export const EDITABLE = 20_000;
/** So much is read. No token is longer, and more would stand still on its way to the program and back. */
export const READ = 1_000_000;

/** What was pasted to verify with, and when. */
export interface Pasted {
  text: string;
  kind: "key" | "set";
  /** In seconds since 1970, by this computer's clock. */
  at: number;
}

export class Inspection {
  /** The text as pasted: not reactive, it may be megabytes. */
  #text = "";
  #asked = 0;
  /** The token that the key was pasted for. Whoever pasted it wants to hear of that one, whatever the key is. */
  #pastedFor: string | null = null;
  /** The token with which it was let go. */
  #letGoWith: string | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  readonly #host: Host;

  /** The length of the text, which is all that the page needs of a long one. */
  length = $state(0);
  /** The text where it is short enough to be edited. */
  editable = $state("");
  reading = $state.raw<TokenReading | null>(null);
  error = $state.raw<ErrorBody | null>(null);
  /** A key was pasted, which was dropped: it is neither kept here nor sent to be read. */
  held = $state<Held | null>(null);
  /** How often that happened. The field that a key was put into is replaced by another, so that undo does not bring it back. */
  dropped = $state(0);
  /** The clipboard was asked for a token and had none. */
  clipboardEmpty = $state(false);
  pasted = $state.raw<Pasted | null>(null);
  /** What was pasted for an earlier token and was let go, since it cannot have signed this one. */
  letGo = $state.raw<Pasted | null>(null);
  /** Whose rules were chosen; none: those that fit best. */
  rulesOf = $state<string | null>(null);
  /** The text field is open although there is a token in it. */
  editing = $state(false);

  readonly recognised = $derived(this.reading !== null && this.reading.parts !== null);

  constructor(host: Host) {
    this.#host = host;
  }

  /** The start of the pasted text, for showing what was pasted when it cannot be edited. */
  head(most: number): string {
    return this.#text.slice(0, most);
  }

  type(text: string): void {
    this.#take(text);
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#read(), PAUSE_MS);
  }

  paste(text: string): Promise<void> {
    this.#take(text);
    this.editing = false;
    return this.#read();
  }

  async clipboard(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const reading = await this.#host.call("token_inspect_clipboard", { with: this.#with });
      if (asked !== this.#asked) return;
      if (reading === null) this.clipboardEmpty = true;
      else await this.#show(reading);
    } catch (error) {
      if (asked === this.#asked) this.error = error as ErrorBody;
    }
  }

  /** A reading that came by itself, judged with nothing that was chosen here: from the clipboard, from a file that was dropped. */
  async show(reading: TokenReading): Promise<void> {
    await this.#show(reading);
    if (this.pasted !== null || this.rulesOf !== null) await this.#read();
  }

  /** Verifies with a pasted text; with none, the own keys alone are tried. */
  verifyWith(text: string | null): Promise<void> {
    this.pasted = text === null ? null : { text, kind: isSet(text) ? "set" : "key", at: Date.now() / 1000 };
    this.#pastedFor = this.reading?.token ?? null;
    this.letGo = null;
    return this.#read();
  }

  applyRulesOf(provider: string | null): Promise<void> {
    this.rulesOf = provider;
    return this.#read();
  }

  /** Reads it again: time went by, or the vault was unlocked. */
  again(): Promise<void> {
    return this.#text === "" ? Promise.resolve() : this.#read();
  }

  clear(): void {
    clearTimeout(this.#pause);
    this.#asked += 1;
    this.#take("");
    this.reading = null;
    this.editing = false;
    this.pasted = null;
    this.letGo = null;
  }

  get #with(): InspectWith {
    return { keyText: this.pasted?.text ?? null, provider: this.rulesOf };
  }

  #show(reading: TokenReading): Promise<void> {
    this.#asked += 1;
    this.#take(reading.token);
    this.editing = false;
    return this.#came(reading);
  }

  /** A key that cannot have signed another token than the one it was pasted for is let go: it would call that one bad. */
  async #came(reading: TokenReading): Promise<void> {
    if (this.pasted !== null && reading.pastedFits === false && reading.token !== this.#pastedFor) {
      this.letGo = this.pasted;
      this.#letGoWith = reading.token;
      this.pasted = null;
      await this.#read();
      return;
    }
    if (reading.token !== this.#letGoWith) this.letGo = null;
    this.reading = reading;
    this.error = null;
  }

  #take(given: string): void {
    this.held = heldIn(given);
    if (this.held !== null) this.dropped += 1;
    const text = this.held === null ? given : "";
    this.#text = text;
    this.length = text.length;
    this.editable = text.length <= EDITABLE ? text : "";
    this.error = null;
    this.clipboardEmpty = false;
  }

  async #read(): Promise<void> {
    clearTimeout(this.#pause);
    const asked = ++this.#asked;
    if (this.#text.trim() === "") {
      this.reading = null;
      return;
    }
    try {
      const reading = await this.#host.call("token_inspect", { text: this.#text.slice(0, READ), with: this.#with });
      if (asked === this.#asked) await this.#came(reading);
    } catch (error) {
      if (asked === this.#asked) this.error = error as ErrorBody;
    }
  }
}

/** A JWK Set (RFC 7517 §5), as far as its words go. */
function isSet(text: string): boolean {
  return /^\s*\{[^]*"keys"\s*:/.test(text);
}

/** The one inspection of a window. It ends with the lock. */
export const inspectionOf = kept((host: Host) => {
  const inspection = new Inspection(host);
  host.listen((event) => {
    if (event.type === "locked") inspection.clear();
  });
  return inspection;
});
