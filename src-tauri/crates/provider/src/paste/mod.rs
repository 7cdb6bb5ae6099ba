//! A pasted credential: what stood around it is taken off and told, what it is is recognised, and what is another thing
//! than was wanted, or belongs to another environment, is refused with the reason.

mod cleaning;
mod error;

use jose::{json::Document, key::read::holds_private_key, locate::locate, text};
use zeroize::Zeroizing;

pub use cleaning::{Cleaned, Wrapping, clean};
pub use error::PasteError;

use crate::definition::{ApiKey, Definition, Environment, Tier};

/// A pasted text and what it is to a provider. It holds a secret, so it can be neither copied nor printed.
///
/// ```compile_fail
/// fn printed<T: std::fmt::Debug>() {}
/// printed::<keywright_provider::Pasted<'static>>();
/// ```
///
/// ```compile_fail
/// fn copied<T: Clone>() {}
/// copied::<keywright_provider::Pasted<'static>>();
/// ```
pub struct Pasted<'d> {
    definition: &'d Definition,
    text: Zeroizing<String>,
    removed: Vec<Wrapping>,
    is: Kind<'d>,
    /// How many lines begin like an API key.
    keys: usize,
}

/// What a pasted text is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind<'d> {
    /// Nothing.
    Nothing,
    /// An API key by its beginning.
    ApiKey {
        /// The kind of key.
        kind: &'d ApiKey,
        /// Its beginning.
        prefix: &'d str,
    },
    /// A JSON Web Token.
    Token(TokenKind),
    /// A private key in any form, whole or damaged.
    PrivateKey,
    /// Something without a form to be known by: an API key of a provider whose keys have none, an opaque token.
    Opaque,
}

/// The kinds of token in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// It goes with calls.
    Access,
    /// It makes the next access token.
    Refresh,
    /// It does not show which.
    Unknown,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wanted<'d> {
    /// An API key for this environment.
    ApiKey(&'d Environment),
    /// An access token, or any token where the provider has no other.
    AccessToken,
    /// A refresh token.
    RefreshToken,
}

impl Definition {
    /// Cleans a pasted text and recognises it.
    pub fn recognise<'d>(&'d self, text: &str) -> Pasted<'d> {
        let keys = text.lines().filter(|line| self.key_prefix(line.trim()).is_some()).count();
        let Cleaned { text, removed } = clean(text);
        let is = self.kind_of(&text);
        Pasted { definition: self, text, removed, is, keys }
    }

    fn kind_of<'d>(&'d self, text: &str) -> Kind<'d> {
        if text.is_empty() {
            return Kind::Nothing;
        }
        if holds_private_key(text.as_bytes()) {
            return Kind::PrivateKey;
        }
        if let Some(claims) = claims_of(text) {
            return Kind::Token(self.token_kind(&claims));
        }
        match self.key_prefix(text) {
            Some((kind, prefix)) => Kind::ApiKey { kind, prefix },
            None => Kind::Opaque,
        }
    }

    /// Whether a claims set is that of an access token or of a refresh token.
    pub fn token_kind(&self, claims: &str) -> TokenKind {
        let refresh = self.token.as_ref().and_then(|token| token.refresh.as_ref());
        let (Some(refresh), Ok(document)) = (refresh, Document::parse(claims)) else { return TokenKind::Unknown };
        let value = |name: &str| document.root().get(name).and_then(|node| node.as_str());
        let marks = || refresh.marks.iter().map(|(name, wanted)| value(name).map(|found| found == wanted.as_str()));
        match () {
            () if refresh.marks.is_empty() || marks().all(|mark| mark.is_none()) => TokenKind::Unknown,
            () if marks().all(|mark| mark == Some(true)) => TokenKind::Refresh,
            () => TokenKind::Access,
        }
    }

    /// The kind of API key that begins like this text, and the longest known beginning.
    fn key_prefix(&self, text: &str) -> Option<(&ApiKey, &str)> {
        self.key_prefixes().filter(|(_, prefix)| text.starts_with(prefix)).max_by_key(|(_, prefix)| prefix.len())
    }

    /// Every beginning of an API key that is known.
    pub(crate) fn key_prefixes(&self) -> impl Iterator<Item = (&ApiKey, &str)> {
        let keys = self.credentials.api_keys.iter();
        keys.flat_map(|kind| kind.shape.prefixes.iter().map(move |prefix| (kind, prefix.as_str())))
    }

    /// Every beginning of an API key, and the labels of the environments that it belongs to.
    fn belongings(&self) -> Vec<(String, Vec<String>)> {
        let homes = |prefix: &str| self.environments_of(prefix).map(|environment| environment.label.clone()).collect();
        self.key_prefixes().map(|(_, prefix)| (prefix.to_owned(), homes(prefix))).collect()
    }

    /// The environments that keys with this beginning belong to; none where it does not show.
    pub fn environments_of(&self, prefix: &str) -> impl Iterator<Item = &Environment> {
        self.environments.iter().filter(move |environment| environment.credential_prefixes.iter().any(|p| p == prefix))
    }
}

impl<'d> Pasted<'d> {
    /// What it is.
    pub fn kind(&self) -> Kind<'d> {
        self.is
    }

    /// What was taken off.
    pub fn removed(&self) -> &[Wrapping] {
        &self.removed
    }

    /// The cleaned text. It is a secret.
    pub fn secret(&self) -> &str {
        &self.text
    }

    /// The same, taken out.
    pub fn into_secret(self) -> Zeroizing<String> {
        self.text
    }

    /// The environments that it belongs to, where its beginning shows that.
    pub fn environments(&self) -> Vec<&'d Environment> {
        match self.is {
            Kind::ApiKey { prefix, .. } => self.definition.environments_of(prefix).collect(),
            _ => Vec::new(),
        }
    }

    /// The provider's own environment that it belongs to: the first, not the one on this computer.
    pub fn home(&self) -> Option<&'d Environment> {
        self.environments().into_iter().find(|environment| environment.tier != Some(Tier::Local))
    }

    /// The pasted text, if it is what was wanted.
    pub fn check(self, wanted: Wanted<'_>) -> Result<Self, PasteError> {
        if self.is == Kind::Nothing {
            return Err(PasteError::Nothing { removed: self.removed });
        }
        match wanted {
            Wanted::ApiKey(environment) => self.check_key(environment)?,
            Wanted::AccessToken => self.check_token(TokenKind::Access)?,
            Wanted::RefreshToken => self.check_token(TokenKind::Refresh)?,
        }
        Ok(self)
    }

    fn check_key(&self, chosen: &Environment) -> Result<(), PasteError> {
        let provider = self.definition.name.clone();
        if self.definition.credentials.api_keys.is_empty() {
            return Err(PasteError::NoApiKeys { provider });
        }
        let prefixes = || self.definition.key_prefixes().map(|(_, prefix)| prefix.to_owned()).collect::<Vec<_>>();
        match self.is {
            Kind::ApiKey { .. } if self.keys > 1 => Err(PasteError::Several { found: self.keys }),
            Kind::Token(kind) => {
                Err(PasteError::TokenForKey { kind, marks: self.marks(kind), provider, prefixes: prefixes() })
            }
            Kind::PrivateKey => Err(PasteError::PrivateKey { wanted: "an API key" }),
            Kind::Opaque if !prefixes().is_empty() => {
                Err(PasteError::UnknownPrefix { provider, belongs: self.definition.belongings() })
            }
            Kind::ApiKey { kind, prefix } => {
                self.check_shape(kind, prefix).and_then(|()| self.check_home(prefix, chosen))
            }
            Kind::Opaque | Kind::Nothing => match self.definition.credentials.api_keys.first() {
                Some(kind) => self.check_shape(kind, ""),
                None => Ok(()),
            },
        }
    }

    fn check_shape(&self, kind: &ApiKey, prefix: &str) -> Result<(), PasteError> {
        if self.text.len() == prefix.len() {
            return Err(PasteError::OnlyPrefix { prefix: prefix.to_owned() });
        }
        match kind.shape.misfit(&self.text) {
            Some(misfit) => Err(PasteError::Misfit { label: kind.label.clone(), misfit: Box::new(misfit) }),
            None => Ok(()),
        }
    }

    /// A key that shows where it belongs is used there only.
    fn check_home(&self, prefix: &str, chosen: &Environment) -> Result<(), PasteError> {
        let homes: Vec<&Environment> = self.definition.environments_of(prefix).collect();
        if homes.is_empty() || homes.iter().any(|home| home.id == chosen.id) {
            return Ok(());
        }
        Err(PasteError::OtherEnvironment {
            prefix: prefix.to_owned(),
            homes: homes.iter().map(|home| home.label.clone()).collect(),
            chosen: chosen.label.clone(),
            wanted: chosen.credential_prefixes.clone(),
        })
    }

    fn check_token(&self, wanted: TokenKind) -> Result<(), PasteError> {
        match self.is {
            Kind::Token(found) if found != wanted && found != TokenKind::Unknown => {
                Err(PasteError::OtherToken { found, wanted, marks: self.marks(found) })
            }
            Kind::ApiKey { kind, prefix } => {
                Err(PasteError::KeyForToken { label: kind.label.clone(), prefix: prefix.to_owned(), wanted })
            }
            Kind::PrivateKey => Err(PasteError::PrivateKey { wanted: wanted.words() }),
            _ => Ok(()),
        }
    }

    /// What shows that a token is of a kind: `token_type is "refresh"`.
    fn marks(&self, kind: TokenKind) -> Option<String> {
        let refresh = self.definition.token.as_ref()?.refresh.as_ref()?;
        if kind == TokenKind::Unknown {
            return None;
        }
        let claims = claims_of(&self.text)?;
        let document = Document::parse(&claims).ok()?;
        let mark = |name: &String| Some(format!("{name:?} is {}", document.root().get(name)?.raw()));
        let marks: Vec<String> = refresh.marks.keys().filter_map(mark).collect();
        (!marks.is_empty()).then(|| marks.join(" and "))
    }
}

impl TokenKind {
    /// What a person calls it, with an article.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Access => "an access token",
            Self::Refresh => "a refresh token",
            Self::Unknown => "a JSON Web Token",
        }
    }
}

/// The claims of a text that is one JSON Web Token.
fn claims_of(text: &str) -> Option<String> {
    let located = locate(text).filter(|located| located.certain && located.token.len() == text.len())?;
    let payload = located.token.split('.').nth(1)?;
    String::from_utf8(text::decode_leniently(payload)?).ok()
}
