/** How often a live environment asks. Asking more is always allowed; asking less wants the passphrase. */

import type { Environment, Guard, Profile } from "../../host/wire";

export const GUARDS: Guard[] = ["once", "writes", "always"];
/** What holds where a profile says nothing. */
export const USUAL: Guard = "writes";

export function guardOf(profile: Profile | null, environment: Environment["id"]): Guard {
  return profile?.guards[environment] ?? USUAL;
}

export function lowers(from: Guard, to: Guard): boolean {
  return GUARDS.indexOf(to) < GUARDS.indexOf(from);
}
