//! Any text: reading it never panics, and what was read is the text.

#![no_main]

use jose::json::{Document, compact};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(document) = Document::parse(text) else { return };
    assert_eq!(document.text(), text);
    for node in document.nodes() {
        assert_eq!(&text[node.span().start..node.span().end], node.raw());
        // Everything that can be asked of a node, of every node.
        let _ = (node.name(), node.as_str(), node.as_i64(), node.as_f64(), node.has_lone_surrogate(), node.path());
    }
    let once = compact(text).expect("what parses once parses again");
    assert_eq!(compact(&once).as_deref(), Ok(once.as_str()), "compact text is compact");
});
