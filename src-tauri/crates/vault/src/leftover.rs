//! Leftover of an interrupted write: the file and its journal, as they lie there.

use std::{fs, io::ErrorKind};

use crate::beside::{Beside, OF_OTHERS};
use crate::fault::{Fault, FileError};
use crate::journal;

/// A vault whose last write was interrupted.
pub(crate) struct Interrupted {
    pub beside: Beside,
    pub file: Vec<u8>,
    /// The file with its journal undone, or why the journal is not this file's.
    pub undone: Result<Vec<u8>, &'static str>,
}

impl Interrupted {
    /// Reads the file and its journal; nothing where the journal is gone, since the write that it was for has ended.
    ///
    /// The vault's bytes are read without SQLite here, and closing the file drops this process's locks on it (POSIX); nobody
    /// holds one that matters, since a file with a journal is replaced before anybody writes it.
    pub fn found(beside: Beside) -> Result<Option<Self>, FileError> {
        let failed = |error| Fault::from_io(&beside.file, error);
        let file = fs::read(&beside.file).map_err(failed)?;
        let Some(journal) = Self::trusted_journal(&beside, file.len())? else { return Ok(None) };
        let undone = journal.and_then(|journal| journal::undo(&file, &journal).map_err(|journal::NotOurs(why)| why));
        Ok(Some(Self { beside, file, undone }))
    }

    /// The journal, if its owner and its size are those of a write to this file.
    fn trusted_journal(beside: &Beside, file: usize) -> Result<Option<Result<Vec<u8>, &'static str>>, Fault> {
        let path = beside.journal();
        let Some(found) = beside.look(&path)? else { return Ok(None) };
        if !beside.is_owners(&found) {
            return Ok(Some(Err(OF_OTHERS)));
        }
        // Each page of the file once, and a header before each: a longer one would only fill the memory.
        if found.len() > 4 * (file as u64 + (1 << 20)) {
            return Ok(Some(Err("it is longer than a journal of this file can be")));
        }
        match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            read => read.map(|journal| Some(Ok(journal))).map_err(|error| Fault::from_io(&path, error)),
        }
    }
}
