//! Gr4vy's documented statuses and bodies (its OpenAPI description, `Error400` to `Error504` and
//! `HTTPValidationError`).
//!
//! The message of 401 is Gr4vy's own sentence; the others are not published and are ours, of the same kind. A status that
//! the description does not have is not Gr4vy's: a gateway before it would say such a thing, and in no JSON.

use serde::Serialize;
use serde_json::{Value, json};

use super::schema::Problem;
use crate::{
    answer::Answer,
    refusal::{AuthorizationRefusal as A, Refusal},
};

/// The body of an error, members in the documented order.
#[derive(Serialize)]
struct ErrorBody {
    r#type: &'static str,
    code: &'static str,
    status: u16,
    message: &'static str,
    details: Vec<Detail>,
}

/// What is wrong, and where.
#[derive(Serialize)]
struct Detail {
    location: &'static str,
    pointer: String,
    message: &'static str,
    r#type: &'static str,
}

/// The codes and messages, one row for each status.
const ERRORS: [(u16, &str, &str); 11] = [
    (400, "bad_request", "The request was invalid"),
    (401, "unauthorized", "No valid API authentication found"),
    (403, "forbidden", "Insufficient permissions to access this resource"),
    (404, "not_found", "The resource could not be found"),
    (405, "method_not_allowed", "The request method is not allowed"),
    (409, "duplicate_record", "A resource with this unique identifier exists already"),
    (425, "too_early", "The request was made too early"),
    (429, "too_many_requests", "Too many requests, try again later"),
    (500, "server_error", "Request could not be processed"),
    (502, "bad_gateway", "Request could not be processed"),
    (504, "gateway_timeout", "Request could not be processed"),
];

/// A good answer.
pub(super) fn good(status: u16, body: &Value) -> Answer {
    Answer::json(status, body)
}

/// What a refused token gets. The reason stays in the log.
pub(super) fn refusal(refusal: &Refusal) -> Answer {
    match refusal {
        Refusal::Scope { .. } => error(403, Vec::new()),
        Refusal::Limited { .. } => error(429, Vec::new()),
        // A load balancer says this before Gr4vy sees anything; the documented code for it is bad_request.
        Refusal::Authorization(A::TooLong { .. }) => {
            bad_request("header", "/authorization", "The header field is too large")
        }
        _ => error(401, Vec::new()),
    }
}

/// A status that needs no more words.
pub(super) fn status(status: u16) -> Answer {
    error(status, Vec::new())
}

/// The request is wrong at `pointer` in its `location`: `body`, `query`, `header` or `path`.
pub(super) fn bad_request(location: &'static str, pointer: &str, message: &'static str) -> Answer {
    error(400, vec![Detail { location, pointer: pointer.to_owned(), message, r#type: "value_error" }])
}

/// FastAPI's answer to input that is not what it should be, which has a shape of its own.
pub(super) fn unprocessable(problems: &[Problem]) -> Answer {
    good(422, &json!({ "detail": problems }))
}

fn error(status: u16, details: Vec<Detail>) -> Answer {
    match ERRORS.into_iter().find(|row| row.0 == status) {
        Some((_, code, message)) => {
            Answer::json(status, &ErrorBody { r#type: "error", code, status, message, details })
        }
        None => Answer::of_a_gateway(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_definition() {
        let definition = provider::built_in_named("gr4vy").unwrap();
        for (status, code, _) in ERRORS {
            let known = definition
                .errors
                .known
                .iter()
                .find(|known| known.status == status || known.also_status.contains(&status));
            assert_eq!(known.and_then(|known| known.code.as_deref()), Some(code), "{status}");
        }
    }
}
