//! The pure rooms take the time and randomness as arguments, and touch no disk, network or environment.
//!
//! Each has a `clippy.toml` that forbids the calls by their resolved paths; here stands what clippy does not see.

use cargo_metadata::DependencyKind;

use crate::hold;
use crate::workspace::{files, metadata, room, text};

const PURE: &[&str] = &["jose", "keyset", "provider", "exchange"];

/// Crates whose purpose is a clock, randomness, the disk, the network, or a runtime for them. chrono and uuid are not
/// here: calendars and the text of an id are values. Their doors to the outside are in `REACHES`.
const IMPURE: &[&str] = &[
    "axum",
    "dirs",
    "directories",
    "fastrand",
    "fs4",
    "getrandom",
    "hyper",
    "jiff",
    "memmap2",
    "mio",
    "rand",
    "rand_core",
    "reqwest",
    "rusqlite",
    "socket2",
    "tempfile",
    "time",
    "tokio",
    "ureq",
    "walkdir",
];

/// Words that reach outside, wherever they stand in a program line.
const REACHES: &[&str] = &[
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::env",
    "std::process",
    "std::thread",
    "io::stdin",
    "io::stdout",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "new_v4",
    "now_v7",
    "OsRng",
    "thread_rng",
    "getrandom",
    "static mut",
];

#[test]
fn pure_rooms_depend_on_nothing_impure() {
    let mut broken = Vec::new();
    for package in metadata().workspace_packages().into_iter().filter(|package| PURE.contains(&room(package))) {
        for dependency in &package.dependencies {
            if dependency.kind != DependencyKind::Development && IMPURE.contains(&dependency.name.as_str()) {
                broken.push(format!("{} → {}", room(package), dependency.name));
            }
        }
    }
    hold("a pure room takes time and randomness as arguments", &broken);
}

#[test]
fn pure_rooms_reach_for_nothing() {
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| PURE.iter().any(|pure| is_source_of(file, pure))) {
        let source = text(file).unwrap_or_default();
        for (number, line) in program_lines(&source) {
            for reach in REACHES.iter().filter(|reach| line.contains(**reach)) {
                broken.push(format!("{file}:{number}: {reach}"));
            }
        }
    }
    hold("a pure room touches no clock, disk, network, environment or randomness of the system", &broken);
}

#[test]
fn pure_rooms_have_clippy_watch_them() {
    let broken: Vec<String> = PURE
        .iter()
        .map(|pure| format!("src-tauri/crates/{pure}/clippy.toml"))
        .filter(|file| !text(file).is_some_and(|rules| rules.contains("std::time::SystemTime::now")))
        .collect();
    hold("a pure room forbids the impure calls in its clippy.toml", &broken);
}

fn is_source_of(file: &str, room: &str) -> bool {
    file.starts_with(&format!("src-tauri/crates/{room}/src/")) && file.ends_with(".rs") && !file.ends_with("/tests.rs")
}

/// The lines that end up in the program: neither comments nor the tests at the foot.
fn program_lines(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = source.lines().enumerate().map(|(index, line)| (index + 1, line));
    numbered
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn program_lines_leave_out_comments_and_tests() {
    let source = "use a;\n// std::fs\n    /// std::fs\nfn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n";
    let kept: Vec<_> = program_lines(source).collect();
    assert_eq!(kept, [(1, "use a;"), (4, "fn f() {}")]);
}
