//! `keywright webhook`: check what came in, sign what shall go out.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jose::{
    verify::Verdict,
    webhook::{Check, Delivery, Material, Sample, Stage, State, TrustedSecret},
};
use provider::{Definition, Seconds, parse_duration};
use wire::{WebhookCheck, WebhookSample};
use workbench::webhooks::{self, Judging};
use zeroize::Zeroizing;

use crate::{
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
}

/// A body and the secrets that count.
#[derive(Debug, Args)]
struct Given {
    /// The body, byte for byte as it came; - or nothing for standard input
    #[arg(value_name = "BODY")]
    body: Option<PathBuf>,
    /// The provider
    #[arg(long, value_name = "ID")]
    provider: String,
    /// A secret or key of the provider's webhook settings, from a file or - for standard input; several while one
    /// replaces another. A line break at the end of a single line is not part of it
    #[arg(long = "secret-file", value_name = "FILE", required = true)]
    secrets: Vec<PathBuf>,
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
}

/// Runs one of them.
pub fn run(command: &Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Verify(arguments) => verify(arguments, input, output),
        Command::Sign(arguments) => sign(arguments, input, output),
    }
}

fn verify(arguments: &Verify, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let file = arguments.headers_file.as_deref();
    let loaded = arguments.given.load(&[("--headers-file", is_stdin(file))], input)?;
    let mut headers = arguments.given.headers.clone();
    if let Some(file) = file {
        headers.extend(fields(&input.text(file, "--headers-file")?)?);
    }
    let delivery = Delivery {
        body: &loaded.body,
        headers: &headers,
        url: arguments.given.url.as_deref(),
        method: arguments.given.method.as_deref(),
    };
    let judging = Judging { at: arguments.given.at, tolerance: arguments.tolerance.map(|it| it.0) };
    let (secrets, ports) = (loaded.secrets(), world::ports(false));
    let check = webhooks::check(loaded.definition, &secrets, &delivery, judging, &ports)?;
    let names: Vec<&str> = secrets.iter().map(|secret| secret.name).collect();
    let value = WebhookCheck::new(&check, &names);
    output.result(&value, || show::webhook(&value))?;
    Ok(judge(&check))
}

fn sign(arguments: &Sign, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let Sign { given, id } = arguments;
    let loaded = given.load(&[], input)?;
    let ports = world::ports(false);
    let sample = Sample {
        body: &loaded.body,
        timestamp: given.at.unwrap_or_else(|| ports.clock.now()),
        id,
        url: given.url.as_deref(),
        method: given.method.as_deref(),
        headers: &given.headers,
    };
    let signed = webhooks::sample(loaded.definition, &loaded.secrets(), &sample, &ports)?;
    let value = WebhookSample::from(&signed);
    output.result(&value, || value.headers.iter().map(|it| format!("{}: {}\n", it.name, it.value)).collect())?;
    output.findings(&signed.findings);
    if signed.body != *loaded.body && !output.is_json() {
        output.note("the signature belongs into the body; --json prints it");
    }
    Ok(Exit::Done)
}

/// The exit code of a check: the first step that is not good decides.
fn judge(check: &Check) -> Exit {
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

/// What was read for a command.
struct Loaded {
    definition: &'static Definition,
    body: Zeroizing<Vec<u8>>,
    secrets: Vec<(String, Zeroizing<Vec<u8>>)>,
}

impl Loaded {
    fn secrets(&self) -> Vec<TrustedSecret<'_>> {
        self.secrets.iter().map(|(name, text)| TrustedSecret { name, material: Material::Text(text) }).collect()
    }
}

impl Given {
    fn load(&self, others: &[(&'static str, bool)], input: &Input) -> Result<Loaded, Failure> {
        let from_stdin = self.body.as_deref().is_none_or(|path| is_stdin(Some(path)));
        let mut readers = vec![("the body", from_stdin)];
        readers.extend(self.secrets.iter().map(|file| ("--secret-file", is_stdin(Some(file)))));
        readers.extend(others);
        Input::only_one(&readers)?;
        let definition = options::definition(&self.provider, input)?;
        let secrets = self.secrets.iter().map(|file| {
            let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
            Ok((name, line(input.bytes(file, "--secret-file")?)))
        });
        let secrets = secrets.collect::<Result<_, Failure>>()?;
        let body = match self.body.as_deref() {
            Some(path) => input.bytes(path, "the body")?,
            None => input.argument_or_stdin(None, "the body")?,
        };
        Ok(Loaded { definition, body, secrets })
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
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _ => Err(format!("{text:?} is not \"Name: value\"")),
    }
}

/// Reads one field from each line. A request or status line before them and empty lines are passed over.
fn fields(text: &str) -> Result<Vec<(String, String)>, Failure> {
    let is_start = |line: &str| line.starts_with("HTTP/") || line.contains(" HTTP/");
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .filter(|(at, line)| *at > 0 || !is_start(line))
        .map(|(at, line)| {
            field(line).map_err(|found| {
                let message = format!("line {} of --headers-file: {found}", at + 1);
                Failure::new(Exit::Malformed, message, Some("give one header field in each line"))
            })
        })
        .collect()
}
