//! The shape of the repository.

use std::collections::BTreeSet;

use crate::hold;
use crate::workspace::{files, metadata, room, text};

/// What may stand at the top besides dotfiles. A newcomer reads this list first, so it stays short.
const TOP: &[&str] = &[
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "docs",
    "icons",
    "src-tauri",
    "tauri.conf.json",
    "tests",
    "ui",
];

#[test]
fn the_top_level_holds_what_the_architecture_names() {
    let top: BTreeSet<&str> = files().iter().filter_map(|file| file.split('/').next()).collect();
    let strangers: Vec<String> =
        top.iter().filter(|name| !name.starts_with('.') && !TOP.contains(name)).map(|it| (*it).to_owned()).collect();
    hold("nothing else at the top", &strangers);
    let missing: Vec<String> = TOP.iter().filter(|name| !top.contains(*name)).map(|it| (*it).to_owned()).collect();
    hold("all of this at the top", &missing);
}

#[test]
fn every_package_says_what_it_is() {
    let mut broken = Vec::new();
    for package in metadata().workspace_packages() {
        for target in &package.targets {
            let source = std::fs::read_to_string(&target.src_path).unwrap_or_default();
            if !source.starts_with("//! ") {
                broken.push(target.src_path.to_string());
            }
        }
        if package.description.is_none() {
            broken.push(format!("{}: no description", package.name));
        }
    }
    hold("every target begins with a sentence that says what it is", &broken);
}

#[test]
fn every_package_follows_the_lints_of_the_workspace() {
    let broken: Vec<String> = metadata()
        .workspace_packages()
        .into_iter()
        .filter(|package| {
            let manifest = std::fs::read_to_string(&package.manifest_path).unwrap_or_default();
            !manifest.contains("[lints]\nworkspace = true")
        })
        .map(|package| package.name.to_string())
        .collect();
    hold("every manifest takes the workspace's lints", &broken);
}

#[test]
fn the_architecture_names_every_room() {
    let prose = text("docs/ARCHITECTURE.md").expect("docs/ARCHITECTURE.md is there");
    let broken: Vec<String> = metadata()
        .workspace_packages()
        .into_iter()
        .filter(|package| !prose.contains(&format!("**{}**", room(package))))
        .map(|package| package.name.to_string())
        .collect();
    hold("docs/ARCHITECTURE.md says of every room what it must not know", &broken);
}
