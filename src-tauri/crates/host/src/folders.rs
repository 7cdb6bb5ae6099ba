//! Where Keywright keeps its data: one rule for the window and the command line.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use directories::BaseDirs;

/// The application's identifier, and the name of its data folder.
pub const APPLICATION: &str = "app.keywright.Keywright";

/// The environment variable that names a vault.
pub const VAULT_VARIABLE: &str = "KEYWRIGHT_VAULT";

/// The system knows no folder for this user's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system names no data folder for this user")]
pub struct NoDataFolder;

impl NoDataFolder {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        Some("set HOME, or name the vault with --vault or KEYWRIGHT_VAULT")
    }
}

/// The folder for the application's data: `~/.local/share/app.keywright.Keywright` on Linux,
/// `~/Library/Application Support/…` on macOS, `%APPDATA%\…` on Windows. It may not exist yet.
pub fn data_folder() -> Result<PathBuf, NoDataFolder> {
    Ok(BaseDirs::new().ok_or(NoDataFolder)?.data_dir().join(APPLICATION))
}

/// The folder for what is neither secret nor data, as the size of the window: `~/.config/app.keywright.Keywright` on
/// Linux. It may not exist yet.
pub fn config_folder() -> Result<PathBuf, NoDataFolder> {
    Ok(BaseDirs::new().ok_or(NoDataFolder)?.config_dir().join(APPLICATION))
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
        assert_eq!(choose(None, None, || Err(NoDataFolder)), Err(NoDataFolder));
        assert_eq!(choose(named, None, || Err(NoDataFolder)), path("/named.kwv"));
    }

    #[test]
    fn the_folder_bears_the_identifier() {
        assert!(data_folder().unwrap().ends_with(APPLICATION));
        insta::assert_snapshot!(format!("{NoDataFolder}\n{}", NoDataFolder.hint().unwrap()), @"
        the system names no data folder for this user
        set HOME, or name the vault with --vault or KEYWRIGHT_VAULT
        ");
    }
}
