//! The bytes that a signature covers, put together from a delivery.

use super::{Covered, FieldList, Piece, Slot, Template, check::Halt, extract::Extractor};
use crate::{Code, Finding, json::Kind, pointer::Pointer, text::elide};

/// What fills the slots of a template. Near misses put other bytes in these places.
#[derive(Clone, Copy)]
pub(super) struct Filling<'f> {
    pub(super) body: &'f [u8],
    pub(super) timestamp: &'f str,
    pub(super) id: &'f str,
}

/// The bytes that are covered, and what they are in words.
pub(super) fn signed_content(
    covers: &Covered,
    filling: &Filling<'_>,
    parts: &Extractor<'_>,
) -> Result<(Vec<u8>, String), Halt> {
    match covers {
        Covered::Text(template) => {
            let bytes = fill(template, filling, parts)?;
            let words = format!("{}: {} bytes", template.text(), bytes.len());
            Ok((bytes, words))
        }
        Covered::Fields { list, separator } => {
            let pointers = pointers(list, parts)?;
            let values = pointers.iter().map(|pointer| parts.value(pointer)).collect::<Result<Vec<_>, _>>()?;
            let bytes = values.join(separator).into_bytes();
            let (count, length) = (pointers.len(), bytes.len());
            let noun = if count == 1 { "member" } else { "members" };
            Ok((bytes, format!("{count} {noun} of the body: {length} bytes; the rest of the body is not covered")))
        }
    }
}

fn fill(template: &Template, filling: &Filling<'_>, parts: &Extractor<'_>) -> Result<Vec<u8>, Halt> {
    let mut bytes = Vec::with_capacity(filling.body.len() + 64);
    for piece in template.pieces() {
        bytes.extend_from_slice(match piece {
            Piece::Text(text) => text.as_bytes(),
            Piece::Slot(Slot::Body) => filling.body,
            Piece::Slot(Slot::Timestamp) => filling.timestamp.as_bytes(),
            Piece::Slot(Slot::Id) => filling.id.as_bytes(),
            Piece::Slot(Slot::Url) => requested("address", parts.delivery.url)?,
            Piece::Slot(Slot::Method) => requested("method", parts.delivery.method)?,
            Piece::Slot(Slot::Header(name)) => parts.header(name)?.as_bytes(),
        });
    }
    Ok(bytes)
}

/// Something of the request that a person may not have at hand.
fn requested<'r>(what: &str, value: Option<&'r str>) -> Result<&'r [u8], Halt> {
    let words = || Halt::Unknown(format!("the {what} of the request is signed too, and was not given"));
    value.map(str::as_bytes).ok_or_else(words)
}

/// The members that are signed.
pub(super) fn pointers(list: &FieldList, parts: &Extractor<'_>) -> Result<Vec<Pointer>, Finding> {
    let (names, within) = match list {
        FieldList::Fixed(pointers) => return Ok(pointers.clone()),
        FieldList::Named { names, within } => (names, within),
    };
    let missing = |found: String| Finding::new(Code::WebhookPartMissing, found);
    let document = parts.document()?;
    let node = names
        .find(document.root())
        .ok_or_else(|| missing(format!("the body does not say at \"{names}\" which members are signed")))?;
    let listed: Option<Vec<String>> = match node.kind() {
        Kind::String => node.as_str().map(|text| text.split_whitespace().map(str::to_owned).collect()),
        Kind::Array => node.elements().map(|name| name.as_str().map(|name| name.into_owned())).collect(),
        _ => None,
    };
    match listed {
        Some(listed) if !listed.is_empty() => Ok(listed.iter().map(|name| within.member(name)).collect()),
        _ => Err(missing(format!("\"{names}\" of the body is {}; wanted names of members", elide(node.raw())))),
    }
}
