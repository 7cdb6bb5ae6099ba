/** What a pasted text plainly holds that must not stay on a page. The program judges keys; this only knows their marks. */

export type Held = "private-key" | "shared-secret";

/** PKCS#8, SEC1, PKCS#1, OpenSSH, PGP; encrypted or not. */
const PEM = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/;
/** The members of a JWK (RFC 7517 §4.1, RFC 7518 §6): as JSON, within a string of JSON, as JavaScript. */
const JWK = /\bkty\b["'\\]*\s*:/;
const PRIVATE = /\bd\b["'\\]*\s*:\s*["'\\]/;
const SECRET = /\bk\b["'\\]*\s*:\s*["'\\]/;

export function heldIn(text: string): Held | null {
  if (PEM.test(text)) return "private-key";
  if (!JWK.test(text)) return null;
  return PRIVATE.test(text) ? "private-key" : SECRET.test(text) ? "shared-secret" : null;
}
