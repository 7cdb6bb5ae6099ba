//! Transactions: the writes of a job as values, planned from the records that were read, committed at once.

use std::{collections::BTreeMap, sync::OnceLock};

use vault::{Change, CommitError, Kind, RecordId, Revision, Secret};

use crate::{
    ground::{Error, VaultError, ports::Ports},
    store::{
        index::Layout,
        records::Stored,
        session::{Session, VaultRandom},
    },
};

/// The writes of one transaction.
#[derive(Default)]
pub(crate) struct Writes<'w>(Vec<Write<'w>>);

/// One record that is written. It may hold a secret, so it has no `Debug`.
enum Write<'w> {
    Add { id: RecordId, kind: Kind, metadata: Vec<u8>, secret: Option<&'w [u8]> },
    Replace { id: RecordId, expected: Revision, metadata: Vec<u8>, secret: Option<&'w [u8]> },
    Delete { id: RecordId, expected: Revision, tombstone: String },
}

/// One record as it was before a write and as it is since, for taking the write back.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) id: RecordId,
    pub(crate) kind: Kind,
    pub(crate) before: Vec<u8>,
    /// None: the record was deleted for good.
    pub(crate) after: Option<Vec<u8>>,
}

impl Write<'_> {
    const fn id(&self) -> RecordId {
        match self {
            Self::Add { id, .. } | Self::Replace { id, .. } | Self::Delete { id, .. } => *id,
        }
    }

    /// The same in the vault's words.
    fn change(&self) -> Change<'_> {
        match self {
            Self::Add { id, kind, metadata, secret } => Change::Add { id: *id, kind: *kind, metadata, secret: *secret },
            Self::Replace { id, expected, metadata, secret } => Change::Replace {
                id: *id,
                expected: *expected,
                metadata,
                secret: secret.map_or(Secret::Keep, Secret::Set),
            },
            Self::Delete { id, expected, tombstone } => {
                Change::Delete { id: *id, expected: *expected, tombstone: tombstone.as_bytes() }
            }
        }
    }
}

impl<'w> Writes<'w> {
    /// A new record.
    pub(crate) fn add<T: Layout>(&mut self, value: &T, secret: Option<&'w [u8]>, ports: &Ports) {
        self.insert(value, secret, ports);
    }

    /// A new record, by the id that it gets.
    pub(crate) fn insert<T: Layout>(&mut self, value: &T, secret: Option<&'w [u8]>, ports: &Ports) -> RecordId {
        let id = RecordId::random(&VaultRandom(ports.random.as_ref()));
        self.0.push(Write::Add { id, kind: T::KIND, metadata: value.encode(), secret });
        id
    }

    /// Another text for a record; its secret stays. What says the same as before is not written.
    pub(crate) fn replace<T: Layout>(&mut self, stored: &Stored<T>, session: &Session) {
        let text = stored.value.encode();
        match self.0.iter_mut().find(|write| write.id() == stored.id) {
            Some(Write::Add { metadata, .. } | Write::Replace { metadata, .. }) => *metadata = text,
            Some(Write::Delete { .. }) => {}
            None if session.sealed(stored.id).map(|(_, sealed)| sealed) == Some(&text) => {}
            None => {
                let (id, expected, metadata, secret) = (stored.id, stored.revision, text, None);
                self.0.push(Write::Replace { id, expected, metadata, secret });
            }
        }
    }

    /// Every record of one layout as it will be once these writes are done.
    pub(crate) fn each<T: Layout>(&self, session: &Session) -> Result<Vec<Stored<T>>, Error> {
        let written: BTreeMap<RecordId, &Write<'w>> = self.0.iter().map(|write| (write.id(), write)).collect();
        let mut all = Vec::new();
        for stored in session.each::<T>()?.chain(session.deleted::<T>()) {
            match written.get(&stored.id) {
                None => all.push(stored.clone()),
                Some(Write::Delete { .. }) => {}
                Some(Write::Add { metadata, .. } | Write::Replace { metadata, .. }) => {
                    all.push(Stored { value: T::decode(metadata)?, ..stored.clone() });
                }
            }
        }
        for write in &self.0 {
            if let Write::Add { id, kind, metadata, .. } = write
                && *kind == T::KIND
            {
                all.push(Stored { id: *id, revision: Revision(0), value: T::decode(metadata)? });
            }
        }
        Ok(all)
    }

    /// Another text and another secret for a record.
    pub(crate) fn renew<T: Layout>(&mut self, stored: &Stored<T>, secret: &'w [u8]) {
        let (id, expected, metadata) = (stored.id, stored.revision, stored.value.encode());
        self.0.push(Write::Replace { id, expected, metadata, secret: Some(secret) });
    }

    /// The record goes for good; `words` say what it was.
    pub(crate) fn delete<T: Layout>(&mut self, stored: &Stored<T>, words: String) {
        self.0.retain(|write| write.id() != stored.id);
        self.0.push(Write::Delete { id: stored.id, expected: stored.revision, tombstone: words });
    }

    /// The text that a record had before a step.
    pub(crate) fn put_back(&mut self, step: &Step, session: &Session) {
        if let Some(expected) = session.revision(step.id) {
            let (id, metadata, secret) = (step.id, step.before.clone(), None);
            self.0.push(Write::Replace { id, expected, metadata, secret });
        }
    }

    /// The same in the vault's words.
    pub(crate) fn changes(&self) -> Vec<Change<'_>> {
        self.0.iter().map(Write::change).collect()
    }

    /// What is needed to take these writes back. Asked for before they happen.
    pub(crate) fn steps(&self, session: &Session) -> Vec<Step> {
        let step = |write: &Write<'w>| {
            let (id, after) = match write {
                Write::Add { .. } => return None,
                Write::Replace { id, metadata, .. } => (*id, Some(metadata.clone())),
                Write::Delete { id, .. } => (*id, None),
            };
            let (kind, before) = session.sealed(id)?;
            Some(Step { id, kind, before: before.to_vec(), after })
        };
        self.0.iter().filter_map(step).collect()
    }
}

/// How often a job plans again when another process wrote in between. Each time the other one got further.
const TRIES: usize = 8;

impl Session {
    /// The one place where the vault is written. `plan` looks at the records and says what to write, all of it in one
    /// transaction; if another process wrote in between, the list is read again and the plan made anew, so that it never
    /// writes over what it has not seen.
    pub(crate) fn transact<'w, T>(
        &mut self,
        ports: &Ports,
        plan: impl Fn(&Self) -> Result<(Writes<'w>, T), Error>,
    ) -> Result<T, Error> {
        self.transact_undoable(ports, plan).map(|(answer, _)| answer)
    }

    /// The same, with what is needed to take it back.
    pub(crate) fn transact_undoable<'w, T>(
        &mut self,
        ports: &Ports,
        plan: impl Fn(&Self) -> Result<(Writes<'w>, T), Error>,
    ) -> Result<(T, Vec<Step>), Error> {
        for _ in 1..TRIES {
            self.refresh()?;
            let (writes, answer) = plan(self)?;
            match self.write(&writes, ports) {
                Err(Error::Vault(VaultError::Commit(CommitError::ChangedElsewhere { .. }))) => {}
                written => return written.map(|steps| (answer, steps)),
            }
        }
        self.refresh()?;
        let (writes, answer) = plan(self)?;
        self.write(&writes, ports).map(|steps| (answer, steps))
    }

    fn write(&mut self, writes: &Writes<'_>, ports: &Ports) -> Result<Vec<Step>, Error> {
        let steps = writes.steps(self);
        let changes = writes.changes();
        let committed = self.vault.commit(&changes, &VaultRandom(ports.random.as_ref()));
        committed.map_err(|error| self.lost(error))?;
        self.index.renew(&self.vault, changes.iter().map(Change::id));
        self.known = OnceLock::new();
        Ok(steps)
    }
}
