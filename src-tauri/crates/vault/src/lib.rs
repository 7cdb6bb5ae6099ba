//! Sealed records in SQLite: slots, manifest, durability.
