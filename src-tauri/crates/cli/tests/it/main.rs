//! The command line as it is used: what is typed, what comes back, and how it ends.
//!
//! Every test runs the real program in a folder of its own, with no home, no terminal and no colours. `story.rs` has the
//! words that the tests are told in.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_input;
#[cfg(unix)]
mod commands;
mod demo;
mod doctor;
mod exit_codes;
mod gr4vy;
mod json;
mod key_sets;
mod keys;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(unix)]
mod process;
mod profiles;
#[cfg(target_os = "linux")]
mod prompts;
mod providers;
#[cfg(target_os = "linux")]
mod pty;
mod requests;
#[cfg(target_os = "linux")]
mod run;
mod secrets;
mod server;
mod single_flight;
#[path = "../../../../../tests/skipped.rs"]
mod skipped;
#[path = "../../../../../tests/sources.rs"]
mod sources;
mod story;
mod streams;
mod tokens;
mod vault;
#[cfg(target_os = "linux")]
#[path = "../../../vault/tests/common/keys.rs"]
mod vault_keys;
mod webhooks;
