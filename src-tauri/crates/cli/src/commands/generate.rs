//! `keywright completions` and `keywright man`: made from the shape of the command line.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;
use host::Moment;

use crate::{
    commands,
    exit::{Exit, Failure},
    output::Output,
};

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

/// The mode of a page: everybody reads it, unless the person's umask takes that away.
#[cfg(unix)]
const READABLE: u32 = 0o666;

/// Prints a completion script.
pub fn completions(arguments: &CompletionsArguments, output: &Output) -> Result<Exit, Failure> {
    let Some(shell) = arguments.shell.or_else(Shell::from_env) else {
        let names: Vec<String> = Shell::value_variants().iter().map(ToString::to_string).collect();
        return Err(Failure::usage("which shell?", &format!("one of {}", names.join(", "))));
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut commands::Arguments::command(), "keywright", &mut script);
    output.bytes(&script)?;
    Ok(Exit::Done)
}

/// Prints the manual, or writes it.
pub fn man(arguments: &ManArguments, output: &Output) -> Result<Exit, Failure> {
    let command = commands::Arguments::command();
    match &arguments.dir {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
            // Its names tell each page of the command that it belongs to: keywright-token-sign.
            let mut command = command.disable_help_subcommand(true);
            command.build();
            write_pages(&command, folder)?;
            output.note(&format!("wrote the manual into {}", folder.display()));
        }
        None => {
            output.bytes(&text(&Man::new(command))?)?;
        }
    }
    Ok(Exit::Done)
}

/// Writes the page of a command and those of its own commands.
fn write_pages(command: &clap::Command, folder: &Path) -> Result<(), Failure> {
    for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        write_pages(command, folder)?;
    }
    let page = Man::new(command.clone());
    let name = page.get_filename();
    put(folder, &name, &text(&page)?).map_err(|error| failed(&folder.join(name), &error))
}

fn text(page: &Man) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let written = page.render(&mut text);
    written.map_err(|error| Failure::new(Exit::Failed, format!("cannot write the manual: {error}"), None))?;
    Ok(text)
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Failed, format!("cannot write {}: {error}", path.display()), None)
}

/// Puts a file into the folder, in the place of whatever bears its name. A link that stands there is replaced and not
/// followed: who may write into the folder does not choose what else is written over.
fn put(folder: &Path, name: &str, text: &[u8]) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".keywright-man-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(READABLE));
    let mut file = builder.tempfile_in(folder)?;
    let unfinished = file.path().to_owned();
    let _removed = host::undo(move |moment| {
        if moment == Moment::End {
            // Gone by then where it was put in its place.
            let _ = std::fs::remove_file(&unfinished);
        }
    })?;
    file.as_file_mut().write_all(text)?;
    file.persist(folder.join(name)).map_err(|error| error.error)?;
    Ok(())
}
