/** The keys that can stand in the sentence: the profile's first, then those made for this place, then the others. */
import type { KeyRow } from "../../host/wire";
import { frame as m } from "../../messages/frame";
import { worksFor } from "../../state/credentials";
import type { Desk } from "../../state/desk.svelte";

export interface KeyChoice {
  key: KeyRow;
  words: string;
  /** Where there is no key yet the choice becomes the profile's; a key that is made for another place signs nothing here. */
  becomes: "profile" | "draft" | "nothing";
}

type Target = Pick<Desk, "keys" | "key" | "profile" | "provider" | "environment">;

/** `chosen` is the name of the key that stands there now; it is always among them. */
export function keyChoices({ keys, key: own, profile, provider, environment }: Target, chosen: string | null): KeyChoice[] {
  if (profile === null || provider === null || environment === null) return [];
  const here = ({ binding }: KeyRow) => binding?.provider === provider.id && binding.environment === environment.id;
  const fits = (key: KeyRow) => key.name === chosen || key.name === own?.name || worksFor(key, provider);
  const rank = (key: KeyRow) => (key.name === own?.name ? 0 : here(key) ? 1 : key.binding === null ? 2 : 3);

  const choice = (key: KeyRow): KeyChoice => {
    const words = key.alg === null ? m.sentence.credentials : m.sentence;
    if (key.name === own?.name) return { key, words: words.profileKey(environment.label), becomes: "draft" };
    if (key.binding !== null && !here(key)) return { key, words: m.sentence.otherPlace(key.binding.label), becomes: "nothing" };
    if (own === null) return { key, words: words.becomesKeyOf(profile.name, environment.label), becomes: "profile" };
    return { key, words: m.sentence.onlyThisDraft, becomes: "draft" };
  };

  return keys
    .filter((key) => key.deleted === null && fits(key))
    .sort((a, b) => rank(a) - rank(b) || b.created - a.created)
    .map(choice);
}
