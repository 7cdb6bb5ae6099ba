//! How costly a passphrase should be on this machine: measured, not guessed.

use std::time::{Duration, Instant};

use crate::kdf::{KdfError, KdfParams};
use crate::passphrase::Passphrase;

/// Deriving a key should take at least this long.
const TARGET: Duration = Duration::from_millis(700);
/// And never longer than this, if the floor allows.
const CEILING: Duration = Duration::from_millis(1500);

/// Parameters and what they cost here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calibration {
    /// The parameters.
    pub params: KdfParams,
    /// How long one derivation took.
    pub took: Duration,
}

/// Measures Argon2id and chooses parameters: a sixteenth of the memory within 64 to 512 MiB, then as many passes as
/// reach 0.7 s. Where that memory takes longer than 1.5 s, it is halved down to the floor of 64 MiB with 3 passes.
///
/// `ram` is the machine's memory in bytes. `progress` is told each measurement; a run takes about 1 to 4 s.
pub fn calibrate(ram: u64, progress: &mut dyn FnMut(Calibration)) -> Result<Calibration, KdfError> {
    let sample = Passphrase::new("a passphrase to measure with".to_owned()).expect("it is neither empty nor long");
    choose(ram, &mut |params| {
        let start = Instant::now();
        params.derive(&sample, &[0; 16])?;
        let measured = Calibration { params, took: start.elapsed() };
        progress(measured);
        Ok(measured)
    })
}

fn choose(
    ram: u64,
    measure: &mut dyn FnMut(KdfParams) -> Result<Calibration, KdfError>,
) -> Result<Calibration, KdfError> {
    let mut memory = starting_memory_kib(ram);
    loop {
        let cheapest = measure(KdfParams::new(memory, fewest_passes(memory), 1)?)?;
        if cheapest.took > CEILING && memory > KdfParams::CHEAPEST.memory_kib() {
            memory /= 2;
            continue;
        }
        let passes = passes_for_target(cheapest);
        if passes == cheapest.params.passes() {
            return Ok(cheapest);
        }
        return measure(KdfParams::new(memory, passes, 1)?);
    }
}

fn starting_memory_kib(ram: u64) -> u32 {
    // A power of two, so that halving ends exactly at the floor.
    let sixteenth_mib = (ram >> 24).clamp(64, 512);
    1 << (10 + sixteenth_mib.ilog2())
}

fn fewest_passes(memory_kib: u32) -> u32 {
    if memory_kib < 128 << 10 { 3 } else { 2 }
}

/// Time grows in proportion to the passes, so one measurement says how many are needed.
fn passes_for_target(measured: Calibration) -> u32 {
    let per_pass = measured.took.as_micros().max(1) / u128::from(measured.params.passes());
    let at_most = u32::try_from(CEILING.as_micros() / per_pass.max(1)).unwrap_or(u32::MAX);
    let wanted = u32::try_from(TARGET.as_micros().div_ceil(per_pass.max(1))).unwrap_or(u32::MAX);
    let most = at_most.clamp(measured.params.passes(), KdfParams::MAX_PASSES);
    wanted.clamp(measured.params.passes(), most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine that needs `per_mib` for each pass over a MiB.
    fn chosen(ram_gib: u64, per_mib: Duration) -> (u32, u32) {
        let mut measure =
            |params: KdfParams| Ok(Calibration { params, took: per_mib * params.memory_mib() * params.passes() });
        let calibration = choose(ram_gib << 30, &mut measure).unwrap();
        (calibration.params.memory_mib(), calibration.params.passes())
    }

    #[test]
    fn memory_first_then_passes() {
        assert_eq!(chosen(8, Duration::from_micros(600)), (512, 3), "a laptop");
        assert_eq!(chosen(64, Duration::from_micros(600)), (512, 3), "no more than 512 MiB");
        assert_eq!(chosen(2, Duration::from_micros(600)), (128, 10), "a small machine makes more passes");
        assert_eq!(chosen(8, Duration::from_micros(3000)), (128, 2), "a slow machine takes less memory");
        assert_eq!(chosen(1, Duration::from_millis(50)), (64, 3), "never below the floor");
        assert_eq!(chosen(1, Duration::from_micros(1)), (64, 32), "never above what is read back");
    }

    #[test]
    fn a_real_measurement_is_within_the_bounds() {
        let mut seen = Vec::new();
        let chosen = calibrate(1 << 30, &mut |measured| seen.push(measured)).unwrap();
        assert_eq!(seen.last(), Some(&chosen));
        let params = chosen.params;
        assert_eq!(KdfParams::new(params.memory_kib(), params.passes(), params.lanes()), Ok(params));
    }
}
