// Two ways of doing one thing, timed by turns: part of several benches.

use std::fs::OpenOptions;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

/// Times the two by turns, so that whatever else the machine does meets both alike, and adds the medians in nanoseconds
/// to `by-turns.jsonl` in the folder that `make bench` names.
pub fn by_turns<A, B>(group: &str, alg: &str, ours: impl Fn() -> A, bare: impl Fn() -> B) {
    const ROUNDS: usize = 1_001;
    // A few microseconds at least for each turn, beside which reading the clock is nothing.
    let often = 1 + (10_000.0 / nanoseconds(&bare, 10)) as u32;
    let rounds: Vec<[f64; 2]> = (0..ROUNDS).map(|_| [nanoseconds(&ours, often), nanoseconds(&bare, often)]).collect();
    let median = |figure: fn(&[f64; 2]) -> f64| {
        let mut figures: Vec<f64> = rounds.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[ROUNDS / 2]
    };
    let line = format!(
        r#"{{"group":"{group}","alg":"{alg}","keywright":{},"bare":{},"difference":{},"ratio":{}}}"#,
        median(|[ours, _]| *ours),
        median(|[_, bare]| *bare),
        median(|[ours, bare]| ours - bare),
        median(|[ours, bare]| ours / bare),
    );
    note("by-turns.jsonl", &line);
}

/// Adds a line to a file in the folder that `make bench` names; without one, nothing is kept.
pub fn note(file: &str, line: &str) {
    let Some(folder) = std::env::var_os("CRITERION_HOME") else { return };
    let file = OpenOptions::new().create(true).append(true).open(Path::new(&folder).join(file));
    writeln!(file.expect("the folder can be written"), "{line}").expect("the folder can be written");
}

/// The time of one call, of `often` in a row.
fn nanoseconds<T>(call: impl Fn() -> T, often: u32) -> f64 {
    let begin = Instant::now();
    for _ in 0..often {
        black_box(call());
    }
    begin.elapsed().as_nanos() as f64 / f64::from(often)
}
