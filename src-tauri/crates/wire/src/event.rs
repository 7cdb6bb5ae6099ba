//! Events that Rust sends to the window.

use serde::Serialize;
use ts_rs::TS;

use crate::{
    CheckOutcome, EmulatorEntry, ErrorBody, ImportPreview, Rotation, Target, TimelineRow, TokenReading, WebhookDelivery,
};

/// The name under which every event reaches the page.
pub const EVENT: &str = "keywright";

/// Something happened that the page should know of.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Event {
    /// The vault was locked.
    Locked(Locked),
    /// A long job goes on.
    Progress {
        /// Which one; none for creating and unlocking the vault.
        job: Option<u32>,
        /// How far it is, from 0 to 1; none where nobody can say.
        fraction: Option<f64>,
        /// What is being done.
        words: String,
    },
    /// A call or a flow went on: what was done since the last event.
    Happened {
        /// Which job.
        job: u32,
        /// What was done.
        rows: Vec<TimelineRow>,
    },
    /// A call or a flow waits, because the server asked for it.
    Waiting {
        /// Which job.
        job: u32,
        /// For how long.
        seconds: u64,
        /// Why, a sentence.
        why: String,
    },
    /// Keys were dropped on the window.
    Dropped {
        /// What was found.
        preview: ImportPreview,
    },
    /// A token was dropped on the window.
    DroppedToken {
        /// What it says.
        reading: Box<TokenReading>,
    },
    /// What was dropped on the window is of no use.
    DropRefused {
        /// Why.
        error: ErrorBody,
    },
    /// The program was started once more, to inspect a token.
    InspectAsked,
    /// A webhook came to the receiver.
    Delivered {
        /// What was found out about it.
        delivery: Box<WebhookDelivery>,
    },
    /// The emulator saw a request.
    Emulated {
        /// What it checked, and why it refused.
        entry: EmulatorEntry,
    },
    /// A rotation went on, by whoever.
    Rotated {
        /// As it stands now.
        rotation: Box<Rotation>,
    },
    /// A credential was checked.
    Checked {
        /// Which job.
        job: u32,
        /// What came of it.
        outcome: CheckOutcome,
    },
    /// What was copied has left the clipboard.
    ClipboardCleared,
    /// Another process wrote the vault: load the lists again.
    VaultChanged,
    /// Consent to live ended; the draft is back at this place.
    LiveEnded {
        /// The place.
        place: Target,
    },
}

/// A lock of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Locked {
    /// Why.
    pub why: WhyLocked,
    /// When, in seconds since 1970.
    pub at: i64,
}

/// Why the vault was locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum WhyLocked {
    /// The person said so.
    Asked,
    /// Nobody did anything for as long as the settings allow.
    Idle,
    /// The machine goes to sleep, or was asleep.
    Sleep,
    /// The window closes.
    Quit,
    /// The page ended by itself: the process that draws it crashed, or the system ended it.
    PageEnded,
}
