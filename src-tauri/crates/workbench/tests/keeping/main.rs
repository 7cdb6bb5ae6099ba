//! What is kept in the vault, as the window and the command line change it: keys, profiles, recipes, drafts, settings;
//! how it is taken back, and what happens when another process writes, or the file goes away.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod another_process;
mod comparing;
mod consent;
mod definitions;
mod demo;
mod drafts_and_recipes;
mod imports;
mod keys;
mod life;
mod profiles;
mod scale;
mod settings;
mod undo;
#[path = "../../../../../tests/worked.rs"]
mod worked;
mod world;
