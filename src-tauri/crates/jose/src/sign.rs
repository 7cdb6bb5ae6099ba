//! Making a token: what is typed is what is signed, byte for byte.
//!
//! A [`Draft`] is a header and a payload as typed, checked; with a [`SigningKey`] it becomes a [`CompactJws`].

use crate::{
    Alg, Finding, Part,
    engine::{EngineError, Signer},
    exposed, header,
    json::{Document, Kind, NotJson, quote},
    key::{Jwk, Key, check},
    text,
};

/// A header and a payload, ready to be signed.
#[derive(Debug, Clone)]
pub struct Draft<'t> {
    header: &'t str,
    payload: &'t [u8],
    alg: String,
}

/// Why a draft cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// A part is not JSON.
    #[error("the {} is not JSON: {error}", noun(*.part))]
    NotJson {
        /// Header or payload.
        part: Part,
        /// Where and why.
        error: NotJson,
    },
    /// A part is JSON but not an object.
    #[error("the {} is {found}; wanted an object", noun(*.part))]
    NotObject {
        /// Header or payload.
        part: Part,
        /// What it is.
        found: &'static str,
    },
    /// A member twice.
    #[error("{path:?} stands twice in the {}, at {first} and at {second}", noun(*.part))]
    Duplicate {
        /// Header or payload.
        part: Part,
        /// The member.
        path: String,
        /// Where it stands first: "line 1, column 2".
        first: String,
        /// Where it stands again.
        second: String,
    },
    /// The header names no algorithm.
    #[error("\"alg\" is missing from the header")]
    AlgMissing,
    /// A header parameter that inspection calls an error.
    #[error("{}", .0.message)]
    Header(Finding),
    /// A private key in the claims.
    #[error("{}", .0.message)]
    Claims(Finding),
    /// The header and the key disagree.
    #[error("\"alg\" is {found:?} in the header, and the key signs with {wanted}")]
    AlgDiffers {
        /// What the header says.
        found: String,
        /// What the key does.
        wanted: Alg,
    },
}

impl DraftError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Header(finding) | Self::Claims(finding) => finding.hint.as_deref(),
            Self::NotJson { error, .. } if error.too_deep => {
                Some("no API needs claims nested this deeply; flatten them")
            }
            Self::Duplicate { .. } => Some("servers disagree on which one counts; keep one"),
            Self::AlgMissing => Some("add it, or let the key fill it in"),
            Self::AlgDiffers { .. } => Some("leave \"alg\" to the key"),
            Self::NotJson { .. } | Self::NotObject { .. } => None,
        }
    }
}

fn noun(part: Part) -> &'static str {
    match part {
        Part::Header => "header",
        Part::Payload => "claims set",
        Part::Token => "token",
    }
}

impl<'t> Draft<'t> {
    /// A JWT: both parts JSON objects without duplicate members (RFC 7519 §4), kept as typed. No private key may stand in
    /// its claims.
    pub fn jwt(header: &'t str, claims: &'t str) -> Result<Self, DraftError> {
        let document = object(Part::Payload, claims)?;
        if let Some(finding) = exposed::private_keys(Part::Payload, &document).next() {
            return Err(DraftError::Claims(finding));
        }
        Self::jws(header, claims.as_bytes())
    }

    /// A JWS over any bytes (RFC 7515 §3). A header that inspection of the token would call an error is refused, so also one
    /// with `b64` false: JWTs are never signed that way (RFC 7797 §7), and most verifiers refuse it.
    pub fn jws(header: &'t str, payload: &'t [u8]) -> Result<Self, DraftError> {
        let draft = Self::of_any_header(header, payload)?;
        match header::refusal(&object(Part::Header, header)?) {
            Some(finding) => Err(DraftError::Header(finding)),
            None => Ok(draft),
        }
    }

    /// The same with whatever else the header says; for bad tokens on purpose.
    pub(crate) fn of_any_header(header: &'t str, payload: &'t [u8]) -> Result<Self, DraftError> {
        let document = object(Part::Header, header)?;
        let alg = document.root().get("alg").and_then(|alg| alg.as_str()).ok_or(DraftError::AlgMissing)?.into_owned();
        Ok(Self { header, payload, alg })
    }

    /// The signing input: both parts in base64url with a dot between (RFC 7515 §5.1).
    pub fn signing_input(&self) -> String {
        signing_input(self.header, self.payload)
    }

    /// Says whether the header names this algorithm.
    pub fn check_alg(&self, wanted: Alg) -> Result<(), DraftError> {
        if self.alg == wanted.name() || wanted.row().also == Some(&self.alg) {
            return Ok(());
        }
        Err(DraftError::AlgDiffers { found: self.alg.clone(), wanted })
    }

    /// Signs. The header's `alg` must be the key's.
    pub fn sign(&self, key: &SigningKey) -> Result<CompactJws, SignError> {
        self.check_alg(key.alg)?;
        let mut token = self.signing_input();
        let signature = key.signer.sign(token.as_bytes())?;
        token.reserve_exact(1 + signature.len().div_ceil(3) * 4);
        token.push('.');
        data_encoding::BASE64URL_NOPAD.encode_append(&signature, &mut token);
        Ok(CompactJws(token))
    }
}

/// Both parts in base64url with a dot between.
pub(crate) fn signing_input(header: &str, payload: &[u8]) -> String {
    // Room for the signature too: 8,192 bits of RSA at the most.
    let mut input = String::with_capacity((header.len() + payload.len()) * 4 / 3 + 1_400);
    data_encoding::BASE64URL_NOPAD.encode_append(header.as_bytes(), &mut input);
    input.push('.');
    data_encoding::BASE64URL_NOPAD.encode_append(payload, &mut input);
    input
}

fn object(part: Part, json: &str) -> Result<Document<'_>, DraftError> {
    let document = Document::parse(json).map_err(|error| DraftError::NotJson { part, error })?;
    if document.root().kind() != Kind::Object {
        return Err(DraftError::NotObject { part, found: document.root().kind().name() });
    }
    if let Some(twice) = document.duplicates().into_iter().next() {
        let place = |at| {
            let (line, column) = crate::json::line_and_column(json, at);
            format!("line {line}, column {column}")
        };
        let (first, second) = (place(twice.first.start), place(twice.second.start));
        return Err(DraftError::Duplicate { part, path: twice.path, first, second });
    }
    Ok(document)
}

/// A private key or secret, parsed once, bound to one algorithm.
pub struct SigningKey {
    alg: Alg,
    signer: Signer,
}

/// Why a key does not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnfitKey {
    /// The private half is not there.
    #[error("this is a public key ({found}), and signing takes the private one")]
    PublicOnly {
        /// What the key is.
        found: String,
    },
    /// A rule of keys forbids it.
    #[error("{}", .0.message)]
    Refused(Finding),
    /// The engine does not take the key for a reason of its own.
    #[error("the cryptographic engine does not take this key ({found})")]
    Engine {
        /// What the key is.
        found: String,
    },
}

impl UnfitKey {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::PublicOnly { .. } => Some("give the file that holds PRIVATE KEY".to_owned()),
            Self::Refused(finding) if matches!(finding.code, crate::Code::SecretShort | crate::Code::SecretKnown) => {
                Some("use a longer random secret, which its verifier has to know, too".to_owned())
            }
            Self::Refused(finding) => finding.hint.clone(),
            Self::Engine { .. } => None,
        }
    }
}

impl SigningKey {
    /// Parses the key for `alg`. A key that is weak is refused; `allow_weak` lets short and well-known secrets through.
    pub fn new(alg: Alg, jwk: &Jwk, allow_weak: bool) -> Result<Self, UnfitKey> {
        let found = || jwk.key.describe();
        if let Key::Public(_) = jwk.key {
            return Err(UnfitKey::PublicOnly { found: found() });
        }
        check::fit(alg, jwk, check::Purpose::Sign).map_err(UnfitKey::Refused)?;
        if let Some(refusal) = check::refusals(alg, &jwk.key, allow_weak).into_iter().next() {
            return Err(UnfitKey::Refused(refusal));
        }
        let signer = Signer::new(alg, &jwk.key).ok_or_else(|| UnfitKey::Engine { found: found() })?;
        Ok(Self { alg, signer })
    }

    /// The algorithm.
    pub fn alg(&self) -> Alg {
        self.alg
    }

    /// The bare signature over any bytes.
    pub fn sign_bytes(&self, message: &[u8]) -> Result<Vec<u8>, EngineError> {
        self.signer.sign(message)
    }
}

/// Why signing failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The draft and the key disagree.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// A signed token in compact serialization (RFC 7515 §7.1).
#[derive(Clone, PartialEq, Eq)]
pub struct CompactJws(String);

impl CompactJws {
    /// The token.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The token.
    pub fn into_string(self) -> String {
        self.0
    }

    pub(crate) fn assemble(signing_input: &str, signature: &[u8]) -> Self {
        Self(format!("{signing_input}.{}", text::encode(signature)))
    }
}

/// A header in the order that the vendors' libraries write: `alg`, `typ`, `kid`, then others as given, each value JSON.
pub fn header(alg: Alg, kid: Option<&str>, others: &[(String, String)]) -> String {
    let given = |name: &str| others.iter().any(|(other, _)| other == name);
    let mut members = Vec::new();
    if !given("alg") {
        members.push(format!("\"alg\":\"{alg}\""));
    }
    if !given("typ") {
        members.push("\"typ\":\"JWT\"".to_owned());
    }
    if let Some(kid) = kid.filter(|_| !given("kid")) {
        members.push(format!("\"kid\":{}", quote(kid)));
    }
    members.extend(others.iter().map(|(name, value)| format!("{}:{value}", quote(name))));
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_names_what_is_wrong_with_it() {
        let header = r#"{"alg":"ES256"}"#;
        let said = |header, claims| Draft::jwt(header, claims).unwrap_err().to_string();
        insta::assert_snapshot!(said(header, r#"{"role":"user","role":"admin"}"#), @r#""role" stands twice in the claims set, at line 1, column 2 and at line 1, column 16"#);
        insta::assert_snapshot!(said(header, "[1]"), @"the claims set is an array; wanted an object");
        insta::assert_snapshot!(said(header, "{\"a\":}"), @r#"the claims set is not JSON: a value expected, "}" found at line 1, column 6"#);
        insta::assert_snapshot!(said("{}", "{}"), @r#""alg" is missing from the header"#);
    }

    #[test]
    fn headers_have_the_vendors_order_and_can_be_overridden() {
        let others = [("kid".to_owned(), "\"mine\"".to_owned()), ("x".to_owned(), "[1]".to_owned())];
        assert_eq!(header(Alg::ES512, Some("k"), &[]), r#"{"alg":"ES512","typ":"JWT","kid":"k"}"#);
        assert_eq!(header(Alg::ES512, Some("k"), &others), r#"{"alg":"ES512","typ":"JWT","kid":"mine","x":[1]}"#);
    }
}
