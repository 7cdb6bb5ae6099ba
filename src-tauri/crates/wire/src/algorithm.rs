//! Algorithms as the page offers them for a new key.

use jose::{
    Alg,
    alg::{Curve, Family},
};
use serde::Serialize;
use ts_rs::TS;

/// An algorithm that a key can be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Algorithm {
    /// Its name in a header.
    pub name: &'static str,
    /// The kind of key, for people.
    pub words: &'static str,
    /// Whether the size of the key is a choice.
    pub sized: bool,
}

impl Algorithm {
    /// All of them, curves before RSA before secrets.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Alg> = Alg::all().collect();
        all.sort_by_key(|alg| match alg.family() {
            Family::Ecdsa(_) => 0,
            Family::Ed25519 => 1,
            Family::RsaPkcs1 => 2,
            Family::RsaPss => 3,
            Family::Hmac => 4,
        });
        all.into_iter().map(Self::from).collect()
    }
}

impl From<Alg> for Algorithm {
    fn from(alg: Alg) -> Self {
        let family = alg.family();
        let words = match family {
            Family::Ecdsa(Curve::P256) => "P-256, small and fast",
            Family::Ecdsa(curve) => curve.name(),
            Family::Ed25519 => "Ed25519",
            Family::RsaPkcs1 => "RSA, PKCS#1 v1.5",
            Family::RsaPss => "RSA-PSS",
            Family::Hmac => "shared secret",
        };
        Self { name: alg.name(), words, sized: matches!(family, Family::RsaPkcs1 | Family::RsaPss) }
    }
}
