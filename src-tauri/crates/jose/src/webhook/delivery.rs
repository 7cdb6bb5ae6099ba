//! Delivery: the raw bytes of the body, and the header fields around them.

use std::fmt;

use super::BodyFacts;

/// One request of a provider, as it came in.
#[derive(Clone, Copy, Default)]
pub struct Delivery<'a> {
    /// The body, byte for byte: before any parser, and with whatever stands at its end.
    pub body: &'a [u8],
    /// The header fields, each line one entry. The case of names does not count.
    pub headers: &'a [(String, String)],
    /// The address that it was sent to, as the provider knows it.
    pub url: Option<&'a str>,
    /// The method.
    pub method: Option<&'a str>,
}

impl<'a> Delivery<'a> {
    /// The values of a header field, without the white space around them (RFC 9110 §5.5).
    pub fn header(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let named = move |field: &&(String, String)| field.0.trim_ascii().eq_ignore_ascii_case(name);
        self.headers.iter().filter(named).map(|(_, value)| value.trim_ascii())
    }

    /// What can be said of the body's bytes.
    pub fn facts(&self) -> BodyFacts {
        BodyFacts::of(self.body)
    }
}

impl fmt::Debug for Delivery<'_> {
    /// The body may hold anything, and its header fields what authenticates, so neither is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Delivery").field("body", &self.body.len()).field("headers", &names).finish_non_exhaustive()
    }
}
