//! Inspector of one token in compact serialization: parts, payload, signature, and what the three verdicts are.

use super::{
    Context, Inspection, claims,
    parts::{Parts, Shape, is_error_of_form},
};
use crate::{
    Code, Finding,
    verify::{Judgement, Keyring, UnverifiedJws, Verdict},
};

/// What tokens are judged by, with the keys prepared.
pub(super) struct Inspector<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) ring: &'a Keyring<'a>,
}

/// What was found out about the signature of a token.
struct Judged {
    verdict: Verdict,
    key: Option<usize>,
    /// Everything about form, header and signature.
    findings: Vec<Finding>,
}

impl Inspector<'_> {
    /// Says everything about a token; its header goes together with the unprotected one, where there is one.
    pub(super) fn run(&self, token: &str, unprotected: Option<&str>, inspection: &mut Inspection) {
        let (token, disclosures) = disclosed(token);
        inspection.findings.extend(disclosures);
        let parts = Parts::read(token, unprotected);
        inspection.header = parts.header_text.clone();
        inspection.alg = parts.header.as_ref().map(|header| header.alg.clone());
        inspection.kid = parts.header.as_ref().and_then(|header| header.kid.clone());
        let typ = parts.header.as_ref().and_then(|header| header.typ.clone());
        let headed = parts.header.is_some();

        let mut of_payload = Vec::new();
        if let (true, Some(bytes)) = (parts.has_payload(), &parts.payload) {
            claims::read_payload(self.context, bytes, typ.as_deref(), inspection, &mut of_payload);
        }
        let judged = self.judge(parts);
        inspection.signature = judged.verdict;
        inspection.key = judged.key;
        inspection.findings.extend(judged.findings);
        inspection.findings.extend(of_payload);
        let well_written = headed && !inspection.findings.iter().any(is_error_of_form);
        inspection.structure = if well_written { Verdict::Good } else { Verdict::Bad };
        inspection.follow_rules();
    }

    fn judge(&self, mut parts: Parts<'_>) -> Judged {
        if let Some(jws) = parts.strictly() {
            return self.judge_strict(jws);
        }
        match parts.shape {
            Shape::Encrypted => Judged { verdict: Verdict::Unknown, key: None, findings: parts.findings },
            _ => self.judge_loose(parts),
        }
    }

    fn judge_strict(&self, mut jws: UnverifiedJws<'_>) -> Judged {
        let mut findings = std::mem::take(&mut jws.findings);
        let empty = jws.payload().is_empty();
        if empty && jws.header.unencoded {
            findings.retain(|finding| finding.code != Code::UnencodedPayload);
            findings.extend(apart());
            return Judged { verdict: Verdict::Unknown, key: None, findings };
        }
        let judgement = jws.judge_with(self.ring);
        if empty {
            findings.push(empty_payload(judgement.verdict));
        }
        findings.extend(judgement.findings);
        Judged { verdict: judgement.verdict, key: judgement.key, findings }
    }

    /// Judges a token that is not well written, where there is no doubt what it is. Only a good signature says something: of
    /// any other it is not known whether the damage is the reason.
    fn judge_loose(&self, parts: Parts<'_>) -> Judged {
        let readings = parts.loosely();
        let judged: Vec<(bool, Judgement)> =
            readings.iter().map(|jws| (parts.stands_in(jws), jws.judge_with(self.ring))).collect();
        let good = judged.into_iter().find(|(_, judgement)| judgement.verdict == Verdict::Good);
        let (mended, headed) = (readings.len() > 1, parts.header_text.is_some());
        let mut findings = parts.findings;
        let Some((as_it_stands, judgement)) = good else {
            of_padding(&mut findings, "leave the padding out where the token is made");
            // A text without a header has no signature to speak of.
            let found = headed.then(|| Finding::new(Code::NotJudged, "not judged: the structure is bad"));
            findings.extend(found);
            return Judged { verdict: Verdict::Unknown, key: None, findings };
        };
        let found = if mended && as_it_stands {
            of_padding(
                &mut findings,
                "the signature covers it; whoever makes the token must leave it out before signing",
            );
            match findings
                .iter()
                .filter(|finding| is_error_of_form(finding))
                .all(|finding| finding.code == Code::Padding)
            {
                true => "the signature is good over the padded parts as they stand",
                false => "the signature is good over the parts as they stand, with what does not belong into them",
            }
        } else {
            of_padding(&mut findings, "take the padding off");
            "the signature is good as soon as the token is written as it should be"
        };
        findings.push(Finding::new(Code::SignedAsWritten, found));
        findings.extend(judgement.findings);
        Judged { verdict: judgement.verdict, key: judgement.key, findings }
    }
}

/// Says what to do about padding: it may be taken off only where it is not signed.
fn of_padding(findings: &mut [Finding], hint: &'static str) {
    findings.iter_mut().filter(|finding| finding.code == Code::Padding).for_each(|finding| {
        finding.hint = Some(hint.to_owned());
    });
}

/// A payload that travels apart as it stands (RFC 7797 §5.1).
fn apart() -> [Finding; 2] {
    let found = "the payload travels apart from the token, and is signed as it stands (detached, \"b64\" is false)";
    let hint = "what is signed is the header in base64url, a dot, and the bytes of the body (RFC 7797 §3)";
    [
        Finding::new(Code::PayloadDetached, found).hint(hint),
        Finding::new(Code::NotJudged, "not judged: the body is needed, and does not stand in the token"),
    ]
}

/// A payload of no bytes, which is one as any other, or one that travels apart.
fn empty_payload(verdict: Verdict) -> Finding {
    if verdict == Verdict::Good {
        return Finding::new(Code::PayloadDetached, "the payload is empty, and signed so");
    }
    let found = "the payload is empty, or it travels apart from the token (detached)";
    let hint = "where it travels apart, put its base64url between the dots and judge again (RFC 7515 appendix F)";
    Finding::new(Code::PayloadDetached, found).hint(hint)
}

/// The issuer's part of an SD-JWT, with what is said of the rest (RFC 9901 §4). A token without a tilde is all of it.
fn disclosed(token: &str) -> (&str, Option<Finding>) {
    let Some((issued, rest)) = token.split_once('~').filter(|(issued, _)| issued.matches('.').count() == 2) else {
        return (token, None);
    };
    let (disclosures, bound) = rest.rsplit_once('~').unwrap_or(("", rest));
    let count = disclosures.split('~').filter(|one| !one.is_empty()).count();
    let count = match count {
        1 => "one disclosure".to_owned(),
        many => format!("{many} disclosures"),
    };
    let bound = match bound.matches('.').count() {
        2 => "and a key binding",
        _ if bound.is_empty() => "without a key binding",
        _ => "and something behind the last \"~\" that is not a key binding",
    };
    let found = format!(
        "an SD-JWT with {count} {bound}: what is judged is the part that the issuer signed, and nothing of the rest"
    );
    (issued, Some(Finding::new(Code::SelectiveDisclosure, found)))
}
