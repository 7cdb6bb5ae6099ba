//! Near misses of a signature: one thing that, were it different, would make it good. Each is computed, and none is guessed.
//!
//! The work is bounded: a few keys, for each of them some dozens of computations, and no other bytes of a very long token.

use std::fmt;

use super::{
    Keyring, UnverifiedJws,
    form::{from_der, padded, to_der},
    pss::{self, Pss},
};
use crate::{
    Alg, Code, Finding,
    alg::Family,
    engine::Verifier,
    json::{Document, pretty, spaced},
    key::{Key, PublicKey, Secret, check, secret_variants},
    rewrite,
};

/// What would have to be different for a signature to be good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NearMiss {
    /// The ECDSA signature is in DER.
    Der,
    /// R and S lack their leading zeros.
    Unpadded,
    /// The secret is meant in another way: the words that go on after "if".
    Secret(&'static str),
    /// The signer used another algorithm than the header names.
    Alg(Alg),
    /// The signer hashed with another function than the algorithm does.
    Hash {
        /// The algorithm of the header.
        alg: Alg,
        /// Bits of the hash that was used.
        bits: u16,
    },
    /// The PSS signature has parameters that JOSE does not have.
    Pss(Pss),
    /// The signature's bytes are written in another way than once in base64url: the words that go on after "if".
    Written(&'static str),
    /// Other bytes were signed: the words that go on after "if".
    Signed(&'static str),
    /// The kid names another key than the one that made it.
    OtherKey,
}

impl fmt::Display for NearMiss {
    /// The condition, as a sentence goes on after "if".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Der => f.write_str("the signature were R and S side by side instead of DER"),
            Self::Unpadded => f.write_str("R and S were padded to the length of the field"),
            Self::Secret(what) | Self::Written(what) | Self::Signed(what) => f.write_str(what),
            Self::Alg(alg) => write!(f, "\"alg\" were {alg}, with which it was made"),
            Self::Hash { alg, bits } => write!(f, "the hash of {alg} were SHA-{bits}, with which it was made"),
            Self::Pss(pss) => pss.fmt(f),
            Self::OtherKey => f.write_str("the token named that key by its \"kid\""),
        }
    }
}

impl NearMiss {
    /// What to do about it.
    pub fn cure(&self) -> Option<&'static str> {
        Some(match self {
            Self::Alg(_) => "let the header name the algorithm that signs, or sign with the one that it names",
            Self::Hash { .. } => "an algorithm of JOSE has one hash alone; let the signer use it",
            Self::Pss(_) => {
                "the salt is as long as the hash, and the mask uses the same hash (RFC 7518 §3.5); say so to the \
                             signer's library"
            }
            Self::Secret(_) => "signer and verifier take the same text for different bytes; agree on one reading",
            Self::Written(_) => "write the bytes of the signature in base64url, once",
            Self::Signed(_) => {
                "what is signed is the text of header and payload in base64url with a dot between (RFC 7515 §5.1)"
            }
            Self::Der | Self::Unpadded | Self::OtherKey => return None,
        })
    }
}

/// A near miss, and the key with which it is one.
pub(super) struct Miss {
    pub(super) key: usize,
    pub(super) what: NearMiss,
}

impl Miss {
    pub(super) fn finding(&self, name: &str) -> Finding {
        let finding = Finding::new(Code::NearMiss, format!("would verify with {name:?} if {}", self.what));
        match self.what.cure() {
            Some(cure) => finding.hint(cure),
            None => finding,
        }
    }
}

/// Keys that are tried in other ways than the one that is right.
const MOST_KEYS: usize = 8;

/// Keys that are tried because the kid named another.
const MOST_OTHERS: usize = 64;

/// A longer signing input is not written anew.
const LONGEST_INPUT: usize = 64 * 1024;

/// The near misses of a signature that none of the fitting keys made: one for each key at the most.
pub(super) fn misses(jws: &UnverifiedJws<'_>, alg: Alg, fitting: &[usize], ring: &Keyring<'_>) -> Vec<Miss> {
    let mut misses = Vec::new();
    for &key in fitting.iter().take(MOST_KEYS) {
        let attempt = Attempt { jws, alg, key: &ring.jwk(key).key };
        misses.extend(attempt.near_miss().map(|what| Miss { key, what }));
    }
    let others = (0..ring.trust().keys.len()).filter(|index| !fitting.contains(index));
    let usable = others.filter(|other| check::fit(alg, ring.jwk(*other), check::Purpose::Verify).is_ok());
    let made = usable.take(MOST_OTHERS).filter(|other| jws.is_work_of(*other, alg, ring));
    misses.extend(made.map(|key| Miss { key, what: NearMiss::OtherKey }));
    misses
}

/// A signature and a key that did not make it in the way that the header says.
struct Attempt<'a> {
    jws: &'a UnverifiedJws<'a>,
    alg: Alg,
    key: &'a Key,
}

impl Attempt<'_> {
    fn near_miss(&self) -> Option<NearMiss> {
        let verifier = Verifier::new(self.alg, self.key)?;
        let input = self.jws.signing_input().as_bytes();
        let mut forms = self.forms().into_iter();
        forms
            .find(|(_, bytes)| verifier.verify(input, bytes))
            .map(|(miss, _)| miss)
            .or_else(|| self.secret(input))
            .or_else(|| self.other_alg(input))
            .or_else(|| self.other_hash(input))
            .or_else(|| self.pss(input))
            .or_else(|| {
                let mut inputs = self.inputs().into_iter();
                inputs.find(|(_, bytes)| verifier.verify(bytes, &self.jws.signature)).map(|(miss, _)| miss)
            })
    }

    /// Other bytes that the signature's text could stand for.
    fn forms(&self) -> Vec<(NearMiss, Vec<u8>)> {
        use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
        let signature = &self.jws.signature;
        let mut forms = Vec::new();
        if let Family::Ecdsa(curve) = self.alg.family() {
            forms.extend(from_der(curve, signature).map(|flat| (NearMiss::Der, flat)));
            forms.extend(padded(curve, signature).into_iter().map(|flat| (NearMiss::Unpadded, flat)));
        }
        let written = [
            ("the signature were written in base64url instead of hexadecimal", self.jws.written.as_bytes()),
            ("the signature were not made hexadecimal before base64url", signature.as_slice()),
        ];
        let hex = written.into_iter().filter_map(|(what, text)| Some((what, HEXLOWER_PERMISSIVE.decode(text).ok()?)));
        let twice = BASE64URL_NOPAD.decode(signature).or_else(|_| BASE64.decode(signature)).ok();
        let twice = twice.map(|bytes| ("the signature were written in base64url once instead of twice", bytes));
        forms.extend(hex.chain(twice).map(|(what, bytes)| (NearMiss::Written(what), bytes)));
        forms
    }

    fn secret(&self, input: &[u8]) -> Option<NearMiss> {
        let Key::Secret(secret) = self.key else { return None };
        let mut variants = secret_variants::variants(secret).into_iter();
        let made =
            |variant: &Secret| Verifier::with_secret(self.alg, variant).is_some_and(|key| self.is_work(&key, input));
        variants.find(|(_, variant)| made(variant)).map(|(what, _)| NearMiss::Secret(what))
    }

    fn other_alg(&self, input: &[u8]) -> Option<NearMiss> {
        let mut others = self.key.algs().iter().copied().filter(|other| *other != self.alg);
        let made = |alg| Verifier::new(alg, self.key).is_some_and(|key| self.is_work(&key, input));
        others.find(|alg| made(*alg)).map(NearMiss::Alg)
    }

    fn other_hash(&self, input: &[u8]) -> Option<NearMiss> {
        let Some(PublicKey::Ec(ec)) = self.key.public() else { return None };
        let mut others = [256, 384, 512].into_iter().filter(|bits| *bits != self.alg.row().hash_bits);
        let signature = to_der(ec.curve, &self.jws.signature)?;
        let made = |bits| Verifier::ecdsa_with_hash(&ec, bits).is_some_and(|key| key.verify(input, &signature));
        others.find(|bits| made(*bits)).map(|bits| NearMiss::Hash { alg: self.alg, bits })
    }

    fn pss(&self, input: &[u8]) -> Option<NearMiss> {
        let (Some(PublicKey::Rsa(rsa)), Family::RsaPkcs1 | Family::RsaPss) = (self.key.public(), self.alg.family())
        else {
            return None;
        };
        pss::recover(&rsa, self.alg, input, &self.jws.signature).map(NearMiss::Pss)
    }

    fn is_work(&self, key: &Verifier, input: &[u8]) -> bool {
        key.verify(input, &self.jws.signature)
    }

    /// Other bytes that could have been signed, the likeliest first.
    fn inputs(&self) -> Vec<(NearMiss, Vec<u8>)> {
        let input = self.jws.signing_input();
        let Some((header, payload)) = input.split_once('.').filter(|_| input.len() <= LONGEST_INPUT) else {
            return Vec::new();
        };
        let standard = |part: &str| part.replace('-', "+").replace('_', "/");
        let raw = |header: &[u8]| [header, b".", self.jws.payload()].concat();
        let mut inputs = vec![
            (
                "its parts were signed without their padding",
                format!("{}.{}", with_padding(header), with_padding(payload)).into_bytes(),
            ),
            ("the signed text did not end with a line break", format!("{input}\n").into_bytes()),
            ("the payload were signed in base64url and not as it stands", raw(header.as_bytes())),
            ("header and payload were signed in base64url and not as they stand", raw(self.jws.header_text.as_bytes())),
            ("its parts were signed in base64url and not in standard base64", standard(input).into_bytes()),
            (
                "its parts were signed in base64url and not in standard base64 with padding",
                format!("{}.{}", standard(&with_padding(header)), standard(&with_padding(payload))).into_bytes(),
            ),
        ];
        inputs.extend(self.written_anew());
        inputs.retain(|(_, bytes)| bytes != input.as_bytes());
        inputs.into_iter().map(|(what, bytes)| (NearMiss::Signed(what), bytes)).collect()
    }

    /// The signing inputs whose JSON stood in another form when it was signed.
    fn written_anew(&self) -> Vec<(&'static str, Vec<u8>)> {
        let header = self.jws.header_text.as_str();
        let Ok(payload) = std::str::from_utf8(self.jws.payload()) else { return Vec::new() };
        let forms: [(&'static str, Form); 3] = [
            ("its JSON were not written anew: it was signed without white space", |text| rewrite::compact(text).ok()),
            ("its JSON were not written anew: it was signed with a space after each colon and comma", |text| {
                Some(spaced(Document::parse(text).ok()?.root()))
            }),
            ("its JSON were not written anew: it was signed with indentation", |text| {
                Some(pretty(Document::parse(text).ok()?.root()))
            }),
        ];
        let mut inputs = Vec::new();
        for (what, form) in forms {
            let (Some(new_header), Some(new_payload)) = (form(header), form(payload)) else { continue };
            for (header, payload) in [(header, &*new_payload), (&*new_header, payload), (&*new_header, &*new_payload)] {
                inputs.push((what, crate::sign::signing_input(header, payload.as_bytes()).into_bytes()));
            }
        }
        inputs
    }
}

/// A JSON text in another form, if it is JSON.
type Form = fn(&str) -> Option<String>;

/// base64 with the padding that its length asks for (RFC 4648 §4).
fn with_padding(part: &str) -> String {
    let missing = (4 - part.len() % 4) % 4;
    format!("{part}{}", "=".repeat(missing))
}
