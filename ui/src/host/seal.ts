/**
 * Seals a request that holds a secret, for one reader and one time: on its way to Rust it crosses buffers of the web engine
 * that nobody can wipe. The other side is src-tauri/crates/host/src/one_time_keys.rs, where the scheme stands.
 */

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const PURPOSE = "keywright request v1";

/** `reader` is a point of P-256 in base64; the answer is `reader ‖ our point ‖ nonce ‖ sealed request`, in base64. */
export async function seal(reader: string, command: string, request: unknown): Promise<string> {
  const { subtle } = crypto;
  const theirs = bytes(reader);
  const pair = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const ours = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const point = await subtle.importKey("raw", theirs, CURVE, false, []);
  const agreed = await subtle.deriveBits({ name: "ECDH", public: point }, pair.privateKey, 256);
  const material = await subtle.importKey("raw", agreed, "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: joined(theirs, ours), info: text(PURPOSE) };
  const key = await subtle.deriveKey(hkdf, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const cipher = { name: "AES-GCM", iv: nonce, additionalData: text(command) };
  const sealed = await subtle.encrypt(cipher, key, text(JSON.stringify(request)));
  return btoa(String.fromCharCode(...joined(theirs, ours, nonce, new Uint8Array(sealed))));
}

/** Whether this engine lets a page seal at all: one that counts the page as insecure does not. */
export function canSeal(): boolean {
  return typeof crypto !== "undefined" && crypto.subtle !== undefined;
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(value));
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}
