//! The window: builds the Tauri application and hands it to the operating system.
//!
//! It knows Tauri and holds no rules: a command resolves its arguments, calls one job of `workbench`, and answers with
//! a type of `wire`.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands"))]

mod adapters;
mod app_state;
mod arguments;
mod clipboard_guard;
mod clocks;
mod commands;
mod consent;
mod conversions;
pub mod dialogs;
mod drafts;
mod file_drop;
mod jobs;
mod page;
mod second_start;
#[cfg(target_os = "linux")]
mod sleep;
mod start_error;
#[cfg(test)]
mod test_app;
mod watch;
#[cfg(target_os = "linux")]
mod web_process;
mod webhook_session;
mod window;
mod window_preferences;

use std::sync::Arc;

use tauri::{App, AppHandle, Builder, DragDropEvent, Emitter, EventTarget, Manager, Runtime, Window, WindowEvent, Wry};
use wire::WhyLocked;

pub use adapters::Adapters;
pub use app_state::AppState;
pub use arguments::Asked;
pub use commands::NAMES;
pub use start_error::{StartError, tell};
pub use window::MAIN;

use page::Page;
use window_preferences::WindowPreferences;

/// Wipes what is freed: passphrases and keys pass through buffers of libraries that wipe nothing.
#[global_allocator]
static ALLOCATOR: memory::Wiping = memory::WIPING;

/// Opens the window, at Inspect or where a window begins, and returns when it was closed. Where this person has one already, that
/// one comes to the front.
///
/// # Errors
///
/// When the system gives no window, for example without a usable WebKit, or when the one that there is does not answer.
pub fn run(inspect: bool) -> Result<(), StartError> {
    run_with(context(), Adapters { inspect, ..Adapters::native() })
}

/// The same window in another context, with other adapters.
///
/// # Errors
///
/// As [`run`].
pub fn run_with(context: tauri::Context<Wry>, adapters: Adapters<Wry>) -> Result<(), StartError> {
    // The name that a desktop knows its windows by, to show them under the entry of its menu.
    #[cfg(target_os = "linux")]
    gtk::glib::set_prgname(Some(host::APPLICATION));
    let Some(start) = second_start::claim(&adapters)? else { return Ok(()) };
    let set_up = move |app: &mut App| {
        // Tauri makes a panic of a set-up that fails: it would name a line of Tauri's, and not the reason.
        if let Err(error) = set_up(app.handle(), adapters) {
            tell(&error);
            std::process::exit(1);
        }
        start.begin(app.handle());
        Ok(())
    };
    let app = with_commands(second_start::plugged(Builder::default())).setup(set_up).build(context)?;
    app.run(|app, event| {
        if let tauri::RunEvent::Exit = event {
            // Whatever ended the window, the vault does not stay open behind it.
            let _ = app.state::<Arc<AppState>>().lock(WhyLocked::Quit);
            second_start::ended(app);
        }
    });
    Ok(())
}

/// The application with its commands, before it has a desk and a window.
#[must_use]
pub fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(commands::handle).on_window_event(|window, event| match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            close(window);
        }
        WindowEvent::Focused(focused) => window.state::<Arc<AppState>>().set_focused(*focused),
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => {
            let (app, paths) = (Arc::clone(window.state::<Arc<AppState>>().inner()), paths.clone());
            tauri::async_runtime::spawn_blocking(move || memory::clean_stack(|| file_drop::take(&app, &paths)));
        }
        _ => {}
    })
}

/// Locks, then closes the window. In a thread of its own: sealing waits for the disk, and may have to ask.
fn close<R: Runtime>(window: &Window<R>) {
    remember_frame(window.app_handle());
    let window = window.clone();
    tauri::async_runtime::spawn_blocking(move || {
        if window.state::<Arc<AppState>>().leave() {
            // A window that is gone already is closed.
            let _ = window.destroy();
        }
    });
}

/// Puts the desk and the window into an application.
///
/// # Errors
///
/// When the system has no folder for the user's data or gives no window.
pub fn set_up<R: Runtime>(app: &AppHandle<R>, adapters: Adapters<R>) -> Result<(), StartError> {
    let Adapters { dialogs, clipboard, vault, memory: file, inspect } = adapters;
    let remembered = WindowPreferences::load(file);
    let memory = remembered.now();
    let page = page(app);
    let state = Arc::new(AppState::new(dialogs(app), clipboard, vault, remembered, page)?);
    state.begin_at_inspect(inspect);
    watch::watch(&state);
    #[cfg(target_os = "linux")]
    sleep::watch(&state);
    app.manage(state);
    let window = window::open(app, &memory)?;
    #[cfg(target_os = "linux")]
    web_process::watch(&window)?;
    Ok(())
}

/// The way to the page of this application. One that is gone hears nothing, and nothing is lost by that.
fn page<R: Runtime>(app: &AppHandle<R>) -> Page {
    let (heard, dressed) = (app.clone(), app.clone());
    Page {
        tell: Box::new(move |event| {
            let _ = heard.emit_to(EventTarget::webview_window(MAIN), wire::EVENT, event);
        }),
        dress: Box::new(move |theme| {
            let _ = window::dress(&dressed, theme);
        }),
    }
}

/// Notes where the window stands, for the next start.
fn remember_frame<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let remembered = &app.state::<Arc<AppState>>().inner().remembered;
    if let Ok(frame) = window::frame(&window, remembered.now().frame) {
        // A place that is not remembered is not worth a dialog while closing.
        let _ = remembered.change(|memory| memory.frame = Some(frame));
    }
}

/// What tauri.conf.json, the capabilities, the permissions and ui/dist come to: the same for the window and for tests.
#[must_use]
pub fn context<R: Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}
