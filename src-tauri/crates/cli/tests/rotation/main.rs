//! Rotations: by the jobs against the emulator, in one process, with what a provider does wrong and a program that is killed; and as
//! they are typed.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod faults;
#[path = "../it/server.rs"]
#[allow(dead_code, reason = "the tests of the other commands use the rest")]
mod server;
#[path = "../it/story.rs"]
#[allow(dead_code, reason = "the tests of the other commands use the rest")]
mod story;
mod turns;
mod typed;
mod world;
