//! `keywright run`: a command with a fresh token in its environment, and nowhere else.

use std::{ffi::OsString, process};

use clap::Args;
use exchange::tools::{self, TOOLS, TokenSource, Tool, in_words};
use provider::Tier;
use wire::Snippet;
use workbench::{
    calls::Run,
    definitions,
    flows::{self, FlowRequest},
    ports::Ports,
    profiles,
    session::Session,
    tokens::{self, Ready, SignRequest},
};

use crate::{
    commands::{following::drive, token::Recipe},
    exit::{Exit, Failure},
    input::Input,
    output::Output,
    world,
};

/// What the child finds the token under, beside the variable of the environment.
const TOKEN: &str = "KEYWRIGHT_TOKEN";
/// What it finds its end under, in seconds since 1970.
const EXPIRES: &str = "KEYWRIGHT_TOKEN_EXPIRES";

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    recipe: Recipe,
    /// The variable that holds the token; KEYWRIGHT_TOKEN holds it in any case
    #[arg(long, value_name = "NAME")]
    variable: Option<String>,
    /// Print how another tool gets its tokens from here, instead of running a command
    #[arg(long, value_name = "TOOL", value_parser = TOOLS.iter().map(|tool| tool.id).collect::<Vec<_>>(), conflicts_with = "command")]
    steps: Option<String>,
    /// The command and its arguments
    #[arg(last = true, required_unless_present = "steps", value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs it. The exit code is the command's own.
pub fn run(arguments: &Arguments, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let Some(sign) = arguments.recipe.request() else {
        return Err(Failure::usage("the profile is missing", "say whose token it shall be: --profile NAME --env ID"));
    };
    if let Some(name) = arguments.variable.as_deref().filter(|name| !is_variable(name)) {
        return Err(Failure::usage(
            format!("{name:?} is no name of a variable"),
            "letters, digits and _, no digit first",
        ));
    }
    let ports = world::ports(arguments.recipe.live);
    let mut session = arguments.recipe.vault.unlock(input, output)?;
    if let Some(tool) = arguments.steps.as_deref().and_then(tools::tool) {
        let text = steps(tool, &session, &sign, arguments)?;
        output.result(&Snippet { text: text.clone() }, || text)?;
        return Ok(Exit::Done);
    }
    let ready = fresh(&mut session, &sign, output, &ports)?;
    drop(session);
    let mut command = process::Command::new(&arguments.command[0]);
    command.args(&arguments.command[1..]).env(TOKEN, ready.token.as_str());
    // One that was set before would be another token's.
    match ready.expires {
        Some(expires) => command.env(EXPIRES, expires.to_string()),
        None => command.env_remove(EXPIRES),
    };
    if let Some(variable) = &arguments.variable {
        command.env(variable, ready.token.as_str());
    }
    drop(ready);
    let status = command.status().map_err(|error| {
        let name = arguments.command[0].to_string_lossy();
        Failure::new(Exit::Usage, format!("cannot run {name:?}: {error}"), Some("give the command after --"))
    })?;
    process::exit(code(status))
}

/// What to do so that a tool sends tokens of this place.
fn steps(tool: &Tool, session: &Session, sign: &SignRequest, arguments: &Arguments) -> Result<String, Failure> {
    let definition = definitions::named(session, &profiles::show(session, &sign.profile)?.provider)?;
    let environment = profiles::environment(definition, &sign.environment)?;
    let variable = arguments.variable.as_deref().or(environment.env_var.as_deref()).unwrap_or(TOKEN);
    let live = environment.tier_or_live() == Tier::Live;
    let place = ["--profile", &sign.profile, "--env", &sign.environment];
    let of = |command: &[&'static str]| -> Vec<&str> {
        ["keywright"].into_iter().chain(command.iter().copied()).chain(place).chain(live.then_some("--live")).collect()
    };
    let get = of(&["token", "get"]);
    let run: Vec<&str> = of(&["run"]).into_iter().chain(["--variable", variable]).collect();
    Ok(in_words(&tool.steps(&TokenSource { definition, variable, sign: &get, run: &run })))
}

/// The exit code as a shell tells it: 128 and the number of the signal that ended the command.
fn code(status: process::ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(Exit::Failed as i32)
}

fn is_variable(name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(word) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// A token that is good to go: signed, kept from before, or got by a flow.
pub fn fresh(session: &mut Session, sign: &SignRequest, output: &Output, ports: &Ports) -> Result<Ready, Failure> {
    if let Some(ready) = tokens::ready(session, sign, ports)? {
        return Ok(ready);
    }
    let flow = flows::renewing(session, sign)?;
    let request = FlowRequest { sign: sign.clone(), flow: flow.id.clone(), emulator: None };
    let ran = drive(Run::flow(session, &request, true, ports)?, session, output, ports)?;
    match tokens::ready(session, sign, ports)? {
        Some(ready) => Ok(ready),
        None => {
            let why = ran.failed.unwrap_or_else(|| format!("{} gave no token", flow.label));
            Err(Failure::new(Exit::Unexpected, why.trim_end_matches('.').to_owned(), None))
        }
    }
}
