//! `keywright`, the command line: the same jobs as the window, for scripts and terminals.
//!
//! stdout holds the result alone; everything else goes to stderr. This room knows the jobs and the adapters, and nothing
//! of the desktop: a rule that is found here and nowhere below is in the wrong place.

mod args;
mod commands;
mod exit;
mod input;
mod options;
mod output;
mod show;
mod world;

use std::process::ExitCode;

use clap::Parser;

use crate::{args::Arguments, exit::Exit, output::Output};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are results; a wrong call is not.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            return if error.print().is_ok() { exit.into() } else { Exit::Done.into() };
        }
    };
    let output = Output::new(arguments.json);
    match commands::run(arguments.command, &output) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output.failure(&failure);
            failure.exit.into()
        }
    }
}
