//! The window: builds the Tauri application and hands it to the operating system.
//!
//! It knows Tauri and holds no rules: a command resolves its arguments, calls one job of `workbench`, and answers with
//! a type of `wire`.

/// Opens the window and returns when it was closed.
///
/// # Errors
///
/// When the system gives no window, for example without a usable WebKit.
pub fn run() -> tauri::Result<()> {
    tauri::Builder::default().run(context())
}

/// What tauri.conf.json, the capabilities, the permissions and ui/dist come to: the same for the window and for tests.
#[must_use]
pub fn context<R: tauri::Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}
