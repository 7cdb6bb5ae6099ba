//! What the rules look at: the files that git knows, and the packages that cargo knows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};

/// The top folder of the repository.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("this package lies in tests/rules")
    })
}

/// Every file that is committed or about to be, relative to the top folder, with forward slashes.
pub fn files() -> &'static [String] {
    static FILES: OnceLock<Vec<String>> = OnceLock::new();
    FILES.get_or_init(|| {
        let listing = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root())
            .output()
            .expect("git lists the files of a clone");
        assert!(listing.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listing.stderr));
        let names = String::from_utf8(listing.stdout).expect("file names here are UTF-8");
        names.split_terminator('\0').filter(|name| root().join(name).is_file()).map(str::to_owned).collect()
    })
}

/// The text of a file, or nothing where it holds something else than text.
pub fn text(file: &str) -> Option<String> {
    fs::read_to_string(root().join(file)).ok()
}

/// What cargo resolved for every system, all default features on.
pub fn metadata() -> &'static Metadata {
    static METADATA: OnceLock<Metadata> = OnceLock::new();
    METADATA.get_or_init(|| {
        MetadataCommand::new()
            .manifest_path(root().join("Cargo.toml"))
            .other_options(vec!["--locked".into()])
            .exec()
            .expect("cargo resolves the workspace, and Cargo.lock is up to date")
    })
}

/// A package of the workspace without the prefix that all of them share: `jose`, `cli`, `desktop`.
pub fn room(package: &Package) -> &str {
    package.name.strip_prefix("keywright-").expect("every package here is named keywright-*")
}

/// The resolved node of a package.
pub fn node(id: &PackageId) -> &'static Node {
    let resolve = metadata().resolve.as_ref().expect("metadata was asked with dependencies");
    resolve.nodes.iter().find(|node| node.id == *id).expect("every resolved package has a node")
}

/// Everything that the package of `room` links on some system, itself included: no test and build dependencies.
pub fn linked(room_name: &str) -> Vec<&'static Package> {
    let start = metadata().workspace_packages().into_iter().find(|package| room(package) == room_name);
    let mut waiting = vec![start.expect("the room is in the workspace").id.clone()];
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if seen.insert(id.clone()) {
            let normal = |kind: &cargo_metadata::DepKindInfo| kind.kind == DependencyKind::Normal;
            let next = node(&id).deps.iter().filter(|edge| edge.dep_kinds.iter().any(normal));
            waiting.extend(next.map(|edge| edge.pkg.clone()));
        }
    }
    metadata().packages.iter().filter(|package| seen.contains(&package.id)).collect()
}
