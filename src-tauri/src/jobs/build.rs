//! Build: drafts, what they say, sending them, and the recipes they are kept as.

use exchange::Limits;
use wire::commands::{Editing, Named, NamedDraft, Renaming, ToSend};
use wire::{
    Code, Completions, Draft, DraftAt, DraftReading, ErrorBody, KeyRow, Place, Recipe, RequestPreview, ScopePicker,
    Sending, Sent, TextEdit, Undo,
};
use workbench::drafts::{self, Reading};
use workbench::records::Profile;
use workbench::session::Session;
use workbench::{recipes, requests};

use crate::desk::Desk;
use crate::jobs::{Answer, undoable};

pub(crate) fn draft_open(desk: &Desk, place: Option<Place>) -> Answer<Draft> {
    let at = place.map(Into::into);
    let draft = desk.with(|open, ports| open.drafts.open(at, &open.session, ports))?;
    let none = || ErrorBody::new(Code::NotFound, "there is no profile yet", Some("make one in Profiles"));
    Ok(Draft::from(&draft.ok_or_else(none)?))
}

pub(crate) fn draft_new(desk: &Desk, place: Place) -> Answer<Draft> {
    desk.with(|open, ports| {
        let draft = drafts::new(&open.session, &place.profile, &place.environment, ports)?;
        open.drafts.keep(&draft);
        Ok(Draft::from(&draft))
    })
}

pub(crate) fn draft_read(desk: &Desk, draft: Draft) -> Answer<DraftReading> {
    let draft = drafts::Draft::from(draft);
    desk.with(|open, ports| {
        let reading = open.session.reading(|session| drafts::read(session, &draft, ports))?;
        open.drafts.keep(&draft);
        Ok(told(&reading, &draft, &open.session))
    })
}

pub(crate) fn draft_complete(desk: &Desk, at: DraftAt) -> Answer<Completions> {
    let (byte, draft) = (at.byte(), drafts::Draft::from(at.draft));
    desk.with(|open, ports| {
        let completions = drafts::complete(&open.session, &draft, byte, ports)?;
        Ok(Completions::new(&completions, &draft))
    })
}

pub(crate) fn draft_edit(desk: &Desk, editing: Editing) -> Answer<Vec<TextEdit>> {
    let (draft, edit) = (drafts::Draft::from(editing.draft), editing.edit.into());
    desk.with(|open, ports| {
        let edits = drafts::edit(&open.session, &draft, &edit, ports)?;
        Ok(TextEdit::list(&edits, &draft.claims))
    })
}

pub(crate) fn scopes_picker(desk: &Desk, draft: Draft) -> Answer<ScopePicker> {
    desk.with(|open, ports| Ok(ScopePicker::from(&drafts::picker(&open.session, &draft.into(), ports)?)))
}

pub(crate) fn draft_sign(desk: &Desk, draft: Draft) -> Answer<DraftReading> {
    let draft = drafts::Draft::from(draft);
    desk.with_consent(|open, ports| {
        let reading = open.session.reading(|session| drafts::sign(session, &draft, ports))?;
        open.drafts.keep(&draft);
        Ok(told(&reading, &draft, &open.session))
    })
}

pub(crate) fn request_preview(desk: &Desk, draft: Draft) -> Answer<RequestPreview> {
    let draft = draft.into();
    desk.with(|open, ports| {
        let preview = open.session.reading(|session| drafts::preview(session, &draft, ports))?;
        Ok(RequestPreview::from(&preview))
    })
}

pub(crate) fn request_send(desk: &Desk, ToSend { draft, job }: ToSend) -> Answer<Sending> {
    let (running, draft) = (desk.begin(job), drafts::Draft::from(draft));
    let (ready, reading) = desk.with_consent(|open, ports| {
        let ready = open.session.reading(|session| drafts::prepare(session, &draft, ports))?;
        open.drafts.keep(&draft);
        let reading = told(&ready.reading, &draft, &open.session);
        Ok((ready, reading))
    })?;
    let sent = requests::send(&ready.call, &Limits::default(), &running.cancel, &desk.ports);
    // Whoever locked meanwhile is shown nothing any more.
    if !desk.is_unlocked() {
        return Err(ErrorBody::locked());
    }
    Ok(Sending { sent: Sent::new(&ready.call.request, &sent), reading })
}

pub(crate) fn recipes_list(desk: &Desk, (): ()) -> Answer<Vec<Recipe>> {
    desk.with(|open, _| Ok(recipes::list(&open.session)?.iter().map(Recipe::from).collect()))
}

pub(crate) fn recipe_save(desk: &Desk, NamedDraft { name, draft }: NamedDraft) -> Answer<Recipe> {
    let draft = draft.into();
    desk.with(|open, ports| Ok(Recipe::from(&recipes::save(&mut open.session, &name, &draft, ports)?)))
}

pub(crate) fn recipe_rename(desk: &Desk, Renaming { name, wanted }: Renaming) -> Answer<Recipe> {
    desk.with(|open, ports| Ok(Recipe::from(&recipes::rename(&mut open.session, &name, &wanted, ports)?)))
}

pub(crate) fn recipe_delete(desk: &Desk, Named { name }: Named) -> Answer<Undo> {
    undoable(desk, |session, ports| recipes::remove(session, &name, ports))
}

/// A reading in the page's words, with the row of the key that it names.
fn told(reading: &Reading, draft: &drafts::Draft, session: &Session) -> DraftReading {
    let row = reading.key.as_ref().map(|credential| {
        let uses = |profile: &Profile| {
            profile.environments.values().any(|it| it.credential.as_ref() == Some(&credential.name))
        };
        let profiles = session.each::<Profile>().into_iter().flatten().filter(|stored| uses(&stored.value));
        KeyRow::new(credential, profiles.map(|stored| stored.value.name.clone()).collect(), None)
    });
    DraftReading::new(reading, draft, row)
}
