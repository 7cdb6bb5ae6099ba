//! Payload of a token: whether it is a claims set, and what holds for every one (RFC 7519 §4).

use super::{Context, Inspection, parts::parse, values};
use crate::{
    Code, Finding, Part, exposed,
    header::short_type,
    json::{Document, Kind, Node, Span},
    text,
    time::{self, Times},
    verify::Verdict,
};

/// Types of token that have no `exp` by their own rules: proofs of possession (RFC 9449 §4.2, RFC 9901 §4.3), security events
/// (RFC 8417 §2.2) and answers of introspection (RFC 9701 §5).
const WITHOUT_EXP: [&str; 4] = ["dpop+jwt", "kb+jwt", "secevent+jwt", "token-introspection+jwt"];

/// What holds for every claims set, by the type that the header names.
pub(super) fn judge_claims(
    claims: &Document<'_>,
    typ: Option<&str>,
    now: i64,
    leeway: i64,
    findings: &mut Vec<Finding>,
) -> Times {
    values::check_values(Part::Payload, claims, findings);
    let times = time::check(claims.root(), now, leeway, findings);
    if let Some(typ) = typ.and_then(without_exp)
        && let Some(missing) = findings.iter_mut().find(|finding| finding.code == Code::ExpMissing)
    {
        let found = format!("a token of the type \"{typ}\" has no \"exp\" by its own rules");
        *missing = Finding::new(Code::ExpNotUsual, found);
    }
    values::check_registered(claims.root(), findings);
    findings.extend(exposed::private_keys(Part::Payload, claims));
    times
}

/// The type, where its tokens have no `exp`.
fn without_exp(typ: &str) -> Option<&'static str> {
    WITHOUT_EXP.into_iter().find(|known| short_type(typ).eq_ignore_ascii_case(known))
}

/// Reads the payload of a token into its inspection.
pub(super) fn read_payload(
    context: &Context<'_>,
    bytes: &[u8],
    typ: Option<&str>,
    inspection: &mut Inspection,
    findings: &mut Vec<Finding>,
) {
    // A JWS may carry anything; a claims set is what the header or the first character says is one.
    let is_jwt = typ.is_some_and(|typ| typ.eq_ignore_ascii_case("JWT"));
    let Ok(text) = std::str::from_utf8(bytes) else {
        let found = format!("the payload is {} bytes of binary data, not a claims set", bytes.len());
        let code = if is_jwt { Code::NotUtf8 } else { Code::PayloadNotClaims };
        findings.push(Finding::new(code, found));
        return;
    };
    inspection.payload = Some(text.to_owned());
    if text.is_empty() {
        return;
    }
    if text.starts_with('\u{feff}') {
        let found = "the payload begins with a byte order mark";
        findings.push(Finding::new(Code::ByteOrderMark, found).at(Part::Payload, Span::new(0, 3)));
        return;
    }
    if !is_jwt && !text.trim_start().starts_with('{') {
        let found = format!("the payload is {} characters of text, not a claims set", text.chars().count());
        findings.push(Finding::new(Code::PayloadNotClaims, found));
        return;
    }
    let Some(document) = parse(Part::Payload, text, findings) else { return };
    if document.root().kind() != Kind::Object {
        let found = format!("the payload is {}; the claims of a JWT are an object", document.root().kind().name());
        findings.push(Finding::new(Code::NotObject, found));
        return;
    }
    inspection.policy = Verdict::Good;
    inspection.times = judge_claims(&document, typ, context.now, context.leeway, findings);
    check_expected(context, document.root(), findings);
}

fn check_expected(context: &Context<'_>, claims: Node<'_, '_>, findings: &mut Vec<Finding>) {
    let message = |name: &str, found: Option<Node<'_, '_>>, wanted: &str| match found {
        Some(node) => format!("{name:?} is {}; wanted {wanted:?}", text::elide(node.raw())),
        None => format!("{name:?} is missing; wanted {wanted:?}"),
    };
    if let Some(wanted) = context.issuer {
        let iss = claims.get("iss");
        if iss.and_then(|iss| iss.as_str()).as_deref() != Some(wanted) {
            findings.push(Finding::new(Code::IssuerWrong, message("iss", iss, wanted)));
        }
    }
    if let Some(wanted) = context.audience {
        let aud = claims.get("aud");
        let alone = aud.and_then(|aud| aud.as_str()).is_some_and(|aud| aud == wanted);
        let among = aud.is_some_and(|aud| aud.elements().any(|one| one.as_str().as_deref() == Some(wanted)));
        if !alone && !among {
            findings.push(Finding::new(Code::AudienceWrong, message("aud", aud, wanted)));
        }
    }
}
