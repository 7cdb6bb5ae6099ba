//! How the golden vault is made. What it must contain stands beside it, in `vault-v1.json`.

use std::path::Path;

use keywright_vault::{Change, Epoch, KdfParams, Kind, Passphrase, Random, RecordId, Revision, Secret, create};

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;

/// The accent is a character of its own here, so that a reader must normalise.
pub const PASSPHRASE: &str = "Cafe\u{301} & croissant ";

/// Writes it, and returns its epoch.
pub fn write(path: &Path) -> Result<Epoch, Box<dyn std::error::Error>> {
    let random = Repeated::default();
    // The version that wrote the golden vault drew the name of a draft first.
    random.fill(&mut [0; 8]);
    let passphrase = Passphrase::new(PASSPHRASE.to_owned())?;
    let mut vault = create(path, &passphrase, KdfParams::CHEAPEST, &random, NOW)?;
    let [key, profile, settings, gone] = std::array::from_fn(|_| RecordId::random(&random));
    let long = "a secret of more than one step ".repeat(20);
    vault.commit(
        &[
            Change::Add { id: key, kind: Kind(1), metadata: b"first label", secret: Some(b"first secret") },
            Change::Add { id: profile, kind: Kind(2), metadata: "profil d'été".as_bytes(), secret: None },
            Change::Add { id: settings, kind: Kind(3), metadata: b"", secret: Some(b"") },
            Change::Add { id: gone, kind: Kind(1), metadata: b"to be deleted", secret: Some(b"to be shredded") },
        ],
        &random,
    )?;
    vault.commit(
        &[
            Change::Replace {
                id: key,
                expected: Revision(1),
                metadata: b"second label",
                secret: Secret::Set(long.as_bytes()),
            },
            Change::Delete { id: gone, expected: Revision(1), tombstone: b"deleted for the golden vault" },
        ],
        &random,
    )?;
    let again = Change::Replace { id: key, expected: Revision(2), metadata: b"third label", secret: Secret::Keep };
    Ok(vault.commit(&[again], &random)?)
}

/// Randomness that repeats, so that the same vault can be made again (SplitMix64).
#[derive(Default)]
struct Repeated(std::cell::Cell<u64>);

impl Random for Repeated {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
            let z = (self.0.get() ^ (self.0.get() >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}
