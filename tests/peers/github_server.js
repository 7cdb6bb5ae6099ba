// What GitHub documents of an app's two steps, verified with jose. Started by test_own_definitions.py with the files of the
// app's public and private key; it stops when its standard input ends. A line on standard input makes a token with the package
// that GitHub's Octokit uses and calls this server with it, so that the server asks for no more and no less than that gives.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import express from "express";
import { decodeJwt, importSPKI, jwtVerify } from "jose";
import githubAppJwt from "universal-github-app-jwt";

const CLIENT = "Iv23liAcme";
const INSTALLATION = "12345678";
const key = await importSPKI(readFileSync(process.argv[2], "utf8"), "RS256");
const given = new Set();
const app = express();

async function asApp(request, answer, next) {
  const token = (request.get("authorization") ?? "").replace(/^Bearer /, "");
  try {
    const { exp } = decodeJwt(token);
    if (exp > Date.now() / 1000 + 600) {
      return answer.status(401).json({ message: "'Expiration time' claim ('exp') is too far in the future" });
    }
    await jwtVerify(token, key, { algorithms: ["RS256"], issuer: CLIENT, requiredClaims: ["iat", "exp"] });
    next();
  } catch {
    answer.status(401).json({ message: "A JSON web token could not be decoded" });
  }
}

app.get("/app", asApp, (_, answer) => answer.json({ slug: "acme", client_id: CLIENT }));
app.post("/app/installations/:id/access_tokens", asApp, (request, answer) => {
  if (request.params.id !== INSTALLATION) return answer.status(404).json({ message: "Not Found" });
  const token = `ghs_${String(given.size).padStart(36, "0")}`;
  given.add(token);
  const expires_at = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
  answer.status(201).json({ token, expires_at, permissions: { issues: "read" }, repository_selection: "all" });
});
app.get("/installation/repositories", (request, answer) => {
  if (!given.has((request.get("authorization") ?? "").replace(/^Bearer /, ""))) {
    return answer.status(401).json({ message: "Bad credentials" });
  }
  const { accept, "x-github-api-version": version } = request.headers;
  answer.json({ total_count: 0, repositories: [], accept, version });
});

const listening = app.listen(0, "127.0.0.1", () => {
  const address = `http://127.0.0.1:${listening.address().port}`;
  console.log(JSON.stringify({ address }));
  const lines = createInterface({ input: process.stdin });
  lines.on("line", async () => {
    const { token } = await githubAppJwt({ id: CLIENT, privateKey: readFileSync(process.argv[3], "utf8") });
    const { status } = await fetch(`${address}/app`, { headers: { authorization: `Bearer ${token}` } });
    console.log(JSON.stringify({ status }));
  });
  lines.on("close", () => process.exit(0));
});
