//! Commands, one file each: what it needs, what it does, what it says.

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
pub mod run;
pub mod settings;
pub mod token;
pub mod vault;
pub mod webhook;
mod webhook_secrets;

use crate::{
    args::Command,
    exit::{Exit, Failure},
    input::Input,
    output::Output,
};

/// Runs a command to its end.
pub fn run(command: Command, output: &Output) -> Result<Exit, Failure> {
    let input = Input::default();
    match command {
        Command::Demo(arguments) => demo::run(&arguments, output),
        Command::Vault(command) => vault::run(&command, &input, output),
        Command::Profile(command) => profile::run(command, &input, output),
        Command::Key(command) => key::run(command, &input, output),
        Command::Credential(command) => credential::run(&command, &input, output),
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
