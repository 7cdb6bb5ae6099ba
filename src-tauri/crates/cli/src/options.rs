//! Options that several commands share, and what they resolve to.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jose::key::{SecretEncoding, write::Format};
use provider::Definition;
use wire::Language;
use workbench::{
    definitions,
    keys::{self, KeyText},
    session::{self, Passphrase, Session},
    webhooks,
};
use zeroize::Zeroizing;

use crate::{
    exit::Failure,
    input::{self, Input, is_stdin},
    output::Output,
};

/// Help for an option that takes the id of a language: what it does, and the ids.
pub fn one_of(what: &str, languages: &[Language]) -> String {
    let ids: Vec<&str> = languages.iter().map(|language| language.id).collect();
    format!("{what}: {}", ids.join(", "))
}

/// Which vault, and where its passphrase comes from.
#[derive(Debug, Args)]
pub struct VaultOptions {
    /// The vault; else KEYWRIGHT_VAULT, else vault.kwv in the application's data folder
    #[arg(long, value_name = "PATH", help_heading = "Vault")]
    pub vault: Option<PathBuf>,
    #[command(flatten)]
    pub passphrase: PassphraseOptions,
}

/// Where the vault's passphrase comes from. Without either it is asked for at the terminal.
#[derive(Debug, Args)]
pub struct PassphraseOptions {
    /// Read the vault's passphrase from the first line of a file, or - for standard input
    #[arg(long, value_name = "FILE", help_heading = "Vault", conflicts_with = "passphrase_fd")]
    pub passphrase_file: Option<PathBuf>,
    /// Read the vault's passphrase from the first line of an open file descriptor
    #[arg(long, value_name = "N", value_parser = descriptor, help_heading = "Vault")]
    pub passphrase_fd: Option<u32>,
}

impl VaultOptions {
    /// Where the vault lies.
    pub fn path(&self) -> Result<PathBuf, Failure> {
        vault_path(self.vault.as_deref())
    }

    /// Unlocks the vault. Keys that were deleted 30 days ago go for good.
    pub fn unlock(&self, input: &Input, output: &Output) -> Result<Session, Failure> {
        self.unlock_with(input, output).map(|(session, _)| session)
    }

    /// The same, with the passphrase, for a job that wants to see it again.
    pub fn unlock_with(&self, input: &Input, output: &Output) -> Result<(Session, Passphrase), Failure> {
        let path = self.path()?;
        // A vault that is not there is better said before a passphrase is asked for.
        session::status(&path)?;
        let passphrase = self.passphrase.read(input, &format!("Passphrase of {}: ", path.display()))?;
        let passphrase = input::passphrase(&passphrase)?;
        let busy = output.busy("checking the passphrase");
        let mut session = session::unlock(&path, &passphrase, &crate::world::ports())?;
        drop(busy);
        // A vault that can only be read is read all the same.
        let _ = keys::purge(&mut session, &crate::world::ports());
        Ok((session, passphrase))
    }
}

/// Where the vault lies that is named, or the usual one.
pub fn vault_path(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let path = host::vault_path(named)?;
    if is_stdin(Some(&path)) {
        let hint = "a file that is named so is ./-";
        return Err(Failure::usage("- is standard input or output, and a vault is a file", hint));
    }
    Ok(path)
}

/// A provider that is named by the id of a built-in one, or by the file of its definition.
pub fn definition(named: &str, input: &Input) -> Result<&'static Definition, Failure> {
    let file = Path::new(named);
    let is_file =
        is_stdin(Some(file)) || named.contains(['/', '\\']) || file.extension().is_some_and(|it| it == "toml");
    if is_file {
        return Ok(definitions::in_file(input.bytes(file, "the definition")?.to_vec(), file)?);
    }
    definitions::built_in(named).map_err(|error| {
        let mut failure = Failure::from(error);
        let hint = failure.body.hint.take().unwrap_or_default();
        failure.body.hint = Some(format!(
            "{hint}; a definition of your own is named by its file, ./acme.toml, or shown with provider show --own"
        ));
        failure
    })
}

impl PassphraseOptions {
    /// The passphrase, from wherever it is to come.
    pub fn read(&self, input: &Input, question: &str) -> Result<Zeroizing<String>, Failure> {
        match (&self.passphrase_file, self.passphrase_fd) {
            (Some(file), _) => input.secret_line(file, "--passphrase-file"),
            (None, Some(0)) => input.secret_line("-".as_ref(), "--passphrase-fd"),
            (None, Some(fd)) => input.secret_line(format!("/dev/fd/{fd}").as_ref(), "--passphrase-fd"),
            (None, None) => input.ask(question),
        }
    }

    /// Who of these options reads standard input.
    pub fn reader(&self) -> (&'static str, bool) {
        match self.passphrase_fd {
            Some(fd) => ("--passphrase-fd", fd == 0),
            None => ("--passphrase-file", is_stdin(self.passphrase_file.as_deref())),
        }
    }

    /// Whether it came from standard input, by whatever name: `-`, a file that standard input was opened from, or
    /// another descriptor of the same. Where that cannot be seen any more, it counts as such.
    pub fn is_standard_input(&self) -> bool {
        let file = match (&self.passphrase_file, self.passphrase_fd) {
            (Some(file), _) => file.clone(),
            (None, Some(fd)) => format!("/dev/fd/{fd}").into(),
            (None, None) => return false,
        };
        is_stdin(Some(&file)) || self.passphrase_fd == Some(0) || input::is_opened_as_stdin(&file)
    }

    /// Whether it comes from somewhere else than the terminal.
    pub fn is_given(&self) -> bool {
        self.passphrase_file.is_some() || self.passphrase_fd.is_some()
    }
}

/// How the text of a key is to be read.
#[derive(Debug, Args)]
pub struct KeyReading {
    /// Take the file for a shared secret whose text is encoded so
    #[arg(long, value_name = "ENCODING", help_heading = "Reading the key file")]
    pub secret_encoding: Option<Encoding>,
    /// Read the passphrase of an encrypted key from the first line of a file
    #[arg(long, value_name = "FILE", help_heading = "Reading the key file")]
    pub key_passphrase_file: Option<PathBuf>,
}

/// The content of a key file and what opens it.
pub struct KeyBytes {
    bytes: Zeroizing<Vec<u8>>,
    passphrase: Option<Zeroizing<String>>,
    secret_encoding: Option<SecretEncoding>,
}

impl KeyReading {
    /// Whether any of it was said.
    pub fn is_given(&self) -> bool {
        self.secret_encoding.is_some() || self.key_passphrase_file.is_some()
    }

    /// Who of these options reads standard input.
    pub fn reader(&self) -> (&'static str, bool) {
        ("--key-passphrase-file", is_stdin(self.key_passphrase_file.as_deref()))
    }

    /// Reads a key file without looking into it yet.
    pub fn load(&self, path: &Path, what: &'static str, input: &Input) -> Result<KeyBytes, Failure> {
        let bytes = input.secret(path, what)?;
        let passphrase = match &self.key_passphrase_file {
            Some(file) => Some(input.secret_line(file, "--key-passphrase-file")?),
            None => None,
        };
        Ok(KeyBytes { bytes, passphrase, secret_encoding: self.secret_encoding.map(Encoding::into_jose) })
    }
}

impl KeyBytes {
    /// The text as the jobs take it.
    pub fn text(&self) -> KeyText<'_> {
        KeyText {
            bytes: &self.bytes,
            passphrase: self.passphrase.as_ref().map(|passphrase| passphrase.as_bytes()),
            secret_encoding: self.secret_encoding,
        }
    }
}

/// How the text of a shared secret stands for its bytes.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Encoding {
    Utf8,
    Base64,
    Base64url,
    Hex,
}

impl Encoding {
    pub fn into_jose(self) -> SecretEncoding {
        match self {
            Self::Utf8 => SecretEncoding::Utf8,
            Self::Base64 => SecretEncoding::Base64,
            Self::Base64url => SecretEncoding::Base64Url,
            Self::Hex => SecretEncoding::Hex,
        }
    }
}

/// A form in which a key is written, by its name.
pub fn format(name: &str) -> Result<Format, String> {
    Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("wanted one of {}", names.join(", "))
    })
}

/// A file descriptor that a passphrase may be read from.
pub fn descriptor(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(1 | 2) => Err("wanted 0, or 3 and above: 1 and 2 are written to".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("wanted the number of an open file descriptor".to_owned()),
    }
}

/// `name=value`.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("wanted name=value".to_owned()),
    }
}

/// A time: RFC 3339 or seconds since 1970.
pub fn time(text: &str) -> Result<i64, String> {
    webhooks::moment(text).map_err(|_| "wanted seconds since 1970 or RFC 3339, 2026-11-22T14:00:00Z".to_owned())
}

/// Seconds of leeway, at most a minute.
pub fn leeway(text: &str) -> Result<i64, String> {
    match text.trim_end_matches('s').parse::<i64>() {
        Ok(seconds @ 0..=jose::time::MAX_LEEWAY) => Ok(seconds),
        _ => Err(format!("wanted 0 to {} seconds", jose::time::MAX_LEEWAY)),
    }
}
