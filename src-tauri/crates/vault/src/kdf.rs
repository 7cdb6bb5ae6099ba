//! From a passphrase to a key: Argon2id (RFC 9106), with bounds on what is written and on what is read.

use argon2::{Algorithm, Argon2, Block, Version};
use zeroize::Zeroizing;

use crate::passphrase::Passphrase;
use crate::seal::Key;

/// What deriving a key costs, as Argon2id parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfParams {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Why parameters are refused, or a key was not derived.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum KdfError {
    /// Too cheap to protect a vault that is written now.
    #[error(
        "Argon2id with {} MiB and {} passes is too weak; wanted at least 64 MiB with 3 passes, or 128 MiB with 2",
        .0.memory_mib(), .0.passes
    )]
    TooWeak(KdfParams),
    /// The memory is outside what Argon2id allows or what this machine should be asked for.
    #[error("Argon2id is asked for {found_mib} MiB of memory; at most {limit_mib} MiB are used")]
    TooMuchMemory {
        /// Asked for, in MiB.
        found_mib: u64,
        /// The limit, in MiB.
        limit_mib: u64,
    },
    /// Too many passes over the memory.
    #[error("Argon2id is asked for {found} passes; at most {} are made", KdfParams::MAX_PASSES)]
    TooManyPasses {
        /// Asked for.
        found: u32,
    },
    /// Too many lanes, or none.
    #[error("Argon2id is asked for {found} lanes; wanted 1 to {}", KdfParams::MAX_LANES)]
    Lanes {
        /// Asked for.
        found: u32,
    },
    /// No pass at all, or less memory than Argon2id needs.
    #[error("Argon2id cannot run with {memory_kib} KiB, {passes} passes and {lanes} lanes")]
    Impossible {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes over the memory.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
    /// The slots that were tried ask for more work together than one of them may.
    #[error(
        "the key slots ask for {found_gib} GiB of memory to be filled in all; at most {} GiB are",
        Budget::MOST_KIB >> 20
    )]
    TooMuchWork {
        /// Asked for: memory by passes over all slots that were tried, in GiB.
        found_gib: u64,
    },
    /// The operating system did not give the memory.
    #[error("there is not enough free memory to derive the key: {wanted_mib} MiB are needed")]
    OutOfMemory {
        /// Needed, in MiB.
        wanted_mib: u32,
    },
}

impl KdfError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::OutOfMemory { .. } | Self::TooMuchMemory { .. } => {
                Some("close other programs, or open the vault on a machine with more memory")
            }
            Self::TooWeak(_) => Some("let the parameters be calibrated instead of choosing them"),
            Self::TooMuchWork { .. } => Some("somebody may have added slots to this file: open a copy from a backup"),
            Self::TooManyPasses { .. } | Self::Lanes { .. } | Self::Impossible { .. } => None,
        }
    }
}

impl KdfParams {
    /// The most memory a slot may ask for: 2 GiB.
    pub const MAX_MEMORY_KIB: u32 = 2 << 20;
    /// The most passes a slot may ask for.
    pub const MAX_PASSES: u32 = 32;
    /// The most lanes a slot may ask for.
    pub const MAX_LANES: u32 = 16;

    /// The cheapest parameters that may be written: 64 MiB, 3 passes, 1 lane, a tenth of a second on a laptop.
    ///
    /// For tests and for vaults that live as long as a demonstration. A vault that stays wants [`crate::calibrate`].
    pub const CHEAPEST: Self = Self { memory_kib: 64 << 10, passes: 3, lanes: 1 };

    /// Parameters for a slot that is about to be written.
    ///
    /// # Errors
    /// [`KdfError::TooWeak`] below 64 MiB with 3 passes (RFC 9106 §4, second choice) or 128 MiB with 2; the other
    /// bounds as for reading.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, KdfError> {
        let params = Self::stored(memory_kib, passes, lanes)?;
        let floor = if passes >= 3 { 64 << 10 } else { 128 << 10 };
        if passes < 2 || memory_kib < floor {
            return Err(KdfError::TooWeak(params));
        }
        Ok(params)
    }

    /// Parameters found in a slot. Weak ones are read, since somebody may have no other copy; costly ones are not.
    pub(crate) fn stored(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, KdfError> {
        if memory_kib > Self::MAX_MEMORY_KIB {
            return Err(too_much(memory_kib, u64::from(Self::MAX_MEMORY_KIB)));
        }
        if passes > Self::MAX_PASSES {
            return Err(KdfError::TooManyPasses { found: passes });
        }
        if lanes == 0 || lanes > Self::MAX_LANES {
            return Err(KdfError::Lanes { found: lanes });
        }
        if passes == 0 || memory_kib < 8 * lanes {
            return Err(KdfError::Impossible { memory_kib, passes, lanes });
        }
        Ok(Self { memory_kib, passes, lanes })
    }

    /// Memory in KiB.
    pub fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Memory in whole MiB.
    pub fn memory_mib(&self) -> u32 {
        self.memory_kib >> 10
    }

    /// Passes over the memory.
    pub fn passes(&self) -> u32 {
        self.passes
    }

    /// Lanes.
    pub fn lanes(&self) -> u32 {
        self.lanes
    }

    /// Refuses what would take more than `limit` bytes.
    pub(crate) fn within(&self, limit: u64) -> Result<(), KdfError> {
        if u64::from(self.memory_kib) << 10 > limit { Err(too_much(self.memory_kib, limit >> 10)) } else { Ok(()) }
    }

    /// Derives a key. Takes as long as the parameters say.
    pub(crate) fn derive(&self, passphrase: &Passphrase, salt: &[u8]) -> Result<Box<Key>, KdfError> {
        let Self { memory_kib, passes, lanes } = *self;
        let impossible = KdfError::Impossible { memory_kib, passes, lanes };
        let params = argon2::Params::new(memory_kib, passes, lanes, Some(32)).map_err(|_| impossible.clone())?;
        let mut memory =
            Memory::reserve(params.block_count()).ok_or(KdfError::OutOfMemory { wanted_mib: self.memory_mib() })?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Key::from_writer(|key| {
            argon2.hash_password_into_with_memory(passphrase.as_bytes(), salt, key, &mut memory.0[..])
        })
        .map_err(|_| impossible)
    }
}

/// What trying the slots of one vault may cost in all: no more than the dearest single slot.
#[derive(Default)]
pub(crate) struct Budget {
    /// Memory by passes, in KiB.
    spent: u64,
}

impl Budget {
    const MOST_KIB: u64 = KdfParams::MAX_MEMORY_KIB as u64 * KdfParams::MAX_PASSES as u64;

    /// Allows one more derivation, or refuses it.
    pub fn spend(&mut self, params: KdfParams) -> Result<(), KdfError> {
        self.spent += u64::from(params.memory_kib) * u64::from(params.passes);
        if self.spent > Self::MOST_KIB {
            return Err(KdfError::TooMuchWork { found_gib: self.spent.div_ceil(1 << 20) });
        }
        Ok(())
    }
}

fn too_much(memory_kib: u32, limit_kib: u64) -> KdfError {
    KdfError::TooMuchMemory { found_mib: u64::from(memory_kib).div_ceil(1024), limit_mib: limit_kib >> 10 }
}

/// Argon2's working memory. It is asked for politely, since running out must not abort, and wiped after.
struct Memory(Zeroizing<Vec<Block>>);

impl Memory {
    fn reserve(blocks: usize) -> Option<Self> {
        let mut memory = Vec::new();
        memory.try_reserve_exact(blocks).ok()?;
        memory.resize(blocks, Block::default());
        Some(Self(Zeroizing::new(memory)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9106 §5.3 uses a secret and associated data, which we do not; this is the reference program's own example,
    /// `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32`, from the test suite of phc-winner-argon2.
    #[test]
    fn the_derivation_is_argon2id() {
        let params = KdfParams::stored(1 << 16, 2, 1).unwrap();
        let key = params.derive(&Passphrase::new("password".to_owned()).unwrap(), b"somesalt").unwrap();
        let hex: String = key.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    }

    #[test]
    fn bounds_hold_on_write_and_on_read() {
        let mut texts = String::new();
        let mut note = |case: &str, outcome: Result<KdfParams, KdfError>| {
            let said = outcome.map_or_else(|error| error.to_string(), |_| "taken".to_owned());
            texts.push_str(&format!("{case}: {said}\n"));
        };
        note("write 64 MiB/3/1", KdfParams::new(64 << 10, 3, 1));
        note("write 64 MiB/2/1", KdfParams::new(64 << 10, 2, 1));
        note("write 128 MiB/2/1", KdfParams::new(128 << 10, 2, 1));
        note("write 1 GiB/1/1", KdfParams::new(1 << 20, 1, 1));
        note("read 19 MiB/2/1", KdfParams::stored(19 << 10, 2, 1));
        note("read 2 GiB/32/16", KdfParams::stored(2 << 20, 32, 16));
        note("read 2 GiB and 1 KiB/1/1", KdfParams::stored((2 << 20) + 1, 1, 1));
        note("read 4 TiB/1/1", KdfParams::stored(u32::MAX, 1, 1));
        note("read 64 MiB/33/1", KdfParams::stored(64 << 10, 33, 1));
        note("read 64 MiB/3/0", KdfParams::stored(64 << 10, 3, 0));
        note("read 64 MiB/3/17", KdfParams::stored(64 << 10, 3, 17));
        note("read 64 MiB/0/1", KdfParams::stored(64 << 10, 0, 1));
        note("read 8 KiB/1/2", KdfParams::stored(8, 1, 2));
        note("read 512 MiB on 512 MiB", {
            let params = KdfParams::stored(512 << 10, 3, 1).unwrap();
            params.within(256 << 20).map(|()| params)
        });
        insta::assert_snapshot!(texts);
    }

    #[test]
    fn memory_that_is_not_there_is_an_error() {
        assert!(Memory::reserve(usize::MAX / size_of::<Block>()).is_none());
        insta::assert_snapshot!(
            KdfError::OutOfMemory { wanted_mib: 512 },
            @"there is not enough free memory to derive the key: 512 MiB are needed"
        );
    }
}
