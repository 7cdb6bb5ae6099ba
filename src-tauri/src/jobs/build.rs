//! Build: drafts, what they say, sending them, and the recipes they are kept as.

use std::time::{Duration, Instant};

use wire::commands::{Creating, Editing, FillingIn, Named, NamedDraft, Renaming, RunFlow, ToSend};
use wire::{
    Code, Completions, CredentialAt, Draft, DraftAt, DraftReading, ErrorBody, Event, ExecutionOutcome, FieldValue,
    KeyRow, Recipe, RequestPreview, ScopePicker, Sending, SheetCreated, SheetReading, Target, TextEdit, TimelineRow,
    Undo,
};
use workbench::calls::{self, Execution, NextAction};
use workbench::drafts::{self};
use workbench::flows::FlowRequest;
use workbench::ports::Cancel;
use workbench::session::Session;
use workbench::{issued_tokens, keys, recipes, settings};

use crate::app_state::AppState;
use crate::jobs::Answer;
use crate::jobs::undoable::undoable;

pub(crate) fn draft_open(app: &AppState, place: Option<Target>) -> Answer<Draft> {
    let at = place.map(Into::into);
    let draft = app.with(|open, ports| open.drafts.open(at, &open.session, ports))?;
    let none = || ErrorBody::new(Code::NotFound, "there is no profile yet", Some("make one in Profiles"));
    Ok(Draft::from(&draft.ok_or_else(none)?))
}

pub(crate) fn draft_new(app: &AppState, place: Target) -> Answer<Draft> {
    app.with(|open, ports| {
        let draft = drafts::new(&open.session, &place.profile, &place.environment, ports)?;
        open.drafts.keep(&draft);
        Ok(Draft::from(&draft))
    })
}

pub(crate) fn draft_read(app: &AppState, draft: Draft) -> Answer<DraftReading> {
    let draft = drafts::Draft::from(draft);
    app.with(|open, ports| {
        let reading = open.session.reading(|session| drafts::read(session, &draft, ports))?;
        open.drafts.keep(&draft);
        Ok(reading_to_wire(&reading, &draft, &open.session))
    })
}

pub(crate) fn draft_complete(app: &AppState, at: DraftAt) -> Answer<Completions> {
    let (byte, draft) = (at.byte(), drafts::Draft::from(at.draft));
    app.with(|open, ports| {
        let completions = drafts::complete(&open.session, &draft, byte, ports)?;
        Ok(Completions::new(&completions, &draft))
    })
}

pub(crate) fn draft_edit(app: &AppState, editing: Editing) -> Answer<Vec<TextEdit>> {
    let (draft, edit) = (drafts::Draft::from(editing.draft), editing.edit.into());
    app.with(|open, ports| {
        let edits = drafts::edit(&open.session, &draft, &edit, ports)?;
        Ok(TextEdit::list(&edits, &draft.claims))
    })
}

pub(crate) fn sheet_read(app: &AppState, FillingIn { draft, claim, filled }: FillingIn) -> Answer<SheetReading> {
    let (draft, filled) = (drafts::Draft::from(draft), filled.map(FieldValue::all));
    app.with(|open, ports| Ok(drafts::sheet(&open.session, &draft, &claim, filled.as_deref(), ports)?.into()))
}

pub(crate) fn sheet_create(app: &AppState, Creating { draft, claim, job }: Creating) -> Answer<SheetCreated> {
    let (running, draft) = (app.begin(job), drafts::Draft::from(draft));
    let execution = app.with_consent(|open, ports| {
        let call = drafts::creation(&open.session, &draft, &claim, ports)?;
        Execution::draft(&mut open.session, &call, false, ports).map(|(execution, _)| execution)
    })?;
    let outcome = drive(app, execution, job, &running.cancel)?;
    let (sent, failed) = (outcome.sent.as_ref(), outcome.failed.as_deref());
    app.with(|open, ports| Ok(drafts::created(&open.session, &draft, &claim, sent, failed, ports)?.into()))
}

pub(crate) fn scopes_picker(app: &AppState, draft: Draft) -> Answer<ScopePicker> {
    app.with(|open, ports| Ok(ScopePicker::from(&drafts::picker(&open.session, &draft.into(), ports)?)))
}

pub(crate) fn draft_sign(app: &AppState, draft: Draft) -> Answer<DraftReading> {
    let draft = drafts::Draft::from(draft);
    app.with_consent(|open, ports| {
        let reading = open.session.reading(|session| drafts::sign(session, &draft, ports))?;
        open.drafts.keep(&draft);
        Ok(reading_to_wire(&reading, &draft, &open.session))
    })
}

pub(crate) fn request_preview(app: &AppState, draft: Draft) -> Answer<RequestPreview> {
    let draft = draft.into();
    app.with(|open, ports| {
        let preview = open.session.reading(|session| drafts::preview(session, &draft, ports))?;
        Ok(RequestPreview::from(&preview))
    })
}

pub(crate) fn request_send(app: &AppState, ToSend { draft, job, follow }: ToSend) -> Answer<Sending> {
    let (running, draft) = (app.begin(job), drafts::Draft::from(draft));
    let (execution, reading) = app.with_consent(|open, ports| {
        let (execution, reading) = Execution::draft(&mut open.session, &draft, follow, ports)?;
        open.drafts.keep(&draft);
        Ok((execution, reading_to_wire(&reading, &draft, &open.session)))
    })?;
    let outcome = drive(app, execution, job, &running.cancel)?;
    let reading = match &outcome.reading {
        Some(again) => app.with(|open, _| Ok(reading_to_wire(again, &draft, &open.session)))?,
        None => reading,
    };
    let ExecutionOutcome { timeline, sent, failed, .. } = ExecutionOutcome::from(&outcome);
    Ok(Sending { sent, reading, timeline, failed })
}

pub(crate) fn flow_run(app: &AppState, RunFlow { draft, flow, follow, job }: RunFlow) -> Answer<ExecutionOutcome> {
    let (running, draft) = (app.begin(job), drafts::Draft::from(draft));
    let execution = app.with_consent(|open, ports| {
        open.drafts.keep(&draft);
        Execution::flow(&mut open.session, &FlowRequest::of_draft(&draft, &flow), follow, ports)
    })?;
    Ok(ExecutionOutcome::from(&drive(app, execution, job, &running.cancel)?))
}

pub(crate) fn tokens_forget(app: &AppState, owner: CredentialAt) -> Answer<()> {
    let owner = owner.into();
    app.with(|open, ports| issued_tokens::forget(&mut open.session, &owner, ports).map(drop))
}

/// Drives an execution until an answer stands, and tells the page what happens. The vault is open only between two requests.
fn drive(app: &AppState, mut execution: Execution, job: u32, cancel: &Cancel) -> Answer<calls::Outcome> {
    let mut told = 0;
    loop {
        match execution.next_action() {
            NextAction::Done => return Ok(execution.end()),
            NextAction::Send => {
                let transport = app.with(|open, _| settings::transport(&open.session))?;
                let answered = execution.send(&transport, cancel, &app.ports);
                // Whoever locked meanwhile is shown nothing any more.
                app.with(|open, ports| execution.take(&mut open.session, answered, ports))?;
            }
            NextAction::Wait { milliseconds, why } => {
                if let Some(why) = why {
                    app.tell(&Event::Waiting { job, seconds: milliseconds.div_ceil(1000), why });
                }
                if !wait(milliseconds, cancel) {
                    return Ok(execution.end());
                }
                app.with(|open, ports| execution.waited(&mut open.session, ports))?;
            }
        }
        let rows = execution.timeline().rows.iter().skip(told).map(TimelineRow::from).collect();
        told = execution.timeline().rows.len();
        app.tell(&Event::Happened { job, rows });
    }
}

/// Waits; false where somebody cancelled meanwhile.
pub(crate) fn wait(milliseconds: u64, cancel: &Cancel) -> bool {
    const LOOK: Duration = Duration::from_millis(25);
    let end = Instant::now() + Duration::from_millis(milliseconds);
    while Instant::now() < end && !cancel.is_cancelled() {
        std::thread::sleep(LOOK.min(end.saturating_duration_since(Instant::now())));
    }
    !cancel.is_cancelled()
}

pub(crate) fn recipes_list(app: &AppState, (): ()) -> Answer<Vec<Recipe>> {
    app.with(|open, _| {
        let recipes = recipes::list(&open.session)?;
        Ok(recipes.iter().map(|recipe| Recipe::new(&open.session, recipe)).collect())
    })
}

pub(crate) fn recipe_save(app: &AppState, NamedDraft { name, draft }: NamedDraft) -> Answer<Recipe> {
    let draft = draft.into();
    app.with(|open, ports| {
        let saved = recipes::save(&mut open.session, &name, &draft, ports)?;
        Ok(Recipe::new(&open.session, &saved))
    })
}

pub(crate) fn recipe_rename(app: &AppState, Renaming { name, wanted }: Renaming) -> Answer<Recipe> {
    app.with(|open, ports| {
        let renamed = recipes::rename(&mut open.session, &name, &wanted, ports)?;
        Ok(Recipe::new(&open.session, &renamed))
    })
}

pub(crate) fn recipe_delete(app: &AppState, Named { name }: Named) -> Answer<Undo> {
    undoable(app, |session, ports| recipes::remove(session, &name, ports))
}

/// A reading in the page's words, with the row of the key that it names.
fn reading_to_wire(reading: &drafts::DraftReading, draft: &drafts::Draft, session: &Session) -> DraftReading {
    let row = reading.key.as_ref().and_then(|credential| keys::row_of(session, &credential.name, reading.now).ok());
    let row = row.as_ref().map(KeyRow::from);
    DraftReading::new(reading, draft, row)
}
