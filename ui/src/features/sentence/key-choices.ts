/** The keys that can stand in the sentence, the profile's first, those made for this place before the others. */
import type { KeyRow } from "../../host/wire";
import { frame as m } from "../../messages/frame";
import type { Desk } from "../../state/desk.svelte";

export interface KeyChoice {
  key: KeyRow;
  words: string;
  /** Where there is no key yet the first choice becomes the profile's; later ones are for the draft. */
  becomes: "profile" | "draft";
}

type Place = Pick<Desk, "keys" | "key" | "profile" | "provider" | "environment">;

export function keyChoices(place: Place, chosen: string | null): KeyChoice[] {
  const { keys, key: own, profile, provider, environment } = place;
  if (profile === null || environment === null) return [];
  const here = ({ binding }: KeyRow) => binding?.provider === provider?.id && binding?.environment === environment.id;
  const rank = (key: KeyRow) => (key.name === own?.name ? 0 : here(key) ? 1 : key.binding === null ? 2 : 3);
  return keys
    .filter((key) => key.deleted === null && (key.name === chosen || key.name === own?.name || provider === null || provider.algs.includes(key.alg)))
    .sort((a, b) => rank(a) - rank(b) || b.created - a.created)
    .map((key) => ({ key, ...words(key) }));

  function words(key: KeyRow): Omit<KeyChoice, "key"> {
    if (key.name === own?.name) return { words: m.sentence.profileKey(environment?.label ?? ""), becomes: "draft" };
    const madeFor = key.binding !== null && !here(key) ? ` · ${m.sentence.otherPlace(key.binding.label)}` : "";
    if (own === null) return { words: m.sentence.becomesKeyOf(profile?.name ?? "", environment?.label ?? "") + madeFor, becomes: "profile" };
    return { words: m.sentence.onlyThisDraft + madeFor, becomes: "draft" };
  }
}
