//! `keywright completions` and `keywright man`: made from the shape of the command line.

use std::path::PathBuf;

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::Shell;

use crate::{
    args,
    exit::{Exit, Failure},
    output::Output,
};

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell; the one in SHELL unless named
    shell: Option<Shell>,
}

#[derive(Debug, Args)]
pub struct ManArguments {
    /// Write one page for each command into this folder, instead of printing the first
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

/// Prints a completion script.
pub fn completions(arguments: &CompletionsArguments, output: &Output) -> Result<Exit, Failure> {
    let Some(shell) = arguments.shell.or_else(Shell::from_env) else {
        let names: Vec<String> = Shell::value_variants().iter().map(ToString::to_string).collect();
        return Err(Failure::usage("which shell?", &format!("one of {}", names.join(", "))));
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::Arguments::command(), "keywright", &mut script);
    output.bytes(&script)?;
    Ok(Exit::Done)
}

/// Prints the manual, or writes it.
pub fn man(arguments: &ManArguments, output: &Output) -> Result<Exit, Failure> {
    let failed = |error: std::io::Error| Failure::new(Exit::Failed, format!("cannot write the manual: {error}"), None);
    let command = args::Arguments::command();
    match &arguments.dir {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(failed)?;
            clap_mangen::generate_to(command, folder).map_err(failed)?;
            output.note(&format!("wrote the manual into {}", folder.display()));
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page).map_err(failed)?;
            output.bytes(&page)?;
        }
    }
    Ok(Exit::Done)
}
