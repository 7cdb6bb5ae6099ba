//! Copying, and taking back what was copied.

use std::time::Duration;

use wire::commands::{CopiedKind, Copying};
use wire::{Copied, Draft, ErrorBody, Event};
use workbench::drafts;

use crate::desk::Desk;

/// How long a token stays where the vault is locked, so that nobody's settings are known.
const USUAL_SECONDS: u32 = 45;

pub(crate) fn clipboard_copy(desk: &Desk, copying: Copying) -> Result<Copied, ErrorBody> {
    match copying.what {
        CopiedKind::Plain => {
            desk.copies.plain(&copying.text)?;
            Ok(Copied { what: "Text".to_owned(), clears_in_seconds: None })
        }
        CopiedKind::Token => copy_token(desk, &copying.text),
    }
}

pub(crate) fn copy_as_curl(desk: &Desk, draft: Draft) -> Result<Copied, ErrorBody> {
    let draft = draft.into();
    let preview = desk.with(|open, ports| open.session.reading(|session| drafts::preview(session, &draft, ports)))?;
    desk.copies.plain(&preview.curl)?;
    Ok(Copied { what: "Request as curl".to_owned(), clears_in_seconds: None })
}

pub(crate) fn clipboard_clear(desk: &Desk, (): ()) -> Result<(), ErrorBody> {
    if desk.copies.clear() {
        desk.tell(&Event::ClipboardCleared);
    }
    Ok(())
}

/// Copies a token, which leaves the clipboard again after the time that the person chose.
fn copy_token(desk: &Desk, token: &str) -> Result<Copied, ErrorBody> {
    let seconds = desk.settings().map_or(USUAL_SECONDS, |settings| settings.clear_token_seconds);
    desk.copies.secret(token, Duration::from_secs(seconds.into()))?;
    Ok(Copied { what: "Token".to_owned(), clears_in_seconds: Some(seconds) })
}
