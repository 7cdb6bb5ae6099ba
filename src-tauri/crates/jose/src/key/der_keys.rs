//! Keys out of DER of any form: one key, or what a container holds.

use super::{
    Found, Key,
    certificate::Certificate,
    container, decode,
    encrypted::{self, Opening},
    error::ReadError,
    form::{Form, form_name},
    meant::chosen,
};

/// Reads DER of this form. Of a container, the private keys count, else the certificates.
pub(super) fn read_der(form: Form, bytes: &[u8], opening: &Opening<'_>, wrapping: &str) -> Result<Found, ReadError> {
    let key = match form {
        Form::Pkcs8 => decode::read_pkcs8(bytes)?,
        Form::EncryptedPkcs8 => decode::read_pkcs8(&encrypted::open_pkcs8(bytes, opening)?)?,
        Form::Pkcs1 => decode::read_pkcs1(bytes)?,
        Form::Pkcs1Public => decode::read_pkcs1_public(bytes)?,
        Form::Sec1 => decode::read_sec1(bytes)?,
        Form::Spki => decode::read_spki(bytes)?,
        Form::Certificate => Key::Public(Certificate::read(bytes)?.key),
        Form::Pkcs12 => {
            let held = container::read(bytes, opening)?;
            let keys = chosen(held.keys, Vec::new(), held.certificates);
            if keys.keys.is_empty() {
                return Err(ReadError::EmptyContainer);
            }
            return Ok(Found { form: form_name(form).to_owned(), ..keys });
        }
    };
    let form = format!("{} in {wrapping}", form_name(form));
    Ok(Found { form, keys: vec![key.into()], findings: Vec::new() })
}
