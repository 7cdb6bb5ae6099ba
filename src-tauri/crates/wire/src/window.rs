//! The window itself: what it starts with, its vault, its looks.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Locked, Settings, Target};

/// What the page begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Start {
    /// The version of the program.
    pub version: String,
    /// The operating system.
    pub system: System,
    /// The vault to create or to unlock.
    pub vault: VaultHere,
    /// Whether it is unlocked already: the page was loaded again.
    pub unlocked: bool,
    /// Why and when this vault was locked last, while the program ran. None where it was not, or is unlocked again.
    pub locked: Option<Locked>,
    /// Whether the page begins at Inspect: the program was started for that.
    pub inspect: bool,
    /// Whether the run before this one was not closed: it was at fault, or ended from outside. The diagnosis says more.
    pub cut_off: bool,
    /// How the window looks.
    pub appearance: Appearance,
    /// What unlocking will cost here, in words: "Argon2id with 256 MiB". None before there is a vault.
    pub cost: Option<String>,
    /// The languages in which a request can be copied.
    pub languages: Vec<Language>,
    /// The languages in which a handler can check webhooks.
    pub handler_languages: Vec<Language>,
}

/// A language in which a request can be copied, or a handler written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Language {
    /// Its id: `curl`.
    pub id: &'static str,
    /// What people read: "Python (requests)".
    pub name: &'static str,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub fn all() -> Vec<Self> {
        exchange::LANGUAGES.iter().map(|language| Self { id: language.id, name: language.label }).collect()
    }

    /// Those of handlers.
    pub fn of_handlers() -> Vec<Self> {
        exchange::HANDLER_LANGUAGES.iter().map(|language| Self { id: language.id, name: language.label }).collect()
    }
}

/// An operating system, as far as keys and words differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum System {
    /// Linux.
    Linux,
    /// macOS, with ⌘ for Ctrl.
    Macos,
    /// Windows.
    Windows,
    /// Another one.
    Other,
}

impl System {
    /// The one that this program was built for.
    pub const HERE: Self = if cfg!(target_os = "linux") {
        Self::Linux
    } else if cfg!(target_os = "macos") {
        Self::Macos
    } else if cfg!(windows) {
        Self::Windows
    } else {
        Self::Other
    };
}

/// A vault by its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultHere {
    /// Where it lies.
    pub path: String,
    /// The name of its file.
    pub name: String,
    /// Whether there is one.
    pub exists: bool,
    /// Files and folders of it that others than the owner may reach.
    pub exposed: Vec<String>,
    /// Whether a journal lies beside it: a write was interrupted, or somebody put it there. The next write settles it.
    pub interrupted: bool,
}

/// A vault that was just created or unlocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Opened {
    /// Where the person was last; none where there is no profile.
    pub place: Option<Target>,
    /// What the person chose.
    pub settings: Settings,
    /// The vault.
    pub vault: VaultHere,
}

/// How the window looks. Kept unsealed, so that the locked window has it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Appearance {
    /// Light, dark, or as the system.
    pub theme: Theme,
    /// The size of text in percent.
    pub text_percent: u32,
}

impl Default for Appearance {
    fn default() -> Self {
        Self { theme: Theme::System, text_percent: 100 }
    }
}

/// Light, dark, or as the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How well a passphrase withstands guessing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Strength {
    /// 0 to 4, as zxcvbn counts.
    pub score: u8,
    /// "weak", "fair", "strong".
    pub words: String,
    /// What to do about it; none when strong.
    pub advice: Option<String>,
}

impl From<workbench::strength::Strength> for Strength {
    fn from(strength: workbench::strength::Strength) -> Self {
        Self { score: strength.score, words: strength.words.to_owned(), advice: strength.advice }
    }
}

/// Something that was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Copied {
    /// What it is, in words.
    pub what: String,
    /// After how many seconds the clipboard is cleared; none where what was copied is not secret.
    pub clears_in_seconds: Option<u32>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedFile {
    /// Where it lies.
    pub file: String,
    /// What is in it and who may read it.
    pub words: String,
}
