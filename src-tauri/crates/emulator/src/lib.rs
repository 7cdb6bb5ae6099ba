//! A loopback server that plays the providers and verifies with its own code.
//!
//! It stands in for a provider's API as far as authentication goes: it checks a token as strictly as the provider's
//! documents say, answers with the provider's documented status and body, and keeps a [log](Entry) of what it checked
//! and why it refused, which no real server would tell.
//!
//! It is the second opinion on every token that Keywright makes. So it must not know jose, the vault or the jobs: keys,
//! tokens, times and scopes are read here by other code, and signatures are checked by other libraries (`p521`, `p384`,
//! `p256`, `jsonwebtoken` with its RustCrypto backend). From `provider` it takes rules as data, never code.
//!
//! It listens on 127.0.0.1 alone. Each provider has its own path below one port, `http://127.0.0.1:PORT/gr4vy`: the
//! prefix is simply part of the base address, as behind any API gateway, and four providers then share one port to
//! start, one log to read and one set of faults to steer.
//!
//! Beside the providers there are control paths, for programs on this machine alone:
//!
//! | | |
//! | --- | --- |
//! | `GET /_emulator` | providers, registered kids, faults, the clock |
//! | `GET`, `POST /_emulator/jwks` | the registered public keys; register a JWK or a JWK Set |
//! | `GET`, `PUT /_emulator/faults` | how it misbehaves: `{"skew": -40, "delay_ms": 1500, "fail": {"status": 429, "times": 2, "retry_after": 5}}` |
//! | `GET`, `DELETE /_emulator/log` | what was asked, checked and answered |
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let running = keywright_emulator::Emulator::start(keywright_emulator::Config::default())?;
//! assert!(running.base("gr4vy").is_some_and(|base| base.starts_with("http://127.0.0.1:")));
//! running.stop();
//! # Ok(())
//! # }
//! ```

mod authorization;
mod checks;
mod claims;
mod clock;
mod control;
mod faults;
mod gr4vy;
mod keys;
mod log;
mod on_demand;
mod refusal;
mod rules;
mod scopes;
mod server;
mod signature;
mod state;
mod strict_json;
mod token;

pub use faults::{Fail, FailSyntax, Faults};
pub use keys::KeyError;
pub use log::{Check, Entry, Outcome};
pub use on_demand::OnDemand;
pub use refusal::Refusal;
pub use server::{Config, Emulator, Observer, Running, StartError};
