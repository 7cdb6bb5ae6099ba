//! Any bytes at any moment: inspecting them gives a value and its findings, never a panic.

#![no_main]

use jose::inspect::{Context, inspect};
use jose::verify::Verdict;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (i64, &[u8])| {
    let (now, bytes) = input;
    let context = Context { now, ..Context::default() };
    let found = inspect(bytes, &context);
    assert!(found.key.is_none(), "no key was trusted");

    // A JWS in JSON is shown as the parts that it has, and its header is more than the protected one.
    let stands_there = std::str::from_utf8(bytes).is_ok_and(|text| text.contains(&found.token));
    if found.structure != Verdict::Good || !stands_there {
        return;
    }
    // What stood around the token was only around it.
    let again = inspect(found.token.as_bytes(), &context);
    assert_eq!((again.header, again.payload), (found.header, found.payload));
});
