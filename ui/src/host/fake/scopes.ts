/** The scope picker in memory. */
import type { Draft, Scope, ScopeGroup, ScopePicker } from "../wire";
import { resources } from "./gr4vy";
import { endpointOf, placeOf, scopesOf } from "./reading";
import type { World } from "./world";

export function picker(world: World, draft: Draft): ScopePicker {
  const { provider } = placeOf(world, draft);
  const scopes = provider?.scopes ?? [];
  const selected = provider?.signsHere === false ? (draft.scopes ?? scopes.slice(0, 1).map(({ value }) => value)) : scopesOf(draft.claims);
  const known = endpointOf(world, draft)?.known ?? null;
  const needed = [...(known?.allScopes ?? []), ...(known?.anyScope ?? [])];
  const minimal = [...(known?.allScopes ?? []), ...(known?.anyScope.slice(0, 1) ?? [])];
  const more = selected.filter((scope) => !needed.includes(scope));
  const redundant = selected
    .filter((scope) => !scope.startsWith("*.") && selected.includes(`*.${scope.split(".").at(-1)}`))
    .map((scope) => ({ scope, because: `*.${scope.split(".").at(-1)} includes it` }));
  const call = known === null ? "This call" : `${known.method} ${known.path.replace(/[?].*/, "")}`;
  return {
    wide: scopes.filter(({ group }) => group === null),
    groups:
      provider?.signsHere === false
        ? byWord(scopes)
        : [...new Set(resources.map(({ group }) => group))].map((title) => ({
            title,
            rows: resources
              .filter(({ group }) => group === title)
              .map(({ resource, assumed }) => ({
                resource,
                assumed,
                actions: ["read", "write"].map((action) => ({
                  action,
                  value: `${resource}.${action}`,
                  title: scopes.find(({ value }) => value === `${resource}.${action}`)?.title ?? "",
                })),
              })),
          })),
    selected,
    needed,
    minimal,
    redundant,
    words:
      needed.length === 0
        ? `${call} needs no scope that is known.`
        : `${call} needs ${needed.join(" or ")}. ${more.length === 0 ? "Nothing is more than it needs." : `${more.length} of your ${selected.length} are more than it needs.`}`,
    known: scopes.length,
    free: true,
  };
}

/** "payments:read" under payments. */
function byWord(scopes: Scope[]): ScopeGroup[] {
  return [...new Set(scopes.flatMap(({ group }) => group ?? []))].map((title) => {
    const own = scopes.filter(({ group }) => group === title);
    const resourceOf = (value: string) => value.split(":")[0] ?? value;
    return {
      title,
      rows: [...new Set(own.map(({ value }) => resourceOf(value)))].map((resource) => ({
        resource,
        assumed: false,
        actions: own
          .filter(({ value }) => resourceOf(value) === resource)
          .map(({ value, title }) => ({ action: value.split(":")[1] ?? value, value, title })),
      })),
    };
  });
}
