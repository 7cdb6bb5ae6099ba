//! Acceptance of a credential: when a server last accepted a call of it, kept so that a later refusal is told from one of a key
//! that was never registered.

use crate::{
    ground::{Error, ports::Ports},
    store::{
        records::{Acceptance, CredentialAt, Owned, Stored, VERSION},
        session::Session,
        transaction::Writes,
    },
};

/// When a server last accepted a call of this credential at this target, in seconds since 1970; none where that is not known.
pub fn last(session: &Session, owner: &CredentialAt) -> Result<Option<i64>, Error> {
    Ok(stored(session, owner)?.map(|stored| stored.value.accepted))
}

/// Notes that a server accepted a call that was sent at `accepted`.
pub(crate) fn note(session: &mut Session, owner: &CredentialAt, accepted: i64, ports: &Ports) -> Result<(), Error> {
    session.transact(ports, |session| {
        let mut writes = Writes::default();
        match stored(session, owner)?.cloned() {
            Some(mut known) => {
                known.value.accepted = accepted;
                writes.replace(&known, session);
            }
            None => {
                let CredentialAt { at, credential } = owner.clone();
                writes.add(&Acceptance { v: VERSION, at, credential, accepted }, None, ports);
            }
        }
        Ok((writes, ()))
    })
}

fn stored<'s>(session: &'s Session, owner: &CredentialAt) -> Result<Option<&'s Stored<Acceptance>>, Error> {
    Ok(session.each::<Acceptance>()?.find(|stored| stored.value.is_of(owner)))
}
