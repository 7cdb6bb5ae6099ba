//! `keywright rotate`: start, status, next, paste, hand-over, back, abort, list, due, incident.

mod beginning;
mod going;
mod looking;
mod shown;
mod standing;

use clap::Subcommand;
use workbench::rotation;

use crate::{
    exit::{Exit, Failure},
    input::Input,
    output::Output,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Begin to replace the active key of a line; with --dry-run print the plan and its times
    Start(Box<beginning::Start>),
    /// How a rotation stands, what comes next, and when
    Status(looking::Status),
    /// Take the next step: at the provider by a call, here, or say that it was done by hand
    Next(Box<going::Next>),
    /// Write what is pasted at the provider at the present step: the public half, or the secret
    Paste(going::Paste),
    /// The places that have the old key: add one, write the next key there, say that it has it, or that nobody knows
    HandOver(going::HandOver),
    /// Take the promotion back, or undo the retirement
    Back(going::Turning),
    /// Give a rotation up: what it made at the provider is deleted, the old key stays as it is
    Abort(going::Turning),
    /// The rotations that are under way
    List(looking::List),
    /// The keys that ask to be rotated; ends with 5 if there are some
    Due(looking::Due),
    /// A key leaked: what that touches, what each way out breaks, and the way out
    Incident(Box<beginning::Incident>),
}

/// Runs one of them.
pub fn run(command: Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Start(arguments) => beginning::start(&arguments, input, output),
        Command::Status(arguments) => looking::status(&arguments, input, output),
        Command::Next(arguments) => going::next(&arguments, input, output),
        Command::Paste(arguments) => going::paste(&arguments, input, output),
        Command::HandOver(arguments) => going::hand_over(&arguments, input, output),
        Command::Back(arguments) => going::turn(&arguments, &rotation::Told::Back, input, output),
        Command::Abort(arguments) => going::turn(&arguments, &rotation::Told::Abort, input, output),
        Command::List(arguments) => looking::list(&arguments, input, output),
        Command::Due(arguments) => looking::due(&arguments, input, output),
        Command::Incident(arguments) => beginning::incident(&arguments, input, output),
    }
}
