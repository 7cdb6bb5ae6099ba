//! Request pipeline, the same for every API from arrival to answer: faults, path and method, what it authenticates
//! with, the log.

use std::{sync::Arc, time::Duration};

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
    limit::Quota,
    log::{Check, Entry, Outcome},
    mishap::{Act, Happening},
    request_body::{self, Unread},
    rules::{self, Route, Rules},
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
    let (answer, entry, then) = arrived.answer(&state);
    state.record(entry);
    if let Then::Hang(time) = then {
        tokio::time::sleep(time).await;
    }
    let mut response = answer.into_response();
    if let Then::BreakOff = then {
        response.extensions_mut().insert(BreakOff);
    }
    response
}

/// Stands beside an answer that ends in the middle.
#[derive(Clone)]
pub(crate) struct BreakOff;

/// What becomes of an answer once it is there.
#[derive(Clone, Copy)]
enum Then {
    Send,
    /// It is sent after this time: a gateway's word that nothing came.
    Hang(Duration),
    BreakOff,
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
    then: Then,
}

impl Arrived<'_> {
    fn answer(&self, state: &State) -> (Answer, Entry, Then) {
        let now = state.now();
        let mut changing = state.lock();
        let (provider, path) = split(self.path);
        let Changing { apis, .. } = &*changing;
        let place = apis.iter().position(|simulated| simulated.id == provider).unwrap_or_default();
        let Played { answer, outcome, passed, notes, then } = self.ask(&mut changing, place, path, now);
        let answer = with_reason(answer, &outcome);
        let entry = Entry {
            number: 0,
            at: clock::rfc3339(now),
            provider: changing.apis[place].id,
            method: first(self.method, METHOD),
            path: first(self.path, LONGEST_PATH),
            status: answer.status,
            outcome,
            passed,
            notes,
        };
        (answer, entry, then)
    }

    /// The order of a gateway before a router before a handler: failures, then path and method, then what the request
    /// authenticates with, then the rest of it.
    fn ask(&self, changing: &mut Changing, place: usize, path: &str, now: i64) -> Played {
        let Changing { apis, registered, limits, faults, mishaps, .. } = changing;
        let SimulatedApi { id, rules, api } = &mut apis[place];
        let unchecked = |answer, reason: String| Played {
            answer,
            outcome: Outcome::Unchecked { reason },
            passed: Vec::new(),
            notes: Vec::new(),
            then: Then::Send,
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
        let Happening { act, view } = mishaps.next(|mishap| {
            mishap.provider() == *id && mishap.method() == operation.method && rules::fits(mishap.path(), path)
        });
        if let Some(act) = act.filter(|act| !act.is_applied()) {
            let (answer, then) = mishappened(act, api.as_ref(), faults, now);
            let answer = answer.unwrap_or_else(|| api.status(500, faults));
            return Played { then, ..unchecked(answer, act.told()) };
        }
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
            view,
            again: false,
        };
        let mut answered = api.answer(&call, &mut context);
        if act == Some(Act::Twice) && answered.is_ok() {
            context.again = true;
            answered = api.answer(&call, &mut context);
        }
        let (answer, outcome) = match answered {
            Ok(answer) => (answer, Outcome::Accepted),
            Err(refusal) => {
                let outcome = Outcome::Refused { check: refusal.check(), reason: refusal.to_string() };
                (api.refuse(&refusal, &call, faults), outcome)
            }
        };
        let answer = with_quota(answer, context.quota, rules);
        let (other, then) = act.map_or((None, Then::Send), |act| mishappened(act, api.as_ref(), faults, now));
        context.notes.extend(act.map(|act| format!("{}, after it was done", act.told())));
        Played { answer: other.unwrap_or(answer), outcome, passed: context.passed, notes: context.notes, then }
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

/// What is answered in place of the usual, where it is, and what becomes of it.
fn mishappened(act: Act, api: &dyn Api, faults: &Faults, now: i64) -> (Option<Answer>, Then) {
    match act {
        Act::Fail { fail, .. } => (Some(failed(api, fail, faults, now)), Then::Send),
        Act::Hang { seconds, .. } => {
            let gateway = Answer::of_a_gateway(StatusCode::GATEWAY_TIMEOUT.as_u16());
            (Some(gateway), Then::Hang(Duration::from_secs(seconds.into())))
        }
        Act::BreakOff => (None, Then::BreakOff),
        Act::Twice => (None, Then::Send),
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
