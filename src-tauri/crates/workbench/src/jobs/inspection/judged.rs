//! Verdicts on a token: structure, signature and policy, each with a word and its reasons.

use jose::{Code, Finding, Severity, finding::Group, header::AlgParam, inspect::Inspection, text, verify::Verdict};

use super::keys::OwnKeys;
use crate::ground::words;

/// One of the three verdicts on a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Good, bad or unknown.
    pub verdict: Verdict,
    /// The word for it: `sound`, `2 faults`.
    pub word: String,
    /// Why, each a sentence.
    pub reasons: Vec<String>,
}

/// Reasons that are shown; of more it is said how many.
const MOST: usize = 12;

pub(super) fn structure(inspection: &Inspection) -> Judged {
    let encrypted = has(inspection, Code::Encrypted);
    // Encryption by itself breaks nothing, and a sound one has nothing else to be said of it.
    let least = if encrypted { Severity::Info } else { Severity::Warning };
    let mut reasons = reasons(inspection, |group| group == Group::Structure, least);
    if inspection.header.is_none() && inspection.payload.is_none() {
        // A text that is not a token has no faulty parts.
        reasons.truncate(1);
    }
    let word = match inspection.structure {
        _ if encrypted => "encrypted",
        Verdict::Good => "sound",
        _ if has(inspection, Code::NoToken) => "none",
        _ => "broken",
    };
    if word == "sound" {
        reasons.insert(0, "Three parts, canonical base64url, no duplicates.".to_owned());
    }
    Judged { verdict: inspection.structure, word: word.to_owned(), reasons }
}

pub(super) fn signature(inspection: &Inspection, key: Option<&str>, own_keys: OwnKeys) -> Judged {
    let mut reasons = reasons(inspection, |group| matches!(group, Group::Signature | Group::Key), Severity::Info);
    match (inspection.signature, key) {
        (Verdict::Good, Some(key)) if !has(inspection, Code::KeyByTrial) => {
            reasons.insert(0, format!("It verifies with {key}."));
        }
        // Which keys there were to try says more than that none was there.
        // What keeps it from being judged says more than any key.
        (Verdict::Unknown, _) if has(inspection, Code::NotJudged) => {}
        (Verdict::Unknown, _) if own_keys == OwnKeys::Locked => {
            reasons = vec!["The vault is locked, so your own keys were not tried.".to_owned()];
        }
        (Verdict::Unknown, _) if own_keys == OwnKeys::None && has(inspection, Code::NoKey) => {
            reasons = vec!["No key here could have made it.".to_owned()];
        }
        _ => {}
    }
    if inspection.signature == Verdict::Bad && reasons.is_empty() {
        reasons = self::reasons(inspection, |group| group == Group::Header, Severity::Error);
    }
    reasons.extend(form(inspection));
    Judged { verdict: inspection.signature, word: inspection.signature.name().to_owned(), reasons }
}

/// How an ECDSA signature is written: `132 bytes, R‖S.`
fn form(inspection: &Inspection) -> Option<String> {
    let Some(AlgParam::Known(alg)) = inspection.alg else { return None };
    let bytes = text::decode(inspection.token.rsplit_once('.')?.1).ok()?.len();
    (alg.name().starts_with("ES") && alg.row().signature_len == Some(bytes)).then(|| format!("{bytes} bytes, R‖S."))
}

pub(super) fn policy(inspection: &Inspection) -> Judged {
    let ruled =
        |group| matches!(group, Group::Time | Group::Claims | Group::Scopes | Group::Environment | Group::Header);
    let reasons = reasons(inspection, ruled, Severity::Warning);
    let faults = inspection.errors().filter(|finding| ruled(finding.code.group())).count();
    let (verdict, word) = match (inspection.policy, faults) {
        (Verdict::Unknown, 0) => (Verdict::Unknown, "not judged".to_owned()),
        (_, 0) if inspection.structure == Verdict::Bad => (Verdict::Unknown, "not judged".to_owned()),
        (_, 0) => (Verdict::Good, "kept".to_owned()),
        (_, faults) => (Verdict::Bad, words::plural(faults, "fault")),
    };
    Judged { verdict, word, reasons }
}

fn has(inspection: &Inspection, code: Code) -> bool {
    inspection.findings.iter().any(|finding| finding.code == code)
}

/// The findings of some groups as sentences, the gravest first.
fn reasons(inspection: &Inspection, of: impl Fn(Group) -> bool, least: Severity) -> Vec<String> {
    let grave = |finding: &&Finding| finding.severity() <= least && of(finding.code.group());
    let mut found: Vec<&Finding> = inspection.findings.iter().filter(grave).collect();
    found.sort_by_key(|finding| finding.severity());
    let mut reasons: Vec<String> = found.iter().take(MOST).map(|finding| words::sentence(&finding.message)).collect();
    if found.len() > MOST {
        reasons.push(format!("And {} more.", found.len() - MOST));
    }
    reasons
}
