//! A verdict as people read it.

use std::fmt::Write as _;

use keywright_exchange::{CallVerdict, Passage};

/// A verdict as a page of text.
pub fn page(verdict: &CallVerdict) -> String {
    let mut out = format!("{}\n", verdict.sentence);
    if let Some(next) = &verdict.next {
        let _ = writeln!(out, "→ {next}");
    }
    for rung in &verdict.gates {
        let mark = match rung.passage {
            Passage::Passed => "✓",
            Passage::Stopped => "✕",
            Passage::Open => "·",
        };
        let _ = writeln!(out, "{mark} {:<10} {:<20} {}", rung.gate.name(), rung.certainty.name(), rung.reason);
    }
    if let Some(words) = verdict.api_error.as_ref().and_then(|said| said.words()) {
        let _ = writeln!(out, "server: {words}");
    }
    for detail in verdict.api_error.iter().flat_map(|said| &said.details) {
        let _ = writeln!(out, "  {detail}");
    }
    for note in &verdict.notes {
        let _ = writeln!(out, "note: {note}");
    }
    out
}
