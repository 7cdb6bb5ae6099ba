//! Sealed drafts: those that were open when the vault was locked, one for each target, there again after unlocking.

use crate::{
    ground::{Error, ports::Ports},
    jobs::settings,
    store::{
        draft::Draft,
        records::{Profile, SealedDraft, Settings, Target, VERSION},
        session::Session,
        transaction::Writes,
    },
};

/// Seals drafts, each at its place, and remembers where the person worked last: one transaction, and none if nothing
/// is new. The draft of a profile that was deleted meanwhile is dropped.
pub fn seal(session: &mut Session, drafts: &[Draft], last: Option<&Target>, ports: &Ports) -> Result<(), Error> {
    session.transact(ports, |session| {
        let mut writes = Writes::default();
        let known = drafts.iter().filter(|draft| session.has::<Profile>(&draft.profile));
        for draft in known {
            let present = session.each::<SealedDraft>()?.find(|sealed| is_at(&sealed.value.draft, draft));
            match present.cloned() {
                Some(sealed) if sealed.value.draft == *draft => {}
                Some(mut sealed) => {
                    sealed.value.draft = draft.clone();
                    sealed.value.sealed = ports.clock.now();
                    writes.replace(&sealed, session);
                }
                None => {
                    let sealed = SealedDraft { v: VERSION, draft: draft.clone(), sealed: ports.clock.now() };
                    writes.add(&sealed, None, ports);
                }
            }
        }
        if let Some(last) = last.filter(|at| session.has::<Profile>(&at.profile)) {
            let chosen = Settings { last_place: Some(last.clone()), ..settings::show(session)? };
            settings::put(session, &chosen, &mut writes, ports)?;
        }
        Ok((writes, ()))
    })
}

/// The draft that was open at a place.
pub fn open(session: &Session, profile: &str, environment: &str) -> Result<Option<Draft>, Error> {
    let mut drafts = session.each::<SealedDraft>()?.map(|sealed| &sealed.value.draft);
    Ok(drafts.find(|draft| draft.profile == profile && draft.environment == environment).cloned())
}

fn is_at(one: &Draft, other: &Draft) -> bool {
    one.profile == other.profile && one.environment == other.environment
}
