//! Judging a signature: good with which key, bad, or unknown for want of a key.
//!
//! The algorithm comes from the key, narrowed by what is allowed, and never from the token alone; keys inside a token are
//! not looked at. [`UnverifiedJws`] and [`VerifiedJws`] are different types, and only [`UnverifiedJws::verify`] makes the second.

use crate::{
    Alg, Code, Finding, Part,
    alg::Family,
    engine::Verifier,
    header::{AlgParam, Header},
    json::Span,
    key::{Curve, Jwk, Key, Secret, SecretEncoding, check},
};

/// The three answers to a question of trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Yes.
    Good,
    /// No.
    Bad,
    /// It cannot be said.
    Unknown,
}

impl Verdict {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }
}

/// A key that the person trusts, with the name by which they know it.
#[derive(Debug, Clone, Copy)]
pub struct TrustedKey<'a> {
    /// The person's name for it, or the file it came from.
    pub name: &'a str,
    /// The key.
    pub jwk: &'a Jwk,
}

/// The keys to judge with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trust<'a> {
    /// The keys.
    pub keys: &'a [TrustedKey<'a>],
    /// Whether the person named these keys for this token. Then a token that none of them made is bad; otherwise it may
    /// be somebody else's, and the answer is unknown.
    pub named: bool,
    /// If not empty, the only algorithms that may be used.
    pub allowed: &'a [Alg],
}

/// A token whose three parts could be decoded, and of which nothing is known yet.
#[derive(Debug, Clone)]
pub struct UnverifiedJws<'t> {
    pub(crate) token: &'t str,
    pub(crate) header_text: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) header: Header,
}

/// A token whose signature is good.
#[derive(Debug, Clone)]
pub struct VerifiedJws<'t> {
    jws: UnverifiedJws<'t>,
    key: usize,
}

impl VerifiedJws<'_> {
    /// The payload, which the holder of the key has signed.
    pub fn payload(&self) -> &[u8] {
        &self.jws.payload
    }

    /// The header's text.
    pub fn header(&self) -> &str {
        &self.jws.header_text
    }

    /// Which of the trusted keys made it.
    pub fn key(&self) -> usize {
        self.key
    }
}

/// What was found out about a signature.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Good, bad or unknown.
    pub verdict: Verdict,
    /// The index of the key that it is good with, or that it names.
    pub key: Option<usize>,
    /// Why, and what else was noticed.
    pub findings: Vec<Finding>,
}

impl Judgement {
    fn new(verdict: Verdict, key: Option<usize>, findings: Vec<Finding>) -> Self {
        Self { verdict, key, findings }
    }
}

impl<'t> UnverifiedJws<'t> {
    /// The bytes that were signed: everything before the last dot.
    pub fn signing_input(&self) -> &'t str {
        self.token.rsplit_once('.').map_or(self.token, |(input, _)| input)
    }

    /// The signature's bytes.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Judges, and on a good signature hands out the verified token.
    pub fn verify(self, trust: &Trust<'_>) -> Result<VerifiedJws<'t>, Judgement> {
        let judgement = self.judge(trust);
        match (judgement.verdict, judgement.key) {
            (Verdict::Good, Some(key)) => Ok(VerifiedJws { jws: self, key }),
            _ => Err(judgement),
        }
    }

    /// Judges the signature with the trusted keys.
    pub fn judge(&self, trust: &Trust<'_>) -> Judgement {
        // The header's own findings say why in these cases.
        let AlgParam::Known(alg) = self.header.alg else { return Judgement::new(Verdict::Bad, None, Vec::new()) };
        if self.header.critical {
            return Judgement::new(Verdict::Bad, None, Vec::new());
        }
        let refused = |code, message: String| Judgement::new(Verdict::Bad, None, vec![Finding::new(code, message)]);
        if self.signature.is_empty() {
            return refused(Code::SignatureMissing, format!("the signature is empty; {alg} makes one"));
        }
        if !trust.allowed.is_empty() && !trust.allowed.contains(&alg) {
            let allowed: Vec<&str> = trust.allowed.iter().map(|alg| alg.name()).collect();
            return refused(Code::AlgNotAllowed, format!("the token uses {alg}; allowed is {}", allowed.join(", ")));
        }
        if trust.keys.is_empty() {
            let found = "there is no key to judge the signature with";
            let hint = "name one: --key-file or --jwks, or unlock the vault that holds it";
            return Judgement::new(Verdict::Unknown, None, vec![Finding::new(Code::NoKey, found).hint(hint)]);
        }
        self.judge_with(alg, trust)
    }

    fn judge_with(&self, alg: Alg, trust: &Trust<'_>) -> Judgement {
        let mut findings = self.form_of_signature(alg);
        let by_kid = |jwk: &Jwk| self.header.kid.is_some() && jwk.effective_kid() == self.header.kid;
        let matching: Vec<usize> = (0..trust.keys.len()).filter(|i| by_kid(trust.keys[*i].jwk)).collect();
        let named_by_kid = !matching.is_empty();
        let candidates = if named_by_kid { matching } else { (0..trust.keys.len()).collect() };

        let mut fitting = Vec::new();
        let mut unfit = Vec::new();
        for index in candidates {
            match check::fit(alg, trust.keys[index].jwk, check::Purpose::Verify) {
                Ok(()) => fitting.push(index),
                Err(finding) => unfit.push(finding),
            }
        }
        if let (false, Some(kid)) = (named_by_kid, &self.header.kid) {
            findings.extend(self.unmatched_kid(kid, trust));
        }
        if fitting.is_empty() {
            let bad = named_by_kid || trust.named;
            findings.extend(if bad { unfit.into_iter().take(1).collect() } else { vec![no_key(alg)] });
            return Judgement::new(if bad { Verdict::Bad } else { Verdict::Unknown }, None, findings);
        }
        for index in &fitting {
            let TrustedKey { name, jwk } = trust.keys[*index];
            if !self.verifies(alg, &jwk.key, &self.signature) {
                continue;
            }
            findings.extend(check::check(&jwk.key));
            if let Key::Secret(secret) = &jwk.key {
                findings.extend(check::short_secret(alg, secret));
            }
            if !named_by_kid && trust.keys.len() > 1 {
                let found =
                    format!("found by trying {} fitting {}; {name:?} made it", fitting.len(), keys(fitting.len()));
                findings.push(Finding::new(Code::KeyByTrial, found));
            }
            let forgeable =
                findings.iter().any(|f| f.is_error() && !matches!(f.code, Code::SecretKnown | Code::KidUnpadded));
            return Judgement::new(if forgeable { Verdict::Bad } else { Verdict::Good }, Some(*index), findings);
        }
        findings.extend(self.near_misses(alg, &fitting, trust));
        let key =
            if let ([only], true) = (fitting.as_slice(), named_by_kid || trust.named) { Some(*only) } else { None };
        if named_by_kid {
            let name = trust.keys[fitting[0]].name;
            let found =
                format!("the key named by \"kid\" is {name:?}, and the signature is not its work over these bytes");
            let hint = "the header or the claims were changed after signing, or another key signed under this kid";
            findings.push(Finding::new(Code::PayloadChanged, found).hint(hint));
            return Judgement::new(Verdict::Bad, key, findings);
        }
        if trust.named {
            let found = match fitting.as_slice() {
                [only] => format!("the signature does not verify with {:?}", trust.keys[*only].name),
                many => format!("the signature does not verify with any of the {} keys that fit {alg}", many.len()),
            };
            let hint = "the token was changed after signing, or another key made it";
            findings.push(Finding::new(Code::SignatureBad, found).hint(hint));
            return Judgement::new(Verdict::Bad, key, findings);
        }
        findings.push(no_key(alg));
        Judgement::new(Verdict::Unknown, None, findings)
    }

    fn verifies(&self, alg: Alg, key: &Key, signature: &[u8]) -> bool {
        Verifier::new(alg, key).is_some_and(|key| key.verify(self.signing_input().as_bytes(), signature))
    }

    /// What the kid looks like where no key has it: a thumbprint made without padding, or a stranger's.
    fn unmatched_kid(&self, kid: &str, trust: &Trust<'_>) -> Option<Finding> {
        for TrustedKey { name, jwk } in trust.keys {
            let Some(public) = jwk.key.public() else { continue };
            if public.thumbprints_unpadded().iter().any(|wrong| wrong == kid) {
                let found = format!(
                    "\"kid\" is the thumbprint of {name:?} made without padding; wanted {:?}",
                    public.thumbprint()
                );
                let hint = "pad x and y to the length of the field before base64url (66 bytes for P-521)";
                return Some(Finding::new(Code::KidUnpadded, found).hint(hint));
            }
        }
        match trust.keys {
            // A shared secret and a bare key file have no name of their own to compare with.
            [TrustedKey { jwk: Jwk { key: Key::Secret(_), kid: None, .. }, .. }] => None,
            [TrustedKey { name, jwk }] if trust.named => {
                let own = jwk.effective_kid()?;
                Some(Finding::new(Code::KidNotThumbprint, format!("\"kid\" is {kid:?}; the key {name:?} has {own:?}")))
            }
            keys => Some(Finding::new(
                Code::KidUnknown,
                format!("none of the {} known keys has the kid {kid:?}", keys.len()),
            )),
        }
    }

    /// What is wrong with the signature whoever made it.
    fn form_of_signature(&self, alg: Alg) -> Vec<Finding> {
        let Family::Ecdsa(curve) = alg.family() else { return Vec::new() };
        let wanted = 2 * curve.field_len();
        let finding = |code, message| vec![Finding::new(code, message).at(Part::Token, self.signature_span())];
        if self.signature.len() != wanted {
            if from_der(curve, &self.signature).is_some() {
                let found =
                    format!("the signature is DER ({} bytes); wanted R and S side by side", self.signature.len());
                let hint = "ask the library for the IEEE P1363 form (in Node: dsaEncoding: 'ieee-p1363')";
                let finding = Finding::new(Code::EcdsaDer, found).hint(hint);
                return vec![finding.at(Part::Token, self.signature_span())];
            }
            return finding(
                Code::EcdsaLength,
                format!("the signature has {} bytes; wanted {wanted} for {alg}", self.signature.len()),
            );
        }
        let (r, s) = self.signature.split_at(curve.field_len());
        for (name, half) in [("R", r), ("S", s)] {
            if half.iter().all(|byte| *byte == 0) {
                return finding(Code::EcdsaRange, format!("{name} is zero; wanted 1 up to the order of {curve}"));
            }
            if half >= order(curve).as_slice() {
                return finding(Code::EcdsaRange, format!("{name} is not below the order of {curve}"));
            }
        }
        Vec::new()
    }

    fn signature_span(&self) -> Span {
        Span::new(self.signing_input().len() + 1, self.token.len())
    }

    /// What would have to be different for the signature to verify.
    fn near_misses(&self, alg: Alg, fitting: &[usize], trust: &Trust<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut miss = |name: &str, what: &str| {
            findings.push(Finding::new(Code::NearMiss, format!("would verify with {name:?} if {what}")));
        };
        for index in fitting {
            let TrustedKey { name, jwk } = trust.keys[*index];
            match &jwk.key {
                Key::Secret(secret) => {
                    for (what, variant) in secret_variants(secret) {
                        if self.verifies(alg, &Key::Secret(variant), &self.signature) {
                            miss(name, what);
                        }
                    }
                }
                key => {
                    if let Family::Ecdsa(curve) = alg.family()
                        && let Some(flat) = from_der(curve, &self.signature)
                        && self.verifies(alg, key, &flat)
                    {
                        miss(name, "the signature were R and S side by side instead of DER");
                    }
                }
            }
        }
        findings
    }
}

fn no_key(alg: Alg) -> Finding {
    let found = format!("none of the known keys made this token ({alg})");
    Finding::new(Code::NoKey, found).hint("name the key to judge with: --key-file or --jwks")
}

fn keys(count: usize) -> &'static str {
    if count == 1 { "key" } else { "keys" }
}

/// The ways in which one secret is mistaken for another.
fn secret_variants(secret: &Secret) -> Vec<(&'static str, Secret)> {
    let bytes = secret.bytes();
    let mut variants = Vec::new();
    let trimmed = bytes.trim_ascii();
    if trimmed.len() != bytes.len() {
        variants.push(("the secret had no white space around it", Secret::new(trimmed.to_vec())));
    } else {
        variants.push(("the secret ended with a line break", Secret::new([bytes, b"\n"].concat())));
    }
    let decodings = [
        (SecretEncoding::Base64, "the secret were decoded from base64"),
        (SecretEncoding::Base64Url, "the secret were decoded from base64url"),
        (SecretEncoding::Hex, "the secret were decoded from hexadecimal"),
    ];
    variants.extend(decodings.into_iter().filter_map(|(encoding, what)| Some((what, encoding.decode(trimmed).ok()?))));
    let written = [
        ("the secret were used as its base64 text", data_encoding::BASE64.encode(bytes)),
        ("the secret were used as its base64url text", data_encoding::BASE64URL_NOPAD.encode(bytes)),
        ("the secret were used as its hexadecimal text", data_encoding::HEXLOWER.encode(bytes)),
    ];
    variants.extend(written.into_iter().map(|(what, text)| (what, Secret::new(text.into_bytes()))));
    variants
}

/// R and S side by side from a DER signature (RFC 3279 §2.2.3), if it is one for this curve.
fn from_der(curve: Curve, signature: &[u8]) -> Option<Vec<u8>> {
    use der::{Decode, Reader, asn1::UintRef};
    let mut reader = der::SliceReader::new(signature).ok()?;
    let flat = reader
        .sequence(|inner| {
            let mut flat = vec![0; 2 * curve.field_len()];
            for half in flat.chunks_mut(curve.field_len()) {
                let number = UintRef::decode(inner)?;
                let start = half.len().checked_sub(number.as_bytes().len()).ok_or(der::ErrorKind::Overflow)?;
                half[start..].copy_from_slice(number.as_bytes());
            }
            Ok(flat)
        })
        .ok()?;
    reader.is_finished().then_some(flat)
}

/// The order n of a curve's group, of the field's length (SEC 2 §2.4.1, §2.4.2, §2.5.1, §2.6.1).
fn order(curve: Curve) -> Vec<u8> {
    let hex: &[u8] = match curve {
        Curve::P256 => b"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        Curve::P384 => {
            b"ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
        }
        Curve::P521 => {
            b"01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa\
              51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        }
        Curve::Secp256k1 => b"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    };
    data_encoding::HEXLOWER.decode(hex).expect("the constants are hexadecimal")
}
