//! Attempt to match a signature: what is signed and how, the candidates, and the secrets that were tried.

use super::{
    Covered, Method, Scheme, SignatureFormat, TrustedSecret, extract::Extractor, signature_format::Candidate,
    signed_content::Filling,
};
use crate::engine::Verifier;

/// What this kind of proof is made of.
pub(super) struct Signed<'a> {
    pub(super) scheme: &'a Scheme,
    pub(super) method: Method,
    pub(super) covers: &'a Covered,
    pub(super) written: &'a SignatureFormat,
}

/// A secret that can be used, and its place among those that were given.
pub(super) struct Usable {
    pub(super) index: usize,
    pub(super) verifier: Verifier,
}

/// A check that found no match.
pub(super) struct Attempt<'a> {
    pub(super) signed: &'a Signed<'a>,
    pub(super) parts: &'a Extractor<'a>,
    pub(super) filling: Filling<'a>,
    pub(super) input: &'a [u8],
    pub(super) candidates: &'a [Candidate],
    pub(super) usable: &'a [Usable],
    pub(super) secrets: &'a [TrustedSecret<'a>],
}
