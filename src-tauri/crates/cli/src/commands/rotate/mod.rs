//! `keywright rotate`: start, status, next, paste, hand-over, back, abort, list, due, incident.

mod beginning;
mod going;
mod looking;
mod shown;

use clap::{Args, Subcommand};
use keyset::{RotationId, Span};
use wire::Rotation;
use workbench::{
    ports::Ports,
    rotation::{self, Calling, View},
    session::Session,
};

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

/// How the provider is called.
#[derive(Debug, Args)]
struct CallOptions {
    /// Another key of the same provider and environment that signs the calls to list and change keys
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// Allow a live environment
    #[arg(long)]
    live: bool,
    /// For the Local environment: an emulator that runs already, by the address that it prints for the provider
    #[arg(long, value_name = "URL", env = "KEYWRIGHT_EMULATOR")]
    emulator: Option<String>,
}

impl CallOptions {
    fn calling(&self) -> Calling {
        Calling { emulator: self.emulator.clone(), with: self.with.clone() }
    }
}

/// A length of time.
fn span(text: &str) -> Result<Span, String> {
    text.parse::<Span>().map_err(|error| error.to_string())
}

/// The rotation that is meant: of the key that is named, else the only one that is under way.
fn meant(session: &Session, key: Option<&str>) -> Result<RotationId, Failure> {
    Ok(match key {
        Some(key) => rotation::find(session, key)?,
        None => rotation::only(session)?,
    })
}

/// A rotation as it is printed.
fn seen(session: &Session, id: &RotationId, ports: &Ports) -> Result<(View, Rotation), Failure> {
    let view = rotation::view(session, id, ports)?;
    let rotation = Rotation::from(&view);
    Ok((view, rotation))
}
