//! A loopback server that plays the providers and verifies with its own code.
