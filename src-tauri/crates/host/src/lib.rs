//! Adapters for the workbench's ports: clock, randomness, key generation, HTTP, files.
