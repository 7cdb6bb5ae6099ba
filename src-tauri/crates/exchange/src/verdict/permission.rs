//! Permissions of a credential that does not carry them itself: an opaque key, or a token without a claim for scopes.

use provider::{Definition, Endpoint, Missing};

use super::facts::Known;

/// How the permissions of a credential stand to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Permission {
    /// The provider knows none.
    None,
    /// The credential is a key that no scopes were chosen for: it may do whatever its account may.
    All,
    /// It is not known what the call needs.
    Unknown,
    /// The call needs these, and it is not known here whether the credential has them.
    Needed(String),
    /// By what the server said before, it has what the call needs.
    Has(String),
    /// By what the server said before, it lacks these.
    Lacks(String),
}

impl Permission {
    /// `opaque` says that the credential is an opaque key and no token.
    pub(crate) fn of(definition: &Definition, endpoint: Option<&Endpoint>, known: &Known<'_>, opaque: bool) -> Self {
        if definition.scopes.is_none() {
            return Self::None;
        }
        let keys = &definition.credentials.api_keys;
        if opaque && !keys.is_empty() && !keys.iter().any(|key| key.scoped) {
            return Self::All;
        }
        let Some(needs) = endpoint.map(|e| &e.needs).filter(|needs| !needs.all.is_empty() || !needs.any.is_empty())
        else {
            return Self::Unknown;
        };
        let words = Missing { all: needs.all.clone(), any: needs.any.clone() }.words();
        let missing = known.permissions.zip(endpoint).map(|(held, endpoint)| definition.missing_for(endpoint, held));
        match missing {
            None => Self::Needed(words),
            Some(missing) if missing.is_empty() => Self::Has(words),
            Some(missing) => Self::Lacks(missing.words()),
        }
    }
}
