//! `keywright emulator`: a server on this computer that plays the providers, until Ctrl-C.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use emulator::{Config, Emulator, Fail, Faults, Mishap, Registration, Running};
use jose::key::{Jwk, Key, write::Half};
use wire::EmulatorStarted;
use workbench::keys::KeyText;
use zeroize::Zeroizing;

use crate::{
    exit::{Exit, Failure},
    input::Input,
    output::Output,
};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Register the public keys in this file: a JWK, a JWK Set, or any other form of a key
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// The port on 127.0.0.1; a free one unless named
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Let its clock be ahead by so many seconds; negative: behind
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_hyphen_values = true)]
    skew: i64,
    /// Let it wait so many milliseconds before each answer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    delay: u32,
    /// Let it fail instead of looking: 503, 429x2 (twice), 429x2:5 (and Retry-After: 5)
    #[arg(long, value_name = "STATUS[xTIMES][:SECONDS]")]
    fail: Option<Fail>,
    /// Let it end the connection in the middle of each answer
    #[arg(long)]
    break_off: bool,
    /// Let one endpoint go wrong: 'POST /gr4vy/api-key-pairs fail 500x1 applied'; may be given again
    #[arg(long, value_name = "MISHAP")]
    mishap: Vec<Mishap>,
}

/// Runs it until it is interrupted.
pub fn run(arguments: &Arguments, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let keys = arguments.jwks.as_deref().map(|path| public_set(path, input)).transpose()?;
    let Arguments { skew, delay, fail, break_off, .. } = *arguments;
    let faults = Faults { skew, delay_ms: delay, fail, break_off, ..Faults::default() };
    let observer: emulator::Observer = Arc::new(|entry| {
        // The log is for a person who watches; it is not the result.
        let _ = writeln!(anstream::stderr(), "{entry}");
    });
    let config = Config { port: arguments.port, faults, observer: Some(observer) };
    let running = Emulator::start(config).map_err(|error| {
        let hint = error.hint();
        Failure::new(Exit::Failed, error.to_string(), hint)
    })?;
    running.plan(arguments.mishap.clone()).map_err(|error| Failure::new(Exit::Usage, error.to_string(), None))?;
    let kids = match &keys {
        Some(text) => running
            .register(Registration::Jwk(text))
            .map_err(|error| Failure::new(Exit::Malformed, error.to_string(), None))?,
        None => Vec::new(),
    };
    let bases: Vec<String> = Running::PROVIDERS.iter().filter_map(|provider| running.base(provider)).collect();
    let value = EmulatorStarted { addresses: bases, kids };
    output.result(&value, || value.addresses.iter().map(|base| format!("{base}\n")).collect())?;
    match value.kids.as_slice() {
        [] => output.note("no key is registered, so what is signed elsewhere is refused; give --jwks FILE"),
        kids => output.note(&format!("registered {}", kids.join(", "))),
    }
    output.note("Ctrl-C stops it");
    loop {
        std::thread::park();
    }
}

/// The keys of a file as a JWK Set: public halves, and shared secrets as they are, since a server shares them.
fn public_set(path: &Path, input: &Input) -> Result<Zeroizing<String>, Failure> {
    let bytes = input.secret(path, "--jwks")?;
    let found = KeyText { bytes: &bytes, passphrase: None, secret_encoding: None }.read()?;
    let one = |jwk: &Jwk| {
        let half = if matches!(jwk.key, Key::Secret(_)) { Half::Private } else { Half::Public };
        jose::jwk::write(jwk, half)
    };
    let keys: Vec<_> = found.keys.iter().map(one).collect();
    let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
    Ok(Zeroizing::new(format!("{{\"keys\":[{}]}}", keys.join(","))))
}
