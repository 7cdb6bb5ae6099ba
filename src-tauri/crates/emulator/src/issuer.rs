//! Tokens that the emulator makes itself, as Hedge and CryptoPay do: signed with a secret of its own, checked again by
//! it, and ended before their time where that is asked for.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    clock, mac,
    refusal::{Refusal, SessionRefusal},
    secret::Secret,
    token::Token,
};

/// How many used refresh tokens are remembered one by one.
const REMEMBERED: usize = 10_000;

/// How far tokens that came at once may have counted ahead of the clock: none that is made later has a smaller number.
const AHEAD: u64 = 1_000;

/// What signs, and what knows which of its tokens are no longer good.
///
/// Nothing is kept for a token that is good. The first 48 bits of each identifier are milliseconds of the system's clock, as
/// in a UUID v7 (RFC 9562 §5.7), and count up where two come at once, so that "all until now" is one number. It holds for
/// those that were made before a restart too, which are signed with the same secret.
pub(crate) struct Issuer {
    secret: Secret,
    /// The number of the latest token.
    latest: u64,
    /// Access tokens up to this one are expired, whatever they say.
    expired: u64,
    /// Refresh tokens up to this one are blacklisted.
    ended: u64,
    /// And these.
    used: BTreeSet<u64>,
}

impl Issuer {
    /// An issuer for a provider.
    pub(crate) fn new(provider: &str) -> Self {
        Self { secret: Secret::of_emulators(provider), latest: 0, expired: 0, ended: 0, used: BTreeSet::new() }
    }

    /// Forgets every token that was made: none is good any more.
    pub(crate) fn forget(&mut self) {
        *self = Self::new(&Uuid::new_v4().to_string());
    }

    /// The identifier of the next token: a UUID v4 but for its number.
    pub(crate) fn next_id(&mut self) -> Uuid {
        self.latest = self.latest.saturating_add(1).max(clock::milliseconds());
        let mut bytes = Uuid::new_v4().into_bytes();
        bytes[..6].copy_from_slice(&self.latest.to_be_bytes()[2..]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// The number of all tokens that were made until now, before a restart too.
    fn until_now(&self) -> u64 {
        self.latest.max(clock::milliseconds().saturating_add(AHEAD))
    }

    /// The token with this header and these claims, members in the order in which they are written.
    pub(crate) fn sign(&self, header: &str, claims: &impl Serialize) -> String {
        let claims = serde_json::to_vec(claims).unwrap_or_default();
        let input = format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(&claims));
        let signature = BASE64URL_NOPAD.encode(&mac::make(&self.secret, input.as_bytes()));
        format!("{input}.{signature}")
    }

    /// Whether it signed `token`.
    pub(crate) fn verify(&self, token: &Token<'_>) -> Result<(), Refusal> {
        mac::verify(&self.secret, token, "the server's own secret")
    }

    /// Expires every access token that was made until now.
    pub(crate) fn expire_access(&mut self) {
        self.expired = self.until_now();
        self.latest = self.expired;
    }

    /// Blacklists every refresh token that was made until now.
    pub(crate) fn blacklist_refresh(&mut self) {
        self.ended = self.until_now();
        self.latest = self.ended;
        self.used.clear();
    }

    /// Blacklists one refresh token. Where too many are remembered, the oldest ones end together.
    pub(crate) fn blacklist(&mut self, id: &str) {
        self.used.extend(number(id));
        if self.used.len() > REMEMBERED
            && let Some(oldest) = self.used.pop_first()
        {
            self.ended = self.ended.max(oldest);
        }
    }

    /// Whether the access token `id` was not expired on demand.
    pub(crate) fn access_lives(&self, id: &str) -> Result<(), SessionRefusal> {
        let cut = number(id).is_none_or(|number| number <= self.expired);
        if cut { Err(SessionRefusal::Cut) } else { Ok(()) }
    }

    /// Whether the refresh token `id` is not blacklisted.
    pub(crate) fn refresh_lives(&self, id: &str) -> Result<(), SessionRefusal> {
        match number(id) {
            Some(number) if self.used.contains(&number) => Err(SessionRefusal::Used),
            Some(number) if number > self.ended => Ok(()),
            _ => Err(SessionRefusal::Ended),
        }
    }
}

/// The number in an identifier.
fn number(id: &str) -> Option<u64> {
    let bytes = Uuid::parse_str(id).ok()?.into_bytes();
    Some(bytes[..6].iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_until_now_ends_and_what_comes_after_does_not() {
        let mut issuer = Issuer::new("hedge");
        let [first, second] = [(); 2].map(|()| issuer.next_id().simple().to_string());
        issuer.blacklist(&first);
        assert_eq!(issuer.refresh_lives(&first), Err(SessionRefusal::Used));
        assert_eq!(issuer.refresh_lives(&second), Ok(()));
        issuer.expire_access();
        issuer.blacklist_refresh();
        assert_eq!(issuer.access_lives(&second), Err(SessionRefusal::Cut));
        assert_eq!(issuer.refresh_lives(&second), Err(SessionRefusal::Ended));
        let third = issuer.next_id().to_string();
        assert_eq!((issuer.access_lives(&third), issuer.refresh_lives(&third)), (Ok(()), Ok(())));
        assert_eq!(issuer.access_lives("no id"), Err(SessionRefusal::Cut));
    }

    #[test]
    fn what_was_made_before_a_restart_ends_too() {
        let before = Issuer::new("hedge").next_id().to_string();
        let mut after = Issuer::new("hedge");
        assert_eq!((after.access_lives(&before), after.refresh_lives(&before)), (Ok(()), Ok(())));
        after.expire_access();
        after.blacklist_refresh();
        assert_eq!(after.access_lives(&before), Err(SessionRefusal::Cut));
        assert_eq!(after.refresh_lives(&before), Err(SessionRefusal::Ended));
        let next = after.next_id().to_string();
        assert_eq!((after.access_lives(&next), after.refresh_lives(&next)), (Ok(()), Ok(())));
    }

    #[test]
    fn a_client_that_refreshes_for_ever_does_not_fill_the_memory() {
        let mut issuer = Issuer::new("hedge");
        let first = issuer.next_id().to_string();
        issuer.blacklist(&first);
        for _ in 0..REMEMBERED + 10 {
            let id = issuer.next_id().to_string();
            issuer.blacklist(&id);
        }
        assert_eq!(issuer.used.len(), REMEMBERED);
        assert!(issuer.refresh_lives(&first).is_err());
    }
}
