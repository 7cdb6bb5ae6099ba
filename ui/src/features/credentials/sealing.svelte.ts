/** A credential on its way into the vault, one for each time that the sheet is opened. What is secret of it is kept until the program has answered, and no longer. */

import { errorBody, sentence } from "../../errors";
import type { CredentialAdded, CredentialField, CredentialKind, Environment, ErrorBody, Target, Profile, Provider } from "../../host/wire";
import { credentials as m } from "../../messages/credentials";
import { providerOf, typedKinds } from "../../state/credentials";
import type { Adding, Desk } from "../../state/desk.svelte";
import { suggestName } from "../../state/names";

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
  secret = $state("");
  encoding = $state<string | null>(null);
  problem = $state.raw<ErrorBody | null>(null);
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
    () => this.name.trim() !== "" && this.secret !== "" && (this.kind?.fields ?? []).every((field) => this.#isThere(field)),
  );

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
    this.problem = null;
  }

  become(role: string): void {
    this.role = role;
    this.encoding = null;
    this.problem = null;
    this.tried = false;
  }

  /** Answers what was sealed, what was taken off of it and what was noticed; none if it was refused. */
  async seal(): Promise<CredentialAdded | null> {
    const { place, kind } = this;
    this.tried = true;
    if (place === null || kind === null || !this.complete || this.busy) return null;
    this.busy = true;
    this.problem = null;
    const own = kind.fields.map(({ id }): [string, string] => [id, (this.fields[id] ?? "").trim()]).filter(([, value]) => value !== "");
    try {
      return await this.#desk.host.call("credential_add", {
        name: this.name.trim(),
        place,
        role: kind.id,
        secret: this.secret,
        fields: Object.fromEntries(own),
        encoding: kind.encodings.length === 0 ? null : (this.encoding ?? kind.encodings[0] ?? null),
      });
    } catch (thrown) {
      this.problem = errorBody(thrown);
      return null;
    } finally {
      this.secret = "";
      this.busy = false;
    }
  }

  get nameError(): string | null {
    if (this.tried && this.name.trim() === "") return m.nameEmpty;
    return this.problem?.code === "taken" ? sentence(this.problem.message) : null;
  }

  fieldError(field: CredentialField): string | null {
    if (this.problem !== null && this.problem.code !== "taken" && speaksOf(this.problem, field)) return words(this.problem);
    return this.tried && this.problem === null && !this.#isThere(field) ? m.needed(field.label) : null;
  }

  /** What was refused and is about nothing else is about what was typed. */
  get secretError(): string | null {
    const { problem, kind } = this;
    if (problem !== null)
      return ABOUT_THE_TEXT.includes(problem.code) && !(kind?.fields ?? []).some((field) => speaksOf(problem, field))
        ? words(problem)
        : null;
    return this.tried && !this.busy && this.secret === "" && kind !== null ? m.needed(m.secret[kind.kind]) : null;
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

/** The program names the field it speaks of, by id or by label. */
function speaksOf({ message }: ErrorBody, { id, label }: CredentialField): boolean {
  return message.includes(id) || message.includes(label);
}

function words({ message, hint }: ErrorBody): string {
  return hint === undefined ? sentence(message) : `${sentence(message)} ${sentence(hint)}`;
}
