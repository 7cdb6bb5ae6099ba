//! Session: an unlocked vault, whose records are read by name and whose secrets are opened for one operation.

use std::{path::Path, sync::OnceLock};

use jose::key::{Jwk, Key, Secret as SharedSecret, read};
use vault::{
    CommitError, FileError, Kind, ReadError, RecordId, RecordLock, Refreshed, Revision, SecretError, Unlocked,
};
use zeroize::Zeroizing;

use crate::{
    ground::{
        CredentialError, Error, NameError, VaultError, names,
        ports::{Ports, Random},
    },
    store::{
        index::{Index, Layout},
        known::Known,
        records::{Credential, CredentialKind, KeyRotation, Stored},
    },
};

pub use vault::{Calibration, KdfParams, Passphrase, SlotInfo, SlotType, Status as VaultStatus};

/// An unlocked vault. Dropping it locks.
pub struct Session {
    pub(super) vault: Unlocked,
    pub(super) index: Index,
    /// The life of the keys as far as the records tell it, once somebody asked.
    pub(super) known: OnceLock<Known>,
}

/// Measures this machine and chooses how costly a guess at the passphrase shall be. `ram` is in bytes.
pub fn calibrate(ram: u64, progress: &mut dyn FnMut(Calibration)) -> Result<KdfParams, Error> {
    Ok(vault::calibrate(ram, progress)?.params)
}

/// Creates a vault. Whatever stands at `path` stays.
pub fn create(path: &Path, passphrase: &Passphrase, params: KdfParams, ports: &Ports) -> Result<Session, Error> {
    let vault = vault::create(path, passphrase, params, &VaultRandom(ports.random.as_ref()), ports.clock.now())?;
    Ok(Session::new(vault))
}

/// What a vault shows without its passphrase.
pub fn status(path: &Path) -> Result<VaultStatus, Error> {
    Ok(vault::open(path)?.status()?)
}

/// Unlocks a vault. A key slot that asks for more than half of this machine's memory is refused, since the file may come
/// from somebody else.
pub fn unlock(path: &Path, passphrase: &Passphrase, ports: &Ports) -> Result<Session, Error> {
    Ok(Session::new(vault::open(path)?.limit_memory(ports.memory / 2).unlock(passphrase)?))
}

impl Session {
    fn new(vault: Unlocked) -> Self {
        let index = Index::read(&vault);
        Self { vault, index, known: OnceLock::new() }
    }

    /// Where the vault lies.
    pub fn path(&self) -> &Path {
        self.vault.path()
    }

    /// Puts another passphrase in place of the present one. Whoever else wrote the vault in between is kept.
    pub fn change_passphrase(&mut self, new: &Passphrase, params: KdfParams, ports: &Ports) -> Result<(), Error> {
        self.refresh()?;
        let random = VaultRandom(ports.random.as_ref());
        self.vault.change_passphrase(new, params, &random, ports.clock.now())?;
        Ok(())
    }

    /// Whether this passphrase opens the vault, without opening it again. As slow as unlocking.
    pub fn check_passphrase(&self, passphrase: &Passphrase, ports: &Ports) -> Result<(), Error> {
        let locked = vault::open(self.path()).map_err(|error| self.lost(ReadError::File(error).into()))?;
        let locked = locked.limit_memory(ports.memory / 2);
        let found = locked.status()?.vault;
        if found != self.vault.id() {
            return Err(CommitError::Read(ReadError::Replaced { found, wanted: self.vault.id() }).into());
        }
        locked.derive(passphrase)?;
        Ok(())
    }

    /// Reads the vault again if another process wrote it; says whether it did. Where the file is gone or another one,
    /// that is an error, and everything that was read before is still here.
    pub fn refresh(&mut self) -> Result<bool, Error> {
        match self.vault.refresh().map_err(|error| self.lost(error.into()))? {
            Refreshed::Same => Ok(false),
            Refreshed::Newer => {
                self.index = Index::read(&self.vault);
                self.known = OnceLock::new();
                Ok(true)
            }
        }
    }

    /// Does a job that reads. A secret that another process wrote anew is opened after reading the list again.
    pub fn reading<T>(&mut self, job: impl Fn(&Self) -> Result<T, Error>) -> Result<T, Error> {
        match job(self) {
            Err(Error::Vault(VaultError::OpenSecret(SecretError::ChangedElsewhere { .. }))) => {
                self.refresh()?;
                job(self)
            }
            done => done,
        }
    }

    /// Every record of one layout, in the order of their names.
    pub fn all<T: Layout>(&self) -> Result<Vec<Stored<T>>, Error> {
        Ok(T::rows(&self.index).live()?.cloned().collect())
    }

    /// The same, where they stand.
    pub fn each<T: Layout>(&self) -> Result<impl Iterator<Item = &Stored<T>>, Error> {
        T::rows(&self.index).live()
    }

    /// The records of one layout that were deleted and can be restored, the oldest first.
    pub fn deleted<T: Layout>(&self) -> impl Iterator<Item = &Stored<T>> {
        T::rows(&self.index).deleted()
    }

    /// The record of this name.
    pub fn named<T: Layout>(&self, name: &str) -> Result<Stored<T>, Error> {
        T::rows(&self.index).find(name).cloned()
    }

    /// The record of this name, where it stands.
    pub(crate) fn find<T: Layout>(&self, name: &str) -> Result<&Stored<T>, Error> {
        T::rows(&self.index).find(name)
    }

    /// The record of this id, deleted or not.
    pub(crate) fn by_id<T: Layout>(&self, id: RecordId) -> Option<&Stored<T>> {
        T::rows(&self.index).get(id)
    }

    /// The kind and the metadata of a record as sealed.
    pub(crate) fn sealed(&self, id: RecordId) -> Option<(Kind, &[u8])> {
        self.vault.record(id).map(|record| (record.kind, record.metadata))
    }

    /// The revision of a record.
    pub(crate) fn revision(&self, id: RecordId) -> Option<Revision> {
        self.vault.record(id).map(|record| record.revision)
    }

    /// The refresh lock of a credential: one execution at a time gets its tokens, of all the programs that have the vault open. Nothing
    /// while another one holds it; dropping it gives it back.
    pub(crate) fn lock_refresh(&self, credential: &Stored<Credential>) -> Result<Option<RecordLock>, Error> {
        self.vault.try_lock(credential.id).map_err(|error| self.lost(ReadError::File(error).into()))
    }

    /// The lock of a rotation: one program at a time takes its steps. Nothing while another one does.
    pub(crate) fn lock_rotation(&self, rotation: &Stored<KeyRotation>) -> Result<Option<RecordLock>, Error> {
        self.vault.try_lock(rotation.id).map_err(|error| self.lost(ReadError::File(error).into()))
    }

    /// Whether something has this name.
    pub(crate) fn has<T: Layout>(&self, name: &str) -> bool {
        T::rows(&self.index).has(name)
    }

    /// A name that is well formed and not taken.
    pub(crate) fn free_name<T: Layout>(&self, name: &str) -> Result<String, Error> {
        let name = names::check(T::THING, name)?;
        if self.has::<T>(&name) {
            return Err(Error::Name(NameError::NameTaken { what: T::THING, name }));
        }
        Ok(name)
    }

    /// A file that is not there any more, in words that fit a vault that is open.
    pub(super) fn lost(&self, error: CommitError) -> Error {
        match error {
            CommitError::Read(ReadError::File(FileError::Fault(vault::Fault::NotFound { .. }))) => {
                Error::Vault(VaultError::VaultGone { path: self.path().to_owned() })
            }
            error => error.into(),
        }
    }

    /// Opens the secret part of a record, for one operation.
    pub(crate) fn open(&self, id: RecordId) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.vault.open_secret(id).map_err(|error| match error {
            SecretError::Read(error) => self.lost(error.into()),
            error => error.into(),
        })
    }

    /// Opens what a credential sends as text: an API key, a password, a client's secret.
    pub(crate) fn open_text(&self, stored: &Stored<Credential>) -> Result<Zeroizing<String>, Error> {
        let opened = self.open(stored.id)?;
        let text = std::str::from_utf8(&opened)
            .map_err(|_| Error::Credential(CredentialError::SecretNotText { name: stored.value.name.clone() }))?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// Opens the key of a credential, for one operation.
    pub(crate) fn open_key(&self, stored: &Stored<Credential>) -> Result<Jwk, Error> {
        let key = match stored.value.kind {
            CredentialKind::PrivateKey => Key::Private(read::read_pkcs8(&self.open(stored.id)?)?),
            CredentialKind::SharedSecret => Key::Secret(SharedSecret::new(self.open(stored.id)?.to_vec())),
            CredentialKind::ApiKey | CredentialKind::Login | CredentialKind::Client => {
                return Err(stored.value.signs_nothing());
            }
        };
        Ok(Jwk { kid: stored.value.kid.clone(), ..Jwk::from(key) })
    }
}

/// The random port in the vault's words.
pub(crate) struct VaultRandom<'a>(pub(crate) &'a dyn Random);

impl vault::Random for VaultRandom<'_> {
    fn fill(&self, out: &mut [u8]) {
        self.0.fill(out);
    }
}
