//! `keywright credential`: API keys, logins, OAuth clients, the secrets of webhooks.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use wire::Key;
use workbench::{
    credentials::{self, New},
    keys::For,
};

use zeroize::Zeroizing;

use crate::{
    commands::key::beside,
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options::{Encoding, VaultOptions, pair},
    output::Output,
    world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Seal an API key, a password or a secret for an environment of a profile
    Add(Add),
    /// Change what goes with a credential and is not secret: a user name, a client id
    Set(Set),
}

#[derive(Debug, Args)]
pub struct Add {
    /// Its name
    name: String,
    /// The profile
    #[arg(long, value_name = "NAME")]
    profile: String,
    /// The environment
    #[arg(long, value_name = "ID")]
    env: String,
    /// Which of the provider's credentials it is; its only one unless named
    #[arg(long, value_name = "ID")]
    kind: Option<String>,
    /// The API key, the password or the secret, from a file or - for standard input; asked for unless given
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// How the text of a secret stands for its bytes; the provider's usual way unless named
    #[arg(long, value_name = "ENCODING")]
    secret_encoding: Option<Encoding>,
    /// What goes with it and is not secret: username=me
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    fields: Vec<(String, String)>,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Set {
    /// Its name
    name: String,
    /// What goes with it and is not secret; an empty value takes one away
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair, required = true)]
    fields: Vec<(String, String)>,
    #[command(flatten)]
    vault: VaultOptions,
}

/// Runs one of them.
pub fn run(command: &Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Add(arguments) => add(arguments, input, output),
        Command::Set(arguments) => {
            let mut session = arguments.vault.unlock(input, output)?;
            let fields = arguments.fields.iter().cloned().collect();
            let credential = credentials::set_fields(&mut session, &arguments.name, &fields, &world::ports())?;
            output.result(&Key::from(&credential), || format!("{} is changed\n", credential.name))?;
            Ok(Exit::Done)
        }
    }
}

fn add(arguments: &Add, input: &Input, output: &Output) -> Result<Exit, Failure> {
    Input::only_one(&[
        ("--secret-file", is_stdin(arguments.secret_file.as_deref())),
        arguments.vault.passphrase.reader(),
    ])?;
    let hold = input.hold();
    let mut session = arguments.vault.unlock(input, output)?;
    let secret = match &arguments.secret_file {
        // A file ends with a line break, which is not part of what it holds.
        Some(file) => {
            Zeroizing::new(input.secret_text(file, "--secret-file")?.trim_end_matches(['\r', '\n']).to_owned())
        }
        None => input.ask(&format!("Secret of {}: ", arguments.name))?,
    };
    drop(hold);
    let new = New {
        name: &arguments.name,
        at: For { profile: &arguments.profile, environment: &arguments.env },
        role: arguments.kind.as_deref(),
        secret: &secret,
        fields: arguments.fields.iter().cloned().collect(),
        encoding: arguments.secret_encoding.map(Encoding::into_jose),
    };
    let added = credentials::add(&mut session, &new, &world::ports())?;
    if !added.removed.is_empty() {
        output.note(&format!("{} around it was taken off", added.removed));
    }
    beside(&arguments.name, added.beside.as_deref(), Some(new.at), output);
    let credential = &added.credential;
    let place = credential.binding.as_ref().map(|binding| binding.label.clone()).unwrap_or_default();
    output.result(&Key::from(credential), || {
        format!("{}: {}, sealed for {place}\n", credential.name, credential.describe)
    })?;
    output.findings(&added.findings);
    Ok(Exit::Done)
}
