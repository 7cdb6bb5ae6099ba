//! The Partner API, as far as authentication goes: tokens that the caller signs with a secret, its documented answers.

mod answers;
mod bodies;
mod ladder;

use crate::{
    answer::Answer,
    api::{Api, Call, Context, SimulatedApi},
    event::{Event, EventError},
    faults::Faults,
    incident::Incident,
    refusal::Refusal,
    registered::Registered,
    rules::Rules,
    words::shorten,
};

/// The id of the definition.
const ID: &str = "partner";

/// What was asked for; the Partner API itself keeps nothing between two calls.
#[derive(Default)]
struct Partner {
    /// Tokens that were made before this have expired, whatever they say.
    cut: Option<i64>,
}

/// The Partner API as it is played.
pub(crate) fn simulated() -> SimulatedApi {
    let definition = provider::built_in_named(ID).expect("the Partner API's definition is built in");
    SimulatedApi { id: ID, rules: Rules::of(definition), api: Box::new(Partner::default()) }
}

impl Api for Partner {
    fn answer(&mut self, call: &Call<'_>, context: &mut Context<'_>) -> Result<Answer, Refusal> {
        ladder::check(call, self.cut, context)?;
        Ok(bodies::respond(call, context.now).unwrap_or_else(|wrong| {
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

    fn happen(&mut self, event: &Event<'_>, _registered: &Registered, _now: i64) -> Result<String, EventError> {
        // It sends no webhooks.
        Err(EventError::Name { found: shorten(event.name.unwrap_or_default()), wanted: "none".to_owned() })
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
