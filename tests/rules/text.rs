//! What must not stand in any file, and what must.

use std::path::Path;

use crate::hold;
use crate::workspace::{files, root, text};

/// Endings of files that people write.
const WRITTEN: &[&str] = &["css", "html", "json", "md", "py", "rs", "svelte", "toml", "ts", "yml"];

/// This file names what it forbids.
const THIS: &str = "tests/rules/text.rs";

fn written() -> impl Iterator<Item = (&'static String, String)> {
    files()
        .iter()
        .filter(|file| *file != THIS && !file.ends_with("package-lock.json"))
        .filter(|file| {
            let ending = Path::new(file).extension().and_then(|it| it.to_str());
            ending.is_none_or(|ending| WRITTEN.contains(&ending))
        })
        .filter_map(|file| Some((file, text(file)?)))
}

/// All lines of written files that contain one of `words`, as `file:line: word`.
fn find(words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (file, source) in written() {
        for (index, line) in source.lines().enumerate() {
            found.extend(
                words.iter().filter(|word| line.contains(**word)).map(|word| format!("{file}:{}: {word}", index + 1)),
            );
        }
    }
    found
}

#[test]
fn nothing_is_left_for_later() {
    // The bare word may be data: people do use it as a secret.
    let notes = ["// TODO", "# TODO", "<!-- TODO", "* TODO", "TODO:", "TODO(", "FIXME"];
    hold("what is not done has an issue, not a note in the source", &find(&notes));
}

#[test]
fn no_path_of_somebodys_machine() {
    let here = format!("{}/", root().display());
    let home = std::env::var("HOME").map(|home| format!("{}/", home.trim_end_matches('/'))).unwrap_or_default();
    let mut places = vec!["/Users/", "/root/", "C:\\Users\\", here.as_str()];
    if home.len() > 1 {
        places.push(&home);
    }
    hold("a path of one machine means nothing on another", &find(&places));
}

/// Where packages come from is for each person's own configuration to say.
#[test]
fn no_address_of_a_package_registry() {
    let hosts = [
        "registry.npmjs",
        "index.crates.io",
        "static.crates.io",
        "files.pythonhosted",
        "pypi.org/simple",
        "deb.debian.org",
    ];
    hold("no registry host in any file", &find(&hosts));
}

#[test]
fn every_allowed_lint_says_why() {
    let mut broken = Vec::new();
    for (file, source) in written().filter(|(file, _)| file.ends_with(".rs")) {
        for opening in ["#[allow(", "#![allow(", "#[expect(", "#![expect("] {
            for (at, _) in source.match_indices(opening) {
                let attribute = source[at..].split_once(")]").map_or("", |(attribute, _)| attribute);
                if !attribute.contains("reason = \"") {
                    broken.push(format!("{file}:{}", source[..at].lines().count() + 1));
                }
            }
        }
    }
    hold("a lint that is allowed says why in the same attribute", &broken);
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for (file, source) in written().filter(|(file, _)| file.ends_with(".md")) {
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        for target in source.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
            let target = target.split('#').next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains(':');
            if !elsewhere && !root().join(folder).join(target).exists() {
                broken.push(format!("{file}: {target}"));
            }
        }
    }
    hold("a link within the repository leads to a file", &broken);
}
