//! Parts of a token: how many there are, what they decode to, and what is wrong with the way in which they are written.

use std::borrow::Cow;

use super::values;
use crate::{
    Code, Finding, Part,
    finding::Group,
    header::{self, Header, Of},
    json::{Document, Kind, Span},
    text,
    verify::UnverifiedJws,
};

impl<'t> UnverifiedJws<'t> {
    /// Reads a token alone, strictly: three parts in canonical base64url, the header an object without duplicate members
    /// (RFC 7515 §5.2, steps 1 to 4). The payload is any bytes, or none. On failure says what is wrong with its form.
    pub fn parse(token: &'t str) -> Result<Self, Vec<Finding>> {
        let mut parts = Parts::read(token, None);
        parts.strictly().ok_or(parts.findings)
    }
}

/// A token longer than this is refused by many servers.
const HEADER_LIMIT: usize = 8 * 1024;

/// The finding about a token of that many characters, if many servers would not accept it.
pub fn check_length(characters: usize) -> Option<Finding> {
    (characters > HEADER_LIMIT).then(|| {
        let found = format!("the token has {characters} characters; many servers accept {HEADER_LIMIT} at most");
        Finding::new(Code::LargeToken, found).hint("leave out claims that the server does not need")
    })
}

/// What a text with dots is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Three parts: signed.
    Signed,
    /// Five parts, and a header that names the encryption of the content.
    Encrypted,
    /// Something else.
    Other,
}

/// What could be made out of the parts of a token.
pub(super) struct Parts<'t> {
    token: &'t str,
    pub(super) shape: Shape,
    pub(super) header_text: Option<String>,
    pub(super) header: Option<Header>,
    pub(super) payload: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
    pub(super) findings: Vec<Finding>,
}

/// The names of the parts, signed (RFC 7515 §7.1) and encrypted (RFC 7516 §7.1).
const OF_JWS: [&str; 3] = ["header", "payload", "signature"];
const OF_JWE: [&str; 5] = ["header", "encrypted key", "initialization vector", "ciphertext", "authentication tag"];

/// Faults of writing that leave no doubt what was meant.
const MENDABLE: [Code; 3] = [Code::Padding, Code::WhiteSpace, Code::ForeignCharacter];

impl<'t> Parts<'t> {
    /// Reads the parts; the header together with the unprotected one, where there is one (RFC 7515 §7.2.1).
    pub(super) fn read(token: &'t str, unprotected: Option<&str>) -> Self {
        let mut findings: Vec<Finding> = check_length(token.len()).into_iter().collect();
        let (count, written) = (token.split('.').count(), token.split('.').take(OF_JWE.len()).collect::<Vec<_>>());
        let mut of_header = Vec::new();
        let header_text = match (written[0], unprotected) {
            ("", Some(_)) => Some("{}".to_owned()),
            (part, _) => decode("header", part, 0, &mut of_header).and_then(|bytes| utf8(bytes, &mut of_header)),
        };
        let header_text = header_text.map(|text| with_unprotected(text, unprotected));
        let names_enc = header_text.as_deref().is_some_and(names_encryption);
        let encrypted = count == 5 && names_enc;
        let shape = match count {
            5 if names_enc => Shape::Encrypted,
            3 => Shape::Signed,
            _ => Shape::Other,
        };
        findings.extend(check_count(count, &written, shape, header_text.is_some(), names_enc));
        findings.append(&mut of_header);
        let mut offset = 0;
        let names: &[&str] = if encrypted { &OF_JWE } else { &OF_JWS };
        let mut decoded = names.iter().zip(&written).enumerate().map(|(index, (name, part))| {
            // The header is decoded above.
            let bytes = if index == 0 { None } else { decode(name, part, offset, &mut findings) };
            offset += part.len() + 1;
            bytes
        });
        let (payload, signature) = (decoded.nth(1).flatten(), decoded.next().flatten());
        decoded.for_each(drop);
        let of = if encrypted { Of::Jwe } else { Of::Jws };
        let header = header_text.as_deref().and_then(|text| read_header(text, of, &mut findings));
        Self { token, shape, header_text, header, payload, signature, findings }
    }

    /// Whether the second part is a payload that can be read.
    pub(super) fn has_payload(&self) -> bool {
        self.shape != Shape::Encrypted && self.token.contains('.')
    }

    /// The token to be judged, with all that was found. A careful verifier does not look at the signature of one that it
    /// cannot read in one way alone.
    pub(super) fn strictly(&mut self) -> Option<UnverifiedJws<'t>> {
        if self.shape != Shape::Signed || self.findings.iter().any(is_error_of_form) {
            return None;
        }
        let (input, _) = self.token.rsplit_once('.')?;
        let jws = self.signed_over(input.into())?;
        Some(UnverifiedJws { findings: std::mem::take(&mut self.findings), ..jws })
    }

    /// The tokens that one could be whose only faults are padding, white space or the standard alphabet: with the parts as
    /// they stand, since a signer may have signed them so, and with the parts as they are meant. None where it can be read in
    /// more ways than that.
    pub(super) fn loosely(&self) -> Vec<UnverifiedJws<'t>> {
        let mut faults = self.findings.iter().filter(|finding| is_error_of_form(finding));
        if self.shape != Shape::Signed || !faults.all(|finding| MENDABLE.contains(&finding.code)) {
            return Vec::new();
        }
        let (Some((input, _)), Some(mended)) = (self.token.rsplit_once('.'), self.mended()) else { return Vec::new() };
        let readings =
            if input == mended { vec![Cow::Borrowed(input)] } else { vec![Cow::Borrowed(input), Cow::Owned(mended)] };
        readings.into_iter().filter_map(|input| self.signed_over(input)).collect()
    }

    /// The signing input as it should be written, where each part can be mended.
    fn mended(&self) -> Option<String> {
        let mended: Option<Vec<String>> = self.token.split('.').map(text::mend).collect();
        mended.map(|parts| parts[..2].join("."))
    }

    /// Whether the signing input of a token of this one is what stands there.
    pub(super) fn stands_in(&self, jws: &UnverifiedJws<'_>) -> bool {
        self.token.rsplit_once('.').is_some_and(|(input, _)| input == jws.signing_input())
    }

    fn signed_over(&self, input: Cow<'t, str>) -> Option<UnverifiedJws<'t>> {
        let (before, written) = self.token.rsplit_once('.')?;
        Some(UnverifiedJws {
            input,
            written: Cow::Borrowed(written),
            signature_at: Span::new(before.len() + 1, self.token.len()),
            header_text: self.header_text.clone()?,
            header: self.header.clone()?,
            payload: self.payload.clone()?,
            signature: self.signature.clone()?,
            findings: Vec::new(),
        })
    }
}

pub(super) fn is_error_of_form(finding: &Finding) -> bool {
    finding.is_error() && finding.code.group() == Group::Structure
}

/// Both headers in one JSON text; a member that stands in both is found as a duplicate.
fn with_unprotected(protected: String, unprotected: Option<&str>) -> String {
    let inner = |text: &str| {
        text.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')).map(|text| text.trim().to_owned())
    };
    match (inner(&protected), unprotected.and_then(inner)) {
        (_, None) => protected,
        (Some(a), Some(b)) if !a.is_empty() && !b.is_empty() => format!("{{{a},{b}}}"),
        (Some(a), Some(b)) => format!("{{{a}{b}}}"),
        (None, Some(_)) => protected,
    }
}

/// Whether a header names the encryption of a content, which makes five parts a JWE (RFC 7516 §9).
fn names_encryption(header: &str) -> bool {
    let enc = |document: Document<'_>| document.root().get("enc").is_some_and(|enc| enc.kind() == Kind::String);
    // Almost every header is that of a signed token, and a look at its letters shows it.
    (header.contains("enc") || header.contains('\\')) && Document::parse(header).is_ok_and(enc)
}

/// What is wrong with the number of parts.
fn check_count(count: usize, written: &[&str], shape: Shape, headed: bool, names_enc: bool) -> Option<Finding> {
    if shape == Shape::Encrypted {
        let found = "the token is encrypted (JWE): its claims can be read with the key alone";
        return Some(Finding::new(Code::Encrypted, found));
    }
    if names_enc {
        let found = format!("the header names an encryption (\"enc\"), which takes five parts; found {count}");
        return Some(Finding::new(Code::PartCount, found).hint("copy the whole token, and it alone"));
    }
    if shape == Shape::Signed {
        return None;
    }
    // Behind the signature of the first stands the header or, where the two were joined without a dot, the payload of another.
    if count > 4 && headed && written.get(3).is_some_and(|part| text::begins_an_object(part)) {
        let found =
            format!("the token has {count} parts and no \"enc\" in its header: two tokens stand together as one");
        return Some(Finding::new(Code::JoinedTokens, found).hint("copy one of them, and it alone"));
    }
    let parts = if count == 1 { "part" } else { "parts" };
    let found = format!("the token has {count} {parts}; wanted three with dots between");
    let hint = if count == 1 { "an opaque API key is not a token" } else { "copy the whole token, and it alone" };
    Some(Finding::new(Code::PartCount, found).hint(hint))
}

fn decode(name: &str, part: &str, offset: usize, findings: &mut Vec<Finding>) -> Option<Vec<u8>> {
    if part.is_empty() && name == "header" {
        let found = format!("the {name} is empty");
        findings.push(Finding::new(Code::EmptyPart, found).at(Part::Token, Span::new(offset, offset)));
        return None;
    }
    match text::decode(part) {
        Ok(bytes) => Some(bytes),
        Err(stray) => {
            let span = Span::new(offset + stray.span.start, offset + stray.span.end);
            let found = format!("the {name} holds {stray}");
            // What to do about padding depends on whether it was signed.
            let hint = match stray.code {
                Code::WhiteSpace if part[stray.span.start..].starts_with(['\n', '\r']) => {
                    Some("the token was broken over lines; join it")
                }
                Code::WhiteSpace => Some("take it out; copying put it there"),
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

fn utf8(bytes: Vec<u8>, findings: &mut Vec<Finding>) -> Option<String> {
    String::from_utf8(bytes)
        .map_err(|error| {
            let at = error.utf8_error().valid_up_to() + 1;
            findings.push(Finding::new(Code::NotUtf8, format!("byte {at} of the header is not UTF-8")));
        })
        .ok()
}

pub(super) fn read_header(text: &str, of: Of, findings: &mut Vec<Finding>) -> Option<Header> {
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
    values::check_values(Part::Header, &document, findings);
    Some(header::read(&document, of, findings))
}

pub(super) fn parse<'t>(part: Part, text: &'t str, findings: &mut Vec<Finding>) -> Option<Document<'t>> {
    match Document::parse(text) {
        Ok(document) => Some(document),
        Err(error) if error.too_deep => {
            let found = format!("the {} is nested deeper than 128 levels, which common parsers refuse", part.name());
            findings.push(Finding::new(Code::TooDeep, found).at(part, Span::byte(error.at)));
            None
        }
        Err(error) => {
            let found = format!("the {} is not JSON: {error}", part.name());
            let span = Span::new(error.at, (error.at + 1).min(text.len()));
            findings.push(Finding::new(Code::NotJson, found).at(part, span));
            None
        }
    }
}
