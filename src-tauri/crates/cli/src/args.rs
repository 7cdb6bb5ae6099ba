//! Arguments of the command line. Help, completions and the manual are made from them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::{
    credential, demo, doctor, emulator, flow, key, profile, provider, request, run, settings, token, vault, webhook,
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
    /// Say what may be the matter with this installation: program, vault, folders, keychain, proxy
    Doctor(doctor::Arguments),
    /// Print a completion script for a shell
    Completions(CompletionsArguments),
    /// Print the manual, or write one page for each command into a folder
    Man(ManArguments),
}

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell; the one in SHELL unless named
    pub shell: Option<Shell>,
}

#[derive(Debug, Args)]
pub struct ManArguments {
    /// Write one page for each command into this folder, instead of printing the first
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}
