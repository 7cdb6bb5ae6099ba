//! An interrupted write: which of two states the vault is in, and how the next write puts that state in place.
//!
//! A process that is killed while it writes leaves a journal beside the file. So does whoever wants the file undone: a
//! journal is found by its name, and carries nothing that says who wrote it. It is therefore never played into the
//! file. There are two states that the vault may be in, the file as it stands and the file with the journal undone, and
//! both are tried in memory. The file counts if it is whole by itself; only a file that is not is undone, and only if
//! what comes out is whole. With the vault's key, whole means that every row opens and the manifest agrees, which
//! nobody can forge.
//!
//! Reading changes nothing on the disk. The next write puts the state in place before it begins.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use disk::{Existing, write_whole};
use rusqlite::Connection;

use crate::beside::Beside;
use crate::fault::{At, Fault, FileError, Part};
use crate::file::{Opened, State};
use crate::leftover::Interrupted;

/// How often the vault is looked at again when neither state is whole: another program may have put one in place.
const LOOKS: usize = 3;
/// The time between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Which state counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// The file as it stands.
    AsItIs,
    /// The file with its journal undone.
    Undone,
}

/// Reads the present state of the vault at `path`. Where a write was interrupted, that is the first state that `whole`
/// accepts.
pub(crate) fn read<T, E>(
    path: &Path,
    whole: impl Fn(&Connection) -> Result<(), E>,
    read: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<FileError> + std::error::Error,
{
    let mut looks = 0;
    loop {
        match State::open(path)? {
            Opened::State(state) => return read(&state),
            Opened::Interrupted(interrupted) => match interrupted.present(&whole) {
                Ok((state, (), _)) => return read(&state),
                Err(error) => {
                    looks += 1;
                    if looks == LOOKS {
                        return Err(error);
                    }
                    sleep(PAUSE);
                }
            },
        }
    }
}

/// Puts the present state in place where a write was interrupted, and the journal out of the way. Wants the write lock.
pub(crate) fn settle<E>(beside: &Beside, whole: impl Fn(&Connection) -> Result<(), E>) -> Result<(), E>
where
    E: From<FileError> + std::error::Error,
{
    let journal = beside.look(&beside.journal()).map_err(FileError::from)?;
    if journal.is_none_or(|found| found.len() == 0) {
        return Ok(());
    }
    match State::open(&beside.file)? {
        Opened::State(_) => Ok(()),
        Opened::Interrupted(interrupted) => {
            let (_, (), which) = interrupted.present(whole)?;
            Ok(interrupted.put_in_place(which).map_err(FileError::from)?)
        }
    }
}

impl Interrupted {
    /// The state that counts, with what `whole` found in it.
    fn present<T, E>(&self, whole: impl Fn(&Connection) -> Result<T, E>) -> Result<(State, T, Which), E>
    where
        E: From<FileError> + std::error::Error,
    {
        let try_state = |bytes: &[u8]| {
            let state = self.state(bytes)?;
            whole(&state).map(|found| (state, found))
        };
        let as_it_is = match try_state(&self.file) {
            Ok((state, found)) => return Ok((state, found, Which::AsItIs)),
            Err(error) => error,
        };
        let undone = match &self.undone {
            Ok(bytes) => match try_state(bytes) {
                Ok((state, found)) => return Ok((state, found, Which::Undone)),
                Err(error) => error.to_string(),
            },
            Err(why) => (*why).to_owned(),
        };
        let path = self.beside.file.clone();
        Err(FileError::Interrupted { path, as_it_is: as_it_is.to_string(), undone }.into())
    }

    /// Every state that can be read without the key, the one that counts first.
    pub fn readable<T>(&self, read: impl Fn(&Connection) -> Result<T, FileError>) -> Result<Vec<T>, FileError> {
        let (_, first, which) = self.present(&read)?;
        let mut all = vec![first];
        // The other one may be the state that counts once the key is known.
        if let (Which::AsItIs, Ok(bytes)) = (which, &self.undone) {
            all.extend(self.state(bytes).and_then(|state| read(&state)).ok());
        }
        Ok(all)
    }

    /// A state in memory, if it holds together as an SQLite file.
    fn state(&self, bytes: &[u8]) -> Result<State, FileError> {
        let state = State::in_memory(&self.beside.file, bytes)?;
        let check = state.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
        match check.at(&self.beside.file)?.as_str() {
            "ok" => Ok(state),
            _ => Err(Part::File.is("does not hold together").into()),
        }
    }

    /// Writes the state that counts as the file, and keeps what stood there before. A kill between two steps leaves a
    /// whole file, beside which the journal means nothing any more.
    fn put_in_place(&self, which: Which) -> Result<(), Fault> {
        let Self { beside, .. } = self;
        let journal = beside.journal();
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| Fault::from_io(&path, error)
        };
        if let Some(found) = beside.look(&journal)? {
            beside.check_owner(&journal, &found)?;
        }
        let bytes = match (which, &self.undone) {
            (Which::Undone, Ok(undone)) => {
                let kept = beside.kept();
                let folder = disk::folder_of(&kept);
                fs::remove_file(&kept).or_else(ignore_missing).map_err(failed(folder))?;
                fs::hard_link(&beside.file, &kept)
                    .or_else(|_| write_whole(&kept, &self.file, Existing::Replace))
                    .map_err(failed(folder))?;
                undone
            }
            // Written anew as well: whoever was killed may not have waited for the disk.
            _ => &self.file,
        };
        write_whole(&beside.file, bytes, Existing::Replace).map_err(failed(&beside.file))?;
        beside.dress(&beside.file)?;
        fs::rename(&journal, beside.kept_journal()).or_else(ignore_missing).map_err(failed(&journal))?;
        disk::sync_folder(disk::folder_of(&beside.file)).map_err(failed(&beside.file))
    }
}

fn ignore_missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
