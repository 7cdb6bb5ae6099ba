//! The window, started for real.
