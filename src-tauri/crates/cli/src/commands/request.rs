//! `keywright request send`: sign, send, explain.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use wire::{CurlCommand, ExecutionOutcome, Language, Sent, Snippet};
use workbench::{
    Error,
    calls::Execution,
    draft::{CallTarget, CallWith},
    requests::CallRequest,
};

use crate::{
    commands::{
        following::drive,
        token::{self, Recipe},
    },
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options,
    output::Output,
    show, world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign a token, send a request with it, and explain the answer
    Send(Box<Send>),
}

#[derive(Debug, Args)]
pub struct Send {
    #[command(flatten)]
    recipe: Recipe,
    /// A method, GET; the provider's first choice of call unless one is named
    #[arg(requires = "path", conflicts_with = "endpoint")]
    method: Option<String>,
    /// A path at the environment's address, /transactions?limit=1
    path: Option<String>,
    /// An endpoint of the provider by its id
    #[arg(long, value_name = "ID")]
    endpoint: Option<String>,
    /// The body, from a file or - for standard input; the endpoint's sample unless given
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// Send this token as it is, or - for standard input
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// Send the token that was signed or given, or the API key itself; the provider's usual way unless named
    #[arg(long, value_name = "WHAT", conflicts_with = "token")]
    with: Option<With>,
    /// Follow the flow: get a token that is missing, renew one that is refused, wait where the server asks for it
    #[arg(long, conflicts_with_all = ["token", "curl"])]
    follow: bool,
    /// Exit with 9 unless this status is answered
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(100..600))]
    expect: Option<u16>,
    /// Print the request as a curl command with the token from a variable, and send nothing
    #[arg(long)]
    curl: bool,
    #[arg(long, value_name = "LANGUAGE", conflicts_with_all = ["follow", "curl"], help = options::one_of(
        "Print the request as a program or a command with the credential from a variable, and send nothing",
        &Language::all(),
    ))]
    copy_as: Option<String>,
    /// For the Local environment: an emulator that runs already, by the address that it prints for the provider
    #[arg(long, value_name = "URL", env = "KEYWRIGHT_EMULATOR")]
    emulator: Option<String>,
}

/// What a call authenticates with.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum With {
    /// A token: signed here, or given by the server before
    Token,
    /// The opaque key itself
    Key,
}

/// Runs it.
pub fn run(command: Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let Command::Send(arguments) = command;
    let Some(sign) = arguments.recipe.request() else {
        return Err(Failure::usage("the profile is missing", "say who sends where: --profile NAME --env ID"));
    };
    let ports = world::live_ports(arguments.recipe.live, output);
    let target = match (&arguments.endpoint, &arguments.method, &arguments.path) {
        (Some(id), ..) => Some(CallTarget::Endpoint(id.clone())),
        (None, Some(method), Some(path)) => Some(CallTarget::Path { method: method.clone(), path: path.clone() }),
        _ => None,
    };
    Input::only_one(&[
        ("--body", is_stdin(arguments.body.as_deref())),
        ("--token", arguments.token.as_deref() == Some("-")),
        arguments.recipe.vault.passphrase.reader(),
    ])?;
    let body = arguments.body.as_deref().map(|path| input.bytes(path, "--body")).transpose()?;
    let token = arguments.token.as_deref().map(|token| token::given(token, input)).transpose()?;
    let mut session = arguments.recipe.vault.unlock(input, output)?;
    let request = CallRequest {
        sign,
        target,
        body: body.map(|body| body.to_vec()),
        token,
        with: match arguments.with {
            None => CallWith::Usual,
            Some(With::Token) => CallWith::Token,
            Some(With::Key) => CallWith::Key,
        },
        expect: arguments.expect,
        emulator: arguments.emulator.clone(),
        secret_body: None,
    };
    let execution = Execution::call(&mut session, &request, arguments.follow, &ports)?;
    if arguments.follow {
        let outcome = drive(execution, &mut session, output, &ports)?;
        let value = ExecutionOutcome::from(&outcome);
        output.result(&value, || show::outcome(&value, ports.clock.now()))?;
        return Ok(show::exit(&outcome));
    }
    let call = execution.ready().ok_or(Error::Cancelled)?;
    if let Some(signed) = &call.signed {
        output.findings(&signed.findings);
    }
    if let Some(scopes) = call.scopes_in_words() {
        output.note(&scopes);
    }
    if let Some(language) = &arguments.copy_as {
        let text = call.copy_as(language, ports.clock.now())?.text;
        output.result(&Snippet { text: text.clone() }, || format!("{text}\n"))?;
        return Ok(Exit::Done);
    }
    if arguments.curl {
        let curl = call.as_curl();
        output.result(&CurlCommand { curl: curl.clone() }, || format!("{curl}\n"))?;
        if call.is_emulated() && arguments.emulator.is_none() {
            output.note("that emulator ends with this command; run one: keywright emulator --jwks FILE");
        }
        return Ok(Exit::Done);
    }
    let outcome = drive(execution, &mut session, output, &ports)?;
    let (Some(call), Some(sent)) = (&outcome.call, &outcome.sent) else { return Err(Error::Cancelled.into()) };
    let value = Sent::new(&call.request, sent);
    output.result(&value, || show::sent(&value))?;
    Ok(show::exit(&outcome))
}
