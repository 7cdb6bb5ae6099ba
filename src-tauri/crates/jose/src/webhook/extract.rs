//! Extractor of a delivery that a check needs, found where the scheme says: signatures, the time, the id, members of the body.

use super::{
    Delivery, Place, Proof, Scheme, Timestamp, TimestampPlace,
    check::Halt,
    signature_format::{SignatureText, member},
};
use crate::{
    Code, Finding,
    json::{Document, Kind},
    pointer::Pointer,
    text::elide,
};

/// A delivery with its body read as far as the scheme needs it.
pub(super) struct Extractor<'a> {
    pub(super) scheme: &'a Scheme,
    pub(super) delivery: &'a Delivery<'a>,
    /// The body as JSON, where members of it are needed.
    document: Option<Result<Document<'a>, Finding>>,
}

impl<'a> Extractor<'a> {
    pub(super) fn new(scheme: &'a Scheme, delivery: &'a Delivery<'a>) -> Self {
        let document = scheme.reads_body().then(|| read_body(delivery.body));
        Self { scheme, delivery, document }
    }

    /// The one value of a header field.
    pub(super) fn header(&self, name: &str) -> Result<&'a str, Finding> {
        let mut values = self.delivery.header(name);
        match (values.next(), values.count()) {
            (Some(value), 0) => Ok(value),
            (Some(_), more) => {
                let found = format!("the header field {name:?} stands {} times", more + 1);
                let hint = "servers disagree on which one counts; find out who adds the other";
                Err(Finding::new(Code::WebhookFieldTwice, found).hint(hint))
            }
            (None, _) => Err(self.missing(Code::WebhookPartMissing, name)),
        }
    }

    fn missing(&self, code: Code, name: &str) -> Finding {
        let found = format!("the header field {name:?} is missing");
        let similar = |other: &&str| {
            let lower = other.to_ascii_lowercase();
            let telling = ["signature", "timestamp", "hmac"].iter().any(|word| lower.contains(word));
            telling && !self.scheme.names(other)
        };
        let others: Vec<&str> =
            self.delivery.headers.iter().map(|(name, _)| name.trim()).filter(similar).take(4).collect();
        let hint = match others.as_slice() {
            [] => "give every header field of the delivery; a proxy may have taken this one away".to_owned(),
            others => format!("this delivery has {}; is it of another provider?", elide(&others.join(", "))),
        };
        Finding::new(code, found).hint(hint)
    }

    /// The body as JSON.
    pub(super) fn document(&self) -> Result<&Document<'a>, Finding> {
        match &self.document {
            Some(Ok(document)) => Ok(document),
            Some(Err(finding)) => Err(finding.clone()),
            None => Err(Finding::new(Code::WebhookNotJson, "the body was not read as JSON")),
        }
    }

    /// A text, number, boolean or null of the body as text; empty where there is none, and for null.
    pub(super) fn value(&self, pointer: &Pointer) -> Result<String, Finding> {
        let document = self.document()?;
        let Some(node) = pointer.find(document.root()) else { return Ok(String::new()) };
        match node.kind() {
            Kind::Null => Ok(String::new()),
            Kind::String => Ok(node.as_str().unwrap_or_default().into_owned()),
            Kind::Number | Kind::Bool => Ok(node.raw().to_owned()),
            Kind::Object | Kind::Array => {
                let found = format!("\"{pointer}\" of the body is {}; wanted a text or a number", node.kind().name());
                Err(Finding::new(Code::WebhookPartMissing, found))
            }
        }
    }

    /// The texts that hold the signatures, or the token.
    pub(super) fn signatures(&self) -> Result<Vec<(String, String)>, Halt> {
        match &self.scheme.place {
            Place::Headers(names) => {
                let mut sources = Vec::new();
                for name in names.iter().filter(|name| self.delivery.header(name).next().is_some()) {
                    sources.push((name.clone(), self.header(name)?.to_owned()));
                }
                match (sources.is_empty(), names.first()) {
                    (false, _) => Ok(sources),
                    (true, Some(name)) => Err(self.missing(Code::WebhookSignatureMissing, name).into()),
                    (true, None) => Err(Halt::Unknown("the scheme does not say where the signature stands".to_owned())),
                }
            }
            Place::Body(pointer) => {
                let text = self.value(pointer)?;
                if text.is_empty() {
                    let found = format!("the body has no signature at \"{pointer}\"");
                    let hint = "is signing switched on for this webhook in the provider's settings?";
                    return Err(Finding::new(Code::WebhookSignatureMissing, found).hint(hint).into());
                }
                Ok(vec![(format!("{pointer}"), text)])
            }
        }
    }

    /// What stands between the members of a `k=v` list.
    fn separator(&self) -> &'a str {
        match &self.scheme.proof {
            Proof::Signature { written, .. } => written.separator().unwrap_or(","),
            Proof::Token { .. } => ",",
        }
    }

    /// The text of the time, for schemes that do not have it in a token.
    pub(super) fn timestamp(&self, timestamp: &Timestamp) -> Result<String, Finding> {
        match &timestamp.place {
            TimestampPlace::Header { name, member: None } => self.header(name).map(str::to_owned),
            TimestampPlace::Header { name, member: Some(key) } => {
                let text = self.header(name)?;
                member(text, self.separator(), key).map(str::to_owned).ok_or_else(|| {
                    let found = format!("the header field {name:?} has no member \"{key}=\"");
                    Finding::new(Code::WebhookPartMissing, found)
                })
            }
            TimestampPlace::Body(pointer) => match self.value(pointer)? {
                text if text.is_empty() => {
                    let found = format!("the body has no timestamp at \"{pointer}\"");
                    Err(Finding::new(Code::WebhookPartMissing, found))
                }
                text => Ok(text),
            },
            TimestampPlace::Claim(name) => {
                let found = format!("the claim {name:?} is looked for, and there is no token");
                Err(Finding::new(Code::WebhookPartMissing, found))
            }
        }
    }

    /// Lists on the way to what is read, of which the signature covers one element alone.
    pub(super) fn uncovered(&self, pointers: &[&Pointer]) -> Option<Finding> {
        let root = self.document().ok()?.root();
        let way = pointers.iter().find_map(|pointer| pointer.way(root))?;
        let (list, more) = way.iter().find_map(|node| {
            let more = node.elements().count().checked_sub(1).filter(|more| *more > 0 && node.kind() == Kind::Array)?;
            Some((node.path(), more))
        })?;
        let found =
            format!("\"{list}\" of the body has {more} more {}, which this signature does not cover", elements(more));
        let hint = "check the signature of each, and use none that has no good one";
        Some(Finding::new(Code::WebhookUncovered, found).hint(hint))
    }
}

fn elements(count: usize) -> &'static str {
    if count == 1 { "element" } else { "elements" }
}

/// The names and values of sources, as they are read.
pub(super) fn sources(texts: &[(String, String)]) -> Vec<SignatureText<'_>> {
    texts.iter().map(|(name, text)| SignatureText { name: name.clone(), text }).collect()
}

/// The body as JSON without duplicate members, since servers disagree on which one counts.
fn read_body(body: &[u8]) -> Result<Document<'_>, Finding> {
    let text = std::str::from_utf8(body).map_err(|error| {
        let found = format!("byte {} of the body is not UTF-8; wanted JSON", error.valid_up_to() + 1);
        Finding::new(Code::WebhookNotJson, found)
    })?;
    let document = Document::parse(text)
        .map_err(|error| Finding::new(Code::WebhookNotJson, format!("the body is not JSON: {error}")))?;
    match document.duplicates().first() {
        Some(twice) => {
            let found = format!("\"{}\" stands twice in the body", elide(&twice.path));
            Err(Finding::new(Code::DuplicateMember, found).hint("servers disagree on which one counts"))
        }
        None => Ok(document),
    }
}
