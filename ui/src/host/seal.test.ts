import { describe, expect, it } from "vitest";

import { canSeal, seal } from "./seal";

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;

/** What Rust does, by WebCrypto. */
async function open(pair: CryptoKeyPair, command: string, sealed: string): Promise<unknown> {
  const all = Uint8Array.from(atob(sealed), (one) => one.charCodeAt(0));
  const [ours, theirs, nonce, rest] = [all.slice(0, 65), all.slice(65, 130), all.slice(130, 142), all.slice(142)];
  const { subtle } = crypto;
  expect(new Uint8Array(await subtle.exportKey("raw", pair.publicKey))).toEqual(ours);
  const point = await subtle.importKey("raw", theirs, CURVE, false, []);
  const agreed = await subtle.deriveBits({ name: "ECDH", public: point }, pair.privateKey, 256);
  const material = await subtle.importKey("raw", agreed, "HKDF", false, ["deriveKey"]);
  const encoder = new TextEncoder();
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: all.slice(0, 130), info: encoder.encode("keywright request v1") };
  const key = await subtle.deriveKey(hkdf, material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const opened = await subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: encoder.encode(command) }, key, rest);
  return JSON.parse(new TextDecoder().decode(opened));
}

describe("a sealed request", () => {
  it("opens for its reader and its command, and shows nothing of what it holds", async () => {
    expect(canSeal()).toBe(true);
    const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const reader = btoa(String.fromCharCode(...raw));
    const request = { passphrase: "tram quarry linen oboe · é" };
    const sealed = await seal(reader, "vault_unlock", request);
    expect(atob(sealed)).not.toContain("quarry");
    expect(await open(pair, "vault_unlock", sealed)).toEqual(request);
    await expect(open(pair, "vault_create", sealed)).rejects.toThrow();
    expect(await seal(reader, "vault_unlock", request)).not.toBe(sealed);
  });
});
