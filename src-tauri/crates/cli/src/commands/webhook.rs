//! `keywright webhook`: check what came in, sign what shall go out.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jose::{
    verify::Verdict,
    webhook::{Check, Delivery, Sample, Stage, State},
};
use provider::{Seconds, parse_duration};
use wire::{HandlerCode, WebhookCheck, WebhookSample};
use workbench::{
    environments,
    webhooks::{self, Judging, Trusted},
};
use zeroize::Zeroizing;

use crate::{
    commands::listening,
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options::{self, VaultOptions, time},
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
enum For {
    /// Deliveries are judged.
    Judging,
    /// One is signed; the person's word for a live environment comes with it.
    Signing { live: bool },
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
    /// The language of the handler: node, python, go, php
    #[arg(long, value_name = "LANGUAGE")]
    copy_as: String,
    /// For a sender that signs the body as JSON.stringify writes it anew, instead of the bytes that it sends
    #[arg(long)]
    reserialised: bool,
}

#[derive(Debug, Args)]
pub struct Listen {
    #[command(flatten)]
    pub whose: Whose,
    /// The port on 127.0.0.1; a free one unless named
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Answer each with this status; 200 where it is good and 401 where it is not unless given
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(200..600))]
    pub answer: Option<u16>,
    /// End after so many deliveries; the exit code is then that of the first one that is not good
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
    /// How old a delivery may be, or how far ahead; the provider's tolerance unless given
    #[arg(long, value_name = "5m", value_parser = |text: &str| parse_duration(text).map_err(|e| e.to_string()))]
    pub tolerance: Option<Seconds>,
    /// The address that the provider sends to, up to the path, where it is signed too
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
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
    let check = webhooks::check(&trusted, &delivery, judging, &world::ports(false))?;
    let value = WebhookCheck::new(&check, &trusted.names());
    output.result(&value, || show::webhook(&value))?;
    Ok(judge(&check))
}

fn sign(arguments: &Sign, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let Sign { given, id, live } = arguments;
    given.one_reader(&[])?;
    let trusted = given.whose.trusted(For::Signing { live: *live }, input, output)?;
    let body = given.body(input)?;
    let ports = world::ports(*live);
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

impl Whose {
    /// Who of these options reads standard input.
    pub fn readers(&self) -> Vec<(&'static str, bool)> {
        let files = self.secrets.iter().map(|file| ("--secret-file", is_stdin(Some(file))));
        files.chain(self.profile.is_some().then(|| self.vault.passphrase.reader())).collect()
    }

    /// Opens the secrets. Those of the vault count first; it is locked again by then.
    fn trusted(&self, what: For, input: &Input, output: &Output) -> Result<Trusted, Failure> {
        let _hold = input.hold();
        let mut trusted = match (&self.profile, &self.env, &self.provider) {
            (Some(profile), Some(environment), _) => {
                let session = self.vault.unlock(input, output)?;
                match what {
                    For::Judging => Trusted::open(&session, profile, environment)?,
                    For::Signing { live } => {
                        Trusted::open_to_sign(&session, profile, environment, &world::ports(live))?
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

/// A single line without its end, which editors and `echo` add; what has several lines, as a key file has, stays as it is.
fn line(mut bytes: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    let end = bytes.strip_suffix(b"\r\n").or(bytes.strip_suffix(b"\n")).map(<[u8]>::len);
    if let Some(end) = end.filter(|end| !bytes[..*end].contains(&b'\n')) {
        bytes.truncate(end);
    }
    bytes
}

/// Reads `Name: value`.
fn field(text: &str) -> Result<(String, String), String> {
    webhooks::header_field(text).ok_or_else(|| format!("{text:?} is not \"Name: value\""))
}
