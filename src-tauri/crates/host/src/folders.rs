//! Folders in which Keywright keeps its data: one rule for the window and the command line.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use directories::BaseDirs;

/// The application's identifier, and the name of its data folder.
pub const APPLICATION: &str = "app.keywright.Keywright";

/// The environment variable that names a vault.
pub const VAULT_VARIABLE: &str = "KEYWRIGHT_VAULT";

/// Why there is no folder for this user's data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDataFolder {
    /// The system knows none.
    #[error("the system names no data folder for this user")]
    Unknown,
    /// The one that it names would be another wherever the program is started.
    #[error("the data folder would be {}, wanted an absolute path: HOME is relative", .0.display())]
    Relative(PathBuf),
}

impl NoDataFolder {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        Some("set HOME to your home folder, or name the vault in KEYWRIGHT_VAULT")
    }
}

/// The folder for the application's data: `~/.local/share/app.keywright.Keywright` on Linux,
/// `~/Library/Application Support/…` on macOS, `%APPDATA%\…` on Windows. It may not exist yet.
pub fn data_folder() -> Result<PathBuf, NoDataFolder> {
    ours(BaseDirs::new().as_ref().map(BaseDirs::data_dir))
}

/// The folder for what is neither secret nor data, as the size of the window: `~/.config/app.keywright.Keywright` on
/// Linux. It may not exist yet.
pub fn config_folder() -> Result<PathBuf, NoDataFolder> {
    ours(BaseDirs::new().as_ref().map(BaseDirs::config_dir))
}

/// Our folder in one of the system's. `directories` passes over variables of XDG that are relative, as their specification
/// asks for, but takes HOME as it is: with a relative one each folder that a command is called in would have a vault of its
/// own, and whoever wrote into that folder before would have chosen it.
fn ours(folder: Option<&Path>) -> Result<PathBuf, NoDataFolder> {
    let folder = folder.ok_or(NoDataFolder::Unknown)?.join(APPLICATION);
    if folder.is_absolute() { Ok(folder) } else { Err(NoDataFolder::Relative(folder)) }
}

/// The vault to use: the one that is `named`, else what [`VAULT_VARIABLE`] says, else `vault.kwv` in the data folder.
pub fn vault_path(named: Option<&Path>) -> Result<PathBuf, NoDataFolder> {
    choose(named, std::env::var_os(VAULT_VARIABLE), data_folder)
}

/// The rule apart from the system. An empty variable counts as none.
fn choose(
    named: Option<&Path>,
    variable: Option<OsString>,
    folder: impl FnOnce() -> Result<PathBuf, NoDataFolder>,
) -> Result<PathBuf, NoDataFolder> {
    match (named, variable) {
        (Some(path), _) => Ok(path.to_owned()),
        (None, Some(path)) if !path.is_empty() => Ok(path.into()),
        (None, _) => Ok(folder()?.join("vault.kwv")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_wins_over_the_variable_and_that_over_the_folder() {
        let folder = || Ok(PathBuf::from("/data"));
        let named = Some(Path::new("/named.kwv"));
        let variable = |text: &str| Some(OsString::from(text));
        let path = |text: &str| Ok(PathBuf::from(text));
        assert_eq!(choose(named, variable("/variable.kwv"), folder), path("/named.kwv"));
        assert_eq!(choose(None, variable("/variable.kwv"), folder), path("/variable.kwv"));
        assert_eq!(choose(None, variable(""), folder), path("/data/vault.kwv"));
        assert_eq!(choose(None, None, folder), path("/data/vault.kwv"));
        assert_eq!(choose(None, None, || Err(NoDataFolder::Unknown)), Err(NoDataFolder::Unknown));
        assert_eq!(choose(named, None, || Err(NoDataFolder::Unknown)), path("/named.kwv"));
    }

    #[test]
    fn the_folder_bears_the_identifier() {
        assert!(data_folder().unwrap().ends_with(APPLICATION));
    }

    #[test]
    fn a_folder_is_absolute_or_none() {
        assert_eq!(ours(Some(Path::new("/home/me/.config"))), Ok(Path::new("/home/me/.config").join(APPLICATION)));
        let told = [ours(None), ours(Some(Path::new("home/.local/share")))].map(|none| {
            let none = none.unwrap_err();
            format!("{none}\n hint: {}", none.hint().unwrap())
        });
        insta::assert_snapshot!(told.join("\n"), @"
        the system names no data folder for this user
         hint: set HOME to your home folder, or name the vault in KEYWRIGHT_VAULT
        the data folder would be home/.local/share/app.keywright.Keywright, wanted an absolute path: HOME is relative
         hint: set HOME to your home folder, or name the vault in KEYWRIGHT_VAULT
        ");
    }
}
