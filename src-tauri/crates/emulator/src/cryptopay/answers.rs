//! CryptoPay's documented statuses and bodies, and SimpleJWT's own for those who ask for them. What the document does
//! not show is Django REST framework's in either case.

use axum::http::header;
use provider::definition::FlowKind;
use serde::{Serialize, Serializer};
use serde_json::json;

use crate::{
    answer::Answer,
    fail::RetryForm,
    refusal::{AuthorizationRefusal as A, CredentialRefusal, Refusal, RequestRefusal, SessionRefusal},
    rules::Operation,
};

/// The documented body of an error.
#[derive(Serialize)]
struct Documented {
    error: Error,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

#[derive(Serialize)]
struct Error {
    code: &'static str,
    message: &'static str,
}

/// SimpleJWT's body for a token that was refused.
#[derive(Serialize)]
struct Native {
    detail: &'static str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<[Message; 1]>,
}

#[derive(Serialize)]
struct Message {
    token_class: &'static str,
    token_type: &'static str,
    message: &'static str,
}

/// What is wrong with each field, in the order of the fields.
struct Problems<'a>(&'a [(&'static str, &'static str)]);

impl Serialize for Problems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(field, problem)| (field, [problem])))
    }
}

/// The documented errors.
const ERRORS: [(u16, &str, &str); 3] = [
    (401, "INVALID_TOKEN", "The provided token is invalid or expired"),
    (403, "INSUFFICIENT_PERMISSIONS", "Your API key doesn't have permission for this operation"),
    (429, "RATE_LIMITED", "Too many requests. Try again later."),
];

/// What a refused caller gets. The reason stays in the log.
pub(super) fn refusal(refusal: &Refusal, operation: &Operation, native: bool) -> Answer {
    match refusal {
        Refusal::Request(RequestRefusal::Fields(_)) if operation.flow == Some(FlowKind::LogOut) => {
            unauthorized(&json!({ "detail": "Refresh token was not included in request data." }))
        }
        Refusal::Request(wrong) => request(wrong),
        Refusal::Authorization(A::TooLong { .. }) => status(400, native),
        Refusal::Limited { left, .. } => limited(*left, native),
        Refusal::Credential(CredentialRefusal::Permission { .. }) => status(403, native),
        // The document shows the bodies of refused tokens alone.
        Refusal::Credential(_) if operation.flow == Some(FlowKind::LogIn) => {
            unauthorized(&json!({ "detail": "No active account found with the given credentials" }))
        }
        _ if native => native_refusal(refusal, operation.flow.filter(|flow| *flow != FlowKind::Verify)),
        _ => status(401, native),
    }
}

/// The path has other methods than this one.
pub(super) fn other_method(method: &str) -> Answer {
    Answer::json(405, &json!({ "detail": format!("Method {method:?} not allowed.") }))
}

/// A status that needs no more words.
pub(super) fn status(status: u16, native: bool) -> Answer {
    let detail = match status {
        401 => "Incorrect authentication credentials.",
        403 => "You do not have permission to perform this action.",
        404 => "Not found.",
        429 => "Request was throttled.",
        503 => "Service temporarily unavailable, try again later.",
        400..500 => "Bad request.",
        _ => "A server error occurred.",
    };
    let answer = match ERRORS.into_iter().find(|row| row.0 == status).filter(|_| !native) {
        Some((_, code, message)) => documented(status, code, message, None),
        None => Answer::json(status, &json!({ "detail": detail })),
    };
    if status == 401 { challenged(answer) } else { answer }
}

/// What a wrong body gets.
pub(super) fn request(wrong: &RequestRefusal) -> Answer {
    let detail = |status, detail: String| Answer::json(status, &json!({ "detail": detail }));
    match wrong {
        RequestRefusal::Fields(problems) => Answer::json(400, &Problems(problems)),
        RequestRefusal::ContentType { found } => {
            let found = found.as_deref().unwrap_or_default();
            detail(415, format!("Unsupported media type {found:?} in request."))
        }
        RequestRefusal::NotJson { reason } => detail(400, format!("JSON parse error - {reason}")),
        RequestRefusal::NotObject { found } => {
            let found = match *found {
                "an array" => "list",
                "a string" => "str",
                "a boolean" => "bool",
                "null" => "NoneType",
                _ => "int",
            };
            let problem = format!("Invalid data. Expected a dictionary, but got {found}.");
            Answer::json(400, &json!({ "non_field_errors": [problem] }))
        }
        RequestRefusal::Missing { .. }
        | RequestRefusal::Member { .. }
        | RequestRefusal::TooLong { .. }
        | RequestRefusal::NotUtf8
        | RequestRefusal::Duplicate => detail(400, format!("JSON parse error - {wrong}")),
    }
}

/// One call too many. The document has the seconds in the body, SimpleJWT's framework in `Retry-After`.
fn limited(left: u32, native: bool) -> Answer {
    let plural = if left == 1 { "" } else { "s" };
    let answer = match (native, ERRORS[2]) {
        (false, (status, code, message)) => documented(status, code, message, Some(left)),
        (true, _) => {
            let detail = format!("Request was throttled. Expected available in {left} second{plural}.");
            Answer::json(429, &json!({ "detail": detail }))
        }
    };
    answer.retry_after(left, RetryForm::Seconds, 0)
}

/// SimpleJWT's answer to a token: one shape for endpoints, another where the token itself is what a call is about.
fn native_refusal(refusal: &Refusal, flow: Option<FlowKind>) -> Answer {
    use CredentialRefusal as C;
    let with_code = |detail, code| unauthorized(&Native { detail, code, messages: None });
    match refusal {
        Refusal::Authorization(A::Missing)
        | Refusal::Authorization(A::Scheme { .. })
        | Refusal::Authorization(A::SchemeCase { .. }) => {
            unauthorized(&json!({ "detail": "Authentication credentials were not provided." }))
        }
        // Two fields reach Django as one, with a comma between them.
        Refusal::Authorization(A::NoToken)
        | Refusal::Authorization(A::DoubleBearer)
        | Refusal::Authorization(A::SpaceInToken)
        | Refusal::Authorization(A::Several { .. }) => {
            let detail = "Authorization header must contain two space-delimited values";
            with_code(detail, "bad_authorization_header")
        }
        Refusal::Credential(C::AccountGone { .. } | C::AccountRevoked { .. }) if flow.is_some() => {
            unauthorized(&json!({ "detail": "No active account found for the given token." }))
        }
        Refusal::Credential(C::AccountGone { .. }) => with_code("User not found", "user_not_found"),
        Refusal::Credential(C::AccountRevoked { .. }) => with_code("User is inactive", "user_inactive"),
        _ if flow == Some(FlowKind::LogOut) => unauthorized(&json!({ "detail": sentence(refusal) })),
        _ if flow.is_some() => with_code(sentence(refusal), "token_not_valid"),
        _ => {
            let message = sentence(refusal);
            unauthorized(&Native {
                detail: "Given token not valid for any token type",
                code: "token_not_valid",
                messages: Some([Message { token_class: "AccessToken", token_type: "access", message }]),
            })
        }
    }
}

/// SimpleJWT's sentence for what is wrong with a token. An API key is not a token to it.
fn sentence(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Expired { .. } | Refusal::Session(SessionRefusal::Cut) => "Token is expired",
        Refusal::Session(SessionRefusal::Type { .. }) => "Token has wrong type",
        Refusal::Session(SessionRefusal::Used | SessionRefusal::Ended) => "Token is blacklisted",
        _ => "Token is invalid",
    }
}

fn documented(status: u16, code: &'static str, message: &'static str, retry_after: Option<u32>) -> Answer {
    Answer::json(status, &Documented { error: Error { code, message }, retry_after })
}

fn unauthorized(body: &impl Serialize) -> Answer {
    challenged(Answer::json(401, body))
}

/// The same with SimpleJWT's challenge (RFC 9110 §11.6.1).
fn challenged(answer: Answer) -> Answer {
    answer.with(header::WWW_AUTHENTICATE, "Bearer realm=\"api\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_definition() {
        let definition = provider::built_in_named("cryptopay").unwrap();
        let known: Vec<_> =
            definition.errors.known.iter().filter_map(|known| Some((known.status, known.code.as_deref()?))).collect();
        assert_eq!(known, ERRORS.map(|(status, code, _)| (status, code)));
    }
}
