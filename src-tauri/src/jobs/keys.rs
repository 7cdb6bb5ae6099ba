//! Keys: made, imported, named, handed out, deleted.

use std::path::Path;
use std::time::SystemTime;

use jose::key::SecretEncoding;
use wire::commands::{
    Choosing, Comparing, Fields, Keeping, Named, OfPreview, PrivateOf, PublicOf, Renaming, Unlocking,
};
use wire::{
    Code, Comparison, Copied, CredentialAdded, ErrorBody, Event, ImportPreview, KeyDetail, KeyRow, NewCredential,
    NewKey, SavedFile, Undo,
};
use workbench::credentials::{self, New};
use workbench::imports::{self, KeySource};
use workbench::keys::{self, Age, At, Coming, For};
use workbench::ports::Ports;
use workbench::session::Session;
use zeroize::Zeroizing;

use crate::app_state::AppState;
use crate::dialogs::Question;
use crate::jobs::Answer;
use crate::jobs::saving::{file_name, save};
use crate::jobs::undoable::{kept, undoable};

pub(crate) fn keys_list(app: &AppState, (): ()) -> Answer<Vec<KeyRow>> {
    app.with(|open, ports| Ok(keys::rows(&open.session, ports.clock.now())?.iter().map(KeyRow::from).collect()))
}

pub(crate) fn key_show(app: &AppState, Named { name }: Named) -> Answer<KeyDetail> {
    app.with(|open, ports| detail(&open.session, &name, ports))
}

pub(crate) fn key_generate(app: &AppState, new: NewKey) -> Answer<KeyDetail> {
    let running = app.begin(new.job);
    let alg = alg(&new.alg)?;
    app.with(|_, _| Ok(()))?;
    app.tell(&Event::Progress { job: Some(new.job), fraction: None, words: format!("Making a key for {alg}") });
    // Without the vault in hand: an RSA key takes a second or more.
    let made = keys::make(alg, new.rsa_bits, &running.cancel, &app.ports)?;
    app.with(|open, ports| {
        let belongs = new.place.as_ref().map(|at| For { profile: &at.profile, environment: &at.environment });
        let kept = keys::keep_made(&mut open.session, made, &new.name, belongs, ports)?;
        detail(&open.session, &kept.credential.name, ports)
    })
}

pub(crate) fn credential_add(app: &AppState, new: NewCredential) -> Answer<CredentialAdded> {
    let secret = Zeroizing::new(new.secret.expose().to_owned());
    let encoding = new.encoding.as_deref().map(encoding).transpose()?;
    app.with(|open, ports| {
        let at = For { profile: &new.place.profile, environment: &new.place.environment };
        let (name, fields) = (new.name.as_str(), new.fields.clone());
        let new = New { name, at, role: Some(&new.role), secret: &secret, fields, encoding };
        let added = credentials::add(&mut open.session, &new, ports)?;
        let key = detail(&open.session, &added.credential.name, ports)?;
        let noticed = added.findings.iter().map(|finding| finding.message.clone()).collect();
        Ok(CredentialAdded { key, removed: added.removed, noticed })
    })
}

pub(crate) fn credential_set(app: &AppState, Fields { name, fields }: Fields) -> Answer<KeyDetail> {
    app.with(|open, ports| {
        credentials::set_fields(&mut open.session, &name, &fields, ports)?;
        detail(&open.session, &name, ports)
    })
}

fn encoding(name: &str) -> Answer<SecretEncoding> {
    SecretEncoding::ALL.into_iter().find(|encoding| encoding.name() == name).ok_or_else(|| {
        let names: Vec<&str> = SecretEncoding::ALL.iter().map(|encoding| encoding.name()).collect();
        ErrorBody::new(Code::Usage, format!("{name:?} is not an encoding; wanted one of {}", names.join(", ")), None)
    })
}

pub(crate) fn import_clipboard(app: &AppState, (): ()) -> Answer<ImportPreview> {
    app.with(|_, _| Ok(()))?;
    let text = app.copies.read()?.ok_or_else(|| {
        ErrorBody::new(Code::NotFound, "there is no text in the clipboard", Some("copy the key first"))
    })?;
    let pasted = KeySource {
        from: "pasted text".to_owned(),
        bytes: text.as_bytes().to_vec().into(),
        is_file: false,
        modified: None,
    };
    preview(app, vec![pasted])
}

pub(crate) fn import_file(app: &AppState, (): ()) -> Answer<Option<ImportPreview>> {
    app.with(|_, _| Ok(()))?;
    match app.dialogs.open_file("Import a key") {
        Some(path) => preview(app, vec![source(&path)?]).map(Some),
        None => Ok(None),
    }
}

pub(crate) fn import_unlock(app: &AppState, of: Unlocking) -> Answer<ImportPreview> {
    let passphrase = Zeroizing::new(of.passphrase.expose().to_owned());
    app.with(|open, ports| {
        Ok(ImportPreview::from(&open.imports.unlock(of.preview, &passphrase, &open.session, ports)?))
    })
}

pub(crate) fn import_keep(app: &AppState, keeping: Keeping) -> Answer<KeyDetail> {
    let Keeping { preview, item, name, alg: wanted, place, made } = keeping;
    let made = made.map_or(Age::NotKnown, |at| Age::Made(At(at)));
    let wanted = wanted.as_deref().map(alg).transpose()?;
    app.with(|open, ports| {
        let belongs = place.as_ref().map(|at| For { profile: &at.profile, environment: &at.environment });
        let coming = Coming { name: &name, alg: wanted, kid: None, belongs, made };
        let kept = open.imports.keep(&mut open.session, preview, item, &coming, ports)?;
        detail(&open.session, &kept.credential.name, ports)
    })
}

pub(crate) fn import_forget(app: &AppState, of: OfPreview) -> Answer<()> {
    app.with(|open, _| {
        open.imports.forget(of.preview);
        Ok(())
    })
}

pub(crate) fn key_rename(app: &AppState, Renaming { name, wanted }: Renaming) -> Answer<KeyDetail> {
    app.with(|open, ports| {
        let renamed = keys::rename(&mut open.session, &name, &wanted, ports)?;
        detail(&open.session, &renamed.name, ports)
    })
}

/// Answers what takes it back; nothing where the target calls with this key already.
pub(crate) fn key_choose(app: &AppState, Choosing { name, place }: Choosing) -> Answer<Option<Undo>> {
    app.with_consent(|open, ports| {
        let place = For { profile: &place.profile, environment: &place.environment };
        let (_, undo) = keys::choose_for(&mut open.session, &name, place, ports)?;
        Ok(undo.map(|undo| kept(open, undo)))
    })
}

pub(crate) fn key_delete_ending_use(app: &AppState, Named { name }: Named) -> Answer<Undo> {
    undoable(app, |session, ports| keys::delete_ending_use(session, &name, ports))
}

pub(crate) fn key_delete(app: &AppState, Named { name }: Named) -> Answer<Undo> {
    undoable(app, |session, ports| keys::delete(session, &name, ports))
}

pub(crate) fn key_restore(app: &AppState, Named { name }: Named) -> Answer<KeyDetail> {
    app.with(|open, ports| {
        let restored = keys::restore(&mut open.session, &name, ports)?;
        detail(&open.session, &restored.name, ports)
    })
}

/// Answers whether it was done: the person may have said no.
pub(crate) fn key_destroy(app: &AppState, Named { name }: Named) -> Answer<bool> {
    let shown = app.with(|open, ports| detail(&open.session, &name, ports))?.key.name;
    let question = Question {
        title: format!("Destroy the key {shown} for good?"),
        detail: "Nobody can bring it back, not even from this vault. What it signed stays valid.".to_owned(),
        verb: "Destroy the key".to_owned(),
    };
    if !app.dialogs.confirm(&question) {
        return Ok(false);
    }
    app.with(|open, ports| keys::destroy(&mut open.session, &name, ports).map(|()| true))
}

pub(crate) fn key_copy_public(app: &AppState, PublicOf { name, format }: PublicOf) -> Answer<Copied> {
    let bytes = app.with(|open, _| keys::export_public(&open.session, &name, format.into()))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        ErrorBody::new(Code::Usage, "this form is bytes, not text", Some("save it to a file, or copy another form"))
    })?;
    app.copies.plain(&text)?;
    Ok(Copied { what: format!("Public key of {name}"), clears_in_seconds: None })
}

pub(crate) fn key_save_public(app: &AppState, PublicOf { name, format }: PublicOf) -> Answer<Option<SavedFile>> {
    let bytes = app.with(|open, _| keys::export_public(&open.session, &name, format.into()))?;
    let format = keys::PublicFormat::from(format);
    let Some(path) = app.dialogs.save_file("Save the public key", &file_name(&name, format.extension())) else {
        return Ok(None);
    };
    save(&path, &bytes, format!("Public key of {name}")).map(Some)
}

pub(crate) fn key_save_private(app: &AppState, of: PrivateOf) -> Answer<Option<SavedFile>> {
    let PrivateOf { name, format, passphrase } = of;
    let format = keys::PrivateFormat::from(format);
    let shown = app.with(|open, ports| detail(&open.session, &name, ports))?.key.name;
    let protection = if passphrase.is_some() { "encrypted with the passphrase you typed" } else { "NOT encrypted" };
    let question = Question {
        title: format!("Write the private key {shown} to a file?"),
        detail: format!("Whoever has the file can sign as you. It will be {protection}, and readable by you alone."),
        verb: "Export the private key".to_owned(),
    };
    if !app.dialogs.confirm(&question) {
        return Ok(None);
    }
    let Some(path) = app.dialogs.save_file("Export the private key", &file_name(&shown, format.extension())) else {
        return Ok(None);
    };
    let secret = passphrase.as_ref().map(|typed| typed.expose().as_bytes());
    let to = path.display().to_string();
    let bytes = app.with(|open, ports| keys::export_private(&mut open.session, &name, format, secret, &to, ports))?;
    save(&path, &bytes, format!("Private key of {shown}, {protection}")).map(Some)
}

pub(crate) fn key_compare(app: &AppState, Comparing { name, text }: Comparing) -> Answer<Comparison> {
    app.with(|open, _| Ok(Comparison::from(&keys::compare(&open.session, &name, &text)?)))
}

/// Looks into what may hold keys; the private bytes stay on the desk.
pub(crate) fn preview(app: &AppState, sources: Vec<KeySource>) -> Answer<ImportPreview> {
    app.with(|open, ports| Ok(ImportPreview::from(&open.imports.preview(&open.session, sources, ports)?)))
}

/// What a file holds. Only a regular file is opened: a pipe would never end, a device may do anything.
pub(crate) fn source(path: &Path) -> Answer<KeySource> {
    let refused = |message: String, hint| Err(ErrorBody::new(Code::Malformed, message, hint));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match path.metadata() {
        Ok(found) if found.is_dir() => return refused(format!("{name:?} is a folder"), Some("choose one file in it")),
        Ok(found) if !found.is_file() => {
            return refused(format!("{name:?} is not a file but a device or a pipe"), None);
        }
        _ => {}
    }
    match host::read(path, imports::MOST_BYTES) {
        Ok(bytes) => Ok(KeySource { from: name, bytes, is_file: true, modified: modified(path) }),
        Err(error) => refused(error.to_string(), error.hint()),
    }
}

/// When a file was changed last, in seconds since 1970.
fn modified(path: &Path) -> Option<i64> {
    let at = path.metadata().and_then(|file| file.modified()).ok()?;
    i64::try_from(at.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs()).ok()
}

fn detail(session: &Session, name: &str, ports: &Ports) -> Result<KeyDetail, workbench::Error> {
    Ok(KeyDetail::from(&keys::detail(session, name, ports.clock.now())?))
}

fn alg(name: &str) -> Answer<jose::Alg> {
    name.parse().map_err(|_| ErrorBody::new(Code::Malformed, format!("there is no algorithm {name:?}"), None))
}
