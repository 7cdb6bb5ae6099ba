//! Lines of keys, rotations, incidents and checks.

use keyset::{Mode, RotationId};
use wire::commands::Named;
use wire::commands::rotation::{
    AtPlace, AtStep, Bringing, Checking, GoingOn, MarkingPlace, NotingCopy, OfRotation, OfWayOut, Planning, Starting,
};
use wire::{
    CheckOutcome, CheckRow, Code, Copied, ErrorBody, Event, Incident, KeyLife, Line, Rotation, RotationPlan, SavedFile,
};
use workbench::calls::NextAction;
use workbench::checks::{self, Check};
use workbench::keys::KeyText;
use workbench::ports::{Cancel, Ports};
use workbench::rotation::{self, Advance, Brought, Calling, Ended, Told};
use workbench::session::Session;
use workbench::settings;
use zeroize::Zeroizing;

use crate::app_state::AppState;
use crate::dialogs::Question;
use crate::jobs::Answer;
use crate::jobs::build::wait;
use crate::jobs::clipboard::copy_secret;
use crate::jobs::keys::source;
use crate::jobs::saving::{file_name, save};

pub(crate) fn lines_list(app: &AppState, (): ()) -> Answer<Vec<Line>> {
    app.with(|open, ports| Ok(rotation::lines(&open.session, ports)?.iter().map(Line::from).collect()))
}

pub(crate) fn key_life(app: &AppState, Named { name }: Named) -> Answer<KeyLife> {
    app.with(|open, ports| Ok(KeyLife::from(&rotation::key_life(&open.session, &name, ports)?)))
}

pub(crate) fn key_copy_note(app: &AppState, NotingCopy { name, to }: NotingCopy) -> Answer<KeyLife> {
    app.with(|open, ports| {
        rotation::note_copy(&mut open.session, &name, &to, ports)?;
        Ok(KeyLife::from(&rotation::key_life(&open.session, &name, ports)?))
    })
}

pub(crate) fn rotation_plan(app: &AppState, Planning { key, mode, times }: Planning) -> Answer<RotationPlan> {
    app.with(|open, ports| {
        let starting = starting(&key, mode.into(), times.map(Into::into).unwrap_or_default());
        Ok(RotationPlan::from(&rotation::plan(&mut open.session, &starting, ports)?))
    })
}

pub(crate) fn rotation_start(app: &AppState, Starting { key, mode, times }: Starting) -> Answer<Rotation> {
    app.with(|open, ports| {
        let id = rotation::start(&mut open.session, &starting(&key, mode.into(), times.into()), ports)?;
        view(&open.session, &id, ports)
    })
}

fn starting(key: &str, mode: Mode, stated: keyset::Stated) -> rotation::Starting {
    rotation::Starting { mode, stated, ..rotation::Starting::of(key) }
}

pub(crate) fn rotations_list(app: &AppState, (): ()) -> Answer<Vec<Rotation>> {
    app.with(|open, ports| Ok(rotation::all(&open.session, true, ports)?.iter().map(Rotation::from).collect()))
}

pub(crate) fn rotation_show(app: &AppState, OfRotation { rotation }: OfRotation) -> Answer<Rotation> {
    app.with(|open, ports| view(&open.session, &RotationId(rotation), ports))
}

/// Takes one step. Cancelling leaves the rotation where it is: what was sent and has no answer is looked up with the next step.
pub(crate) fn rotation_go_on(app: &AppState, GoingOn { rotation, job }: GoingOn) -> Answer<Rotation> {
    let (running, id) = (app.begin(job), RotationId(rotation));
    go_on(app, &id, job, &running.cancel)
}

fn go_on(app: &AppState, id: &RotationId, job: u32, cancel: &Cancel) -> Answer<Rotation> {
    let mut advance =
        app.with_consent(|open, ports| Advance::begin(&mut open.session, id, Calling::default(), ports))?;
    loop {
        match advance.next_action() {
            NextAction::Done => break,
            NextAction::Send => {
                let transport = app.with(|open, _| settings::transport(&open.session))?;
                let Some(answered) = advance.send(&transport, cancel, &app.ports) else { break };
                app.with(|open, ports| advance.take(&mut open.session, answered, ports))?;
            }
            NextAction::Wait { milliseconds, why } => {
                if let Some(why) = why {
                    app.tell(&Event::Waiting { job, seconds: milliseconds.div_ceil(1000), why });
                }
                if !wait(milliseconds, cancel) {
                    break;
                }
                app.with(|open, ports| advance.waited(&mut open.session, ports))?;
            }
        }
        let rotation = app.with(|open, ports| view(&open.session, id, ports))?;
        app.tell(&Event::Rotated { rotation: Box::new(rotation) });
    }
    match advance.end() {
        Ended::NoAnswer { words, hint } => Err(ErrorBody::new(Code::System, words, hint.as_deref())),
        Ended::Took(_) | Ended::Waits => app.with(|open, ports| view(&open.session, id, ports)),
    }
}

pub(crate) fn rotation_did_it(app: &AppState, at: AtStep) -> Answer<Rotation> {
    say_at(app, at, &Told::DidIt)
}

pub(crate) fn rotation_paste(app: &AppState, OfRotation { rotation }: OfRotation) -> Answer<Copied> {
    let id = RotationId(rotation);
    if let Some(text) = app.with(|open, ports| Ok(rotation::view(&open.session, &id, ports)?.paste))? {
        app.copies.plain(&text)?;
        return Ok(Copied { what: "Public key".to_owned(), clears_in_seconds: None });
    }
    let secret = app.with(|open, ports| rotation::secret_to_paste(&mut open.session, &id, "the clipboard", ports))?;
    let not_text = |_| ErrorBody::new(Code::Usage, "this secret is bytes, not text", Some("export it to a file"));
    let text = std::str::from_utf8(&secret).map_err(not_text)?;
    copy_secret(app, text)
}

pub(crate) fn rotation_bring(app: &AppState, Bringing { rotation, secret }: Bringing) -> Answer<Rotation> {
    let text = Zeroizing::new(secret.expose().trim().to_owned());
    bring(app, &RotationId(rotation), text.as_bytes())
}

pub(crate) fn rotation_bring_file(app: &AppState, OfRotation { rotation }: OfRotation) -> Answer<Option<Rotation>> {
    let id = RotationId(rotation);
    app.with(|open, ports| rotation::view(&open.session, &id, ports).map(drop))?;
    let Some(path) = app.dialogs.open_file("Bring the key that the provider made") else { return Ok(None) };
    bring(app, &id, &source(&path)?.bytes).map(Some)
}

/// What the step by hand brings: a key file, or a secret as the provider showed it.
fn bring(app: &AppState, id: &RotationId, bytes: &[u8]) -> Answer<Rotation> {
    let is_key = app.with(|open, ports| {
        let next = rotation::view(&open.session, id, ports)?.next;
        Ok(matches!(next, keyset::Next::ByHand { hand: Some(hand), .. } if hand.brings == Some(keyset::Brings::KeyFile)))
    })?;
    let not_text =
        |_| ErrorBody::new(Code::Malformed, "this file is bytes, not text", Some("choose the file of the secret"));
    let brought = match is_key {
        true => Brought::Key { text: KeyText { bytes, passphrase: None, secret_encoding: None }, kid: None },
        false => Brought::Secret(std::str::from_utf8(bytes).map_err(not_text)?.trim_end_matches(['\r', '\n'])),
    };
    app.with(|open, ports| {
        rotation::bring(&mut open.session, id, brought, ports)?;
        view(&open.session, id, ports)
    })
}

pub(crate) fn rotation_by_hand(app: &AppState, at: AtStep) -> Answer<Rotation> {
    say_at(app, at, &Told::ByHand)
}

pub(crate) fn rotation_again(app: &AppState, OfRotation { rotation }: OfRotation) -> Answer<Rotation> {
    say(app, rotation, &Told::Again)
}

pub(crate) fn rotation_hurry(app: &AppState, at: AtStep) -> Answer<Rotation> {
    say_at(app, at, &Told::Hurry)
}

pub(crate) fn rotation_silent(app: &AppState, OfRotation { rotation }: OfRotation) -> Answer<Rotation> {
    say(app, rotation, &Told::Silent)
}

pub(crate) fn rotation_place_add(app: &AppState, AtPlace { rotation, to }: AtPlace) -> Answer<Rotation> {
    say(app, rotation, &Told::Place(to))
}

pub(crate) fn rotation_place_serve(app: &AppState, AtPlace { rotation, to }: AtPlace) -> Answer<Option<Rotation>> {
    let id = RotationId(rotation);
    let next = app.with(|open, ports| view(&open.session, &id, ports))?.next.unwrap_or_default();
    let question = Question {
        title: format!("Write the private key {next} to {to}?"),
        detail: "It takes the place of the old key there. Whoever has the file can sign as you.".to_owned(),
        verb: "Write the next key".to_owned(),
    };
    if !app.dialogs.confirm(&question) {
        return Ok(None);
    }
    let bytes = app.with(|open, ports| rotation::hand_over(&mut open.session, &id, &to, ports))?;
    save(to.as_ref(), &bytes, String::new())?;
    say(app, id.0, &Told::Handed(to, keyset::Handed::Given)).map(Some)
}

pub(crate) fn rotation_place_mark(
    app: &AppState,
    MarkingPlace { rotation, to, handed }: MarkingPlace,
) -> Answer<Rotation> {
    say(app, rotation, &Told::Handed(to, handed.into()))
}

pub(crate) fn rotation_back(app: &AppState, OfRotation { rotation }: OfRotation) -> Answer<Rotation> {
    say(app, rotation, &Told::Back)
}

pub(crate) fn rotation_abort(app: &AppState, OfRotation { rotation }: OfRotation) -> Answer<Rotation> {
    say(app, rotation, &Told::Abort)
}

pub(crate) fn rotation_runbook_save(app: &AppState, OfRotation { rotation }: OfRotation) -> Answer<Option<SavedFile>> {
    let id = RotationId(rotation);
    let text = app.with(|open, ports| Ok(rotation::view(&open.session, &id, ports)?.rotation.runbook()))?;
    save_runbook(app, "rotation", &text)
}

pub(crate) fn incident_show(app: &AppState, Named { name }: Named) -> Answer<Incident> {
    app.with(|open, _| incident(&mut open.session, &name))
}

pub(crate) fn incident_runbook_save(app: &AppState, OfWayOut { name, mode }: OfWayOut) -> Answer<Option<SavedFile>> {
    let incident = app.with(|open, _| incident(&mut open.session, &name))?;
    let way = incident.ways.into_iter().find(|way| way.mode == mode);
    let none =
        || ErrorBody::new(Code::NotFound, "there is no such way out", Some("choose one of those that are shown"));
    save_runbook(app, &name, &way.ok_or_else(none)?.runbook)
}

pub(crate) fn check_list(app: &AppState, (): ()) -> Answer<Vec<CheckRow>> {
    app.with(|open, _| Ok(checks::all(&open.session)?.iter().map(CheckRow::from).collect()))
}

pub(crate) fn check_run(app: &AppState, Checking { of, job }: Checking) -> Answer<Vec<CheckOutcome>> {
    let running = app.begin(job);
    let mut outcomes = Vec::new();
    for of in of.into_iter().map(Into::into) {
        let check = app.with_consent(|open, ports| Check::begin(&mut open.session, &of, None, ports))?;
        let Some(outcome) = checked(app, check, &running.cancel)? else { break };
        app.tell(&Event::Checked { job, outcome: outcome.clone() });
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// What came of a check; none where somebody cancelled meanwhile.
fn checked(app: &AppState, mut check: Check, cancel: &Cancel) -> Answer<Option<CheckOutcome>> {
    loop {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        match check.next_action() {
            NextAction::Done => return Ok(Some(CheckOutcome::from(&check.end(&app.ports)))),
            NextAction::Send => {
                let transport = app.with(|open, _| settings::transport(&open.session))?;
                let answered = check.send(&transport, cancel, &app.ports);
                app.with(|open, ports| check.take(&mut open.session, answered, ports))?;
            }
            NextAction::Wait { milliseconds, .. } => {
                if wait(milliseconds, cancel) {
                    app.with(|open, ports| check.waited(&mut open.session, ports))?;
                }
            }
        }
    }
}

fn say(app: &AppState, rotation: String, told: &Told) -> Answer<Rotation> {
    let id = RotationId(rotation);
    app.with(|open, ports| {
        rotation::tell(&mut open.session, &id, told, ports)?;
        view(&open.session, &id, ports)
    })
}

/// The same of the step that the person saw: it may have been taken meanwhile, by another program.
fn say_at(app: &AppState, AtStep { rotation, step }: AtStep, told: &Told) -> Answer<Rotation> {
    let shown = rotation_show(app, OfRotation { rotation: rotation.clone() })?;
    if shown.current != Some(step) {
        let now = shown.current.map_or("at its end".to_owned(), |now| format!("at the step {now}"));
        let message = format!("the rotation is {now}; wanted the step {step}");
        return Err(ErrorBody::new(Code::Gone, message, Some("look at it again")));
    }
    say(app, rotation, told)
}

fn view(session: &Session, id: &RotationId, ports: &Ports) -> Result<Rotation, workbench::Error> {
    Ok(Rotation::from(&rotation::view(session, id, ports)?))
}

fn incident(session: &mut Session, name: &str) -> Result<Incident, workbench::Error> {
    Ok(Incident::from(&rotation::incident(session, name, &keyset::Stated::default())?))
}

fn save_runbook(app: &AppState, of: &str, text: &str) -> Answer<Option<SavedFile>> {
    let Some(path) = app.dialogs.save_file("Save the runbook", &file_name(&format!("{of}-runbook"), "txt")) else {
        return Ok(None);
    };
    save(&path, text.as_bytes(), "Runbook".to_owned()).map(Some)
}
