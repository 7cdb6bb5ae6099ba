//! Judging a signature: good with which key, bad, or unknown for want of a key.
//!
//! The algorithm comes from the key, narrowed by what is allowed, and never from the token alone; keys inside a token are
//! not looked at. [`UnverifiedJws`] and [`VerifiedJws`] are different types, and only [`UnverifiedJws::verify`] makes the second.
//! Where a signature is not good, [`NearMiss`] is what would have to be different.

mod form;
mod near_miss;
mod pss;

use std::{borrow::Cow, fmt, sync::OnceLock};

use crate::{
    Alg, Code, Finding, Part,
    engine::Verifier,
    header::{AlgParam, Header},
    json::Span,
    key::{Jwk, Key, PublicKey, check},
    text,
};

pub use near_miss::NearMiss;
pub use pss::Pss;

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
    fn weakness(&self, index: usize) -> Option<Finding> {
        let forgeable = |finding: &&Finding| finding.is_error() && finding.code != Code::SecretKnown;
        if let Some(finding) = self.findings(index).iter().find(forgeable) {
            return Some(finding.clone());
        }
        // A bare secret that is too short is reported; a key that names its own algorithm and is too short for it is wrong.
        check::short_for_its_alg(self.jwk(index))
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
        && ring.weakness(0).is_none()
        && ring.verifies(0, alg, message, signature)
}

/// A token whose three parts could be decoded, and of which nothing is known yet. [`crate::inspect`] reads it.
#[derive(Clone)]
pub struct UnverifiedJws<'t> {
    /// What was signed.
    pub(crate) input: Cow<'t, str>,
    /// The signature as it is written, and where it stands in the token.
    pub(crate) written: Cow<'t, str>,
    pub(crate) signature_at: Span,
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
    /// The bytes that were signed: header and payload with a dot between (RFC 7515 §5.1).
    pub fn signing_input(&self) -> &str {
        &self.input
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
        if self.header.refused {
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

        if let (false, Some(kid)) = (named_by_kid, kid) {
            findings.extend(unmatched_kid(kid, ring));
        }
        let sorted = Sorted::new(alg, candidates, ring);
        if sorted.fitting.is_empty() {
            let (verdict, more) = sorted.none_fits(alg, named_by_kid || trust.named, named_by_kid);
            findings.extend(more);
            return Judgement::new(verdict, None, findings);
        }
        let fitting = sorted.fitting;
        if let Some(index) = fitting.iter().copied().find(|index| self.is_work_of(*index, alg, ring)) {
            findings.extend_from_slice(ring.findings(index));
            if let Key::Secret(secret) = &ring.jwk(index).key {
                findings.extend(check::guessable(secret).or_else(|| check::short_secret(alg, secret)));
            }
            findings.extend(found_by_trial(&fitting, named_by_kid, ring.name(index), trust.keys.len()));
            // The engine checks form and range by itself; where the two disagree, the stricter is right.
            let doubtful = findings.iter().any(|finding| {
                let form = [Code::EcdsaLength, Code::EcdsaDer, Code::EcdsaRange, Code::SignatureLength];
                form.contains(&finding.code)
            });
            return Judgement::new(if doubtful { Verdict::Bad } else { Verdict::Good }, Some(index), findings);
        }
        self.not_their_work(alg, &fitting, named_by_kid, ring, findings)
    }

    /// What to say where none of the keys that fit made the signature.
    fn not_their_work(
        &self,
        alg: Alg,
        fitting: &[usize],
        named_by_kid: bool,
        ring: &Keyring<'_>,
        mut findings: Vec<Finding>,
    ) -> Judgement {
        let trust = ring.trust();
        let misses = near_miss::misses(self, alg, fitting, ring);
        findings.extend(misses.iter().map(|miss| miss.finding(ring.name(miss.key))));
        findings.extend(self.modulus_misfit(fitting, ring));
        // What can be computed is said instead of what is usual, a change of the claims or another key: whoever's the token is,
        // this key made it.
        if let Some(miss) = misses.iter().find(|miss| miss.what != NearMiss::OtherKey) {
            let found = format!("the signature does not verify with {:?}", ring.name(miss.key));
            findings.push(Finding::new(Code::SignatureBad, found));
            return Judgement::new(Verdict::Bad, Some(miss.key), findings);
        }
        if !named_by_kid && !trust.named {
            findings.push(no_key(alg));
            return Judgement::new(Verdict::Unknown, None, findings);
        }
        findings.push(match (named_by_kid, fitting) {
            (true, fitting) => {
                let name = ring.name(fitting[0]);
                let found =
                    format!("the key named by \"kid\" is {name:?}, and the signature is not its work over these bytes");
                let hint = "the header or the claims were changed after signing, or another key signed under this kid";
                Finding::new(Code::PayloadChanged, found).hint(hint)
            }
            (false, fitting) => {
                let found = match fitting {
                    [only] => format!("the signature does not verify with {:?}", ring.name(*only)),
                    many => format!("the signature does not verify with any of the {} keys that fit {alg}", many.len()),
                };
                let hint = "the token was changed after signing, or another key made it";
                Finding::new(Code::SignatureBad, found).hint(hint)
            }
        });
        let key = if let [only] = fitting { Some(*only) } else { None };
        Judgement::new(Verdict::Bad, key, findings)
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

    fn is_work_of(&self, index: usize, alg: Alg, ring: &Keyring<'_>) -> bool {
        ring.verifies(index, alg, self.signing_input().as_bytes(), &self.signature)
    }

    fn signature_span(&self) -> Span {
        self.signature_at
    }
}

/// Keys by what they are to an algorithm.
#[derive(Default)]
struct Sorted {
    /// Those that can have made the signature.
    fitting: Vec<usize>,
    /// Why the first of the others is not to be used: its owner says so, or it proves nothing.
    barred: Option<Finding>,
    /// Why the first of those of another type or curve cannot have made the signature.
    unlike: Option<Finding>,
}

impl Sorted {
    fn new(alg: Alg, candidates: Vec<usize>, ring: &Keyring<'_>) -> Self {
        let (mut sorted, mut weak) = (Self::default(), None);
        for index in candidates {
            match (check::fit(alg, ring.jwk(index), check::Purpose::Verify), ring.weakness(index)) {
                (Ok(()), None) => sorted.fitting.push(index),
                (Ok(()), Some(finding)) => weak = weak.or(Some(finding)),
                (Err(finding), _) if matches!(finding.code, Code::AlgKeyType | Code::AlgCurve) => {
                    sorted.unlike.get_or_insert(finding);
                }
                (Err(finding), _) => {
                    sorted.barred.get_or_insert(finding);
                }
            }
        }
        // The weakness of a key that fits says more than that another does not fit.
        sorted.barred = weak.or(sorted.barred);
        sorted
    }

    /// The verdict where no key fits. A key of another type says nothing about a signature: it cannot have made it, and who
    /// did is not known (RFC 7517 §5).
    fn none_fits(self, alg: Alg, named: bool, by_kid: bool) -> (Verdict, Vec<Finding>) {
        match (named, self.barred, self.unlike) {
            (true, Some(finding), _) => (Verdict::Bad, vec![finding]),
            (true, None, Some(finding)) => {
                let whose = if by_kid { "the key that \"kid\" names" } else { "what was given" };
                let found = format!("not judged: {whose} cannot have made an {alg} signature");
                (Verdict::Unknown, vec![finding, Finding::new(Code::NotJudged, found)])
            }
            _ => (Verdict::Unknown, vec![no_key(alg)]),
        }
    }
}

/// Says that a key was found by trying, where the kid did not single it out.
fn found_by_trial(fitting: &[usize], named_by_kid: bool, name: &str, known: usize) -> Option<Finding> {
    let count = fitting.len();
    let found = match named_by_kid {
        true if count > 1 => format!("{count} keys have this kid and fit; {name:?} made it"),
        false if known > 1 => format!("found by trying {count} fitting {}; {name:?} made it", keys(count)),
        _ => return None,
    };
    Some(Finding::new(Code::KeyByTrial, found))
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
