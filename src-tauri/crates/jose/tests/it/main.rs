//! What is promised of `jose`, held to vectors of others, to other implementations, and to attackers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall say where")]
#![allow(clippy::disallowed_methods, reason = "the room is pure; its tests read their vectors from disk")]

mod attacks;
mod danger;
mod errors;
mod findings;
mod fixtures;
mod foreign;
mod leaks;
mod properties;
mod reported;
mod support;
mod vectors;
mod webhooks;
#[path = "../../../../../tests/worked.rs"]
mod worked;
mod wycheproof;
