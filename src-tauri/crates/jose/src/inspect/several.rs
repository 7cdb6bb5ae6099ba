//! Inspection of a JWS in JSON: each signature is judged as a token of its own over the shared payload (RFC 7515 §5.2, §7.2).

use super::{Inspection, inspector::Inspector};
use crate::{Code, Finding, Part, finding::Group, header::AlgParam, serialization::Signed, text, verify::Verdict};

/// Signatures that are judged; nobody sends more, and a text made to have thousands shall not take long.
const MOST_SIGNATURES: usize = 16;

/// Says everything about a JWS in JSON. What is shown is its first signature; the verdicts are those of all.
pub(super) fn inspect(inspector: &Inspector<'_>, signed: &Signed) -> Inspection {
    let count = signed.signatures.len();
    let mut all: Vec<Inspection> = signed
        .signatures
        .iter()
        .take(MOST_SIGNATURES)
        .map(|one| {
            let mut inspection = Inspection::blank();
            inspection.token = format!("{}.{}.{}", one.protected, signed.payload, one.signature);
            let token = inspection.token.clone();
            inspector.run(&token, one.unprotected.as_deref(), &mut inspection);
            inspection
        })
        .collect();
    let said: Vec<Finding> = match count {
        1 => Vec::new(),
        _ => all.iter().enumerate().map(|(index, one)| verdict_of_one(inspector, index + 1, count, one)).collect(),
    };
    let verdict = together(all.iter().map(|one| one.signature), count > MOST_SIGNATURES);
    let structure = together(all.iter().map(|one| one.structure), false);
    let others: Vec<Inspection> = all.drain(1..).collect();
    let Some(mut inspection) = all.pop() else { return Inspection::blank() };
    let form = match (signed.flattened, count) {
        (true, _) => "a JWS in JSON, flattened: its members are the parts of a token".to_owned(),
        (false, 1) => "a JWS in JSON, with one signature in a list".to_owned(),
        (false, count) => format!("a JWS in JSON, with {count} signatures over one payload; the first is shown"),
    };
    inspection.findings.insert(0, Finding::new(Code::JsonSerialization, form));
    if count > 1 {
        inspection.findings.iter_mut().for_each(|finding| number(1, finding));
        for (index, other) in others.into_iter().enumerate() {
            let mut findings = other.findings;
            findings.retain(|finding| is_of_signature(finding) && finding.code != Code::NotJudged);
            findings.iter_mut().for_each(|finding| number(index + 2, finding));
            inspection.findings.append(&mut findings);
        }
        inspection.findings.extend(said);
        inspection.key = inspection.key.filter(|_| verdict == Verdict::Good);
        inspection.signature = verdict;
        inspection.structure = structure;
    }
    inspection
}

/// Good if all are, bad if one is.
fn together(verdicts: impl Iterator<Item = Verdict>, more: bool) -> Verdict {
    let all: Vec<Verdict> = verdicts.collect();
    match () {
        () if all.contains(&Verdict::Bad) => Verdict::Bad,
        () if more || all.contains(&Verdict::Unknown) => Verdict::Unknown,
        () => Verdict::Good,
    }
}

/// Whether a finding is about a header or a signature, and not about the payload that all share.
fn is_of_signature(finding: &Finding) -> bool {
    let shared = finding.place.is_some_and(|place| place.part == Part::Payload)
        || matches!(
            finding.code,
            Code::PayloadNotClaims | Code::PayloadDetached | Code::LargeToken | Code::JsonSerialization
        );
    matches!(finding.code.group(), Group::Structure | Group::Header | Group::Key | Group::Signature) && !shared
}

/// Lets a finding say which signature it is about. Places in the other tokens would point into the one that is shown.
fn number(number: usize, finding: &mut Finding) {
    if is_of_signature(finding) {
        finding.message = format!("signature {number}: {}", finding.message);
        finding.place = finding.place.filter(|_| number == 1);
    }
}

/// `signature 1 of 2 (ES256, kid "a") is good with "mine"`.
fn verdict_of_one(inspector: &Inspector<'_>, number: usize, count: usize, one: &Inspection) -> Finding {
    let alg = match &one.alg {
        Some(AlgParam::Known(alg)) => alg.name().to_owned(),
        Some(AlgParam::Unknown(name)) => text::elide(name),
        Some(AlgParam::None) => "none".to_owned(),
        Some(AlgParam::Missing) | None => "no algorithm".to_owned(),
    };
    let kid = one.kid.as_deref().map(|kid| format!(", kid \"{}\"", text::elide(kid))).unwrap_or_default();
    let key = one.key.and_then(|key| inspector.ring.trust().keys.get(key));
    let verdict = match (one.signature, key) {
        (Verdict::Good, Some(key)) => format!("good with {:?}", key.name),
        (Verdict::Unknown, _) => "not judged".to_owned(),
        (verdict, _) => verdict.name().to_owned(),
    };
    Finding::new(Code::OneOfSeveral, format!("signature {number} of {count} ({alg}{kid}) is {verdict}"))
}
