// Gr4vy's own package and jose, asked over standard input: one JSON question a line, one JSON answer a line.

import { createInterface } from "node:readline";
import gr4vy from "@gr4vy/sdk";
import { SignJWT, calculateJwkThumbprint, compactVerify, exportJWK, importJWK, importPKCS8, importSPKI } from "jose";

const acts = {
  // A token made by Gr4vy's package.
  gr4vyToken: ({ pem, ...options }) => gr4vy.getToken({ privateKey: pem, ...options }),
  // Gr4vy's package verifies a token before it updates it, and throws when the signature is bad.
  gr4vyUpdate: ({ pem, token }) => gr4vy.updateToken({ privateKey: pem, token }),
  // A call made by Gr4vy's package, at the address of the emulator.
  gr4vyCall: async ({ pem, server, scopes, path, body }) => {
    const client = new gr4vy.Gr4vy({ serverURL: server, bearerAuth: gr4vy.withToken({ privateKey: pem, scopes }) });
    const [resource, act] = path.split(".");
    const answer = await client[resource][act](...(body ? [body] : []));
    return answer?.result ?? answer;
  },
  joseToken: async ({ pem, alg, claims, kid }) =>
    new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT", kid }).sign(await importPKCS8(pem, alg)),
  joseVerify: async ({ spki, alg, token }) => {
    const { payload } = await compactVerify(token, await importSPKI(spki, alg), { algorithms: [alg] });
    return new TextDecoder().decode(payload);
  },
  joseThumbprint: ({ jwk }) => calculateJwkThumbprint(jwk),
  // The JWK as jose writes it.
  joseJwk: async ({ pem, alg }) => exportJWK(await importPKCS8(pem, alg, { extractable: true })),
  // Reads a JWK and signs with it; proves that jose takes it as a private key.
  joseJwkToken: async ({ jwk, alg, claims }) =>
    new SignJWT(claims).setProtectedHeader({ alg }).sign(await importJWK(jwk, alg)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...question } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ answer: await acts[act](question) }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.code ?? error.message, status: error.statusCode }));
  }
}
