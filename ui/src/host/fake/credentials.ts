/** Credentials that are typed, in memory: only how one begins is looked at. */
import type { KeyRow } from "../wire";
import { detail, free, put } from "./keys";
import { fail, find, now, type Area } from "./world";

type Commands = "credential_add" | "credential_set";

const KINDS = { "private-key": "private-key", secret: "shared-secret", "api-key": "api-key", login: "login", client: "client" } as const;

export const credentials: Area<Commands> = (world) => ({
  credential_add: ({ name, place, role, secret, fields }) => {
    free(world, name);
    const profile = world.profiles.find((one) => one.name === place.profile) ?? fail("not-found", `there is no profile ${place.profile}`);
    const provider =
      world.providers.find(({ id }) => id === profile.provider) ?? fail("not-found", `there is no provider ${profile.provider}`);
    const environment =
      provider.environments.find(({ id }) => id === place.environment) ?? fail("not-found", `there is no environment ${place.environment}`);
    const kind = provider.credentials.find(({ id }) => id === role) ?? fail("not-found", `${provider.name} has no credential ${role}`);
    const empty = kind.fields.find(({ id, required }) => required && !fields[id]);
    if (empty !== undefined) fail("rule", `${empty.label} is empty`);
    const text = secret.trim().replace(/^Bearer\s+/i, "");
    if (text === "") fail("malformed", "there is nothing in it");
    const begins = kind.prefixes[place.environment] ?? [];
    if (begins.length > 0 && !begins.some((prefix) => text.startsWith(prefix))) {
      fail(
        "wrong-place",
        `it does not begin with ${begins.join(" or ")}, as ${kind.label} for ${environment.label} does`,
        "check which environment it was made for",
      );
    }
    const secretKind = kind.kind === "secret";
    const masked =
      kind.kind === "login" ? (fields["username"] ?? "") : `${begins.find((prefix) => text.startsWith(prefix)) ?? ""}•••${text.slice(-4)}`;
    const row: KeyRow = {
      name,
      kind: KINDS[kind.kind],
      alg: secretKind ? "HS256" : null,
      describe: secretKind ? `${text.length} byte secret, HS256` : `${kind.label} ${masked}`,
      kid: null,
      thumbprint: null,
      created: now(),
      origin: "typed here",
      binding: {
        provider: provider.id,
        environment: environment.id,
        label: environment.label,
        tier: environment.tier,
        hosts: environment.baseUrl === "" ? [] : [new URL(environment.baseUrl).hostname],
        role: kind.id,
      },
      fields,
      profiles: [profile.name],
      due: null,
      deleted: null,
      state: "active",
      made: now(),
      accepted: null,
      targets: [place],
      line: [{ name, state: "active" }],
    };
    world.keys = [...world.keys, row];
    const { [place.environment]: _, ...missing } = profile.missing;
    const changed = kind.authenticates
      ? { ...profile, keys: { ...profile.keys, [place.environment]: name }, missing }
      : { ...profile, others: { ...profile.others, [place.environment]: { ...profile.others[place.environment], [role]: name } } };
    world.profiles = world.profiles.map((one) => (one === profile ? changed : one));
    return {
      key: detail(row),
      removed: text === secret ? "" : text === secret.trim() ? "spaces around it" : "the word Bearer",
      noticed: [],
    };
  },
  credential_set: ({ name, fields }) => {
    const before = find(world, name);
    const kinds = world.providers.find(({ id }) => id === before.binding?.provider)?.credentials ?? [];
    const field = kinds
      .filter(({ kind }) => KINDS[kind] === before.kind)
      .flatMap(({ fields }) => fields)
      .find(({ id, required }) => required && fields[id] === "");
    if (field !== undefined) fail("rule", `${field.label} is empty`);
    return detail(put(world, name, { ...before, fields: { ...before.fields, ...fields } }));
  },
});
