//! Keys out of PEM: what each block holds, and which of the keys of a file are meant. A private key counts before the certificates
//! beside it, and a certificate before those of its issuers.

use super::{
    Found, Jwk, Key,
    armor::label_lines,
    certificate::Certificate,
    der_keys::read_der,
    encrypted::{Opening, open_dek},
    error::ReadError,
    form::{Form, detect, outer_length},
    meant::chosen,
    openssh,
    pem::{self, Block},
};
use crate::{Code, Finding};

/// Every key in a text that has a block.
pub(super) fn read(text: &str, opening: &Opening<'_>) -> Result<Found, ReadError> {
    let (mut private, mut public, mut certificates) = (Vec::new(), Vec::new(), Vec::new());
    let (mut form, mut public_form) = (None, None);
    let mut foreign = None;
    for block in pem::blocks(text)? {
        match content(&block, opening)? {
            Content::Found(found) => {
                for Jwk { key, .. } in found.keys {
                    let is_public = matches!(key, Key::Public(_));
                    let (keys, form) =
                        if is_public { (&mut public, &mut public_form) } else { (&mut private, &mut form) };
                    keys.push(key);
                    form.get_or_insert_with(|| found.form.clone());
                }
            }
            Content::Certificate(certificate) => certificates.push(certificate),
            Content::Parameters => {}
            Content::Foreign => drop(foreign.get_or_insert(block.label)),
        }
    }
    let mut found = chosen(private, public, certificates);
    if found.keys.is_empty() {
        let label = foreign.unwrap_or_else(|| "EC PARAMETERS".to_owned());
        return Err(if label.starts_with("PGP ") { ReadError::OPENPGP } else { ReadError::PemLabel { label } });
    }
    found.form = match (found.keys.len(), form.or(public_form)) {
        (1, Some(form)) => form,
        (1, None) => "an X.509 certificate in PEM".to_owned(),
        _ => "several keys in PEM".to_owned(),
    };
    // RFC 4716 has four hyphens and a blank.
    let of_ssh = |label: Option<&str>| label.is_some_and(|label| label.starts_with("SSH2 "));
    if let Some(line) = label_lines(text).into_iter().find(|line| !line.exact && !of_ssh(line.label)) {
        let message = format!(
            "the {} line of the PEM block is not as RFC 7468 has it: -----{} LABEL-----",
            line.side.word(),
            line.side.word()
        );
        let hint = "other programs may refuse this file; write it anew";
        found.findings.push(Finding::new(Code::KeyForm, message).hint(hint));
    }
    Ok(found)
}

/// What a block holds.
enum Content {
    Found(Found),
    Certificate(Certificate),
    /// The curve, which openssl ecparam writes as a block of its own before the key.
    Parameters,
    Foreign,
}

fn content(block: &Block<'_>, opening: &Opening<'_>) -> Result<Content, ReadError> {
    let single = |form: &str, key: Key| {
        Content::Found(Found { form: form.to_owned(), keys: vec![key.into()], findings: Vec::new() })
    };
    let form = match block.label.as_str() {
        "PRIVATE KEY" => Form::Pkcs8,
        "ENCRYPTED PRIVATE KEY" => Form::EncryptedPkcs8,
        "RSA PRIVATE KEY" => Form::Pkcs1,
        "EC PRIVATE KEY" => Form::Sec1,
        "PUBLIC KEY" | "EC PUBLIC KEY" => Form::Spki,
        "RSA PUBLIC KEY" => Form::Pkcs1Public,
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Form::Certificate,
        "PKCS12" | "PFX" => Form::Pkcs12,
        "OPENSSH PRIVATE KEY" => {
            return openssh::read_private(&block.der, opening).map(|key| single("an OpenSSH private key", key));
        }
        "SSH2 PUBLIC KEY" => {
            return openssh::read_rfc4716(block.body).map(|key| single("an SSH public key (RFC 4716)", key));
        }
        "RSA-PSS PRIVATE KEY" | "RSA-PSS PUBLIC KEY" => return Err(ReadError::PSS_ALONE),
        "EC PARAMETERS" => return Ok(Content::Parameters),
        // Some programs put the type into the label of other forms: ED25519 PRIVATE KEY.
        label if label.ends_with(" KEY") => match detect(&block.der) {
            Some(form) => form,
            None => return Ok(Content::Foreign),
        },
        _ => return Ok(Content::Foreign),
    };
    match &block.dek {
        Some((cipher, iv)) => {
            let opened = open_dek(cipher, iv, &block.der, opening)?;
            read_block(form, &opened, opening, "encrypted PEM of the old OpenSSL")
        }
        None => read_block(form, &block.der, opening, "PEM"),
    }
}

fn read_block(form: Form, der: &[u8], opening: &Opening<'_>, wrapping: &str) -> Result<Content, ReadError> {
    if let Some((wanted, found)) = outer_length(der)
        && found != wanted
    {
        return Err(ReadError::Damaged {
            form,
            what: format!(": it has {found} bytes, and says that it has {wanted}"),
        });
    }
    // A block can hold another form than its label says; what the bytes look like is then the better word.
    match detect(der).unwrap_or(form) {
        // A trusted certificate has more behind it; its first part is the certificate.
        Form::Certificate => Certificate::read(der).map(Content::Certificate),
        form => read_der(form, der, opening, wrapping).map(Content::Found),
    }
}
