//! Forms of DER: which structure a text holds, seen from its outermost tags.

use der::{Decode, Reader, SliceReader, Tag};

/// The forms in which a key can stand in DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// PKCS#8, a private key of any type.
    Pkcs8,
    /// PKCS#8, encrypted with a passphrase (PBES2).
    EncryptedPkcs8,
    /// PKCS#1, an RSA private key.
    Pkcs1,
    /// PKCS#1, an RSA public key.
    Pkcs1Public,
    /// SEC1, an EC private key.
    Sec1,
    /// SPKI, a public key of any type.
    Spki,
    /// An X.509 certificate.
    Certificate,
    /// PKCS#12, a container.
    Pkcs12,
}

/// What a DER text looks like from its outermost tags.
pub(super) fn detect(der: &[u8]) -> Option<Form> {
    let tags = children(der)?;
    Some(match tags.as_slice() {
        [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => Form::Pkcs8,
        [Tag::Sequence, Tag::OctetString] => Form::EncryptedPkcs8,
        [Tag::Sequence, Tag::BitString] => Form::Spki,
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => Form::Certificate,
        [Tag::Integer, Tag::OctetString, ..] => Form::Sec1,
        [Tag::Integer, Tag::Integer] => Form::Pkcs1Public,
        [Tag::Integer, Tag::Sequence] | [Tag::Integer, Tag::Sequence, Tag::Sequence] => Form::Pkcs12,
        [Tag::Integer, Tag::Integer, Tag::Integer, ..] => Form::Pkcs1,
        _ => return None,
    })
}

fn children(der: &[u8]) -> Option<Vec<Tag>> {
    let mut reader = SliceReader::new(der).ok()?;
    let outer = der::Header::decode(&mut reader).ok()?;
    if outer.tag != Tag::Sequence {
        return None;
    }
    let mut tags = Vec::new();
    while !reader.is_finished() && tags.len() < 12 {
        let header = der::Header::decode(&mut reader).ok()?;
        tags.push(header.tag);
        reader.read_slice(header.length).ok()?;
    }
    Some(tags)
}

/// The name of a form.
pub(super) fn form_name(form: Form) -> &'static str {
    match form {
        Form::Pkcs8 => "PKCS#8",
        Form::EncryptedPkcs8 => "encrypted PKCS#8",
        Form::Pkcs1 => "a PKCS#1 RSA private key",
        Form::Pkcs1Public => "a PKCS#1 RSA public key",
        Form::Sec1 => "a SEC1 EC private key",
        Form::Spki => "a public key (SPKI)",
        Form::Certificate => "an X.509 certificate",
        Form::Pkcs12 => "PKCS#12",
    }
}

/// The length that the outermost DER element says it has, with its header, and the length that is there. `None` for what
/// does not begin like a sequence of some size.
pub(super) fn outer_length(der: &[u8]) -> Option<(usize, usize)> {
    let mut reader = SliceReader::new(der).ok()?;
    let outer = der::Header::decode(&mut reader).ok()?;
    let header = usize::try_from(reader.position()).ok()?;
    let content = usize::try_from(outer.length).ok()?;
    (outer.tag == Tag::Sequence && content > 16).then_some((header + content, der.len()))
}
