//! Everything that can be said about a text that should be a token. Inspection is total: whatever comes in, a value and
//! its findings come out.

use crate::{
    Code, Finding, Part,
    header::{self, AlgParam, Header},
    json::{Document, Kind, Node, Span},
    locate::locate,
    text,
    time::{self, Times},
    verify::{Trust, UnverifiedJws, Verdict},
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
#[derive(Debug, Clone)]
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
    Inspector { token: located.token, context }.run(&mut inspection);
    inspection.findings.sort_by_key(|finding| finding.code.group());
    inspection
}

struct Inspector<'a, 't> {
    token: &'t str,
    context: &'a Context<'a>,
}

impl Inspector<'_, '_> {
    fn run(&self, inspection: &mut Inspection) {
        let mut findings = Vec::new();
        let token = self.token;
        if token.len() > HEADER_LIMIT {
            let found = format!("the token has {} characters; many servers accept {HEADER_LIMIT} at most", token.len());
            findings.push(Finding::new(Code::LargeToken, found).hint("leave out claims that the server does not need"));
        }
        let parts: Vec<&str> = token.split('.').collect();
        let wanted_parts = self.count_parts(&parts, &mut findings);

        let strict = findings.iter().all(|finding| !finding.is_error());
        let mut offset = 0;
        let mut decoded = Vec::new();
        for (index, part) in parts.iter().enumerate().take(3) {
            decoded.push(self.decode(index, part, offset, &mut findings));
            offset += part.len() + 1;
        }
        let canonical = strict && findings.iter().all(|finding| !finding.is_error());

        let mut header = None;
        if let Some(Some(bytes)) = decoded.first() {
            inspection.header = self.text(Part::Header, bytes, &mut findings);
            header = inspection.header.as_deref().and_then(|text| read_header(text, &mut findings));
        }
        inspection.alg = header.as_ref().map(|header| header.alg.clone());
        inspection.kid = header.as_ref().and_then(|header| header.kid.clone());
        if wanted_parts && let Some(Some(bytes)) = decoded.get(1) {
            self.read_payload(bytes, inspection, &mut findings);
        }
        let well_written = !findings.iter().any(|f| f.is_error() && f.code.group() == crate::finding::Group::Structure);
        inspection.structure = if well_written && header.is_some() { Verdict::Good } else { Verdict::Bad };

        // A careful verifier does not look at the signature of a token that it cannot read in one way alone.
        if canonical && let (Some(header), [_, Some(payload), Some(signature)]) = (header, decoded.as_slice()) {
            let jws = UnverifiedJws {
                token,
                header_text: inspection.header.clone().unwrap_or_default(),
                payload: payload.clone(),
                signature: signature.clone(),
                header,
            };
            let judgement = jws.judge(&self.context.trust);
            inspection.signature = judgement.verdict;
            inspection.key = judgement.key;
            findings.extend(judgement.findings);
        }
        inspection.findings = findings;
        if inspection.policy != Verdict::Unknown {
            inspection.policy = policy(&inspection.findings);
        }
    }

    fn count_parts(&self, parts: &[&str], findings: &mut Vec<Finding>) -> bool {
        match parts.len() {
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

    fn decode(&self, index: usize, part: &str, offset: usize, findings: &mut Vec<Finding>) -> Option<Vec<u8>> {
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

    fn text(&self, part: Part, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<String> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.to_owned()),
            Err(error) => {
                let at = error.valid_up_to();
                let found = format!("byte {} of the {} is not UTF-8", at + 1, part.name());
                findings.push(Finding::new(Code::NotUtf8, found));
                None
            }
        }
    }

    fn read_payload(&self, bytes: &[u8], inspection: &mut Inspection, findings: &mut Vec<Finding>) {
        // A JWS may carry anything; only what begins like JSON is judged as a claims set.
        let Ok(text) = std::str::from_utf8(bytes) else {
            let found = format!("the payload is {} bytes of binary data, not a claims set", bytes.len());
            findings.push(Finding::new(Code::PayloadNotClaims, found));
            return;
        };
        inspection.payload = Some(text.to_owned());
        if text.starts_with('\u{feff}') {
            let found = "the payload begins with a byte order mark";
            findings.push(Finding::new(Code::ByteOrderMark, found).at(Part::Payload, Span::new(0, 3)));
            return;
        }
        let Some(document) = parse(Part::Payload, text, findings) else { return };
        if document.root().kind() != Kind::Object {
            let found = format!("the payload is {}; the claims of a JWT are an object", document.root().kind().name());
            findings.push(Finding::new(Code::NotObject, found));
            return;
        }
        check_values(Part::Payload, &document, findings);
        inspection.policy = Verdict::Good;
        let claims = document.root();
        inspection.times = time::check(claims, self.context.now, self.context.leeway, findings);
        check_registered(claims, findings);
        self.check_expected(claims, findings);
    }

    fn check_expected(&self, claims: Node<'_, '_>, findings: &mut Vec<Finding>) {
        if let Some(wanted) = self.context.issuer {
            let found = claims.get("iss").map(|node| node.raw());
            if claims.get("iss").and_then(|iss| iss.as_str()).as_deref() != Some(wanted) {
                let message = match found {
                    Some(found) => format!("\"iss\" is {found}; wanted {wanted:?}"),
                    None => format!("\"iss\" is missing; wanted {wanted:?}"),
                };
                findings.push(Finding::new(Code::IssuerWrong, message));
            }
        }
        if let Some(wanted) = self.context.audience {
            let aud = claims.get("aud");
            let alone = aud.and_then(|aud| aud.as_str()).is_some_and(|aud| aud == wanted);
            let among = aud.is_some_and(|aud| aud.elements().any(|one| one.as_str().as_deref() == Some(wanted)));
            if !alone && !among {
                let message = match aud {
                    Some(aud) => format!("\"aud\" is {}; wanted {wanted:?}", aud.raw()),
                    None => format!("\"aud\" is missing; wanted {wanted:?}"),
                };
                findings.push(Finding::new(Code::AudienceWrong, message));
            }
        }
    }
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

fn check_values(part: Part, document: &Document<'_>, findings: &mut Vec<Finding>) {
    for twice in document.duplicates() {
        let place = |at| {
            let (line, column) = crate::json::line_and_column(document.text(), at);
            if line == 1 { format!("column {column}") } else { format!("line {line}, column {column}") }
        };
        let (first, second) = (place(twice.first.start), place(twice.second.start));
        let found = format!("{:?} stands twice in the {}, at {first} and at {second}", twice.path, part.name());
        let hint = "servers disagree on which one counts";
        findings.push(Finding::new(Code::DuplicateMember, found).hint(hint).at(part, twice.second));
    }
    for node in document.nodes() {
        let mut note = |code, message: String| findings.push(Finding::new(code, message).at(part, node.span()));
        if node.kind() == Kind::Number {
            let raw = node.raw();
            if raw.contains(['e', 'E']) {
                note(
                    Code::ExponentNumber,
                    format!("{:?} is {raw}, in exponent form, which some servers refuse", node.path()),
                );
            } else if !raw.contains('.')
                && raw.trim_start_matches('-').parse::<u64>().map_or(true, |n| n > SAFE_INTEGER)
            {
                let message = format!("{:?} is {raw}, which loses digits in JavaScript and others", node.path());
                note(Code::BigInteger, message);
            }
        }
        if node.has_lone_surrogate() {
            note(Code::LoneSurrogate, format!("{:?} holds half a surrogate pair", node.path()));
        }
        if node.name().as_deref() == Some("__proto__") {
            note(Code::ProtoMember, format!("{:?} can change the behaviour of careless JavaScript", node.path()));
        }
    }
}

/// The registered claims that are not times have types of their own (RFC 7519 §4.1).
fn check_registered(claims: Node<'_, '_>, findings: &mut Vec<Finding>) {
    for name in ["iss", "sub", "jti"] {
        if let Some(node) = claims.get(name).filter(|node| node.kind() != Kind::String) {
            let found = format!("{name:?} is {}; wanted a string", node.raw());
            findings.push(Finding::new(Code::RegisteredType, found).at(Part::Payload, node.span()));
        }
    }
    if let Some(aud) = claims.get("aud") {
        let list = aud.kind() == Kind::Array && aud.elements().all(|one| one.kind() == Kind::String);
        if aud.kind() != Kind::String && !list {
            let found = format!("\"aud\" is {}; wanted a string or a list of strings", aud.raw());
            findings.push(Finding::new(Code::RegisteredType, found).at(Part::Payload, aud.span()));
        }
    }
}

fn policy(findings: &[Finding]) -> Verdict {
    use crate::finding::Group;
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
