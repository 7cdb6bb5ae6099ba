// An authorization server (oidc-provider) and an API behind it (express-oauth2-jwt-bearer), as one would set them up: one client
// proves itself with a signature (private_key_jwt), two with a secret, and the API wants a scope. Started by
// test_own_definitions.py with the file of the first client's public JWK and that of the secret; it stops when its standard
// input ends.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import express from "express";
import { auth, requiredScopes } from "express-oauth2-jwt-bearer";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const AUDIENCE = "https://api.example.com";
const secret = readFileSync(process.argv[3], "utf8");
const client = {
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
  scope: "payments.read payments.write",
};
const jwk = JSON.parse(readFileSync(process.argv[2]));
const app = express();
const server = createServer(app).listen(0, "127.0.0.1", async () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const provider = new Provider(address, {
    clients: [
      {
        ...client,
        client_id: "acme-7",
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        jwks: { keys: [jwk] },
      },
      // An id and a secret that are not themselves when they are encoded as RFC 6749 §2.3.1 wants.
      { ...client, client_id: "acme 8%", client_secret: secret, token_endpoint_auth_method: "client_secret_basic" },
      { ...client, client_id: "acme-9", client_secret: secret, token_endpoint_auth_method: "client_secret_post" },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "server" }] },
    routes: { token: "/oauth2/token" },
    scopes: ["payments.read", "payments.write"],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: () => ({
          audience: AUDIENCE,
          scope: "payments.read payments.write",
          accessTokenFormat: "jwt",
          accessTokenTTL: 120,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
  app.use("/api", auth({ issuerBaseURL: address, audience: AUDIENCE }));
  app.get("/api/payments", requiredScopes("payments.read"), (request, answer) => answer.json({ client: request.auth.payload.client_id }));
  app.post("/api/payments", requiredScopes("payments.write"), (_, answer) => answer.status(201).json({}));
  app.use("/api", (error, _request, answer, _next) => {
    // The package says why in the headers, as RFC 6750 has it.
    answer.set(error.headers ?? {}).status(error.status ?? 500).json({ error: error.code ?? error.message });
  });
  app.use(provider.callback());
  console.log(JSON.stringify({ address }));
});
process.stdin.resume().on("end", () => process.exit(0));
