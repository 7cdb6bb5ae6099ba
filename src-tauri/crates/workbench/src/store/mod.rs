//! The store: the vault of a person as records that mean something, read and written in transactions.

pub(crate) mod cascade;
pub mod draft;
pub mod index;
pub(crate) mod life;
pub mod records;
pub mod session;
pub(crate) mod transaction;
