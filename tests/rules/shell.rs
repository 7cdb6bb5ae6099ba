//! The window is strict: its page may load, run and reach only what it needs.

use std::fs;

use serde_json::Value;

use crate::hold;
use crate::workspace::{files, root, text};

fn config() -> Value {
    let text = text("tauri.conf.json").expect("tauri.conf.json is there");
    serde_json::from_str(&text).expect("tauri.conf.json is JSON")
}

#[test]
fn the_content_security_policy_is_closed() {
    let config = config();
    let security = &config["app"]["security"];
    let policy = security["csp"].as_object().expect("the policy is a table of directives");

    for closed in ["default-src", "object-src", "frame-src", "base-uri", "form-action"] {
        assert_eq!(policy[closed], "'none'", "{closed}");
    }
    assert_eq!(policy["script-src"], "'self'");
    assert_eq!(policy["connect-src"], "ipc: http://ipc.localhost", "all requests are made from Rust");
    let loose: Vec<String> = policy
        .iter()
        .filter(|(_, sources)| ["unsafe", "*", "https:"].iter().any(|it| sources.as_str().unwrap_or("*").contains(it)))
        .map(|(directive, sources)| format!("{directive} {sources}"))
        .collect();
    hold("no directive opens the page", &loose);

    assert_eq!(security["freezePrototype"], true);
    assert_eq!(config["app"]["withGlobalTauri"], false);
    assert!(security.get("dangerousDisableAssetCspModification").is_none());
    assert!(security.get("assetProtocol").is_none());
}

#[test]
fn every_capability_is_named_and_none_is_remote() {
    let config = config();
    let named = config["app"]["security"]["capabilities"].as_array().expect("capabilities are listed by name");
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| file.starts_with("src-tauri/capabilities/")) {
        let capability: Value = serde_json::from_str(&text(file).unwrap_or_default()).expect("a capability is JSON");
        if !named.contains(&capability["identifier"]) {
            broken.push(format!("{file}: not in tauri.conf.json"));
        }
        if capability.get("remote").is_some() || capability["windows"].to_string().contains('*') {
            broken.push(format!("{file}: open to pages or windows that are not ours"));
        }
    }
    hold("a capability is for one window of ours", &broken);
}

#[test]
fn one_file_of_the_page_knows_tauri() {
    let broken: Vec<String> = files()
        .iter()
        .filter(|file| file.starts_with("ui/src/") && *file != "ui/src/host/tauri.ts")
        .filter(|file| text(file).is_some_and(|source| source.contains("@tauri-apps/")))
        .cloned()
        .collect();
    hold("only ui/src/host/tauri.ts imports @tauri-apps", &broken);
}

#[test]
fn the_page_has_no_inline_style() {
    let broken: Vec<String> = files()
        .iter()
        .filter(|file| file.starts_with("ui/") && (file.ends_with(".svelte") || file.ends_with(".html")))
        .filter(|file| text(file).is_some_and(|source| source.contains(" style=")))
        .cloned()
        .collect();
    hold("no style attribute: the content security policy drops it", &broken);
}

#[test]
fn every_icon_is_there_in_its_size() {
    for icon in config()["bundle"]["icon"].as_array().expect("icons are listed") {
        let name = icon.as_str().expect("an icon is a path");
        let bytes = fs::read(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let Some(size) = name.rsplit('/').next().and_then(|file| file.strip_suffix(".png")) else { continue };
        let (points, scale) = size.strip_suffix("@2x").map_or((size, 1), |points| (points, 2));
        let points: u32 = points.split('x').next().and_then(|edge| edge.parse().ok()).expect("named by its size");
        // A PNG begins with 8 bytes of signature, the length and name of IHDR, and then its width.
        let width = bytes[16..20].try_into().map(u32::from_be_bytes).expect("four bytes");
        assert_eq!(width, points * scale, "{name}: run `make icons`");
    }
}

#[test]
fn one_version_everywhere() {
    let ui: Value = serde_json::from_str(&text("ui/package.json").expect("it is there")).expect("it is JSON");
    assert_eq!(ui["version"], env!("CARGO_PKG_VERSION"), "ui/package.json and the workspace");
}
