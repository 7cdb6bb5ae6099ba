//! A compact JWS taken apart strictly (RFC 7515 §7.1, RFC 7519 §7.2), before anything in it is believed.

use data_encoding::{BASE64URL_NOPAD, DecodeKind};
use serde_json::{Map, Value};

use crate::{
    refusal::Refusal,
    strict_json::{self, Fault},
};

/// A token in its three parts, decoded and not verified.
pub(crate) struct Token<'a> {
    /// The header's members.
    pub(crate) header: Map<String, Value>,
    /// The claims' members.
    pub(crate) claims: Map<String, Value>,
    /// What the signature is over: the first two parts with the dot.
    pub(crate) signing_input: &'a str,
    /// The third part as it stands.
    pub(crate) signature_text: &'a str,
    /// The third part decoded.
    pub(crate) signature: Vec<u8>,
}

impl<'a> Token<'a> {
    /// Takes `text` apart, or says at which part that failed.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Refusal> {
        let parts: Vec<&str> = text.split('.').collect();
        let [header, claims, signature_text] = parts[..] else {
            return Err(if parts.len() == 5 { Refusal::Encrypted } else { Refusal::Parts { found: parts.len() } });
        };
        Ok(Self {
            header: object("header", header)?,
            claims: object("claims part", claims)?,
            signing_input: &text[..header.len() + 1 + claims.len()],
            signature_text,
            signature: bytes("signature", signature_text)?,
        })
    }
}

fn object(part: &'static str, text: &str) -> Result<Map<String, Value>, Refusal> {
    let bytes = bytes(part, text)?;
    let json = std::str::from_utf8(&bytes).map_err(|_| Refusal::NotUtf8 { part })?;
    match strict_json::parse(json) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(Refusal::NotObject { part, found: kind(&other) }),
        Err(Fault::Duplicate(member)) => Err(Refusal::Duplicate { part, member }),
        Err(Fault::Syntax(reason)) => Err(Refusal::NotJson { part, reason }),
    }
}

/// Decodes canonical base64url: no padding, no other alphabet, no trailing bits (RFC 7515 §2, RFC 4648 §3.5).
fn bytes(part: &'static str, text: &str) -> Result<Vec<u8>, Refusal> {
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|error| {
        let reason = match error.kind {
            DecodeKind::Length => "impossible length".to_owned(),
            DecodeKind::Trailing => "the last character has bits that mean nothing".to_owned(),
            DecodeKind::Symbol | DecodeKind::Padding => {
                let character = text.get(error.position..).and_then(|rest| rest.chars().next()).unwrap_or('?');
                format!("{character:?} at position {}", error.position)
            }
        };
        Refusal::NotBase64url { part, reason }
    })
}

/// What a JSON value is, with its article.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
