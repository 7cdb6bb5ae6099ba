//! Randomness as an argument, so that a test can choose it.

/// A source of unpredictable bytes, fit for keys.
///
/// Any `Fn(&mut [u8])` is one.
pub trait Random {
    /// Fills `out` with unpredictable bytes.
    fn fill(&self, out: &mut [u8]);
}

impl<F: Fn(&mut [u8])> Random for F {
    fn fill(&self, out: &mut [u8]) {
        self(out);
    }
}

/// `N` fresh bytes.
pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut out = [0; N];
    random.fill(&mut out);
    out
}
