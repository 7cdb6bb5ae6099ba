//! What people do with Keywright, done in the real window.

mod accessibility;
mod build;
mod inspect;
mod keys;
mod live;
mod markup;
mod vault;
