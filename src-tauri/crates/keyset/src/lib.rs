//! The life of a key: states, lines, events, and rotation without an outage as a plan that can be left and found again.
//!
//! This crate knows no clock, no source of randomness, no disk, no network, and no private half: times and ids are
//! arguments, calls to a provider are values that somebody else makes, and what happened is an [`Event`] that somebody else
//! seals. Of our own crates it knows jose, for times and durations in words.
//!
//! - [`State`] is the table of key states, beside those of NIST SP 800-57 Part 1 Rev. 5, §7; a [`Line`] is a key and its
//!   successors.
//! - [`Keyset`] holds the lines and the targets that use them. [`Keyset::decide`] is a function of state, [`Act`] and now;
//!   it answers with an event, or with a [`Refusal`] that names the member and both sides. [`Keyset::replay`] is the fold.
//! - [`history`] and [`copies`] are views of events: what happened to a key, and where copies of it went.
//! - [`Keyset::key_set`] says which keys a JWK Set (RFC 7517 §5) has at a moment.
//! - [`Earliest`] is the earliest safe time of a step with its reason, [`due()`] which keys ask to be rotated.
//! - [`Method`] is the `[[rotation]]` of a definition: the calls, or the steps by hand, as data.
//! - [`Rotation`] is the plan: [`Rotation::next`] says what to do, and survives a kill at any point.
//! - [`incident()`] says what a leak touches, and what each way out breaks.
//!
//! # Clocks
//!
//! Events are ordered by their numbers, not by their times. A clock that was set back is noticed ([`Keyset::observe`],
//! [`Rotation::observe`]): what lay ahead counts from then, so that no wait gets shorter and none lasts a year. A
//! clock that was set forward cannot be told from time that passed; who has an answer of a server at hand may compare.
//!
//! # Invariants
//!
//! `tests/it` holds them over random sequences and over faults of a provider:
//!
//! - at most one key of a line is active, and while targets use it, it is neither retired, deleted nor destroyed;
//! - a promotion moves every target of the line in one event;
//! - an id and a kid are never used again, also after destroy; a key keeps its place, and so its environment;
//! - a leaked key never becomes active again;
//! - the state is the fold of the events;
//! - in a planned rotation whose provider allows an overlap, one key that works is active at every moment, whatever fails
//!   and whenever the program is killed, and each key at the provider is known or listed as an orphan.

mod due;
mod event;
mod incident;
mod key;
mod keyset;
mod method;
mod refusal;
mod remote;
mod rotation;
mod slot;
mod step;
mod time;
mod window;

pub use due::{Due, Why, due};
pub use event::{Activated, Copy, Event, What, copies, history};
pub use incident::{Breakage, Incident, WayOut, incident};
pub use key::{Age, Key, KeyId, Line, LineId, NewKey, Place, RotationId, Signs, State, Target};
pub use keyset::{Act, Before, KEPT_FOR, Keyset, Member};
pub use method::{Brings, Call, Empty, Grant, Grants, Hand, List, MadeBy, Method, MethodFault, Overlap, Paste, Way};
pub use refusal::Refusal;
pub use remote::{Answer, Intent, LastUse, Page, PageRepeats, Pages, Pair, Remote, Shown};
pub use rotation::{
    Done, Entry, Evidence, HandOver, Handed, Next, Note, Orphan, OrphanWhy, PROOF_HOLDS, Rotation, RotationError, Row,
    Silence, Start, Stop, Taken, Turn, Uses,
};
pub use slot::{fill, is_slot_of_calls, slots};
pub use step::{Mode, Step, steps};
pub use time::{At, Span};
pub use window::{Earliest, Stated, Term};
