//! Keys: made, imported, listed, exported, converted, deleted and restored. Private halves are sealed at once and opened
//! for one operation.

pub(crate) mod choose;
mod compare;
mod due;
mod export;
mod history;
mod incoming;
mod keep;
mod line_set;
mod made;
mod make;
mod rename;
mod rows;
mod states;
pub(crate) mod take_out;
mod trash;

use std::collections::BTreeMap;

use jose::{
    Alg, Finding,
    jwk::JwkError,
    key::{
        Jwk, Key, SecretEncoding,
        read::{self, ReadError},
    },
};
use provider::definition::PrivateKey;

use crate::{
    ground::{Error, KeyError},
    policy::signer,
    resolve::definitions,
    store::{
        records::{Credential, Stored},
        session::Session,
    },
};

pub use compare::{Comparison, compare, compare_kid};

pub use choose::{Chosen, choose_for, end_use};

pub use due::{Due, DueKind, due};

pub use export::{PrivateFormat, PublicFormat, Writing, convert, convert_set, export, export_private, export_public};

pub(crate) use incoming::{Incoming, Read, read_any};

pub use keep::{Coming, import};

pub(crate) use keep::{Sealing, import_key};

pub use history::{Happened, history};

pub use keyset::{Age, At, State, Target as UsedBy};

pub use line_set::{LineSet, line_set};
pub use made::{UNKNOWN, day, read_made};

pub use make::{Made, generate, keep_made, make};

pub use rename::rename;

pub use rows::{Detail, Row, Sibling, detail, row_of, rows};

pub use states::{compromise, report_leak};

pub use trash::{KEPT_FOR, delete, delete_ending_use, destroy, purge, restore};

pub(crate) use trash::shown;

/// Where a new key shall belong.
#[derive(Debug, Clone, Copy)]
pub struct For<'a> {
    /// The profile's name.
    pub profile: &'a str,
    /// The environment's id.
    pub environment: &'a str,
}

/// A key that came into the vault, and what was noticed.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The key's metadata.
    pub credential: Credential,
    /// What was noticed about it; nothing of severity error.
    pub findings: Vec<Finding>,
    /// The key that its target calls with, if that has one: this one is a draft beside it.
    pub beside: Option<String>,
    /// The id of a field without which nothing is signed with it there, and which is empty.
    pub missing: Option<String>,
}

/// All keys by name.
pub fn list(session: &Session) -> Result<Vec<Stored<Credential>>, Error> {
    session.all()
}

/// One key.
pub fn show(session: &Session, name: &str) -> Result<Credential, Error> {
    Ok(session.named(name)?.value)
}

/// Text or bytes that hold a key, with what is needed to read them.
#[derive(Clone, Copy)]
pub struct KeyText<'a> {
    /// The file's content.
    pub bytes: &'a [u8],
    /// What opens it, if it is encrypted.
    pub passphrase: Option<&'a [u8]>,
    /// If it is a shared secret, how its text stands for its bytes.
    pub secret_encoding: Option<SecretEncoding>,
}

impl KeyText<'_> {
    /// The key of this kid, or the only one, and what was noticed. Of several that share the kid the one is meant that signs with
    /// `alg`.
    pub fn choose(self, kid: Option<&str>, alg: Option<Alg>) -> Result<(Jwk, Vec<Finding>), Error> {
        let mut found = self.read()?;
        let mut findings = std::mem::take(&mut found.findings);
        // An error of several keys together is nothing about the one that is taken out.
        findings.retain(|finding| found.keys.len() == 1 || !finding.is_error());
        Ok((found.choose(kid, incoming::signs_with(alg)).map_err(KeyError::from)?, findings))
    }

    /// Says what is wrong with it whoever hands out such keys, so before any vault is open. `kid` says which of several is meant.
    pub fn check(self, kid: Option<&str>, alg: Option<Alg>) -> Result<(), Error> {
        match self.read().and_then(|found| incoming::one(found, kid, alg)) {
            // A definition may know what this is.
            Err(Error::Key(KeyError::Key(ReadError::Unknown { .. } | ReadError::Jwk(JwkError::NotAJwk)))) => Ok(()),
            read => read.map(drop),
        }
    }

    /// The keys in it, as the provider of their place hands them out.
    pub(crate) fn read_for(self, session: &Session, belongs: Option<For<'_>>) -> Result<Read, Error> {
        if self.secret_encoding.is_some() {
            return Ok(Read { found: self.read()?, fields: BTreeMap::new() });
        }
        Ok(match belongs {
            Some(belongs) => {
                let (_, definition, _) = signer::place(session, belongs.profile, belongs.environment)?;
                match definition.signing_key() {
                    Some(kind) => incoming::read_as(kind, self.bytes, self.passphrase)?,
                    None => Read { found: self.read()?, fields: BTreeMap::new() },
                }
            }
            None => read_any(&kinds(session)?, self.bytes, self.passphrase)?,
        })
    }

    /// Every key in it. With a secret encoding it is taken for a secret without looking any further.
    pub fn read(self) -> Result<read::Found, Error> {
        match self.secret_encoding {
            None => Ok(read::read(self.bytes, self.passphrase)?),
            Some(encoding) => {
                let key = Key::Secret(encoding.decode(self.bytes)?);
                let form = format!("a secret in {}", encoding.name());
                Ok(read::Found { form, keys: vec![key.into()], findings: Vec::new() })
            }
        }
    }
}

/// The keys of every provider that is known.
pub(crate) fn kinds(session: &Session) -> Result<Vec<&'static PrivateKey>, Error> {
    let all = definitions::all(session)?;
    Ok(all.into_iter().flat_map(|definition| &definition.credentials.private_keys).collect())
}
