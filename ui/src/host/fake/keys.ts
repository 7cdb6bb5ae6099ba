/** Keys in memory. Nothing is generated: a thumbprint is made up from the name, and stays the same. */
import type { ImportItem, ImportPreview, KeyDetail, KeyRow, Target, PublicFormat } from "../wire";
import { lifeOf, renameLife, withLife } from "./lines";
import { fail, find, now, pause, undoable, type Area, type World } from "./world";

type Commands =
  | "keys_list"
  | "key_show"
  | "key_generate"
  | "import_clipboard"
  | "import_file"
  | "import_unlock"
  | "import_keep"
  | "import_forget"
  | "key_rename"
  | "key_choose"
  | "key_delete"
  | "key_delete_ending_use"
  | "key_restore"
  | "key_destroy"
  | "key_copy_public"
  | "key_save_public"
  | "key_save_private"
  | "key_compare";

const DAY = 86_400;
const FORMS: Record<PublicFormat, string> = { spki: "PEM (SPKI)", jwk: "JWK", jwks: "JWKS", der: "DER" };

export const keys: Area<Commands> = (world) => ({
  keys_list: () => world.keys.map((key) => withLife(world, key)),
  key_show: ({ name }) => {
    const key = find(world, name);
    return { ...detail(withLife(world, key)), history: lifeOf(world, key).history };
  },
  key_generate: async ({ name, alg, rsaBits, place, job }) => {
    free(world, name);
    for (let step = 0; /^[RP]S/.test(alg) && step < rsaBits / 512 && world.pace > 0; step++) {
      world.emit({ type: "progress", job, fraction: null, words: "Looking for two primes" });
      await pause(world.pace * 4);
    }
    return add(world, { name, alg, origin: "generated here", place });
  },
  import_clipboard: () => found("pasted text", world),
  import_file: () => found("checkout.pem", world),
  import_unlock: ({ passphrase }) => {
    if (passphrase !== "open") fail("wrong-passphrase", "the passphrase does not open this key");
    return { ...found("checkout.pem", world), encrypted: false };
  },
  import_keep: ({ name, alg, place, made }) => {
    free(world, name);
    return add(world, { name, alg: alg ?? "ES512", origin: "imported from pasted text", place, made });
  },
  import_forget: () => null,
  key_rename: ({ name, wanted }) => {
    free(world, wanted);
    const key = put(world, name, { ...find(world, name), name: wanted });
    renameLife(world, name, wanted);
    world.profiles = world.profiles.map((profile) => ({
      ...profile,
      keys: Object.fromEntries(Object.entries(profile.keys).map(([environment, used]) => [environment, used === name ? wanted : used])),
    }));
    return detail(key);
  },
  key_choose: ({ name, place }) => {
    const before = world.profiles;
    const keys = world.keys;
    if (before.find((one) => one.name === place.profile)?.keys[place.environment] === name) return null;
    const calls = (row: KeyRow) => ({ ...row, state: "active" as const, targets: [...row.targets, place] });
    const left = (row: KeyRow) => ({
      ...row,
      targets: row.targets.filter((target) => target.profile !== place.profile || target.environment !== place.environment),
    });
    world.keys = keys.map((row) => (row.name === name ? calls(row) : left(row)));
    world.profiles = before.map((one) => (one.name === place.profile ? { ...one, keys: { ...one.keys, [place.environment]: name } } : one));
    return undoable(world, `${place.profile} calls with ${name} now.`, () => {
      world.profiles = before;
      world.keys = keys;
    });
  },
  key_delete: ({ name }) => remove(world, name),
  key_delete_ending_use: ({ name }) => remove(world, name),
  key_restore: ({ name }) => detail(put(world, name, { ...find(world, name), due: null, deleted: null, state: "draft" })),
  key_destroy: ({ name }) => {
    find(world, name);
    world.keys = world.keys.filter((key) => key.name !== name);
    return true;
  },
  key_copy_public: ({ name, format }) => {
    world.clipboard = publicText(find(world, name), format);
    return { what: `Public half of ${name}`, clearsInSeconds: null };
  },
  key_save_public: ({ name, format }) => {
    const file = `${find(world, name).name}.pub.${format === "spki" ? "pem" : format === "der" ? "der" : "json"}`;
    return { file, words: `Saved ${file}.` };
  },
  key_save_private: ({ name, format }) => {
    const file = `${find(world, name).name}.${format === "jwk" ? "json" : "pem"}`;
    return { file, words: `Saved ${file}.` };
  },
  key_compare: ({ name, text }) => compare(find(world, name), text),
});

function remove(world: World, name: string) {
  const before = find(world, name);
  put(world, name, { ...before, deleted: now(), state: "destroy-scheduled" });
  return undoable(world, `Deleted ${name}. It can be restored for 30 days.`, () => void put(world, name, before));
}

/** Forty-three characters that look like a thumbprint, the same for the same seed. */
export function madeUpThumbprint(seed: string): string {
  let state = [...seed].reduce((sum, char) => (Math.imul(sum, 31) + char.charCodeAt(0)) | 0, 0x9e37_79b9);
  const bytes = Array.from({ length: 32 }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d);
    state = (state ^ (state >>> 12)) + 0x6d2b_79f5;
    return (state >>> 11) & 0xff;
  });
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** A vault with very many keys, to see how the list bears it. */
export function manyKeys(count: number): KeyRow[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `service-${String(i).padStart(5, "0")}`;
    const thumbprint = madeUpThumbprint(name);
    return {
      name,
      kind: "private-key",
      alg: "ES512",
      describe: "P-521, ES512",
      kid: thumbprint,
      thumbprint,
      created: now() - i * 3_600,
      origin: "generated here",
      binding: null,
      fields: {},
      profiles: [],
      due: null,
      deleted: null,
      state: "draft",
      made: now() - i * 3_600,
      accepted: null,
      targets: [],
      line: [{ name, state: "draft" }],
    };
  });
}

function compare(key: KeyRow, text: string) {
  const given = text.replace(/\s/g, "");
  const own = key.thumbprint ?? "";
  if (given === own) return { same: true, words: `This is the thumbprint of ${key.name}.`, hint: null };
  if (given.slice(0, 8) === own.slice(0, 8))
    return { same: false, words: "It starts the same and goes on differently.", hint: "Copy it again, whole." };
  return { same: false, words: `This is not ${key.name}.`, hint: null };
}

function found(from: string, world: World): ImportPreview {
  const thumbprint = madeUpThumbprint(from);
  const already = world.keys.find((key) => key.thumbprint === thumbprint)?.name ?? null;
  const item: ImportItem = {
    describe: "EC P-521",
    private: true,
    kind: "EC",
    kid: null,
    thumbprint,
    algs: ["ES512"],
    already,
    suggestedName: "checkout",
    made: from.endsWith(".pem") ? now() - 20 * DAY : null,
    findings: [],
  };
  return { preview: 1, from, form: "PEM, PKCS#8", items: [item], encrypted: false, findings: [] };
}

export function free(world: World, name: string) {
  if (world.keys.some((key) => key.name === name)) fail("taken", `there is a key ${name} already`);
}

export function put(world: World, name: string, key: KeyRow): KeyRow {
  world.keys = world.keys.map((old) => (old.name === name ? key : old));
  return key;
}

interface NewKey {
  name: string;
  alg: string;
  origin: string;
  place: Target | null;
  made?: number | null;
}

function add(world: World, { name, alg, origin, place, made = null }: NewKey): KeyDetail {
  const secret = alg.startsWith("HS");
  const thumbprint = secret ? null : madeUpThumbprint(origin === "generated here" ? name : "pasted text");
  const profile = world.profiles.find((one) => one.name === place?.profile);
  const environment = world.providers.find(({ id }) => id === profile?.provider)?.environments.find(({ id }) => id === place?.environment);
  const binding: KeyRow["binding"] =
    profile === undefined || environment === undefined
      ? null
      : {
          provider: profile.provider,
          environment: environment.id,
          label: environment.label,
          tier: environment.tier,
          hosts: [new URL(environment.baseUrl).hostname],
          role: null,
        };
  // A key beside another one is a draft until it is chosen.
  const calls = profile !== undefined && environment !== undefined && profile.keys[environment.id] === undefined;
  const state = calls ? "active" : "draft";
  const key: KeyRow = {
    name,
    kind: secret ? "shared-secret" : "private-key",
    alg,
    describe: alg,
    kid: thumbprint,
    thumbprint,
    created: now(),
    origin,
    binding,
    fields: {},
    profiles: calls ? [profile.name] : [],
    due: null,
    deleted: null,
    state,
    made: origin === "generated here" ? now() : made,
    accepted: null,
    targets: calls && place !== null ? [place] : [],
    line: [{ name, state }],
  };
  world.keys = [...world.keys, key];
  if (calls) {
    const missing = Object.fromEntries(Object.entries(profile.missing).filter(([id]) => id !== environment.id));
    world.profiles = world.profiles.map((one) =>
      one === profile ? { ...one, keys: { ...one.keys, [environment.id]: name }, missing } : one,
    );
  }
  return detail(key);
}

function publicText({ kid, alg }: KeyRow, format: PublicFormat): string {
  const x = madeUpThumbprint(`${kid}x`);
  const jwk = { kty: "EC", crv: "P-521", x, y: madeUpThumbprint(`${kid}y`), kid, alg, use: "sig" };
  if (format === "jwk") return JSON.stringify(jwk, null, 2);
  if (format === "jwks") return JSON.stringify({ keys: [jwk] }, null, 2);
  const base64 = btoa(`0\u0081\u009b0\u0010\u0006\u0007*${x}${x}`);
  return format === "der" ? base64 : `-----BEGIN PUBLIC KEY-----\n${base64.replace(/.{64}(?=.)/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;
}

export function detail(key: KeyRow): KeyDetail {
  const secret = key.kind === "shared-secret";
  const opaque = key.alg === null;
  return {
    key,
    publicForms:
      secret || opaque
        ? []
        : (Object.keys(FORMS) as PublicFormat[]).map((format) => ({ format, label: FORMS[format], text: publicText(key, format) })),
    privateFormats: opaque
      ? []
      : secret
        ? [
            { format: "base64", label: "Base64", encrypts: false },
            { format: "hex", label: "Hexadecimal", encrypts: false },
          ]
        : [
            { format: "pkcs8", label: "PKCS#8 PEM", encrypts: true },
            { format: "sec1", label: "SEC1 PEM", encrypts: false },
            { format: "jwk", label: "JWK", encrypts: false },
          ],
    findings: [],
    goneAt: key.deleted === null ? null : key.deleted + 30 * DAY,
    dueFrom: null,
    history: [{ seq: 1, at: key.created, kind: "added", words: "added, as a draft" }],
  };
}
