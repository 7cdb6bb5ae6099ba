//! The vault of a person: created, opened, unlocked, read and written as records that mean something.

use std::path::Path;

use jose::key::{Jwk, Key, Secret as SharedSecret, read};
pub use vault::{Calibration, KdfParams, Passphrase, SlotInfo, SlotType, Status as VaultStatus};
use vault::{Change, RecordId, Revision, Unlocked};

use crate::{
    Error, names,
    ports::{Ports, Random},
    records::{Credential, CredentialKind, Layout, Profile, VERSION},
};

/// An unlocked vault. Dropping it locks.
pub struct Session {
    vault: Unlocked,
}

/// A record with its identity, for writing it back.
#[derive(Debug, Clone)]
pub struct Stored<T> {
    /// Which record.
    pub id: RecordId,
    /// The revision that was read.
    pub revision: Revision,
    /// What it says.
    pub value: T,
}

/// Measures this machine and chooses how costly a guess at the passphrase shall be. `ram` is in bytes.
pub fn calibrate(ram: u64, progress: &mut dyn FnMut(Calibration)) -> Result<KdfParams, Error> {
    Ok(vault::calibrate(ram, progress)?.params)
}

/// Creates a vault. Whatever stands at `path` stays.
pub fn create(path: &Path, passphrase: &Passphrase, params: KdfParams, ports: &Ports) -> Result<Session, Error> {
    let vault = vault::create(path, passphrase, params, &Source(ports.random.as_ref()), ports.clock.now())?;
    Ok(Session { vault })
}

/// What a vault shows without its passphrase.
pub fn status(path: &Path) -> Result<VaultStatus, Error> {
    Ok(vault::open(path)?.status()?)
}

/// Unlocks a vault.
pub fn unlock(path: &Path, passphrase: &Passphrase) -> Result<Session, Error> {
    Ok(Session { vault: vault::open(path)?.unlock(passphrase)? })
}

impl Session {
    /// Where the vault lies.
    pub fn path(&self) -> &Path {
        self.vault.path()
    }

    /// Puts another passphrase in place of the present one.
    pub fn change_passphrase(&mut self, new: &Passphrase, params: KdfParams, ports: &Ports) -> Result<(), Error> {
        let random = Source(ports.random.as_ref());
        self.vault.change_passphrase(new, params, &random, ports.clock.now())?;
        Ok(())
    }

    /// Every record of one layout, in the order of their names.
    pub fn all<T: Layout + Named>(&self) -> Result<Vec<Stored<T>>, Error> {
        let of_kind = self.vault.records().filter(|record| record.kind == T::KIND);
        let mut stored = of_kind
            .map(|record| Ok(Stored { id: record.id, revision: record.revision, value: T::decode(record.metadata)? }))
            .collect::<Result<Vec<_>, Error>>()?;
        stored.sort_by(|a, b| a.value.name().cmp(b.value.name()));
        Ok(stored)
    }

    /// The record of this name.
    pub fn named<T: Layout + Named>(&self, name: &str) -> Result<Stored<T>, Error> {
        let mut all = self.all::<T>()?;
        match all.iter().position(|stored| stored.value.name() == name) {
            Some(index) => Ok(all.swap_remove(index)),
            None => Err(names::not_found(T::NAME, name, all.iter().map(|stored| stored.value.name()))),
        }
    }

    /// A name that is well formed and not taken.
    pub(crate) fn free_name<T: Layout + Named>(&self, name: &str) -> Result<String, Error> {
        let name = names::check(T::NAME, name)?;
        if self.all::<T>()?.iter().any(|stored| stored.value.name() == name) {
            return Err(Error::NameTaken { what: T::NAME, name });
        }
        Ok(name)
    }

    /// Writes changes in one transaction.
    pub(crate) fn commit(&mut self, changes: &[Change<'_>], ports: &Ports) -> Result<(), Error> {
        self.vault.commit(changes, &Source(ports.random.as_ref()))?;
        Ok(())
    }

    /// Adds one record.
    pub(crate) fn add<T: Layout>(
        &mut self,
        value: &T,
        secret: Option<&[u8]>,
        ports: &Ports,
    ) -> Result<RecordId, Error> {
        let id = RecordId::random(&Source(ports.random.as_ref()));
        self.commit(&[Change::Add { id, kind: T::KIND, metadata: &value.encode(), secret }], ports)?;
        Ok(id)
    }

    /// Opens the key of a credential, for one operation.
    pub(crate) fn open_key(&self, stored: &Stored<Credential>) -> Result<Jwk, Error> {
        let secret = self.vault.open_secret(stored.id)?;
        let key = match stored.value.kind {
            CredentialKind::PrivateKey => Key::Private(read::read_pkcs8(&secret)?),
            CredentialKind::SharedSecret => Key::Secret(SharedSecret::new(secret.to_vec())),
        };
        Ok(Jwk { kid: stored.value.kid.clone(), ..Jwk::from(key) })
    }
}

/// A record that people find by its name.
pub trait Named {
    /// The name.
    fn name(&self) -> &str;
}

impl Named for Credential {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for Profile {
    fn name(&self) -> &str {
        &self.name
    }
}

/// The random port in the vault's words.
pub(crate) struct Source<'a>(pub(crate) &'a dyn Random);

impl vault::Random for Source<'_> {
    fn fill(&self, out: &mut [u8]) {
        self.0.fill(out);
    }
}

/// Refuses layouts that a newer program wrote.
pub(crate) fn check_version(what: &'static str, found: u32) -> Result<(), Error> {
    if found <= VERSION {
        return Ok(());
    }
    Err(Error::Record { what, why: format!("its layout is {found}, and this version reads up to {VERSION}") })
}
