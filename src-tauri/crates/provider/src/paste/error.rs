//! Why a pasted text is not what was wanted. The texts never hold the pasted one, only beginnings that all keys share.

use super::{TokenKind, Wrapping};
use crate::shape::Misfit;

/// Why a pasted text is not what was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasteError {
    /// Nothing is left of it.
    #[error("nothing was pasted{}", beside(removed))]
    Nothing {
        /// What was taken off.
        removed: Vec<Wrapping>,
    },
    /// A token where an API key is wanted.
    #[error("this is {}{}, not an API key of {provider}", kind.words(), because(marks))]
    TokenForKey {
        /// The kind of token.
        kind: TokenKind,
        /// What shows that.
        marks: Option<String>,
        /// The provider.
        provider: String,
        /// The beginnings of its keys.
        prefixes: Vec<String>,
    },
    /// An API key where a token is wanted.
    #[error("this is an opaque key ({label}, it begins with {prefix}), not a JSON Web Token, wanted {}", wanted.words())]
    KeyForToken {
        /// The kind of key.
        label: String,
        /// Its beginning.
        prefix: String,
        /// What was wanted.
        wanted: TokenKind,
    },
    /// The other token of a session.
    #[error("this is {}{}, wanted {}", found.words(), because(marks), wanted.words())]
    OtherToken {
        /// What it is.
        found: TokenKind,
        /// What was wanted.
        wanted: TokenKind,
        /// What shows it.
        marks: Option<String>,
    },
    /// A private key.
    #[error("this is a private key, wanted {wanted}")]
    PrivateKey {
        /// What was wanted.
        wanted: &'static str,
    },
    /// A provider without API keys.
    #[error("{provider} takes no API keys")]
    NoApiKeys {
        /// The provider.
        provider: String,
    },
    /// None of the beginnings that the provider's keys have.
    #[error("the key does not begin like one of {provider}, wanted {}", beginnings(belongs))]
    UnknownPrefix {
        /// The provider.
        provider: String,
        /// Each beginning and the environments that it belongs to.
        belongs: Vec<(String, Vec<String>)>,
    },
    /// More than one key; lines are joined, and that would make one of them.
    #[error("{found} lines begin like an API key, wanted one key")]
    Several {
        /// How many.
        found: usize,
    },
    /// Nothing behind the beginning.
    #[error("there is nothing behind {prefix:?}, wanted the whole key")]
    OnlyPrefix {
        /// The beginning.
        prefix: String,
    },
    /// A key with a character that it cannot have, or of the wrong length.
    #[error("the text does not have the form of {label:?}: {misfit}")]
    Misfit {
        /// The kind of key.
        label: String,
        /// How it departs from its form.
        misfit: Box<Misfit>,
    },
    /// A key of another environment.
    #[error("the key begins with {prefix}, which belongs to {}, and the environment chosen is {chosen}", or(homes))]
    OtherEnvironment {
        /// Its beginning.
        prefix: String,
        /// The environments it belongs to.
        homes: Vec<String>,
        /// The environment that was chosen.
        chosen: String,
        /// The beginnings of keys that belong there.
        wanted: Vec<String>,
    },
}

impl PasteError {
    /// What to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Nothing { .. } => Some("copy the whole credential, then paste again".to_owned()),
            Self::TokenForKey { prefixes, .. } if prefixes.is_empty() => {
                Some("a token is inspected elsewhere: paste it in Inspect".to_owned())
            }
            Self::TokenForKey { prefixes, .. } => Some(format!("an API key begins with {}", or(prefixes))),
            Self::KeyForToken { .. } => Some("an API key is sent as it is: keep it as an API key".to_owned()),
            Self::OtherToken { found: TokenKind::Refresh, .. } => {
                Some("a refresh token only makes access tokens: refresh, and send the access token".to_owned())
            }
            Self::OtherToken { .. } => Some("the answer of the log-in has the other one beside it".to_owned()),
            Self::PrivateKey { .. } => Some("import it as a key".to_owned()),
            Self::NoApiKeys { .. } => None,
            Self::UnknownPrefix { belongs, .. } => {
                let rule = |(prefix, homes): &(String, Vec<String>)| {
                    (!homes.is_empty()).then(|| format!("{prefix} belongs to {}", or(homes)))
                };
                let rules: Vec<String> = belongs.iter().filter_map(rule).collect();
                (!rules.is_empty()).then(|| rules.join("; "))
            }
            Self::Several { .. } => Some("paste them one at a time".to_owned()),
            Self::OnlyPrefix { .. } => Some("copy the key again, to its end".to_owned()),
            Self::Misfit { .. } => Some("copy the key again, alone".to_owned()),
            Self::OtherEnvironment { homes, wanted, .. } if wanted.is_empty() => {
                Some(format!("choose {} for it", or(homes)))
            }
            Self::OtherEnvironment { homes, chosen, wanted, .. } => Some(format!(
                "choose {} for it, or paste the key of {chosen}, which begins with {}",
                or(homes),
                or(wanted)
            )),
        }
    }
}

fn because(marks: &Option<String>) -> String {
    marks.as_ref().map(|marks| format!(" ({marks})")).unwrap_or_default()
}

fn beside(removed: &[Wrapping]) -> String {
    let words = Wrapping::words(removed);
    if words.is_empty() { String::new() } else { format!(" beside {words}") }
}

fn beginnings(belongs: &[(String, Vec<String>)]) -> String {
    or(&belongs.iter().map(|(prefix, _)| prefix.clone()).collect::<Vec<_>>())
}

/// `a`, `a or b`, `a, b or c`.
fn or(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
