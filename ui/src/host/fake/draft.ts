/** Drafts, requests and recipes in memory. */
import type { CompletionKind, Completions, Draft, Target, Recipe } from "../wire";
import { edits } from "./claims-text";
import { agree, covers } from "./consent";
import { exchange, requestOf } from "./exchange";
import { run, send } from "./following";
import { readIssued } from "./issued";
import { endpointOf, placeOf, read } from "./reading";
import { picker } from "./scopes";
import { createdBy, readSheet, sheetEdits } from "./sheets";
import { type Area, fail, now, ownerKey, pause, placeKey, undoable, type World } from "./world";

type Commands =
  | "draft_open"
  | "draft_new"
  | "draft_read"
  | "draft_complete"
  | "draft_edit"
  | "sheet_read"
  | "sheet_create"
  | "scopes_picker"
  | "draft_sign"
  | "request_preview"
  | "request_send"
  | "flow_run"
  | "tokens_forget"
  | "access_token_copy"
  | "copy_as"
  | "job_cancel"
  | "recipes_list"
  | "recipe_save"
  | "recipe_rename"
  | "recipe_delete";

export const drafts: Area<Commands> = (world) => {
  const drafts = new Map<string, Draft>();
  const cancelled = new Set<number>();
  const keep = (draft: Draft) => void drafts.set(placeKey(draft), draft);
  const served = (draft: Draft) => placeOf(world, draft).provider?.signsHere === false;
  return {
    draft_open: (place) => {
      const at = place ?? world.place ?? { profile: "Demo", environment: "local" };
      return drafts.get(placeKey(at)) ?? fresh(world, at);
    },
    draft_new: (place) => fresh(world, place),
    draft_read: (draft) => {
      keep(draft);
      return served(draft) ? readIssued(world, draft) : read(world, draft, covers(world, draft));
    },
    draft_complete: ({ draft, at }) => complete(world, draft, at),
    draft_edit: ({ draft, edit }) =>
      edit.set === "sheet" ? sheetEdits(world, draft, edit.claim, edit.filled) : edits(draft.claims, edit, CLAIMS),
    sheet_read: ({ draft, claim, filled }) => readSheet(world, draft, claim, filled),
    sheet_create: ({ draft, claim }) => createdBy(world, draft, claim),
    scopes_picker: (draft) => picker(world, draft),
    draft_sign: async (draft) => {
      await pause(world.pace);
      agree(world, draft);
      return read(world, draft, true);
    },
    request_preview: (draft) => {
      const request = requestOf(world, draft);
      return { request, curl: `curl '${request.url}' -H "authorization: Bearer $GR4VY_TOKEN"` };
    },
    request_send: async ({ draft, job, follow }) => {
      if (served(draft)) return send(world, draft, job, follow, (job) => cancelled.has(job));
      for (let waited = 0; waited < world.pace; waited += 50) {
        await pause(50);
        if (cancelled.has(job)) fail("gone", "the request was cancelled");
      }
      const reading = read(world, draft, true);
      const sent = exchange(world, draft);
      const row = { at: sent.at, tookMs: null, sent: null, came: null };
      const timeline = [
        { ...row, kind: "sign", words: `signed with ${reading.key?.name ?? "no key"}` },
        {
          ...row,
          kind: "send",
          words: `${sent.answer?.status ?? "no answer"}`,
          tookMs: sent.elapsedMs,
          sent: sent.request,
          came: sent.answer,
        },
      ];
      world.emit({ type: "happened", job, rows: timeline });
      return { reading, sent, timeline, failed: null };
    },
    flow_run: ({ draft, flow, job }) => run(world, draft, flow, job, (job) => cancelled.has(job)),
    access_token_copy: () => ({ what: "Access token", clearsInSeconds: world.settings.clearTokenSeconds }),
    tokens_forget: (owner) => {
      world.issued.delete(ownerKey(owner));
      return null;
    },
    job_cancel: ({ job }) => {
      cancelled.add(job);
      return null;
    },
    copy_as: ({ language }) => ({
      what: `Request as ${world.start.languages.find(({ id }) => id === language)?.name ?? language}`,
      clearsInSeconds: null,
    }),
    recipes_list: () => world.recipes,
    recipe_save: ({ name, draft }) => {
      const call = endpointOf(world, draft);
      const recipe: Recipe = {
        name,
        draft,
        provider: placeOf(world, draft).provider?.id ?? "gr4vy",
        saved: now(),
        words: call === null ? "no call" : `${call.method} ${call.path}`,
      };
      world.recipes = [...world.recipes.filter((old) => old.name !== name), recipe];
      return recipe;
    },
    recipe_rename: ({ name, wanted }) => {
      if (world.recipes.some((recipe) => recipe.name === wanted)) fail("taken", `there is a recipe ${wanted} already`);
      const recipe = {
        ...(world.recipes.find((old) => old.name === name) ?? fail("not-found", `there is no recipe ${name}`)),
        name: wanted,
      };
      world.recipes = world.recipes.map((old) => (old.name === name ? recipe : old));
      return recipe;
    },
    recipe_delete: ({ name }) => {
      const before = world.recipes;
      world.recipes = before.filter((recipe) => recipe.name !== name);
      return undoable(world, `Deleted the recipe ${name}.`, () => (world.recipes = before));
    },
  };
};

const CLAIMS = `{
  "scopes": [
    "transactions.read",
    "buyers.read",
    "embed"
  ],
  "embed": {
    "amount": 1299,
    "currency": "GBP",
    "buyer_external_identifier": "cust-4821"
  },
  "iat": "$now",
  "nbf": "$now",
  "exp": "$now+5m",
  "iss": "keywright/0.1.0",
  "jti": "$uuid"
}`;

const PARTNER = `{
  "clientId": "acme-partner",
  "iat": "$now",
  "exp": "$now+15m"
}`;

function fresh(world: World, { profile, environment }: Target): Draft {
  const provider = world.providers.find(({ id }) => id === world.profiles.find(({ name }) => name === profile)?.provider);
  const claims = provider?.signsHere === false ? "" : provider?.id === "partner" ? PARTNER : CLAIMS;
  const endpoint = provider?.endpoints[0]?.id ?? "transactions";
  return {
    profile,
    environment,
    key: null,
    claims,
    header: null,
    target: { endpoint },
    body: null,
    shift: 0,
    with: "usual",
    scopes: null,
    ttl: null,
  };
}

/** Scopes where a scope stands, claims at the start of a line, expressions elsewhere. */
function complete(world: World, draft: Draft, at: number): Completions {
  const before = draft.claims.slice(0, at);
  const typed = /"?[^"\s[\]{}:,]*$/.exec(before)?.[0] ?? "";
  const from = at - typed.length;
  const word = typed.replace('"', "");
  const closing = draft.claims[at] === '"' ? "" : '"';
  const option = (value: string, detail: string, kind: CompletionKind) => ({
    label: value,
    insert: `"${value}${closing}${kind === "claim" && closing !== "" ? ": " : ""}`,
    detail,
    info: null,
    kind,
  });
  const inScopes = /"scopes"\s*:\s*\[[^\]]*$/.test(before);
  const inValue = /:\s*"?[^",[\]{}]*$/.test(before);
  const all = inScopes
    ? (world.providers[0]?.scopes ?? []).map(({ value, title }) => option(value, title, "scope"))
    : inValue
      ? [
          option("$now", "now, in seconds", "expression"),
          option("$now+5m", "in five minutes", "expression"),
          option("$uuid", "a fresh id", "expression"),
        ]
      : ["iat", "nbf", "exp", "iss", "jti", "embed", "checkout_session_id"].map((name) => option(name, "claim", "claim"));
  return { from, to: at, options: all.filter(({ label }) => label.includes(word)) };
}
