//! Hedge's documented statuses and bodies. The codes of 401 and the first sentence are the authentication page's; of
//! the other statuses the newer reference gives the meaning, and codes and sentences are ours, of the same kind.

use serde::Serialize;

use crate::{
    answer::Answer,
    refusal::{AuthorizationRefusal as A, CredentialRefusal, Refusal, RequestRefusal, SessionRefusal},
};

/// The body of an error, members in the documented order.
#[derive(Serialize)]
struct ErrorBody<'a> {
    error: Inner<'a>,
}

#[derive(Serialize)]
struct Inner<'a> {
    code: &'a str,
    message: &'a str,
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

/// What the newer reference adds.
#[derive(Serialize)]
#[serde(untagged)]
enum Details {
    Link { verification_url: &'static str },
    Identity { kyc_url: &'static str },
    Member { member: &'static str, message: String },
}

/// What the page calls the type of an authentication error.
const AUTHENTICATION: &str = "authentication_error";
const REQUEST: &str = "invalid_request_error";
const SERVER: &str = "api_error";

/// Statuses with their codes, types and messages.
const ERRORS: [(u16, &str, &str, &str); 16] = [
    (400, "invalid_request", REQUEST, "The request is malformed, or a member is missing"),
    (401, "unauthorized", AUTHENTICATION, "Invalid or expired API key"),
    (403, "forbidden", AUTHENTICATION, "The API key lacks the permission for this call"),
    (404, "not_found", REQUEST, "There is no such resource"),
    (405, "method_not_allowed", REQUEST, "The path does not take this method"),
    (409, "conflict", REQUEST, "The resource is in a state that does not allow the call"),
    (412, "precondition_failed", REQUEST, "The payment cannot go to the state that was asked for"),
    (422, "validation_error", REQUEST, "The request holds a value that is not valid"),
    (423, "customer_blocked", REQUEST, "The customer is blocked by the payment processor"),
    (428, "verification_required", REQUEST, "The customer must verify their identity again"),
    (429, "rate_limited", "rate_limit_error", "Too many requests"),
    (451, "kyc_required", REQUEST, "The customer must be identified before the payment is processed"),
    (500, "internal_error", SERVER, "Something went wrong"),
    (502, "processor_unavailable", SERVER, "The payment processor does not answer"),
    (503, "unavailable", SERVER, "Service temporarily unavailable"),
    (504, "timeout", SERVER, "The payment processor did not answer in time"),
];

/// What a refused caller gets. The reason stays in the log.
pub(super) fn refusal(refusal: &Refusal) -> Answer {
    use CredentialRefusal as C;
    let (code, message) = match refusal {
        Refusal::Limited { .. } => return status(429),
        Refusal::Authorization(A::TooLong { .. }) => return status(400),
        Refusal::Request(wrong) => return request(wrong),
        Refusal::Credential(C::Permission { .. }) => return status(403),
        Refusal::Authorization(A::Missing) => ("missing_authorization", "No Authorization header was provided"),
        Refusal::Expired { .. } | Refusal::Session(SessionRefusal::Cut) => {
            ("expired_token", "The JWT token has expired")
        }
        Refusal::Scope { .. } | Refusal::Credential(C::KeyWanted) => {
            ("insufficient_permissions", "The token doesn't have the required scope")
        }
        Refusal::Credential(C::Form { .. } | C::Environment { .. } | C::Unknown { .. }) => {
            ("invalid_api_key", "The provided API key is invalid")
        }
        _ => return status(401),
    };
    error(401, code, AUTHENTICATION, message, None)
}

/// A status that needs no more words.
pub(super) fn status(status: u16) -> Answer {
    let (code, r#type, message) = row(status);
    let details = match status {
        428 => Some(Details::Link { verification_url: "https://example.org/verify" }),
        451 => Some(Details::Identity { kyc_url: "https://example.org/kyc" }),
        _ => None,
    };
    error(status, code, r#type, message, details)
}

/// What a wrong body gets: 400 where it is malformed or lacks a member, 422 where a value will not do.
pub(super) fn request(wrong: &RequestRefusal) -> Answer {
    let (status, member) = match wrong {
        RequestRefusal::Missing { member } => (400, Some(*member)),
        RequestRefusal::Member { member, .. } => (422, Some(*member)),
        _ => (400, None),
    };
    let (code, r#type, message) = row(status);
    let details = member.map(|member| Details::Member { member, message: wrong.to_string() });
    error(status, code, r#type, message, details)
}

fn row(status: u16) -> (&'static str, &'static str, &'static str) {
    let like = if status < 500 { ERRORS[0] } else { ERRORS[12] };
    let (_, code, r#type, message) = ERRORS.into_iter().find(|row| row.0 == status).unwrap_or(like);
    (code, r#type, message)
}

fn error(status: u16, code: &str, r#type: &str, message: &str, details: Option<Details>) -> Answer {
    Answer::json(status, &ErrorBody { error: Inner { code, message, r#type, details } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_definition_has_a_row() {
        let definition = provider::built_in_named("hedge").unwrap();
        assert!(definition.errors.known.len() > 15);
        for known in &definition.errors.known {
            assert!(ERRORS.iter().any(|row| row.0 == known.status), "{}", known.status);
        }
    }
}
