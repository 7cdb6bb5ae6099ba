//! The window: what its page may ask for, and that it opens, draws and closes.

mod commands;
#[cfg(target_os = "linux")]
mod window;
