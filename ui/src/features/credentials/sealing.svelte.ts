/** A credential on its way into the vault, one for each time that the sheet is opened. What is secret of it is kept until the program has answered, and no longer. */

import { inLine, speaksOf } from "../../errors";
import type { CredentialAdded, CredentialField, CredentialKind, Environment, ErrorBody, Target, Profile, Provider } from "../../host/wire";
import { credentials as m } from "../../messages/credentials";
import { providerOf, typedKinds } from "../../state/credentials";
import type { Adding, Desk } from "../../state/desk.svelte";
import { suggestName } from "../../state/names";
import { Refusal } from "../../state/refusal.svelte";
import { TypedSecret } from "../../state/secret.svelte";

export interface PlaceOption {
  value: string;
  label: string;
  place: Target;
}

export class Sealing {
  readonly #desk: Desk;

  place = $state.raw<Target | null>(null);
  /** None: the first kind that fits. */
  role = $state<string | null>(null);
  /** None until the person typed one: then the suggestion stands. */
  typedName = $state<string | null>(null);
  fields = $state.raw<Record<string, string>>({});
  readonly secret = new TypedSecret();
  encoding = $state<string | null>(null);
  /** Missing ones are named once somebody tried without. */
  tried = $state(false);
  busy = $state(false);

  readonly provider: Provider | null = $derived.by(() => providerOf(this.place, this.#desk.profiles, this.#desk.providers));
  readonly environment: Environment | null = $derived.by(
    () => this.provider?.environments.find(({ id }) => id === this.place?.environment) ?? null,
  );
  readonly kinds: CredentialKind[] = $derived.by(() => (this.provider === null ? [] : kindsOf(this.provider)));
  readonly kind: CredentialKind | null = $derived.by(() => this.kinds.find(({ id }) => id === this.role) ?? this.kinds[0] ?? null);
  readonly name = $derived.by(() => this.typedName ?? this.#suggestion());
  readonly prefixes = $derived.by(() => this.kind?.prefixes[this.environment?.id ?? ""] ?? []);
  readonly complete = $derived.by(
    () => this.nameError === null && this.secret.text !== "" && (this.kind?.fields ?? []).every((field) => this.#isThere(field)),
  );

  readonly #refusal = new Refusal(() => [this.place, this.kind, this.name, this.fields, this.encoding, this.secret.typed]);

  constructor(desk: Desk, adding: Adding | null) {
    this.#desk = desk;
    this.place = adding?.place ?? null;
    this.role = adding?.role ?? null;
  }

  /** Every place that a credential can be typed for. */
  get places(): PlaceOption[] {
    return placesOf(this.#desk.profiles, this.#desk.providers);
  }

  /** Another place may have other kinds; what was typed stays. */
  go(place: Target): void {
    this.place = place;
  }

  become(role: string): void {
    this.role = role;
    this.encoding = null;
    this.tried = false;
  }

  /** Answers what was sealed, what was taken off of it and what was noticed; none if it was refused. */
  async seal(): Promise<CredentialAdded | null> {
    const { place, kind } = this;
    this.tried = true;
    if (place === null || kind === null || !this.complete || this.busy) return null;
    this.busy = true;
    let sealed: CredentialAdded | null = null;
    const own = kind.fields.map(({ id }): [string, string] => [id, (this.fields[id] ?? "").trim()]).filter(([, value]) => value !== "");
    await this.#refusal.try(async () => {
      sealed = await this.#desk.host.call("credential_add", {
        name: this.name.trim(),
        place,
        role: kind.id,
        secret: this.secret.text,
        fields: Object.fromEntries(own),
        encoding: kind.encodings.length === 0 ? null : (this.encoding ?? kind.encodings[0] ?? null),
      });
    });
    this.secret.wipe();
    this.busy = false;
    return sealed;
  }

  get problem(): ErrorBody | null {
    return this.#refusal.error;
  }

  /** A name that is taken is said before anything is asked: whoever is refused has to type the secret once more. */
  get nameError(): string | null {
    if (!this.tried) return null;
    const name = this.name.trim();
    if (name === "") return m.nameEmpty;
    if (this.#desk.keys.some((key) => key.name === name && key.deleted === null)) return m.nameTaken(name);
    return this.problem?.code === "taken" ? inLine(this.problem) : null;
  }

  fieldError(field: CredentialField): string | null {
    if (this.problem?.code !== "taken" && speaksOf(this.problem, field)) return inLine(this.problem);
    return this.tried && this.problem === null && !this.#isThere(field) ? m.needed(field.label) : null;
  }

  /** What was refused and is about nothing else is about what was typed. */
  get secretError(): string | null {
    const { problem, kind } = this;
    if (problem !== null)
      return ABOUT_THE_TEXT.includes(problem.code) && !(kind?.fields ?? []).some((field) => speaksOf(problem, field))
        ? inLine(problem)
        : null;
    return this.tried && !this.busy && this.secret.text === "" && kind !== null ? m.needed(m.secret[kind.kind]) : null;
  }

  /** What has no field of its own to stand at. */
  get otherProblem(): ErrorBody | null {
    const { problem } = this;
    return problem === null || problem.code === "taken" || ABOUT_THE_TEXT.includes(problem.code) ? null : problem;
  }

  #isThere({ id, required }: CredentialField): boolean {
    return !required || (this.fields[id] ?? "").trim() !== "";
  }

  #suggestion(): string {
    const { kind, place, environment } = this;
    if (kind === null || place === null) return "";
    const taken = new Set(this.#desk.keys.map(({ name }) => name));
    return suggestName([...(kind.authenticates ? [] : [kind.label]), place.profile, environment?.label ?? ""], new Date(), taken);
  }
}

const ABOUT_THE_TEXT: ErrorBody["code"][] = ["malformed", "rule", "usage", "wrong-place"];

/** What authenticates first. */
export function kindsOf(provider: Provider): CredentialKind[] {
  return [...typedKinds(provider, true), ...typedKinds(provider, false)];
}

export function placesOf(profiles: Profile[], providers: Provider[]): PlaceOption[] {
  return profiles.flatMap((profile) => {
    const provider = providers.find(({ id }) => id === profile.provider);
    if (provider === undefined || kindsOf(provider).length === 0) return [];
    return provider.environments.map(({ id, label }) => ({
      value: JSON.stringify([profile.name, id]),
      label: `${profile.name}, ${label}`,
      place: { profile: profile.name, environment: id },
    }));
  });
}
