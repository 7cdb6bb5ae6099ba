//! `keywright vault`: create, status, passwd, path.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jose::time::utc;
use wire::{VaultPath, VaultStatus};
use workbench::session::{self, KdfParams};

use crate::{
    exit::{Exit, Failure},
    input::{self, Input},
    options::{PassphraseOptions, VaultOptions, descriptor, vault_path},
    output::Output,
    world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a vault; a file that exists is never written over
    Create(VaultOptions),
    /// Show what a vault shows without its passphrase
    Status(Where),
    /// Put another passphrase in place of the present one
    Passwd(Passwd),
    /// Print where the vault is, or would be
    Path(Where),
}

#[derive(Debug, Args)]
pub struct Where {
    /// The vault; else KEYWRIGHT_VAULT, else vault.kwv in the application's data folder
    #[arg(long, value_name = "PATH")]
    vault: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Passwd {
    #[command(flatten)]
    vault: VaultOptions,
    /// Read the new passphrase from the first line of a file, or - for standard input
    #[arg(long, value_name = "FILE", help_heading = "Vault")]
    new_passphrase_file: Option<PathBuf>,
    /// Read the new passphrase from the first line of an open file descriptor
    #[arg(
        long,
        value_name = "N",
        value_parser = descriptor,
        help_heading = "Vault",
        conflicts_with = "new_passphrase_file"
    )]
    new_passphrase_fd: Option<u32>,
}

/// Runs one of them.
pub fn run(command: &Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Create(options) => create(options, input, output),
        Command::Status(place) => status(place, output),
        Command::Passwd(arguments) => passwd(arguments, input, output),
        Command::Path(place) => {
            let path = vault_path(place.vault.as_deref())?;
            let text = path.display().to_string();
            output.result(&VaultPath { path: text.clone() }, || format!("{text}\n"))?;
            Ok(Exit::Done)
        }
    }
}

fn create(options: &VaultOptions, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let path = options.path()?;
    if path.symlink_metadata().is_ok() {
        let message = format!("{} exists already; a vault is never written over it", path.display());
        return Err(Failure::new(Exit::Vault, message, Some("choose another path with --vault")));
    }
    let passphrase = new_passphrase(&options.passphrase, input)?;
    let ports = world::ports();
    let params = calibrate(output)?;
    let busy = output.busy("creating the vault");
    let session = session::create(&path, &passphrase, params, &ports)?;
    drop(busy);
    drop(session);
    let status = VaultStatus::from(&session::status(&path)?);
    output.result(&status, || format!("created {}\n", status.path))?;
    output.note("There is no way back in without the passphrase: keep it where you will find it.");
    Ok(Exit::Done)
}

fn status(place: &Where, output: &Output) -> Result<Exit, Failure> {
    let path = vault_path(place.vault.as_deref())?;
    let status = VaultStatus::from(&session::status(&path)?);
    output.result(&status, || text(&status))?;
    Ok(Exit::Done)
}

fn text(status: &VaultStatus) -> String {
    let mut text = format!(
        "{}\n  created   {}\n  format    {}\n  written   {}, {} bytes\n",
        status.path,
        utc(status.created),
        status.format,
        if status.epoch == 1 { "once".to_owned() } else { format!("{} times", status.epoch) },
        status.file_bytes
    );
    for slot in &status.slots {
        text += &format!("  opens by  {}, set {}\n", slot.opens_with, utc(slot.created));
    }
    for exposed in &status.exposed {
        text += &format!("  warning   others can reach {exposed}\n");
    }
    if status.interrupted {
        text += "  warning   a journal lies beside the file: a write was interrupted, or somebody put it there; the next change settles it\n";
    }
    text
}

fn passwd(arguments: &Passwd, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let new = PassphraseOptions {
        passphrase_file: arguments.new_passphrase_file.clone(),
        passphrase_fd: arguments.new_passphrase_fd,
    };
    Input::only_one(&[arguments.vault.passphrase.reader(), ("the new passphrase", new.reader().1)])?;
    // The new one may be typed while the present one is checked.
    let hold = input.hold();
    let mut session = arguments.vault.unlock(input, output)?;
    let new = new_passphrase(&new, input)?;
    drop(hold);
    let ports = world::ports();
    let params = calibrate(output)?;
    session.change_passphrase(&new, params, &ports)?;
    let status = VaultStatus::from(&session::status(session.path())?);
    output.result(&status, || "the passphrase is changed\n".to_owned())?;
    output.note("Copies of the vault made before still open with the former passphrase.");
    Ok(Exit::Done)
}

/// A new passphrase, typed twice where it is typed.
fn new_passphrase(options: &PassphraseOptions, input: &Input) -> Result<session::Passphrase, Failure> {
    let typed = match options.is_given() {
        true => options.read(input, "")?,
        false => input.ask_twice("New passphrase: ")?,
    };
    input::passphrase(&typed)
}

/// Measures this machine, saying what goes on.
fn calibrate(output: &Output) -> Result<KdfParams, Failure> {
    let busy = output.busy("measuring this machine");
    let params = session::calibrate(host::memory(), &mut |measured| {
        busy.now(format!(
            "measuring this machine: {} MiB, {} passes take {} ms",
            measured.params.memory_mib(),
            measured.params.passes(),
            measured.took.as_millis()
        ));
    })?;
    Ok(params)
}
