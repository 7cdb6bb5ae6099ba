//! Input: standard input once, files with a bound, passphrases from wherever they are safe.

use std::{
    cell::Cell,
    io::{self, IsTerminal},
    path::Path,
};

use workbench::session::Passphrase;
use zeroize::Zeroizing;

use crate::{
    exit::{Exit, Failure},
    terminal::{Hold, Terminal},
};

/// The most that is read from standard input or a file, in bytes.
const MOST: usize = host::INPUT_LIMIT;

/// Standard input, which can be read once, and the terminal, where questions are asked.
#[derive(Default)]
pub struct Input {
    taken_by: Cell<Option<&'static str>>,
    terminal: Terminal,
}

impl Input {
    /// The content of a file, or of standard input for `-`. `what` names the option, for the error when two want it.
    pub fn bytes(&self, path: &Path, what: &'static str) -> Result<Zeroizing<Vec<u8>>, Failure> {
        if path == Path::new("-") { self.stdin(what) } else { Ok(host::read(path, MOST)?) }
    }

    /// The same for what may be a secret: typed or pasted at the terminal, it is not shown.
    pub fn secret(&self, path: &Path, what: &'static str) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let _hold = self.hold();
        if path == Path::new("-") && io::stdin().is_terminal() {
            self.terminal.hide(&format!("{what}, unseen, until Ctrl-D: ")).map_err(cannot_ask)?;
        }
        self.bytes(path, what)
    }

    /// The same as text.
    pub fn text(&self, path: &Path, what: &'static str) -> Result<Zeroizing<String>, Failure> {
        in_utf8(&self.bytes(path, what)?, what)
    }

    /// A secret as text.
    pub fn secret_text(&self, path: &Path, what: &'static str) -> Result<Zeroizing<String>, Failure> {
        in_utf8(&self.secret(path, what)?, what)
    }

    /// A passphrase from a file or a file descriptor: everything up to the first line break.
    pub fn secret_line(&self, path: &Path, what: &'static str) -> Result<Zeroizing<String>, Failure> {
        let text = self.secret_text(path, what)?;
        Ok(Zeroizing::new(text.split(['\n', '\r']).next().unwrap_or_default().to_owned()))
    }

    /// Keeps what is typed hidden between two questions, from the first one on until this is dropped. A command that may
    /// ask more than once holds this from before the first to after the last.
    pub fn hold(&self) -> Hold<'_> {
        self.terminal.hold()
    }

    /// A passphrase typed at the terminal, unseen.
    pub fn ask(&self, question: &str) -> Result<Zeroizing<String>, Failure> {
        if !io::stdin().is_terminal() && !io::stderr().is_terminal() {
            let message = "a passphrase is needed, and there is no terminal to ask at";
            return Err(Failure::usage(message, INSTEAD));
        }
        self.terminal.ask(question).map_err(cannot_ask)
    }

    /// A new passphrase, typed twice.
    pub fn ask_twice(&self, question: &str) -> Result<Zeroizing<String>, Failure> {
        let _hold = self.hold();
        let first = self.ask(question)?;
        let again = self.ask("The same again: ")?;
        if *first == *again {
            Ok(first)
        } else {
            Err(Failure::usage("the two passphrases differ", "type the same twice"))
        }
    }

    /// Refuses a call in which more than one of these wants standard input, before anything is read.
    pub fn only_one(readers: &[(&'static str, bool)]) -> Result<(), Failure> {
        let mut wanting = readers.iter().filter(|(_, wants)| *wants).map(|(what, _)| *what);
        match (wanting.next(), wanting.next()) {
            (Some(first), Some(second)) => Err(two_readers(first, second)),
            _ => Ok(()),
        }
    }

    /// Everything on standard input.
    pub fn stdin(&self, what: &'static str) -> Result<Zeroizing<Vec<u8>>, Failure> {
        if let Some(first) = self.taken_by.replace(Some(what)) {
            return Err(two_readers(first, what));
        }
        let read = standard_input().and_then(|mut stdin| host::read_from(&mut stdin, MOST));
        match read {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => {
                let message = format!("standard input has more than {MOST} bytes");
                Err(Failure::new(Exit::Malformed, message, Some("keys, tokens and claims are much smaller")))
            }
            Err(error) => Err(Failure::new(Exit::Failed, format!("cannot read standard input: {error}"), None)),
        }
    }

    /// What is given on the command line, or standard input for `-` or where nothing is given and input is piped in.
    pub fn argument_or_stdin(&self, given: Option<&str>, what: &'static str) -> Result<Zeroizing<Vec<u8>>, Failure> {
        match given {
            Some(text) if text != "-" => Ok(Zeroizing::new(text.as_bytes().to_vec())),
            None if io::stdin().is_terminal() => {
                Err(Failure::usage(format!("{what} is missing"), "give it as an argument, or - to read standard input"))
            }
            _ => self.stdin(what),
        }
    }
}

/// Whether standard input is this very file or pipe, opened here or there. Where that cannot be seen, it counts as such.
#[cfg(unix)]
pub fn is_opened_as_stdin(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |it: std::fs::Metadata| (it.dev(), it.ino());
    let stdin = standard_input().and_then(|stdin| stdin.metadata()).map(identity);
    let file = std::fs::metadata(path).map(identity);
    !matches!((stdin, file), (Ok(stdin), Ok(file)) if stdin != file)
}

/// Windows does not tell by safe means, and gives no name to open standard input by.
#[cfg(windows)]
pub fn is_opened_as_stdin(_: &Path) -> bool {
    false
}

/// Whether a path stands for standard input.
pub fn is_stdin(path: Option<&Path>) -> bool {
    path == Some(Path::new("-"))
}

fn two_readers(first: &str, second: &str) -> Failure {
    Failure::usage(format!("{first} and {second} both want standard input"), "give one of them as a file")
}

/// How else a passphrase is given.
const INSTEAD: &str = "give it with --passphrase-file FILE or --passphrase-fd N; never as an argument";

fn cannot_ask(error: io::Error) -> Failure {
    Failure::new(Exit::Usage, format!("cannot ask for a passphrase: {error}"), Some(INSTEAD))
}

/// Standard input itself, and not `io::stdin`: its buffer lives as long as the program and would keep what went through.
#[cfg(unix)]
fn standard_input() -> io::Result<std::fs::File> {
    use std::os::fd::AsFd;
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

/// Standard input by its buffer: what is typed at a console comes in UTF-16, which it alone turns into UTF-8.
#[cfg(windows)]
fn standard_input() -> io::Result<io::StdinLock<'static>> {
    Ok(io::stdin().lock())
}

/// Text without its byte order mark.
fn in_utf8(bytes: &[u8], what: &str) -> Result<Zeroizing<String>, Failure> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text.trim_start_matches('\u{feff}').to_owned())),
        Err(error) => {
            let message = format!("{what} is not UTF-8: byte {} does not fit", error.valid_up_to() + 1);
            let hint = "save it as UTF-8, or check that it is the right file";
            Err(Failure::new(Exit::Malformed, message, Some(hint)))
        }
    }
}

/// A passphrase as the vault takes it.
pub fn passphrase(text: &Zeroizing<String>) -> Result<Passphrase, Failure> {
    Ok(Passphrase::new(text.to_string()).map_err(workbench::Error::from)?)
}
