/** What lies in the vault of the program in memory. */
import type { KeyRow, Profile } from "../wire";
import { now } from "./world";

export { gr4vy } from "./gr4vy";

const common = { kind: "private-key", alg: "ES512", describe: "P-521, ES512", origin: "generated here", deleted: null } as const;

export const keys = (): KeyRow[] => [
  { ...common, name: "checkout-2026-11", kid: "ohySS9N7aqLFrERhPm6ChStGqlBBGqV37XtMZgndoy8", thumbprint: "ohySS9N7aqLFrERhPm6ChStGqlBBGqV37XtMZgndoy8", created: now() - 540, binding: { provider: "gr4vy", environment: "sandbox", label: "Sandbox", tier: "test", hosts: ["api.sandbox.acme.gr4vy.app"] }, profiles: ["Acme · Gr4vy"] },
  { ...common, name: "checkout-live-2026-11", kid: "hJ5uXXzcn4C1D9hs9q-eko9TT0eoI-MvUti1T9dYKDA", thumbprint: "hJ5uXXzcn4C1D9hs9q-eko9TT0eoI-MvUti1T9dYKDA", created: now() - 12 * 86_400, binding: { provider: "gr4vy", environment: "production", label: "Production", tier: "live", hosts: ["api.acme.gr4vy.app"] }, profiles: ["Acme · Gr4vy"] },
  { ...common, name: "demo", kid: "Tuw4dcxiN6Yw0e2b9b8cQ1a7mZ5sLrJxUoPqHfKeVgY", thumbprint: "Tuw4dcxiN6Yw0e2b9b8cQ1a7mZ5sLrJxUoPqHfKeVgY", created: now() - 20 * 86_400, binding: { provider: "gr4vy", environment: "local", label: "Local", tier: "local", hosts: ["127.0.0.1"] }, profiles: ["Demo", "Acme · Gr4vy"] },
  { ...common, name: "webhooks-2026", kind: "shared-secret", alg: "HS256", describe: "32 byte secret, HS256", origin: "imported from pasted text", kid: null, thumbprint: null, created: now() - 90 * 86_400, binding: null, profiles: [] },
];

export const profiles = (): Profile[] => [
  { name: "Acme · Gr4vy", provider: "gr4vy", variables: { id: "acme", merchant_account_id: "acme-uk" }, keys: { local: "demo", sandbox: "checkout-2026-11", production: "checkout-live-2026-11" }, baseUrls: { sandbox: "https://api.sandbox.acme.gr4vy.app", production: "https://api.acme.gr4vy.app" }, addresses: { sandbox: "https://api.sandbox.acme.gr4vy.app", production: "https://api.acme.gr4vy.app" }, guards: { production: "writes" }, scopes: null, ttl: null, missing: {} },
  { name: "Demo", provider: "gr4vy", variables: { id: "demo" }, keys: { local: "demo" }, baseUrls: {}, addresses: {}, guards: {}, scopes: null, ttl: null, missing: { sandbox: "no key yet", production: "no key yet" } },
];
