//! Issued tokens: the access token and the refresh token of each credential at each target, sealed, and what the server said
//! of them. Whoever gets new ones replaces the old ones, so that every process that has the vault open uses the same.

use exchange::{Obtained, Refresh, RefreshToken};
use zeroize::Zeroizing;

use crate::{
    ground::{
        CallError, Error,
        ports::{LiveAct, Ports},
    },
    policy::{
        consent,
        signer::{self, SignRequest, Signer, Use},
    },
    resolve::environments,
    store::{
        records::{Credential, CredentialAt, IssuedTokens, Owned, RefreshInfo, Stored, VERSION},
        session::Session,
        transaction::Writes,
    },
};

/// Stands between the two tokens as they are sealed: no header field, so no token, can hold it (RFC 9110 §5.5).
const BETWEEN: u8 = 0;

/// The tokens of an owner, opened for one operation. They cannot be shown.
#[derive(Default)]
pub(crate) struct Tokens {
    pub(crate) access: Option<Zeroizing<String>>,
    pub(crate) refresh: Option<Zeroizing<String>>,
}

/// What is known of the tokens of an owner; nothing where none were issued.
pub fn known(session: &Session, owner: &CredentialAt) -> Result<Option<IssuedTokens>, Error> {
    Ok(stored(session, owner)?.map(|stored| stored.value.clone()))
}

/// The access token of an owner, as the person takes it away. Asks before that is a live one.
pub fn access(session: &Session, owner: &CredentialAt, ports: &Ports) -> Result<Zeroizing<String>, Error> {
    let CredentialAt { at, credential } = owner;
    let signer = Signer::resolve(session, &at.profile, &at.environment, Some(credential))?;
    signer::may_sign(session, &signer.credential, Use::in_environment(signer.environment))?;
    consent::ask(&signer, LiveAct::Sign, "copying the access token", None, ports)?;
    open(session, owner)?.access.ok_or_else(|| {
        let place = environments::label(signer.definition, signer.environment);
        Error::Call(CallError::NoToken { place, hint: "get one first, by a flow".to_owned() })
    })
}

/// Whose tokens a call with these names carries.
pub fn owner(session: &Session, sign: &SignRequest) -> Result<CredentialAt, Error> {
    // Also of a key that is out of use: what it was given can still be forgotten.
    Ok(Signer::resolve(session, &sign.profile, &sign.environment, sign.key.as_deref())?.credential_at())
}

/// Every owner's tokens, and what is known of them. Those of a key that was deleted are not listed.
pub fn all(session: &Session) -> Result<Vec<IssuedTokens>, Error> {
    let usable = session.each::<IssuedTokens>()?.filter(|stored| session.has::<Credential>(&stored.value.credential));
    Ok(usable.map(|stored| stored.value.clone()).collect())
}

/// Forgets the tokens of an owner, without telling the server. Says whether there were any.
pub fn forget(session: &mut Session, owner: &CredentialAt, ports: &Ports) -> Result<bool, Error> {
    session.transact(ports, |session| {
        let mut writes = Writes::default();
        let found = stored(session, owner)?;
        if let Some(stored) = found {
            let CredentialAt { at, credential } = owner;
            writes.delete(stored, format!("tokens of {credential} at {}, {}", at.profile, at.environment));
        }
        Ok((writes, found.is_some()))
    })
}

impl IssuedTokens {
    /// The refresh token, in exchange's words.
    pub fn refresh_token(&self) -> RefreshToken {
        match self.refresh {
            Some(standing) => RefreshToken::Present { expires: standing.expires },
            None => RefreshToken::Absent,
        }
    }
}

/// The record of an owner.
pub(crate) fn stored<'s>(
    session: &'s Session,
    owner: &CredentialAt,
) -> Result<Option<&'s Stored<IssuedTokens>>, Error> {
    Ok(session.each::<IssuedTokens>()?.find(|stored| stored.value.is_of(owner)))
}

/// Opens the tokens of an owner; both are missing where none were issued.
pub(crate) fn open(session: &Session, owner: &CredentialAt) -> Result<Tokens, Error> {
    let Some(stored) = stored(session, owner)? else { return Ok(Tokens::default()) };
    let opened = session.open(stored.id)?;
    let mut tokens = opened.split(|byte| *byte == BETWEEN).map(|bytes| match std::str::from_utf8(bytes) {
        Ok("") | Err(_) => None,
        Ok(token) => Some(Zeroizing::new(token.to_owned())),
    });
    Ok(Tokens { access: tokens.next().flatten(), refresh: tokens.next().flatten() })
}

/// Keeps what a server issued. A refresh token that did not come anew stays.
pub(crate) fn keep(
    session: &mut Session,
    owner: &CredentialAt,
    scopes: Option<&[String]>,
    obtained: &Obtained,
    ports: &Ports,
) -> Result<(), Error> {
    let now = ports.clock.now();
    let before = open(session, owner)?;
    let access = obtained.access.as_ref().map(exchange::SecretText::reveal);
    let refresh = match &obtained.refresh {
        Refresh::New { token, .. } => Some(token.reveal()),
        Refresh::Kept => before.refresh.as_ref().map(|token| token.as_str()),
        Refresh::None => None,
    };
    let secret = sealed(access, refresh);
    session.transact(ports, |session| {
        let old = stored(session, owner)?;
        let standing = match &obtained.refresh {
            Refresh::New { expires, .. } => Some(RefreshInfo { expires: expires.at }),
            Refresh::Kept => old.and_then(|old| old.value.refresh),
            Refresh::None => None,
        };
        let earlier = old.map(|old| &old.value);
        let value = IssuedTokens {
            v: VERSION,
            at: owner.at.clone(),
            credential: owner.credential.clone(),
            access: access.is_some(),
            expires: obtained.expires.at,
            refresh: standing.filter(|_| refresh.is_some()),
            scopes: obtained.scopes.clone().or_else(|| scopes.map(<[String]>::to_vec)),
            // A refresh does not repeat what the log-in said.
            permissions: obtained.permissions.clone().or_else(|| earlier?.permissions.clone()),
            user: obtained.user.clone().or_else(|| earlier?.user.clone()),
            received: now,
        };
        let mut writes = Writes::default();
        match old {
            Some(old) => writes.renew(&Stored { value, ..old.clone() }, &secret),
            None => writes.add(&value, Some(&secret), ports),
        }
        Ok((writes, ()))
    })
}

/// Remembers what the server said of the tokens, which stay.
pub(crate) fn learn(
    session: &mut Session,
    owner: &CredentialAt,
    obtained: &Obtained,
    ports: &Ports,
) -> Result<(), Error> {
    session.transact(ports, |session| {
        let mut writes = Writes::default();
        if let Some(mut known) = stored(session, owner)?.cloned() {
            known.value.expires = obtained.expires.at.or(known.value.expires);
            known.value.permissions = obtained.permissions.clone().or(known.value.permissions);
            known.value.user = obtained.user.clone().or(known.value.user);
            writes.replace(&known, session);
        }
        Ok((writes, ()))
    })
}

/// The bytes to seal, in a buffer that never moves.
fn sealed(access: Option<&str>, refresh: Option<&str>) -> Zeroizing<Vec<u8>> {
    let (access, refresh) = (access.unwrap_or_default(), refresh.unwrap_or_default());
    let mut bytes = Zeroizing::new(Vec::with_capacity(access.len() + refresh.len() + 1));
    bytes.extend_from_slice(access.as_bytes());
    bytes.push(BETWEEN);
    bytes.extend_from_slice(refresh.as_bytes());
    bytes
}
