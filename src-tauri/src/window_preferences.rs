//! Window preferences kept without a vault: its looks, its place on the screen, the chosen vault.
//!
//! The locked window needs all of it, so it lies unsealed in `window.json`. Nothing of what a vault holds comes here.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use wire::{Appearance, Code, ErrorBody};

/// What `window.json` holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Memory {
    /// How the window looks.
    pub appearance: Appearance,
    /// Where it stood.
    pub frame: Option<Frame>,
    /// The vault that was chosen; none for the usual one.
    pub vault: Option<PathBuf>,
}

/// Size and place of a window in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Frame {
    /// From the left of the screens.
    pub x: f64,
    /// From their top.
    pub y: f64,
    /// The width of the page.
    pub width: f64,
    /// The height of the page.
    pub height: f64,
    /// Whether it fills the screen.
    pub maximized: bool,
}

/// The memory and its file.
pub(crate) struct WindowPreferences {
    file: Option<PathBuf>,
    memory: Mutex<Memory>,
}

impl WindowPreferences {
    /// What was remembered in `file`. One that is missing or cannot be read counts as none: it is worth no question.
    pub(crate) fn load(file: Option<PathBuf>) -> Self {
        let text = file.as_ref().and_then(|file| fs::read(file).ok()).unwrap_or_default();
        Self { file, memory: Mutex::new(serde_json::from_slice(&text).unwrap_or_default()) }
    }

    /// What is remembered now.
    pub(crate) fn now(&self) -> Memory {
        self.memory().clone()
    }

    /// Changes it, and writes the file.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Memory)) -> Result<(), ErrorBody> {
        let mut memory = self.memory();
        let before = memory.clone();
        change(&mut memory);
        if *memory == before {
            return Ok(());
        }
        let Some(file) = &self.file else { return Ok(()) };
        let told = |message: String, hint| ErrorBody::new(Code::System, message, hint);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| told(format!("cannot make the folder {}: {error}", folder.display()), None))?;
        }
        let text = serde_json::to_vec_pretty(&*memory).map_err(|error| told(error.to_string(), None))?;
        host::write(file, &text, host::Existing::Replace).map_err(|error| told(error.to_string(), error.hint()))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
