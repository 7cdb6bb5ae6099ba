//! Request pipeline, the same for every API from arrival to answer: faults, path and method, what it authenticates
//! with, the log.

use std::sync::Arc;

use axum::{
    extract::{Request, State as Shared},
    http::{HeaderMap, HeaderName, StatusCode},
    response::{IntoResponse, Response},
};
use provider::definition::EMULATOR_REASON;

use crate::{
    answer::Answer,
    api::{Api, Call, Context, SimulatedApi},
    clock,
    fail::Fail,
    faults::Faults,
    limit::{Limits, Quota},
    log::{Check, Entry, Outcome},
    registered::Registered,
    request_body::{self, Unread},
    rules::{Route, Rules},
    state::{Changing, State},
    words::first,
};

/// Most characters of a method in the log.
const METHOD: usize = 16;
/// Most characters of a path in the log.
const LONGEST_PATH: usize = 256;
/// Most characters of a reason in an answer.
const LONGEST_REASON: usize = 500;

/// Answers one request and writes it into the log.
pub(crate) async fn handle(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    let delay = state.lock().faults.delay();
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let (method, uri, headers) = (request.method().clone(), request.uri().clone(), request.headers().clone());
    let body = match request_body::read(request.into_body(), request_body::LONGEST_BODY, request_body::PATIENCE).await {
        Err(Unread::Late) => return Answer::of_a_gateway(StatusCode::REQUEST_TIMEOUT.as_u16()).into_response(),
        read => read.ok(),
    };
    let arrived = Arrived { method: method.as_str(), path: uri.path(), query: uri.query(), headers, body };
    let (answer, entry) = arrived.answer(&state);
    state.record(entry);
    answer.into_response()
}

/// A request as it came.
struct Arrived<'a> {
    method: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

/// What became of a request.
struct Played {
    answer: Answer,
    outcome: Outcome,
    passed: Vec<Check>,
    notes: Vec<String>,
}

impl Arrived<'_> {
    fn answer(&self, state: &State) -> (Answer, Entry) {
        let now = state.now();
        let mut changing = state.lock();
        let (provider, path) = split(self.path);
        let Changing { apis, registered, limits, faults, .. } = &mut *changing;
        let place = apis.iter().position(|simulated| simulated.id == provider).unwrap_or_default();
        let simulated = &mut apis[place];
        let Played { answer, outcome, passed, notes } = self.ask(simulated, path, registered, limits, faults, now);
        let answer = with_reason(answer, &outcome);
        let entry = Entry {
            number: 0,
            at: clock::rfc3339(now),
            provider: simulated.id,
            method: first(self.method, METHOD),
            path: first(self.path, LONGEST_PATH),
            status: answer.status,
            outcome,
            passed,
            notes,
        };
        (answer, entry)
    }

    /// The order of a gateway before a router before a handler: failures, then path and method, then what the request
    /// authenticates with, then the rest of it.
    fn ask(
        &self,
        simulated: &mut SimulatedApi,
        path: &str,
        registered: &mut Registered,
        limits: &mut Limits,
        faults: &mut Faults,
        now: i64,
    ) -> Played {
        let SimulatedApi { id, rules, api } = simulated;
        let unchecked = |answer, reason: String| Played {
            answer,
            outcome: Outcome::Unchecked { reason },
            passed: Vec::new(),
            notes: Vec::new(),
        };
        if let Some(fail) = faults.next_failure() {
            return unchecked(failed(api.as_ref(), fail, faults, now), format!("told to answer {}", fail.status()));
        }
        let operation = match rules.route(self.method, path) {
            Route::Operation(operation) => operation,
            Route::OtherMethods(methods) => {
                let reason = format!("the path takes {}", methods.join(", "));
                return unchecked(api.other_method(&first(self.method, METHOD), faults).allow(&methods), reason);
            }
            Route::Nothing => return unchecked(api.status(404, faults), "no such path".into()),
        };
        let (query, headers) = (self.query.unwrap_or_default(), &self.headers);
        let call = Call { operation, rules, path, query, headers, body: self.body.as_deref() };
        let mut context = Context {
            now,
            faults: *faults,
            registered,
            limits,
            provider: id,
            passed: Vec::new(),
            notes: Vec::new(),
            quota: None,
        };
        let (answer, outcome) = match api.answer(&call, &mut context) {
            Ok(answer) => (answer, Outcome::Accepted),
            Err(refusal) => {
                let outcome = Outcome::Refused { check: refusal.check(), reason: refusal.to_string() };
                (api.refuse(&refusal, &call, faults), outcome)
            }
        };
        let answer = with_quota(answer, context.quota, rules);
        Played { answer, outcome, passed: context.passed, notes: context.notes }
    }
}

/// The provider's name and the path below it.
fn split(path: &str) -> (&str, &str) {
    let rest = path.strip_prefix('/').unwrap_or(path);
    match rest.find('/') {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    }
}

/// The answer that was asked for as a fault.
fn failed(api: &dyn Api, fail: Fail, faults: &Faults, now: i64) -> Answer {
    let answer = api.status(fail.status(), faults);
    match fail.retry_after() {
        Some(seconds) => answer.retry_after(seconds, fail.form(), now),
        None => answer,
    }
}

/// The answer with the reason beside it, for whoever tries something here and cannot see the log.
fn with_reason(answer: Answer, outcome: &Outcome) -> Answer {
    let (Outcome::Refused { reason, .. } | Outcome::Unchecked { reason }) = outcome else { return answer };
    // A reason quotes the request, which may hold anything; a field holds visible characters and spaces (RFC 9110 §5.5).
    let visible = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    let reason: String = reason.chars().take(LONGEST_REASON).map(visible).collect();
    answer.with(HeaderName::from_static(EMULATOR_REASON), &reason)
}

/// The fields in which the API tells its callers where they stand.
fn with_quota(answer: Answer, quota: Option<Quota>, rules: &Rules) -> Answer {
    let (Some(quota), Some(fields)) = (quota, &rules.limit_fields) else { return answer };
    let values = [quota.limit.calls.to_string(), quota.remaining.to_string(), quota.reset.to_string()];
    fields.iter().zip(values).fold(answer, |answer, (name, value)| match HeaderName::try_from(name.as_str()) {
        Ok(name) => answer.with(name, &value),
        Err(_) => answer,
    })
}
