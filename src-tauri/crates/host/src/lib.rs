//! Adapters for the workbench's ports: clock, randomness, key generation, HTTP, files.
//!
//! Here, and nowhere below, the program touches the system. This room does no job of its own: it knows how to send a
//! request and how to write a file, never why. It starts no emulator and asks no person; the tops do.

mod clock;
mod files;
mod folders;
mod http;
mod keys;
mod memory;
mod random;

pub use clock::SystemClock;
pub use files::{Existing, INPUT_LIMIT, ReadError, WriteError, read, read_text, write};
pub use folders::{APPLICATION, NoDataFolder, VAULT_VARIABLE, data_folder, vault_path};
pub use http::ReqwestHttp;
pub use keys::EngineKeys;
pub use memory::memory;
pub use random::OsRandom;
