/** Keys in memory. */
import type { ImportPreview, KeyDetail, KeyRow } from "../wire";
import { fail, now, undoable, type Area, type World } from "./world";

type Commands =
  | "keys_list" | "key_show" | "key_generate" | "import_clipboard" | "import_file" | "import_unlock" | "import_keep" | "import_forget" | "key_rename" | "key_delete"
  | "key_restore" | "key_destroy" | "key_copy_public" | "key_save_public" | "key_save_private" | "key_compare";

export const keys: Area<Commands> = (world) => ({
  keys_list: () => world.keys,
  key_show: ({ name }) => detail(find(world, name)),
  key_generate: ({ name, alg }) => add(world, name, alg, "generated here"),
  import_clipboard: () => preview,
  import_file: () => ({ ...preview, from: "checkout.pem" }),
  import_unlock: () => ({ ...preview, encrypted: false }),
  import_keep: ({ name, alg }) => add(world, name, alg ?? "ES512", "imported from pasted text"),
  import_forget: () => null,
  key_rename: ({ name, wanted }) => {
    if (world.keys.some((key) => key.name === wanted)) fail("taken", `there is a key ${wanted} already`);
    return detail(put(world, name, { ...find(world, name), name: wanted }));
  },
  key_delete: ({ name }) => {
    const before = find(world, name);
    put(world, name, { ...before, deleted: now() });
    return undoable(world, `Deleted ${name}. It can be restored for 30 days.`, () => void put(world, name, before));
  },
  key_restore: ({ name }) => detail(put(world, name, { ...find(world, name), deleted: null })),
  key_destroy: ({ name }) => {
    world.keys = world.keys.filter((key) => key.name !== name);
    return null;
  },
  key_copy_public: ({ name }) => ({ what: `Public half of ${name}`, clearsInSeconds: null }),
  key_save_public: ({ name }) => ({ file: `${name}.pub.pem`, words: `Saved ${name}.pub.pem.` }),
  key_save_private: ({ name }) => ({ file: `${name}.pem`, words: `Saved ${name}.pem.` }),
  key_compare: ({ name, text }) => {
    const same = find(world, name).thumbprint === text.trim();
    return { same, words: same ? `This is ${name}.` : `This is not ${name}.`, hint: null };
  },
});

const preview: ImportPreview = {
  preview: 1,
  from: "pasted text",
  form: "PEM, PKCS#8",
  items: [{ describe: "P-521 private key", private: true, kind: "EC", kid: null, thumbprint: "9q2kUti1T9dYKDAhJ5uXXzcn4C1D9hsekoTT0eoI-Mv", algs: ["ES512"], already: null, suggestedName: "checkout", findings: [] }],
  encrypted: false,
  findings: [],
};

function find(world: World, name: string): KeyRow {
  return world.keys.find((key) => key.name === name) ?? fail("not-found", `there is no key ${name}`);
}

function put(world: World, name: string, key: KeyRow): KeyRow {
  world.keys = world.keys.map((old) => (old.name === name ? key : old));
  return key;
}

function add(world: World, name: string, alg: string, origin: string): KeyDetail {
  if (world.keys.some((key) => key.name === name)) fail("taken", `there is a key ${name} already`);
  const secret = alg.startsWith("HS");
  const thumbprint = secret ? null : "9q2kUti1T9dYKDAhJ5uXXzcn4C1D9hsekoTT0eoI-Mv";
  const key: KeyRow = { name, kind: secret ? "shared-secret" : "private-key", alg, describe: alg, kid: thumbprint, thumbprint, created: now(), origin, binding: null, profiles: [], deleted: null };
  world.keys = [...world.keys, key];
  return detail(key);
}

function detail(key: KeyRow): KeyDetail {
  const text = "-----BEGIN PUBLIC KEY-----\nMIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQA\n-----END PUBLIC KEY-----\n";
  return {
    key,
    publicForms: key.kind === "shared-secret" ? [] : [{ format: "spki", label: "PEM (SPKI)", text }],
    privateFormats: key.kind === "shared-secret" ? [{ format: "base64", label: "Base64", encrypts: false }] : [{ format: "pkcs8", label: "PEM (PKCS#8)", encrypts: true }],
    findings: [],
    goneAt: key.deleted === null ? null : key.deleted + 30 * 86_400,
  };
}
