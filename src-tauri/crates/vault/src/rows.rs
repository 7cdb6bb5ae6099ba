//! The rows of a vault, and the only SQL that reads or writes them.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::FORMAT;
use crate::aad::{Fields, Identity, SealedPart};
use crate::fault::{Damage, Part};
use crate::ids::{Epoch, Kind, RecordId, Revision, VaultId};
use crate::seal::{SEALED_KEY, TAG};
use crate::slot::{self, Slot};

/// A manifest's MAC.
pub(crate) type ManifestTag = [u8; 32];

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// A record.
    Live = 0,
    /// What is left of a deleted one. It stays, so that the record cannot come back.
    Tombstone = 1,
}

impl State {
    /// What is sealed in a row of this state.
    pub fn sealed_part(self) -> SealedPart {
        match self {
            Self::Live => SealedPart::Metadata,
            Self::Tombstone => SealedPart::Tombstone,
        }
    }
}

/// The vault's identity. It never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub vault: VaultId,
    /// When it was created, in seconds since 1970.
    pub created: i64,
}

/// A record or a tombstone, without the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordRow {
    pub id: RecordId,
    pub revision: Revision,
    pub state: State,
    pub kind: Kind,
    pub alg: u8,
    pub data_key: [u8; SEALED_KEY],
    /// The metadata, or the tombstone.
    pub sealed: Vec<u8>,
    /// Where there is a secret, the tag of its seal.
    pub secret_tag: Option<[u8; TAG]>,
}

impl RecordRow {
    pub fn identity(&self, vault: VaultId) -> Identity {
        Identity { vault, record: self.id, revision: self.revision, kind: self.kind }
    }
}

/// Where the vault stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub epoch: Epoch,
    pub tag: ManifestTag,
}

impl Header {
    fn checksum(&self) -> [u8; 16] {
        slot::checksum(
            &Fields::new("keywright vault header checksum")
                .field(&FORMAT.to_le_bytes())
                .field(self.vault.as_bytes())
                .field(&self.created.to_le_bytes()),
        )
    }

    pub fn read(db: &Connection) -> rusqlite::Result<Result<Self, Damage>> {
        let row = |row: &Row<'_>| {
            let header = Self { vault: VaultId::from_bytes(row.get(1)?), created: row.get(2)? };
            Ok((row.get::<_, u32>(0)?, header, row.get::<_, [u8; 16]>(3)?))
        };
        let found =
            db.query_row("SELECT format, vault_id, created, checksum FROM header WHERE one = 1", [], row).optional()?;
        Ok(match found {
            None => Err(Part::Header.is("is missing")),
            Some((FORMAT, header, checksum)) if checksum == header.checksum() => Ok(header),
            Some(_) => Err(Part::Header.is("does not match its checksum")),
        })
    }

    pub fn insert(&self, db: &Connection) -> rusqlite::Result<()> {
        db.execute(
            "INSERT INTO header (one, format, vault_id, created, checksum) VALUES (1, ?, ?, ?, ?)",
            params![FORMAT, self.vault.as_bytes(), self.created, self.checksum()],
        )
        .map(drop)
    }
}

impl Slot {
    /// All slots, ascending by number.
    pub fn read_all(db: &Connection, vault: VaultId) -> rusqlite::Result<Result<Vec<Self>, Damage>> {
        let mut statement = db.prepare(
            "SELECT id, type, created, params, salt, commitment, alg, wrapped, checksum FROM slot ORDER BY id LIMIT 256",
        )?;
        let mut rows = statement.query([])?;
        let mut slots: Vec<Self> = Vec::new();
        while let Some(row) = rows.next()? {
            let slot = Self {
                id: row.get(0)?,
                kind: row.get(1)?,
                created: row.get(2)?,
                params: row.get(3)?,
                salt: row.get(4)?,
                commitment: row.get(5)?,
                alg: row.get(6)?,
                wrapped: row.get(7)?,
            };
            if slot.checksum(vault)[..] != row.get::<_, Vec<u8>>(8)?[..] {
                return Ok(Err(Part::Slot(slot.id).is("does not match its checksum")));
            }
            slots.push(slot);
        }
        Ok(Ok(slots))
    }

    /// Adds the slot, or replaces the one with its number.
    pub fn write(&self, db: &Connection, vault: VaultId) -> rusqlite::Result<()> {
        db.execute(
            "INSERT OR REPLACE INTO slot (id, type, created, params, salt, commitment, alg, wrapped, checksum) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                self.id,
                self.kind,
                self.created,
                self.params,
                self.salt,
                self.commitment,
                self.alg,
                self.wrapped,
                self.checksum(vault)
            ],
        )
        .map(drop)
    }
}

impl Manifest {
    pub fn read(db: &Connection) -> rusqlite::Result<Result<Self, Damage>> {
        let row = |row: &Row<'_>| Ok(Self { epoch: row.get(0)?, tag: row.get(1)? });
        let found = db.query_row("SELECT epoch, tag FROM manifest WHERE one = 1", [], row).optional()?;
        Ok(found.ok_or(Part::Manifest.is("is missing")))
    }

    pub fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        db.execute("INSERT OR REPLACE INTO manifest (one, epoch, tag) VALUES (1, ?, ?)", params![self.epoch, self.tag])
            .map(drop)
    }
}

impl RecordRow {
    const COLUMNS: &str = "id, revision, state, kind, alg, data_key, sealed, secret_tag";

    /// Hands every row to `take`, in no particular order.
    pub fn read_all<E: From<rusqlite::Error>>(
        db: &Connection,
        mut take: impl FnMut(Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = db.prepare(&format!("SELECT {} FROM record", Self::COLUMNS))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            take(Self::from_row(row)?)?;
        }
        Ok(())
    }

    pub fn read(db: &Connection, id: RecordId) -> rusqlite::Result<Option<Self>> {
        db.prepare_cached(&format!("SELECT {} FROM record WHERE id = ?", Self::COLUMNS))?
            .query_row([id.as_bytes()], Self::from_row)
            .optional()
    }

    /// Adds the row, or replaces the one with its id.
    pub fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        db.prepare_cached(
            "INSERT INTO record (id, revision, state, kind, alg, data_key, sealed, secret_tag) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET \
             revision = ?2, state = ?3, kind = ?4, alg = ?5, data_key = ?6, sealed = ?7, secret_tag = ?8",
        )?
        .execute(params![
            self.id.as_bytes(),
            self.revision,
            self.state as u8,
            self.kind.0,
            self.alg,
            self.data_key,
            self.sealed,
            self.secret_tag
        ])
        .map(drop)
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: RecordId::from_bytes(row.get(0)?),
            revision: row.get(1)?,
            state: match row.get(2)? {
                0u8 => State::Live,
                1 => State::Tombstone,
                other => return Err(rusqlite::Error::IntegralValueOutOfRange(2, other.into())),
            },
            kind: Kind(row.get(3)?),
            alg: row.get(4)?,
            data_key: row.get(5)?,
            sealed: row.get(6)?,
            secret_tag: row.get(7)?,
        })
    }
}

/// The sealed secret of a record.
pub(crate) fn read_secret(db: &Connection, id: RecordId) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached("SELECT sealed FROM secret WHERE record_id = ?")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()
}

/// Puts a secret in place of the former one, or removes it.
pub(crate) fn write_secret(db: &Connection, id: RecordId, sealed: Option<&[u8]>) -> rusqlite::Result<()> {
    match sealed {
        Some(sealed) => db
            .prepare_cached(
                "INSERT INTO secret (record_id, sealed) VALUES (?1, ?2) \
                 ON CONFLICT (record_id) DO UPDATE SET sealed = ?2",
            )?
            .execute(params![id.as_bytes(), sealed]),
        None => db.prepare_cached("DELETE FROM secret WHERE record_id = ?")?.execute([id.as_bytes()]),
    }
    .map(drop)
}

/// The ids under which a secret is stored, ascending.
pub(crate) fn secret_ids(db: &Connection) -> rusqlite::Result<Vec<RecordId>> {
    let mut statement = db.prepare("SELECT record_id FROM secret ORDER BY record_id")?;
    let rows = statement.query_map([], |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
    rows.collect()
}

/// Numbers that count up from 1, in SQLite's signed integers.
macro_rules! counter {
    ($name:ident) => {
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                let number =
                    i64::try_from(self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()));
                number.map(ToSqlOutput::from)
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let number = value.as_i64()?;
                u64::try_from(number).map(Self).map_err(|_| FromSqlError::OutOfRange(number))
            }
        }
    };
}

counter!(Epoch);
counter!(Revision);
