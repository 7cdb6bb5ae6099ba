//! Which requests may be sent twice without asking the person.

use super::Situation;
use crate::PreparedRequest;

impl Situation<'_> {
    /// Whether the request may be sent again unasked: it carries an idempotency key, or its method is idempotent (RFC 9110
    /// §9.2.2) and a safe method is not known to change something after all.
    pub(super) fn may_repeat(&self) -> bool {
        let method = self.request.method.as_str();
        has_idempotency_key(self.request)
            || matches!(method, "PUT" | "DELETE")
            || (is_safe(method) && !self.changes_something())
    }

    /// Why it may not, as a clause.
    pub(super) fn once_only(&self) -> String {
        match self.request.method.as_str() {
            method if is_safe(method) => "this call changes something and carries no idempotency key".to_owned(),
            method => format!("a {method} without an idempotency key is not sent twice by itself"),
        }
    }
}

/// Whether a method, in capitals, is safe: it asks for nothing to be changed (RFC 9110 §9.2.1).
pub fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}

/// Whether the server can tell a repeated request from a new one (draft-ietf-httpapi-idempotency-key-header; some
/// providers write a prefix before the name).
fn has_idempotency_key(request: &PreparedRequest) -> bool {
    let names_key = |name: &str| name.to_ascii_lowercase().ends_with("idempotency-key");
    request.headers.iter().any(|header| names_key(&header.name) && !header.value.clear().trim().is_empty())
}
