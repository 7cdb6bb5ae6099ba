//! Hedge Payments, as far as authentication goes: API keys, the tokens that are minted with them, its documented
//! answers.
//!
//! How a token is minted and what it holds is not published. The emulator takes the members of the authentication page
//! and those of the newer reference, and signs with HS256 as an early API of the same people did.

mod answers;
mod bodies;
mod ladder;
mod mint;

use provider::definition::{FlowKind, Needs};

use crate::{
    answer::Answer,
    api::{Api, Call, Context, SimulatedApi},
    event::{Event, EventError},
    faults::Faults,
    incident::Incident,
    issuer::Issuer,
    refusal::{CredentialRefusal, Refusal},
    registered::Registered,
    rules::{Operation, Rules},
};

/// The id of the definition.
const ID: &str = "hedge";
/// Lists the API keys of the account. A token does not list them: it is made for front ends.
const KEYS: &str = "/v1/auth/api-keys";

/// What signs the minted tokens, and the payments that callers made.
struct Hedge {
    issuer: Issuer,
    made: bodies::Payments,
}

/// Hedge as it is played.
pub(crate) fn simulated() -> SimulatedApi {
    SimulatedApi { id: ID, rules: rules(), api: Box::new(new()) }
}

fn new() -> Hedge {
    Hedge { issuer: Issuer::new("hedge"), made: bodies::Payments::default() }
}

impl Api for Hedge {
    fn answer(&mut self, call: &Call<'_>, context: &mut Context<'_>) -> Result<Answer, Refusal> {
        let caller = ladder::check(call, &self.issuer, context)?;
        let minting = call.operation.flow == Some(FlowKind::Mint);
        if caller.is_token && (minting || call.operation.path == KEYS) {
            return Err(CredentialRefusal::KeyWanted.into());
        }
        let answer = if minting {
            mint::mint(call, &caller, &mut self.issuer, context)
        } else {
            bodies::respond(call, context, &mut self.made)
        };
        Ok(answer.unwrap_or_else(|wrong| {
            context.note(wrong.to_string());
            answers::request(&wrong)
        }))
    }

    fn refuse(&self, refusal: &Refusal, _call: &Call<'_>, _faults: &Faults) -> Answer {
        answers::refusal(refusal)
    }

    fn status(&self, status: u16, _faults: &Faults) -> Answer {
        answers::status(status)
    }

    fn happen(&mut self, event: &Event<'_>, _registered: &Registered, now: i64) -> Result<String, EventError> {
        self.made.happen(event, now)
    }

    fn on_incident(&mut self, incident: &Incident<'_>, _now: i64) {
        if matches!(incident, Incident::ExpireAccess) {
            self.issuer.expire_access();
        }
    }

    fn reset(&mut self) {
        *self = new();
        self.issuer.forget();
    }
}

/// Hedge's definition, and the paths of single payments, which it does not list among the calls to try.
fn rules() -> Rules {
    let definition = provider::built_in_named(ID).expect("Hedge's definition is built in");
    let mut rules = Rules::of(definition);
    let read = || Needs { all: vec!["payments:read".to_owned()], any: Vec::new() };
    let single = ["/api/payments/{id}", "/v1/payments/{id}"];
    rules.operations.extend(single.map(|path| Operation::new("GET", path, read())));
    rules
}
