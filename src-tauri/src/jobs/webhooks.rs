//! The webhook bench: deliveries judged, signed and received, with what is sealed or with a secret that was typed.

use jose::key::{Key, read};
use jose::webhook::{Delivery, Sample};
use wire::commands::{Holding, OfDelivery, WebhookChecking, WebhookCoding, WebhookListening, WebhookSigning};
use wire::{
    Code, ErrorBody, HandlerCode, HeldBody, HeldSecret, WebhookBody, WebhookCheck, WebhookReceiver, WebhookSample,
    WebhookWhose,
};
use workbench::deliveries::Handling;
use workbench::webhooks::{self, Judging, Trusted};
use workbench::{CredentialError, Error, Thing, definitions};
use zeroize::Zeroizing;

use crate::app_state::AppState;
use crate::jobs::Answer;

/// What a secret that was typed is called where its name is told.
const TYPED: &str = "the secret that you typed";

/// What is looked at for a key in it, in bytes. No key file is longer.
const KEY_FILE: usize = 1024 * 1024;

pub(crate) fn webhook_hold(app: &AppState, Holding { secret }: Holding) -> Answer<HeldSecret> {
    // A line break comes with copying; spaces may belong to it.
    let text = secret.expose().trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(Error::Credential(CredentialError::EmptySecret { what: Thing::Secret }).into());
    }
    let words = format!("{} characters", text.chars().count());
    Ok(HeldSecret { held: app.hooks.hold(Zeroizing::new(text.as_bytes().to_vec())), words })
}

pub(crate) fn webhook_file(app: &AppState, (): ()) -> Answer<Option<HeldBody>> {
    let Some(path) = app.dialogs.open_file("Choose the body of a delivery") else { return Ok(None) };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let refused = |message: String, hint: Option<&str>| ErrorBody::new(Code::Malformed, message, hint);
    let bytes = host::read(&path, host::BODY_LIMIT).map_err(|error| refused(error.to_string(), error.hint()))?;
    let is_private = |bytes: &[u8]| {
        let keys = read::read(bytes, None).map(|found| found.keys).unwrap_or_default();
        keys.iter().any(|jwk| !matches!(jwk.key, Key::Public(_)))
    };
    if bytes.len() <= KEY_FILE && is_private(&bytes) {
        return Err(refused(format!("{name:?} holds a private key, which is not a body"), Some("choose another file")));
    }
    let told = |number| HeldBody::new(number, Some(name), &bytes, None);
    Ok(Some(told(app.hooks.keep(bytes.to_vec()))))
}

pub(crate) fn webhook_drop(app: &AppState, (): ()) -> Answer<()> {
    app.hooks.forget();
    Ok(())
}

pub(crate) fn webhook_check(app: &AppState, of: WebhookChecking) -> Answer<WebhookCheck> {
    let (body, headers) = (bytes(app, of.body)?, webhooks::header_fields(&of.headers)?);
    let judging =
        Judging { at: typed(&of.at, webhooks::moment)?, tolerance: typed(&of.tolerance, webhooks::tolerance)? };
    let delivery = Delivery { body: &body, headers: &headers, url: given(&of.url), method: Some("POST") };
    let trusted = trusted(app, &of.whose)?;
    let check = webhooks::check(&trusted, &delivery, judging, &app.ports)?;
    Ok(WebhookCheck::new(&check, &trusted.names()))
}

pub(crate) fn webhook_sign(app: &AppState, of: WebhookSigning) -> Answer<WebhookSample> {
    let (body, headers) = (bytes(app, of.body)?, webhooks::header_fields(&of.headers)?);
    let timestamp = typed(&of.at, webhooks::moment)?.unwrap_or_else(|| app.ports.clock.now());
    let trusted = match &of.whose {
        WebhookWhose::Sealed { place } => app.with_consent(|open, ports| {
            Trusted::open_to_sign(&open.session, &place.profile, &place.environment, ports)
        })?,
        held @ WebhookWhose::Held { .. } => trusted(app, held)?,
    };
    let sample =
        Sample { body: &body, timestamp, id: "", url: given(&of.url), method: Some("POST"), headers: &headers };
    Ok(WebhookSample::from(&webhooks::sample(&trusted, &sample, &app.ports)?))
}

pub(crate) fn webhook_code(app: &AppState, of: WebhookCoding) -> Answer<HandlerCode> {
    let WebhookCoding { whose, language, reserialised } = of;
    let code = match &whose {
        WebhookWhose::Sealed { place } => app.with(|open, _| {
            let (profile, environment) = (&place.profile, &place.environment);
            open.session.reading(|session| webhooks::handler_at(session, profile, environment, &language, reserialised))
        })?,
        WebhookWhose::Held { provider, .. } => {
            let definition = app.perhaps(|session, _| definitions::known(session, provider))?;
            webhooks::handler(definition, None, &language, reserialised)?
        }
    };
    Ok(HandlerCode::from(code))
}

pub(crate) fn webhook_receiver(app: &AppState, (): ()) -> Answer<WebhookReceiver> {
    Ok(app.hooks.standing())
}

pub(crate) fn webhook_listen(app: &AppState, of: WebhookListening) -> Answer<WebhookReceiver> {
    let judging = Judging { at: None, tolerance: typed(&of.tolerance, webhooks::tolerance)? };
    let handling = Handling { judging, always: of.answer, url: given(&of.url).map(str::to_owned) };
    let trusted = trusted(app, &of.whose)?;
    trusted.ready()?;
    let started = app.hooks.listen(of.port, trusted, handling, std::sync::Arc::clone(&app.ports), app.page());
    started.map_err(|error| ErrorBody::new(Code::System, error.to_string(), error.hint()))?;
    if matches!(of.whose, WebhookWhose::Sealed { .. }) && !app.is_unlocked() {
        // Locked meanwhile: what was opened goes too.
        app.hooks.end();
        return Err(ErrorBody::locked());
    }
    Ok(app.hooks.standing())
}

pub(crate) fn webhook_stop(app: &AppState, (): ()) -> Answer<WebhookReceiver> {
    app.hooks.stop();
    Ok(app.hooks.standing())
}

pub(crate) fn webhook_delivery(app: &AppState, OfDelivery { number }: OfDelivery) -> Answer<HeldBody> {
    app.hooks.delivery(number, |arrived| HeldBody::new(number, None, &arrived.body, Some(&arrived.headers)))
}

/// The secrets that count. Those of the vault want it unlocked.
fn trusted(app: &AppState, whose: &WebhookWhose) -> Answer<Trusted> {
    match whose {
        WebhookWhose::Sealed { place } => app
            .with(|open, _| open.session.reading(|session| Trusted::open(session, &place.profile, &place.environment))),
        WebhookWhose::Held { provider, held } => {
            let mut trusted = Trusted::new(app.perhaps(|session, _| definitions::known(session, provider))?);
            trusted.add(TYPED.to_owned(), app.hooks.secret(*held)?);
            Ok(trusted)
        }
    }
}

/// The bytes of a body, wherever they are.
fn bytes(app: &AppState, body: WebhookBody) -> Answer<Vec<u8>> {
    match body {
        WebhookBody::Typed { text } => Ok(text.into_bytes()),
        WebhookBody::File { file } => app.hooks.body(file),
        WebhookBody::Delivery { number } => app.hooks.delivery(number, |arrived| arrived.body.clone()),
    }
}

/// What was typed, read; nothing where the field is empty.
fn typed<T>(text: &str, read: impl Fn(&str) -> Result<T, Error>) -> Answer<Option<T>> {
    Ok(given(text).map(read).transpose()?)
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
