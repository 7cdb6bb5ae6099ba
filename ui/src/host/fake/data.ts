/** What lies in the vault of the program in memory. */
import type { Binding, KeyRow, Profile, Tier } from "../wire";
import { gr4vy } from "./gr4vy";
import { cryptopay, hedge, partner } from "./others";
import { now } from "./world";

export { gr4vy } from "./gr4vy";
export { cryptopay, hedge, partner } from "./others";

const common = {
  kind: "private-key",
  alg: "ES512",
  describe: "P-521, ES512",
  origin: "generated here",
  fields: {},
  due: null,
  deleted: null,
  state: "active",
  made: null,
  accepted: null,
  targets: [],
  line: [],
} satisfies Partial<KeyRow>;

export const keys = (): KeyRow[] => some().map(dated);

/** What was imported brings no date; the rest was made when it came. */
const dated = (key: KeyRow): KeyRow => ({ ...key, made: key.origin.startsWith("imported") ? null : key.created });

const some = (): KeyRow[] => [
  {
    ...common,
    name: "checkout-2026-11",
    kid: "ohySS9N7aqLFrERhPm6ChStGqlBBGqV37XtMZgndoy8",
    thumbprint: "ohySS9N7aqLFrERhPm6ChStGqlBBGqV37XtMZgndoy8",
    created: now() - 540,
    binding: {
      provider: "gr4vy",
      environment: "sandbox",
      label: "Sandbox",
      tier: "test",
      hosts: ["api.sandbox.acme.gr4vy.app"],
      role: "private_key",
    },
    profiles: ["Acme · Gr4vy"],
  },
  {
    ...common,
    name: "checkout-live-2026-11",
    kid: "hJ5uXXzcn4C1D9hs9q-eko9TT0eoI-MvUti1T9dYKDA",
    thumbprint: "hJ5uXXzcn4C1D9hs9q-eko9TT0eoI-MvUti1T9dYKDA",
    created: now() - 12 * 86_400,
    binding: {
      provider: "gr4vy",
      environment: "production",
      label: "Production",
      tier: "live",
      hosts: ["api.acme.gr4vy.app"],
      role: "private_key",
    },
    profiles: ["Acme · Gr4vy"],
  },
  {
    ...common,
    name: "demo",
    kid: "Tuw4dcxiN6Yw0e2b9b8cQ1a7mZ5sLrJxUoPqHfKeVgY",
    thumbprint: "Tuw4dcxiN6Yw0e2b9b8cQ1a7mZ5sLrJxUoPqHfKeVgY",
    created: now() - 20 * 86_400,
    binding: { provider: "gr4vy", environment: "local", label: "Local", tier: "local", hosts: ["127.0.0.1"], role: "private_key" },
    profiles: ["Demo", "Acme · Gr4vy"],
  },
  {
    ...common,
    name: "webhooks-2026",
    kind: "shared-secret",
    alg: "HS256",
    describe: "32 byte secret, HS256",
    origin: "imported from pasted text",
    kid: null,
    thumbprint: null,
    created: now() - 90 * 86_400,
    binding: null,
    profiles: [],
  },
];

export const profiles = (): Profile[] => [
  {
    name: "Acme · Gr4vy",
    provider: "gr4vy",
    variables: { id: "acme", merchant_account_id: "acme-uk" },
    keys: { local: "demo", sandbox: "checkout-2026-11", production: "checkout-live-2026-11" },
    others: {},
    baseUrls: { sandbox: "https://api.sandbox.acme.gr4vy.app", production: "https://api.acme.gr4vy.app" },
    addresses: { sandbox: "https://api.sandbox.acme.gr4vy.app", production: "https://api.acme.gr4vy.app" },
    guards: { production: "writes" },
    scopes: null,
    ttl: null,
    missing: {},
  },
  {
    name: "Demo",
    provider: "gr4vy",
    variables: { id: "demo" },
    keys: { local: "demo" },
    others: {},
    baseUrls: {},
    addresses: {},
    guards: {},
    scopes: null,
    ttl: null,
    missing: { sandbox: "no key yet", production: "no key yet" },
  },
];

const bound = (provider: string, environment: string, label: string, tier: Tier, host: string): Binding => ({
  provider,
  environment,
  label,
  tier,
  hosts: [host],
  role: null,
});
const life = { state: "active" as const, made: null, accepted: null, targets: [], line: [] };
const opaque = { alg: null, kid: null, thumbprint: null, origin: "typed here", fields: {}, due: null, deleted: null, ...life };

const otherKeys = (): KeyRow[] => [
  {
    ...opaque,
    name: "hedge-test",
    kind: "api-key",
    describe: "API key test_•••4f2a",
    created: now() - 104 * 86_400,
    binding: bound("hedge", "test", "Test", "test", "api.hedgepayments.com"),
    profiles: ["Acme · Hedge"],
    due: { at: now() - 14 * 86_400, kind: "rotation", words: "entered for Test at Hedge Payments 104 d ago; rotate it every 90 d" },
  },
  {
    ...opaque,
    name: "hedge-live",
    kind: "api-key",
    describe: "API key live_•••91be",
    created: now() - 12 * 86_400,
    binding: bound("hedge", "live", "Live", "live", "api.hedgepayments.com"),
    profiles: ["Acme · Hedge"],
  },
  {
    ...opaque,
    name: "shop@acme",
    kind: "login",
    describe: "Account shop@acme",
    created: now() - 8 * 86_400,
    fields: { username: "shop@acme", email: "shop@acme.example" },
    binding: bound("cryptopay", "sandbox", "Sandbox", "test", "sandbox-api.cryptopay.com"),
    profiles: ["Acme · CryptoPay"],
  },
  {
    ...opaque,
    name: "shop-key",
    kind: "api-key",
    describe: "API key cp_test_•••7d10",
    created: now() - 3 * 86_400,
    binding: bound("cryptopay", "sandbox", "Sandbox", "test", "sandbox-api.cryptopay.com"),
    profiles: [],
  },
  {
    ...opaque,
    name: "shop-webhook",
    kind: "shared-secret",
    alg: "HS256",
    describe: "32 byte secret, HS256",
    created: now() - 8 * 86_400,
    binding: { ...bound("cryptopay", "sandbox", "Sandbox", "test", ""), hosts: [], role: "webhook_secret" },
    profiles: ["Acme · CryptoPay"],
  },
  {
    ...opaque,
    name: "portfolio",
    kind: "shared-secret",
    alg: "HS256",
    describe: "32 byte secret, HS256",
    created: now() - 40 * 86_400,
    fields: { client_id: "acme-partner" },
    binding: bound("partner", "local", "Local", "local", "127.0.0.1"),
    profiles: ["Acme · Partner"],
  },
];

const plain = { variables: {}, baseUrls: {}, guards: {}, scopes: null, ttl: null };

const otherProfiles = (): Profile[] => [
  {
    ...plain,
    name: "Acme · Partner",
    provider: "partner",
    keys: { local: "portfolio" },
    others: {},
    addresses: { local: "http://127.0.0.1:8788" },
    missing: { own: "no address yet" },
  },
  {
    ...plain,
    name: "Acme · Hedge",
    provider: "hedge",
    keys: { test: "hedge-test", live: "hedge-live" },
    others: {},
    addresses: { test: "https://api.hedgepayments.com", live: "https://api.hedgepayments.com" },
    missing: { local: "no API key yet" },
  },
  {
    ...plain,
    name: "Acme · CryptoPay",
    provider: "cryptopay",
    keys: { sandbox: "shop@acme" },
    others: { sandbox: { webhook_secret: "shop-webhook" } },
    addresses: { sandbox: "https://sandbox-api.cryptopay.com" },
    missing: { local: "no login yet", production: "no login yet" },
  },
];

/** A vault of somebody who works with all four providers. */
export const fourProviders = () => ({
  providers: [gr4vy, partner, hedge, cryptopay],
  profiles: [...profiles(), ...otherProfiles()],
  keys: [...keys(), ...otherKeys().map(dated)],
});
