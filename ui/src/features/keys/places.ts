/** The places that a key can be for, as a list to choose from: those where tokens are signed here. */

import type { KeyRow, Place, Profile, Provider } from "../../host/wire";
import { keys as m } from "../../messages/keys";

/** What stands in a Select for no place at all. */
export const NOWHERE = "";

export interface PlaceOption {
  value: string;
  label: string;
  detail: string;
  place: Place | null;
}

export function placeOptions(profiles: Profile[], providers: Provider[]): PlaceOption[] {
  const nowhere = { value: NOWHERE, label: m.nowhere, detail: m.nowhereHint, place: null };
  const signing = providers.filter(({ signsHere }) => signsHere);
  const places = profiles.flatMap((profile) =>
    (signing.find(({ id }) => id === profile.provider)?.environments ?? []).map(({ id, label }) => {
      const key = profile.keys[id];
      return {
        value: JSON.stringify([profile.name, id]),
        label: `${profile.name}, ${label}`,
        detail: key === undefined ? m.firstHere : m.replaces(key),
        place: { profile: profile.name, environment: id },
      };
    }),
  );
  return [nowhere, ...places];
}

/** The place a new key is most likely for: where one stands, if it has no key yet. */
export function likelyPlace(options: PlaceOption[], at: Place | null, profiles: Profile[]): string {
  const empty = at !== null && profiles.find(({ name }) => name === at.profile)?.keys[at.environment] === undefined;
  const here = options.find(({ place }) => place !== null && place.profile === at?.profile && place.environment === at.environment);
  return empty && here !== undefined ? here.value : NOWHERE;
}

/** The algorithms that the provider of a place takes; none: it does not matter. */
export function algsFor(place: Place | null, profiles: Profile[], providers: Provider[]): string[] | null {
  const provider = profiles.find(({ name }) => name === place?.profile)?.provider;
  const algs = providers.find(({ id }) => id === provider)?.algs ?? [];
  return algs.length > 0 ? algs : null;
}

export const ALGS = ["ES256", "ES384", "ES512", "EdDSA", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "HS256", "HS384", "HS512"];

export function takenNames(keys: KeyRow[]): Set<string> {
  return new Set(keys.map(({ name }) => name));
}
