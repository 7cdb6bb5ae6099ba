/** What one types to say which call is meant: a method and a path, or words that find one. */
import type { Draft, Endpoint } from "../../host/wire";

export type CallTarget = NonNullable<Draft["target"]>;
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

export interface Call {
  method: string;
  path: string;
}
export interface EndpointGroup {
  title: string;
  endpoints: Endpoint[];
}

/** "post /buyers" and "/buyers"; none while it is neither. */
export function parseCall(text: string): Call | null {
  const parts = /^\s*(?:([A-Za-z]+)\s+)?(\/\S*)\s*$/.exec(text);
  if (parts === null) return null;
  const method = (parts[1] ?? "GET").toUpperCase();
  return METHODS.includes(method) ? { method, path: parts[2] as string } : null;
}

/** The call as it stands in the field. */
export function callText(target: CallTarget | null, endpoints: Endpoint[]): string {
  const call = callOf(target, endpoints);
  return call === null ? "" : `${call.method} ${call.path}`;
}

export function callOf(target: CallTarget | null, endpoints: Endpoint[]): Call | null {
  if (target === null) return null;
  return "endpoint" in target ? (endpoints.find(({ id }) => id === target.endpoint) ?? null) : target;
}

/** A call that is an endpoint's is that endpoint: its scopes and its body are then known. */
export function targetOf(call: Call, endpoints: Endpoint[]): CallTarget {
  const known = endpoints.find(({ method, path }) => method === call.method && path === call.path);
  return known === undefined ? { method: call.method, path: call.path } : { endpoint: known.id };
}

/** The endpoints that have all words, by the first part of their path. */
export function matching(endpoints: Endpoint[], filter: string): EndpointGroup[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const text =
      `${endpoint.method} ${endpoint.path} ${endpoint.title} ${endpoint.allScopes.join(" ")} ${endpoint.anyScope.join(" ")}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const title = /^\/([^/?]*)/.exec(endpoint.path)?.[1] ?? "";
    groups.set(title, [...(groups.get(title) ?? []), endpoint]);
  }
  return [...groups].map(([title, found]) => ({ title, endpoints: found }));
}

/** The first placeholder of a path, and where it stands: `{transaction_id}`. */
export function placeholder(text: string): { name: string; from: number; to: number } | null {
  const found = /\{([^{}]*)\}/.exec(text);
  return found === null ? null : { name: found[1] as string, from: found.index, to: found.index + found[0].length };
}

/** Whether calls with this method usually carry a body. */
export function takesBody(method: string): boolean {
  return method === "POST" || method === "PUT" || method === "PATCH";
}
