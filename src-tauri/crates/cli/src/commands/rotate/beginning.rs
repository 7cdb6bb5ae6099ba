//! The beginning of a rotation: planned, or in an incident.

use std::path::PathBuf;

use clap::Args;
use jose::Alg;
use keyset::{Mode, Span, Stated};
use workbench::rotation::{self, Starting};

use super::{
    going::{self, Reach},
    shown,
    standing::{CallOptions, seen, span},
};
use crate::{
    commands::key::alg,
    exit::{Exit, Failure},
    input::Input,
    options::VaultOptions,
    output::Output,
    world,
};

/// The longest times that a person states.
#[derive(Debug, Args)]
struct Times {
    /// The longest that a token lives
    #[arg(long, value_name = "1h", value_parser = span, help_heading = "Times")]
    token_lifetime: Option<Span>,
    /// How far clocks of servers may differ
    #[arg(long, value_name = "1m", value_parser = span, help_heading = "Times")]
    skew: Option<Span>,
    /// The slowest deploy of a program that has the key
    #[arg(long, value_name = "24h", value_parser = span, help_heading = "Times")]
    deploy: Option<Span>,
    /// How long nobody must have used the old key before it counts as silent
    #[arg(long, value_name = "24h", value_parser = span, help_heading = "Times")]
    quiet: Option<Span>,
    /// How long a retired key stays at the provider, so that its retirement can be undone
    #[arg(long, value_name = "24h", value_parser = span, help_heading = "Times")]
    undo: Option<Span>,
}

impl Times {
    fn stated(&self) -> Stated {
        let usual = Stated::default();
        Stated {
            token_lifetime: self.token_lifetime.unwrap_or(usual.token_lifetime),
            skew: self.skew.unwrap_or(usual.skew),
            slowest_deploy: self.deploy.unwrap_or(usual.slowest_deploy),
            quiet: self.quiet.unwrap_or(usual.quiet),
            undo: self.undo.unwrap_or(usual.undo),
        }
    }
}

#[derive(Debug, Args)]
pub struct Start {
    /// The key to replace: the active one of its line
    key: String,
    /// Print the plan with its earliest times, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Make the next key for another algorithm
    #[arg(long, value_name = "ALG", value_parser = alg)]
    alg: Option<Alg>,
    /// How the next key is called at the provider; the id of the rotation is added
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// A place that has the old key, beside those that are known; may be given several times
    #[arg(long = "hand-over", value_name = "PLACE")]
    places: Vec<String>,
    /// The old key's id at the provider, where no thumbprint tells it
    #[arg(long, value_name = "ID")]
    old_id: Option<String>,
    /// Take every step by hand that the provider's definition has words for
    #[arg(long)]
    by_hand: bool,
    #[command(flatten)]
    times: Times,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Incident {
    /// The key that leaked
    key: String,
    /// Disable it at once, then repair the rest
    #[arg(long, conflicts_with = "replace_first")]
    disable_first: bool,
    /// Replace it without waiting, then disable it
    #[arg(long)]
    replace_first: bool,
    /// Write the runbook to a file
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long, requires = "save")]
    force: bool,
    #[command(flatten)]
    times: Times,
    #[command(flatten)]
    call: CallOptions,
    #[command(flatten)]
    vault: VaultOptions,
}

/// Begins a planned rotation, or says what it would be.
pub fn start(arguments: &Start, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    let mut session = arguments.vault.unlock(input, output)?;
    let starting = Starting {
        key: arguments.key.clone(),
        mode: Mode::Planned,
        stated: arguments.times.stated(),
        label: arguments.label.clone(),
        alg: arguments.alg,
        places: arguments.places.clone(),
        old_id: arguments.old_id.clone(),
        by_hand: arguments.by_hand,
    };
    if arguments.dry_run {
        let view = rotation::plan(&mut session, &starting, &ports)?;
        let plan = wire::RotationPlan::from(&view);
        output.result(&plan, || shown::plan(&plan))?;
        return Ok(Exit::Done);
    }
    let id = rotation::start(&mut session, &starting, &ports)?;
    let (_, rotation) = seen(&session, &id, &ports)?;
    output.result(&rotation, || shown::rotation(&rotation))?;
    Ok(Exit::Done)
}

/// Says what a leaked key touches; with a way out, goes it.
pub fn incident(arguments: &Incident, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::live_ports(arguments.call.live, output);
    let mut session = arguments.vault.unlock(input, output)?;
    let mode = match (arguments.disable_first, arguments.replace_first) {
        (true, _) => Some(Mode::DisableFirst),
        (_, true) => Some(Mode::ReplaceFirst),
        _ => None,
    };
    let Some(mode) = mode else {
        let found = rotation::incident(&mut session, &arguments.key, &arguments.times.stated())?;
        let incident = wire::Incident::from(&found);
        if let Some(file) = &arguments.save {
            shown::save(file, &shown::runbooks(&incident), arguments.force, output)?;
        }
        output.result(&incident, || shown::incident(&incident))?;
        return Ok(Exit::Done);
    };
    let starting = Starting { mode, stated: arguments.times.stated(), ..Starting::of(&arguments.key) };
    let id = rotation::start(&mut session, &starting, &ports)?;
    let calling = arguments.call.calling();
    // Nothing waits in an incident.
    let ended = going::go(&mut session, &id, &calling, Reach::All, false, output, &ports)?;
    let exit = going::report(&session, &id, &ended, output, &ports)?;
    if let Some(file) = &arguments.save {
        let view = rotation::view(&session, &id, &ports)?;
        shown::save(file, &view.rotation.runbook(), arguments.force, output)?;
    }
    Ok(exit)
}
