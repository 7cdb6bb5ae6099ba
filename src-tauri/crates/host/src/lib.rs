//! Adapters for the workbench's ports: clock, randomness, key generation, HTTP, files, clipboard, a receiver, signals.
//!
//! Here, and nowhere below, the program touches the system. This room does no job of its own: it knows how to send a
//! request and how to write a file, never why. It starts no emulator and asks no person; the tops do.

#[cfg(feature = "clipboard")]
mod clipboard;
mod clock;
mod files;
#[cfg(unix)]
pub mod first_window;
mod folders;
mod hardening;
mod http;
mod keys;
mod memory;
mod one_time_keys;
mod random;
mod receiver;
mod signals;
mod surroundings;

#[cfg(feature = "clipboard")]
pub use clipboard::{Clipboard, ClipboardError, Copied, SystemClipboard};
pub use clock::SystemClock;
pub use files::{Existing, INPUT_LIMIT, OsFiles, ReadError, WriteError, read, read_from, read_text, write};
pub use folders::{APPLICATION, NoDataFolder, VAULT_VARIABLE, config_folder, data_folder, vault_path};
pub use hardening::{hand_limits_on, harden};
pub use http::{ReqwestHttp, certificates};
pub use keys::EngineKeys;
pub use memory::memory;
pub use one_time_keys::{NotOpened, OneTimeKeys};
pub use random::OsRandom;
pub use receiver::{Answering, BODY_LIMIT, ListenError, Receiver};
pub use signals::{Interrupt, Moment, Undo, undo};
pub use surroundings::surroundings;
