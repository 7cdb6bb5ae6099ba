//! What a test cannot try on this machine, and why: `make test` tells it before its last tests, which nobody can overlook.

use std::io::Write;

/// Notes that this test tries nothing here. The reason is for who could change it: what is missing, or who one would have to be.
#[allow(clippy::print_stderr, reason = "a test that runs by itself tells it too")]
pub fn skipped(test: &str, why: &str) {
    eprintln!("skipped {test}: {why}");
    if let Some(notes) = std::env::var_os("KEYWRIGHT_SKIPPED") {
        let mut notes =
            std::fs::File::options().create(true).append(true).open(notes).expect("the notes can be written");
        // At once: tests run beside each other.
        notes.write_all(format!("{test}: {why}\n").as_bytes()).expect("the notes can be written");
    }
}
