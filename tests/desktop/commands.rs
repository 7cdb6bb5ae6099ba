//! What the page may ask of Rust, judged by the real capabilities and permissions; no display is needed for that.

use serde_json::Value;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;
use tauri::{Context, WebviewWindowBuilder};

/// Stands for a command that somebody registered and gave no permission.
#[tauri::command]
fn unlisted() -> &'static str {
    "reached"
}

/// What the page in the window `label` is answered when it invokes `command`.
fn invoke(context: Context<MockRuntime>, label: &str, command: &str) -> Result<Value, Value> {
    let app = mock_builder().invoke_handler(tauri::generate_handler![unlisted]).build(context).unwrap();
    let page = WebviewWindowBuilder::new(&app, label, tauri::WebviewUrl::default()).build().unwrap();
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: "tauri://localhost".parse().unwrap(),
        body: InvokeBody::default(),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.into(),
    };
    get_ipc_response(&page, request).map(|body| body.deserialize().unwrap())
}

#[test]
fn a_command_without_a_permission_is_refused() {
    let refusal = invoke(keywright_desktop::context(), "main", "unlisted").unwrap_err();
    assert!(refusal.to_string().contains("not allowed"), "{refusal}");
}

#[test]
fn the_refusal_is_the_access_list_speaking() {
    let open = mock_context(noop_assets());
    assert_eq!(invoke(open, "main", "unlisted").unwrap(), "reached");
}

#[test]
fn no_window_may_use_what_tauri_brings_along() {
    for label in ["main", "stranger"] {
        for command in
            ["plugin:window|create", "plugin:event|emit", "plugin:path|resolve_directory", "plugin:app|version"]
        {
            let refusal = invoke(keywright_desktop::context(), label, command).unwrap_err();
            assert!(refusal.to_string().contains("not allowed"), "{label}: {command}: {refusal}");
        }
    }
}
