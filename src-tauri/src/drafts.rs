//! Open drafts, one for each target, kept here so that they are there again: after another target, and after unlocking.

use std::collections::BTreeMap;

use workbench::drafts::{self, Draft};
use workbench::ports::Ports;
use workbench::records::Target;
use workbench::session::Session;
use workbench::{Error, places, sealed_drafts};

/// The drafts of a session.
#[derive(Default)]
pub(crate) struct Drafts {
    here: BTreeMap<Target, Draft>,
    last: Option<Target>,
}

impl Drafts {
    /// Keeps a draft as it is now. The person works at its place.
    pub(crate) fn keep(&mut self, draft: &Draft) {
        let at = Target { profile: draft.profile.clone(), environment: draft.environment.clone() };
        match self.here.get_mut(&at) {
            Some(kept) if kept == draft => {}
            Some(kept) => kept.clone_from(draft),
            None => {
                self.here.insert(at.clone(), draft.clone());
            }
        }
        self.last = Some(at);
    }

    /// The draft of a place: as it was left, as it was sealed, or a new one. Without a place: the last used; none where
    /// there is no profile.
    pub(crate) fn open(
        &mut self,
        at: Option<Target>,
        session: &Session,
        ports: &Ports,
    ) -> Result<Option<Draft>, Error> {
        let at = match at.or_else(|| self.last.clone()) {
            Some(at) => at,
            None => match places::first(session)? {
                Some(at) => at,
                None => return Ok(None),
            },
        };
        let draft = match self.here.get(&at) {
            Some(draft) => draft.clone(),
            None => match sealed_drafts::open(session, &at.profile, &at.environment)? {
                Some(draft) => draft,
                None => drafts::new(session, &at.profile, &at.environment, ports)?,
            },
        };
        self.keep(&draft);
        Ok(Some(draft))
    }

    /// Where the person works.
    pub(crate) fn last(&self) -> Option<&Target> {
        self.last.as_ref()
    }

    /// The person works at another place from now on.
    pub(crate) fn go(&mut self, at: Target) {
        self.last = Some(at);
    }

    /// Seals all of them in the vault.
    pub(crate) fn seal(&self, session: &mut Session, ports: &Ports) -> Result<(), Error> {
        let drafts: Vec<Draft> = self.here.values().cloned().collect();
        sealed_drafts::seal(session, &drafts, self.last.as_ref(), ports)
    }
}
