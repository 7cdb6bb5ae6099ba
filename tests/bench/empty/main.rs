//! A window of the same framework with nothing in it, for the window of Keywright to be measured beside.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!("tests/bench/empty/tauri.conf.json"))
}
