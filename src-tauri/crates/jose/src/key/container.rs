//! PKCS#12 containers (RFC 7292): the keys in one, under any encryption of its time.

use cms::{content_info::ContentInfo, encrypted_data::EncryptedData};
use der::{
    Decode, Encode,
    asn1::{ContextSpecific, ObjectIdentifier, OctetString},
};
use pkcs12::{PKCS_12_CERT_BAG_OID, PKCS_12_KEY_BAG_OID, PKCS_12_PKCS8_KEY_BAG_OID};
use pkcs12::{pfx::Pfx, safe_bag::SafeContents};
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::{
    Bytes,
    certificate::Certificate,
    decode,
    encrypted::{self, Opening},
    error::ReadError,
};
use crate::key::Key;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");

/// What a container holds.
#[derive(Default)]
pub(super) struct Held {
    pub keys: Vec<Key>,
    pub certificates: Vec<Certificate>,
}

/// Opens a container. Without a passphrase the empty one is tried, which some programs write.
pub(super) fn read(der: &[u8], opening: &Opening<'_>) -> Result<Held, ReadError> {
    let pfx = Pfx::from_der(der).map_err(|_| ReadError::CONTAINER)?;
    let safe = data(&pfx.auth_safe).ok_or(ReadError::CONTAINER)?;
    let contents = Vec::<ContentInfo>::from_der(&safe).map_err(|_| ReadError::CONTAINER)?;
    let mut held = Held::default();
    let given = opening.or_empty();
    for content in contents {
        let opened = match content.content_type {
            DATA => data(&content).ok_or(ReadError::CONTAINER),
            ENCRYPTED => opened(&content, &given),
            _ => continue,
        };
        let opened = opened.map_err(|error| unasked(error, opening))?;
        read_bags(&opened, &given, &mut held).map_err(|error| unasked(error, opening))?;
    }
    Ok(held)
}

/// That the empty passphrase does not open it means that one is needed.
fn unasked(error: ReadError, opening: &Opening<'_>) -> ReadError {
    if error == ReadError::WrongPassphrase && !opening.is_given() { ReadError::PassphraseNeeded } else { error }
}

fn data(content: &ContentInfo) -> Option<Bytes> {
    let string = content.content.decode_as::<OctetString>().ok()?;
    Some(Zeroizing::new(string.into_bytes()))
}

fn opened(content: &ContentInfo, opening: &Opening<'_>) -> Result<Bytes, ReadError> {
    let damaged = |_| ReadError::CONTAINER;
    let der = content.content.to_der().map_err(damaged)?;
    let inner = EncryptedData::from_der(&der).map_err(damaged)?.enc_content_info;
    let algorithm = inner.content_enc_alg.to_der().map_err(damaged)?;
    let algorithm = AlgorithmIdentifierRef::from_der(&algorithm).map_err(damaged)?;
    let sealed = inner.encrypted_content.ok_or(ReadError::CONTAINER)?;
    encrypted::open(&algorithm, sealed.as_bytes(), opening)
}

fn read_bags(contents: &[u8], opening: &Opening<'_>, held: &mut Held) -> Result<(), ReadError> {
    // What a wrong passphrase leaves is noise.
    let bags = SafeContents::from_der(contents).map_err(|_| ReadError::WrongPassphrase)?;
    for bag in bags {
        let value = Zeroizing::new(bag.bag_value);
        let inner = ContextSpecific::<der::Any>::from_der(&value).and_then(|inner| inner.value.to_der());
        let inner = Zeroizing::new(inner.map_err(|_| ReadError::CONTAINER)?);
        match bag.bag_id {
            PKCS_12_KEY_BAG_OID => held.keys.push(decode::read_pkcs8(&inner)?),
            PKCS_12_PKCS8_KEY_BAG_OID => held.keys.push(decode::read_pkcs8(&encrypted::open_pkcs8(&inner, opening)?)?),
            PKCS_12_CERT_BAG_OID => held.certificates.extend(certificate(&inner)),
            _ => {}
        }
    }
    Ok(())
}

/// A certificate of another kind, or one that cannot be read, does not keep anybody from the key beside it.
fn certificate(bag: &[u8]) -> Option<Certificate> {
    let bag = pkcs12::cert_type::CertBag::from_der(bag).ok()?;
    Certificate::read(bag.cert_value.as_bytes()).ok()
}

impl ReadError {
    /// A container that this reader cannot take apart: BER of indefinite length, signed ones, or damage.
    pub(super) const CONTAINER: Self = Self::NotRead {
        what: "a PKCS#12 container in a form of BER",
        hint: "take its key out: openssl pkcs12 -legacy -in FILE -nocerts -out KEY",
    };
}
