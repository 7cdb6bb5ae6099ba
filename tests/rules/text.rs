//! What must not stand in any file, and what must.

use std::path::Path;

use crate::hold;
use crate::workspace::{files, root, text};

/// Endings of files that people write.
const WRITTEN: &[&str] = &["css", "html", "jinja", "json", "md", "py", "rs", "svelte", "toml", "ts", "yml"];

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

/// Where the English is straight. What tests say is their own.
const STRAIGHT: &[&str] = &["src-tauri/src/", "src-tauri/crates/", "ui/src/", "docs/", "README.md", "SECURITY.md"];

/// Idioms of another language: what stands there, and what a reader of English expects.
const IDIOMS: &[(&str, &str)] = &[
    (" is no ", "is not a"),
    (" are no ", "are not"),
    (" by now", "now"),
    ("of one's own", "own"),
    ("//! What ", "a title that begins with its noun"),
    ("//! Where ", "a title that begins with its noun"),
];

/// "There is no key" and "is no longer" are English.
const ENGLISH: &[&str] = &["here is no ", "here are no ", " is no longer", " are no longer"];

fn idioms(file: &str, source: &str) -> Vec<String> {
    let title = |line: &str, index: usize| !line.starts_with("//! ") || index == 0;
    let lines = source.lines().enumerate();
    let found = lines.flat_map(|(index, line)| {
        let plain = ENGLISH.iter().fold(line.to_owned(), |line, english| line.replace(english, ""));
        let found = IDIOMS
            .iter()
            .filter(move |(idiom, _)| plain.contains(idiom) && (!idiom.starts_with("//!") || title(line, index)));
        found.map(move |(idiom, wanted)| format!("{file}:{}: {:?}, wanted {wanted}", index + 1, idiom.trim()))
    });
    found.collect()
}

#[test]
fn the_english_is_straight() {
    let straight = |file: &str| {
        STRAIGHT.iter().any(|folder| file.starts_with(folder))
            && !file.contains("/tests/")
            && !file.contains("/benches/")
    };
    let broken: Vec<String> =
        written().filter(|(file, _)| straight(file)).flat_map(|(file, source)| idioms(file, &source)).collect();
    hold("a sentence says it as English does", &broken);
}

#[test]
fn a_planted_idiom_is_found() {
    let found = idioms(
        "x.rs",
        "//! What a key is.\n//! What follows.\n// This is no key by now.\n// There is no key; it is no longer here.",
    );
    assert_eq!(found.len(), 3, "{found:?}");
}

/// Crates whose texts the window shows too. exchange writes commands of other programs, with their options.
const WITHOUT_OPTIONS: &[&str] = &["host", "jose", "keyset", "provider", "vault", "wire", "workbench"];

/// The options of the command line, as its document has them.
fn options() -> Vec<String> {
    let document = text("docs/cli.md").unwrap_or_default();
    let named = document.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
    let mut options: Vec<String> =
        named.filter(|word| word.starts_with("--") && word.len() > 3).map(str::to_owned).collect();
    options.sort_unstable();
    options.dedup();
    options
}

#[test]
fn options_of_the_command_line_are_named_there_alone() {
    let options = options();
    assert!(options.iter().any(|option| option == "--profile"), "docs/cli.md names the options");
    let theirs =
        |file: &str| WITHOUT_OPTIONS.iter().any(|room| file.starts_with(&format!("src-tauri/crates/{room}/src/")));
    let mut broken = Vec::new();
    for (file, source) in written().filter(|(file, _)| theirs(file) && file.ends_with(".rs")) {
        for (index, line) in source.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let words: Vec<&str> = line.split(|c: char| !(c.is_ascii_lowercase() || c == '-')).collect();
            let named = options.iter().filter(|option| words.contains(&option.as_str()));
            broken.extend(named.map(|option| format!("{file}:{}: {option}", index + 1)));
        }
    }
    hold("the window shows these texts too, and has no options", &broken);
}

/// The one list of characters that steer a text or are not seen in it.
const UNSEEN: &str = "src-tauri/crates/jose/src/unseen.rs";

/// Whether a line of a program lists such characters: ranges of them, as every list has.
fn lists_unseen(line: &str) -> bool {
    ["200b", "202a", "2060", "2066"].iter().any(|first| line.contains(&format!(r"'\u{{{first}}}'..=")))
}

#[test]
fn unseen_characters_are_listed_once() {
    let theirs = |file: &str| file.starts_with("src-tauri/") && file.contains("/src/") && file != UNSEEN;
    let mut broken = Vec::new();
    for (file, source) in written().filter(|(file, _)| theirs(file) && file.ends_with(".rs")) {
        let lists = source.lines().enumerate().filter(|(_, line)| lists_unseen(line));
        broken.extend(lists.map(|(index, _)| format!("{file}:{}", index + 1)));
    }
    hold("characters that steer or are not seen are those of jose::unseen", &broken);
}

#[test]
fn a_planted_list_of_unseen_characters_is_found() {
    assert!(lists_unseen(r"    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}')"));
    assert!(!lists_unseen(r#"    let paste = "a\u{200b}b";"#));
}
