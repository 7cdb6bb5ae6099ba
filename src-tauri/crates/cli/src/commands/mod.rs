//! Commands, one file each: what it needs, what it does, what it says. Help, completions and the manual are made from the
//! types here.

pub mod check;
pub mod credential;
pub mod demo;
pub mod doctor;
pub mod emulator;
pub mod flow;
mod following;
mod fresh;
pub mod generate;
pub mod key;
mod listening;
pub mod profile;
pub mod provider;
pub mod request;
pub mod rotate;
pub mod run;
pub mod settings;
pub mod token;
pub mod vault;
pub mod webhook;
mod webhook_secrets;

use clap::{Parser, Subcommand};

use crate::{
    exit::{Exit, Failure},
    input::Input,
    output::Output,
};

/// Keys, tokens and calls for payment APIs that authenticate with JWTs.
#[derive(Debug, Parser)]
#[command(name = "keywright", version, after_help = crate::exit::TABLE)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    /// Print the result as JSON on stdout, and an error as JSON on stderr
    #[arg(long, global = true, display_order = 900)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// Every command, as help lists them; what each does is in `run` below.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Do the whole job once, on a temporary vault and the emulator
    Demo(demo::Arguments),
    /// Create a vault, look at it, change its passphrase
    #[command(subcommand)]
    Vault(vault::Command),
    /// Accounts at providers: variables, and one key for each environment
    #[command(subcommand)]
    Profile(profile::Command),
    /// Generate, import, list, export and convert keys
    #[command(subcommand)]
    Key(key::Command),
    /// Credentials other than keys: API keys, logins, OAuth clients, the secrets of webhooks
    #[command(subcommand)]
    Credential(credential::Command),
    /// Replace a key with proof and without an outage
    #[command(subcommand)]
    Rotate(rotate::Command),
    /// Ask each server whether it still accepts the keys: one read-only request for each
    Check(check::Arguments),
    /// Sign, inspect and verify tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Log in, mint, exchange, refresh, verify; forget what was given
    #[command(subcommand)]
    Flow(flow::Command),
    /// Send a request and explain the answer
    #[command(subcommand)]
    Request(request::Command),
    /// Run a command with a fresh token in its environment
    Run(run::Arguments),
    /// Check and make webhook signatures
    #[command(subcommand)]
    Webhook(webhook::Command),
    /// Run the emulator, a server on this computer that plays the providers
    Emulator(emulator::Arguments),
    /// The APIs whose rules are known
    #[command(subcommand)]
    Provider(provider::Command),
    /// How calls get there: a proxy, certificates to trust, time-outs
    #[command(subcommand)]
    Settings(settings::Command),
    /// Say what may be the matter with this installation
    Doctor(doctor::Arguments),
    /// Print a completion script for a shell
    Completions(generate::CompletionsArguments),
    /// Print the manual, or write one page for each command into a folder
    Man(generate::ManArguments),
}

/// Runs a command to its end.
pub fn run(command: Command, output: &Output) -> Result<Exit, Failure> {
    let input = Input::default();
    match command {
        Command::Demo(arguments) => demo::run(&arguments, output),
        Command::Vault(command) => vault::run(&command, &input, output),
        Command::Profile(command) => profile::run(command, &input, output),
        Command::Key(command) => key::run(command, &input, output),
        Command::Credential(command) => credential::run(&command, &input, output),
        Command::Rotate(command) => rotate::run(command, &input, output),
        Command::Check(arguments) => check::run(&arguments, &input, output),
        Command::Flow(command) => flow::run(&command, &input, output),
        Command::Token(command) => token::run(command, &input, output),
        Command::Request(command) => request::run(command, &input, output),
        Command::Run(arguments) => run::run(&arguments, &input, output),
        Command::Doctor(arguments) => doctor::run(&arguments, output),
        Command::Emulator(arguments) => emulator::run(&arguments, &input, output),
        Command::Provider(command) => provider::run(&command, &input, output),
        Command::Settings(command) => settings::run(&command, &input, output),
        Command::Webhook(command) => webhook::run(&command, &input, output),
        Command::Completions(arguments) => generate::completions(&arguments, output),
        Command::Man(arguments) => generate::man(&arguments, output),
    }
}
