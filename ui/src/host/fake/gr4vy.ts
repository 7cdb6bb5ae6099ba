/** A provider with as many scopes and calls as a real one. */
import type { ClaimSheet, Endpoint, Provider, Scope, SheetField } from "../wire";
import { gr4vy as rotations } from "./rotations";

const FAMILIES: [group: string, published: string, others: string][] = [
  [
    "Payments",
    "transactions checkout-sessions payment-methods payment-options digital-wallets",
    "payment-links payouts bin-checker gift-cards",
  ],
  ["Buyers", "buyers buyers.billing-details", ""],
  [
    "Definitions",
    "payment-service-definitions payment-method-definitions card-scheme-definitions",
    "anti-fraud-service-definitions gift-card-service-definitions",
  ],
  [
    "Services and routing",
    "payment-services connections flows anti-fraud-services",
    "gift-card-services three-ds-scenarios apple-pay-certificates",
  ],
  ["Vault forward", "", "vault-forward vault-forward-authentications vault-forward-configs vault-forward-definitions"],
  ["Account and access", "", "merchant-accounts api-key-pairs roles users.me webhook-subscriptions users sessions"],
  ["Insight", "reports api-logs", "audit-logs business-contexts health-dashboard metrics-explorer monitoring reset"],
];

export interface Resource {
  group: string;
  resource: string;
  assumed: boolean;
}

const names = (words: string) => words.split(" ").filter(Boolean);

export const resources: Resource[] = FAMILIES.flatMap(([group, published, others]) => [
  ...names(published).map((resource) => ({ group, resource, assumed: false })),
  ...names(others).map((resource) => ({ group, resource, assumed: true })),
]);

const scopes: Scope[] = [
  { value: "*.read", title: "Read any resource", group: null, from: "document" },
  { value: "*.write", title: "Write any resource; does not include reading", group: null, from: "document" },
  { value: "embed", title: "All the access that Embed needs", group: null, from: "document" },
  ...resources.flatMap(({ group, resource, assumed }) => [
    { value: `${resource}.read`, title: `Read ${resource}`, group, from: assumed ? "sdk" : "document" },
    { value: `${resource}.write`, title: `Write ${resource}; does not include reading`, group, from: assumed ? "sdk" : "document" },
  ]),
];

const get = (id: string, path: string, allScopes: string[], anyScope: string[] = []): Endpoint => ({
  id,
  title: `GET ${path.replace(/[?].*/, "")}`,
  method: "GET",
  path,
  allScopes,
  anyScope,
  sideEffects: false,
  body: null,
});
const post = (id: string, path: string, allScopes: string[], body: string): Endpoint => ({
  ...get(id, path, allScopes),
  title: `POST ${path}`,
  method: "POST",
  sideEffects: true,
  body,
});

const endpoints: Endpoint[] = [
  get("transactions", "/transactions?limit=1", ["transactions.read"]),
  get("buyers", "/buyers?limit=1", ["buyers.read"]),
  get("payment-services", "/payment-services?limit=1", ["payment-services.read"]),
  get("reports", "/reports?limit=1", ["reports.read"]),
  get("merchant-accounts", "/merchant-accounts?limit=1", ["merchant-accounts.read"]),
  get("api-key-pairs", "/api-key-pairs", ["api-key-pairs.read"]),
  get("card-details", "/card-details?currency=USD&bin=41111111", [], ["bin-checker.read", "embed"]),
  post("create-transaction", "/transactions", ["transactions.write"], '{\n  "amount": 1299,\n  "currency": "GBP",\n  "country": "GB"\n}'),
  post("create-checkout-session", "/checkout/sessions", ["checkout-sessions.write"], "{}"),
  post("create-buyer", "/buyers", ["buyers.write"], '{\n  "display_name": "Jane Doe",\n  "external_identifier": "cust-4821"\n}'),
];

const field = (label: string, kind: SheetField["kind"], required = false): SheetField => ({ label, kind, choices: [], required });

const sheets: ClaimSheet[] = [
  {
    claim: "embed",
    label: "Pin an amount for Embed",
    title: "Pin an amount for Embed",
    help: "The checkout in the browser can then charge this amount and no other.",
    icon: "money",
    scope: "embed",
    fields: [
      field("Amount in the smallest unit", "digits", true),
      field("Currency", "currency", true),
      field("Your own id of the buyer", "text"),
      field("Buyer's id at the provider", "text"),
    ],
    create: null,
    setLabel: null,
    removeLabel: null,
  },
  {
    claim: "checkout_session_id",
    label: "Tie to a checkout session",
    title: "Tie the token to a checkout session",
    help: "Tokens with the same session id belong to one checkout.",
    icon: "cart",
    scope: null,
    fields: [field("Session id", "text", true)],
    create: { label: "Create a session", call: "POST /checkout/sessions" },
    setLabel: "Use this id",
    removeLabel: "Take the id out",
  },
];

export const gr4vy: Provider = {
  id: "gr4vy",
  name: "Gr4vy",
  documentation: "https://docs.gr4vy.com/guides/api/authentication",
  note: "Every call carries a JWT that is signed here with the private key of an API key pair.",
  variables: [
    { id: "id", label: "Gr4vy ID", help: "The name in front of .gr4vy.app", example: "acme", required: true },
    {
      id: "merchant_account_id",
      label: "Merchant account",
      help: "Sent as x-gr4vy-merchant-account-id; left out when empty",
      example: "acme-uk",
      required: false,
    },
  ],
  environments: [
    {
      id: "local",
      label: "Local",
      tier: "local",
      baseUrl: "http://127.0.0.1:8787",
      asks: false,
      note: "the emulator on this computer; it wants no account",
    },
    { id: "sandbox", label: "Sandbox", tier: "test", baseUrl: "https://api.sandbox.acme.gr4vy.app", asks: false, note: null },
    {
      id: "production",
      label: "Production",
      tier: "live",
      baseUrl: "https://api.acme.gr4vy.app",
      asks: false,
      note: "asks in a window of the system",
    },
  ],
  scopes,
  endpoints,
  lifetimes: [
    { seconds: 30, label: "30 s", words: "as the TypeScript, Node and PHP packages" },
    { seconds: 60, label: "60 s", words: "as the Java package" },
    { seconds: 300, label: "5 min", words: "usual here" },
    { seconds: 3600, label: "1 h", words: "as the Python and C# packages, and for Embed" },
  ],
  signsHere: true,
  takes: ["token"],
  credentials: [
    {
      id: "private_key",
      label: "Private key of an API key pair",
      kind: "private-key",
      authenticates: true,
      fields: [],
      encodings: [],
      prefixes: {},
      note: "The dashboard hands it out as PKCS#8.",
    },
    {
      id: "webhook_secret",
      label: "Webhook secret",
      kind: "secret",
      authenticates: false,
      fields: [],
      encodings: ["utf8"],
      prefixes: {},
      note: null,
    },
  ],
  flows: [],
  webhook: "HMAC-SHA256 of {timestamp}.{body} in hexadecimal, in X-Gr4vy-Webhook-Signatures; at most 5 min old",
  rotations,
  algs: ["ES512"],
  sheets,
};
