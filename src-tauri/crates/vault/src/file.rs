//! The SQLite file: how it is opened, with which settings, and how it is told from other files.

use std::fs;
use std::io::Read;
use std::ops::Deref;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::beside::Beside;
use crate::fault::{At, Damage, Fault, FileError, PATIENCE, Part};
use crate::leftover::Interrupted;
use crate::{FORMAT, OLDEST_SQLITE};

/// How often a vault is looked at again that seemed to have a journal. Each time another program ended a write.
const LOOKS: usize = 100;

/// `KWV1`, in the header of the SQLite file.
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"KWV1");

/// No row is longer than this; a file that says so is damaged.
const LONGEST_ROW: i32 = 32 << 20;

/// The tables, exactly as they stand in the file. A file with anything more or less is refused, so nobody can smuggle
/// in a trigger or a view.
pub(crate) const TABLES: [(&str, &str); 5] = [
    (
        "header",
        "CREATE TABLE header (one INTEGER PRIMARY KEY CHECK (one = 1), format INTEGER NOT NULL, \
         vault_id BLOB NOT NULL, created INTEGER NOT NULL, checksum BLOB NOT NULL) STRICT",
    ),
    (
        "slot",
        "CREATE TABLE slot (id INTEGER PRIMARY KEY, type INTEGER NOT NULL, created INTEGER NOT NULL, \
         params BLOB NOT NULL, salt BLOB NOT NULL, commitment BLOB NOT NULL, alg INTEGER NOT NULL, \
         wrapped BLOB NOT NULL, checksum BLOB NOT NULL) STRICT",
    ),
    (
        "record",
        "CREATE TABLE record (id BLOB PRIMARY KEY NOT NULL, revision INTEGER NOT NULL, state INTEGER NOT NULL, \
         kind INTEGER NOT NULL, alg INTEGER NOT NULL, data_key BLOB NOT NULL, sealed BLOB NOT NULL, \
         secret_tag BLOB) STRICT",
    ),
    ("secret", "CREATE TABLE secret (record_id BLOB PRIMARY KEY NOT NULL, sealed BLOB NOT NULL) STRICT"),
    (
        "manifest",
        "CREATE TABLE manifest (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, \
         tag BLOB NOT NULL) STRICT",
    ),
];

/// What every connection is told. Why: docs/formats/vault-v1.md, "SQLite".
const SETTINGS: &str = "PRAGMA synchronous = EXTRA;
    PRAGMA fullfsync = ON;
    PRAGMA secure_delete = ON;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA foreign_keys = ON;";

/// One moment of a vault, for reading: nothing is written, whatever is found. Short-lived: one for each operation.
pub(crate) struct State(Connection);

/// What there is to read at a path.
pub(crate) enum Opened {
    /// The vault.
    State(State),
    /// A vault whose last write was interrupted.
    Interrupted(Interrupted),
}

impl State {
    /// Opens an existing vault for reading, and holds on to this moment of it.
    pub fn open(path: &Path) -> Result<Opened, FileError> {
        for _ in 0..LOOKS {
            if let Some(opened) = Self::look(path)? {
                return Ok(opened);
            }
        }
        Err(Fault::busy(path).into())
    }

    /// Nothing where a write ended between two looks of SQLite, so that it took the journal of that for a hot one.
    fn look(path: &Path) -> Result<Option<Opened>, FileError> {
        let beside = Beside::of(path)?;
        if beside.check()? {
            // SQLite is not shown that journal: as root it would give it to the owner of the vault, by reading alone.
            return Ok(Interrupted::found(beside)?.map(Opened::Interrupted));
        }
        check_sqlite(rusqlite::version_number(), rusqlite::version())?;
        let begin = || {
            let connection = prepared(Connection::open_with_flags(&beside.file, flags(READ_ONLY))?)?;
            connection.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema")?;
            Ok(connection)
        };
        let connection = match begin() {
            // A connection that cannot write plays no journal: SQLite says that there is one, and leaves it.
            Err(error) if is_interrupted(&error) => return Ok(Interrupted::found(beside)?.map(Opened::Interrupted)),
            begun => begun.at(path)?,
        };
        check(&connection, path)?;
        check_journal_mode(&connection, path)?;
        Ok(Some(Opened::State(Self(connection))))
    }

    /// Reads bytes as if they lay at `path`.
    pub fn in_memory(path: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        // SQLite reads nothing from memory that was switched to a write-ahead log (bytes 18 and 19 of the file).
        if bytes.get(18..20).is_some_and(|versions| versions != [1, 1]) {
            return Err(OTHER_MODE.into());
        }
        let mut connection = connect(path, Connection::open_in_memory)?;
        connection.deserialize_read_exact("main", bytes, bytes.len(), true).at(path)?;
        check(&connection, path)?;
        Ok(Self(connection))
    }
}

impl Deref for State {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

/// A vault that is written.
pub(crate) struct File(Connection);

impl File {
    /// Opens an existing vault for one write. Wants the write lock, and the names beside the vault.
    pub fn open(beside: &Beside) -> Result<Self, FileError> {
        let open = || Connection::open_with_flags(&beside.file, flags(OpenFlags::SQLITE_OPEN_READ_WRITE));
        connect(&beside.file, open).map(Self)
    }

    /// Begins to write; nobody else can until the transaction ends.
    pub fn writing(&mut self, beside: &Beside) -> Result<Transaction<'_>, FileError> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate).at(&beside.file)?;
        check(&transaction, &beside.file)?;
        check_journal_mode(&transaction, &beside.file)?;
        Ok(transaction)
    }
}

/// Whether the file at `path` begins like a vault, of whatever format and in whatever state. Nothing is written.
pub fn is_vault(path: &Path) -> bool {
    let read = || {
        let mut begin = [0; 72];
        // A pipe would be waited for.
        fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        fs::File::open(path).ok()?.read_exact(&mut begin).ok()?;
        Some(begin.starts_with(b"SQLite format 3\0") && begin.ends_with(&APPLICATION_ID.to_be_bytes()))
    };
    read().unwrap_or(false)
}

/// The bytes of a vault that `fill` puts its rows into. `path` is where it will lie.
pub(crate) fn build(path: &Path, fill: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<Vec<u8>, FileError> {
    let mut connection = connect(path, Connection::open_in_memory)?;
    let mut script = format!(
        "PRAGMA page_size = 4096; PRAGMA auto_vacuum = NONE; PRAGMA application_id = {APPLICATION_ID}; \
         PRAGMA user_version = {FORMAT};"
    );
    TABLES.iter().for_each(|(_, sql)| {
        script.push_str(sql);
        script.push(';');
    });
    connection.execute_batch(&script).and_then(|()| fill(&connection)).at(path)?;
    Ok(connection.serialize("main").at(path)?.to_vec())
}

const READ_ONLY: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY;

fn flags(access: OpenFlags) -> OpenFlags {
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn connect(path: &Path, open: impl FnOnce() -> rusqlite::Result<Connection>) -> Result<Connection, FileError> {
    check_sqlite(rusqlite::version_number(), rusqlite::version())?;
    open().and_then(prepared).at(path)
}

/// A connection that was told what every connection is told.
fn prepared(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_ROW)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

const OTHER_MODE: Damage = Damage { part: Part::File, what: "was switched to another journal mode" };

fn check_journal_mode(db: &Connection, path: &Path) -> Result<(), FileError> {
    let mode: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0)).at(path)?;
    if mode == "delete" { Ok(()) } else { Err(OTHER_MODE.into()) }
}

/// Whether there is a journal that this connection may not play.
fn is_interrupted(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_READONLY_ROLLBACK)
}

/// Whether this is a vault of a format that we read, with the tables of that format and no other.
fn check(db: &Connection, path: &Path) -> Result<(), FileError> {
    let pragma = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let application = pragma("application_id").at(path)?;
    if application != APPLICATION_ID {
        let why = "it is an SQLite file of another program, or empty";
        return Err(FileError::NotAVault { path: path.to_owned(), why });
    }
    let version = pragma("user_version").at(path)?;
    match u32::try_from(version) {
        Ok(FORMAT) => {}
        Ok(found) if found > FORMAT => return Err(FileError::NewerFormat { found }),
        _ => return Err(Part::File.is("has a format number that was never used").into()),
    }

    let found = read_schema(db).at(path)?;
    let tables = TABLES.iter().map(|&(name, sql)| (name.to_owned(), Some(sql.to_owned())));
    let indices = ["sqlite_autoindex_record_1", "sqlite_autoindex_secret_1"].map(|name| (name.to_owned(), None));
    let mut wanted: Vec<_> = tables.chain(indices).collect();
    wanted.sort();
    if found == wanted { Ok(()) } else { Err(Part::Schema.is("is not the one of format 1").into()) }
}

fn read_schema(db: &Connection) -> rusqlite::Result<Vec<(String, Option<String>)>> {
    let mut statement = db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

fn check_sqlite(found: i32, text: &str) -> Result<(), Fault> {
    if found < OLDEST_SQLITE { Err(Fault::OldSqlite { found: text.to_owned() }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_sqlite_is_refused() {
        assert!(check_sqlite(rusqlite::version_number(), rusqlite::version()).is_ok());
        insta::assert_snapshot!(
            check_sqlite(3_051_002, "3.51.2").unwrap_err(),
            @"SQLite 3.51.2 is too old; wanted 3.51.3 or later"
        );
    }
}
