//! Scopes, and what each allows.

use provider::definition::Needs;

use crate::refusal::{CredentialRefusal, Refusal};

/// Whether a token with the scopes `held` may do what `needs` guards: each of `all`, and one of `any` where there are.
pub(crate) fn allow(held: &[&str], needs: &Needs) -> Result<(), Refusal> {
    let any = needs.any.is_empty() || needs.any.iter().any(|scope| grants(held, scope));
    if any && needs.all.iter().all(|scope| grants(held, scope)) {
        return Ok(());
    }
    let found = if held.is_empty() { "none".to_owned() } else { held.join(", ") };
    Err(Refusal::Scope { wanted: words(needs), found })
}

/// The same, where the holder's roles give the scopes `given`: what both allow is allowed. A word that names no resource, such as
/// `embed`, is no role's.
pub(crate) fn allow_within(held: &[&str], given: &[&str], needs: &Needs) -> Result<(), Refusal> {
    let both = |scope: &String| grants(held, scope) && (!names_resource(scope) || grants(given, scope));
    let any = needs.any.is_empty() || needs.any.iter().any(both);
    if any && needs.all.iter().all(both) {
        return Ok(());
    }
    Err(Refusal::Role { wanted: words(needs), found: given.join(", ") })
}

/// Those of `wanted` that are not granted by `held`.
pub(crate) fn lacking<'w>(held: &[&str], wanted: &[&'w str]) -> Vec<&'w str> {
    wanted.iter().copied().filter(|scope| !grants(held, scope)).collect()
}

fn names_resource(scope: &str) -> bool {
    scope.ends_with(".read") || scope.ends_with(".write")
}

/// The same for an API key with the permissions `held`.
pub(crate) fn allow_key(held: &[String], needs: &Needs) -> Result<(), Refusal> {
    let held: Vec<&str> = held.iter().map(String::as_str).collect();
    allow(&held, needs).map_err(|refusal| match refusal {
        Refusal::Scope { wanted, found } => CredentialRefusal::Permission { wanted, found }.into(),
        other => other,
    })
}

/// What is needed, in words: `a and b, and one of c or d`.
fn words(needs: &Needs) -> String {
    let (all, any) = (needs.all.join(" and "), needs.any.join(" or "));
    match (all.is_empty(), any.is_empty()) {
        (_, true) => all,
        (true, false) => any,
        (false, false) => format!("{all}, and {any}"),
    }
}

/// Whether `held` contains `wanted` or the wildcard over it. `*.write` and `x.write` never allow reading.
fn grants(held: &[&str], wanted: &str) -> bool {
    let wildcard = match wanted.rsplit_once('.') {
        Some((_, "read")) => Some("*.read"),
        Some((_, "write")) => Some("*.write"),
        _ => None,
    };
    held.iter().any(|scope| *scope == wanted || Some(*scope) == wildcard)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(all: &[&str], any: &[&str]) -> Needs {
        let owned = |list: &[&str]| list.iter().map(|scope| (*scope).to_owned()).collect();
        Needs { all: owned(all), any: owned(any) }
    }

    #[test]
    fn write_never_allows_reading() {
        let read = needs(&["buyers.read"], &[]);
        for held in ["buyers.write", "*.write", "buyers", "*", "transactions.read", "buyers.*", ""] {
            assert!(allow(&[held], &read).is_err(), "{held}");
        }
        for held in ["buyers.read", "*.read"] {
            assert!(allow(&[held], &read).is_ok(), "{held}");
        }
    }

    #[test]
    fn any_and_all_differ() {
        let both = ["transactions.write", "gift-cards.write"];
        assert!(allow(&["gift-cards.write"], &needs(&[], &both)).is_ok());
        assert!(allow(&["gift-cards.write"], &needs(&both, &[])).is_err());
        assert!(allow(&["*.write"], &needs(&both, &[])).is_ok());
        assert!(allow(&[], &needs(&[], &[])).is_ok());
        assert!(allow(&["a.read"], &needs(&["a.read"], &["b.read", "embed"])).is_err());
        assert!(allow(&["a.read", "embed"], &needs(&["a.read"], &["b.read", "embed"])).is_ok());
    }

    #[test]
    fn embed_is_no_wildcard() {
        assert!(allow(&["embed"], &needs(&[], &["payment-methods.read", "embed"])).is_ok());
        assert!(allow(&["embed"], &needs(&["payment-methods.read"], &[])).is_err());
        assert!(allow(&["*.read"], &needs(&["embed"], &[])).is_err());
    }

    #[test]
    fn roles_allow_no_more_than_they_give_and_no_more_than_the_token() {
        let any = needs(&[], &["transactions.write", "gift-cards.write"]);
        assert!(allow_within(&["gift-cards.write"], &["transactions.write"], &any).is_err(), "no scope is in both");
        assert!(allow_within(&["*.write"], &["transactions.write"], &any).is_ok());
        assert!(allow_within(&["transactions.write"], &["*.write"], &any).is_ok());
        assert!(allow_within(&["embed"], &["*.read"], &needs(&["embed"], &[])).is_ok());
        assert!(allow_within(&["*.read"], &["*.read"], &needs(&["embed"], &[])).is_err());
        assert_eq!(lacking(&["*.read", "a.write"], &["a.read", "a.write", "b.write", "*.read"]), ["b.write"]);
        assert_eq!(lacking(&["a.read"], &["*.read"]), ["*.read"]);
    }

    #[test]
    fn what_is_needed_is_said_in_words() {
        let lines = [
            needs(&["a.read", "b.read"], &[]),
            needs(&[], &["a.read", "embed"]),
            needs(&["a.read"], &["b.read", "embed"]),
        ]
        .map(|needs| allow(&["x.read"], &needs).unwrap_err().to_string());
        insta::assert_snapshot!(lines.join("\n"), @"
        the operation needs a.read and b.read; the token has x.read
        the operation needs a.read or embed; the token has x.read
        the operation needs a.read, and b.read or embed; the token has x.read
        ");
    }
}
