//! The manifest: one MAC that fixes which records, slots and epoch belong together.
//!
//! Sealed rows cannot be changed, but they can be deleted, swapped for an older copy, or put back. So each commit writes
//! a MAC over all of them. Over 100,000 rows a plain MAC would cost 12 ms for each write; as a tree of 256 buckets it
//! costs 0.06 ms, since one write touches few buckets:
//!
//! ```text
//! leaf      = id ‖ revision ‖ state ‖ kind ‖ alg ‖ tag of data key ‖ tag of metadata ‖ has secret ‖ tag of secret
//! bucket b  = SHA-256("… bucket", b, number of leaves, leaves whose id begins with byte b, ascending by id)
//! tag       = HMAC-SHA256(manifest key, "… manifest", format, vault id, created, slots, all buckets, epoch)
//! ```
//!
//! This is a hash tree of two levels, not an incremental hash over a set: there is nothing to add or subtract, so nothing
//! can be cancelled out. The buckets are not stored; whoever opens the vault has every row at hand and computes them.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::FORMAT;
use crate::aad::Fields;
use crate::ids::{Epoch, Kind, RecordId, Revision};
use crate::rows::{Header, ManifestTag, RecordRow, State};
use crate::seal::{self, Key, TAG};
use crate::slot::Slot;

/// How many buckets there are: one for each first byte of an id.
pub(crate) const BUCKETS: usize = 256;

/// What the manifest says about one row. The tags stand for the contents: another content with the same tag under the
/// same key would be a forgery of the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub revision: Revision,
    pub state: State,
    pub kind: Kind,
    pub alg: u8,
    pub data_key_tag: [u8; TAG],
    pub sealed_tag: [u8; TAG],
    pub secret_tag: Option<[u8; TAG]>,
}

impl Leaf {
    /// The leaf of a row. `None` if a sealed part is too short to be one.
    pub fn of(row: &RecordRow) -> Option<Self> {
        Some(Self {
            revision: row.revision,
            state: row.state,
            kind: row.kind,
            alg: row.alg,
            data_key_tag: seal::tag(&row.data_key)?,
            sealed_tag: seal::tag(&row.sealed)?,
            secret_tag: row.secret_tag,
        })
    }

    fn hash_into(&self, id: &RecordId, hash: &mut Sha256) {
        hash.update(id.as_bytes());
        hash.update(self.revision.0.to_le_bytes());
        hash.update([self.state as u8, self.kind.0, self.alg]);
        hash.update(self.data_key_tag);
        hash.update(self.sealed_tag);
        hash.update([u8::from(self.secret_tag.is_some())]);
        hash.update(self.secret_tag.unwrap_or_default());
    }
}

/// The leaves and the hash of each bucket.
#[derive(Clone)]
pub(crate) struct Tree {
    leaves: BTreeMap<RecordId, Leaf>,
    buckets: Box<[[u8; 32]; BUCKETS]>,
}

impl Tree {
    /// The tree over these leaves.
    pub fn new(leaves: BTreeMap<RecordId, Leaf>) -> Self {
        let mut tree = Self { leaves, buckets: Box::new([[0; 32]; BUCKETS]) };
        (0..=u8::MAX).for_each(|bucket| tree.rehash(bucket));
        tree
    }

    pub fn get(&self, id: RecordId) -> Option<&Leaf> {
        self.leaves.get(&id)
    }

    /// Puts leaves in place, and gives back what undoes it.
    pub fn put(&mut self, leaves: impl IntoIterator<Item = (RecordId, Leaf)>) -> Undo {
        let undo = Undo(leaves.into_iter().map(|(id, leaf)| (id, self.leaves.insert(id, leaf))).collect());
        self.rehash_all(&undo);
        undo
    }

    /// Takes back what [`Tree::put`] did.
    pub fn undo(&mut self, undo: Undo) {
        for (id, before) in &undo.0 {
            match before {
                Some(leaf) => self.leaves.insert(*id, *leaf),
                None => self.leaves.remove(id),
            };
        }
        self.rehash_all(&undo);
    }

    /// The MAC over everything.
    pub fn tag(&self, key: &Key, header: &Header, slots: &[Slot], epoch: Epoch) -> ManifestTag {
        let mac: Hmac<Sha256> = self.mac(key, header, slots, epoch);
        mac.finalize().into_bytes().into()
    }

    /// Whether `tag` is the MAC over everything, in constant time.
    pub fn verifies(&self, key: &Key, header: &Header, slots: &[Slot], epoch: Epoch, tag: &ManifestTag) -> bool {
        self.mac(key, header, slots, epoch).verify_slice(tag).is_ok()
    }

    fn mac(&self, key: &Key, header: &Header, slots: &[Slot], epoch: Epoch) -> Hmac<Sha256> {
        let text = Fields::new("keywright vault manifest")
            .field(&FORMAT.to_le_bytes())
            .field(header.vault.as_bytes())
            .field(&header.created.to_le_bytes())
            .field(&slots_hash(header, slots))
            .field(self.buckets.as_flattened())
            .field(&epoch.0.to_le_bytes());
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(text.bytes());
        mac
    }

    fn rehash_all(&mut self, undo: &Undo) {
        let mut touched = [false; BUCKETS];
        undo.0.iter().for_each(|(id, _)| touched[usize::from(id.as_bytes()[0])] = true);
        for bucket in (0..=u8::MAX).filter(|bucket| touched[usize::from(*bucket)]) {
            self.rehash(bucket);
        }
    }

    fn rehash(&mut self, bucket: u8) {
        let (mut first, mut last) = ([0; 16], [u8::MAX; 16]);
        (first[0], last[0]) = (bucket, bucket);
        let leaves = || self.leaves.range(RecordId::from_bytes(first)..=RecordId::from_bytes(last));
        let count = u32::try_from(leaves().count()).expect("a file of SQLite's largest size has fewer rows");
        let mut hash = Sha256::new();
        hash.update(Fields::new("keywright vault bucket").field(&[bucket]).field(&count.to_le_bytes()).bytes());
        leaves().for_each(|(id, leaf)| leaf.hash_into(id, &mut hash));
        self.buckets[usize::from(bucket)] = hash.finalize().into();
    }
}

/// What a change of the tree replaced, newest first.
pub(crate) struct Undo(Vec<(RecordId, Option<Leaf>)>);

fn slots_hash(header: &Header, slots: &[Slot]) -> [u8; 32] {
    let mut text = Fields::new("keywright vault slots");
    for slot in slots {
        text = text.field(slot.encode("keywright vault slot", header.vault).bytes());
    }
    Sha256::digest(text.bytes()).into()
}
