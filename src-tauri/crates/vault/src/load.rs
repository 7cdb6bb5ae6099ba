//! Reading a whole vault: every row is unsealed, and the manifest must agree with all of them.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::{mem, thread};

use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::aad::SealedPart;
use crate::fault::{Damage, Part, Trouble};
use crate::ids::{Kind, RecordId, Revision, VaultId};
use crate::keys::Keys;
use crate::manifest::{Leaf, Tree};
use crate::rows::{self, Header, Manifest, RecordRow, State};
use crate::seal::{Key, XCHACHA20_POLY1305};
use crate::slot::Slot;

/// How many rows are unsealed by one thread. Fewer are not worth a thread.
const PORTION: usize = 4096;

/// What the list shows of one row.
pub(crate) struct Content {
    pub revision: Revision,
    pub kind: Kind,
    pub state: State,
    pub has_secret: bool,
    /// The metadata, or the tombstone.
    pub text: Zeroizing<Vec<u8>>,
}

impl Content {
    pub fn of(row: &RecordRow, text: Zeroizing<Vec<u8>>) -> Self {
        let has_secret = row.secret_tag.is_some();
        Self { revision: row.revision, kind: row.kind, state: row.state, has_secret, text }
    }
}

/// A vault as it stood at one moment, verified.
pub(crate) struct Snapshot {
    pub slots: Vec<Slot>,
    pub manifest: Manifest,
    pub tree: Tree,
    pub contents: BTreeMap<RecordId, Content>,
}

/// What can be read without a key, as it stood at one moment.
pub(crate) struct Outside {
    pub header: Header,
    pub slots: Vec<Slot>,
    pub manifest: Manifest,
}

impl Outside {
    pub fn read(db: &Connection) -> Result<Self, Trouble> {
        let header = Header::read(db)??;
        let slots = Slot::read_all(db, header.vault)??;
        if slots.is_empty() {
            return Err(Part::File.is("has no key slot").into());
        }
        Ok(Self { header, slots, manifest: Manifest::read(db)?? })
    }
}

impl Snapshot {
    /// Reads and verifies everything but the secrets.
    pub fn read(db: &Connection, header: &Header, keys: &Keys) -> Result<Self, Trouble> {
        let outside = Outside::read(db)?;
        if outside.header != *header {
            return Err(Part::Header.is("is not the one this vault was opened with").into());
        }
        let (leaves, contents) = read_records(db, header.vault, &keys.wrap)?;
        check_secrets(db, &leaves)?;
        let tree = Tree::new(leaves);
        let Outside { slots, manifest, .. } = outside;
        if !tree.verifies(&keys.manifest, header, &slots, manifest.epoch, &manifest.tag) {
            return Err(Part::Manifest.is("does not agree with the slots and records").into());
        }
        Ok(Self { slots, manifest, tree, contents })
    }
}

/// Reads and verifies everything, the secrets too. What agrees with the manifest is what somebody with the key wrote.
pub(crate) fn read_whole(db: &Connection, header: &Header, keys: &Keys) -> Result<(Snapshot, usize), Trouble> {
    let snapshot = Snapshot::read(db, header, keys)?;
    let mut secrets = 0;
    RecordRow::read_all(db, |row| {
        if row.secret_tag.is_some() {
            open_secret(db, header.vault, &keys.wrap, &row)?;
            secrets += 1;
        }
        Ok::<_, Trouble>(())
    })?;
    Ok((snapshot, secrets))
}

/// Opens the data key of a row where a key stays.
fn open_data_key(vault: VaultId, wrap: &Key, row: &RecordRow, place: &mut Key) -> Result<(), Damage> {
    if row.alg != XCHACHA20_POLY1305 {
        return Err(Part::Record(row.id).is("names an algorithm that format 1 does not have"));
    }
    let aad = row.identity(vault).aad(SealedPart::DataKey, row.alg);
    wrap.open_key_into(&aad, &row.data_key, place)
        .map_err(|_| Part::Record(row.id).is("has a data key that does not open"))
}

/// Opens the secret of a row.
pub(crate) fn open_secret(
    db: &Connection,
    vault: VaultId,
    wrap: &Key,
    row: &RecordRow,
) -> Result<Zeroizing<Vec<u8>>, Trouble> {
    let part = Part::Secret(row.id);
    let sealed = rows::read_secret(db, row.id)?.ok_or(part.is("is missing"))?;
    if crate::seal::tag(&sealed) != row.secret_tag {
        return Err(part.is("is not the one its record names").into());
    }
    let mut key = Box::new(Key::EMPTY);
    open_data_key(vault, wrap, row, &mut key)?;
    let aad = row.identity(vault).aad(SealedPart::Secret, row.alg);
    Ok(key.open(&aad, &sealed).map_err(|_| part.is("does not open"))?)
}

/// Opens the secret of a record that is known by its leaf, if the file still has exactly that record.
pub(crate) fn open_known_secret(
    db: &Connection,
    vault: VaultId,
    wrap: &Key,
    id: RecordId,
    known: &Leaf,
) -> Result<Zeroizing<Vec<u8>>, Trouble> {
    let row = RecordRow::read(db, id)?.filter(|row| Leaf::of(row).as_ref() == Some(known));
    let row = row.ok_or(Part::Record(id).is("is not the one that the manifest names"))?;
    open_secret(db, vault, wrap, &row)
}

/// What the manifest says about each row, and what the list shows of it.
type Records = (BTreeMap<RecordId, Leaf>, BTreeMap<RecordId, Content>);

/// Reads every row and unseals it. A portion that is read is unsealed on another thread while the next is read.
fn read_records(db: &Connection, vault: VaultId, wrap: &Key) -> Result<Records, Trouble> {
    let mut leaves = Vec::new();
    let contents = thread::scope(|scope| {
        let (mut portion, mut workers) = (Vec::new(), Vec::new());
        RecordRow::read_all(db, |row| {
            leaves.push((row.id, Leaf::of(&row).ok_or(Part::Record(row.id).is("is cut short"))?));
            portion.push(row);
            if portion.len() == PORTION {
                let full = mem::take(&mut portion);
                // The stack of a thread that ended is used again, as it was left.
                workers.push(scope.spawn(move || memory::clean_stack(|| unseal_all(vault, wrap, &full))));
            }
            Ok::<_, Trouble>(())
        })?;
        let mut contents = unseal_all(vault, wrap, &portion)?;
        for worker in workers {
            contents.extend(worker.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok::<_, Trouble>(contents)
    })?;
    leaves.sort_unstable_by_key(|(id, _)| *id);
    if let Some(twice) = leaves.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(Part::Record(twice[0].0).is("is there twice").into());
    }
    Ok((leaves.into_iter().collect(), contents.into_iter().collect()))
}

/// A record has a secret if, and only if, it says so.
fn check_secrets(db: &Connection, leaves: &BTreeMap<RecordId, Leaf>) -> Result<(), Trouble> {
    let mut found = rows::secret_ids(db)?.into_iter();
    let wanted = leaves.iter().filter(|(_, leaf)| leaf.secret_tag.is_some()).map(|(id, _)| *id);
    let stray = |id| Part::Secret(id).is("belongs to no record");
    for id in wanted {
        match found.next() {
            Some(next) if next == id => {}
            Some(next) if next < id => return Err(stray(next).into()),
            _ => return Err(Part::Secret(id).is("is missing").into()),
        }
    }
    found.next().map_or(Ok(()), |id| Err(stray(id).into()))
}

fn unseal_all(vault: VaultId, wrap: &Key, rows: &[RecordRow]) -> Result<Vec<(RecordId, Content)>, Damage> {
    // One place for the data keys of all rows: 100,000 boxes would be made and wiped otherwise.
    let mut key = Box::new(Key::EMPTY);
    rows.iter().map(|row| unseal(vault, wrap, row, &mut key)).collect()
}

fn unseal(vault: VaultId, wrap: &Key, row: &RecordRow, key: &mut Key) -> Result<(RecordId, Content), Damage> {
    open_data_key(vault, wrap, row, key)?;
    let text = key
        .open(&row.identity(vault).aad(row.state.sealed_part(), row.alg), &row.sealed)
        .map_err(|_| Part::Record(row.id).is("does not open"))?;
    Ok((row.id, Content::of(row, text)))
}
