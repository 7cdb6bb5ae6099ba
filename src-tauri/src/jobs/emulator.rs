//! The emulator in this program: its log, how it misbehaves, starting afresh.

use ::emulator::{Delivery, Event, Fail, Faults, Incident, Limit, Payload, Running};
use wire::{
    Code, EMULATED_KEPT, EmulatorFail, EmulatorFaults, EmulatorIncident, EmulatorLimit, EmulatorState, ErrorBody,
    Target,
};
use workbench::local::{self, Revocable};
use workbench::{settings, webhooks};

use crate::app_state::AppState;
use crate::conversions::entry;
use crate::jobs::Answer;

pub(crate) fn emulator_state(app: &AppState, (): ()) -> Answer<EmulatorState> {
    app.with(|_, _| Ok(()))?;
    Ok(standing(app))
}

pub(crate) fn emulator_start(app: &AppState, (): ()) -> Answer<EmulatorState> {
    let port = app.with(|open, _| open.session.reading(settings::emulator_port))?;
    app.emulator.start(port).map_err(|error| ErrorBody::new(Code::System, error.to_string(), error.hint()))?;
    Ok(standing(app))
}

pub(crate) fn emulator_misbehave(app: &AppState, wanted: EmulatorFaults) -> Answer<EmulatorState> {
    let fail = |fail: &EmulatorFail| Fail::new(fail.status, fail.times, fail.retry_after);
    let fail = wanted.fail.as_ref().map(fail).transpose();
    let fail = fail.map_err(|error| ErrorBody::new(Code::Malformed, error.to_string(), None))?;
    app.with(|_, _| Ok(()))?;
    let EmulatorFaults { skew, delay_ms, break_off, limit, .. } = wanted;
    let limit = limit.map(|EmulatorLimit { calls, seconds }| Limit { calls, seconds });
    // What is not offered in the window stays as it was set by a program.
    let set = |running: &Running| {
        running.set_faults(Faults { skew, delay_ms, fail, break_off, limit, ..running.faults() });
    };
    app.emulator.with(set).ok_or_else(not_running)?;
    Ok(standing(app))
}

pub(crate) fn emulator_cause(app: &AppState, incident: EmulatorIncident) -> Answer<()> {
    app.with(|_, _| Ok(()))?;
    let cause = |incident: Incident<'_>| {
        let caused = app.emulator.with(|running| running.cause(incident)).ok_or_else(not_running)?;
        let hint = Some("send a call first: with it the emulator gets to know what the call is made with");
        caused.map_err(|error| ErrorBody::new(Code::NotFound, error.to_string(), hint))
    };
    match incident {
        EmulatorIncident::ExpireAccess => cause(Incident::ExpireAccess),
        EmulatorIncident::BlacklistRefresh => cause(Incident::BlacklistRefresh),
        EmulatorIncident::Revoke { place } => {
            let at = place.into();
            let (provider, revoked) = app.with(|open, _| open.session.reading(|it| local::revocable(it, &at)))?;
            cause(match &revoked {
                Revocable::Kid(key) => Incident::RevokeKey { provider, key },
                Revocable::ApiKey(key) => Incident::RevokeKey { provider, key },
                Revocable::Login(username) => Incident::RevokeLogin { provider, username },
                Revocable::Client(client) => Incident::RevokeClient { provider, client },
            })
        }
    }
}

pub(crate) fn emulator_deliver(app: &AppState, place: Target) -> Answer<u16> {
    let at = place.into();
    let provider =
        app.with(|open, ports| open.session.reading(|session| webhooks::tell_emulator(session, &at, ports)))?;
    let url = app.hooks.standing().address.map(|address| format!("{address}/webhooks"));
    let none = || ErrorBody::new(Code::Gone, "nothing listens", Some("start listening first"));
    let url = url.ok_or_else(none)?;
    let delivery = Delivery { provider, url: &url, payload: Payload::Event(Event::default()) };
    let delivered = app.emulator.with(|running| running.deliver(delivery)).ok_or_else(not_running)?;
    delivered.map_err(|error| ErrorBody::new(Code::System, error.to_string(), None))
}

pub(crate) fn emulator_reset(app: &AppState, (): ()) -> Answer<EmulatorState> {
    app.with(|_, _| Ok(()))?;
    // One that does not run has nothing to forget.
    app.emulator.with(Running::reset);
    Ok(standing(app))
}

fn standing(app: &AppState) -> EmulatorState {
    let statuses = Fail::STATUSES.to_vec();
    let told = |running: &Running| {
        let faults = running.faults();
        let fail = faults.fail.map(|fail| EmulatorFail {
            status: fail.status(),
            times: fail.times(),
            retry_after: fail.retry_after(),
        });
        let log = running.log();
        EmulatorState {
            running: true,
            addresses: (Running::PROVIDERS.iter())
                .filter_map(|provider| Some(((*provider).to_owned(), running.base(provider)?)))
                .collect(),
            entries: log[log.len().saturating_sub(EMULATED_KEPT)..].iter().map(entry).collect(),
            faults: EmulatorFaults {
                skew: faults.skew,
                delay_ms: faults.delay_ms,
                fail,
                break_off: faults.break_off,
                limit: faults.limit.map(|Limit { calls, seconds }| EmulatorLimit { calls, seconds }),
            },
            statuses: statuses.clone(),
        }
    };
    app.emulator.with(told).unwrap_or_else(|| EmulatorState {
        running: false,
        addresses: Default::default(),
        entries: Vec::new(),
        faults: EmulatorFaults::default(),
        statuses: statuses.clone(),
    })
}

fn not_running() -> ErrorBody {
    ErrorBody::new(Code::Gone, "the emulator does not run", Some("start it, or send a call to Local"))
}
