//! What is dropped on the window, read here: the page sees what was found, never a file.

use std::path::{Path, PathBuf};

use wire::{Code, ErrorBody, Event, InspectWith};

use crate::desk::Desk;
use crate::jobs;

/// Looks into what was dropped and tells the page what it is.
pub(crate) fn take(desk: &Desk, paths: &[PathBuf]) {
    let event = match paths {
        [] => return,
        [only] => look_into(desk, only),
        several => {
            let message = format!("{} files were dropped; one at a time is looked into", several.len());
            Err(ErrorBody::new(Code::Usage, message, Some("drop the file with the key or the token")))
        }
    };
    desk.tell(&event.unwrap_or_else(|error| Event::DropRefused { error }));
}

/// A key if there is one in it, else a token.
fn look_into(desk: &Desk, path: &Path) -> Result<Event, ErrorBody> {
    let source = jobs::source(path)?;
    let text = std::str::from_utf8(&source.bytes).ok().map(|text| zeroize::Zeroizing::new(text.to_owned()));
    if let Some(text) = text {
        let with = InspectWith { key_text: None, provider: None };
        if let Some(reading) = jobs::token_in(desk, &text, &with)? {
            return Ok(Event::DroppedToken { reading });
        }
    }
    Ok(Event::Dropped { preview: jobs::preview(desk, source)? })
}
