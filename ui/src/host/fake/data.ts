/** What lies in the vault of the program in memory. */
import type { KeyRow, Profile, Provider } from "../wire";
import { now } from "./world";

export const gr4vy: Provider = {
  id: "gr4vy",
  name: "Gr4vy",
  documentation: "https://docs.gr4vy.com/guides/api/authentication",
  note: null,
  variables: [
    { id: "id", label: "Gr4vy ID", help: "The name in front of .gr4vy.app", example: "acme", required: true },
    { id: "merchant_account_id", label: "Merchant account", help: "Sent as x-gr4vy-merchant-account-id; left out when empty", example: "acme-uk", required: false },
  ],
  environments: [
    { id: "local", label: "Local", tier: "local", baseUrl: "http://127.0.0.1:8787", note: "plays Gr4vy on this computer" },
    { id: "sandbox", label: "Sandbox", tier: "test", baseUrl: "https://api.sandbox.acme.gr4vy.app", note: null },
    { id: "production", label: "Production", tier: "live", baseUrl: "https://api.acme.gr4vy.app", note: "asks in a window of the system" },
  ],
  scopes: [
    { value: "*.read", title: "Read everything", group: null, from: null },
    { value: "*.write", title: "Change everything", group: null, from: null },
    { value: "embed", title: "Front-end checkout", group: null, from: null },
    { value: "transactions.read", title: "Read transactions", group: "Transactions", from: null },
    { value: "transactions.write", title: "Create and change transactions", group: "Transactions", from: null },
    { value: "buyers.read", title: "Read buyers", group: "Buyers", from: null },
    { value: "buyers.write", title: "Create and change buyers", group: "Buyers", from: null },
  ],
  endpoints: [
    { id: "list-transactions", title: "List transactions", method: "GET", path: "/transactions?limit=1", allScopes: ["transactions.read"], anyScope: [], sideEffects: false, body: null },
    { id: "list-buyers", title: "List buyers", method: "GET", path: "/buyers", allScopes: ["buyers.read"], anyScope: [], sideEffects: false, body: null },
    { id: "create-buyer", title: "Create a buyer", method: "POST", path: "/buyers", allScopes: ["buyers.write"], anyScope: [], sideEffects: true, body: '{"display_name":"Keywright"}' },
  ],
  lifetimes: [
    { seconds: 30, label: "30 s", words: "TypeScript and PHP SDK default" },
    { seconds: 60, label: "60 s", words: "Java SDK default" },
    { seconds: 300, label: "5 min", words: "Keywright's default" },
    { seconds: 3600, label: "1 h", words: "Python, C# and Embed default" },
  ],
  algs: ["ES512"],
  helpers: ["embed", "checkout-session"],
};

const common = { kind: "private-key", alg: "ES512", describe: "P-521, ES512", origin: "generated here", deleted: null } as const;

export const keys = (): KeyRow[] => [
  { ...common, name: "checkout-2026-11", kid: "ohySS9N7aqLFrERhPm6ChStGqlBBGqV37XtMZgndoy8", thumbprint: "ohySS9N7aqLFrERhPm6ChStGqlBBGqV37XtMZgndoy8", created: now() - 540, binding: { provider: "gr4vy", environment: "sandbox", label: "Sandbox", tier: "test", hosts: ["api.sandbox.acme.gr4vy.app"] }, profiles: ["Acme · Gr4vy"] },
  { ...common, name: "checkout-live-2026-11", kid: "hJ5uXXzcn4C1D9hs9q-eko9TT0eoI-MvUti1T9dYKDA", thumbprint: "hJ5uXXzcn4C1D9hs9q-eko9TT0eoI-MvUti1T9dYKDA", created: now() - 12 * 86_400, binding: { provider: "gr4vy", environment: "production", label: "Production", tier: "live", hosts: ["api.acme.gr4vy.app"] }, profiles: ["Acme · Gr4vy"] },
  { ...common, name: "demo", kid: "Tuw4dcxiN6Yw0e2b9b8cQ1a7mZ5sLrJxUoPqHfKeVgY", thumbprint: "Tuw4dcxiN6Yw0e2b9b8cQ1a7mZ5sLrJxUoPqHfKeVgY", created: now() - 20 * 86_400, binding: { provider: "gr4vy", environment: "local", label: "Local", tier: "local", hosts: ["127.0.0.1"] }, profiles: ["Demo", "Acme · Gr4vy"] },
  { ...common, name: "webhooks-2026", kind: "shared-secret", alg: "HS256", describe: "32 byte secret, HS256", origin: "imported from pasted text", kid: null, thumbprint: null, created: now() - 90 * 86_400, binding: null, profiles: [] },
];

export const profiles = (): Profile[] => [
  { name: "Acme · Gr4vy", provider: "gr4vy", variables: { id: "acme", merchant_account_id: "acme-uk" }, keys: { local: "demo", sandbox: "checkout-2026-11", production: "checkout-live-2026-11" }, baseUrls: { sandbox: "https://api.sandbox.acme.gr4vy.app", production: "https://api.acme.gr4vy.app" }, guards: { production: "writes" }, scopes: null, ttl: null, missing: {} },
  { name: "Demo", provider: "gr4vy", variables: { id: "demo" }, keys: { local: "demo" }, baseUrls: {}, guards: {}, scopes: null, ttl: null, missing: { sandbox: "no key yet", production: "no key yet" } },
];
