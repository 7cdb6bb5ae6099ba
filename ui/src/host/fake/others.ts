/** The providers besides Gr4vy: one with a shared secret, one with an API key that mints, one with a login. */
import type { CredentialKind, Endpoint, FlowRow, Provider } from "../wire";

const call = (id: string, method: string, path: string, allScopes: string[] = [], body: string | null = null): Endpoint => ({
  id,
  title: `${method} ${path}`,
  method,
  path,
  allScopes,
  anyScope: [],
  sideEffects: method !== "GET",
  body,
});
const flow = (id: string, label: string, kind: FlowRow["kind"], method: string, path: string, note: string | null = null, assumed = false): FlowRow => ({ id, label, kind, method, path, note, assumed });
const webhookSecret: CredentialKind = { id: "webhook_secret", label: "Webhook secret", kind: "secret", authenticates: false, fields: [], encodings: ["utf8", "hex", "base64"], prefixes: {}, note: null };

export const partner: Provider = {
  id: "partner",
  name: "Partner API",
  documentation: "https://support.pitrade.com/partner-apis/authentication",
  note: "Every call carries a JWT that is signed here with the secret key and names the client id.",
  variables: [],
  environments: [
    { id: "local", label: "Local", tier: "local", baseUrl: "http://127.0.0.1:8788", asks: false, note: "the emulator on this computer; it wants no account" },
    { id: "own", label: "Your URL", tier: "live", baseUrl: "", asks: true, note: "until you enter an address it counts as live" },
  ],
  scopes: [],
  endpoints: [call("portfolio", "GET", "/portfolio"), call("buy", "POST", "/trade", [], '{ "ticker": "AAPL", "orderSide": "BUY", "amount": 1000 }')],
  lifetimes: [
    { seconds: 300, label: "5 min", words: "shorter than the document's" },
    { seconds: 900, label: "15 min", words: "as the document" },
    { seconds: 3600, label: "1 h", words: "the longest that is not warned about" },
  ],
  signsHere: true,
  takes: ["token"],
  credentials: [
    {
      id: "secret_key",
      label: "Secret key",
      kind: "secret",
      authenticates: true,
      fields: [{ id: "client_id", label: "Client ID", required: true, form: "text", choices: [] }],
      encodings: ["utf8", "base64", "base64url", "hex"],
      prefixes: {},
      note: "Used as the bytes of its text unless another encoding is chosen.",
    },
  ],
  webhook: null,
  flows: [],
  algs: ["HS256"],
  sheets: [],
};

export const hedge: Provider = {
  id: "hedge",
  name: "Hedge Payments",
  documentation: "https://hedgepayments.com/docs/authentication",
  note: "Servers send an API key. For code that runs at the customer's, Hedge mints short-lived JWTs with chosen scopes.",
  variables: [{ id: "mint_path", label: "Path that mints tokens", help: "change it if Hedge names another one to you", example: "/v1/auth/client-token", required: false }],
  environments: [
    { id: "local", label: "Local", tier: "local", baseUrl: "http://127.0.0.1:8789", asks: false, note: "the emulator on this computer; it wants no account" },
    { id: "test", label: "Test", tier: "test", baseUrl: "https://api.hedgepayments.com", asks: false, note: "the same host as Live: the key alone decides which it is" },
    { id: "live", label: "Live", tier: "live", baseUrl: "https://api.hedgepayments.com", asks: false, note: "the same host as Test: the key alone decides which it is" },
  ],
  scopes: [
    { value: "payments:read", title: "View payment information", group: "Payments", from: "document" },
    { value: "payments:create", title: "Create new payments", group: "Payments", from: "document" },
    { value: "payments:refund", title: "Process payment refunds", group: "Payments", from: "document" },
    { value: "balance:read", title: "View account balance", group: "Account", from: "document" },
    { value: "payouts:create", title: "Create payout requests", group: "Account", from: "document" },
  ],
  endpoints: [call("payments", "GET", "/api/payments", ["payments:read"]), call("create-payment", "POST", "/api/payments", ["payments:create"], '{ "amount": 100.00, "currency": "USD" }')],
  lifetimes: [
    { seconds: 900, label: "15 min", words: "as the newer reference" },
    { seconds: 3600, label: "1 h", words: "as the authentication page" },
    { seconds: 86_400, label: "24 h", words: "the longest that is advised" },
  ],
  signsHere: false,
  takes: ["key", "token"],
  credentials: [
    {
      id: "api_key",
      label: "API key",
      kind: "api-key",
      authenticates: true,
      fields: [],
      encodings: [],
      prefixes: { local: ["test_", "sk_test_"], test: ["test_", "sk_test_"], live: ["live_", "sk_live_"] },
      note: "Found in the dashboard under Settings, API Keys. It may do everything, so it stays on a server.",
    },
    { ...webhookSecret, label: "Webhook signing secret" },
  ],
  webhook: "HMAC-SHA256 of {body} in hexadecimal, in X-Hedge-Signature; no timestamp",
  flows: [
    flow("mint", "Mint a token", "mint", "POST", "/v1/auth/client-token", "The members are those of auth.createToken, the path is the newer reference's.", true),
    flow("mint-words", "Mint a token, scopes in one string", "mint", "POST", "/v1/auth/client-token", null, true),
  ],
  algs: [],
  sheets: [],
};

export const cryptopay: Provider = {
  id: "cryptopay",
  name: "CryptoPay",
  documentation: "https://www.docs.echogate.craftfolio.dev/docs/api/authentication",
  note: "A call carries the access token of a login session, or an API key with permissions of its own.",
  variables: [],
  environments: [
    { id: "local", label: "Local", tier: "local", baseUrl: "http://127.0.0.1:8790", asks: false, note: "the emulator on this computer; it wants no account" },
    { id: "sandbox", label: "Sandbox", tier: "test", baseUrl: "https://sandbox-api.cryptopay.com", asks: false, note: "for tests without real money" },
    { id: "production", label: "Production", tier: "live", baseUrl: "", asks: true, note: "the document leaves the address blank" },
  ],
  scopes: [
    { value: "read", title: "View payment orders and transactions", group: null, from: "document" },
    { value: "create_payments", title: "Create new payment orders", group: null, from: "document" },
  ],
  endpoints: [
    call("verify", "GET", "/api/auth/verify/"),
    call("payment-orders", "GET", "/api/payment-orders/", ["read"]),
    call("create-payment-order", "POST", "/api/payment-orders/", ["create_payments"], "{}"),
  ],
  lifetimes: [],
  signsHere: false,
  takes: ["token", "key"],
  credentials: [
    {
      id: "login",
      label: "Account",
      kind: "login",
      authenticates: true,
      fields: [
        { id: "username", label: "User name", required: true, form: "text", choices: [] },
        { id: "email", label: "E-mail", required: false, form: "text", choices: [] },
        { id: "shop_name", label: "Name of the shop", required: false, form: "text", choices: [] },
      ],
      encodings: [],
      prefixes: {},
      note: "A session lives as long as its refresh token, 30 days.",
    },
    {
      id: "api_key",
      label: "API key",
      kind: "api-key",
      authenticates: true,
      fields: [],
      encodings: [],
      prefixes: { local: ["cp_test_"], sandbox: ["cp_test_"], production: ["cp_live_"] },
      note: "Made in the dashboard under Settings, API Keys. Copy it at once.",
    },
    webhookSecret,
  ],
  webhook: "HMAC-SHA256 of {body} in hexadecimal, in X-Webhook-Signature; no timestamp",
  flows: [
    flow("register", "Register", "register", "POST", "/api/auth/register", "Makes a merchant account. Its answer is not published."),
    flow("log-in", "Log in", "log-in", "POST", "/api/auth/login"),
    flow("refresh", "Refresh", "refresh", "POST", "/api/auth/token/refresh/", "Where refresh tokens rotate, using one twice is refused."),
    flow("verify", "Verify", "verify", "GET", "/api/auth/verify/", "Answers the user, the permissions and the expiry of what was sent."),
  ],
  algs: [],
  sheets: [],
};
