//! Providers' definitions: those that are built in, and those of the person's own. The text that the person agreed to lies in
//! the vault and is what counts; the file that it came from may be edited at any time, and is followed when they say so.

use std::path::{Path, PathBuf};

use provider::{Change, Definition, Tier, Touch};

use crate::{
    ground::{DefinitionError, Error, UndoError, ports::Ports},
    jobs::undo::Undo,
    policy::{
        binding::{self, goes_elsewhere},
        consent,
    },
    resolve::definitions::{checked, named, read, text},
    store::{
        records::{Credential, OwnDefinition, Profile, Stored, VERSION},
        session::Session,
        transaction::Writes,
    },
};

/// A definition of the person's own, beside its file.
#[derive(Debug)]
pub struct Own {
    /// What counts.
    pub definition: &'static Definition,
    /// Whether it stands in for a built-in one.
    pub stands_in: bool,
    /// Where it came from, if it came from a file.
    pub file: Option<PathBuf>,
    /// What that file holds now.
    pub on_disk: OnDisk,
}

/// What stands in the file of a definition, compared with the text that counts.
#[derive(Debug)]
pub enum OnDisk {
    /// It came from no file.
    NoFile,
    /// The same.
    Same,
    /// Something else that is a definition too: what changed. Nothing where only comments and spaces did.
    Changed(Vec<Change>),
    /// It cannot be taken: why.
    Unfit(Error),
}

/// Every definition of the person's own, by id.
pub fn own(session: &Session, ports: &Ports) -> Result<Vec<Own>, Error> {
    session.each::<OwnDefinition>()?.map(|stored| beside_its_file(&stored.value, ports)).collect()
}

fn beside_its_file(own: &OwnDefinition, ports: &Ports) -> Result<Own, Error> {
    let on_disk = match &own.file {
        None => OnDisk::NoFile,
        Some(file) => compared(own, file, ports).unwrap_or_else(OnDisk::Unfit),
    };
    let stands_in = provider::built_in_named(&own.id).is_some();
    Ok(Own { definition: read(own)?, stands_in, file: own.file.clone(), on_disk })
}

fn compared(own: &OwnDefinition, file: &Path, ports: &Ports) -> Result<OnDisk, Error> {
    let bytes = ports.files.read(file)?;
    if bytes == own.text.as_bytes() {
        return Ok(OnDisk::Same);
    }
    let (text, definition) = checked(bytes, Some(file))?;
    same_id(own, &definition, file)?;
    Ok(OnDisk::Changed(changes(&own.text, &text)))
}

/// What a definition was taken from.
#[derive(Debug)]
pub struct DefinitionFile {
    /// The text.
    pub bytes: Vec<u8>,
    /// The file that it stands in, to be looked at again; none where it came over a pipe.
    pub file: Option<PathBuf>,
}

/// A definition that counts from now on.
#[derive(Debug)]
pub struct Taken {
    /// The definition.
    pub definition: &'static Definition,
    /// What changed from the one that counted before; none where there was none.
    pub changes: Option<Vec<Change>>,
    /// What takes it back; none where there was nothing before.
    pub undo: Option<Undo>,
}

/// Takes a definition into use, in place of the one of the same id. Where live credentials would follow it elsewhere, asks
/// first.
pub fn take(session: &mut Session, source: DefinitionFile, ports: &Ports) -> Result<Taken, Error> {
    let read = checked(source.bytes, source.file.as_deref())?;
    session.refresh()?;
    take_checked(session, read, source.file.as_deref(), ports)
}

/// The same for what is a definition.
fn take_checked(
    session: &mut Session,
    (text, definition): (String, Definition),
    file: Option<&Path>,
    ports: &Ports,
) -> Result<Taken, Error> {
    let id = definition.id.as_str();
    let before = self::text(session, id).map(str::to_owned);
    let changed = before.as_deref().map(|before| changes(before, &text));
    let agreed = follow(session, &definition, changed.as_deref().unwrap_or_default(), ports)?;
    let ((), steps) = session.transact_undoable(ports, |session| {
        if self::text(session, id) != before.as_deref() {
            return Err(Error::Undo(UndoError::ChangedSince {
                what: format!("the definition of {}", definition.name),
            }));
        }
        let own = OwnDefinition {
            v: VERSION,
            id: id.to_owned(),
            text: text.clone(),
            file: file.map(Path::to_owned),
            taken: ports.clock.now(),
        };
        let mut writes = Writes::default();
        match session.find::<OwnDefinition>(id) {
            Ok(stored) => writes.replace(&Stored { value: own, ..stored.clone() }, session),
            Err(_) => writes.add(&own, None, ports),
        }
        bind_again(session, &definition, agreed, &mut writes)?;
        Ok((writes, ()))
    })?;
    let undo = Undo::of_records(format!("{} follows its changed definition.", definition.name), steps);
    Ok(Taken { definition: named(session, id)?, undo: changed.is_some().then_some(undo), changes: changed })
}

/// Reads the file of a definition again and takes what it holds now.
pub fn take_again(session: &mut Session, id: &str, ports: &Ports) -> Result<Taken, Error> {
    session.refresh()?;
    let own = session.named::<OwnDefinition>(id)?.value;
    let Some(file) = own.file.clone() else {
        return Err(Error::Definition(DefinitionError::NoDefinitionFile { id: own.id }));
    };
    let read = checked(ports.files.read(&file)?, Some(&file))?;
    same_id(&own, &read.1, &file)?;
    take_checked(session, read, Some(&file), ports)
}

/// Forgets a definition of the person's own. The built-in one of its id, if there is one, counts again; else no profile
/// may need it any more.
pub fn remove(session: &mut Session, id: &str, ports: &Ports) -> Result<Undo, Error> {
    session.refresh()?;
    let own = session.named::<OwnDefinition>(id)?.value;
    let beneath = provider::built_in_named(id).zip(provider::built_in_text(id));
    let agreed = match beneath {
        Some((definition, text)) => follow(session, definition, &changes(&own.text, text), ports)?,
        None => false,
    };
    let ((), steps) = session.transact_undoable(ports, |session| {
        let mut users = session.each::<Profile>()?.filter(|profile| profile.value.provider == id).peekable();
        let mut writes = Writes::default();
        writes.delete(session.find::<OwnDefinition>(id)?, format!("definition of {id}"));
        match beneath {
            Some((definition, _)) => bind_again(session, definition, agreed, &mut writes)?,
            None if users.peek().is_some() => {
                let profiles = users.map(|profile| profile.value.name.clone()).collect();
                return Err(Error::Definition(DefinitionError::ProviderInUse { id: id.to_owned(), profiles }));
            }
            None => {}
        }
        Ok((writes, ()))
    })?;
    Ok(Undo::of_records(format!("Forgot the definition of {id}. Its file stays."), steps))
}

fn same_id(own: &OwnDefinition, found: &Definition, file: &Path) -> Result<(), Error> {
    if found.id == own.id {
        return Ok(());
    }
    Err(Error::Definition(DefinitionError::OtherProvider {
        file: file.to_owned(),
        found: found.id.clone(),
        wanted: own.id.clone(),
    }))
}

/// What changed between two texts that are definitions.
fn changes(old: &str, new: &str) -> Vec<Change> {
    provider::diff(old, new).unwrap_or_default()
}

/// Asks before live credentials follow a definition elsewhere; says whether that was asked.
fn follow(session: &Session, definition: &Definition, changes: &[Change], ports: &Ports) -> Result<bool, Error> {
    let mut touched: Vec<Touch> = changes.iter().filter_map(|change| change.touches).collect();
    touched.sort_unstable();
    touched.dedup();
    let live = session.each::<Credential>()?.filter(|credential| {
        let binding = credential.value.binding.as_ref();
        binding.is_some_and(|binding| binding.provider == definition.id && binding.tier == Tier::Live)
    });
    let live: Vec<&Credential> = live.map(|credential| &credential.value).collect();
    let Some(first) = live.first().and_then(|credential| credential.binding.as_ref()) else { return Ok(false) };
    if touched.is_empty() {
        return Ok(false);
    }
    let touched: Vec<String> = touched.iter().map(Touch::to_string).collect();
    let keys: Vec<&str> = live.iter().map(|credential| credential.name.as_str()).collect();
    let act = format!("following the changed definition ({})", touched.join(", "));
    consent::to_follow(&definition.name, &keys.join(", "), &first.label, &act, ports)?;
    Ok(true)
}

/// Seals the credentials that profiles use there for the hosts that the definition names now. What no longer fits stays
/// as it was, and is refused when it is used; so does a live one that would go elsewhere without a word about it.
fn bind_again(session: &Session, definition: &Definition, agreed: bool, writes: &mut Writes<'_>) -> Result<(), Error> {
    for profile in session.each::<Profile>()?.filter(|profile| profile.value.provider == definition.id) {
        for (id, place) in &profile.value.environments {
            let Some(environment) = definition.environment(id) else { continue };
            for name in place.names() {
                let Ok(mut credential) = session.named::<Credential>(name) else { continue };
                let before = credential.value.binding.clone();
                let bound = binding::bind(&mut credential.value, definition, environment, &profile.value, None);
                let elsewhere =
                    before.zip(credential.value.binding.as_ref()).is_some_and(|(from, to)| goes_elsewhere(&from, to));
                if bound.is_ok() && (agreed || !elsewhere) {
                    writes.replace(&credential, session);
                }
            }
        }
    }
    Ok(())
}
