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
    /// What is in the way of a duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<String>,
}

/// What is wrong, and where.
#[derive(Serialize)]
struct Detail {
    location: &'static str,
    pointer: String,
    message: &'static str,
    r#type: &'static str,
}

type Row = (u16, &'static str, &'static str);

/// The codes and messages, one row for each status.
const ERRORS: [Row; 11] = [
    (400, "bad_request", "The request was invalid"),
    (401, "unauthorized", "No valid API authentication found"),
    (403, "forbidden", "Insufficient permissions to access this resource"),
    (404, "not_found", "The resource could not be found"),
    (405, "method_not_allowed", "The request method is not allowed"),
    DUPLICATE,
    (425, "too_early", "The request was made too early"),
    (429, "too_many_requests", "Too many requests, try again later"),
    (500, "server_error", "Request could not be processed"),
    (502, "bad_gateway", "Request could not be processed"),
    (504, "gateway_timeout", "Request could not be processed"),
];

const DUPLICATE: Row = (409, "duplicate_record", "A resource with this unique identifier exists already");

/// A good answer.
pub(super) fn good(status: u16, body: &Value) -> Answer {
    Answer::json(status, body)
}

/// What a refused token gets. The reason stays in the log.
pub(super) fn refusal(refusal: &Refusal) -> Answer {
    match refusal {
        Refusal::Scope { .. } | Refusal::Role { .. } | Refusal::Merchant { .. } => error(403, Vec::new()),
        Refusal::RoleBeyond { index, .. } => {
            let pointer = format!("/role_ids/{index}");
            error(403, vec![value_error("body", &pointer, "The role gives more than the caller has")])
        }
        Refusal::MerchantBeyond { .. } => {
            let message = "The caller has no access to the merchant account";
            error(403, vec![value_error("body", "/merchant_account_ids", message)])
        }
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
    error(400, vec![value_error(location, pointer, message)])
}

/// There is such a thing already: the one with this id.
pub(super) fn duplicate(id: &str) -> Answer {
    of_row(DUPLICATE, Vec::new(), Some(id.to_owned()))
}

fn value_error(location: &'static str, pointer: &str, message: &'static str) -> Detail {
    Detail { location, pointer: pointer.to_owned(), message, r#type: "value_error" }
}

/// FastAPI's answer to input that is not what it should be, which has a shape of its own.
pub(super) fn unprocessable(problems: &[Problem]) -> Answer {
    good(422, &json!({ "detail": problems }))
}

fn error(status: u16, details: Vec<Detail>) -> Answer {
    match ERRORS.into_iter().find(|row| row.0 == status) {
        Some(row) => of_row(row, details, None),
        None => Answer::of_a_gateway(status),
    }
}

fn of_row((status, code, message): Row, details: Vec<Detail>, resource_id: Option<String>) -> Answer {
    Answer::json(status, &ErrorBody { r#type: "error", code, status, message, details, resource_id })
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
