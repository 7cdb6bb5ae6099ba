//! RSA keys as .NET writes them: the XML of `RSA.ToXmlString`, after RSAKeyValue of XML Signature §4.5.2.2.

use zeroize::Zeroizing;

use super::{
    Bytes, Key, PublicKey, RsaPublic,
    error::ReadError,
    from_parts,
    rsa_numbers::{Known, complete},
};
use crate::text::without_white_space;

/// Whether there is such a key in a text.
pub(super) fn is_in(text: &str) -> bool {
    text.contains("<RSAKeyValue")
}

/// The key. Of the private numbers, `D` and the primes count; the others follow from them.
pub(super) fn read(text: &str) -> Result<Key, ReadError> {
    let damaged = ReadError::KeyLike { looks: "is RSAKeyValue XML of .NET without all its members".to_owned() };
    let inner = text.split_once("<RSAKeyValue").and_then(|(_, rest)| rest.split_once("</RSAKeyValue>"));
    let (inner, _) = inner.ok_or_else(|| damaged.clone())?;
    let required = |name| element(inner, name).ok_or_else(|| damaged.clone());
    let public = RsaPublic { n: required("Modulus")?.to_vec(), e: required("Exponent")?.to_vec() };
    let Some(d) = element(inner, "D") else {
        return if inner.contains("<D>") || inner.contains("<P>") {
            Err(damaged)
        } else {
            Ok(Key::Public(PublicKey::Rsa(public)))
        };
    };
    let primes = element(inner, "P").zip(element(inner, "Q"));
    let known = Known { d: &d, primes: primes.as_ref().map(|(p, q)| (p.as_slice(), q.as_slice())) };
    let numbers = complete(&public, &known).ok_or(ReadError::HalvesDiffer)?;
    from_parts::rsa_private(public, numbers)
}

/// A number in base64, without leading zeros.
fn element(text: &str, name: &str) -> Option<Bytes> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (value, _) = rest.split_once(&format!("</{name}>"))?;
    let value = without_white_space(value);
    let bytes = data_encoding::BASE64_NOPAD.decode(value.trim_end_matches('=').as_bytes()).map(Zeroizing::new).ok()?;
    let first = bytes.iter().position(|byte| *byte != 0)?;
    Some(Zeroizing::new(bytes[first..].to_vec()))
}
