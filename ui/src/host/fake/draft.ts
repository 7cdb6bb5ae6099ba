/** Drafts, requests and recipes in memory. */
import type { Draft, DraftReading, EndpointReading, HttpRequest, Place, Recipe } from "../wire";
import { fail, now, pause, undoable, type Area, type World } from "./world";

type Commands =
  | "draft_open" | "draft_new" | "draft_read" | "draft_complete" | "draft_edit" | "scopes_picker" | "draft_sign" | "request_preview" | "request_send" | "copy_as_curl"
  | "recipes_list" | "recipe_save" | "recipe_rename" | "recipe_delete";

export const drafts: Area<Commands> = (world) => ({
  draft_open: (place) => fresh(place ?? world.place ?? { profile: "Demo", environment: "local" }),
  draft_new: (place) => fresh(place),
  draft_read: (draft) => read(world, draft, false),
  draft_complete: ({ at }) => ({ from: at, to: at, options: [] }),
  draft_edit: ({ draft, edit }) =>
    edit.set === "recipe" ? [{ from: 0, to: draft.claims.length, insert: CLAIMS }] : [],
  scopes_picker: (draft) => {
    const scopes = world.providers[0]?.scopes ?? [];
    const selected = scopesOf(draft.claims);
    const resources = [...new Set(scopes.filter(({ group }) => group !== null).map(({ value }) => value.split(".")[0] as string))];
    const rows = resources.map((resource) => ({
      resource,
      assumed: false,
      actions: scopes.filter(({ value }) => value.startsWith(`${resource}.`)).map(({ value, title }) => ({ action: value.split(".")[1] as string, value, title })),
    }));
    return { wide: scopes.filter(({ group }) => group === null), groups: [{ title: "Resources", rows }], selected, needed: [], minimal: [], redundant: [], words: "", known: scopes.length, free: true };
  },
  draft_sign: (draft) => read(world, draft, true),
  request_preview: (draft) => {
    const request = requestOf(world, draft);
    return { request, curl: `curl '${request.url}' -H "authorization: Bearer $TOKEN"` };
  },
  request_send: async ({ draft }) => {
    await pause(world.pace);
    const request = requestOf(world, draft);
    return {
      reading: read(world, draft, true),
      sent: {
        request,
        answer: { status: 200, headers: [{ name: "content-type", value: "application/json" }], body: '{"items":[]}', cut: false },
        noAnswer: null,
        elapsedMs: 184,
        kind: "accepted",
        asWanted: true,
        sentence: "Accepted in 184 ms.",
        next: null,
        serverCode: null,
        meaning: null,
        fix: null,
        gates: ["Reached", "Structure", "Key known", "Signature", "Time", "Scope"].map((title) => ({ gate: title.toLowerCase(), title, passage: "passed" as const, certainty: "proved" as const, reason: "checked here" })),
        skew: null,
        waitSeconds: null,
        notes: [],
        at: now(),
      },
    };
  },
  copy_as_curl: () => ({ what: "curl command", clearsInSeconds: null }),
  recipes_list: () => world.recipes,
  recipe_save: ({ name, draft }) => {
    const recipe: Recipe = { name, draft, provider: "gr4vy", saved: now(), words: "GET /transactions" };
    world.recipes = [...world.recipes.filter((old) => old.name !== name), recipe];
    return recipe;
  },
  recipe_rename: ({ name, wanted }) => {
    const recipe = { ...(world.recipes.find((old) => old.name === name) ?? fail("not-found", `there is no recipe ${name}`)), name: wanted };
    world.recipes = world.recipes.map((old) => (old.name === name ? recipe : old));
    return recipe;
  },
  recipe_delete: ({ name }) => {
    const before = world.recipes;
    world.recipes = before.filter((recipe) => recipe.name !== name);
    return undoable(world, `Deleted the recipe ${name}.`, () => (world.recipes = before));
  },
});

const CLAIMS = `{
  "scopes": ["transactions.read", "buyers.read"],
  "iat": "$now",
  "nbf": "$now",
  "exp": "$now+5m",
  "iss": "keywright/0.1.0",
  "jti": "$uuid"
}`;

function fresh({ profile, environment }: Place): Draft {
  return { profile, environment, key: null, claims: CLAIMS, header: null, target: { endpoint: "list-transactions" }, body: null, shift: 0 };
}

function scopesOf(claims: string): string[] {
  try {
    return JSON.parse(claims).scopes ?? [];
  } catch {
    return [];
  }
}

function endpointOf(world: World, draft: Draft): EndpointReading | null {
  const target = draft.target;
  const endpoint = target !== null && "endpoint" in target ? world.providers[0]?.endpoints.find(({ id }) => id === target.endpoint) : undefined;
  const { method, path } = endpoint ?? (target !== null && "method" in target ? target : { method: "GET", path: "/" });
  const base = world.providers[0]?.environments.find(({ id }) => id === draft.environment)?.baseUrl ?? "";
  return { method, path, url: base + path, sideEffects: endpoint?.sideEffects ?? false, scopes: null, lacks: [] };
}

function requestOf(world: World, draft: Draft): HttpRequest {
  const { method, url } = endpointOf(world, draft) as EndpointReading;
  return { method, url, headers: [{ name: "authorization", value: "Bearer ••••••••" }], body: draft.body ?? "" };
}

function read(world: World, draft: Draft, consent: boolean): DraftReading {
  const environment = world.providers[0]?.environments.find(({ id }) => id === draft.environment);
  const tier = environment?.tier ?? "local";
  const profile = world.profiles.find(({ name }) => name === draft.profile);
  const key = world.keys.find(({ name }) => name === (draft.key ?? profile?.keys[draft.environment])) ?? null;
  let claims = "";
  try {
    claims = JSON.stringify(JSON.parse(draft.claims));
  } catch {
    claims = "";
  }
  const signed = key !== null && claims !== "" && (tier !== "live" || consent);
  const part = (text: string) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const header = JSON.stringify({ alg: "ES512", typ: "JWT", kid: key?.kid });
  return {
    token: signed ? { header: part(header), payload: part(claims), signature: "AKSJscBnFM8M7iTsi0eoIMvUti1T9dYKDAhJ5uXXzcn4C1D9hs9qeko9TT".repeat(3).slice(0, 176) } : null,
    unsigned: signed ? null : claims === "" ? "the claims are not JSON" : key === null ? `no key for ${environment?.label}` : "not signed",
    header,
    claims,
    key,
    tier,
    findings: [],
    notes: [],
    pills: [...draft.claims.matchAll(/"\$(now|uuid)(?:\+(\d+)m)?"/g)].map((hit) => ({
      from: hit.index,
      to: hit.index + hit[0].length,
      words: hit[1] === "uuid" ? "new uuid" : hit[2] === undefined ? "now" : `now + ${hit[2]} min`,
    })),
    spans: [],
    times: { issued: now(), notBefore: now(), expires: now() + 300 },
    scopes: scopesOf(draft.claims),
    summary: "5 required, all present",
    reads: [],
    endpoint: endpointOf(world, draft),
    sendLabel: tier === "live" ? "Send to LIVE" : `Send to ${environment?.label}`,
    sendBlocked: null,
    now: now(),
  };
}
