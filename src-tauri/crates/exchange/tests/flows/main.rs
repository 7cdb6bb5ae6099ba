//! Flows: what is sent, what is read from the answers, what follows them, and whole stories against a server of paper.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod decided;
mod given;
mod prepared;
#[path = "../recorded/mod.rs"]
mod recorded;
mod stories;
mod story;
mod waits;
mod wire;
