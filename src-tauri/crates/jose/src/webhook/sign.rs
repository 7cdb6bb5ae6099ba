//! Making a delivery that a check of the same scheme takes: a sample to send to one's own handler.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{
    Covered, Delivery, Encoding, Method, Place, Proof, Scheme, SignatureFormat, Slot, Timestamp, TimestampPlace,
    TrustedSecret,
    check::Halt,
    extract::Extractor,
    signature::replay,
    signed_content::{Filling, signed_content},
};
use crate::{
    Alg, Finding,
    engine::EngineError,
    json::{Document, Kind, quote},
    key::Jwk,
    pointer::Pointer,
    rewrite::rewrite,
    sign::{self as token, Draft, SignError, SigningKey, UnfitKey},
};

/// What is to be signed.
#[derive(Clone, Copy, Default)]
pub struct Sample<'a> {
    /// The body.
    pub body: &'a [u8],
    /// When it is signed, in seconds since 1970-01-01T00:00:00Z.
    pub timestamp: i64,
    /// The name of the delivery.
    pub id: &'a str,
    /// The address that it will be sent to.
    pub url: Option<&'a str>,
    /// The method.
    pub method: Option<&'a str>,
    /// Other header fields, some of which the signature may cover.
    pub headers: &'a [(String, String)],
}

/// A signed delivery.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedSample {
    /// The header fields to add, in the order in which they are made.
    pub headers: Vec<(String, String)>,
    /// The body, with the signature in it where the scheme puts it there.
    pub body: Vec<u8>,
    /// What is to be known of the scheme.
    pub findings: Vec<Finding>,
}

impl fmt::Debug for Sample<'_> {
    /// The body may hold anything, so it is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample").field("body", &self.body.len()).field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for SignedSample {
    /// Whoever holds the delivery may send it, so it is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("SignedSample").field("headers", &names).field("body", &self.body.len()).finish_non_exhaustive()
    }
}

/// Why a sample cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// Nothing to sign with.
    #[error("there is no secret to sign with")]
    NoSecret,
    /// More secrets than signatures fit.
    #[error("{found} secrets are given, and a delivery has room for the signatures of {most}")]
    TooMany {
        /// How many are given.
        found: usize,
        /// How many fit.
        most: usize,
    },
    /// A secret that cannot be used, or something of the sample that is signed and is not as it should be.
    #[error("{}", .0.message)]
    Refused(Finding),
    /// Something that is signed and was not given.
    #[error("{0}")]
    NotGiven(String),
    /// The body has no room for what belongs there.
    #[error("the body has no text at \"{pointer}\", where the {what} goes")]
    NoMember {
        /// Where it goes.
        pointer: String,
        /// What: signature or timestamp.
        what: &'static str,
    },
    /// A signature in the body that covers the body.
    #[error("the signature stands in the body and covers the body")]
    CoversItself,
    /// The scheme does not say where the signature goes.
    #[error("the scheme does not say where the signature goes")]
    NoPlace,
    /// A time that no timestamp can say.
    #[error("{found} is not a time of a delivery; wanted seconds since 1970-01-01T00:00:00Z")]
    Time {
        /// The time.
        found: i64,
    },
    /// A key that does not sign tokens of this scheme.
    #[error(transparent)]
    Key(#[from] UnfitKey),
    /// The token cannot be signed.
    #[error(transparent)]
    Token(#[from] SignError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl SampleError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoSecret => "choose the secret that the handler knows".to_owned(),
            Self::TooMany { .. } => "sign with one of them".to_owned(),
            Self::NoMember { pointer, .. } => format!("put an empty text at {pointer}; it will be filled in"),
            Self::Refused(finding) => return finding.hint.clone(),
            Self::Key(error) => return error.hint(),
            _ => return None,
        })
    }
}

impl From<Finding> for SampleError {
    fn from(finding: Finding) -> Self {
        Self::Refused(finding)
    }
}

impl From<Halt> for SampleError {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Bad(mut findings) if !findings.is_empty() => Self::Refused(findings.swap_remove(0)),
            Halt::Unknown(words) => Self::NotGiven(words),
            Halt::Bad(_) | Halt::NotReached => Self::NoPlace,
        }
    }
}

/// Signs a sample, once with each secret.
pub fn sign(scheme: &Scheme, secrets: &[TrustedSecret<'_>], sample: &Sample<'_>) -> Result<SignedSample, SampleError> {
    if secrets.is_empty() {
        return Err(SampleError::NoSecret);
    }
    let mut made = SignedSample { headers: Vec::new(), body: sample.body.to_vec(), findings: Vec::new() };
    let time = scheme.timestamp.as_ref().map(|timestamp| write_time(timestamp, sample.timestamp)).transpose()?;
    match (&scheme.timestamp, &time) {
        (Some(Timestamp { place: TimestampPlace::Header { name, member }, .. }), Some(text)) => {
            let value = member.as_ref().map_or_else(|| text.clone(), |key| format!("{key}={text}"));
            made.headers.push((name.clone(), value));
        }
        (Some(Timestamp { place: TimestampPlace::Body(pointer), .. }), Some(text)) => {
            made.body = put(&made.body, pointer, text, "timestamp")?;
        }
        (Some(_), _) => {}
        (None, _) => made.findings.push(replay()),
    }
    if let Some(name) = scheme.id_header.as_ref().filter(|_| !sample.id.is_empty()) {
        made.headers.push((name.clone(), sample.id.to_owned()));
    }
    match &scheme.proof {
        Proof::Signature { method, covers, written } => {
            let maker = Maker { scheme, method: *method, covers, written };
            maker.sign(secrets, sample, time.as_deref().unwrap_or_default(), made)
        }
        Proof::Token { algs, claim, encoding } => {
            let text = make_token(scheme, algs, claim, *encoding, secrets, time.as_deref(), &made.body)?;
            place_one(&scheme.place, text, made)
        }
    }
}

fn write_time(timestamp: &Timestamp, seconds: i64) -> Result<String, SampleError> {
    let value = seconds.checked_mul(timestamp.unit.unit().per_second()).filter(|value| *value >= 0);
    value.map(|value| value.to_string()).ok_or(SampleError::Time { found: seconds })
}

/// Makes signatures that stand beside what they cover.
struct Maker<'a> {
    scheme: &'a Scheme,
    method: Method,
    covers: &'a Covered,
    written: &'a SignatureFormat,
}

impl Maker<'_> {
    fn sign(
        &self,
        secrets: &[TrustedSecret<'_>],
        sample: &Sample<'_>,
        timestamp: &str,
        made: SignedSample,
    ) -> Result<SignedSample, SampleError> {
        let covers_body = matches!(self.covers, Covered::Text(template) if template.has(&Slot::Body));
        if covers_body && matches!(self.scheme.place, Place::Body(_)) {
            return Err(SampleError::CoversItself);
        }
        let signs_id = matches!(self.covers, Covered::Text(template) if template.has(&Slot::Id));
        if signs_id && sample.id.is_empty() {
            return Err(SampleError::NotGiven("the id of the delivery is signed too, and was not given".to_owned()));
        }
        let headers: Vec<(String, String)> = made.headers.iter().chain(sample.headers).cloned().collect();
        let delivery = Delivery { body: &made.body, headers: &headers, url: sample.url, method: sample.method };
        let filling = Filling { body: &made.body, timestamp, id: sample.id };
        let (input, _) = signed_content(self.covers, &filling, &Extractor::new(self.scheme, &delivery))?;
        let mut signatures = Vec::new();
        for secret in secrets {
            let signature = secret.signer(self.method, &self.scheme.secret)?.sign(&input)?;
            let prefix = self.written.prefixes.first().map_or("", String::as_str);
            let text = format!("{prefix}{}", self.written.encoding.encode(&signature));
            signatures.push(match self.written.members.first() {
                Some(member) => format!("{member}={text}"),
                None => text,
            });
        }
        self.place(signatures, made)
    }

    /// Several stand in one field, or each in a field of its own.
    fn place(&self, mut signatures: Vec<String>, mut made: SignedSample) -> Result<SignedSample, SampleError> {
        let Some(separator) = self.written.separator() else {
            let Place::Headers(names) = &self.scheme.place else {
                return match <[String; 1]>::try_from(signatures) {
                    Ok([only]) => place_one(&self.scheme.place, only, made),
                    Err(many) => Err(SampleError::TooMany { found: many.len(), most: 1 }),
                };
            };
            if names.is_empty() {
                return Err(SampleError::NoPlace);
            }
            if signatures.len() > names.len() {
                return Err(SampleError::TooMany { found: signatures.len(), most: names.len() });
            }
            made.headers.extend(names.iter().cloned().zip(signatures));
            return Ok(made);
        };
        // The time may be a member of the same list, and comes first there.
        if let Place::Headers(names) = &self.scheme.place
            && let Some(name) = names.first()
            && let Some(at) = made.headers.iter().position(|(other, _)| other.eq_ignore_ascii_case(name))
        {
            signatures.insert(0, made.headers.remove(at).1);
        }
        place_one(&self.scheme.place, signatures.join(separator), made)
    }
}

/// Puts one text where the scheme says.
fn place_one(place: &Place, text: String, mut made: SignedSample) -> Result<SignedSample, SampleError> {
    match place {
        Place::Headers(names) => made.headers.push((names.first().ok_or(SampleError::NoPlace)?.clone(), text)),
        Place::Body(pointer) => made.body = put(&made.body, pointer, &text, "signature")?,
    }
    Ok(made)
}

/// The body with another value in the place of a text or number that is there.
fn put(body: &[u8], pointer: &Pointer, value: &str, what: &'static str) -> Result<Vec<u8>, SampleError> {
    let missing = || SampleError::NoMember { pointer: pointer.text().to_owned(), what };
    let text = std::str::from_utf8(body).map_err(|_| missing())?;
    let document = Document::parse(text).map_err(|_| missing())?;
    let node = pointer.find(document.root()).ok_or_else(missing)?;
    let written = match node.kind() {
        Kind::String => quote(value),
        Kind::Number => value.to_owned(),
        _ => return Err(missing()),
    };
    Ok(rewrite(&document, &[(node.span(), written)], false).text.into_bytes())
}

/// A token with the time and the hash of the body.
fn make_token(
    scheme: &Scheme,
    algs: &[Alg],
    claim: &str,
    encoding: Encoding,
    secrets: &[TrustedSecret<'_>],
    time: Option<&str>,
    body: &[u8],
) -> Result<String, SampleError> {
    let [secret] = secrets else { return Err(SampleError::TooMany { found: secrets.len(), most: 1 }) };
    let keys = secret.token_keys(algs, &scheme.secret)?;
    let jwk: &Jwk = keys.all().first().ok_or(SampleError::NoSecret)?;
    let alg = algs.iter().copied().find(|alg| jwk.key.algs().contains(alg)).or(algs.first().copied());
    let alg = alg.ok_or(SampleError::NoPlace)?;
    let key = SigningKey::new(alg, jwk, true)?;
    let header = token::header(alg, jwk.effective_kid().as_deref(), &[]);
    let hash = encoding.encode(&Sha256::digest(body));
    let time = match (&scheme.timestamp, time) {
        (Some(Timestamp { place: TimestampPlace::Claim(name), .. }), Some(time)) => format!("{}:{time},", quote(name)),
        _ => String::new(),
    };
    let claims = format!("{{{time}{}:{}}}", quote(claim), quote(&hash));
    Ok(Draft::jwt(&header, &claims).map_err(SignError::from)?.sign(&key)?.into_string())
}
