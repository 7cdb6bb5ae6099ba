//! `keywright webhook`: check what came in, sign what shall go out.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jose::webhook::{Delivery, Sample};
use provider::{Seconds, parse_duration};
use wire::{HandlerCode, Language, WebhookCheck, WebhookSample};
use workbench::{
    environments,
    webhooks::{self, Judging},
};
use zeroize::Zeroizing;

use crate::{
    commands::{
        listening::{self, Listen},
        webhook_secrets::{For, Whose, judge},
    },
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options::{self, time},
    output::Output,
    show, world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the signature of a delivery, in steps, and say what does not match
    Verify(Verify),
    /// Sign a body as the provider would, and print the header fields to send with it
    Sign(Sign),
    /// Print code that checks deliveries in a handler of your own, with the secret from a variable
    Code(HandlerOptions),
    /// Receive deliveries on this computer, and check each as it comes, until Ctrl-C
    Listen(Listen),
}

/// A body and what goes with it.
#[derive(Debug, Args)]
struct Given {
    /// The body, byte for byte as it came; - or nothing for standard input
    #[arg(value_name = "BODY")]
    body: Option<PathBuf>,
    #[command(flatten)]
    whose: Whose,
    /// A header field; may be given several times
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = field)]
    headers: Vec<(String, String)>,
    /// The address that it is sent to, where that is signed too
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The method, where that is signed too
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// The time to judge by, or to sign with; now unless given
    #[arg(long, value_name = "RFC3339|UNIX", value_parser = time, allow_hyphen_values = true)]
    at: Option<i64>,
}

#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    given: Given,
    /// Read header fields from a file, one in each line, as a log or curl -i shows them
    #[arg(long, value_name = "FILE")]
    headers_file: Option<PathBuf>,
    /// How old a delivery may be, or how far ahead; the provider's tolerance unless given
    #[arg(long, value_name = "5m", value_parser = |text: &str| parse_duration(text).map_err(|e| e.to_string()))]
    tolerance: Option<Seconds>,
}

#[derive(Debug, Args)]
pub struct Sign {
    #[command(flatten)]
    given: Given,
    /// The name of the delivery; a new one unless given
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    id: String,
    /// Allow a live environment
    #[arg(long)]
    live: bool,
}

/// Whose webhooks a handler checks, and in which language. No secret is read for it.
#[derive(Debug, Args)]
pub struct HandlerOptions {
    /// The provider: its id, or the file of a definition
    #[arg(long, value_name = "ID|FILE")]
    provider: String,
    /// The environment after which the variable of the secret is named
    #[arg(long, value_name = "ID")]
    env: Option<String>,
    #[arg(long, value_name = "LANGUAGE", help = options::one_of("The language of the handler", &Language::of_handlers()))]
    copy_as: String,
    /// For a sender that signs the body as JSON.stringify writes it anew, instead of the bytes that it sends
    #[arg(long)]
    reserialised: bool,
}

/// Runs one of them.
pub fn run(command: &Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Verify(arguments) => verify(arguments, input, output),
        Command::Sign(arguments) => sign(arguments, input, output),
        Command::Code(arguments) => code(arguments, input, output),
        Command::Listen(arguments) => listening::run(arguments, input, output),
    }
}

fn verify(arguments: &Verify, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let Verify { given, headers_file, tolerance } = arguments;
    given.one_reader(&[("--headers-file", is_stdin(headers_file.as_deref()))])?;
    let trusted = given.whose.judging(input, output)?;
    let body = given.body(input)?;
    let mut headers = given.headers.clone();
    if let Some(file) = headers_file {
        headers.extend(webhooks::header_fields(&input.text(file, "--headers-file")?)?);
    }
    let delivery =
        Delivery { body: &body, headers: &headers, url: given.url.as_deref(), method: given.method.as_deref() };
    let judging = Judging { at: given.at, tolerance: tolerance.map(|it| it.0) };
    let check = webhooks::check(&trusted, &delivery, judging, &world::ports())?;
    let value = WebhookCheck::new(&check, &trusted.names());
    output.result(&value, || show::webhook(&value))?;
    Ok(judge(&check))
}

fn sign(arguments: &Sign, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let Sign { given, id, live } = arguments;
    given.one_reader(&[])?;
    let trusted = given.whose.trusted(For::Signing { live: *live }, input, output)?;
    let body = given.body(input)?;
    let ports = world::live_ports(*live, output);
    let sample = Sample {
        body: &body,
        timestamp: given.at.unwrap_or_else(|| ports.clock.now()),
        id,
        url: given.url.as_deref(),
        method: given.method.as_deref(),
        headers: &given.headers,
    };
    let signed = webhooks::sample(&trusted, &sample, &ports)?;
    let value = WebhookSample::from(&signed);
    output.result(&value, || value.headers.iter().map(|it| format!("{}: {}\n", it.name, it.value)).collect())?;
    output.findings(&signed.findings);
    if signed.body != *body && !output.is_json() {
        output.note("the signature belongs into the body; --json prints it");
    }
    Ok(Exit::Done)
}

fn code(arguments: &HandlerOptions, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let HandlerOptions { provider, env, copy_as, reserialised } = arguments;
    let definition = options::definition(provider, input)?;
    let environment = env.as_deref().map(|id| environments::environment(definition, id)).transpose()?;
    let code = HandlerCode::from(webhooks::handler(definition, environment, copy_as, *reserialised)?);
    output.result(&code, || code.text.clone())?;
    Ok(Exit::Done)
}

impl Given {
    /// Refuses a call in which more than one of these wants standard input.
    fn one_reader(&self, others: &[(&'static str, bool)]) -> Result<(), Failure> {
        let from_stdin = self.body.as_deref().is_none_or(|path| is_stdin(Some(path)));
        let mut readers = vec![("the body", from_stdin)];
        readers.extend(self.whose.readers());
        readers.extend(others);
        Input::only_one(&readers)
    }

    fn body(&self, input: &Input) -> Result<Zeroizing<Vec<u8>>, Failure> {
        match self.body.as_deref() {
            Some(path) => input.bytes(path, "the body"),
            None => input.argument_or_stdin(None, "the body"),
        }
    }
}

/// Reads `Name: value`.
fn field(text: &str) -> Result<(String, String), String> {
    webhooks::header_field(text).ok_or_else(|| format!("{text:?} is not \"Name: value\""))
}
