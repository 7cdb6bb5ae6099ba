//! Which header fields go with which call, and which endpoint a method and a path are.

use crate::definition::{Definition, Endpoint, ExtraHeader};

impl ExtraHeader {
    /// Whether a call of this method and path carries the field.
    pub fn goes_with(&self, method: &str, path: &str) -> bool {
        let path = without_query(path);
        let listed = self.only.is_empty()
            || self.only.iter().any(|call| {
                call.split_once(' ').is_some_and(|(only, pattern)| only == method && segments_match(pattern, path))
            });
        listed && !self.except.iter().any(|prefix| is_below(path, prefix))
    }
}

impl Definition {
    /// The endpoint of this method and path, whatever the query. Where the definition has a variable in a path, any
    /// segment will do.
    pub fn endpoint_for(&self, method: &str, path: &str) -> Option<&Endpoint> {
        let path = without_query(path);
        self.endpoints.iter().find(|e| e.method == method && segments_match(without_query(e.path.text()), path))
    }
}

fn without_query(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Whether `path` fits `pattern`, where a segment in braces stands for any one segment.
fn segments_match(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.trim_end_matches('/'), path.trim_end_matches('/'));
    let same = |(wanted, found): (&str, &str)| wanted == found || (wanted.starts_with('{') && wanted.ends_with('}'));
    pattern.split('/').count() == path.split('/').count() && pattern.split('/').zip(path.split('/')).all(same)
}

/// Whether `path` is `prefix` or lies below it.
fn is_below(path: &str, prefix: &str) -> bool {
    let rest = path.strip_prefix(prefix.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_in_braces_stands_for_any_one() {
        assert!(segments_match("/transactions/{id}/void", "/transactions/42/void"));
        assert!(segments_match("/transactions", "/transactions/"));
        assert!(!segments_match("/transactions/{id}/void", "/transactions/void"));
        assert!(!segments_match("/transactions/{id}", "/transactions/1/void"));
    }

    #[test]
    fn below_means_whole_segments() {
        assert!(is_below("/roles", "/roles"));
        assert!(is_below("/roles/1", "/roles"));
        assert!(!is_below("/roles-of-mine", "/roles"));
    }
}
