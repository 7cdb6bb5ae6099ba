//! The system's randomness.

use rand_core::RngCore;
use workbench::ports::Random;

/// Unpredictable bytes from the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    /// # Panics
    ///
    /// If the system has no randomness to give: to go on would make keys and identifiers that can be guessed.
    fn fill(&self, out: &mut [u8]) {
        rand_core::OsRng.fill_bytes(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fills_every_byte_and_never_twice_the_same() {
        let draw = || {
            let mut bytes = [0; 64];
            OsRandom.fill(&mut bytes);
            bytes
        };
        assert_ne!(draw(), draw());
        let mut seen = [0_u8; 64];
        for _ in 0..32 {
            seen.iter_mut().zip(draw()).for_each(|(seen, byte)| *seen |= byte);
        }
        assert!(seen.iter().all(|byte| *byte != 0), "a byte that stays zero was never written");
    }
}
