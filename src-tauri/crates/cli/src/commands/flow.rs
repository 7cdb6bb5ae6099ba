//! `keywright flow`: log in, mint, refresh, verify, log out, whatever the provider has.

use clap::{Args, Subcommand};
use provider::{Seconds, parse_duration};
use wire::{ExecutionOutcome, FlowRow, Forgotten, IssuedTokens};
use workbench::{calls::Execution, flows::FlowRequest, issued_tokens, signer::SignRequest};

use crate::{
    commands::following::drive,
    exit::{Exit, Failure},
    input::Input,
    options::{self, VaultOptions},
    output::Output,
    show, world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a flow of the provider: log-in, mint, refresh, verify, log-out
    Run(RunFlow),
    /// The flows of a provider
    List(List),
    /// What is known of the tokens that servers gave
    Tokens(VaultOptions),
    /// Forget the tokens of a credential for an environment, without telling the server
    Forget(Forget),
}

#[derive(Debug, Args)]
pub struct RunFlow {
    /// The flow's id
    flow: String,
    /// The profile
    #[arg(long, value_name = "NAME")]
    profile: String,
    /// The environment
    #[arg(long, value_name = "ID")]
    env: String,
    /// Another credential than the profile's
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    /// A scope; may be given several times
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// How long the token shall live
    #[arg(long, value_name = "15m", value_parser = |text: &str| parse_duration(text).map_err(|e| e.to_string()))]
    ttl: Option<Seconds>,
    /// Wait where the server asks for it, and try again
    #[arg(long)]
    follow: bool,
    /// Allow a live environment
    #[arg(long)]
    live: bool,
    /// For the Local environment: an emulator that runs already, by the address that it prints for the provider
    #[arg(long, value_name = "URL", env = "KEYWRIGHT_EMULATOR")]
    emulator: Option<String>,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct List {
    /// The provider's id, or the file of a definition
    #[arg(value_name = "ID|FILE")]
    provider: String,
}

#[derive(Debug, Args)]
pub struct Forget {
    /// The profile
    #[arg(long, value_name = "NAME")]
    profile: String,
    /// The environment
    #[arg(long, value_name = "ID")]
    env: String,
    /// The tokens of another credential than the profile's
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    #[command(flatten)]
    vault: VaultOptions,
}

/// Runs one of them.
pub fn run(command: &Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Run(arguments) => run_flow(arguments, input, output),
        Command::List(arguments) => {
            let definition = options::definition(&arguments.provider, input)?;
            let flows: Vec<FlowRow> = definition.flows.iter().map(|flow| FlowRow::new(definition, flow)).collect();
            let width = flows.iter().map(|flow| flow.id.len()).max().unwrap_or_default();
            let line = |flow: &FlowRow| format!("{:width$}  {:6} {}\n", flow.id, flow.method, flow.path);
            output.result(&flows, || flows.iter().map(line).collect())?;
            Ok(Exit::Done)
        }
        Command::Tokens(vault) => {
            let session = vault.unlock(input, output)?;
            let tokens: Vec<IssuedTokens> = issued_tokens::all(&session)?.iter().map(IssuedTokens::from).collect();
            let now = world::ports().clock.now();
            output.result(&tokens, || tokens.iter().map(|tokens| show::issued(tokens, now)).collect())?;
            Ok(Exit::Done)
        }
        Command::Forget(arguments) => {
            let mut session = arguments.vault.unlock(input, output)?;
            let sign = SignRequest {
                profile: arguments.profile.clone(),
                environment: arguments.env.clone(),
                key: arguments.key.clone(),
                ..SignRequest::default()
            };
            let owner = issued_tokens::owner(&session, &sign)?;
            let forgotten = issued_tokens::forget(&mut session, &owner, &world::ports())?;
            let words = if forgotten { "forgotten\n" } else { "there were none\n" };
            output.result(&Forgotten { forgotten }, || words.to_owned())?;
            Ok(Exit::Done)
        }
    }
}

fn run_flow(arguments: &RunFlow, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::live_ports(arguments.live, output);
    let mut session = arguments.vault.unlock(input, output)?;
    let request = FlowRequest {
        sign: SignRequest {
            profile: arguments.profile.clone(),
            environment: arguments.env.clone(),
            key: arguments.key.clone(),
            scopes: Some(arguments.scopes.clone()).filter(|scopes| !scopes.is_empty()),
            ttl: arguments.ttl,
            ..SignRequest::default()
        },
        flow: arguments.flow.clone(),
        emulator: arguments.emulator.clone(),
    };
    let execution = Execution::flow(&mut session, &request, arguments.follow, &ports)?;
    let outcome = drive(execution, &mut session, output, &ports)?;
    let value = ExecutionOutcome::from(&outcome);
    let now = ports.clock.now();
    output.result(&value, || show::outcome(&value, now))?;
    Ok(show::exit(&outcome))
}
