//! `keywright token`: sign, inspect, verify.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jose::{
    Alg, Finding,
    inspect::Inspection,
    jwk::{JwkError, Naming},
    key::read::{Found, ReadError},
    verify::Verdict,
};
use provider::{Seconds, parse_duration};
use wire::{ReadyToken, SignedToken};
use workbench::{
    ports::Ports,
    signer::SignRequest,
    tokens::{self, Judging, NamedKey, PlainDraft},
};

use crate::{
    commands::{fresh::fresh, key::alg},
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options::{KeyReading, VaultOptions, definition, leeway, pair, time},
    output::Output,
    show, world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign a token: by a profile's recipe, or claims as typed with a key file
    Sign(Box<Sign>),
    /// Print a token that is good to go: signed, kept from before, or got by a flow
    Get(Box<Get>),
    /// Say everything about a token, whoever made it
    Inspect(Inspect),
    /// Verify a token with keys that you name
    Verify(Verify),
}

#[derive(Debug, Args)]
pub struct Sign {
    #[command(flatten)]
    recipe: Recipe,
    /// Leave kid out of the header, where a recipe or the key would put one; refused where the provider's rules want it
    #[arg(long)]
    no_kid: bool,
    /// Sign with this key file instead of a sealed key, or - for standard input
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Without a vault",
        conflicts_with_all = ["profile", "env", "key", "scopes", "ttl", "backdate", "claims_set", "drop", "live"],
        requires = "claims"
    )]
    key_file: Option<PathBuf>,
    /// Sign with the key of this kid, where the file holds several
    #[arg(long, value_name = "KID", help_heading = "Without a vault", requires = "key_file")]
    kid: Option<String>,
    /// The algorithm; the usual one of the key unless named
    #[arg(long, value_name = "ALG", value_parser = alg, help_heading = "Without a vault", requires = "key_file")]
    alg: Option<Alg>,
    /// The claims set as JSON, signed byte for byte, from a file or - for standard input
    #[arg(long, value_name = "FILE", help_heading = "Without a vault", requires = "key_file")]
    claims: Option<PathBuf>,
    /// A header parameter, its value as JSON
    #[arg(long, value_name = "NAME=JSON", value_parser = pair, help_heading = "Without a vault", requires = "key_file")]
    header: Vec<(String, String)>,
    /// Sign "$now" and its like as they stand, instead of resolving them
    #[arg(long, help_heading = "Without a vault", requires = "key_file")]
    literal: bool,
    /// Let a short or well-known secret sign
    #[arg(long, help_heading = "Without a vault", requires = "key_file")]
    allow_weak_key: bool,
    #[command(flatten)]
    reading: KeyReading,
}

#[derive(Debug, Args)]
pub struct Get {
    #[command(flatten)]
    recipe: Recipe,
}

/// A token by a profile's recipe.
#[derive(Debug, Args)]
pub struct Recipe {
    /// The profile
    #[arg(long, value_name = "NAME", requires = "env")]
    profile: Option<String>,
    /// The environment
    #[arg(long, value_name = "ID", requires = "profile")]
    env: Option<String>,
    /// Another key than the profile's
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    /// A scope; may be given several times
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// How long the token lives
    #[arg(long, value_name = "15m", value_parser = |text: &str| parse_duration(text).map_err(|e| e.to_string()))]
    ttl: Option<Seconds>,
    /// Set nbf and iat back, against a server whose clock is behind
    #[arg(long, value_name = "30s", value_parser = |text: &str| parse_duration(text).map_err(|e| e.to_string()))]
    backdate: Option<Seconds>,
    /// A claim, its value as JSON; wins over the recipe and is checked by its rules
    #[arg(long = "claim", value_name = "NAME=JSON", value_parser = pair)]
    claims_set: Vec<(String, String)>,
    /// Leave a claim out
    #[arg(long = "drop", value_name = "NAME")]
    drop: Vec<String>,
    /// Allow a live environment
    #[arg(long)]
    pub live: bool,
    #[command(flatten)]
    pub vault: VaultOptions,
}

impl Recipe {
    /// What is to be signed, if a profile is named.
    pub fn request(&self) -> Option<SignRequest> {
        Some(SignRequest {
            proves: false,
            profile: self.profile.clone()?,
            environment: self.env.clone()?,
            key: self.key.clone(),
            scopes: Some(self.scopes.clone()).filter(|scopes| !scopes.is_empty()),
            ttl: self.ttl,
            backdate: self.backdate.unwrap_or_default(),
            claims: self.claims_set.clone(),
            drop: self.drop.clone(),
            naming: Naming::Kid,
        })
    }
}

#[derive(Debug, Args)]
pub struct Inspect {
    /// The token, or any text with one in it; - or nothing for standard input
    token: Option<String>,
    /// Exit with 5 if there is a finding of severity error
    #[arg(long)]
    strict: bool,
    /// Judge by the rules of a provider too: its id, or the file of a definition
    #[arg(long, value_name = "ID|FILE")]
    provider: Option<String>,
    /// Judge the signature with the keys of the vault
    #[arg(long)]
    own_keys: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("keys").required(true).args(["key_file", "jwks"]))]
pub struct Verify {
    /// The token, or any text with one in it; - or nothing for standard input
    token: Option<String>,
    /// Verify with this key
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Verify with the keys of this JWK Set
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Allow this algorithm alone; may be given several times
    #[arg(long = "alg", value_name = "ALG", value_parser = alg)]
    algs: Vec<Alg>,
    /// Seconds that clocks may differ, at most 60
    #[arg(long, value_name = "S", value_parser = leeway, default_value = "0")]
    leeway: i64,
    /// Judge as at this time
    #[arg(long, value_name = "RFC3339|UNIX", value_parser = time, allow_hyphen_values = true)]
    at: Option<i64>,
    /// The issuer that is expected
    #[arg(long, value_name = "S")]
    iss: Option<String>,
    /// The audience that is expected
    #[arg(long, value_name = "S")]
    aud: Option<String>,
    /// Judge by the rules of a provider too: its id, or the file of a definition
    #[arg(long, value_name = "ID|FILE")]
    provider: Option<String>,
    /// Look at the signature alone, not at times and claims
    #[arg(long)]
    signature_only: bool,
    #[command(flatten)]
    reading: KeyReading,
}

/// Runs one of them.
pub fn run(command: Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Sign(arguments) => sign(&arguments, input, output),
        Command::Get(arguments) => get(&arguments, input, output),
        Command::Inspect(arguments) => inspect(&arguments, input, output),
        Command::Verify(arguments) => verify(&arguments, input, output),
    }
}

fn sign(arguments: &Sign, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let (recipe, reading) = (&arguments.recipe, &arguments.reading);
    if recipe.profile.is_some() && reading.is_given() {
        let hint = "--secret-encoding and --key-passphrase-file are about a --key-file";
        return Err(Failure::usage("a sealed key needs no help to be read", hint));
    }
    Input::only_one(&[
        ("--key-file", is_stdin(arguments.key_file.as_deref())),
        ("--claims", is_stdin(arguments.claims.as_deref())),
        reading.reader(),
        recipe.vault.passphrase.reader(),
    ])?;
    if arguments.no_kid && arguments.header.iter().any(|(name, _)| name == "kid") {
        let hint = "leave one of the two out";
        return Err(Failure::usage("--no-kid leaves kid out of the header, and --header gives one", hint));
    }
    let naming = if arguments.no_kid { Naming::Nothing } else { Naming::Kid };
    let ports = world::live_ports(recipe.live, output);
    let signed = match (recipe.request(), &arguments.key_file, &arguments.claims) {
        (Some(request), ..) => {
            let session = recipe.vault.unlock(input, output)?;
            tokens::sign(&session, &SignRequest { naming, ..request }, &ports)?
        }
        (None, Some(key_file), Some(claims)) => {
            let bytes = reading.load(key_file, "--key-file", input)?;
            let (jwk, noticed) = bytes.text().choose(arguments.kid.as_deref(), arguments.alg)?;
            let claims = input.text(claims, "--claims")?;
            let Some(alg) = arguments.alg.or_else(|| jwk.default_alg()) else {
                return Err(Failure::usage("the key does not say which algorithm it signs with", "name it: --alg"));
            };
            let header = &arguments.header;
            let (literal, allow_weak_key) = (arguments.literal, arguments.allow_weak_key);
            let draft = PlainDraft { key: &jwk, alg, claims: &claims, header, literal, allow_weak_key, naming };
            let mut signed = tokens::sign_plain(&draft, &ports)?;
            signed.findings.splice(0..0, noticed);
            signed
        }
        _ => {
            let hint = "--profile NAME --env ID signs by a recipe; --key-file FILE --claims FILE signs claims as typed";
            return Err(Failure::usage("what shall be signed, and with which key?", hint));
        }
    };
    let value = SignedToken::from(&signed);
    output.result(&value, || format!("{}\n", value.token))?;
    output.findings(&signed.findings);
    Ok(Exit::Done)
}

fn get(arguments: &Get, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let recipe = &arguments.recipe;
    let Some(sign) = recipe.request() else {
        return Err(Failure::usage("the profile is missing", "say whose token it shall be: --profile NAME --env ID"));
    };
    let ports = world::live_ports(recipe.live, output);
    let mut session = recipe.vault.unlock(input, output)?;
    let ready = fresh(&mut session, &sign, output, &ports)?;
    let value = ReadyToken { token: ready.token.to_string(), expires: ready.expires };
    output.result(&value, || format!("{}\n", value.token))?;
    Ok(Exit::Done)
}

fn inspect(arguments: &Inspect, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    let vault = arguments.vault.passphrase.reader();
    Input::only_one(&[
        ("the token", from_stdin(arguments.token.as_deref())),
        (vault.0, vault.1 && arguments.own_keys),
    ])?;
    let token = input.argument_or_stdin(arguments.token.as_deref(), "the token")?;
    let provider = arguments.provider.as_deref().map(|named| definition(named, input)).transpose()?;
    let keys = match arguments.own_keys {
        true => tokens::own_keys(&arguments.vault.unlock(input, output)?, true)?,
        false => Vec::new(),
    };
    let judging = Judging { provider, ..Judging::default() };
    let inspection = tokens::inspect(&token, &keys, false, &judging, &ports);
    print(&inspection, &keys, &judging, &ports, output)?;
    Ok(match inspection.structure {
        _ if inspection.header.is_none() => Exit::Malformed,
        _ if arguments.strict && inspection.errors().next().is_some() => Exit::Rule,
        _ => Exit::Done,
    })
}

fn verify(arguments: &Verify, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    let (path, what) = match (&arguments.key_file, &arguments.jwks) {
        (Some(path), _) => (path, "--key-file"),
        (None, Some(path)) => (path, "--jwks"),
        (None, None) => return Err(Failure::usage("a key is missing", "name one: --key-file or --jwks")),
    };
    Input::only_one(&[
        ("the token", from_stdin(arguments.token.as_deref())),
        (what, is_stdin(Some(path))),
        arguments.reading.reader(),
    ])?;
    let found = match arguments.reading.load(path, what, input)?.text().read() {
        // The token is judged all the same: it may be malformed, and otherwise there is no key to judge it with.
        Err(workbench::Error::Key(workbench::KeyError::Key(ReadError::Jwk(JwkError::EmptySet)))) => {
            Found { form: "a JWK Set".to_owned(), keys: Vec::new(), findings: Vec::new() }
        }
        read => read?,
    };
    if let Some(finding) = found.refusal() {
        return Err(untrustworthy(finding));
    }
    output.findings(&found.findings);
    let keys = named(found, &path.display().to_string());
    let token = input.argument_or_stdin(arguments.token.as_deref(), "the token")?;
    let judging = Judging {
        at: arguments.at,
        leeway: arguments.leeway,
        allowed: &arguments.algs,
        issuer: arguments.iss.as_deref(),
        audience: arguments.aud.as_deref(),
        provider: arguments.provider.as_deref().map(|named| definition(named, input)).transpose()?,
    };
    let inspection = tokens::inspect(&token, &keys, true, &judging, &ports);
    print(&inspection, &keys, &judging, &ports, output)?;
    Ok(judge(&inspection, arguments.signature_only))
}

/// The exit code of a judgement: the lowest of 3, 4, 6, 5 in that order.
fn judge(inspection: &Inspection, signature_only: bool) -> Exit {
    match (inspection.structure, inspection.signature, inspection.policy) {
        (Verdict::Bad | Verdict::Unknown, ..) => Exit::Malformed,
        (_, Verdict::Bad, _) => Exit::Signature,
        (_, Verdict::Unknown, _) => Exit::NoKey,
        (_, Verdict::Good, Verdict::Good) => Exit::Done,
        (_, Verdict::Good, _) if signature_only => Exit::Done,
        (_, Verdict::Good, _) => Exit::Rule,
    }
}

fn print(
    inspection: &Inspection,
    keys: &[NamedKey],
    judging: &Judging<'_>,
    ports: &Ports,
    output: &Output,
) -> Result<(), Failure> {
    let key = inspection.key.and_then(|index| keys.get(index)).map(|key| key.name.as_str());
    let value = wire::Inspection::new(inspection, key);
    let now = judging.at.unwrap_or_else(|| ports.clock.now());
    output.result(&value, || show::inspection(&value, now))
}

fn named(found: Found, file: &str) -> Vec<NamedKey> {
    let name = |index: usize, jwk: &jose::key::Jwk| match (&jwk.kid, index) {
        (Some(kid), _) => kid.clone(),
        (None, 0) => file.to_owned(),
        (None, index) => format!("{file}, key {}", index + 1),
    };
    found.keys.into_iter().enumerate().map(|(index, jwk)| NamedKey { name: name(index, &jwk), jwk }).collect()
}

fn untrustworthy(finding: &Finding) -> Failure {
    workbench::Error::Key(workbench::KeyError::KeySet(finding.clone())).into()
}

/// Whether a token is to come from standard input.
pub fn from_stdin(token: Option<&str>) -> bool {
    token.is_none_or(|token| token == "-")
}

/// A token from the command line or standard input, for sending as it is.
pub fn given(token: &str, input: &Input) -> Result<String, Failure> {
    let bytes = input.argument_or_stdin(Some(token), "--token")?;
    let text = String::from_utf8_lossy(&bytes);
    match jose::locate::locate(&text) {
        Some(located) if !located.token.is_empty() => Ok(located.token.into_owned()),
        _ => {
            let hint = "leave --token out to sign one by the profile's recipe";
            Err(Failure::new(Exit::Malformed, "the token to send is empty", Some(hint)))
        }
    }
}
