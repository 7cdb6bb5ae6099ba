//! What the tests share: a cheap vault, randomness that can be repeated, and the key of a slot derived once.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use keywright_vault::{Change, KdfParams, Kind, Passphrase, Random, RecordId, SlotKey, Unlocked, create, open};

/// 2026-01-01T00:00:00Z.
pub const NOW: i64 = 1_767_225_600;
pub const PASSPHRASE: &str = "correct horse battery staple";
pub const CREDENTIAL: Kind = Kind(1);
pub const PROFILE: Kind = Kind(2);

/// Each vault of a test run has its own seed, so no two share an identity.
static NEXT_SEED: AtomicU64 = AtomicU64::new(1);

/// Randomness that a seed repeats (SplitMix64). For tests alone: anybody can predict it.
pub struct Seeded(Cell<u64>);

impl Seeded {
    pub fn new(seed: u64) -> Self {
        // Seeds that are neighbours would give sequences that overlap.
        Self(Cell::new(seed.wrapping_mul(0xd134_2543_de82_ef95)))
    }

    pub fn next(&self) -> u64 {
        let z = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(z);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }
}

impl Random for Seeded {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

pub fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE.to_owned()).unwrap()
}

/// A folder with one vault in it, and the key that opens the vault without deriving it again.
pub struct Fixture {
    pub folder: tempfile::TempDir,
    pub path: PathBuf,
    pub random: Seeded,
    pub key: SlotKey,
    pub ids: Vec<RecordId>,
}

impl Fixture {
    /// A vault without records.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.kwv");
        let random = Seeded::new(NEXT_SEED.fetch_add(1, Ordering::Relaxed));
        create(&path, &passphrase(), KdfParams::CHEAPEST, &random, NOW).unwrap();
        let key = open(&path).unwrap().derive(&passphrase()).unwrap();
        Self { folder, path, random, key, ids: Vec::new() }
    }

    /// A vault with `count` credentials: metadata `label n`, secret `secret n`.
    pub fn with(count: usize) -> Self {
        let mut fixture = Self::empty();
        let texts: Vec<_> = (0..count).map(|n| (format!("label {n}"), format!("secret {n}"))).collect();
        fixture.ids = texts.iter().map(|_| RecordId::random(&fixture.random)).collect();
        let changes: Vec<_> =
            texts.iter().zip(&fixture.ids).map(|((label, secret), id)| add(*id, label, secret)).collect();
        fixture.unlock().commit(&changes, &fixture.random).unwrap();
        fixture
    }

    pub fn unlock(&self) -> Unlocked {
        open(&self.path).unwrap().unlock_with(&self.key).unwrap()
    }

    /// The vault's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap()
    }

    /// The state of a process that was killed in the middle of a write: pages of the write in the file, and the journal
    /// that undoes them. Answers both.
    pub fn interrupt(&self) -> (Vec<u8>, Vec<u8>) {
        let db = raw(&self.path);
        db.execute_batch(
            "PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE record SET revision = revision + 1, sealed = zeroblob(9000);
             UPDATE secret SET sealed = zeroblob(9000)",
        )
        .unwrap();
        let journal = self.path.with_file_name("vault.kwv-journal");
        let caught = (self.bytes(), std::fs::read(&journal).unwrap());
        drop(db);
        assert!(!journal.exists(), "SQLite undid its own");
        std::fs::write(&self.path, &caught.0).unwrap();
        std::fs::write(&journal, &caught.1).unwrap();
        caught
    }

    /// Direct access to the rows, as an attacker has it.
    pub fn sql(&self, script: &str) {
        raw(&self.path).execute_batch(script).unwrap();
    }
}

pub fn raw(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}

pub fn add<'a>(id: RecordId, metadata: &'a str, secret: &'a str) -> Change<'a> {
    Change::Add { id, kind: CREDENTIAL, metadata: metadata.as_bytes(), secret: Some(secret.as_bytes()) }
}

/// An error as a person reads it: message, causes and hint. Paths of this run are cut out.
pub fn said(error: &(dyn std::error::Error + 'static), hint: Option<&str>) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    if let Some(hint) = hint {
        text.push_str(&format!("\nhint: {hint}"));
    }
    text
}
