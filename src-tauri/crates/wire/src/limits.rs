//! How much is kept, for a page that keeps as much of what it is told.

use workbench::{deliveries, keys};

/// How many deliveries the receiver keeps.
pub const DELIVERIES_KEPT: usize = deliveries::KEPT;

/// How many requests of the emulator are told at once.
pub const EMULATED_KEPT: usize = 200;

/// For how many seconds a deleted key can be restored.
pub const DELETED_KEPT_SECONDS: i64 = keys::KEPT_FOR;
