//! What we depend on: under which licence, from where, and what must not be there. Read from cargo alone, so that it
//! holds offline; known vulnerabilities change daily and need the network, so they are `make audit`.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::Package;
use spdx::{Expression, ParseMode};

use crate::hold;
use crate::workspace::{linked, metadata, node, text};

/// Licences under which code may be linked into a program that is given away under MIT or Apache-2.0.
/// MPL-2.0 asks for the source of its own files only, which crates.io gives.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// What must not be in the tree, and why.
const BANNED: &[(&str, &str)] = &[
    ("openssl-sys", "one TLS and one engine: rustls on aws-lc"),
    ("native-tls", "one TLS: rustls"),
    ("libsqlite3-sys-sqlcipher", "the store is plain SQLite with sealed records"),
    ("tauri-plugin-fs", "the page gets no disk"),
    ("tauri-plugin-shell", "the page gets no shell"),
    ("tauri-plugin-http", "the page gets no network"),
    ("tauri-plugin-clipboard-manager", "it cannot mark a value as secret"),
];

/// Features that must stay off, whoever turns them on: cargo unites the wishes of all crates.
const BANNED_FEATURES: &[(&str, &str, &str)] = &[
    ("serde_json", "arbitrary_precision", "it rewrites 1e400 as 1e+400 and breaks floats elsewhere"),
    (
        "serde_json",
        "preserve_order",
        "member order is our own reader's subject; elsewhere sorted output is stable output",
    ),
    (
        "jsonwebtoken",
        "aws_lc_rs",
        "the emulator's verifier is another implementation than the engine's; two backends panic",
    ),
    ("tauri", "devtools", "a released page cannot be opened with an inspector"),
    ("secrecy", "serde", "a secret has no Serialize"),
];

/// Crates whose traits the rooms share: two generations side by side would not fit together.
const ONE_GENERATION: &[&str] = &[
    "der",
    "digest",
    "ecdsa",
    "elliptic-curve",
    "libsqlite3-sys",
    "pkcs1",
    "pkcs8",
    "sec1",
    "sha2",
    "signature",
    "spki",
];

fn foreign() -> impl Iterator<Item = &'static Package> {
    metadata().packages.iter().filter(|package| !metadata().workspace_members.contains(&package.id))
}

fn named(package: &Package) -> String {
    format!("{} {}", package.name, package.version)
}

#[test]
fn every_licence_is_one_we_may_link() {
    let mut broken = Vec::new();
    for package in foreign() {
        let Some(licence) = &package.license else {
            broken.push(format!("{}: names no licence", named(package)));
            continue;
        };
        // Older crates write "MIT/Apache-2.0", which SPDX has no word for.
        match Expression::parse_mode(licence, ParseMode::LAX) {
            Ok(expression) if expression.evaluate(is_permitted) => {}
            Ok(_) => broken.push(format!("{}: {licence}", named(package))),
            Err(error) => broken.push(format!("{}: {licence}: {}", named(package), error.reason)),
        }
    }
    hold("every dependency has a licence from LICENCES", &broken);
}

fn is_permitted(requirement: &spdx::LicenseReq) -> bool {
    requirement.license.id().is_some_and(|id| LICENCES.contains(&id.name))
}

#[test]
fn a_copyleft_licence_would_be_noticed() {
    let verdict = |licence| Expression::parse_mode(licence, ParseMode::LAX).unwrap().evaluate(is_permitted);
    assert!(verdict("MIT/Apache-2.0"));
    assert!(verdict("GPL-3.0-only OR MIT"));
    assert!(!verdict("GPL-3.0-only"));
    assert!(!verdict("MIT AND LGPL-2.1-or-later"));
}

#[test]
fn everything_comes_from_crates_io() {
    let broken: Vec<String> = foreign()
        .filter(|package| !package.source.as_ref().is_some_and(cargo_metadata::Source::is_crates_io))
        .map(named)
        .collect();
    hold("no dependency from a git address, a folder or another registry", &broken);
}

#[test]
fn nothing_banned_is_in_the_tree() {
    let mut broken = Vec::new();
    for (name, reason) in BANNED {
        if metadata().packages.iter().any(|package| package.name.as_str() == *name) {
            broken.push(format!("{name}: {reason}"));
        }
    }
    hold("no banned dependency", &broken);
}

#[test]
fn no_banned_feature_is_on() {
    let mut broken = Vec::new();
    for (name, feature, reason) in BANNED_FEATURES {
        for package in metadata().packages.iter().filter(|package| package.name.as_str() == *name) {
            if node(&package.id).features.iter().any(|on| on.as_str() == *feature) {
                broken.push(format!("{name}/{feature}: {reason}"));
            }
        }
    }
    hold("no banned feature", &broken);
}

#[test]
fn one_generation_of_each_shared_trait() {
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for package in linked("cli") {
        versions.entry(package.name.as_str()).or_default().insert(package.version.to_string());
    }
    let broken: Vec<String> = ONE_GENERATION
        .iter()
        .filter(|name| versions.get(*name).is_none_or(|found| found.len() != 1))
        .map(|name| format!("{name}: {:?}", versions.get(name)))
        .collect();
    hold("the command line links exactly one version", &broken);
}

#[test]
fn npm_packages_are_exact_and_carry_no_address() {
    let manifest = text("ui/package.json").expect("ui/package.json is there");
    let ranges =
        manifest.lines().filter(|line| [": \"^", ": \"~", ": \"*", ": \"latest"].iter().any(|it| line.contains(it)));
    hold("ui/package.json names exact versions", &ranges.map(str::to_owned).collect::<Vec<_>>());

    let lock = text("ui/package-lock.json").expect("ui/package-lock.json is there");
    let addresses = lock.lines().filter(|line| line.contains("\"resolved\""));
    hold("ui/package-lock.json names no download addresses", &addresses.map(str::to_owned).collect::<Vec<_>>());
    assert!(lock.contains("\"integrity\": \"sha512-"), "ui/package-lock.json pins what is downloaded by its hash");
}
