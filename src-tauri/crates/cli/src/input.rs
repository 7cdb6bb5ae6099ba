//! What is read: standard input once, files with a bound, passphrases from wherever they are safe.

use std::{
    cell::Cell,
    io::{self, IsTerminal, Read},
    path::Path,
};

use workbench::session::Passphrase;
use zeroize::Zeroizing;

use crate::exit::{Exit, Failure};

/// The most that is read from standard input or a file, in bytes.
const MOST: usize = host::INPUT_LIMIT;

/// Standard input, which can be read once.
#[derive(Default)]
pub struct Input {
    taken_by: Cell<Option<&'static str>>,
}

impl Input {
    /// The content of a file, or of standard input for `-`. `what` names the option, for the error when two want it.
    pub fn bytes(&self, path: &Path, what: &'static str) -> Result<Zeroizing<Vec<u8>>, Failure> {
        if path == Path::new("-") { self.stdin(what) } else { Ok(host::read(path, MOST)?) }
    }

    /// The same as text.
    pub fn text(&self, path: &Path, what: &'static str) -> Result<Zeroizing<String>, Failure> {
        let bytes = self.bytes(path, what)?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Zeroizing::new(text.trim_start_matches('\u{feff}').to_owned())),
            Err(error) => {
                let message = format!("{what} is not UTF-8: byte {} does not fit", error.valid_up_to() + 1);
                Err(Failure::new(
                    Exit::Malformed,
                    message,
                    Some("save it as UTF-8, or check that it is the right file"),
                ))
            }
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
        let mut bytes = Zeroizing::new(Vec::new());
        let read = io::stdin().lock().take(MOST as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|error| Failure::new(Exit::Failed, format!("cannot read standard input: {error}"), None))?;
        if bytes.len() > MOST {
            let message = format!("standard input has more than {MOST} bytes");
            return Err(Failure::new(Exit::Malformed, message, Some("keys, tokens and claims are much smaller")));
        }
        Ok(bytes)
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

/// Whether a path stands for standard input.
pub fn is_stdin(path: Option<&Path>) -> bool {
    path == Some(Path::new("-"))
}

fn two_readers(first: &str, second: &str) -> Failure {
    Failure::usage(format!("{first} and {second} both want standard input"), "give one of them as a file")
}

/// A passphrase from a file or a file descriptor: everything up to the first line break.
pub fn secret_line(input: &Input, path: &Path, what: &'static str) -> Result<Zeroizing<String>, Failure> {
    let text = input.text(path, what)?;
    Ok(Zeroizing::new(text.split(['\n', '\r']).next().unwrap_or_default().to_owned()))
}

/// A passphrase typed at the terminal, unseen.
pub fn prompt(question: &str) -> Result<Zeroizing<String>, Failure> {
    if !io::stdin().is_terminal() && !io::stderr().is_terminal() {
        let hint = "give it with --passphrase-file FILE or --passphrase-fd N; never as an argument";
        return Err(Failure::usage("a passphrase is needed, and there is no terminal to ask at", hint));
    }
    let typed = rpassword::prompt_password(question);
    typed.map(Zeroizing::new).map_err(|error| {
        let hint = "give it with --passphrase-file FILE or --passphrase-fd N; never as an argument";
        Failure::new(Exit::Usage, format!("cannot ask for a passphrase: {error}"), Some(hint))
    })
}

/// A passphrase as the vault takes it.
pub fn passphrase(text: &Zeroizing<String>) -> Result<Passphrase, Failure> {
    Ok(Passphrase::new(text.to_string()).map_err(workbench::Error::from)?)
}
