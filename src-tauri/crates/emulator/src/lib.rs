//! A loopback server that plays the providers and verifies with its own code.
//!
//! It stands in for a provider's API as far as authentication goes: it checks a token as strictly as the provider's
//! documents say, answers with the provider's documented status and body, and keeps a [log](Entry) of what it checked
//! and why it refused, which no real server would tell.
//!
//! It is the second opinion on every token that Keywright makes. So it must not know jose, the vault or the jobs: keys,
//! tokens, times and scopes are read here by other code, and signatures are checked by other libraries (`p521`, `p384`,
//! `p256`, `hmac`, `jsonwebtoken` with its RustCrypto backend). From `provider` it takes rules as data, never code.
//!
//! It listens on 127.0.0.1 alone. Each provider has its own path below one port, `http://127.0.0.1:PORT/gr4vy`: the
//! prefix is simply part of the base address, as behind any API gateway, and four providers then share one port to
//! start, one log to read and one set of faults to steer.
//!
//! Beside the providers there are control paths, for programs on this machine alone:
//!
//! | | |
//! | --- | --- |
//! | `GET /_emulator` | providers, registered kids and how many of the rest, faults, the clock |
//! | `GET`, `POST /_emulator/jwks` | the registered public keys; register a JWK or a JWK Set |
//! | `POST /_emulator/credentials` | register anything: `{"kind": "login", "provider": "cryptopay", "username": "ada", "password": "…"}`; the kinds are `jwk`, `secret`, `api_key`, `login`, `webhook_secret` |
//! | `GET`, `PUT /_emulator/faults` | how it misbehaves: `{"skew": -40, "delay_ms": 1500, "fail": {"status": 429, "times": 2, "retry_after": 5}, "limit": {"calls": 3, "seconds": 60}}` |
//! | `POST /_emulator/faults` | what happens once: `{"do": "expire_access"}`, `blacklist_refresh`, `revoke_key`, `delete_key`, `revoke_login`, `revoke_client`, `change_password`, `change_secret`, `change_webhook_secret` |
//! | `GET`, `PUT`, `DELETE /_emulator/mishaps` | what goes wrong at single endpoints: `{"mishaps": ["POST /gr4vy/api-key-pairs fail 500x1 applied"]}`; see [`Mishap`] |
//! | `POST /_emulator/webhooks` | let an event happen and deliver its webhook, signed: `{"provider": "gr4vy", "url": "http://127.0.0.1:8000/webhooks", "event": "transaction.captured", "id": "…"}`; without `event` the usual one, without `id` to what was made last. Or deliver a text as it is: `"body": "…"` |
//! | `GET`, `DELETE /_emulator/log` | what was asked, checked and answered |
//! | `DELETE /_emulator/state` | forget sessions, limits, faults and the log, and keep what was registered |
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let running = keywright_emulator::Emulator::start(keywright_emulator::Config::default())?;
//! assert!(running.base("gr4vy").is_some_and(|base| base.starts_with("http://127.0.0.1:")));
//! running.stop();
//! # Ok(())
//! # }
//! ```

mod accounts;
mod answer;
mod api;
mod api_keys;
mod authorization;
mod claims;
mod clock;
mod control;
mod cryptopay;
mod event;
mod fail;
mod faults;
mod gr4vy;
mod header;
mod hedge;
mod incident;
mod issuer;
mod keys;
mod limit;
mod log;
mod mac;
mod mishap;
mod on_demand;
mod partner;
mod pipeline;
mod refusal;
mod registered;
mod registration;
mod request_body;
mod resources;
mod roles;
mod rules;
mod running;
mod scopes;
mod secret;
mod server;
mod signature;
mod state;
mod strict_json;
mod succession;
mod token;
mod webhook;
mod webhook_secrets;
mod words;

pub use event::{Event, EventError};
pub use fail::{Fail, FailSyntax, RetryForm};
pub use faults::Faults;
pub use incident::{Incident, IncidentError};
pub use keys::KeyError;
pub use limit::Limit;
pub use log::{Check, Entry, Observer, Outcome};
pub use mishap::{Mishap, MishapError};
pub use on_demand::{OnDemand, OnDemandError};
pub use refusal::{AuthorizationRefusal, CredentialRefusal, Refusal, RequestRefusal, SessionRefusal};
pub use registration::{Registration, RegistrationError};
pub use running::Running;
pub use server::{Config, Emulator, StartError};
pub use webhook::{Delivery, DeliveryError, Payload};
