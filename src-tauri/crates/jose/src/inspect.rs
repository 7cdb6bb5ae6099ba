//! Everything that can be said about a text that should be a token. Inspection is total: whatever comes in, a value and
//! its findings come out.

use std::fmt;

use crate::{
    Code, Finding, Part, Repair,
    finding::Group,
    header::{self, AlgParam, Header},
    json::{Document, Kind, Node, Span, quote},
    locate::locate,
    text,
    time::{self, Times},
    verify::{Keyring, Trust, UnverifiedJws, Verdict},
};

/// What a token is judged by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The time now, in seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// Seconds that clocks may differ.
    pub leeway: i64,
    /// The keys to judge the signature with.
    pub trust: Trust<'a>,
    /// The issuer that is expected, if any.
    pub issuer: Option<&'a str>,
    /// The audience that is expected, if any.
    pub audience: Option<&'a str>,
}

/// What there is to say about a token: its parts, three verdicts, and the findings that they rest on.
#[derive(Clone)]
pub struct Inspection {
    /// The token as it stood in the input.
    pub token: String,
    /// Whether something stood around it.
    pub stripped: bool,
    /// The header's text, as far as it could be decoded.
    pub header: Option<String>,
    /// The payload's text, as far as it could be decoded.
    pub payload: Option<String>,
    /// The algorithm parameter.
    pub alg: Option<AlgParam>,
    /// The key's name.
    pub kid: Option<String>,
    /// The times of the claims set.
    pub times: Times,
    /// Whether it is well written.
    pub structure: Verdict,
    /// Whether the signature is good.
    pub signature: Verdict,
    /// The index of the trusted key that the signature is good with, or that it names.
    pub key: Option<usize>,
    /// Whether time, issuer, audience and a provider's rules are kept.
    pub policy: Verdict,
    /// Everything that was noticed, structure first.
    pub findings: Vec<Finding>,
}

impl fmt::Debug for Inspection {
    /// Whoever holds the token may use it, so neither it nor its claims are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = self.findings.iter().map(|finding| finding.code.name()).collect();
        f.debug_struct("Inspection")
            .field("structure", &self.structure)
            .field("signature", &self.signature)
            .field("policy", &self.policy)
            .field("findings", &codes)
            .finish_non_exhaustive()
    }
}

impl Inspection {
    /// Adds what somebody else found, most likely a provider's rules, and lets the policy verdict follow.
    pub fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
        self.findings.sort_by_key(|finding| finding.code.group());
        if self.policy != Verdict::Unknown {
            self.policy = policy(&self.findings);
        }
    }

    /// The findings of a severity that a careful verifier refuses.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_error())
    }
}

/// A token longer than this is refused by many servers.
const HEADER_LIMIT: usize = 8 * 1024;

/// Inspects `input`: a token, or any text or bytes with one in it.
pub fn inspect(input: &[u8], context: &Context<'_>) -> Inspection {
    inspect_with(input, context, &Keyring::new(&context.trust))
}

/// The same with keys that were prepared once for many tokens; the context's own are not looked at.
pub fn inspect_with(input: &[u8], context: &Context<'_>, ring: &Keyring<'_>) -> Inspection {
    let mut inspection = Inspection {
        token: String::new(),
        stripped: false,
        header: None,
        payload: None,
        alg: None,
        kid: None,
        times: Times::default(),
        structure: Verdict::Bad,
        signature: Verdict::Unknown,
        key: None,
        policy: Verdict::Unknown,
        findings: Vec::new(),
    };
    let input = match std::str::from_utf8(input) {
        Ok(input) => input.trim_start_matches('\u{feff}'),
        Err(error) => {
            let found = format!("byte {} of the input is not UTF-8", error.valid_up_to() + 1);
            let hint = "a token is ASCII text; this is binary data or another encoding";
            inspection.findings.push(Finding::new(Code::NotUtf8, found).hint(hint));
            return inspection;
        }
    };
    let Some(located) = locate(input) else {
        inspection.findings.push(Finding::new(Code::NoToken, "the input is empty; wanted a token"));
        return inspection;
    };
    inspection.token = located.token.to_owned();
    inspection.stripped = located.was_stripped(input);
    Inspector { context, ring }.run(located.token, &mut inspection);
    inspection.findings.sort_by_key(|finding| finding.code.group());
    inspection
}

/// What can be said of a header and a claims set before they are signed: the same as of the finished token. Both texts as
/// they will be signed; the places of findings are in them.
pub fn inspect_draft(header: &str, claims: &Document<'_>, now: i64) -> (Times, Vec<Finding>) {
    let mut findings = Vec::new();
    let _ = read_header(header, &mut findings);
    let times = judge_claims(claims, now, 0, &mut findings);
    findings.sort_by_key(|finding| finding.code.group());
    (times, findings)
}

/// What holds for every claims set.
fn judge_claims(claims: &Document<'_>, now: i64, leeway: i64, findings: &mut Vec<Finding>) -> Times {
    check_values(Part::Payload, claims, findings);
    let times = time::check(claims.root(), now, leeway, findings);
    check_registered(claims.root(), findings);
    times
}

/// The finding about a token of that many characters, if many servers would not accept it.
pub fn check_length(characters: usize) -> Option<Finding> {
    (characters > HEADER_LIMIT).then(|| {
        let found = format!("the token has {characters} characters; many servers accept {HEADER_LIMIT} at most");
        Finding::new(Code::LargeToken, found).hint("leave out claims that the server does not need")
    })
}

impl<'t> UnverifiedJws<'t> {
    /// Reads a token alone, strictly: three parts in canonical base64url, the header an object without duplicate members
    /// (RFC 7515 §5.2, steps 1 to 4). The payload is any bytes. On failure says what is wrong with its form.
    pub fn parse(token: &'t str) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        Parts::read(token, &mut findings).into_jws(token, findings)
    }
}

/// What could be made out of the three parts.
struct Parts {
    counted: bool,
    header_text: Option<String>,
    header: Option<Header>,
    payload: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
}

impl Parts {
    fn read(token: &str, findings: &mut Vec<Finding>) -> Self {
        findings.extend(check_length(token.len()));
        let counted = count_parts(token, findings);
        let mut offset = 0;
        let mut decoded = token.split('.').take(3).enumerate().map(|(index, part)| {
            let bytes = decode(index, part, offset, findings);
            offset += part.len() + 1;
            bytes
        });
        let (header, payload, signature) = (decoded.next(), decoded.next(), decoded.next());
        drop(decoded);
        let header_text = header.flatten().and_then(|bytes| utf8(Part::Header, bytes, findings));
        let header = header_text.as_deref().and_then(|text| read_header(text, findings));
        Self { counted, header_text, header, payload: payload.flatten(), signature: signature.flatten() }
    }

    /// The token to be judged. A careful verifier does not look at the signature of one that it cannot read in one way alone.
    fn into_jws(self, token: &str, findings: Vec<Finding>) -> Result<UnverifiedJws<'_>, Vec<Finding>> {
        let readable = findings.iter().all(|finding| !is_error_of_form(finding));
        match self {
            Self {
                header_text: Some(header_text),
                header: Some(header),
                payload: Some(payload),
                signature: Some(signature),
                ..
            } if readable => Ok(UnverifiedJws { token, header_text, payload, signature, header, findings }),
            _ => Err(findings),
        }
    }
}

fn is_error_of_form(finding: &Finding) -> bool {
    finding.is_error() && finding.code.group() == Group::Structure
}

struct Inspector<'a> {
    context: &'a Context<'a>,
    ring: &'a Keyring<'a>,
}

impl Inspector<'_> {
    fn run(&self, token: &str, inspection: &mut Inspection) {
        let mut findings = Vec::new();
        let parts = Parts::read(token, &mut findings);
        inspection.header = parts.header_text.clone();
        inspection.alg = parts.header.as_ref().map(|header| header.alg.clone());
        inspection.kid = parts.header.as_ref().and_then(|header| header.kid.clone());
        let typ = parts.header.as_ref().and_then(|header| header.typ.clone());
        let headed = parts.header.is_some();

        let mut of_payload = Vec::new();
        if let (true, Some(bytes)) = (parts.counted, &parts.payload) {
            self.read_payload(bytes, typ.as_deref(), inspection, &mut of_payload);
        }
        match parts.into_jws(token, findings) {
            Ok(jws) => {
                let judgement = jws.judge_with(self.ring);
                inspection.signature = judgement.verdict;
                inspection.key = judgement.key;
                inspection.findings = jws.findings;
                inspection.findings.append(&mut of_payload);
                inspection.findings.extend(judgement.findings);
            }
            Err(findings) => {
                inspection.findings = findings;
                inspection.findings.append(&mut of_payload);
            }
        }
        let well_written = headed && !inspection.findings.iter().any(is_error_of_form);
        inspection.structure = if well_written { Verdict::Good } else { Verdict::Bad };
        if inspection.policy != Verdict::Unknown {
            inspection.policy = policy(&inspection.findings);
        }
    }

    fn read_payload(&self, bytes: &[u8], typ: Option<&str>, inspection: &mut Inspection, findings: &mut Vec<Finding>) {
        // A JWS may carry anything; a claims set is what the header or the first character says is one.
        let is_jwt = typ.is_some_and(|typ| typ.eq_ignore_ascii_case("JWT"));
        let Ok(text) = std::str::from_utf8(bytes) else {
            let found = format!("the payload is {} bytes of binary data, not a claims set", bytes.len());
            let code = if is_jwt { Code::NotUtf8 } else { Code::PayloadNotClaims };
            findings.push(Finding::new(code, found));
            return;
        };
        inspection.payload = Some(text.to_owned());
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
        inspection.times = judge_claims(&document, self.context.now, self.context.leeway, findings);
        self.check_expected(document.root(), findings);
    }

    fn check_expected(&self, claims: Node<'_, '_>, findings: &mut Vec<Finding>) {
        let message = |name: &str, found: Option<Node<'_, '_>>, wanted: &str| match found {
            Some(node) => format!("{name:?} is {}; wanted {wanted:?}", text::elide(node.raw())),
            None => format!("{name:?} is missing; wanted {wanted:?}"),
        };
        if let Some(wanted) = self.context.issuer {
            let iss = claims.get("iss");
            if iss.and_then(|iss| iss.as_str()).as_deref() != Some(wanted) {
                findings.push(Finding::new(Code::IssuerWrong, message("iss", iss, wanted)));
            }
        }
        if let Some(wanted) = self.context.audience {
            let aud = claims.get("aud");
            let alone = aud.and_then(|aud| aud.as_str()).is_some_and(|aud| aud == wanted);
            let among = aud.is_some_and(|aud| aud.elements().any(|one| one.as_str().as_deref() == Some(wanted)));
            if !alone && !among {
                findings.push(Finding::new(Code::AudienceWrong, message("aud", aud, wanted)));
            }
        }
    }
}

fn count_parts(token: &str, findings: &mut Vec<Finding>) -> bool {
    match token.split('.').count() {
        3 => true,
        5 => {
            let found =
                "the token has five parts: it is encrypted (JWE), and its claims can be read with the key alone";
            findings.push(Finding::new(Code::Encrypted, found));
            false
        }
        count => {
            let found = format!("the token has {count} {}; wanted three with dots between", plural(count, "part"));
            let hint =
                if count == 1 { "an opaque API key is not a token" } else { "copy the whole token, and it alone" };
            findings.push(Finding::new(Code::PartCount, found).hint(hint));
            count > 1
        }
    }
}

fn decode(index: usize, part: &str, offset: usize, findings: &mut Vec<Finding>) -> Option<Vec<u8>> {
    let name = ["header", "payload", "signature"][index];
    if part.is_empty() && index < 2 {
        let found = format!("the {name} is empty");
        findings.push(Finding::new(Code::EmptyPart, found).at(Part::Token, Span::new(offset, offset)));
        return None;
    }
    match text::decode(part) {
        Ok(bytes) => Some(bytes),
        Err(stray) => {
            let span = Span::new(offset + stray.span.start, offset + stray.span.end);
            let found = format!("the {name} holds {stray}");
            let hint = match stray.code {
                Code::Padding => Some("take the padding off"),
                Code::WhiteSpace => Some("the token was broken over lines; join it"),
                Code::TrailingBits => Some("a character at the end was changed or lost"),
                Code::PartLength => Some("a character was lost or added; copy the token again"),
                _ => None,
            };
            let finding = Finding::new(stray.code, found).at(Part::Token, span);
            findings.push(match hint {
                Some(hint) => finding.hint(hint),
                None => finding,
            });
            text::decode_leniently(part)
        }
    }
}

fn utf8(part: Part, bytes: Vec<u8>, findings: &mut Vec<Finding>) -> Option<String> {
    String::from_utf8(bytes)
        .map_err(|error| {
            let at = error.utf8_error().valid_up_to() + 1;
            findings.push(Finding::new(Code::NotUtf8, format!("byte {at} of the {} is not UTF-8", part.name())));
        })
        .ok()
}

fn read_header(text: &str, findings: &mut Vec<Finding>) -> Option<Header> {
    if text.starts_with('\u{feff}') {
        let found = "the header begins with a byte order mark";
        findings.push(Finding::new(Code::ByteOrderMark, found).at(Part::Header, Span::new(0, 3)));
        return None;
    }
    let document = parse(Part::Header, text, findings)?;
    if document.root().kind() != Kind::Object {
        let found = format!("the header is {}; wanted an object", document.root().kind().name());
        findings.push(Finding::new(Code::NotObject, found));
        return None;
    }
    check_values(Part::Header, &document, findings);
    Some(header::read(&document, findings))
}

fn parse<'t>(part: Part, text: &'t str, findings: &mut Vec<Finding>) -> Option<Document<'t>> {
    match Document::parse(text) {
        Ok(document) => Some(document),
        Err(error) if error.too_deep => {
            let found = format!("the {} is nested deeper than 128 levels, which common parsers refuse", part.name());
            findings.push(Finding::new(Code::TooDeep, found).at(part, Span::byte(error.at)));
            None
        }
        Err(error) => {
            let found = format!("the {} is not JSON: {error}", part.name());
            findings
                .push(Finding::new(Code::NotJson, found).at(part, Span::new(error.at, (error.at + 1).min(text.len()))));
            None
        }
    }
}

/// The largest integer up to which a double holds every one (RFC 8259 §6).
const SAFE_INTEGER: u64 = 1 << 53;

/// How many values of one kind are named; of more, it is said how many.
const MOST_NAMED: usize = 16;

fn check_values(part: Part, document: &Document<'_>, findings: &mut Vec<Finding>) {
    for twice in document.duplicates().into_iter().take(MOST_NAMED) {
        let place = |at| {
            let (line, column) = crate::json::line_and_column(document.text(), at);
            if line == 1 { format!("column {column}") } else { format!("line {line}, column {column}") }
        };
        let (first, second) = (place(twice.first.start), place(twice.second.start));
        let path = text::elide(&twice.path);
        let found = format!("\"{path}\" stands twice in the {}, at {first} and at {second}", part.name());
        let hint = "servers disagree on which one counts";
        let finding = Finding::new(Code::DuplicateMember, found).hint(hint).repair(Repair::Remove);
        findings.push(finding.at(part, twice.second));
    }
    let kinds: [(Code, Noticed, &str); 4] = [
        (Code::BigInteger, is_big_integer, "loses digits in JavaScript and others"),
        (Code::ExponentNumber, is_exponent, "is in exponent form, which some servers refuse"),
        (Code::LoneSurrogate, is_lone, "holds half a surrogate pair"),
        (Code::ProtoMember, is_proto, "can change the behaviour of careless JavaScript"),
    ];
    // Almost every claims set has none of them, and one look at each value shows it.
    if !document.nodes().any(|node| kinds.iter().any(|(_, noticed, _)| noticed(node))) {
        return;
    }
    for (code, noticed, what) in kinds {
        let mut found = document.nodes().filter(|node| noticed(*node));
        for node in found.by_ref().take(MOST_NAMED) {
            let path = text::elide(&node.path());
            let message = match node.kind() {
                Kind::Number => format!("\"{path}\" ({}) {what}", text::elide(node.raw())),
                _ => format!("\"{path}\" {what}"),
            };
            let mut finding = Finding::new(code, message).at(part, node.span());
            finding.repairs.extend(repair_of_value(code, node));
            findings.push(finding);
        }
        let more = found.count();
        if more > 0 {
            let values = plural(more, "value");
            findings.push(Finding::new(code, format!("{more} more {values} of the {} alike", part.name())));
        }
    }
}

/// What undoes a value that reads differently in different places.
fn repair_of_value(code: Code, node: Node<'_, '_>) -> Option<Repair> {
    match code {
        Code::BigInteger => Some(Repair::Value(quote(node.raw()))),
        Code::ExponentNumber => {
            let value = node.as_f64().filter(|value| value.fract() == 0.0 && value.abs() < SAFE_INTEGER as f64)?;
            Some(Repair::Value(format!("{value:.0}")))
        }
        Code::ProtoMember => Some(Repair::Remove),
        _ => None,
    }
}

type Noticed = fn(Node<'_, '_>) -> bool;

fn is_exponent(node: Node<'_, '_>) -> bool {
    node.kind() == Kind::Number && node.raw().contains(['e', 'E'])
}

fn is_big_integer(node: Node<'_, '_>) -> bool {
    let raw = node.raw();
    // 2^53 has 16 digits.
    node.kind() == Kind::Number
        && raw.len() >= 16
        && !raw.contains(['e', 'E', '.'])
        && raw.trim_start_matches('-').parse::<u64>().map_or(true, |n| n > SAFE_INTEGER)
}

fn is_lone(node: Node<'_, '_>) -> bool {
    node.has_lone_surrogate()
}

fn is_proto(node: Node<'_, '_>) -> bool {
    node.is_named("__proto__")
}

/// The registered claims that are not times have types of their own (RFC 7519 §4.1).
fn check_registered(claims: Node<'_, '_>, findings: &mut Vec<Finding>) {
    for name in ["iss", "sub", "jti"] {
        if let Some(node) = claims.get(name).filter(|node| node.kind() != Kind::String) {
            let found = format!("{name:?} is {}; wanted a string", text::elide(node.raw()));
            let mut finding = Finding::new(Code::RegisteredType, found).at(Part::Payload, node.span());
            if let Kind::Number | Kind::Bool = node.kind() {
                finding = finding.repair(Repair::Value(quote(node.raw())));
            }
            findings.push(finding);
        }
    }
    if let Some(aud) = claims.get("aud") {
        let list = aud.kind() == Kind::Array && aud.elements().all(|one| one.kind() == Kind::String);
        if aud.kind() != Kind::String && !list {
            let found = format!("\"aud\" is {}; wanted a string or a list of strings", text::elide(aud.raw()));
            findings.push(Finding::new(Code::RegisteredType, found).at(Part::Payload, aud.span()));
        }
    }
}

fn policy(findings: &[Finding]) -> Verdict {
    let ruled = |group| matches!(group, Group::Time | Group::Claims | Group::Scopes | Group::Environment);
    if findings.iter().any(|finding| finding.is_error() && ruled(finding.code.group())) {
        Verdict::Bad
    } else {
        Verdict::Good
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}
