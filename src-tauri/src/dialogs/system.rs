//! System dialogs of macOS and Windows.

use std::path::PathBuf;

use rfd::{FileDialog, MessageButtons, MessageDialog, MessageDialogResult, MessageLevel};
use tauri::{AppHandle, Manager, Runtime};

use super::{Dialogs, Question};
use crate::window::MAIN;

/// Dialogs over the main window.
pub struct NativeDialogs<R: Runtime>(AppHandle<R>);

impl<R: Runtime> NativeDialogs<R> {
    /// Dialogs of this application.
    pub fn new(app: &AppHandle<R>) -> Self {
        Self(app.clone())
    }

    fn files(&self, title: &str) -> FileDialog {
        let dialog = FileDialog::new().set_title(title);
        match self.0.get_webview_window(MAIN) {
            Some(window) => dialog.set_parent(&window),
            None => dialog,
        }
    }
}

/// Says something before there is a window, and waits until it was read.
pub fn say(title: &str, detail: &str) {
    MessageDialog::new().set_level(MessageLevel::Error).set_title(title).set_description(detail).show();
}

impl<R: Runtime> Dialogs for NativeDialogs<R> {
    fn open_file(&self, title: &str) -> Option<PathBuf> {
        self.files(title).pick_file()
    }

    fn save_file(&self, title: &str, name: &str) -> Option<PathBuf> {
        self.files(title).set_file_name(name).save_file()
    }

    fn confirm(&self, question: &Question) -> bool {
        const CANCEL: &str = "Cancel";
        // The first button is the one that Enter presses.
        let buttons = MessageButtons::OkCancelCustom(CANCEL.to_owned(), question.verb.clone());
        let mut dialog = MessageDialog::new()
            .set_level(MessageLevel::Warning)
            .set_title(&question.title)
            .set_description(&question.detail)
            .set_buttons(buttons);
        if let Some(window) = self.0.get_webview_window(MAIN) {
            dialog = dialog.set_parent(&window);
        }
        dialog.show() == MessageDialogResult::Custom(question.verb.clone())
    }
}
