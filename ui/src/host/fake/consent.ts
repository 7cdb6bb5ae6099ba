/** A yes to signing for live, in memory: it covers its place and its key, no further scope and no longer lifetime. */
import type { Draft } from "../wire";
import { compact, fault } from "./claims-text";
import { type Agreed, placeKey, type World } from "./world";

export function agree(world: World, draft: Draft): void {
  world.agreed.set(placeKey(draft), asked(draft));
}

export function covers(world: World, draft: Draft): boolean {
  const agreed = world.agreed.get(placeKey(draft));
  if (agreed === undefined || fault(draft.claims) !== null) return false;
  const { key, scopes, lifetime } = asked(draft);
  const longer = agreed.lifetime !== null && (lifetime === null || lifetime > agreed.lifetime);
  return key === agreed.key && scopes.every((scope) => agreed.scopes.includes(scope)) && !longer;
}

function asked(draft: Draft): Agreed {
  const { scopes, exp, nbf, iat } = JSON.parse(compact(draft.claims, draft.shift).claims) as Record<string, unknown>;
  const from = nbf ?? iat;
  return {
    key: draft.key,
    scopes: Array.isArray(scopes) ? scopes.map(String) : [],
    lifetime: typeof exp === "number" && typeof from === "number" ? exp - from : null,
  };
}
