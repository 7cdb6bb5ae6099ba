//! The Partner API's answers. Three texts are documented and no body: they stand where such APIs write their messages.

use serde_json::json;

use crate::{
    answer::Answer,
    refusal::{AuthorizationRefusal as A, CredentialRefusal, Refusal, RequestRefusal},
};

/// What a refused token gets. The reason stays in the log.
pub(super) fn refusal(refusal: &Refusal) -> Answer {
    let message = match refusal {
        Refusal::Limited { .. } => return status(429),
        Refusal::Authorization(A::TooLong { .. }) => return status(400),
        Refusal::Request(wrong) => return request(wrong),
        Refusal::Expired { .. } | Refusal::Session(_) => "Token Expired",
        Refusal::Authorization(A::Missing)
        | Refusal::Authorization(A::Several { .. })
        | Refusal::Authorization(A::NotAscii)
        | Refusal::Authorization(A::Scheme { .. })
        | Refusal::Authorization(A::NoToken)
        | Refusal::Credential(CredentialRefusal::ClientRevoked { .. }) => "Unauthorized",
        _ => "Invalid Token",
    };
    error(401, message)
}

/// A status that needs no more words.
pub(super) fn status(status: u16) -> Answer {
    let message = match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        429 => "Too Many Requests",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        400..500 => "Bad Request",
        _ => "Internal Server Error",
    };
    error(status, message)
}

/// What a wrong body gets.
pub(super) fn request(wrong: &RequestRefusal) -> Answer {
    error(400, &wrong.to_string())
}

fn error(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message }))
}
