//! Clipboard: copying, and clearing what was copied.

use std::time::Duration;

use wire::commands::{CopiedKind, CopyAs, Copying};
use wire::{Copied, CredentialAt, ErrorBody, Event};
use workbench::ports::Ports;
use workbench::session::Session;
use workbench::{drafts, issued_tokens};

use crate::app_state::AppState;

/// How long a token stays where the vault is locked, so that nobody's settings are known.
const USUAL_SECONDS: u32 = 45;

pub(crate) fn clipboard_copy(app: &AppState, copying: Copying) -> Result<Copied, ErrorBody> {
    match copying.what {
        CopiedKind::Plain => {
            app.copies.plain(&copying.text)?;
            Ok(Copied { what: "Text".to_owned(), clears_in_seconds: None })
        }
        CopiedKind::Token => copy_token(app, &copying.text),
    }
}

pub(crate) fn copy_as(app: &AppState, CopyAs { draft, language }: CopyAs) -> Result<Copied, ErrorBody> {
    let draft = draft.into();
    let copy = |session: &Session, ports: &Ports| drafts::copy_as(session, &draft, &language, ports);
    let snippet = app.with(|open, ports| open.session.reading(|session| copy(session, ports)))?;
    app.copies.plain(&snippet.text)?;
    Ok(Copied { what: format!("Request for {}", snippet.language), clears_in_seconds: None })
}

pub(crate) fn access_token_copy(app: &AppState, owner: CredentialAt) -> Result<Copied, ErrorBody> {
    let owner = owner.into();
    let token =
        app.with_consent(|open, ports| open.session.reading(|session| issued_tokens::access(session, &owner, ports)))?;
    Ok(Copied { what: "Access token".to_owned(), ..copy_token(app, &token)? })
}

pub(crate) fn clipboard_clear(app: &AppState, (): ()) -> Result<(), ErrorBody> {
    if app.copies.clear() {
        app.tell(&Event::ClipboardCleared);
    }
    Ok(())
}

/// Copies a token, which leaves the clipboard again after the time that the person chose.
fn copy_token(app: &AppState, token: &str) -> Result<Copied, ErrorBody> {
    let seconds = app.settings().map_or(USUAL_SECONDS, |settings| settings.clear_token_seconds);
    app.copies.secret(token, Duration::from_secs(seconds.into()))?;
    Ok(Copied { what: "Token".to_owned(), clears_in_seconds: Some(seconds) })
}

/// Copies another secret, which leaves the clipboard as a token does.
pub(crate) fn copy_secret(app: &AppState, secret: &str) -> Result<Copied, ErrorBody> {
    Ok(Copied { what: "Secret".to_owned(), ..copy_token(app, secret)? })
}
