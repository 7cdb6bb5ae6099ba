//! Judging a signature: good with which key, bad, or unknown for want of a key.
//!
//! The algorithm comes from the key, narrowed by what is allowed, and never from the token alone; keys inside a token are
//! not looked at. [`UnverifiedJws`] and [`VerifiedJws`] are different types, and only [`UnverifiedJws::verify`] makes the second.

use std::{fmt, sync::OnceLock};

use crate::{
    Alg, Code, Finding, Part,
    alg::Family,
    engine::Verifier,
    header::{AlgParam, Header},
    json::Span,
    key::{Curve, Jwk, Key, PublicKey, Secret, check, mistaken},
    text,
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

/// Trusted keys, prepared once for many tokens: thumbprints, weaknesses and the engine's parsed keys are kept here from
/// their first use on. For one token [`UnverifiedJws::judge`] and [`crate::inspect::inspect`] make one themselves.
pub struct Keyring<'a> {
    trust: Trust<'a>,
    known: Vec<Known>,
}

/// What is known of one key of a ring.
#[derive(Default)]
struct Known {
    kid: OnceLock<Option<String>>,
    findings: OnceLock<Vec<Finding>>,
    /// One for each algorithm of the key's type; RSA has the most.
    verifiers: [OnceLock<Option<Verifier>>; 6],
}

impl<'a> Keyring<'a> {
    /// The same keys and rules, prepared.
    pub fn new(trust: &Trust<'a>) -> Self {
        Self { trust: *trust, known: trust.keys.iter().map(|_| Known::default()).collect() }
    }

    /// The keys and rules.
    pub fn trust(&self) -> &Trust<'a> {
        &self.trust
    }

    fn jwk(&self, index: usize) -> &'a Jwk {
        self.trust.keys[index].jwk
    }

    fn name(&self, index: usize) -> &'a str {
        self.trust.keys[index].name
    }

    fn kid(&self, index: usize) -> Option<&str> {
        self.known[index].kid.get_or_init(|| self.jwk(index).effective_kid()).as_deref()
    }

    /// What is wrong with the key itself.
    fn findings(&self, index: usize) -> &[Finding] {
        self.known[index].findings.get_or_init(|| check::check(&self.jwk(index).key))
    }

    /// Why a signature under this key would prove nothing, though it be good.
    fn weakness(&self, index: usize, alg: Alg) -> Option<Finding> {
        let forgeable = |finding: &&Finding| finding.is_error() && finding.code != Code::SecretKnown;
        if let Some(finding) = self.findings(index).iter().find(forgeable) {
            return Some(finding.clone());
        }
        // A bare secret that is too short is reported; a key that names its own algorithm and is too short for it is wrong.
        match self.jwk(index) {
            Jwk { key: Key::Secret(secret), alg: Some(_), .. } => check::short_secret(alg, secret),
            _ => None,
        }
    }

    fn verifies(&self, index: usize, alg: Alg, message: &[u8], signature: &[u8]) -> bool {
        let key = &self.jwk(index).key;
        let slot = key.algs().iter().position(|one| *one == alg).and_then(|at| self.known[index].verifiers.get(at));
        let verifier = slot.and_then(|slot| slot.get_or_init(|| Verifier::new(alg, key)).as_ref());
        verifier.is_some_and(|verifier| verifier.verify(message, signature))
    }
}

/// Whether `signature` over `message` is good with this one key: the bare computation of `alg` (RFC 7515 §5.2 step 8),
/// for vectors and for messages that are not tokens. A key that does not fit or is too weak never is.
pub fn verify_bytes(alg: Alg, jwk: &Jwk, message: &[u8], signature: &[u8]) -> bool {
    let keys = [TrustedKey { name: "", jwk }];
    let ring = Keyring::new(&Trust { keys: &keys, named: true, allowed: &[] });
    check::fit(alg, jwk, check::Purpose::Verify).is_ok()
        && ring.weakness(0, alg).is_none()
        && ring.verifies(0, alg, message, signature)
}

/// A token whose three parts could be decoded, and of which nothing is known yet. [`crate::inspect`] reads it.
#[derive(Clone)]
pub struct UnverifiedJws<'t> {
    pub(crate) token: &'t str,
    pub(crate) header_text: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) header: Header,
    pub(crate) findings: Vec<Finding>,
}

impl fmt::Debug for UnverifiedJws<'_> {
    /// Whoever holds the token may use it, so it is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedJws").field("header", &self.header).finish_non_exhaustive()
    }
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

    /// The payload, of which nothing is known yet.
    pub(crate) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signature's bytes.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// What was noticed while it was read: everything about the header that is short of an error of form.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Judges, and on a good signature hands out the verified token.
    pub fn verify(self, ring: &Keyring<'_>) -> Result<VerifiedJws<'t>, Judgement> {
        let judgement = self.judge_with(ring);
        match (judgement.verdict, judgement.key) {
            (Verdict::Good, Some(key)) => Ok(VerifiedJws { jws: self, key }),
            _ => Err(judgement),
        }
    }

    /// Judges the signature with the trusted keys.
    pub fn judge(&self, trust: &Trust<'_>) -> Judgement {
        self.judge_with(&Keyring::new(trust))
    }

    /// Judges the signature with the keys of a ring.
    pub fn judge_with(&self, ring: &Keyring<'_>) -> Judgement {
        let trust = ring.trust();
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
            let hint = "give one, or judge with the keys of the vault";
            return Judgement::new(Verdict::Unknown, None, vec![Finding::new(Code::NoKey, found).hint(hint)]);
        }
        self.judge_by_keys(alg, ring)
    }

    fn judge_by_keys(&self, alg: Alg, ring: &Keyring<'_>) -> Judgement {
        let trust = ring.trust();
        let mut findings = self.form_of_signature(alg);
        let all = 0..trust.keys.len();
        let kid = self.header.kid.as_deref();
        let matching: Vec<usize> = all.clone().filter(|index| kid.is_some() && ring.kid(*index) == kid).collect();
        let named_by_kid = !matching.is_empty();
        let candidates = if named_by_kid { matching } else { all.collect() };

        let mut fitting = Vec::new();
        let mut unfit = Vec::new();
        let mut weak = Vec::new();
        for index in candidates {
            match (check::fit(alg, ring.jwk(index), check::Purpose::Verify), ring.weakness(index, alg)) {
                (Err(finding), _) => unfit.push(finding),
                (Ok(()), Some(finding)) => weak.push(finding),
                (Ok(()), None) => fitting.push(index),
            }
        }
        if let (false, Some(kid)) = (named_by_kid, kid) {
            findings.extend(unmatched_kid(kid, ring));
        }
        if fitting.is_empty() {
            let bad = named_by_kid || trust.named;
            // The weakness of a key that fits says more than that another does not fit.
            let reason = weak.into_iter().chain(if bad { unfit } else { Vec::new() }).next();
            findings.extend(if bad { reason.into_iter().collect() } else { vec![no_key(alg)] });
            return Judgement::new(if bad { Verdict::Bad } else { Verdict::Unknown }, None, findings);
        }
        if let Some(index) = fitting.iter().copied().find(|index| self.is_work_of(*index, alg, ring)) {
            findings.extend_from_slice(ring.findings(index));
            if let Key::Secret(secret) = &ring.jwk(index).key {
                findings.extend(check::short_secret(alg, secret));
            }
            if !named_by_kid && trust.keys.len() > 1 {
                let (count, name) = (fitting.len(), ring.name(index));
                let found = format!("found by trying {count} fitting {}; {name:?} made it", keys(count));
                findings.push(Finding::new(Code::KeyByTrial, found));
            }
            // The engine checks form and range by itself; where the two disagree, the stricter is right.
            let doubtful = findings.iter().any(|finding| {
                let form = [Code::EcdsaLength, Code::EcdsaDer, Code::EcdsaRange, Code::SignatureLength];
                form.contains(&finding.code)
            });
            return Judgement::new(if doubtful { Verdict::Bad } else { Verdict::Good }, Some(index), findings);
        }
        findings.extend(self.near_misses(alg, &fitting, ring));
        let key =
            if let ([only], true) = (fitting.as_slice(), named_by_kid || trust.named) { Some(*only) } else { None };
        if named_by_kid {
            let name = ring.name(fitting[0]);
            let found =
                format!("the key named by \"kid\" is {name:?}, and the signature is not its work over these bytes");
            let hint = "the header or the claims were changed after signing, or another key signed under this kid";
            findings.push(Finding::new(Code::PayloadChanged, found).hint(hint));
            return Judgement::new(Verdict::Bad, key, findings);
        }
        if trust.named {
            let found = match fitting.as_slice() {
                [only] => format!("the signature does not verify with {:?}", ring.name(*only)),
                many => format!("the signature does not verify with any of the {} keys that fit {alg}", many.len()),
            };
            let hint = "the token was changed after signing, or another key made it";
            findings.push(Finding::new(Code::SignatureBad, found).hint(hint));
            return Judgement::new(Verdict::Bad, key, findings);
        }
        findings.push(no_key(alg));
        Judgement::new(Verdict::Unknown, None, findings)
    }

    fn is_work_of(&self, index: usize, alg: Alg, ring: &Keyring<'_>) -> bool {
        ring.verifies(index, alg, self.signing_input().as_bytes(), &self.signature)
    }

    fn verifies_with_secret(&self, alg: Alg, secret: &Secret) -> bool {
        Verifier::with_secret(alg, secret)
            .is_some_and(|key| key.verify(self.signing_input().as_bytes(), &self.signature))
    }

    fn verifies(&self, alg: Alg, key: &Key, signature: &[u8]) -> bool {
        Verifier::new(alg, key).is_some_and(|key| key.verify(self.signing_input().as_bytes(), signature))
    }

    /// What is wrong with the signature whoever made it.
    fn form_of_signature(&self, alg: Alg) -> Vec<Finding> {
        let Family::Ecdsa(curve) = alg.family() else { return self.length_of_signature(alg).into_iter().collect() };
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

    fn length_of_signature(&self, alg: Alg) -> Option<Finding> {
        let wanted = alg.row().signature_len.filter(|wanted| self.signature.len() != *wanted)?;
        let found = format!("the signature has {} bytes; wanted {wanted} for {alg}", self.signature.len());
        Some(Finding::new(Code::SignatureLength, found).at(Part::Token, self.signature_span()))
    }

    fn signature_span(&self) -> Span {
        Span::new(self.signing_input().len() + 1, self.token.len())
    }

    /// What would have to be different for the signature to verify.
    fn near_misses(&self, alg: Alg, fitting: &[usize], ring: &Keyring<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut miss = |name: &str, what: &str| {
            findings.push(Finding::new(Code::NearMiss, format!("would verify with {name:?} if {what}")));
        };
        for &index in fitting {
            let name = ring.name(index);
            match (&ring.jwk(index).key, alg.family()) {
                (Key::Secret(secret), _) => {
                    let mut variants = mistaken::variants(secret).into_iter();
                    let hit = variants.find(|(_, variant)| self.verifies_with_secret(alg, variant));
                    if let Some((what, _)) = hit {
                        miss(name, what);
                    }
                }
                (key, Family::Ecdsa(curve)) => {
                    if from_der(curve, &self.signature).is_some_and(|flat| self.verifies(alg, key, &flat)) {
                        miss(name, "the signature were R and S side by side instead of DER");
                    }
                    if padded(curve, &self.signature).iter().any(|flat| self.verifies(alg, key, flat)) {
                        miss(name, "R and S were padded to the length of the field");
                    }
                }
                _ => {}
            }
        }
        let others = (0..ring.trust.keys.len()).filter(|index| !fitting.contains(index));
        for other in others.filter(|other| check::fit(alg, ring.jwk(*other), check::Purpose::Verify).is_ok()) {
            if self.is_work_of(other, alg, ring) {
                miss(ring.name(other), "the token named that key by its \"kid\"");
            }
        }
        findings.extend(self.modulus_misfit(fitting, ring));
        findings
    }

    /// An RSA signature is as long as the modulus, so its length can say that this key did not make it.
    fn modulus_misfit(&self, fitting: &[usize], ring: &Keyring<'_>) -> Option<Finding> {
        let [only] = fitting else { return None };
        let Some(PublicKey::Rsa(rsa)) = ring.jwk(*only).key.public() else { return None };
        (rsa.n.len() != self.signature.len()).then(|| {
            let (found, name, wanted) = (self.signature.len(), ring.name(*only), rsa.n.len());
            let found = format!("the signature has {found} bytes; those of {name:?} have {wanted}");
            Finding::new(Code::SignatureLength, found).at(Part::Token, self.signature_span())
        })
    }
}

/// What the kid looks like where no key has it: a thumbprint made without padding, or a stranger's.
fn unmatched_kid(kid: &str, ring: &Keyring<'_>) -> Option<Finding> {
    let trust = ring.trust();
    for TrustedKey { name, jwk } in trust.keys {
        let Some(public) = jwk.key.public() else { continue };
        if public.thumbprints_unpadded().iter().any(|wrong| wrong == kid) {
            let found =
                format!("\"kid\" is the thumbprint of {name:?} made without padding; wanted {:?}", public.thumbprint());
            let hint = "pad x and y to the length of the field before base64url (66 bytes for P-521)";
            return Some(Finding::new(Code::KidUnpadded, found).hint(hint));
        }
    }
    let kid = text::elide(kid);
    match trust.keys {
        // A shared secret and a bare key file have no name of their own to compare with.
        [TrustedKey { jwk: Jwk { key: Key::Secret(_), kid: None, .. }, .. }] => None,
        [TrustedKey { name, .. }] if trust.named => {
            let own = ring.kid(0)?;
            Some(Finding::new(Code::KidNotThumbprint, format!("\"kid\" is \"{kid}\"; the key {name:?} has {own:?}")))
        }
        keys => {
            let found = match keys.len() {
                1 => format!("the one known key has another kid than \"{kid}\""),
                many => format!("none of the {many} known keys has the kid \"{kid}\""),
            };
            Some(Finding::new(Code::KidUnknown, found))
        }
    }
}

fn no_key(alg: Alg) -> Finding {
    let found = format!("none of the known keys made this token ({alg})");
    Finding::new(Code::NoKey, found).hint("give the key to judge with")
}

fn keys(count: usize) -> &'static str {
    if count == 1 { "key" } else { "keys" }
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

/// R and S side by side from halves that lack their leading zeros. Where the length is odd, either may be the shorter.
fn padded(curve: Curve, signature: &[u8]) -> Vec<Vec<u8>> {
    let field = curve.field_len();
    if signature.len() >= 2 * field {
        return Vec::new();
    }
    let shortest = signature.len().saturating_sub(field).max(1);
    (shortest..=field.min(signature.len().saturating_sub(1)))
        .map(|cut| {
            let (r, s) = signature.split_at(cut);
            let mut flat = vec![0; 2 * field];
            flat[field - r.len()..field].copy_from_slice(r);
            flat[2 * field - s.len()..].copy_from_slice(s);
            flat
        })
        .take(8)
        .collect()
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
