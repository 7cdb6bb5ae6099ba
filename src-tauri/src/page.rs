//! The page as Rust reaches it: events that it is told, and the looks of its window.

use wire::{Event, Theme};

/// The way to the page and its window.
pub(crate) struct Page {
    /// Brings an event to the page.
    pub(crate) tell: Box<dyn Fn(&Event) + Send + Sync>,
    /// Gives the window its looks.
    pub(crate) dress: Box<dyn Fn(Theme) + Send + Sync>,
}
