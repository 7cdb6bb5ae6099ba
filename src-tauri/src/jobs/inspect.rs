//! Inspect: any token, with the vault open or locked.

use wire::commands::{Inspecting, InspectingClipboard};
use wire::{InspectWith, TokenReading};
use workbench::inspection;

use crate::app_state::AppState;
use crate::jobs::Answer;

pub(crate) fn token_inspect(app: &AppState, Inspecting { text, with }: Inspecting) -> Answer<TokenReading> {
    app.perhaps(|session, ports| {
        let reading = inspection::read(session, &text, &with.as_job(), ports)?;
        Ok(TokenReading::from(&reading))
    })
}

pub(crate) fn token_inspect_clipboard(app: &AppState, of: InspectingClipboard) -> Answer<Option<TokenReading>> {
    match app.copies.read()? {
        Some(text) => token_in(app, &text, &of.with),
        None => Ok(None),
    }
}

/// What a text says that may hold anything, a private key too: only a token in it is read, and nothing around it told.
pub(crate) fn token_in(app: &AppState, text: &str, with: &InspectWith) -> Answer<Option<TokenReading>> {
    let Some(found) = jose::locate::locate(text).filter(|found| found.certain) else { return Ok(None) };
    app.perhaps(|session, ports| {
        let reading = inspection::read_if_token(session, &found.token, &with.as_job(), ports)?;
        Ok(reading.as_ref().map(TokenReading::from))
    })
}
