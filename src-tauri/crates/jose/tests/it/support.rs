//! What the tests share: where the vectors lie, keys by name, tokens made and judged in one line.

use std::{fs, path::PathBuf};

use keywright_jose::{
    Alg, Finding,
    danger::{DangerousIntent, signed_as_typed},
    inspect::{Context, Inspection, inspect},
    key::{Jwk, Key, Secret, read},
    sign::SigningKey,
    verify::{Trust, TrustedKey, Verdict},
};

/// 2026-01-01T00:00:00Z, the time at which tokens are judged unless a test says otherwise.
pub const NOW: i64 = 1_767_225_600;

/// Claims that nothing can be said against at [`NOW`].
pub const CLAIMS: &str = r#"{"iss":"me","iat":1767225590,"exp":1767226500}"#;

/// The bytes of a vector.
pub fn vector(path: &str) -> Vec<u8> {
    let path = vectors().join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of a vector.
pub fn text(path: &str) -> String {
    String::from_utf8(vector(path)).unwrap()
}

/// The folder of all vectors.
pub fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// A JSON file among the vectors.
pub fn json(path: &str) -> serde_json::Value {
    serde_json::from_slice(&vector(path)).unwrap()
}

/// The one key of a text.
pub fn key(input: impl AsRef<[u8]>) -> Jwk {
    let mut found = read::read(input.as_ref(), None).unwrap();
    assert_eq!(found.keys.len(), 1);
    found.keys.remove(0)
}

/// A key of `tests/vectors/keys`.
pub fn key_file(name: &str) -> Jwk {
    key(vector(&format!("keys/{name}")))
}

/// A shared secret.
pub fn secret(bytes: &[u8]) -> Jwk {
    Jwk::from(Key::Secret(Secret::new(bytes.to_vec())))
}

/// A secret that is long enough for every HMAC and that nobody knows.
pub fn good_secret() -> Jwk {
    secret(b"3b1c8f4e0d7a92566f1f8c2ab07d4e9951c3a8e6d2407fb98e65a1d03c7f2b4e")
}

/// A key for each algorithm.
pub fn keys_of_every_alg() -> Vec<(Alg, Jwk)> {
    Alg::all()
        .map(|alg| {
            let key = match alg.name() {
                "ES256" => key_file("p256.pkcs8.pem"),
                "ES384" => key_file("p384.pkcs8.pem"),
                "ES512" => key_file("p521-xzero.pkcs8.pem"),
                "ES256K" => key_file("secp256k1.pkcs8.pem"),
                "EdDSA" => key_file("ed25519.pkcs8.pem"),
                name if name.starts_with('H') => good_secret(),
                _ => key_file("rsa-2048.pkcs8.pem"),
            };
            (alg, key)
        })
        .collect()
}

/// The public half of a key, as another reader would have it.
pub fn public_half(jwk: &Jwk) -> Jwk {
    Jwk::from(Key::Public(jwk.key.public().unwrap()))
}

/// A signed token, whatever its header says; weak secrets are let through.
pub fn sign(alg: Alg, jwk: &Jwk, header: &str, claims: &str) -> String {
    let key = SigningKey::new(alg, jwk, true).unwrap();
    let intent = DangerousIntent::because("what comes of a bad header is what many tests want to see");
    signed_as_typed(header, claims.as_bytes(), &key, intent).unwrap().into_string()
}

/// A token with a header as it is usual.
pub fn token(alg: Alg, jwk: &Jwk) -> String {
    sign(alg, jwk, &format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#), CLAIMS)
}

/// Any three parts, properly encoded.
pub fn assemble(header: &str, payload: &[u8], signature: &[u8]) -> String {
    let part = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
    format!("{}.{}.{}", part(header.as_bytes()), part(payload), part(signature))
}

/// What is said of a token with these keys, named for it.
pub fn judge(token: impl AsRef<[u8]>, keys: &[&Jwk]) -> Inspection {
    judge_with(token, keys, true, &[])
}

/// The same with all that can be chosen.
pub fn judge_with(token: impl AsRef<[u8]>, keys: &[&Jwk], named: bool, allowed: &[Alg]) -> Inspection {
    let names: Vec<String> = (1..=keys.len()).map(|n| format!("key {n}")).collect();
    let keys: Vec<TrustedKey<'_>> = keys.iter().zip(&names).map(|(jwk, name)| TrustedKey { name, jwk }).collect();
    let trust = Trust { keys: &keys, named, allowed };
    inspect(token.as_ref(), &Context { now: NOW, trust, ..Context::default() })
}

/// The names of the findings, in their order.
pub fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.name()).collect()
}

/// The word for a verdict.
pub fn verdict(name: &str) -> Verdict {
    [Verdict::Good, Verdict::Bad, Verdict::Unknown].into_iter().find(|verdict| verdict.name() == name).unwrap()
}

/// A small generator for tests that want many different bytes and the same ones every time (splitmix64).
pub struct Noise(pub u64);

impl Noise {
    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// Some bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }
}
