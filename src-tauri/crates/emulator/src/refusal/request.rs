//! Reasons that are about the body of a request that itself authenticates: a log-in, a refresh, a minting.

/// What is wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    /// Longer than is read.
    #[error("the body has more than {limit} bytes")]
    TooLong {
        /// The bound.
        limit: usize,
    },
    /// Not declared as JSON.
    #[error("the content type is {}, wanted \"application/json\"", .found.as_ref().map_or("missing".to_owned(), |found| format!("{found:?}")))]
    ContentType {
        /// What was declared, shortened.
        found: Option<String>,
    },
    /// Not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// Not JSON.
    #[error("the body is not JSON: {reason}")]
    NotJson {
        /// What the parser said.
        reason: String,
    },
    /// A member stands twice.
    #[error("the body has a member twice")]
    Duplicate,
    /// JSON, and not an object.
    #[error("the body is {found}, wanted an object")]
    NotObject {
        /// What it is instead.
        found: &'static str,
    },
    /// Members are missing or wrong, each with the server's own sentence about it.
    #[error("{}", .0.iter().map(|(member, problem)| format!("{member:?}: {problem}")).collect::<Vec<_>>().join(" "))]
    Fields(Vec<(&'static str, &'static str)>),
    /// A member is missing.
    #[error("the member {member:?} is missing")]
    Missing {
        /// The member.
        member: &'static str,
    },
    /// A member has a value that will not do.
    #[error("the member {member:?} is {found}, wanted {wanted}")]
    Member {
        /// The member.
        member: &'static str,
        /// What it is, without what could be a secret.
        found: String,
        /// What is wanted.
        wanted: String,
    },
}
