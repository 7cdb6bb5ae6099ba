//! Native dialogs: questions to the person that no page can answer, asked from Rust.

use std::path::PathBuf;

#[cfg(target_os = "linux")]
mod gtk;
#[cfg(not(target_os = "linux"))]
mod system;

#[cfg(target_os = "linux")]
pub use gtk::{NativeDialogs, say};
#[cfg(not(target_os = "linux"))]
pub use system::{NativeDialogs, say};

/// Asks the person. Every call blocks until there is an answer, so it is made from a thread that may wait and with no
/// lock held.
pub trait Dialogs: Send + Sync {
    /// A file to read; none if the person cancelled.
    fn open_file(&self, title: &str) -> Option<PathBuf>;

    /// Where to write a file, `name` being suggested. The person has agreed to replace one that is there.
    fn save_file(&self, title: &str, name: &str) -> Option<PathBuf>;

    /// Whether the person agrees. Pressing Enter, or closing the dialog, is a no.
    fn confirm(&self, question: &Question) -> bool;
}

/// What the person shall agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question, one sentence.
    pub title: String,
    /// What it means.
    pub detail: String,
    /// The button that agrees: a verb and its object.
    pub verb: String,
}
