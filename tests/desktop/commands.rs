//! What the page may ask of Rust, judged by the real capabilities and permissions; no display is needed for that.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tauri::test::{MockRuntime, mock_builder, mock_context, noop_assets};
use tauri::{Context, WebviewWindowBuilder};

use crate::mock::{Mock, invoke};

/// Stands for a command that somebody registered and gave no permission.
#[tauri::command]
fn unlisted() -> &'static str {
    "reached"
}

/// What the page in the window `label` is answered when it invokes `unlisted`.
fn unlisted_from(context: Context<MockRuntime>, label: &str) -> Result<Value, Value> {
    let app = mock_builder().invoke_handler(tauri::generate_handler![unlisted]).build(context).unwrap();
    let page = WebviewWindowBuilder::new(&app, label, tauri::WebviewUrl::default()).build().unwrap();
    invoke(&page, "unlisted", &Value::Null)
}

#[test]
fn a_command_without_a_permission_is_refused() {
    let refusal = unlisted_from(keywright_desktop::context(), "main").unwrap_err();
    assert!(refusal.to_string().contains("not allowed"), "{refusal}");
}

#[test]
fn the_refusal_is_the_access_list_speaking() {
    let open = mock_context(noop_assets());
    assert_eq!(unlisted_from(open, "main").unwrap(), "reached");
}

#[test]
fn no_window_may_use_what_tauri_brings_along() {
    let mock = Mock::new();
    let stranger = mock.stranger();
    for page in [&mock.page, &stranger] {
        for command in
            ["plugin:window|create", "plugin:event|emit", "plugin:path|resolve_directory", "plugin:app|version"]
        {
            let refusal = invoke(page, command, &Value::Null).unwrap_err();
            assert!(refusal.to_string().contains("not allowed"), "{}: {command}: {refusal}", page.label());
        }
    }
}

#[test]
fn no_command_answers_another_window() {
    let mock = Mock::new();
    let stranger = mock.stranger();
    for command in keywright_desktop::NAMES {
        let refusal = invoke(&stranger, command, &Value::Null).unwrap_err();
        assert!(refusal.to_string().contains("not allowed"), "{command}: {refusal}");
    }
}

#[test]
fn every_command_stands_in_exactly_one_permission_set() {
    let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (set, commands) in permissions() {
        for command in commands {
            sets.entry(command).or_default().push(set.clone());
        }
    }
    for command in keywright_desktop::NAMES {
        let sets = sets.remove(*command).unwrap_or_default();
        assert_eq!(sets.len(), 1, "{command} stands in {sets:?}");
    }
    assert!(sets.is_empty(), "there are no such commands: {sets:?}");
}

#[test]
fn the_one_capability_grants_the_sets_and_two_words_of_tauri() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    let capability: Value = serde_json::from_slice(&fs::read(folder.join("main.json")).unwrap()).unwrap();
    assert_eq!(capability["windows"], serde_json::json!(["main"]));

    let mut granted: Vec<&str> =
        capability["permissions"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    granted.sort_unstable();
    let mut wanted: Vec<String> = permissions().into_iter().map(|(set, _)| set).collect();
    wanted.extend(["core:event:allow-listen".to_owned(), "core:event:allow-unlisten".to_owned()]);
    wanted.sort_unstable();
    assert_eq!(granted, wanted);
}

/// Each permission with the commands that it allows.
fn permissions() -> Vec<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/permissions");
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let text: toml::Table = fs::read_to_string(file.unwrap().path()).unwrap().parse().unwrap();
        for permission in text.get("permission").and_then(toml::Value::as_array).into_iter().flatten() {
            let commands = permission["commands"]["allow"].as_array().unwrap().iter();
            let names = commands.map(|command| command.as_str().unwrap().to_owned()).collect();
            found.push((permission["identifier"].as_str().unwrap().to_owned(), names));
        }
    }
    found
}
