//! X.509 certificates (RFC 5280): the public key in one, and which of several are there for its sake.

use der::{Decode, Encode};
use x509_cert::certificate::{CertificateInner, Raw};

use super::{decode, error::ReadError, form::Form};
use crate::key::PublicKey;

/// What a certificate says of itself. Who signed it, and until when it counts, is not looked at.
pub(super) struct Certificate {
    pub key: PublicKey,
    subject: Vec<u8>,
    issuer: Vec<u8>,
}

impl Certificate {
    pub(super) fn read(der: &[u8]) -> Result<Self, ReadError> {
        let damaged = |error: der::Error| ReadError::der(Form::Certificate, &error);
        let certificate = CertificateInner::<Raw>::from_der(der).map_err(damaged)?.tbs_certificate;
        let spki = certificate.subject_public_key_info.to_der().map_err(damaged)?;
        let super::Key::Public(key) = decode::read_spki(&spki)? else {
            return Err(ReadError::Damaged { form: Form::Certificate, what: String::new() });
        };
        let subject = certificate.subject.to_der().map_err(damaged)?;
        let issuer = certificate.issuer.to_der().map_err(damaged)?;
        Ok(Self { key, subject, issuer })
    }

    /// Whether this one is an authority's, beside a certificate that it issued.
    pub(super) fn issued_one_of(&self, others: &[Self]) -> bool {
        others.iter().any(|other| other.issuer == self.subject && other.subject != self.subject)
    }
}
