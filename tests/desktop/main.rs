//! The window: what its page may ask for, and that it opens, draws and closes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod commands;
#[cfg(target_os = "linux")]
mod display;
#[cfg(target_os = "linux")]
mod dragging;
#[cfg(target_os = "linux")]
mod home;
#[cfg(target_os = "linux")]
mod indexed;
#[cfg(target_os = "linux")]
mod measure;
mod mock;
#[cfg(target_os = "linux")]
mod outline;
#[cfg(target_os = "linux")]
mod page;
mod secrets;
#[cfg(target_os = "linux")]
mod stories;
#[cfg(target_os = "linux")]
mod tour;
#[cfg(target_os = "linux")]
#[path = "../../src-tauri/crates/vault/tests/common/keys.rs"]
mod vault_keys;
#[cfg(target_os = "linux")]
mod window;
