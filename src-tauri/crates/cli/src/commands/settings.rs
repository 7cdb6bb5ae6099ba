//! `keywright settings`: proxy, trusted certificates and timeouts of calls, the port of the window's emulator.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use provider::{Seconds, parse_duration};
use wire::Settings;
use workbench::{
    session::Session,
    settings::{self, Chosen},
};

use crate::{
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options::VaultOptions,
    output::Output,
    world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what was chosen
    Show(VaultOptions),
    /// Choose a proxy, certificates to trust, time-outs, the emulator's port
    Set(Set),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true, id = "choice", args = ["proxy", "trust", "trust_system", "connect_timeout", "timeout", "emulator_port"])]
pub struct Set {
    /// The proxy for calls to other computers; an empty one goes back to the environment's
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// Certificates in PEM that calls trust beside those of the system, from a file or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "trust_system")]
    trust: Option<PathBuf>,
    /// Trust the system's certificates alone again
    #[arg(long)]
    trust_system: bool,
    /// How long making a connection may take
    #[arg(long, value_name = "10s", value_parser = |text: &str| parse_duration(text).map_err(|e| e.to_string()))]
    connect_timeout: Option<Seconds>,
    /// How long a call may take in all
    #[arg(long, value_name = "30s", value_parser = |text: &str| parse_duration(text).map_err(|e| e.to_string()))]
    timeout: Option<Seconds>,
    /// The port on which the window's emulator listens; 0 takes any free one
    #[arg(long, value_name = "N")]
    emulator_port: Option<u16>,
    #[command(flatten)]
    vault: VaultOptions,
}

/// Runs one of them.
pub fn run(command: &Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Show(vault) => tell(&vault.unlock(input, output)?, output)?,
        Command::Set(set) => {
            let trust = set.trust.as_deref();
            Input::only_one(&[("--trust", is_stdin(trust)), set.vault.passphrase.reader()])?;
            let pem = trust.map(|file| input.text(file, "--trust")).transpose()?;
            if let Some(pem) = &pem {
                host::certificates(pem).map_err(|why| {
                    let hint = "give the certificate of your authority in PEM: BEGIN CERTIFICATE";
                    Failure::new(Exit::Malformed, format!("--trust cannot be trusted: {why}"), Some(hint))
                })?;
            }
            let mut session = set.vault.unlock(input, output)?;
            let ports = world::ports();
            let before = settings::show(&session)?;
            let seconds =
                |given: Option<Seconds>, before| given.map_or(before, |it| u32::try_from(it.0).unwrap_or(u32::MAX));
            let chosen = Chosen {
                proxy: set.proxy.clone().or_else(|| before.proxy.clone()),
                connect_seconds: seconds(set.connect_timeout, before.connect_seconds),
                total_seconds: seconds(set.timeout, before.total_seconds),
                emulator_port: set.emulator_port.map_or(before.emulator_port, u32::from),
                ..Chosen::from(&before)
            };
            settings::change(&mut session, &chosen, &ports)?;
            if pem.is_some() || set.trust_system {
                settings::trust(&mut session, pem.map(|pem| pem.as_str().to_owned()), &ports)?;
            }
            tell(&session, output)?;
        }
    }
    Ok(Exit::Done)
}

fn tell(session: &Session, output: &Output) -> Result<(), Failure> {
    let value = Settings::new(&settings::show(session)?, session.path());
    output.result(&value, || {
        let proxy = value.proxy.as_deref().unwrap_or("the environment's");
        let trusted = match value.trusted {
            0 => "the system's certificates".to_owned(),
            1 => "the system's certificates, and one of your own".to_owned(),
            more => format!("the system's certificates, and {more} of your own"),
        };
        let port = match value.emulator_port {
            0 => "any free port".to_owned(),
            port => format!("port {port}, in the window"),
        };
        format!(
            "proxy     {proxy}\ntrusts    {trusted}\nconnect   within {} s\ncall      within {} s\nemulator  {port}\n",
            value.connect_seconds, value.total_seconds
        )
    })
}
