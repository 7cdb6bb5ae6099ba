//! Who may know whom. `docs/ARCHITECTURE.md` says the same in prose.

use cargo_metadata::DependencyKind;

use crate::hold;
use crate::workspace::{files, linked, metadata, room, text};

/// Each room with all that it may name. Lower rooms first: an arrow only ever points up this list.
const ARROWS: &[(&str, &[&str])] = &[
    ("jose", &[]),
    ("keyset", &["jose"]),
    ("memory", &[]),
    ("disk", &[]),
    ("loopback", &[]),
    ("vault", &["memory", "disk"]),
    ("provider", &["jose", "keyset"]),
    ("exchange", &["jose", "provider"]),
    ("workbench", &["jose", "keyset", "vault", "provider", "exchange"]),
    ("host", &["jose", "memory", "disk", "loopback", "vault", "provider", "exchange", "workbench"]),
    ("wire", &["jose", "keyset", "vault", "provider", "exchange", "workbench"]),
    ("emulator", &["loopback", "provider"]),
    (
        "cli",
        &["jose", "keyset", "memory", "disk", "vault", "provider", "exchange", "workbench", "host", "wire", "emulator"],
    ),
    (
        "desktop",
        &["jose", "keyset", "memory", "disk", "vault", "provider", "exchange", "workbench", "host", "wire", "emulator"],
    ),
    ("rules", &[]),
];

/// What only the tests of a room may name besides, and why.
const IN_TESTS: &[(&str, &str, &str)] =
    &[("workbench", "host", "its jobs are tried with real keys and real randomness")];

/// What only the named rooms may depend on: each of these is one room's subject.
const OWNED: &[(&str, &[&str])] = &[
    ("aws-lc-rs", &["jose", "vault", "host"]),
    ("rusqlite", &["vault"]),
    ("argon2", &["vault"]),
    ("reqwest", &["host"]),
    ("axum", &["emulator", "host", "loopback"]),
    ("jsonwebtoken", &["emulator"]),
    ("clap", &["cli"]),
    ("tauri", &["desktop"]),
];

#[test]
fn arrows_point_the_way_the_architecture_says() {
    let mut broken = Vec::new();
    for package in metadata().workspace_packages() {
        let from = room(package);
        let Some((_, may_know)) = ARROWS.iter().find(|(name, _)| *name == from) else {
            broken.push(format!("{from}: a new room; give it a row in ARROWS and a paragraph in docs/ARCHITECTURE.md"));
            continue;
        };
        for dependency in &package.dependencies {
            let Some(to) = dependency.name.strip_prefix("keywright-") else { continue };
            // The tests of a room name it itself where they want a feature that its programs have not.
            let in_tests = dependency.kind == DependencyKind::Development
                && (from == to || IN_TESTS.iter().any(|(room, other, _)| (*room, *other) == (from, to)));
            if !may_know.contains(&to) && !in_tests {
                broken.push(format!("{from} → {to}"));
            }
        }
    }
    hold("a room knows only the rooms below it", &broken);
}

#[test]
fn the_table_is_a_staircase() {
    for (step, (from, may_know)) in ARROWS.iter().enumerate() {
        for to in *may_know {
            let below = ARROWS.iter().position(|(name, _)| name == to);
            assert!(below.is_some_and(|below| below < step), "{from} → {to} does not go down");
        }
    }
}

#[test]
fn a_subject_has_one_owner() {
    let mut broken = Vec::new();
    for package in metadata().workspace_packages() {
        let in_program = package.dependencies.iter().filter(|it| it.kind == DependencyKind::Normal);
        for dependency in in_program {
            if let Some((_, owners)) = OWNED.iter().find(|(name, _)| *name == dependency.name)
                && !owners.contains(&room(package))
            {
                broken.push(format!("{} uses {}, which belongs to {owners:?}", room(package), dependency.name));
            }
        }
    }
    hold("what belongs to one room is used in that room only", &broken);
}

#[test]
fn the_command_line_links_no_webkit() {
    let window: Vec<String> = linked("cli")
        .into_iter()
        .filter(|package| ["tauri", "wry", "tao", "webkit2gtk", "gtk"].contains(&package.name.as_str()))
        .map(|package| package.name.to_string())
        .collect();
    hold("the command line runs where no window does", &window);
}

/// The provider definitions speak of algorithms, so cargo's graph alone does not keep the emulator from jose.
#[test]
fn the_emulator_verifies_without_jose() {
    let ours = |file: &&String| file.starts_with("src-tauri/crates/emulator/src/");
    let borrowed = |line: &str| !line.trim_start().starts_with("//") && line.contains("jose::");
    let broken: Vec<String> = files()
        .iter()
        .filter(ours)
        .filter(|file| text(file).is_some_and(|source| source.lines().any(borrowed)))
        .cloned()
        .collect();
    hold("the emulator's verifier is another implementation than the engine's", &broken);
}
