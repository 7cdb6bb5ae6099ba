//! What people do with Keywright, done in the real window.

mod accessibility;
mod build;
mod hazards;
mod inspect;
mod keyboard;
mod keys;
mod live;
mod looks;
mod markup;
mod recipes;
mod vault;
