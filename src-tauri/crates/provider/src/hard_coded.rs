//! Keys that stand in a text where a name should: in code, in a command, in a file that will be shared.

use jose::json::Span;

use crate::definition::{ApiKey, Definition};

/// An API key that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HardCoded<'d> {
    /// The kind of key.
    pub kind: &'d ApiKey,
    /// Its beginning.
    pub prefix: &'d str,
    /// Where it stands, in bytes.
    pub span: Span,
}

/// Fewer characters behind the beginning are a word, not a key.
const SHORTEST: usize = 8;

impl Definition {
    /// The API keys of this provider that stand in a text, in order. A key is known by its beginning, which no other
    /// letter may precede, and by at least eight letters and digits behind it, one of them a digit.
    pub fn hard_coded_keys(&self, text: &str) -> Vec<HardCoded<'_>> {
        let mut found: Vec<HardCoded<'_>> = Vec::new();
        for (kind, prefix) in self.key_prefixes() {
            for (start, _) in text.match_indices(prefix) {
                let tail = &text[start + prefix.len()..];
                let length = tail.bytes().take_while(u8::is_ascii_alphanumeric).count();
                let is_key = length >= SHORTEST && tail[..length].bytes().any(|b| b.is_ascii_digit());
                if is_key && !text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    found.push(HardCoded { kind, prefix, span: Span::new(start, start + prefix.len() + length) });
                }
            }
        }
        found.sort_by_key(|key| key.span.start);
        found
    }
}
