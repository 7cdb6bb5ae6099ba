import { expect, test } from "vitest";

import { heldIn } from "./held";

// RFC 8037 appendix A.1 and RFC 7515 appendix A.1.1.
const OKP =
  '{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}';
const OCT = '{"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}';

test.each([
  "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----",
  "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGb",
  'KEY="-----BEGIN RSA PRIVATE KEY-----\\nMIIE',
  "-----BEGIN OPENSSH PRIVATE KEY-----",
  OKP,
  `{"keys": [${OKP}]}`,
  JSON.stringify({ env: OKP }),
  "{ kty: 'EC', crv: 'P-256', d: '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE' }",
])("a private key: %s", (text) => expect(heldIn(text)).toBe("private-key"));

test.each([OCT, JSON.stringify(OCT)])("a shared secret: %s", (text) => expect(heldIn(text)).toBe("shared-secret"));

test.each([
  "eyJhbGciOiJFUzUxMiJ9.eyJpc3MiOiJhIn0.c2ln",
  "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
  "-----BEGIN CERTIFICATE-----",
  '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
  '{"d": "a member of an answer", "access_token": "eyJhbGciOiJub25lIn0.e30.c2ln"}',
  "curl -d '{\"k\": \"v\"}' -H 'Authorization: Bearer eyJhbGciOiJub25lIn0.e30.c2ln'",
  "",
])("nothing to hide: %s", (text) => expect(heldIn(text)).toBeNull());

test("ten megabytes are looked through at once", () => {
  expect(heldIn("-----BEGIN kty d k ".repeat(550_000))).toBeNull();
});
