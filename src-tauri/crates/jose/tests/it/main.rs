//! What is promised of `jose`, held to vectors of others, to other implementations, and to attackers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall say where")]
#![allow(clippy::disallowed_methods, reason = "the room is pure; its tests read their vectors from disk")]
#![allow(clippy::disallowed_types, reason = "what a test could not try is noted in a file")]

mod attacks;
mod commands;
mod danger;
mod errors;
mod findings;
mod fixtures;
mod foreign;
mod forms;
mod hostile;
mod leaks;
mod properties;
mod reported;
#[path = "../../../../../tests/skipped.rs"]
mod skipped;
#[path = "../../../../../tests/sources.rs"]
mod sources;
mod support;
mod vectors;
mod webhooks;
#[path = "../../../../../tests/worked.rs"]
mod worked;
mod wycheproof;
mod wycheproof_tokens;
