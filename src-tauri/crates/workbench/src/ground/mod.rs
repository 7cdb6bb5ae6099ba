//! The ground: errors, ports to the world, names and words. It knows no record and no job.

mod error;
pub(crate) mod names;
pub mod ports;
pub(crate) mod words;

pub use error::{Error, Fault};
