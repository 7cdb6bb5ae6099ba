//! The jobs: one function for each thing a person does, in the person's words.
//!
//! This room knows neither Tauri nor the wire, and reaches the world only through [`ports::Ports`].

pub mod ports;
