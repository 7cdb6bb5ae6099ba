//! Permissions of a credential that does not carry them itself: an opaque key, or a token without a claim for scopes.

use provider::{Definition, Endpoint, Missing};

use super::{
    Kind,
    facts::Known,
    gate::{
        Certainty::{DoesNotApply, Likely, NotReached},
        Gate,
        Passage::{Open, Passed, Stopped},
        Rung,
    },
    ladder::View,
};

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

/// The gate of such a credential.
pub(crate) fn rung(view: &View<'_>) -> Rung {
    let rung = |passage, certainty, reason: String| Rung::new(Gate::Scope, passage, certainty, reason);
    let forbidden = view.status() == Some(403);
    match (&view.permission, view.kind) {
        (Permission::None, _) => {
            rung(Open, DoesNotApply, format!("{} knows no scopes and no permissions", view.definition.name))
        }
        (Permission::All, Kind::Refused) if forbidden => {
            rung(Stopped, Likely, "the key has no scopes of its own, so what its account may do".to_owned())
        }
        (Permission::All, _) => {
            rung(Open, DoesNotApply, "the key has no scopes of its own; it may do what its account may".to_owned())
        }
        (Permission::Lacks(words), Kind::Accepted) => {
            rung(Passed, Likely, format!("accepted, though by what the server said before it lacks {words}"))
        }
        (_, Kind::Accepted) => rung(Passed, Likely, "accepted".to_owned()),
        (Permission::Lacks(words), Kind::Refused) if forbidden => {
            rung(Stopped, Likely, format!("lacks {words} by what the server said before"))
        }
        (Permission::Has(words), Kind::Refused) if forbidden => {
            rung(Stopped, Likely, format!("has {words} by what the server said before, so another permission"))
        }
        (Permission::Needed(words), Kind::Refused) if forbidden => {
            rung(Stopped, Likely, format!("the call needs {words}"))
        }
        (Permission::Unknown, Kind::Refused) if forbidden => {
            rung(Stopped, Likely, "a permission of the credential".to_owned())
        }
        (Permission::Lacks(words), _) => {
            rung(Open, NotReached, format!("lacks {words} by what the server said before"))
        }
        (Permission::Has(words), _) => rung(Open, NotReached, format!("has {words} by what the server said before")),
        (Permission::Needed(words), _) => {
            rung(Open, NotReached, format!("the call needs {words}; the credential does not say what it may do"))
        }
        (Permission::Unknown, _) => {
            rung(Open, NotReached, "it is not known which permissions this call needs".to_owned())
        }
    }
}
