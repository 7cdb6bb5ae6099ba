//! Reads tauri.conf.json, the capabilities and the permissions into the window's context.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo on stdout")]

use std::path::Path;
use std::{fs, io};

use tauri_build::{AppManifest, Attributes};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for input in ["src-tauri/capabilities", "src-tauri/permissions", "ui/dist"] {
        println!("cargo:rerun-if-changed={input}");
    }
    make_placeholder(Path::new("ui/dist/index.html"))?;

    // Hand-written permission files, rather than a list of commands here: that list would write its own files
    // beside tauri.conf.json.
    let permissions = AppManifest::new().permissions_path_pattern("./src-tauri/permissions/**/*.toml");
    let attributes =
        Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*").app_manifest(permissions);
    tauri_build::try_build(attributes)?;
    Ok(())
}

/// Lets a fresh clone compile before its user interface was built.
fn make_placeholder(page: &Path) -> io::Result<()> {
    if page.exists() {
        return Ok(());
    }
    if let Some(folder) = page.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(page, "<!doctype html><title>Keywright</title><p>The window was not built yet: make run builds it.\n")
}
