//! The control paths under `/_emulator`: state, what is registered, faults, mishaps, log, webhooks.
//!
//! They answer only programs on this machine that mean them. A web page that a browser shows can reach loopback too,
//! so a request with an `Origin`, or one that names another host (DNS rebinding), is refused.

mod members;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    extract::{Request, State as Shared},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde_json::{Map, Value, json};

use crate::{
    clock,
    event::EventError,
    faults::Faults,
    incident::IncidentError,
    mishap::{Mishap, Mishaps},
    request_body,
    running::Running,
    state::State,
    webhook::{self, DeliveryError},
};
use members::Members;

/// Longest body of a control request, in bytes.
const LONGEST: usize = 1024 * 1024;

pub(crate) fn router(address: SocketAddr) -> Router<Arc<State>> {
    Router::new()
        .route("/_emulator", get(describe))
        .route("/_emulator/jwks", get(jwks).post(register))
        .route("/_emulator/credentials", post(credentials))
        .route("/_emulator/faults", get(faults).put(set_faults).post(cause))
        .route("/_emulator/mishaps", get(mishaps).put(plan).delete(clear_mishaps))
        .route("/_emulator/log", get(log).delete(clear_log))
        .route("/_emulator/state", delete(reset))
        .route("/_emulator/webhooks", post(deliver))
        .route_layer(middleware::from_fn(move |request, next| only_from_here(address, request, next)))
}

async fn only_from_here(address: SocketAddr, request: Request, next: Next) -> Response {
    if meant_for(request.headers(), address) {
        return next.run(request).await;
    }
    problem(StatusCode::FORBIDDEN, "the control paths answer programs on this machine, not web pages")
}

/// Whether a request names this address as its host and comes from no web page.
fn meant_for(headers: &HeaderMap, address: SocketAddr) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let here = [address.to_string(), format!("localhost:{}", address.port())];
    !headers.contains_key(header::ORIGIN) && host.is_some_and(|host| here.iter().any(|h| h == host))
}

async fn describe(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let now = clock::rfc3339(state.now());
    let changing = state.lock();
    let registered = &changing.registered;
    let counts: Map<String, Value> =
        registered.counts().into_iter().map(|(kind, count)| (kind.to_owned(), json!(count))).collect();
    let kids: Vec<_> = registered.keys.live().map(|pair| pair.key.kid.as_str()).collect();
    let (providers, faults) = (Running::PROVIDERS, changing.faults);
    Json(json!({ "providers": providers, "kids": kids, "registered": counts, "faults": faults, "now": now }))
}

async fn jwks(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(state.lock().registered.keys.jwks())
}

async fn register(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    let Some(text) = text(request).await else { return unreadable() };
    match state.lock().registered.keys.register(&text, None) {
        Ok(kids) => (StatusCode::CREATED, Json(json!({ "kids": kids }))).into_response(),
        Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

async fn credentials(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    let Some(text) = text(request).await else { return unreadable() };
    let registered = Members::read(&text)
        .and_then(|members| members.registration(|registration| state.lock().registered.register(registration)));
    match registered {
        Ok(Ok(kids)) => (StatusCode::CREATED, Json(json!({ "kids": kids }))).into_response(),
        Ok(Err(error)) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
        Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

async fn faults(Shared(state): Shared<Arc<State>>) -> Json<Faults> {
    Json(state.lock().faults)
}

async fn set_faults(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    let Some(text) = text(request).await else { return unreadable() };
    match serde_json::from_str::<Faults>(&text) {
        Ok(faults) => {
            state.lock().faults = faults;
            Json(faults).into_response()
        }
        Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

async fn mishaps(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    planned(&state.lock().mishaps)
}

/// What is still to go wrong at single endpoints.
fn planned(mishaps: &Mishaps) -> Json<Value> {
    let texts: Vec<String> = mishaps.to_come().iter().map(Mishap::to_string).collect();
    Json(json!({ "mishaps": texts }))
}

async fn plan(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    let Some(text) = text(request).await else { return unreadable() };
    let mishaps = match Members::read(&text).and_then(|members| members.mishaps()) {
        Ok(mishaps) => mishaps,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let mut state = state.lock();
    match state.plan(mishaps) {
        Ok(()) => planned(&state.mishaps).into_response(),
        Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

async fn clear_mishaps(Shared(state): Shared<Arc<State>>) -> StatusCode {
    state.lock().mishaps = Mishaps::default();
    StatusCode::NO_CONTENT
}

async fn cause(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    let Some(text) = text(request).await else { return unreadable() };
    let members = match Members::read(&text) {
        Ok(members) => members,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    match members.incident(|incident| state.lock().cause(incident)) {
        Ok(Ok(())) => StatusCode::NO_CONTENT.into_response(),
        Ok(Err(error @ (IncidentError::Overlap { .. } | IncidentError::Empty { .. }))) => {
            problem(StatusCode::BAD_REQUEST, &error.to_string())
        }
        Ok(Err(error)) => problem(StatusCode::NOT_FOUND, &error.to_string()),
        Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

async fn deliver(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    let Some(text) = text(request).await else { return unreadable() };
    let parcel = match Members::read(&text) {
        Ok(members) => members.delivery().map(|delivery| webhook::prepare(&state, &delivery)),
        Err(error) => Err(error),
    };
    let parcel = match parcel {
        Ok(Ok(parcel)) => parcel,
        Ok(Err(error)) => return problem(undelivered(&error), &error.to_string()),
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    match parcel.send().await {
        Ok(status) => Json(json!({ "status": status })).into_response(),
        Err(error) => problem(StatusCode::BAD_GATEWAY, &error.to_string()),
    }
}

/// What is answered where a webhook was not sent.
fn undelivered(error: &DeliveryError) -> StatusCode {
    match error {
        DeliveryError::Event(EventError::Nothing { .. }) => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    }
}

async fn reset(Shared(state): Shared<Arc<State>>) -> StatusCode {
    state.lock().reset();
    StatusCode::NO_CONTENT
}

async fn log(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({ "entries": state.lock().log().entries() }))
}

async fn clear_log(Shared(state): Shared<Arc<State>>) -> StatusCode {
    state.lock().log().clear();
    StatusCode::NO_CONTENT
}

async fn text(request: Request) -> Option<String> {
    String::from_utf8(request_body::read(request.into_body(), LONGEST, request_body::PATIENCE).await.ok()?).ok()
}

fn unreadable() -> Response {
    problem(StatusCode::BAD_REQUEST, "the body is longer than 1 MiB, took too long, or is not UTF-8")
}

fn problem(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({ "error": reason }))).into_response()
}
