//! Tokens obtained from the answer to a flow, and what the server says of them.

use std::fmt;

use zeroize::Zeroizing;

use super::expiry::Expiry;
use crate::{answer::text::brief, redact::redact};

/// A token that a server gave. It is read on purpose and by name; it cannot be shown, copied or printed.
pub struct SecretText(pub(super) Zeroizing<String>);

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
    #[error("the answer has no {what}: missing or empty at {}; it has {}", .tried.join(", "), members(.found))]
    Missing {
        /// What is missing: `access token`.
        what: &'static str,
        /// The JSON pointers that were tried.
        tried: Vec<String>,
        /// The names of the members that it has.
        found: Vec<String>,
    },
    /// A text that no request can carry.
    #[error(
        "the {what} at {pointer} holds a character, its {at}., that is not printable ASCII; nothing of it was kept"
    )]
    NotAToken {
        /// What should stand there.
        what: &'static str,
        /// Where.
        pointer: String,
        /// Which character, from 1 on.
        at: usize,
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
            Self::NotAToken { .. } => Some("ask the provider: such a token can stand in no header field"),
        }
    }
}

impl Obtained {
    pub(super) fn nothing() -> Self {
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
