//! Leaked keys: reported, and taken out of use.

use keyset::{Act, KeyId};

use crate::{
    ground::{Error, ports::Ports},
    store::{life::key_id, records::Credential, session::Session, transaction::Writes},
};

/// Reports that a key leaked, and lets it call until it is replaced.
pub fn report_leak(session: &mut Session, name: &str, ports: &Ports) -> Result<(), Error> {
    let report = |key| Act::ReportLeak { key };
    act(session, name, report, ports)
}

/// Takes a leaked key out of use at once: it never signs again, and its targets have no key.
pub fn compromise(session: &mut Session, name: &str, ports: &Ports) -> Result<(), Error> {
    let compromise = |key| Act::Compromise { key };
    act(session, name, compromise, ports)
}

fn act(session: &mut Session, name: &str, act: impl Fn(KeyId) -> Act, ports: &Ports) -> Result<(), Error> {
    session.transact(ports, |session| {
        let mut life = session.living(ports.clock.now())?;
        life.act(act(key_id(session.find::<Credential>(name)?.id)))?;
        let mut writes = Writes::default();
        life.seal(session, &mut writes, ports)?;
        Ok((writes, ()))
    })
}
