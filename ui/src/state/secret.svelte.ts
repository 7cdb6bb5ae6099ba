/** A secret in its field. */

export class TypedSecret {
  #text = $state("");
  #typed = $state(0);

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.#typed += 1;
  }

  /** How often it was typed: what a {@link Refusal} compares instead of the secret. */
  get typed(): number {
    return this.#typed;
  }

  /** What was said of it still holds: the person knows what they typed. */
  wipe(): void {
    this.#text = "";
  }
}
