//! Near misses: what would have to be different for a signature to match. One thing at a time is changed, and what is found
//! is said with the cure.

use super::{
    Covered, Template, TrustedSecret,
    attempt::Attempt,
    body_variants::body_variants,
    signed_content::{Filling, signed_content},
    timestamp,
};
use crate::{Code, Finding, engine::Verifier};

/// Signatures that are tried with other bytes and other secrets. The body may be large.
const MOST_TRIED: usize = 4;

/// Other bytes that could have been signed.
struct Input {
    what: String,
    cure: String,
    bytes: Vec<u8>,
    reserialised: bool,
}

/// What was found out about a delivery that matches nothing.
pub(super) struct Misses {
    /// What would have to be different.
    pub(super) findings: Vec<Finding>,
    /// Whether it is the body, which JSON.stringify wrote anew.
    pub(super) reserialised: bool,
}

/// A match that nearly was.
pub(super) fn miss(name: &str, what: &str, cure: &str) -> Finding {
    Finding::new(Code::NearMiss, format!("would match with {name:?} if {what}")).hint(cure)
}

/// For each secret and each kind of difference, the first that makes a signature match.
pub(super) fn misses(attempt: &Attempt<'_>) -> Misses {
    let inputs = attempt.inputs();
    let mut findings = Vec::new();
    let mut reserialised = false;
    for usable in attempt.usable {
        let name = attempt.secrets[usable.index].name;
        findings.extend(attempt.other_reading(name, &usable.verifier));
        let hit = inputs.iter().find(|input| attempt.matches(&usable.verifier, &input.bytes));
        reserialised |= hit.is_some_and(|input| input.reserialised);
        findings.extend(hit.map(|input| miss(name, &input.what, &input.cure)));
    }
    for secret in attempt.secrets {
        findings.extend(attempt.other_secret(secret));
    }
    Misses { findings, reserialised }
}

impl Attempt<'_> {
    fn matches(&self, verifier: &Verifier, input: &[u8]) -> bool {
        let bytes = self.candidates.iter().filter_map(|candidate| candidate.bytes.as_ref()).take(MOST_TRIED);
        bytes.into_iter().any(|bytes| verifier.verify(input, bytes))
    }

    /// A signature that is good, but written in another way.
    fn other_reading(&self, name: &str, verifier: &Verifier) -> Option<Finding> {
        let mut meant = self.candidates.iter().flat_map(|candidate| &candidate.meant);
        let (what, _) = meant.find(|(_, bytes)| verifier.verify(self.input, bytes))?;
        let cure =
            "the signature is the right one in another form; write it as the provider does, or correct the definition";
        Some(miss(name, what, cure))
    }

    /// The secret, taken in another way. A public key has only one.
    fn other_secret(&self, secret: &TrustedSecret<'_>) -> Option<Finding> {
        let hash = self.signed.method.hash()?;
        let mut readings = secret.variants(&self.signed.scheme.secret).into_iter();
        let (what, _) = readings.find(|(_, reading)| self.matches(&Verifier::mac(hash, reading), self.input))?;
        let cure =
            "enter the secret as it is meant; how its text becomes bytes is said by the definition (secret-encoding)";
        Some(miss(secret.name, &what, cure))
    }

    /// Other bytes, the likeliest first.
    fn inputs(&self) -> Vec<Input> {
        let mut inputs = Vec::new();
        let mut add = |what: &str, cure: &str, bytes: Option<Vec<u8>>, reserialised| {
            if let Some(bytes) = bytes.filter(|bytes| *bytes != self.input) {
                inputs.push(Input { what: what.to_owned(), cure: cure.to_owned(), bytes, reserialised });
            }
        };
        let filled = |filling: Filling<'_>| {
            signed_content(self.signed.covers, &filling, self.parts).ok().map(|(bytes, _)| bytes)
        };
        if let Covered::Text(template) = self.signed.covers {
            for other in body_variants(self.filling.body) {
                add(other.what, other.cure, filled(Filling { body: &other.bytes, ..self.filling }), other.stringified);
            }
            for (what, text) in self.other_times() {
                let cure = "the signed text holds the timestamp as it stands in the delivery, character by character";
                add(&what, cure, filled(Filling { timestamp: &text, ..self.filling }), false);
            }
            if *template != Template::body() {
                let cure = format!("the provider signs {}; the sender signed less", template.text());
                add("the body alone were signed", &cure, Some(self.filling.body.to_vec()), false);
            }
        } else {
            let cure = "the provider signs members of the body; the sender signed all of it";
            add("the body as a whole were signed", cure, Some(self.filling.body.to_vec()), false);
        }
        inputs
    }

    /// Other texts of the timestamp.
    fn other_times(&self) -> Vec<(String, String)> {
        let Some(timestamp) = &self.signed.scheme.timestamp else { return Vec::new() };
        let text = self.filling.timestamp;
        if let Ok(value) = timestamp::read(text, timestamp.unit) {
            let seconds = Some(value / 1_000).map(|value| ("seconds", value));
            let milliseconds = value.checked_mul(1_000).map(|value| ("milliseconds", value));
            let said = |(unit, value): (&str, i64)| (format!("the timestamp were signed in {unit}"), value.to_string());
            return [seconds, milliseconds].into_iter().flatten().map(said).collect();
        }
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Vec::new();
        }
        vec![("only the digits that the timestamp begins with were signed".to_owned(), digits)]
    }
}
