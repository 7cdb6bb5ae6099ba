//! `keywright doctor`: what may be the matter with this installation.

use std::path::PathBuf;

use clap::Args;
use wire::Diagnosis;
use workbench::diagnosis::{Health, diagnose};

use crate::{
    exit::{Exit, Failure},
    output::Output,
};

#[derive(Debug, Args)]
pub struct Arguments {
    /// The vault; else KEYWRIGHT_VAULT, else vault.kwv in the application's data folder
    #[arg(long, value_name = "PATH")]
    vault: Option<PathBuf>,
}

/// Looks, and shows what was found. Nothing is changed, and nothing is sent.
pub fn run(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let around = host::surroundings("keywright", env!("CARGO_PKG_VERSION"));
    // Where the system names no folder, that is what there is to say.
    let path = host::vault_path(arguments.vault.as_deref()).ok();
    let found = diagnose(&around, path.as_deref());
    output.result(&Diagnosis::from(&found), || found.text())?;
    Ok(match found.health() {
        Health::Problem if found.is_vault_sick() => Exit::Vault,
        Health::Problem => Exit::Failed,
        Health::Fine | Health::Unknown | Health::Notice => Exit::Done,
    })
}
