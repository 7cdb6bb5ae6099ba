//! Signatures as they stand in a delivery: lists, `k=v` members, beginnings. What is wrong with one is named with its place,
//! and what it could have been meant to be is kept for the near misses.

use super::{Encoding, SignatureFormat};
use crate::{Code, Finding, text::elide};

/// Signatures of one delivery that are looked at. While a secret is replaced there are two.
pub(super) const MOST_SIGNATURES: usize = 32;

/// A signature that stands in a delivery.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Its bytes, if it is written as it should be.
    pub(super) bytes: Option<Vec<u8>>,
    /// Bytes that it could have been meant for, with the condition as a sentence goes on after "if".
    pub(super) meant: Vec<(String, Vec<u8>)>,
}

/// Malformed signatures that are told one by one.
const MOST_TOLD: usize = 4;

/// What stands in one place: a text and what it is called.
pub(super) struct SignatureText<'a> {
    /// The header field or the pointer.
    pub(super) name: String,
    /// The text.
    pub(super) text: &'a str,
}

/// Reads the signatures of all places. What is not written as it should be becomes a finding; signatures of other versions are
/// passed over.
pub(super) fn read(
    written: &SignatureFormat,
    length: usize,
    sources: &[SignatureText<'_>],
) -> (Vec<Candidate>, Vec<Finding>) {
    let mut candidates = Vec::new();
    let mut findings = Vec::new();
    for source in sources {
        let before = (candidates.len(), findings.len());
        let reader = Reader { written, length, source };
        let mut passed_over = Vec::new();
        for (at, item) in reader.items() {
            if candidates.len() == MOST_SIGNATURES {
                let found =
                    format!("{:?} holds more than {MOST_SIGNATURES} signatures; the rest is not read", source.name);
                findings.push(Finding::new(Code::WebhookMalformed, found));
                break;
            }
            match reader.item(at, item, &mut findings) {
                Some(candidate) => candidates.push(candidate),
                None => passed_over.push(item),
            }
        }
        if before == (candidates.len(), findings.len()) {
            findings.push(reader.none(&passed_over));
            candidates.extend(passed_over.into_iter().take(MOST_SIGNATURES).map(|item| reader.unaccepted(item)));
        }
    }
    let more = findings.len().saturating_sub(MOST_TOLD);
    if more > 1 {
        findings.truncate(MOST_TOLD);
        findings.push(Finding::new(
            Code::WebhookMalformed,
            format!("{more} more signatures of the delivery are malformed"),
        ));
    }
    (candidates, findings)
}

/// The value of a member of a `k=v` list.
pub(super) fn member<'t>(text: &'t str, separator: &str, name: &str) -> Option<&'t str> {
    let mut members = text.split(separator).filter_map(|item| item.trim_ascii().split_once('='));
    members.find(|(key, _)| *key == name).map(|(_, value)| value)
}

struct Reader<'a> {
    written: &'a SignatureFormat,
    length: usize,
    source: &'a SignatureText<'a>,
}

impl<'a> Reader<'a> {
    /// What stands between the separators, each with its place. White space around the members of a list does not count.
    fn items(&self) -> Vec<(usize, &'a str)> {
        let text = self.source.text;
        let place = |item: &str| item.as_ptr() as usize - text.as_ptr() as usize;
        let items = match self.written.separator().filter(|separator| !separator.is_empty()) {
            Some(separator) => text.split(separator).collect(),
            None => vec![text],
        };
        let listed = !self.written.members.is_empty();
        let items = items.into_iter().map(|item| if listed { item.trim_ascii() } else { item });
        items.map(|item| (place(item), item)).collect()
    }

    /// Reads one; none where it is of a version that does not count.
    fn item(&self, at: usize, item: &str, findings: &mut Vec<Finding>) -> Option<Candidate> {
        let value = self.accepted(item)?;
        let start = at + (item.len() - value.len());
        let bytes = match self.written.encoding.decode(value) {
            Ok(bytes) if bytes.len() == self.length => Some(bytes),
            Ok(bytes) => {
                let found = match bytes.len() {
                    0 => format!("the signature in {:?} is empty", self.source.name),
                    1 => format!("the signature in {:?} has 1 byte; wanted {}", self.source.name, self.length),
                    found => {
                        format!("the signature in {:?} has {found} bytes; wanted {}", self.source.name, self.length)
                    }
                };
                findings.push(self.malformed(found));
                None
            }
            Err(stray) => {
                let found = format!("the signature in {:?} {}", self.source.name, stray.words(self.source.text, start));
                findings.push(self.malformed(found));
                None
            }
        };
        let meant = if bytes.is_some() { Vec::new() } else { self.meant(value) };
        Some(Candidate { bytes, meant })
    }

    fn malformed(&self, found: String) -> Finding {
        let hint = format!("wanted {} bytes in {}, and nothing else", self.length, self.written.encoding.name());
        Finding::new(Code::WebhookMalformed, found).hint(hint)
    }

    /// What is left of an item without its key and its beginning; none where these are others.
    fn accepted<'t>(&self, item: &'t str) -> Option<&'t str> {
        let value = if self.written.members.is_empty() {
            item
        } else {
            let (key, value) = item.split_once('=')?;
            self.written.members.iter().any(|member| member == key).then_some(value)?
        };
        if self.written.prefixes.is_empty() {
            return Some(value);
        }
        self.written.prefixes.iter().find_map(|prefix| value.strip_prefix(prefix.as_str()))
    }

    /// Nothing in this place is of a version that counts.
    fn none(&self, items: &[&str]) -> Finding {
        let SignatureFormat { members, prefixes, .. } = self.written;
        let wanted: Vec<String> = match members.is_empty() {
            true => prefixes.iter().map(|prefix| format!("{prefix:?}")).collect(),
            false => members.iter().map(|member| format!("\"{member}=\"")).collect(),
        };
        let found: Vec<&str> = items.iter().filter_map(|item| Some(beginning(item)?.0)).take(4).collect();
        let found = match found.as_slice() {
            [] => "found nothing like it".to_owned(),
            found => format!("found {}", elide(&found.join(" "))),
        };
        let message = format!("no signature in {:?} begins with {}; {found}", self.source.name, wanted.join(" or "));
        Finding::new(Code::WebhookMalformed, message).hint("signatures of other versions prove nothing to this check")
    }

    /// A signature without what should stand before it, or with something else there.
    fn unaccepted(&self, item: &str) -> Candidate {
        let bytes = |text: &str| self.written.encoding.decode(text).ok().filter(|bytes| bytes.len() == self.length);
        let mut meant = Vec::new();
        if let Some(bytes) = bytes(item) {
            meant.push(("the signature needed nothing before it".to_owned(), bytes));
        }
        if let Some((before, bytes)) = beginning(item).and_then(|(before, rest)| Some((before, bytes(rest)?))) {
            meant.push((format!("{:?} stood for a version that counts", elide(before)), bytes));
        }
        Candidate { bytes: None, meant }
    }

    /// Other ways to read it.
    fn meant(&self, value: &str) -> Vec<(String, Vec<u8>)> {
        let mut meant = Vec::new();
        let mut add = |encoding: Encoding, text: &str, what: String| {
            if let Some(bytes) = encoding.decode(text).ok().filter(|bytes| bytes.len() == self.length) {
                meant.push((what, bytes));
            }
        };
        let own = self.written.encoding;
        for other in Encoding::ALL.into_iter().filter(|other| *other != own) {
            add(other, value, format!("the signature were read as {} instead of {}", other.name(), own.name()));
        }
        let trimmed = value.trim();
        if trimmed != value {
            add(own, trimmed, "the signature had no white space around it".to_owned());
        }
        if let Some((before, rest)) = beginning(value) {
            add(own, rest, format!("{:?} before the signature were left out", elide(before)));
        }
        meant
    }
}

/// What looks like the name of a version or a hash before a signature: `sha256=`, `v1,`. Base64 may end in `=`.
fn beginning(text: &str) -> Option<(&str, &str)> {
    let at = text.find(['=', ',', ':'])? + 1;
    let (before, rest) = text.split_at(at);
    (at <= 12 && !rest.is_empty() && rest != "=").then_some((before, rest))
}
