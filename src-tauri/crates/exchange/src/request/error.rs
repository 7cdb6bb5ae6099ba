//! Errors of preparing a call.

use provider::AddressError;

/// Why a call cannot be prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// HTTP to another computer.
    #[error("{found} is plain HTTP to another computer, wanted https")]
    PlainHttp {
        /// The address.
        found: String,
    },
    /// A host that the credential may not be sent to.
    #[error("the request goes to {found}, and this credential may be sent {}", to(allowed))]
    HostNotAllowed {
        /// The host of the request.
        found: String,
        /// The hosts sealed with the credential.
        allowed: Vec<String>,
    },
    /// Not a path.
    #[error("{found:?} is not a path, wanted one that begins with /")]
    NotAPath {
        /// The text.
        found: String,
    },
    /// Not an HTTP method.
    #[error("{found:?} is not an HTTP method, wanted one such as GET or POST")]
    NotAMethod {
        /// The text.
        found: String,
    },
    /// A variable that the path or a header field needs.
    #[error("{0}")]
    Variable(#[from] AddressError),
    /// Something that a path or header field asks for and a call does not have.
    #[error("{slot} in {place} cannot be filled in for a call")]
    Unfilled {
        /// The slot.
        slot: String,
        /// Where it stands.
        place: String,
    },
    /// A token that cannot stand in a header field.
    #[error("the token has {what} at byte {at}, which cannot stand in a header field")]
    TokenCharacter {
        /// What stands there.
        what: &'static str,
        /// Its position, from 0.
        at: usize,
    },
    /// A value that cannot stand in a header field.
    #[error("the value of {name} has a character that cannot stand in a header field")]
    HeaderCharacter {
        /// The header field.
        name: String,
    },
    /// A value longer than the provider takes.
    #[error("the value of {name} has {found} characters, wanted at most {wanted}")]
    HeaderLength {
        /// The header field.
        name: String,
        /// Its length.
        found: usize,
        /// The longest that is taken.
        wanted: usize,
    },
    /// A member of a body whose value is not of its type.
    #[error("the member {name:?} of the body is {found}, wanted {wanted}")]
    MemberType {
        /// The member.
        name: String,
        /// Its value, or what secret it is.
        found: String,
        /// The type.
        wanted: &'static str,
    },
    /// Something that a flow wants and nobody has.
    #[error("{flow:?} wants {what}, and there is none")]
    Absent {
        /// The flow's label.
        flow: String,
        /// What is wanted: `a refresh token`.
        what: String,
        /// How one comes by it.
        hint: &'static str,
    },
    /// A user name that HTTP Basic would cut in two (RFC 7617 §2).
    #[error("the user name has a colon at character {at}, which cannot stand in HTTP Basic")]
    UserName {
        /// Its position, from 1.
        at: usize,
    },
    /// A header field that says how the message travels.
    #[error("the header field {name:?} says how the message travels, and is made from the address and the body")]
    RoutingField {
        /// The header field.
        name: String,
    },
    /// A place where a secret is not put.
    #[error("a secret in {place} would be kept in logs and histories, and is not sent")]
    Placement {
        /// The place.
        place: String,
    },
}

impl PrepareError {
    /// What to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::PlainHttp { .. } => {
                Some("anybody between could read the token; only addresses of this computer may be http".to_owned())
            }
            Self::HostNotAllowed { .. } => {
                Some("the hosts are sealed with the credential: check the environment and the base address".to_owned())
            }
            Self::NotAPath { .. } => {
                Some("the host comes from the environment; write /transactions?limit=1".to_owned())
            }
            Self::Variable(error) => error.hint(),
            Self::TokenCharacter { .. } => {
                Some("paste the token alone, without the word Bearer, quotes and line breaks".to_owned())
            }
            Self::Absent { hint, .. } => Some((*hint).to_owned()),
            Self::UserName { .. } => Some("all before the first colon is taken for the name (RFC 7617 §2)".to_owned()),
            Self::Placement { .. } => Some(
                "put it into the body of a flow, or where the definition places what a call authenticates with"
                    .to_owned(),
            ),
            Self::RoutingField { .. } => {
                Some("take it out of the headers and the placement of the definition".to_owned())
            }
            Self::NotAMethod { .. }
            | Self::Unfilled { .. }
            | Self::HeaderCharacter { .. }
            | Self::MemberType { .. }
            | Self::HeaderLength { .. } => None,
        }
    }
}

fn to(hosts: &[String]) -> String {
    if hosts.is_empty() { "nowhere".to_owned() } else { format!("to {} only", hosts.join(", ")) }
}
