//! File drop on the window, read here: the page sees what was found, never a file.

use std::path::{Path, PathBuf};

use wire::{ErrorBody, Event, InspectWith};
use workbench::imports::MOST_FILES;
use workbench::{Error, KeyError};

use crate::app_state::AppState;
use crate::jobs;

/// Looks into what was dropped and tells the page what it is.
pub(crate) fn take(app: &AppState, paths: &[PathBuf]) {
    let event = match paths {
        [] => return,
        [only] => look_into(app, only),
        several => keys_in(app, several),
    };
    app.tell(&event.unwrap_or_else(|error| Event::DropRefused { error }));
}

/// A key if there is one in it, else a token.
fn look_into(app: &AppState, path: &Path) -> Result<Event, ErrorBody> {
    let source = jobs::source(path)?;
    let text = std::str::from_utf8(&source.bytes).ok().map(|text| zeroize::Zeroizing::new(text.to_owned()));
    if let Some(text) = text {
        let with = InspectWith { key_text: None, provider: None };
        if let Some(reading) = jobs::token_in(app, &text, &with)? {
            return Ok(Event::DroppedToken { reading: Box::new(reading) });
        }
    }
    Ok(Event::Dropped { preview: jobs::preview(app, vec![source])? })
}

/// The keys of several files. Too many are not even read.
fn keys_in(app: &AppState, paths: &[PathBuf]) -> Result<Event, ErrorBody> {
    if paths.len() > MOST_FILES {
        return Err(Error::Key(KeyError::TooManyFiles { found: paths.len(), most: MOST_FILES }).into());
    }
    let sources: Result<Vec<_>, _> = paths.iter().map(|path| jobs::source(path)).collect();
    Ok(Event::Dropped { preview: jobs::preview(app, sources?)? })
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;
    use crate::test_app::Bench;

    /// What the page is told of a drop, as JSON.
    fn told(bench: &Bench, paths: &[PathBuf]) -> serde_json::Value {
        take(&bench.app, paths);
        bench.last()
    }

    #[test]
    fn what_is_no_small_file_is_refused_in_words() {
        let bench = Bench::unlocked();
        let folder = bench.home.path();
        let sparse = folder.join("large.bin");
        fs::File::create(&sparse).unwrap().set_len(1 << 30).unwrap();
        let device = folder.join("link");
        std::os::unix::fs::symlink("/dev/zero", &device).unwrap();
        let rubbish = folder.join("rubbish.bin");
        fs::write(&rubbish, [0, 159, 146, 150, 255]).unwrap();

        let many: Vec<PathBuf> = (0..200).map(|number| folder.join(number.to_string())).collect();
        for (paths, said) in [
            (vec![folder.to_owned()], "is a folder"),
            (vec![device], "not a file"),
            (vec![sparse], "has more than"),
            (vec![folder.join("missing.pem")], "does not exist"),
            (vec![rubbish], ""),
            (many, "200 files"),
        ] {
            let event = told(&bench, &paths);
            assert_eq!(event["type"], "drop-refused", "{event}");
            assert!(event["error"]["message"].as_str().unwrap().contains(said), "{event}");
        }
    }

    #[test]
    fn a_key_is_previewed_and_only_with_the_vault_open() {
        let bench = Bench::unlocked();
        let file = bench.home.path().join("checkout.jwk");
        let key = r#"{"kty":"oct","k":"b3JjaGlkLXR1bmRyYS1iaXNjdWl0LXZlbGNyby05NDE3","alg":"HS256"}"#;
        fs::write(&file, key).unwrap();
        let event = told(&bench, std::slice::from_ref(&file));
        assert_eq!((&event["type"], &event["preview"]["from"]), (&"dropped".into(), &"checkout.jwk".into()), "{event}");
        assert!(!event.to_string().contains("b3JjaGlk"));

        bench.app.lock(wire::WhyLocked::Asked).unwrap();
        assert_eq!(told(&bench, &[file])["error"]["code"], "locked");
    }

    #[test]
    fn several_files_are_previewed_together() {
        let bench = Bench::unlocked();
        let keys = ["orchid-tundra-biscuit-velcro-9417", "walnut-copper-lantern-meadow-2068"];
        let files: Vec<PathBuf> = keys
            .iter()
            .map(|key| {
                let file = bench.home.path().join(format!("{}.jwk", &key[..6]));
                let k = data_encoding::BASE64URL_NOPAD.encode(key.as_bytes());
                fs::write(&file, format!(r#"{{"kty":"oct","k":"{k}","alg":"HS256"}}"#)).unwrap();
                file
            })
            .collect();
        let event = told(&bench, &files);
        let found: Vec<_> =
            event["preview"]["items"].as_array().unwrap().iter().map(|item| &item["suggestedName"]).collect();
        assert_eq!(found, ["orchid", "walnut"], "{event}");

        // One that cannot be read is named, and nothing is taken without it.
        let with_folder = [files[0].clone(), bench.home.path().to_owned()];
        let event = told(&bench, &with_folder);
        assert!(event["error"]["message"].as_str().unwrap().ends_with("is a folder"), "{event}");
    }

    #[test]
    fn a_token_is_read_with_the_vault_closed() {
        let bench = Bench::locked();
        let file = bench.home.path().join("answer.txt");
        let token = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJqb2UiLCJleHAiOjEzMDA4MTkzODB9.c2lnbmF0dXJl";
        fs::write(&file, format!("Authorization: Bearer {token}\n")).unwrap();
        let event = told(&bench, &[file]);
        assert_eq!((&event["type"], &event["reading"]["token"]), (&"dropped-token".into(), &token.into()), "{event}");
    }
}
