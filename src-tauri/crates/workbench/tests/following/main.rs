//! Calls and flows that are followed: logging in, minting, refreshing once, waiting; what is sealed of it, and what is said.
//! Webhooks too, whose secrets are sealed for the same places.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod acceptance;
mod accounts;
mod entering;
mod judged;
mod minting;
mod once;
mod receiving;
mod refreshing;
mod webhooks;
mod world;
