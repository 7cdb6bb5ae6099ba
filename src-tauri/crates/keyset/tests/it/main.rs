//! The life of keys and their rotation, over random sequences and over faults of a provider.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall say where")]

mod definitions;
mod faults;
mod life;
mod model;
mod plan;
mod rules;
mod times;
mod words;
