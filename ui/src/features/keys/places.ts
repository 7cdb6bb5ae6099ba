/** The places that a key can be for, as a list to choose from: those where tokens are signed here. */

import { type Algorithm, ALGORITHMS, type KeyRow, type Target, type Profile, type Provider } from "../../host/wire";
import { keys as m } from "../../messages/keys";

/** What stands in a Select for no place at all. */
export const NOWHERE = "";

export interface PlaceOption {
  value: string;
  label: string;
  detail: string;
  place: Target | null;
  /** The key that calls there already: one that comes is a draft beside it. */
  beside: string | null;
}

export function placeOptions(profiles: Profile[], providers: Provider[]): PlaceOption[] {
  const nowhere = { value: NOWHERE, label: m.nowhere, detail: m.nowhereHint, place: null, beside: null };
  const signing = providers.filter(({ signsHere }) => signsHere);
  const places = profiles.flatMap((profile) =>
    (signing.find(({ id }) => id === profile.provider)?.environments ?? []).map(({ id, label }) => {
      const key = profile.keys[id];
      return {
        value: JSON.stringify([profile.name, id]),
        label: `${profile.name}, ${label}`,
        detail: key === undefined ? m.firstHere : m.beside(key),
        place: { profile: profile.name, environment: id },
        beside: key ?? null,
      };
    }),
  );
  return [nowhere, ...places];
}

/** The place a new key is most likely for: where one stands, if it has no key yet. */
export function likelyPlace(options: PlaceOption[], at: Target | null, profiles: Profile[]): string {
  const empty = at !== null && profiles.find(({ name }) => name === at.profile)?.keys[at.environment] === undefined;
  const here = options.find(({ place }) => place !== null && place.profile === at?.profile && place.environment === at.environment);
  return empty && here !== undefined ? here.value : NOWHERE;
}

/** The algorithms that the provider of a place takes; all of them where it does not matter. */
export function algsFor(place: Target | null, profiles: Profile[], providers: Provider[]): string[] {
  const provider = profiles.find(({ name }) => name === place?.profile)?.provider;
  const algs = providers.find(({ id }) => id === provider)?.algs ?? [];
  return algs.length > 0 ? algs : ALGORITHMS.map(({ name }) => name);
}

/** What is said of an algorithm where it is chosen. */
export function algOption(name: string): { value: string; label: string; detail: string | null } {
  return { value: name, label: name, detail: algorithm(name)?.words ?? null };
}

export function algorithm(name: string): Algorithm | null {
  return ALGORITHMS.find((one) => one.name === name) ?? null;
}

export function takenNames(keys: KeyRow[]): Set<string> {
  return new Set(keys.map(({ name }) => name));
}
