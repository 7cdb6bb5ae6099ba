//! How rotations stand, and which keys ask for one.

use std::path::PathBuf;

use clap::Args;
use wire::LineDue;
use workbench::rotation;

use super::{
    shown,
    standing::{meant, seen},
};
use crate::{
    exit::{Exit, Failure},
    input::Input,
    options::VaultOptions,
    output::Output,
    world,
};

#[derive(Debug, Args)]
pub struct Status {
    /// The key that is replaced, or the rotation's id; the only rotation that is under way unless named
    key: Option<String>,
    /// Write what happened, with its times, to a file: the runbook
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long, requires = "save")]
    force: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct List {
    /// List those that ended, too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Due {
    #[command(flatten)]
    vault: VaultOptions,
}

/// One rotation as it stands.
pub fn status(arguments: &Status, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    let session = arguments.vault.unlock(input, output)?;
    let id = meant(&session, arguments.key.as_deref())?;
    let (view, rotation) = seen(&session, &id, &ports)?;
    if let Some(file) = &arguments.save {
        shown::save(file, &view.rotation.runbook(), arguments.force, output)?;
    }
    output.result(&rotation, || shown::rotation(&rotation))?;
    Ok(Exit::Done)
}

/// Every rotation.
pub fn list(arguments: &List, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    let session = arguments.vault.unlock(input, output)?;
    let views = rotation::all(&session, arguments.all, &ports)?;
    let rotations: Vec<wire::Rotation> = views.iter().map(wire::Rotation::from).collect();
    output.result(&rotations, || shown::rotations(&rotations))?;
    Ok(Exit::Done)
}

/// Every key that asks to be rotated.
pub fn due(arguments: &Due, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    let session = arguments.vault.unlock(input, output)?;
    let due = rotation::due(&session, &ports)?;
    let due: Vec<LineDue> = due.iter().filter_map(|(key, due)| LineDue::new(key, *due)).collect();
    output.result(&due, || shown::due(&due))?;
    Ok(if due.iter().any(|due| due.now) { Exit::Rule } else { Exit::Done })
}
