//! Options of a webhook's provider and secrets, and the exit code of a check by them.

use std::path::PathBuf;

use clap::Args;
use jose::{
    verify::Verdict,
    webhook::{Check, Stage, State},
};
use workbench::webhooks::Trusted;
use zeroize::Zeroizing;

use crate::{
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options::{self, VaultOptions},
    output::Output,
    world,
};

/// Whose webhooks they are, and the secrets that count.
#[derive(Debug, Args)]
pub struct Whose {
    /// The provider: its id, or the file of a definition; the profile's unless given
    #[arg(long, value_name = "ID|FILE", required_unless_present = "profile")]
    provider: Option<String>,
    /// Judge or sign with the secrets that are sealed for this profile
    #[arg(long, value_name = "NAME", requires = "env")]
    profile: Option<String>,
    /// The environment
    #[arg(long, value_name = "ID", requires = "profile")]
    env: Option<String>,
    /// A secret or key of the provider's webhook settings, from a file or - for standard input; several while one
    /// replaces another. A line break at the end of a single line is not part of it
    #[arg(long = "secret-file", value_name = "FILE", required_unless_present = "profile")]
    secrets: Vec<PathBuf>,
    #[command(flatten)]
    vault: VaultOptions,
}

/// What is done with the secrets.
#[derive(Clone, Copy)]
pub enum For {
    /// Deliveries are judged.
    Judging,
    /// One is signed; the person's word for a live environment comes with it.
    Signing { live: bool },
}

impl Whose {
    /// Who of these options reads standard input.
    pub fn readers(&self) -> Vec<(&'static str, bool)> {
        let files = self.secrets.iter().map(|file| ("--secret-file", is_stdin(Some(file))));
        files.chain(self.profile.is_some().then(|| self.vault.passphrase.reader())).collect()
    }

    /// Opens the secrets. Those of the vault count first; it is locked again by then.
    pub fn trusted(&self, what: For, input: &Input, output: &Output) -> Result<Trusted, Failure> {
        let _hold = input.hold();
        let mut trusted = match (&self.profile, &self.env, &self.provider) {
            (Some(profile), Some(environment), _) => {
                let session = self.vault.unlock(input, output)?;
                match what {
                    For::Judging => Trusted::open(&session, profile, environment)?,
                    For::Signing { live } => {
                        Trusted::open_to_sign(&session, profile, environment, &world::live_ports(live, output))?
                    }
                }
            }
            (_, _, Some(provider)) => Trusted::new(options::definition(provider, input)?),
            (..) => return Err(Failure::usage("the provider is missing", "give --provider ID, or --profile NAME")),
        };
        if let (Some(provider), Some(profile)) = (&self.provider, &self.profile)
            && *provider != trusted.definition().id
        {
            let found = format!("the profile {profile:?} is at {}, not at {provider:?}", trusted.definition().id);
            return Err(Failure::usage(found, "leave --provider out"));
        }
        for file in &self.secrets {
            let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
            trusted.add(name, line(input.secret(file, "--secret-file")?));
        }
        Ok(trusted)
    }

    /// The same, to judge with.
    pub fn judging(&self, input: &Input, output: &Output) -> Result<Trusted, Failure> {
        self.trusted(For::Judging, input, output)
    }
}

/// The exit code of a check: the first step that is not good decides.
pub fn judge(check: &Check) -> Exit {
    let first = check.steps.iter().find(|step| step.state != State::Good).map(|step| step.stage);
    match (check.verdict, first) {
        (Verdict::Good, _) | (_, None) => Exit::Done,
        (_, Some(Stage::Present | Stage::Form | Stage::Input)) => Exit::Malformed,
        (_, Some(Stage::Timestamp)) => match check.matches.is_empty() {
            // An old delivery of somebody else is somebody else's first of all.
            true => Exit::Signature,
            false => Exit::Rule,
        },
        (_, Some(Stage::Secret)) => Exit::NoKey,
        (_, Some(Stage::Compare)) => Exit::Signature,
    }
}

/// A single line without its end, which editors and `echo` add; what has several lines, as a key file has, stays as it is.
fn line(mut bytes: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    let end = bytes.strip_suffix(b"\r\n").or(bytes.strip_suffix(b"\n")).map(<[u8]>::len);
    if let Some(end) = end.filter(|end| !bytes[..*end].contains(&b'\n')) {
        bytes.truncate(end);
    }
    bytes
}
