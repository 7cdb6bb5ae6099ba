// An API as one would write it with jose and express: keys from a key set over HTTP, scopes for each operation.
// Started by conftest.py with a folder that holds jwks.json and secret; it stops when its standard input ends.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import express from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";

const folder = process.argv[2];
const secret = readFileSync(join(folder, "secret"));
const app = express();
const listening = app.listen(0, "127.0.0.1", () => {
  const address = `http://127.0.0.1:${listening.address().port}`;
  serve(address);
  console.log(JSON.stringify({ address }));
});
process.stdin.resume().on("end", () => process.exit(0));

const requiredClaims = ["iss", "nbf", "exp", "jti", "scopes"];

function serve(address) {
  app.get("/jwks.json", (_, answer) => answer.type("json").send(readFileSync(join(folder, "jwks.json"))));
  const keySet = createRemoteJWKSet(new URL(`${address}/jwks.json`));
  const operations = { "/transactions": "transactions.read", "/buyers": "buyers.read" };
  for (const [path, scope] of Object.entries(operations)) {
    app.get(path, guard(scope, (token) => jwtVerify(token, keySet, { requiredClaims })));
    const algorithms = ["HS256", "HS384", "HS512"];
    app.get(`/shared${path}`, guard(scope, (token) => jwtVerify(token, secret, { algorithms, requiredClaims })));
  }
}

function guard(scope, verify) {
  return async (request, answer) => {
    const [scheme, token] = (request.get("authorization") ?? "").split(" ");
    if (scheme !== "Bearer" || !token) return answer.status(401).json({ code: "no_token" });
    try {
      const { payload, protectedHeader } = await verify(token);
      const wildcard = scope.replace(/^.*\./, "*.");
      if (!payload.scopes.some((held) => held === scope || held === wildcard)) {
        return answer.status(403).json({ code: "insufficient_scope" });
      }
      answer.json({ header: protectedHeader, claims: payload });
    } catch (error) {
      answer.status(401).json({ code: error.code ?? error.message });
    }
  };
}
