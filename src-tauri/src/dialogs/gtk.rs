//! GTK dialogs, in the loop of the window that they belong to.

use std::path::PathBuf;
use std::sync::mpsc;

use gtk::prelude::*;
use gtk::{
    ButtonsType, DialogFlags, FileChooserAction, FileChooserNative, MessageDialog, MessageType, ResponseType, Window,
};
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

    /// Shows a dialog in GTK's own thread and waits here for what it `sends`. None if it never answers, because the
    /// window is gone.
    fn show<T: Send + 'static>(
        &self,
        show: impl FnOnce(Option<Window>, mpsc::Sender<T>) + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = mpsc::channel();
        let app = self.0.clone();
        let in_gtk = move || {
            let main = app.get_webview_window(MAIN).and_then(|window| window.gtk_window().ok());
            show(main.map(|window| window.upcast()), sender);
        };
        self.0.run_on_main_thread(in_gtk).ok()?;
        receiver.recv().ok()
    }

    fn choose(&self, title: &str, action: FileChooserAction, name: Option<&str>) -> Option<PathBuf> {
        let (title, name) = (title.to_owned(), name.map(str::to_owned));
        let chosen = self.show(move |parent, sender| {
            let dialog = FileChooserNative::new(Some(&title), parent.as_ref(), action, None, None);
            dialog.set_modal(true);
            dialog.set_do_overwrite_confirmation(true);
            if let Some(name) = name {
                dialog.set_current_name(&name);
            }
            // Nobody else keeps a native dialog alive while it is open.
            let kept = std::cell::Cell::new(Some(dialog.clone()));
            dialog.connect_response(move |dialog, response| {
                let file = (response == ResponseType::Accept).then(|| dialog.filename()).flatten();
                // Nobody waits any longer when the window was closed meanwhile.
                let _ = sender.send(file);
                dialog.destroy();
                drop(kept.take());
            });
            dialog.show();
        });
        chosen.flatten()
    }
}

/// Says something before there is a window, and waits until it was read. In the main thread, which is GTK's.
pub fn say(title: &str, detail: &str) {
    // Without a display there is nobody to read it.
    if gtk::init().is_err() {
        return;
    }
    let dialog = MessageDialog::new(None::<&Window>, DialogFlags::MODAL, MessageType::Error, ButtonsType::Close, title);
    dialog.set_secondary_text(Some(detail));
    dialog.set_title("Keywright");
    dialog.run();
}

impl<R: Runtime> Dialogs for NativeDialogs<R> {
    fn open_file(&self, title: &str) -> Option<PathBuf> {
        self.choose(title, FileChooserAction::Open, None)
    }

    fn save_file(&self, title: &str, name: &str) -> Option<PathBuf> {
        self.choose(title, FileChooserAction::Save, Some(name))
    }

    fn confirm(&self, question: &Question) -> bool {
        let question = question.clone();
        let agreed = self.show(move |parent, sender| {
            let flags = DialogFlags::MODAL | DialogFlags::DESTROY_WITH_PARENT;
            let Question { title, detail, verb } = question;
            let dialog = MessageDialog::new(parent.as_ref(), flags, MessageType::Warning, ButtonsType::None, &title);
            dialog.set_secondary_text(Some(&detail));
            dialog.set_title("Keywright");
            let cancel = dialog.add_button("Cancel", ResponseType::Cancel);
            dialog.add_button(&verb, ResponseType::Accept);
            dialog.set_default_response(ResponseType::Cancel);
            cancel.grab_focus();
            dialog.connect_response(move |dialog, response| {
                // Nobody waits any longer when the window was closed meanwhile.
                let _ = sender.send(response == ResponseType::Accept);
                dialog.close();
            });
            dialog.show_all();
        });
        agreed.unwrap_or(false)
    }
}
