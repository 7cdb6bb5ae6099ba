//! Gr4vy, as far as authentication goes: its paths, its checks, its documented answers.

mod answers;
mod bodies;

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{Request, State as Shared},
    http::{HeaderMap, Method},
    response::{IntoResponse, Response},
};
use provider::definition::Needs;

use crate::{
    checks::{self, Verdict},
    clock,
    log::{Entry, Outcome},
    rules::{Operation, Route, Rules},
    server::body,
    state::State,
};
use answers::Answer;

/// The id of the definition.
const ID: &str = "gr4vy";
/// Where the provider's paths begin.
const PREFIX: &str = "/gr4vy";
/// Longest request body, in bytes.
const LONGEST_BODY: usize = 1024 * 1024;
/// Names the merchant account that a request is about.
const MERCHANT: &str = "x-gr4vy-merchant-account-id";

/// Gr4vy's rules, and the little that its callers made.
pub(crate) struct Gr4vy {
    rules: Rules,
    made: Mutex<bodies::Made>,
}

impl Gr4vy {
    pub(crate) fn new() -> Self {
        Self { rules: rules(), made: Mutex::default() }
    }
}

/// Answers one request and writes it into the log.
pub(crate) async fn handle(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let delay = state.lock().faults.delay();
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let headers = request.headers().clone();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = body(request, LONGEST_BODY).await;
    let call = Call {
        method: &method,
        path: path.strip_prefix(PREFIX).unwrap_or(&path),
        query: &query,
        headers: &headers,
        body,
    };
    let Judged { answer, outcome, verdict } = judge(&state, &call);
    state.record(Entry {
        number: 0,
        at: clock::rfc3339(state.now()),
        method: method.to_string(),
        path,
        status: answer.status,
        outcome,
        passed: verdict.passed,
        notes: verdict.notes,
    });
    answer.into_response()
}

/// One request, with the provider's prefix taken off.
pub(crate) struct Call<'a> {
    method: &'a Method,
    path: &'a str,
    query: &'a str,
    headers: &'a HeaderMap,
    /// `None` where it was too long.
    body: Option<Vec<u8>>,
}

/// An answer with what led to it.
struct Judged {
    answer: Answer,
    outcome: Outcome,
    verdict: Verdict,
}

/// The order of a gateway before a router before a handler: failures, then path and method, then the token, then the
/// rest of the request.
fn judge(state: &State, call: &Call<'_>) -> Judged {
    let unchecked =
        |answer, reason: String| Judged { answer, outcome: Outcome::Unchecked { reason }, verdict: Verdict::default() };
    let failure = state.lock().faults.next_failure();
    if let Some(fail) = failure {
        return unchecked(Answer::fault(fail), format!("told to answer {}", fail.status()));
    }
    let operation = match state.gr4vy.rules.route(call.method.as_str(), call.path) {
        Route::Operation(operation) => operation,
        Route::OtherMethods(methods) => {
            return unchecked(Answer::method_not_allowed(&methods), format!("the path takes {}", methods.join(", ")));
        }
        Route::Nothing => return unchecked(Answer::not_found(), "no such path".into()),
    };
    let verdict = examine(state, call, operation);
    match &verdict.refusal {
        Some(refusal) => Judged {
            answer: Answer::refusal(refusal),
            outcome: Outcome::Refused { check: refusal.check(), reason: refusal.to_string() },
            verdict,
        },
        None => Judged { answer: respond(state, call, operation), outcome: Outcome::Accepted, verdict },
    }
}

fn examine(state: &State, call: &Call<'_>, operation: &Operation) -> Verdict {
    let now = state.now();
    let mut changing = state.lock();
    let crate::state::Changing { keys, seen, .. } = &mut *changing;
    checks::judge(call.headers, &operation.needs, &state.gr4vy.rules, keys, seen, now)
}

fn respond(state: &State, call: &Call<'_>, operation: &Operation) -> Answer {
    let now = state.now();
    let mut made = state.gr4vy.made.lock().unwrap_or_else(PoisonError::into_inner);
    bodies::respond(call, operation, &state.lock().keys, &mut made, now)
}

/// Gr4vy's definition, and the paths of single things, which the definition does not list among the calls to try. Their
/// scopes are those of Gr4vy's OpenAPI description.
fn rules() -> Rules {
    let definition = provider::built_in_named(ID).expect("Gr4vy's definition is built in");
    let mut rules = Rules::of(definition);
    let single = [
        ("/transactions/{id}", "transactions.read"),
        ("/buyers/{id}", "buyers.read"),
        ("/checkout/sessions/{id}", "checkout-sessions.read"),
    ];
    rules.operations.extend(
        single.map(|(path, scope)| Operation::new("GET", path, Needs { all: vec![scope.to_owned()], any: Vec::new() })),
    );
    rules
}
