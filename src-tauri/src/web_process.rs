//! Web process: WebKit draws the page in a process of its own, which can end while ours goes on.
//!
//! Nobody can tell a crash by chance from one that a hostile answer brought about, so the vault is locked, and the page is
//! loaded again and says why. What was typed in drafts is sealed by the lock, and there again after unlocking.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tauri::{AppHandle, Manager, Runtime, WebviewWindow};
use webkit2gtk::{WebProcessTerminationReason, WebViewExt};
use workbench::surroundings::PageEnd;

use crate::app_state::AppState;
use crate::{dialogs, window};

/// Within this time a page may end once and be loaded again; a second end is one that loading again does not mend.
const SOON: Duration = Duration::from_secs(20);

/// Looks after the process of this window's page.
pub(crate) fn watch<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    let app = window.app_handle().clone();
    window.with_webview(move |webview| {
        let last = std::cell::Cell::new(None::<Instant>);
        webview.inner().connect_web_process_terminated(move |_, reason| {
            let again = last.replace(Some(Instant::now())).is_some_and(|before| before.elapsed() < SOON);
            let app = app.clone();
            // In a thread of its own: sealing waits for the disk, and this one draws.
            tauri::async_runtime::spawn_blocking(move || ended(&app, end(reason), again));
        });
    })
}

fn ended<R: Runtime>(app: &AppHandle<R>, end: PageEnd, again: bool) {
    let sealed = app.state::<Arc<AppState>>().end_page(end);
    let drafts = match sealed {
        Ok(()) => "what was typed in drafts is sealed in it".to_owned(),
        Err(error) => format!("drafts could not be sealed in it and are lost: {error}"),
    };
    let shown = app.clone();
    // An application that ends shows nothing any more.
    let _ = app.run_on_main_thread(move || if again { give_up(&shown, end, &drafts) } else { load_again(&shown) });
}

fn load_again<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(window::MAIN) {
        // A webview that is gone has no page to load.
        let _ = window.with_webview(|webview| webview.inner().reload());
    }
}

/// Says that there is no page, and ends the program: an empty window would say nothing.
fn give_up<R: Runtime>(app: &AppHandle<R>, end: PageEnd, drafts: &str) {
    host::first_window::note_page_end(end);
    let detail = format!(
        "WebKit's process that draws it {}, twice in {} seconds. The vault is locked; {drafts}.\n\n\
         Hint: run keywright doctor; the command line, keywright, does the same work.",
        end.words(),
        SOON.as_secs()
    );
    dialogs::say("Keywright cannot show its page", &detail);
    app.exit(1);
}

fn end(reason: WebProcessTerminationReason) -> PageEnd {
    match reason {
        WebProcessTerminationReason::ExceededMemoryLimit => PageEnd::OutOfMemory,
        WebProcessTerminationReason::TerminatedByApi => PageEnd::Ended,
        _ => PageEnd::Crashed,
    }
}
