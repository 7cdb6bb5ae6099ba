//! The SQLite file: how it is opened, with which settings, and how it is told from other files.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::fault::{At, Fault, FileError, Part};
use crate::{FORMAT, OLDEST_SQLITE};

/// How long to wait for somebody else's write.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

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

/// An open connection to a vault's file. Short-lived: one per operation.
pub(crate) struct File {
    connection: Connection,
    path: PathBuf,
}

impl File {
    /// Opens an existing vault. Falls back to reading alone where the file may not be written.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let file = Self::connect(path)?;
        file.check_identity()?;
        file.check_schema()?;
        Ok(file)
    }

    /// Makes an empty vault in a file that exists and is empty.
    pub fn initialise(path: &Path) -> Result<Self, FileError> {
        let file = Self::connect(path)?;
        let mut script = format!(
            "PRAGMA page_size = 4096; PRAGMA auto_vacuum = NONE; PRAGMA application_id = {APPLICATION_ID}; \
             PRAGMA user_version = {FORMAT};"
        );
        TABLES.iter().for_each(|(_, sql)| {
            script.push_str(sql);
            script.push(';');
        });
        file.connection.execute_batch(&script).at(path)?;
        Ok(file)
    }

    /// Reads everything as it stood at one moment.
    pub fn reading(&mut self) -> Result<Transaction<'_>, FileError> {
        self.begin(TransactionBehavior::Deferred)
    }

    /// Writes; nobody else can from here on until the transaction ends.
    pub fn writing(&mut self) -> Result<Transaction<'_>, FileError> {
        self.begin(TransactionBehavior::Immediate)
    }

    fn begin(&mut self, behavior: TransactionBehavior) -> Result<Transaction<'_>, FileError> {
        let Self { connection, path } = self;
        connection.transaction_with_behavior(behavior).at(path)
    }

    fn connect(path: &Path) -> Result<Self, FileError> {
        check_sqlite(rusqlite::version_number(), rusqlite::version())?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connect = || -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(PATIENCE)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
            connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_ROW)?;
            connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
            connection.execute_batch(SETTINGS)?;
            Ok(connection)
        };
        let connection = connect().at(path)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    fn check_identity(&self) -> Result<(), FileError> {
        let pragma = |name: &str| self.connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let application = pragma("application_id").at(&self.path)?;
        if application != APPLICATION_ID {
            let why = "it is an SQLite file of another program, or empty";
            return Err(FileError::NotAVault { path: self.path.clone(), why });
        }
        let version = pragma("user_version").at(&self.path)?;
        match u32::try_from(version) {
            Ok(FORMAT) => {}
            Ok(found) if found > FORMAT => return Err(FileError::NewerFormat { found }),
            _ => return Err(Part::File.is("has a format number that was never used").into()),
        }
        let journal: String =
            self.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).at(&self.path)?;
        if journal == "delete" { Ok(()) } else { Err(Part::File.is("was switched to another journal mode").into()) }
    }

    fn check_schema(&self) -> Result<(), FileError> {
        let found = self.read_schema().at(&self.path)?;
        let tables = TABLES.iter().map(|&(name, sql)| (name.to_owned(), Some(sql.to_owned())));
        let indices = ["sqlite_autoindex_record_1", "sqlite_autoindex_secret_1"].map(|name| (name.to_owned(), None));
        let mut wanted: Vec<_> = tables.chain(indices).collect();
        wanted.sort();
        if found == wanted { Ok(()) } else { Err(Part::Schema.is("is not the one of format 1").into()) }
    }

    fn read_schema(&self) -> rusqlite::Result<Vec<(String, Option<String>)>> {
        let mut statement = self.connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    }
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
