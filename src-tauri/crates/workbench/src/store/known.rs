//! The life of the keys as the vault tells it, read once for all who ask.

use keyset::{Event, Keyset};

/// What is known of the life of the keys.
pub(super) struct Known {
    /// The fold of the events, and of what records say that no event tells yet.
    pub(super) keyset: Keyset,
    /// The sealed events in their order.
    pub(super) events: Vec<Event>,
    /// Whether records say something that no event tells yet.
    pub(super) behind: bool,
}
