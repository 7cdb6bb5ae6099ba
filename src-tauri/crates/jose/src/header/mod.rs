//! Header parameters of a JWS (RFC 7515 §4), read from the header's text, with everything that can be said about them.

mod keys;

use std::borrow::Cow;

use crate::{
    Alg, Code, Finding, Part, exposed,
    json::{Document, Kind, Node},
    text,
};

/// What a header says about its algorithm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlgParam {
    /// One of the table.
    Known(Alg),
    /// `none` in whatever case: no signature at all.
    None,
    /// Something else, as it stands.
    Unknown(String),
    /// Not there, or not a string.
    Missing,
}

/// The parameters that decide how a token is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The algorithm.
    pub alg: AlgParam,
    /// The key's name.
    pub kid: Option<String>,
    /// The type of the whole.
    pub typ: Option<String>,
    /// Whether a verifier must refuse the token because of its header, whatever the signature: a critical extension that is
    /// not understood (RFC 7515 §4.1.11), `b64` that is false, or a parameter that two readers read differently (§5.2 step 5).
    pub refused: bool,
    /// Whether the payload is not base64url, by `b64` and a `crit` that names it alone (RFC 7797 §3, §6).
    pub unencoded: bool,
}

/// What a header belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A signed token: the rules of RFC 7515 hold.
    Jws,
    /// An encrypted one: its algorithm encrypts, and compression is its own matter (RFC 7516 §4.1).
    Jwe,
}

/// Findings on which two readers of a header part ways.
const REFUSING: [Code; 5] =
    [Code::CritUnknown, Code::CritMalformed, Code::UnencodedPayload, Code::HeaderType, Code::HeaderSurrogate];

/// Reads the parameters of a header that is a JSON object.
pub fn read(document: &Document<'_>, of: Of, findings: &mut Vec<Finding>) -> Header {
    let root = document.root();
    let before = findings.len();
    let alg = match of {
        Of::Jws => read_alg(root, findings),
        Of::Jwe => read_encryption(root, findings),
    };
    let kid = string(root, "kid", findings).map(Cow::into_owned);
    let typ = string(root, "typ", findings).map(Cow::into_owned);
    let unencoded = check_crit(root, findings);
    check_surrogates(document, findings);
    let refused = findings[before..].iter().any(|finding| REFUSING.contains(&finding.code));
    if let (Some(kid), Some(node)) = (&kid, root.get("kid")) {
        check_kid(kid, node, findings);
    }
    keys::check_urls(root, findings);
    let before = findings.len();
    findings.extend(exposed::private_keys(Part::Header, document));
    // A proof of possession brings its key by its own rules (RFC 9449 §4.2), and a private one is told above.
    if findings.len() == before && !typ.as_deref().is_some_and(|typ| short_type(typ).eq_ignore_ascii_case("dpop+jwt")) {
        keys::check_embedded(root, findings);
    }
    if of == Of::Jws {
        check_advice(root, typ.as_deref(), findings);
    }
    Header { alg, kid, typ, refused, unencoded }
}

/// A type without the `application/` that may be left out (RFC 7515 §4.1.9).
pub(crate) fn short_type(typ: &str) -> &str {
    const FRONT: &str = "application/";
    let named_in_full = typ.get(..FRONT.len()).is_some_and(|front| front.eq_ignore_ascii_case(FRONT));
    if named_in_full { &typ[FRONT.len()..] } else { typ }
}

/// Why a header is not to be signed: the first of its parameters that inspection of the finished token calls an error. What
/// is wrong with `alg` is said by comparing it with the key.
pub fn refusal(document: &Document<'_>) -> Option<Finding> {
    let mut findings = Vec::new();
    read(document, Of::Jws, &mut findings);
    let of_alg = [Code::AlgMissing, Code::AlgNone, Code::AlgCase, Code::AlgUnknown];
    findings.into_iter().find(|finding| finding.is_error() && !of_alg.contains(&finding.code))
}

/// The parameters of encryption are names alone here: nothing is decrypted.
fn read_encryption(root: Node<'_, '_>, findings: &mut Vec<Finding>) -> AlgParam {
    string(root, "enc", findings);
    match root.get("alg") {
        Some(_) => match string(root, "alg", findings) {
            Some(name) => AlgParam::Unknown(name.into_owned()),
            None => AlgParam::Missing,
        },
        None => {
            let found = "\"alg\" is missing from the header";
            findings.push(Finding::new(Code::AlgMissing, found).hint("a header names its algorithm: \"alg\":\"dir\""));
            AlgParam::Missing
        }
    }
}

/// Half of a pair becomes one text here and another there, so that a kid or a name can be two.
fn check_surrogates(document: &Document<'_>, findings: &mut Vec<Finding>) {
    if let Some(node) = document.nodes().find(|node| node.has_lone_surrogate()) {
        let found = format!("\"{}\" holds half a surrogate pair", text::elide(&node.path()));
        let hint = "libraries read it as different texts, or refuse it";
        findings.push(Finding::new(Code::HeaderSurrogate, found).hint(hint).at(Part::Header, node.span()));
    }
}

fn read_alg(root: Node<'_, '_>, findings: &mut Vec<Finding>) -> AlgParam {
    let Some(node) = root.get("alg") else {
        let hint = "a header names the algorithm that its key signs with";
        findings.push(Finding::new(Code::AlgMissing, "\"alg\" is missing from the header").hint(hint));
        return AlgParam::Missing;
    };
    let Some(name) = node.as_str() else {
        findings.push(wrong_type(node, "alg", "a string"));
        return AlgParam::Missing;
    };
    if let Ok(alg) = name.parse() {
        return AlgParam::Known(alg);
    }
    if name.eq_ignore_ascii_case("none") {
        let found = format!("\"alg\" is {name:?}: the token is not signed, and anybody can write one like it");
        findings.push(Finding::new(Code::AlgNone, found).at(Part::Header, node.span()));
        return AlgParam::None;
    }
    let shown = text::elide(&name);
    findings.push(match Alg::by_case_variant(&name) {
        Some(meant) => Finding::new(Code::AlgCase, format!("\"alg\" is \"{shown}\"; wanted \"{meant}\""))
            .hint("algorithm names are case-sensitive"),
        None => Finding::new(Code::AlgUnknown, format!("\"alg\" is \"{shown}\", which is not a signature algorithm"))
            .hint(format!("one of {}", crate::alg::names())),
    });
    if let Some(last) = findings.last_mut() {
        last.place = Some(crate::Place { part: Part::Header, span: node.span() });
    }
    AlgParam::Unknown(name.into_owned())
}

fn string<'t>(root: Node<'_, 't>, name: &str, findings: &mut Vec<Finding>) -> Option<Cow<'t, str>> {
    let node = root.get(name)?;
    let value = node.as_str();
    if value.is_none() {
        findings.push(wrong_type(node, name, "a string"));
    }
    value
}

fn wrong_type(node: Node<'_, '_>, name: &str, wanted: &str) -> Finding {
    let found = format!("{name:?} is {}; wanted {wanted}", node.kind().name());
    Finding::new(Code::HeaderType, found).at(Part::Header, node.span())
}

/// Says whether the payload is unencoded in the one way that RFC 7797 §6 allows.
fn check_crit(root: Node<'_, '_>, findings: &mut Vec<Finding>) -> bool {
    let crit = root.get("crit");
    let names: Vec<Node<'_, '_>> = crit.map(|crit| crit.elements().collect()).unwrap_or_default();
    let unencoded = check_b64(root, &names, findings);
    let Some(crit) = crit else { return false };
    if crit.kind() != Kind::Array || names.is_empty() {
        let found = format!("\"crit\" is {}; wanted a list of names that is not empty", text::elide(crit.raw()));
        findings.push(Finding::new(Code::CritMalformed, found).at(Part::Header, crit.span()));
    }
    let alone = names.len() == 1;
    // Each name is an error of its own, so a few of them are enough to say.
    for node in names.into_iter().take(8) {
        findings.extend(check_critical(root, node, unencoded));
    }
    unencoded && alone
}

/// Says whether `b64` is false, with all that follows from it.
fn check_b64(root: Node<'_, '_>, crit: &[Node<'_, '_>], findings: &mut Vec<Finding>) -> bool {
    let Some(b64) = root.get("b64") else { return false };
    match b64.as_bool() {
        Some(true) => return false,
        Some(false) => {
            let found = "\"b64\" is false: the payload is signed as it stands, without base64url";
            let hint = "no claims set is signed that way (RFC 7797 §7); leave \"b64\" out";
            findings.push(Finding::new(Code::UnencodedPayload, found).hint(hint).at(Part::Header, b64.span()));
        }
        None => {
            findings.push(wrong_type(b64, "b64", "a boolean"));
            return false;
        }
    }
    if !crit.iter().any(|name| name.as_str().as_deref() == Some("b64")) {
        let found = "\"b64\" is false, and \"crit\" does not name it";
        let hint = "a verifier that does not know \"b64\" reads another payload (RFC 7797 §6)";
        findings.push(Finding::new(Code::CritMalformed, found).hint(hint).at(Part::Header, b64.span()));
    }
    true
}

/// What is wrong with one name of `crit`. `b64` that is false has a finding of its own.
fn check_critical(root: Node<'_, '_>, node: Node<'_, '_>, unencoded: bool) -> Option<Finding> {
    let Some(name) = node.as_str() else {
        let found = format!("\"crit\" holds {}; wanted names alone", text::elide(node.raw()));
        return Some(Finding::new(Code::CritMalformed, found));
    };
    if unencoded && name == "b64" {
        return None;
    }
    let listed = root.get(&name).is_some();
    let name = text::elide(&name);
    let found = if listed {
        let found = format!("\"crit\" demands the extension \"{name}\", which is not understood");
        let hint = "a verifier that does not understand a critical extension must refuse the token";
        Finding::new(Code::CritUnknown, found).hint(hint)
    } else {
        let found = format!("\"crit\" names \"{name}\", which is not in the header");
        Finding::new(Code::CritMalformed, found).hint("\"crit\" is for extensions that the header holds; leave it out")
    };
    Some(found.at(Part::Header, node.span()))
}

fn check_kid(kid: &str, node: Node<'_, '_>, findings: &mut Vec<Finding>) {
    if kid.trim().is_empty() {
        let found = "\"kid\" is empty, and names no key";
        let hint = "name the key, or leave \"kid\" out";
        findings.push(Finding::new(Code::KidEmpty, found).hint(hint).at(Part::Header, node.span()));
        return;
    }
    // Of the characters of base64url no query is made, though two hyphens meet in one thumbprint of a hundred.
    if kid.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        return;
    }
    let suspicious = ["../", "..\\", "'", "\"", ";", "--", "\0", "/*", "|", "$(", "`"];
    if let Some(part) = suspicious.iter().find(|part| kid.contains(**part)) {
        let found = format!("\"kid\" holds {part:?}, as in an attack on a path or a query");
        findings.push(Finding::new(Code::KidCharacters, found).at(Part::Header, node.span()));
    }
}

fn check_advice(root: Node<'_, '_>, typ: Option<&str>, findings: &mut Vec<Finding>) {
    let note = match typ {
        None if root.get("typ").is_none() => Some("\"typ\" is missing; most servers expect \"JWT\"".to_owned()),
        Some(typ) if typ.eq_ignore_ascii_case("JWT") && typ != "JWT" => {
            Some(format!("\"typ\" is {typ:?}; upper case \"JWT\" is what every library understands"))
        }
        _ => None,
    };
    findings.extend(note.map(|note| Finding::new(Code::TypAdvice, note)));
    if let Some(zip) = root.get("zip") {
        let found = format!("\"zip\" is {}, which only encrypted tokens have", text::elide(zip.raw()));
        findings.push(Finding::new(Code::ZipOnJws, found).at(Part::Header, zip.span()));
    }
    if let Some(cty) = root.get("cty")
        && cty.as_str().is_some_and(|cty| cty.eq_ignore_ascii_case("JWT"))
    {
        let found = "\"cty\" is \"JWT\": the payload is a token, to be inspected on its own";
        findings.push(Finding::new(Code::NestedToken, found).at(Part::Header, cty.span()));
    }
}
