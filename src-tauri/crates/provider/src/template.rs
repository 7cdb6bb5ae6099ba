//! Texts with places to fill in: `https://api.{gr4vy_id}.gr4vy.app`, `{now+ttl}`, `{method} {host}{path}`.
//!
//! One notation for addresses, header fields, header parameters, claims and request bodies of flows. What may stand
//! where is checked when the definition is read. A doubled brace stands for itself.

use std::fmt;

use jose::braces::{self, LoneBrace, Part};
use serde::{Deserialize, Deserializer, de};

use crate::duration::parse_duration;

/// A text with slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Stands as written.
    Text(String),
    /// Is filled in.
    Slot(Slot),
}

/// What a slot stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// `{now}`, `{now-60s}`, `{now+15m}`: the time of signing and an offset in seconds, as a NumericDate.
    Now(i64),
    /// `{now+ttl}`: the time of signing and the chosen lifetime, as a NumericDate.
    NowPlusTtl,
    /// `{now-iso}`: the time of signing in RFC 3339.
    NowIso,
    /// `{ttl}`: the chosen lifetime in seconds.
    Ttl,
    /// `{ttl-text}`: the chosen lifetime as a duration such as `1h`.
    TtlText,
    /// `{uuid}`: a fresh UUID version 4.
    Uuid,
    /// `{uuid-hex}`: the same without hyphens.
    UuidHex,
    /// `{random-hex:16}`: that many random bytes in hexadecimal.
    RandomHex(usize),
    /// `{alg}`: the algorithm the key signs with.
    Alg,
    /// `{kid}`: the key id chosen for the key, its thumbprint if none was.
    Kid,
    /// `{thumbprint}`: the RFC 7638 thumbprint of the key.
    Thumbprint,
    /// `{scopes}`: the chosen scopes.
    Scopes,
    /// `{app}`: the name and version of this application.
    App,
    /// `{method}`: the method of the call the token is for.
    Method,
    /// `{host}`: its host, with the port where the scheme does not imply it (RFC 9110 §7.2).
    Host,
    /// `{path}`: its path without the query.
    Path,
    /// `{body-sha256-hex}`: SHA-256 of its body.
    BodySha256Hex,
    /// `{body-sha256-base64}`: the same in base64.
    BodySha256Base64,
    /// `{sorted-body-sha256-hex}`: SHA-256 of its JSON body written with sorted members and no white space.
    SortedBodySha256Hex,
    /// `{signed-token}`: in flows, a token made by the recipe.
    SignedToken,
    /// `{access-token}`: in flows, the access token.
    AccessToken,
    /// `{refresh-token}`: in flows, the refresh token.
    RefreshToken,
    /// `{credential.client_id}`: a field of the credential.
    Credential(String),
    /// `{gr4vy_id}`: a variable of the profile.
    Variable(String),
}

/// Slots that are known in the same places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlotKind {
    /// A variable of the profile.
    Variable,
    /// A field of the credential.
    Credential,
    /// The time.
    Time,
    /// The lifetime of the token.
    Lifetime,
    /// Something fresh.
    Fresh,
    /// This application.
    App,
    /// The chosen scopes.
    Scopes,
    /// The key that signs.
    Key,
    /// The call that the token is for.
    Call,
    /// A token that is at hand while a flow runs.
    Given,
}

/// Slots without a parameter, and their names.
const NAMED: [(&str, Slot); 22] = [
    ("now", Slot::Now(0)),
    ("now+ttl", Slot::NowPlusTtl),
    ("now-iso", Slot::NowIso),
    ("ttl", Slot::Ttl),
    ("ttl-text", Slot::TtlText),
    ("uuid", Slot::Uuid),
    ("uuid-hex", Slot::UuidHex),
    ("alg", Slot::Alg),
    ("kid", Slot::Kid),
    ("thumbprint", Slot::Thumbprint),
    ("scopes", Slot::Scopes),
    ("app", Slot::App),
    ("method", Slot::Method),
    ("host", Slot::Host),
    ("path", Slot::Path),
    ("body-sha256-hex", Slot::BodySha256Hex),
    ("body-sha256-base64", Slot::BodySha256Base64),
    ("sorted-body-sha256-hex", Slot::SortedBodySha256Hex),
    ("random-hex", Slot::RandomHex(16)),
    ("signed-token", Slot::SignedToken),
    ("access-token", Slot::AccessToken),
    ("refresh-token", Slot::RefreshToken),
];

/// The most random bytes one slot may ask for.
const MOST_RANDOM: usize = 64;

/// Why a text is not a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace that opens no slot or closes none.
    #[error("a lone {brace:?} in {text:?}, wanted {{name}}, or {brace}{brace} for the brace itself")]
    Brace {
        /// The text.
        text: String,
        /// The brace.
        brace: char,
    },
    /// A slot that is not known.
    #[error("{{{slot}}} in {text:?} is not something to fill in{}", did_you_mean(slot))]
    Slot {
        /// The text.
        text: String,
        /// What stands between the braces.
        slot: String,
    },
}

/// Advice for a slot that looks like a known one.
fn did_you_mean(slot: &str) -> String {
    let names = NAMED.iter().map(|(name, _)| *name);
    crate::near::nearest(slot, names).map(|name| format!(", did you mean {{{name}}}")).unwrap_or_default()
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let parts =
            braces::split(text).map_err(|LoneBrace { brace }| TemplateError::Brace { text: text.to_owned(), brace })?;
        let piece = |part| match part {
            Part::Text(plain) => Ok(Piece::Text(plain)),
            Part::Name(name) => Slot::parse(name)
                .map(Piece::Slot)
                .ok_or_else(|| TemplateError::Slot { text: text.to_owned(), slot: name.to_owned() }),
        };
        let pieces = parts.into_iter().map(piece).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), pieces })
    }

    /// The template as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its parts in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Its slots in order.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot(slot) => Some(slot),
            Piece::Text(_) => None,
        })
    }

    /// Whether it has this slot.
    pub fn has(&self, slot: &Slot) -> bool {
        self.slots().any(|found| found == slot)
    }

    /// The variables it names, in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.slots().filter_map(|slot| match slot {
            Slot::Variable(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The slot, where the template is one slot and nothing else.
    pub fn only_slot(&self) -> Option<&Slot> {
        match self.pieces.as_slice() {
            [Piece::Slot(slot)] => Some(slot),
            _ => None,
        }
    }

    /// The text with every slot filled in by `fill`; the first that cannot be filled ends it.
    pub fn fill<E>(&self, mut fill: impl FnMut(&Slot) -> Result<String, E>) -> Result<String, E> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot(slot) => out.push_str(&fill(slot)?),
            }
        }
        Ok(out)
    }
}

impl Slot {
    /// What `name` between braces stands for.
    fn parse(name: &str) -> Option<Self> {
        if let Some((_, slot)) = NAMED.iter().find(|(known, _)| *known == name) {
            return Some(slot.clone());
        }
        if let Some(offset) = name.strip_prefix("now") {
            let seconds = parse_duration(offset.get(1..)?).ok().and_then(|s| i64::try_from(s.0).ok())?;
            return match offset.as_bytes()[0] {
                b'+' => Some(Self::Now(seconds)),
                b'-' => Some(Self::Now(-seconds)),
                _ => None,
            };
        }
        if let Some(count) = name.strip_prefix("random-hex:") {
            return count.parse().ok().filter(|n| (1..=MOST_RANDOM).contains(n)).map(Self::RandomHex);
        }
        if let Some(field) = name.strip_prefix("credential.") {
            return is_identifier(field).then(|| Self::Credential(field.to_owned()));
        }
        is_identifier(name).then(|| Self::Variable(name.to_owned()))
    }

    /// One of each, where a name stands for any variable and any field.
    pub fn all() -> impl Iterator<Item = Self> {
        let named = NAMED.into_iter().map(|(_, slot)| slot);
        [Self::Variable("variable".to_owned()), Self::Credential("field".to_owned())].into_iter().chain(named)
    }

    /// The kind, by which the table of places knows it.
    pub(crate) const fn kind(&self) -> SlotKind {
        match self {
            Self::Variable(_) => SlotKind::Variable,
            Self::Credential(_) => SlotKind::Credential,
            Self::Now(_) | Self::NowIso => SlotKind::Time,
            Self::NowPlusTtl | Self::Ttl | Self::TtlText => SlotKind::Lifetime,
            Self::Uuid | Self::UuidHex | Self::RandomHex(_) => SlotKind::Fresh,
            Self::App => SlotKind::App,
            Self::Scopes => SlotKind::Scopes,
            Self::Alg | Self::Kid | Self::Thumbprint => SlotKind::Key,
            Self::Method | Self::Host | Self::Path => SlotKind::Call,
            Self::BodySha256Hex | Self::BodySha256Base64 | Self::SortedBodySha256Hex => SlotKind::Call,
            Self::SignedToken | Self::AccessToken | Self::RefreshToken => SlotKind::Given,
        }
    }

    /// Whether it tells of the call that a token is for.
    pub fn is_of_call(&self) -> bool {
        self.kind() == SlotKind::Call
    }

    /// Whether a variable may not have this name, since it already stands for something else.
    pub fn is_reserved(name: &str) -> bool {
        !matches!(Self::parse(name), Some(Self::Variable(_)))
    }
}

/// Letters, digits and `_`, a letter first: names of variables and fields.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "{{{name}}}"),
            Self::Credential(field) => write!(f, "{{credential.{field}}}"),
            Self::Now(offset) if *offset != 0 => write!(f, "{{now{offset:+}s}}"),
            Self::RandomHex(count) => write!(f, "{{random-hex:{count}}}"),
            slot => {
                let name = NAMED.iter().find(|(_, known)| known == slot).map_or("", |(name, _)| name);
                write!(f, "{{{name}}}")
            }
        }
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_known_by_name() {
        let template = Template::parse("{method} {host}{path}?at={now-60s}").unwrap();
        let slots: Vec<String> = template.slots().map(ToString::to_string).collect();
        assert_eq!(slots, ["{method}", "{host}", "{path}", "{now-60s}"]);
        assert_eq!(Template::parse("{now+ttl}").unwrap().only_slot(), Some(&Slot::NowPlusTtl));
        assert_eq!(Template::parse("{random-hex:8}").unwrap().only_slot(), Some(&Slot::RandomHex(8)));
        assert_eq!(Template::parse("https://{gr4vy_id}.app").unwrap().variables().collect::<Vec<_>>(), ["gr4vy_id"]);
    }

    #[test]
    fn a_doubled_brace_stands_for_itself() {
        let filled = Template::parse("{{\"a\":\"{x}\"}}").unwrap().fill(|_| Ok::<_, ()>("1".into())).unwrap();
        assert_eq!(filled, "{\"a\":\"1\"}");
    }

    #[test]
    fn what_cannot_be_filled_in_is_named() {
        let errors: Vec<String> =
            ["{now", "a}", "{nwo}", "{thumb-print}", "{random-hex:0}", "{now*2}", "{now+soon}", "{}"]
                .iter()
                .map(|text| Template::parse(text).map_or_else(|e| e.to_string(), |t| format!("{:?}", t.pieces())))
                .collect();
        insta::assert_snapshot!(errors.join("\n"));
    }
}
