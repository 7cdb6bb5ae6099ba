//! `keywright`, the command line: the same jobs as the window, for scripts and terminals.
//!
//! stdout holds the result alone; everything else goes to stderr. This room knows the jobs and the adapters, and nothing
//! of the desktop: a rule that is found here and nowhere below is in the wrong place.

mod commands;
#[cfg(test)]
mod docs;
mod exit;
mod flags;
mod input;
mod options;
mod output;
mod show;
mod style;
mod terminal;
mod world;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    commands::Arguments,
    exit::{Exit, Failure},
    output::Output,
};

/// Wipes what is freed: passphrases and keys pass through buffers of libraries that wipe nothing.
#[global_allocator]
static ALLOCATOR: memory::Wiping = memory::WIPING;

fn main() -> ExitCode {
    host::harden("keywright");
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return not_a_call(&error).into(),
    };
    let output = Output::new(arguments.json);
    // The reason why there is no result may wait long for its reader: nothing secret waits with it.
    match memory::clean_stack(|| commands::run(arguments.command, &output)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output.failure(&failure);
            failure.exit.into()
        }
    }
}

/// Says what is wrong with the call, or prints the help or the version that was asked for.
fn not_a_call(error: &clap::Error) -> Exit {
    if !error.use_stderr() {
        // A reader who has seen enough of the help closes the pipe.
        let _ = error.print();
        return Exit::Done;
    }
    let text = error.render().to_string();
    if std::env::args_os().any(|argument| argument == "--json") {
        let message = text.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
        Output::new(true).failure(&Failure::usage(message, "see what there is: keywright help"));
    } else if text.contains(|c| jose::unseen::steers(c) && c != '\n') {
        // clap quotes an argument as it is.
        Output::new(false).note(text.trim_end());
    } else {
        let _ = error.print();
    }
    Exit::Usage
}
