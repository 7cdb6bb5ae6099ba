//! The packages: every library's licence goes with them, and what they install bears one name.

use std::path::Path;
use std::process::{Command, Output};

use crate::hold;
use crate::workspace::{root, text};

#[path = "../skipped.rs"]
mod skipped;

/// The files that the packages are made from.
const FOLDER: &str = ".make/package";

/// The script that writes the licences, asked only whether any is missing; nothing where there is no Python to run it.
fn check_licences(test: &str, also: &[&Path]) -> Option<Output> {
    if !root().join("ui/node_modules/.bundled.json").is_file() {
        skipped::skipped(test, "the page was not built here (make ui)");
        return None;
    }
    let script = root().join(FOLDER).join("notices.py");
    match Command::new("python3").arg("-B").arg(script).arg("--check").args(also).output() {
        Ok(output) => Some(output),
        Err(error) => {
            skipped::skipped(test, &format!("python3: {error}"));
            None
        }
    }
}

#[test]
fn the_licence_of_every_library_goes_with_the_packages() {
    let Some(output) = check_licences("the_licence_of_every_library_goes_with_the_packages", &[]) else { return };
    let missing: Vec<String> = String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect();
    hold(
        "every library that is linked or carried has its licence text, or stands in notices.py with a reason",
        &missing,
    );
    assert!(output.status.success());
}

#[test]
fn a_missing_licence_would_be_noticed() {
    let bare = Path::new(env!("CARGO_TARGET_TMPDIR")).join("library-without-licence");
    let licensed = Path::new(env!("CARGO_TARGET_TMPDIR")).join("library-with-licence");
    for folder in [&bare, &licensed] {
        std::fs::create_dir_all(folder).expect("the target folder can be written");
    }
    std::fs::copy(root().join("LICENSE-MIT"), licensed.join("LICENSE")).expect("our own licence is there");
    let Some(output) = check_licences("a_missing_licence_would_be_noticed", &[&bare, &licensed]) else { return };
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "pkg:cargo/library-without-licence@1.0.0: MIT, with no text\n",
        "the planted library, and no other"
    );
    assert!(!output.status.success());
}

/// Desktops match windows, entries, icons and pages of stores by this name.
#[test]
fn everything_bears_the_identifier() {
    let config: serde_json::Value =
        serde_json::from_str(&text("tauri.conf.json").expect("tauri.conf.json is there")).expect("it is JSON");
    let identifier = config["identifier"].as_str().expect("the application has an identifier");
    let read = |name: &str| text(&format!("{FOLDER}/{name}")).unwrap_or_else(|| panic!("{FOLDER}/{name} is there"));

    let entry = read(&format!("{identifier}.desktop"));
    let page = read(&format!("{identifier}.metainfo.xml"));
    let folders = text("src-tauri/crates/host/src/folders.rs").expect("host names the folders");
    let kept = read("stays");
    for (place, wanted) in [
        (&entry, format!("Icon={identifier}\n")),
        (&entry, format!("StartupWMClass={identifier}\n")),
        (&page, format!("<id>{identifier}</id>")),
        (&page, format!("<launchable type=\"desktop-id\">{identifier}.desktop</launchable>")),
        (&folders, format!("APPLICATION: &str = \"{identifier}\"")),
        (&kept, format!("~/.local/share/{identifier} ")),
        (&kept, format!("~/.config/{identifier} ")),
        (&kept, format!("~/.cache/{identifier} ")),
    ] {
        assert!(place.contains(&wanted), "wanted {wanted:?} in:\n{place}");
    }
}

#[test]
fn every_argument_of_the_menu_is_one_that_the_window_knows() {
    let entry = text(".make/package/app.keywright.Keywright.desktop").expect("the entry is there");
    let known = text("src-tauri/src/arguments.rs").expect("the window reads arguments");
    let started: Vec<&str> = entry.lines().filter_map(|line| line.strip_prefix("Exec=keywright-desktop")).collect();
    assert!(started.len() > 1, "the program, and its actions");
    let broken: Vec<String> = started
        .iter()
        .flat_map(|arguments| arguments.split_whitespace())
        .filter(|argument| !known.contains(&format!("\"{argument}\"")))
        .map(str::to_owned)
        .collect();
    hold("src-tauri/src/arguments.rs knows what the desktop file starts the window with", &broken);
}

#[test]
fn every_size_of_the_icon_is_there() {
    let build = text(".make/package/build").expect("the script is there");
    let (_, sizes) = build.split_once("for size in ").expect("it installs icons");
    let sizes = sizes.split_once(';').map_or("", |(sizes, _)| sizes);
    for size in sizes.split(' ') {
        let bytes = std::fs::read(root().join(format!("icons/hicolor/{size}.png")))
            .unwrap_or_else(|error| panic!("icons/hicolor/{size}.png: {error}: run `make icons`"));
        // A PNG begins with 8 bytes of signature, the length and name of IHDR, and then its width.
        let width = bytes[16..20].try_into().map(u32::from_be_bytes).expect("four bytes");
        assert_eq!(width.to_string(), size);
    }
}
