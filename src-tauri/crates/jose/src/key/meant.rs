//! The keys that are meant where a file holds several: a private key before the certificates beside it, a certificate before those
//! of its issuers.

use super::{Found, Jwk, Key, certificate::Certificate};
use crate::{Code, Finding};

/// The keys that are meant, of all that a file holds.
pub(super) fn chosen(private: Vec<Key>, public: Vec<Key>, certificates: Vec<Certificate>) -> Found {
    let halves: Vec<_> = private.iter().filter_map(Key::public).collect();
    let mut found = Found { form: String::new(), keys: Vec::new(), findings: Vec::new() };
    // The public half of a private key beside it says nothing new.
    let alone = public.into_iter().filter(|key| key.public().is_none_or(|public| !halves.contains(&public)));
    if private.is_empty() {
        let (issuers, leaves): (Vec<_>, Vec<_>) =
            (0..certificates.len()).partition(|index| certificates[*index].issued_one_of(&certificates));
        let mut keys: Vec<Key> = alone.collect();
        for index in leaves {
            let key = certificates[index].key.clone();
            if keys.iter().all(|known| known.public().as_ref() != Some(&key)) {
                keys.push(Key::Public(key));
            }
        }
        found.keys = keys.into_iter().map(Jwk::from).collect();
        if !issuers.is_empty() {
            let message = format!(
                "{} of {} certificates are passed over: they issued another one",
                issuers.len(),
                certificates.len()
            );
            found.findings.push(Finding::new(Code::KeyPassedOver, message));
        }
        return found;
    }
    found.keys = private.into_iter().chain(alone).map(Jwk::from).collect();
    if !certificates.is_empty() && certificates.iter().all(|certificate| !halves.contains(&certificate.key)) {
        let message = "no certificate in the file is of its private key";
        found
            .findings
            .push(Finding::new(Code::KeyPassedOver, message).hint("the key is used; check that it is the right one"));
    }
    found
}
