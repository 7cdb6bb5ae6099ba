//! The life of a key: states, lines, and events.
//!
//! This crate knows no clock, no source of randomness, no disk, no network, and no private half: times and ids are
//! arguments, and what happened is an [`Event`] that somebody else seals. Of our own crates it knows jose, for times and durations in words.
//!
//! - [`State`] is the table of key states, beside those of NIST SP 800-57 Part 1 Rev. 5, §7; a [`Line`] is a key and its
//!   successors.
//! - [`Keyset`] holds the lines and the targets that use them. [`Keyset::decide`] is a function of state, [`Act`] and now;
//!   it answers with an event, or with a [`Refusal`] that names the member and both sides. [`Keyset::replay`] is the fold.
//! - [`history`] and [`copies`] are views of events: what happened to a key, and where copies of it went.
//! - [`Keyset::key_set`] says which keys a JWK Set (RFC 7517 §5) has at a moment.
//! - [`due()`] says which keys ask to be rotated.
//!
//! # Clocks
//!
//! Events are ordered by their numbers, not by their times. A clock that was set back is noticed ([`Keyset::observe`]): what
//! lay ahead counts from then, so that no wait gets shorter and none lasts a year. A clock that was set forward cannot be
//! told from time that passed; who has an answer of a server at hand may compare.
//!
//! # Invariants
//!
//! `tests/it` holds them over random sequences:
//!
//! - at most one key of a line is active, and while targets use it, it is neither retired, deleted nor destroyed;
//! - a promotion moves every target of the line in one event;
//! - an id and a kid are never used again, also after destroy; a key keeps its place, and so its environment;
//! - a leaked key never becomes active again;
//! - the state is the fold of the events.

mod due;
mod event;
mod key;
mod keyset;
mod refusal;
mod time;

pub use due::{Due, Why, due};
pub use event::{Activated, Copy, Event, What, copies, history};
pub use key::{Age, Key, KeyId, Line, LineId, NewKey, Place, RotationId, Signs, State, Target};
pub use keyset::{Act, Before, KEPT_FOR, Keyset, Member};
pub use refusal::Refusal;
pub use time::{At, Span};
