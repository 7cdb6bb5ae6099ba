//! Renaming a key. Records that name it follow in the same transaction.

use keyset::Act;

use crate::{
    ground::{Error, ports::Ports},
    store::{cascade, life::key_id, records::Credential, session::Session, transaction::Writes},
};

/// Gives a key another name; profiles, recipes and drafts that use it follow.
pub fn rename(session: &mut Session, name: &str, wanted: &str, ports: &Ports) -> Result<Credential, Error> {
    session.transact(ports, |session| {
        let mut stored = session.named::<Credential>(name)?;
        let mut writes = Writes::default();
        if stored.value.name != wanted.trim() {
            stored.value.name = session.free_name::<Credential>(wanted)?;
            cascade::rename_key(session, name, &stored.value.name, &mut writes)?;
            writes.replace(&stored, session);
            let mut life = session.living(ports.clock.now())?;
            life.act(Act::Rename { key: key_id(stored.id), name: stored.value.name.clone() })?;
            life.seal(session, &mut writes, ports)?;
        }
        Ok((writes, stored.value))
    })
}
