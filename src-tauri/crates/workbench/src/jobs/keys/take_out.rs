//! The way out of the trash: a deleted key comes back, under its name if that is free.

use keyset::Act;

use crate::{
    ground::{Error, names, ports::Ports},
    store::{
        life::key_id,
        records::{Credential, Stored},
        session::Session,
        transaction::Writes,
    },
};

/// Takes a key out of the trash, among these writes.
pub(crate) fn take_out(
    session: &Session,
    stored: &Stored<Credential>,
    writes: &mut Writes<'_>,
    ports: &Ports,
) -> Result<Credential, Error> {
    let mut life = session.living(ports.clock.now())?;
    let key = key_id(stored.id);
    life.act(Act::Restore { key: key.clone() })?;
    let mut stored = stored.clone();
    stored.value.deleted = None;
    let name = restore_as(session, &stored.value.name);
    if name != stored.value.name {
        stored.value.name.clone_from(&name);
        life.act(Act::Rename { key, name })?;
    }
    writes.replace(&stored, session);
    life.seal(session, writes, ports)?;
    Ok(stored.value)
}

/// The name under which a deleted key comes back.
fn restore_as(session: &Session, name: &str) -> String {
    names::free(name, "restored", |name| session.has::<Credential>(name))
}
