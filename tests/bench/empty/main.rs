//! A window of the same framework with nothing in it, for the window of Keywright to be measured beside.

fn main() -> tauri::Result<()> {
    #[cfg(target_os = "linux")]
    keywright_desktop::prefer_plain_buffers();
    tauri::Builder::default().run(tauri::generate_context!("tests/bench/empty/tauri.conf.json"))
}
