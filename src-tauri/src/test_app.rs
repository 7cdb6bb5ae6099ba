//! A desk for unit tests: a vault of its own, nobody at the dialogs, and every event kept.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use host::{Clipboard, ClipboardError, Copied};
use serde_json::Value;
use tempfile::TempDir;
use workbench::session::{self, KdfParams, Passphrase};
use zeroize::Zeroizing;

use crate::app_state::AppState;
use crate::dialogs::{Dialogs, Question};
use crate::page::Page;
use crate::window_preferences::WindowPreferences;

/// A desk and what it told.
pub(crate) struct Bench {
    pub(crate) app: Arc<AppState>,
    pub(crate) home: TempDir,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Bench {
    /// A desk without a vault.
    pub(crate) fn locked() -> Self {
        let home = tempfile::tempdir().unwrap();
        let events: Arc<Mutex<Vec<Value>>> = Arc::default();
        let heard = Arc::clone(&events);
        let page = Page {
            tell: Box::new(move |event| heard.lock().unwrap().push(serde_json::to_value(event).unwrap())),
            dress: Box::new(|_| {}),
        };
        let vault = Some(home.path().join("vault.kwv"));
        let remembered = WindowPreferences::load(None);
        let app = AppState::new(Box::new(Nobody), Box::new(Empty), vault, remembered, page).unwrap();
        Self { app: Arc::new(app), home, events }
    }

    /// A desk with a vault that holds nothing.
    pub(crate) fn unlocked() -> Self {
        let bench = Self::locked();
        let passphrase = Passphrase::new("orchid tundra".to_owned()).unwrap();
        let params = KdfParams::CHEAPEST;
        let session = session::create(&bench.app.path(), &passphrase, params, &bench.app.ports).unwrap();
        bench.app.open(session).unwrap();
        bench
    }

    /// The last event.
    pub(crate) fn last(&self) -> Value {
        self.events.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

struct Nobody;

impl Dialogs for Nobody {
    fn open_file(&self, _title: &str) -> Option<PathBuf> {
        None
    }

    fn save_file(&self, _title: &str, _name: &str) -> Option<PathBuf> {
        None
    }

    fn confirm(&self, _question: &Question) -> bool {
        false
    }
}

struct Empty;

impl Clipboard for Empty {
    fn read(&self) -> Result<Option<Zeroizing<String>>, ClipboardError> {
        Ok(None)
    }

    fn copy(&self, text: &str, _secret: bool) -> Result<Copied, ClipboardError> {
        Ok(Copied::of(text))
    }

    fn clear(&self, _copied: &Copied) -> Result<bool, ClipboardError> {
        Ok(false)
    }
}
