//! What the answer to a flow gives: tokens, and what the server says of them.

use std::fmt;

use jose::json::{Document, Kind, Node};
use provider::definition::{Flow, FlowKind};
use zeroize::Zeroizing;

use super::expiry::{Expiry, ExpirySource, at_time, in_seconds, of_token};
use crate::{
    Answer,
    answer::{page::html, pointer::point, text::brief},
    redact::redact,
};

/// A token that a server gave. It is read on purpose and by name; it cannot be shown, copied or printed.
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The form in which it may be shown.
    pub fn shown(&self) -> String {
        redact(&self.0)
    }
}

/// What the answer to a flow gave.
pub struct Obtained {
    /// The access token.
    pub access: Option<SecretText>,
    /// When it ends.
    pub expires: Expiry,
    /// The refresh token.
    pub refresh: Refresh,
    /// Who it is for: the JSON as it came.
    pub user: Option<String>,
    /// What the credential may do.
    pub permissions: Option<Vec<String>>,
    /// The scopes that were given.
    pub scopes: Option<Vec<String>>,
    /// Whether the server takes the token for valid.
    pub valid: Option<bool>,
    /// What is worth knowing, a sentence each.
    pub notes: Vec<String>,
}

/// What came of the refresh token.
pub enum Refresh {
    /// There is none.
    None,
    /// A new one came, and the old one must not be used again.
    New {
        /// The token.
        token: SecretText,
        /// When it ends.
        expires: Expiry,
    },
    /// None came, and the old one stays.
    Kept,
}

/// Why an answer gives nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotObtained {
    /// Not an answer of success.
    #[error("the server answered {status}, wanted 2xx")]
    Status {
        /// The HTTP status code.
        status: u16,
    },
    /// A web page.
    #[error("the answer is a web page{}, wanted JSON", titled(.title))]
    Html {
        /// What it calls itself.
        title: Option<String>,
    },
    /// Longer than what is kept.
    #[error("the answer was cut after {bytes} B, wanted all of it")]
    Cut {
        /// How many bytes were kept.
        bytes: usize,
    },
    /// Not JSON.
    #[error("the answer is not JSON: {reason}")]
    NotJson {
        /// Where it departs from JSON.
        reason: String,
    },
    /// Nothing stands where it should.
    #[error("the answer has no {what}: nothing stands at {}; it has {}", .tried.join(", "), members(.found))]
    Missing {
        /// What is missing: `access token`.
        what: &'static str,
        /// The JSON pointers that were tried.
        tried: Vec<String>,
        /// The names of the members that it has.
        found: Vec<String>,
    },
    /// Something else stands there.
    #[error("the {what} at {pointer} is {found}, wanted a text")]
    NotText {
        /// What should stand there.
        what: &'static str,
        /// Where.
        pointer: String,
        /// What stands there.
        found: &'static str,
    },
}

impl NotObtained {
    /// What to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Html { .. } => {
                Some("a wrong path, a log-in page or a proxy answers so; compare the path with the provider's page")
            }
            Self::Missing { .. } => Some("correct the pointers under gives in the definition"),
            Self::Status { .. } | Self::Cut { .. } | Self::NotJson { .. } | Self::NotText { .. } => None,
        }
    }
}

/// Reads the answer of `flow` by the pointers of its `gives`. `arrived` is when it came, in seconds since 1970.
pub fn obtained(flow: &Flow, answer: &Answer, arrived: i64) -> Result<Obtained, NotObtained> {
    if !(200..300).contains(&answer.status) {
        return Err(NotObtained::Status { status: answer.status });
    }
    if flow.gives.is_empty() {
        return Ok(Obtained::nothing());
    }
    if let Some(page) = html(answer) {
        return Err(NotObtained::Html { title: page.title });
    }
    if answer.cut {
        return Err(NotObtained::Cut { bytes: answer.body.len() });
    }
    let text = std::str::from_utf8(&answer.body).map_err(|_| not_json("it is not UTF-8"))?;
    let document = Document::parse(text).map_err(|error| not_json(&error.to_string()))?;
    Reading { flow, root: document.root(), arrived, notes: Vec::new() }.read()
}

impl Obtained {
    fn nothing() -> Self {
        Self {
            access: None,
            expires: Expiry::UNKNOWN,
            refresh: Refresh::None,
            user: None,
            permissions: None,
            scopes: None,
            valid: None,
            notes: Vec::new(),
        }
    }

    /// What came, a sentence each, without a secret in it.
    pub fn words(&self, now: i64) -> Vec<String> {
        let mut words = Vec::new();
        if self.access.is_some() {
            words.push(format!("An access token came; {}.", self.expires.words(now)));
        }
        if self.access.is_none() && self.expires.at.is_some() {
            words.push(format!("The token {}.", self.expires.words(now)));
        }
        match &self.refresh {
            Refresh::None => {}
            Refresh::New { expires, .. } => words.push(format!("A refresh token came; {}.", expires.words(now))),
            Refresh::Kept => words.push("No refresh token came, so the old one stays.".to_owned()),
        }
        match self.valid {
            Some(true) => words.push("The server takes the token for valid.".to_owned()),
            Some(false) => words.push("The server takes the token for not valid.".to_owned()),
            None => {}
        }
        let listed = |what: &str, list: &[String]| match list {
            [] => format!("It has no {what}."),
            list => format!("It has the {what} {}.", list.join(", ")),
        };
        words.extend(self.permissions.as_ref().map(|list| listed("permissions", list)));
        words.extend(self.scopes.as_ref().map(|list| listed("scopes", list)));
        words.extend(self.notes.iter().cloned());
        words
    }
}

/// The names under which a flow gives things.
mod names {
    pub(super) const ACCESS: &str = "access";
    pub(super) const REFRESH: &str = "refresh";
    pub(super) const TOKEN_TYPE: &str = "token-type";
    pub(super) const EXPIRES_IN: &str = "expires-in";
    pub(super) const EXPIRES_AT: &str = "expires-at";
    pub(super) const SCOPE: &str = "scope";
    pub(super) const USER: &str = "user";
    pub(super) const PERMISSIONS: &str = "permissions";
    pub(super) const VALID: &str = "valid";
}

struct Reading<'a, 'd, 't> {
    flow: &'a Flow,
    root: Node<'d, 't>,
    arrived: i64,
    notes: Vec<String>,
}

impl<'d, 't> Reading<'_, 'd, 't> {
    fn read(mut self) -> Result<Obtained, NotObtained> {
        let access = self.token(names::ACCESS, "access token")?;
        let fetches =
            matches!(self.flow.kind, FlowKind::LogIn | FlowKind::Mint | FlowKind::Exchange | FlowKind::Refresh);
        if let (None, true, Some(tried)) = (&access, fetches, self.flow.gives.get(names::ACCESS)) {
            let found = self.root.members().filter_map(|m| m.name()).map(|name| name.into_owned()).collect();
            return Err(NotObtained::Missing { what: "access token", tried: tried.clone(), found });
        }
        let refresh = match self.token(names::REFRESH, "refresh token")? {
            Some(token) => {
                let expires = self.expiry_of(&token);
                Refresh::New { token, expires }
            }
            None if self.flow.keeps.iter().any(|name| name == names::REFRESH) => Refresh::Kept,
            None => Refresh::None,
        };
        self.check_type();
        let expires = self.expires(access.as_ref());
        Ok(Obtained {
            access,
            expires,
            refresh,
            user: self.at(names::USER).map(|(_, node)| node.raw().to_owned()),
            permissions: self.list(names::PERMISSIONS),
            scopes: self.list(names::SCOPE),
            valid: self.at(names::VALID).and_then(|(_, node)| node.as_bool()),
            notes: self.notes,
        })
    }

    /// What the first pointer leads to that leads somewhere. `null` and an empty text are nowhere.
    fn at(&self, name: &str) -> Option<(&str, Node<'d, 't>)> {
        let something = |node: &Node<'_, '_>| node.kind() != Kind::Null && node.raw() != "\"\"";
        let pointers = self.flow.gives.get(name)?;
        pointers.iter().find_map(|p| Some((p.as_str(), point(self.root, p).filter(something)?)))
    }

    fn token(&self, name: &str, what: &'static str) -> Result<Option<SecretText>, NotObtained> {
        let Some((pointer, node)) = self.at(name) else { return Ok(None) };
        match node.as_str() {
            Some(text) => Ok(Some(SecretText(text.into_owned().into()))),
            None => Err(NotObtained::NotText { what, pointer: pointer.to_owned(), found: node.kind().name() }),
        }
    }

    /// A list of texts, words in one text, or an object whose members each allow something.
    fn list(&self, name: &str) -> Option<Vec<String>> {
        let (_, node) = self.at(name)?;
        match node.as_str() {
            Some(text) => Some(text.split_whitespace().map(str::to_owned).collect()),
            None if node.kind() == Kind::Array => {
                Some(node.elements().filter_map(|element| element.as_str().map(|text| text.into_owned())).collect())
            }
            None if node.kind() == Kind::Object => Some(
                node.members().filter_map(|member| Some(format!("{}:{}", member.name()?, member.as_str()?))).collect(),
            ),
            None => None,
        }
    }

    /// A token of another type than `bearer` wants more than to be sent (RFC 6749 §7.1).
    fn check_type(&mut self) {
        let kind = self.at(names::TOKEN_TYPE).and_then(|(_, node)| node.as_str());
        if let Some(kind) = kind.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            let kind = brief(&kind);
            self.notes.push(format!("The token is of type {kind}, and is sent as a bearer token all the same."));
        }
    }

    fn expiry_of(&mut self, token: &SecretText) -> Expiry {
        match of_token(token.reveal(), self.arrived, &mut self.notes) {
            Some(at) => Expiry { at: Some(at), source: ExpirySource::Claim },
            None => Expiry::UNKNOWN,
        }
    }

    /// The `exp` claim, else what the answer says.
    fn expires(&mut self, access: Option<&SecretText>) -> Expiry {
        let claim = access.map_or(Expiry::UNKNOWN, |token| self.expiry_of(token));
        let seconds = self.at(names::EXPIRES_IN).map(|(_, node)| in_seconds(node, self.arrived));
        let seconds = self.noted(seconds, ExpirySource::ExpiresIn);
        let time = self.at(names::EXPIRES_AT).map(|(_, node)| at_time(node));
        let time = self.noted(time, ExpirySource::ExpiresAt);
        [claim, seconds, time].into_iter().find(|expiry| expiry.at.is_some()).unwrap_or(Expiry::UNKNOWN)
    }

    fn noted(&mut self, found: Option<Result<i64, String>>, source: ExpirySource) -> Expiry {
        match found {
            Some(Ok(at)) => Expiry { at: Some(at), source },
            Some(Err(note)) => {
                self.notes.push(note);
                Expiry::UNKNOWN
            }
            None => Expiry::UNKNOWN,
        }
    }
}

fn not_json(reason: &str) -> NotObtained {
    NotObtained::NotJson { reason: reason.to_owned() }
}

fn titled(title: &Option<String>) -> impl fmt::Display {
    title.as_ref().map(|title| format!(" ({title:?})")).unwrap_or_default()
}

fn members(found: &[String]) -> String {
    /// How many names are told.
    const MOST: usize = 8;
    match found {
        [] => "no members".to_owned(),
        found => {
            let names: Vec<String> = found.iter().take(MOST).map(|name| brief(name)).collect();
            let more = if found.len() > MOST { " and more" } else { "" };
            format!("{}{more}", names.join(", "))
        }
    }
}
