//! The command line `keywright`.

fn main() {}
