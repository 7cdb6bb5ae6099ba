//! What scopes allow.

use crate::{refusal::Refusal, rules::Needs};

/// Whether a token with the scopes `held` may do what `needs` guards.
pub(crate) fn allow(held: &[&str], needs: &Needs) -> Result<(), Refusal> {
    let enough = match needs {
        Needs::AnyOf(wanted) => wanted.is_empty() || wanted.iter().any(|scope| grants(held, scope)),
        Needs::AllOf(wanted) => wanted.iter().all(|scope| grants(held, scope)),
    };
    if enough {
        return Ok(());
    }
    let found = if held.is_empty() { "none".to_owned() } else { held.join(", ") };
    Err(Refusal::Scope { wanted: needs.to_string(), found })
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

    #[test]
    fn write_never_allows_reading() {
        let read = Needs::AnyOf(vec!["buyers.read".into()]);
        for held in ["buyers.write", "*.write", "buyers", "*", "transactions.read", "buyers.*", ""] {
            assert!(allow(&[held], &read).is_err(), "{held}");
        }
        for held in ["buyers.read", "*.read"] {
            assert!(allow(&[held], &read).is_ok(), "{held}");
        }
    }

    #[test]
    fn any_of_and_all_of_differ() {
        let both = vec!["transactions.write".to_owned(), "gift-cards.write".to_owned()];
        assert!(allow(&["gift-cards.write"], &Needs::AnyOf(both.clone())).is_ok());
        assert!(allow(&["gift-cards.write"], &Needs::AllOf(both.clone())).is_err());
        assert!(allow(&["*.write"], &Needs::AllOf(both)).is_ok());
    }

    #[test]
    fn embed_is_no_wildcard() {
        let needs = Needs::AnyOf(vec!["payment-methods.read".into(), "embed".into()]);
        assert!(allow(&["embed"], &needs).is_ok());
        assert!(allow(&["embed"], &Needs::AnyOf(vec!["payment-methods.read".into()])).is_err());
        assert!(allow(&["*.read"], &Needs::AnyOf(vec!["embed".into()])).is_err());
    }
}
