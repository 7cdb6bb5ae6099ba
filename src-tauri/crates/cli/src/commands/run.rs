//! `keywright run`: a command with a fresh token in its environment, and nowhere else.
//!
//! On Unix the command takes this process's place, so that signals and exit codes are its own and nobody stays behind with
//! keys. On Windows nothing can take a process's place; there this one waits, in a job that ends the command with it.

use std::{
    ffi::OsString,
    process::{Command, Stdio},
};

use clap::Args;
use exchange::tools::{self, TOOLS, TokenSource, Tool, in_words};
use provider::Tier;
use wire::Snippet;
use workbench::{definitions, environments, profiles, session::Session, signer::SignRequest};

use crate::{
    commands::{fresh::fresh, token::Recipe},
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
            format!("{name:?} is not a name for a variable"),
            "letters, digits and _, no digit first",
        ));
    }
    let ports = world::live_ports(arguments.recipe.live, output);
    let mut session = arguments.recipe.vault.unlock(input, output)?;
    if let Some(tool) = arguments.steps.as_deref().and_then(tools::tool) {
        let text = steps(tool, &session, &sign, arguments)?;
        output.result(&Snippet { text: text.clone() }, || text)?;
        return Ok(Exit::Done);
    }
    let ready = fresh(&mut session, &sign, output, &ports)?;
    drop(session);
    let mut command = Command::new(&arguments.command[0]);
    command.args(&arguments.command[1..]).env(TOKEN, ready.token.as_str());
    // One that was set before would be another token's.
    match ready.expires {
        Some(expires) => command.env(EXPIRES, expires.to_string()),
        None => command.env_remove(EXPIRES),
    };
    if let Some(variable) = &arguments.variable {
        command.env(variable, ready.token.as_str());
    }
    if arguments.recipe.vault.passphrase.is_standard_input() {
        // What lies in a file could be read there once more.
        command.stdin(Stdio::null());
    }
    // An emulator that played a flow ends with this, and whatever it opened.
    drop((ready, ports));
    let error = replacing::replace_by(command)?;
    let name = arguments.command[0].to_string_lossy();
    Err(Failure::new(Exit::Usage, format!("cannot run {name:?}: {error}"), Some("give the command after --")))
}

#[cfg(unix)]
mod replacing {
    use std::{fs, io, os::fd::BorrowedFd, os::unix::process::CommandExt, process::Command};

    use rustix::io::{FdFlags, fcntl_setfd};

    use crate::exit::{Exit, Failure};

    /// Lets the command take this process's place. Comes back only where that cannot be, with the reason.
    pub fn replace_by(mut command: Command) -> Result<io::Error, Failure> {
        close_on_exec().map_err(|error| {
            let message = format!("cannot keep open files from the command: {error}");
            Failure::new(Exit::Failed, message, Some("/dev/fd must list them; in a container or a chroot, mount /proc"))
        })?;
        host::hand_limits_on();
        Ok(command.exec())
    }

    /// Has every descriptor but standard input, output and error close when the command begins: with what was open when
    /// this program was started, as --passphrase-fd, it could read the passphrase.
    fn close_on_exec() -> io::Result<()> {
        for entry in fs::read_dir("/dev/fd")? {
            let name = entry?.file_name();
            match name.to_str().and_then(|number| number.parse().ok()) {
                Some(0..=2) => {}
                Some(number) => close_one_on_exec(number)?,
                None => return Err(io::Error::other(format!("/dev/fd holds {name:?}, wanted a number"))),
            }
        }
        Ok(())
    }

    fn close_one_on_exec(number: i32) -> io::Result<()> {
        #[allow(unsafe_code, reason = "the list that is being read says it is open, and no other thread closes any")]
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        Ok(fcntl_setfd(descriptor, FdFlags::CLOEXEC)?)
    }
}

#[cfg(windows)]
mod replacing {
    use std::{io, process};

    use win32job::{ExtendedLimitInfo, Job};

    use crate::exit::{Exit, Failure};

    /// Runs the command to its end and ends with its code. Comes back only where it does not start, with the reason.
    pub fn replace_by(mut command: process::Command) -> Result<io::Error, Failure> {
        // The job is closed when this process ends, however it does, and the command is ended by that.
        let mut limits = ExtendedLimitInfo::new();
        limits.limit_kill_on_job_close();
        let job = Job::create_with_limit_info(&limits)
            .and_then(|job| job.assign_current_process().map(|()| job))
            .map_err(|error| {
                let message = format!("cannot tie the command to this program: {}", io::Error::from(error));
                Failure::new(Exit::Failed, message, None)
            })?;
        // Ctrl-C reaches the command as well, which decides what it means; until it has ended, this one waits.
        let _interrupt = host::Interrupt::expect();
        let ended = command.status();
        // What the command left running on purpose goes on. The handle stays open: closed here, it could end this process.
        let _ = job.set_extended_limit_info(&ExtendedLimitInfo::new());
        let _ = job.into_handle();
        match ended {
            Ok(status) => process::exit(status.code().unwrap_or(Exit::Failed as i32)),
            Err(error) => Ok(error),
        }
    }
}

/// What to do so that a tool sends tokens of this place.
fn steps(tool: &Tool, session: &Session, sign: &SignRequest, arguments: &Arguments) -> Result<String, Failure> {
    let definition = definitions::named(session, &profiles::show(session, &sign.profile)?.provider)?;
    let environment = environments::environment(definition, &sign.environment)?;
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

fn is_variable(name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(word) && !name.starts_with(|c: char| c.is_ascii_digit())
}
