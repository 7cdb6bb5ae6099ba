//! Gr4vy, as far as authentication goes: its paths, its checks, its documented answers.

mod answers;
mod bodies;
mod caller;
mod events;
mod input;
mod ladder;
mod merchants;
mod operations;
mod pages;
mod pairs;
mod schema;
mod shapes;

use provider::definition::Needs;

use crate::{
    answer::Answer,
    api::{Api, Call, Context, SimulatedApi},
    event::{Event, EventError},
    faults::Faults,
    incident::Incident,
    mishap::View,
    refusal::Refusal,
    registered::Registered,
    rules::{Operation, Rules},
};

/// The id of the definition.
const ID: &str = "gr4vy";
/// Names the merchant account that a request is about.
const MERCHANT: &str = "x-gr4vy-merchant-account-id";

/// What was seen and asked for, and the little that callers made.
#[derive(Default)]
struct Gr4vy {
    seen: ladder::Seen,
    /// Tokens that were made before this have expired, whatever they say.
    cut: Option<i64>,
    merchants: merchants::Merchants,
}

/// Gr4vy as it is played.
pub(crate) fn simulated() -> SimulatedApi {
    SimulatedApi { id: ID, rules: rules(), api: Box::new(Gr4vy::default()) }
}

impl Api for Gr4vy {
    fn answer(&mut self, call: &Call<'_>, context: &mut Context<'_>) -> Result<Answer, Refusal> {
        let caller = ladder::check(call, &mut self.seen, self.cut, context)?;
        if call.operation.path.starts_with(pairs::LIST) {
            return pairs::respond(call, &caller, context);
        }
        Ok(operations::respond(call, &mut self.merchants, context.now))
    }

    fn refuse(&self, refusal: &Refusal, _call: &Call<'_>, _faults: &Faults) -> Answer {
        answers::refusal(refusal)
    }

    fn status(&self, status: u16, _faults: &Faults) -> Answer {
        answers::status(status)
    }

    fn happen(&mut self, event: &Event<'_>, _registered: &Registered, now: i64) -> Result<String, EventError> {
        events::happen(&mut self.merchants, event, now)
    }

    fn shows(&self, operation: &Operation, view: View) -> Option<&'static str> {
        let pairs = operation.path.starts_with(pairs::LIST);
        let (read, list) = (operation.method == "GET", !operation.path.contains('{'));
        match view {
            View::Lag { .. } if !(pairs && read) => Some("GET /gr4vy/api-key-pairs, and at one of them"),
            View::OtherThumbprint if !pairs => Some("/gr4vy/api-key-pairs, and at one of them"),
            View::RepeatPage if !(pairs && read && list) => Some("GET /gr4vy/api-key-pairs"),
            _ => None,
        }
    }

    fn on_incident(&mut self, incident: &Incident<'_>, now: i64) {
        if matches!(incident, Incident::ExpireAccess) {
            self.cut = Some(now);
        }
    }

    fn reset(&mut self) {
        *self = Self::default();
    }
}

/// Gr4vy's definition, and the roles and the paths of single things, which it does not list among the calls to try. Their scopes
/// are those of Gr4vy's OpenAPI description.
fn rules() -> Rules {
    let definition = provider::built_in_named(ID).expect("Gr4vy's definition is built in");
    let mut rules = Rules::of(definition);
    let single = [
        ("GET", "/transactions/{id}", "transactions.read"),
        ("GET", "/buyers/{id}", "buyers.read"),
        ("GET", "/checkout/sessions/{id}", "checkout-sessions.read"),
        ("GET", "/roles", "roles.read"),
        ("GET", pairs::ONE, "api-key-pairs.read"),
        ("PUT", pairs::ONE, "api-key-pairs.write"),
        ("DELETE", pairs::ONE, "api-key-pairs.write"),
    ];
    rules.operations.extend(single.map(|(method, path, scope)| {
        Operation::new(method, path, Needs { all: vec![scope.to_owned()], any: Vec::new() })
    }));
    rules
}
