//! The window: builds the Tauri application and hands it to the operating system.
//!
//! It knows Tauri and nothing else does. It holds no rules: a command here resolves its arguments, calls one job of
//! `workbench`, and answers with a type of `wire`.

/// Opens the window and returns when it was closed.
///
/// # Errors
///
/// When the system gives no window: no display, or no usable WebKit.
pub fn run() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
