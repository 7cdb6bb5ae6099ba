//! Creating a vault: it appears complete or not at all, and never in the place of something else.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::fault::{At, Fault, FileError, carries_file_error};
use crate::file::File;
use crate::ids::{Epoch, VaultId};
use crate::kdf::{KdfError, KdfParams};
use crate::keys::VaultKeys;
use crate::load::Snapshot;
use crate::manifest::Tree;
use crate::passphrase::Passphrase;
use crate::random::{self, Random};
use crate::rows::{Header, Manifest};
use crate::slot::Slot;
use crate::unlocked::Unlocked;

/// Why no vault was created. What stood at the path before still stands there.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The path is taken.
    #[error("{} exists already; a vault is never written over it", path.display())]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// The path has no file name.
    #[error("{} is no path for a file", path.display())]
    NoFileName {
        /// The path.
        path: PathBuf,
    },
    /// The key could not be derived.
    #[error(transparent)]
    Kdf(#[from] KdfError),
    /// The file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
}

carries_file_error!(CreateError);

impl CreateError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Exists { .. } => Some("choose another path, or open the vault that is there"),
            Self::NoFileName { .. } => Some("give the path of a file in a folder"),
            Self::Kdf(error) => error.hint(),
            Self::File(error) => error.hint(),
        }
    }
}

/// Creates a vault with one passphrase slot and no records.
///
/// Folders that are missing are made for the owner alone (0700), the file too (0600). The vault is built under another
/// name, `.<name>.<random>.new`, and gets its own when it is complete and on disk; a process killed before that leaves
/// at most such a file behind. Takes as long as deriving the key with `params`. `now` is in seconds since 1970.
///
/// # Errors
/// [`CreateError::Exists`] if anything stands at `path`, and the errors of the file system.
pub fn create(
    path: &Path,
    passphrase: &Passphrase,
    params: KdfParams,
    random: &dyn Random,
    now: i64,
) -> Result<Unlocked, CreateError> {
    let draft = Draft::beside(path, random)?;
    if fs::symlink_metadata(path).is_ok() {
        return Err(CreateError::Exists { path: path.to_owned() });
    }
    // The slow part comes before the first file, so that an interruption most likely finds nothing.
    let header = Header { vault: VaultId::random(random), created: now };
    let keys = VaultKeys::random(header.vault, random);
    let slot = Slot::for_passphrase(header.vault, 1, passphrase, params, &keys.master, random, now)?;

    create_folder(draft.folder())?;
    draft.write(&header, &keys, &slot)?;
    draft.publish(path)?;

    let mut file = File::open(path)?;
    let snapshot = Snapshot::read(&*file.reading()?, &header, &keys).at(path)?;
    Ok(Unlocked::new(path.to_owned(), header, keys, snapshot))
}

/// The owner alone may read and write what is created with these options.
pub(crate) fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// A vault under construction. Removed when dropped, whatever happened.
struct Draft {
    path: PathBuf,
}

impl Draft {
    fn beside(path: &Path, random: &dyn Random) -> Result<Self, CreateError> {
        let name = path.file_name().ok_or_else(|| CreateError::NoFileName { path: path.to_owned() })?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{:016x}.new", u64::from_le_bytes(random::bytes(random))));
        Ok(Self { path: path.with_file_name(hidden) })
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    fn write(&self, header: &Header, keys: &VaultKeys, slot: &Slot) -> Result<(), FileError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        owner_only(&mut options);
        options.open(&self.path).map_err(|error| Fault::from_io(&self.path, error))?;

        let mut file = File::initialise(&self.path)?;
        let slots = std::slice::from_ref(slot);
        let tag = Tree::new(Default::default()).tag(&keys.manifest, header, slots, Epoch::FIRST);
        let transaction = file.writing()?;
        let written = header
            .insert(&transaction)
            .and_then(|()| slot.write(&transaction, header.vault))
            .and_then(|()| Manifest { epoch: Epoch::FIRST, tag }.write(&transaction))
            .and_then(|()| transaction.commit());
        written.at(&self.path)
    }

    /// Gives the finished file its name, in one step that fails if the name is taken.
    fn publish(&self, path: &Path) -> Result<(), CreateError> {
        match fs::hard_link(&self.path, path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(CreateError::Exists { path: path.to_owned() });
            }
            Err(_) => self.publish_without_links(path)?,
        }
        // The second name of the file goes before the folder is synced.
        fs::remove_file(&self.path).or_else(ignore_missing).map_err(|error| Fault::from_io(&self.path, error))?;
        sync_folder(self.folder())?;
        Ok(())
    }

    /// For file systems without hard links: takes the name with an empty file, then replaces that file of ours.
    fn publish_without_links(&self, path: &Path) -> Result<(), CreateError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        owner_only(&mut options);
        options.open(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => CreateError::Exists { path: path.to_owned() },
            _ => Fault::from_io(path, error).into(),
        })?;
        fs::rename(&self.path, path).map_err(|error| {
            // Our own empty file; if it cannot go either, it is no vault and says so when opened.
            let _ = fs::remove_file(path);
            Fault::from_io(path, error).into()
        })
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Nothing to be done if this fails: the file holds no more than an empty vault.
        let _ = fs::remove_file(&self.path);
    }
}

fn ignore_missing(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// Makes the folder and those above it that are missing, for the owner alone, and makes them last.
fn create_folder(folder: &Path) -> Result<(), Fault> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        create_folder(parent)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(Fault::from_io(folder, error)),
        _ => {}
    }
    sync_folder(parent.unwrap_or(Path::new(".")))
}

/// Makes the names in a folder last. Only Unix asks for this.
fn sync_folder(folder: &Path) -> Result<(), Fault> {
    #[cfg(unix)]
    fs::File::open(folder).and_then(|opened| opened.sync_all()).map_err(|error| Fault::from_io(folder, error))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
