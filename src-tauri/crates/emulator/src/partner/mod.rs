//! The Partner API, as far as authentication goes: tokens that the caller signs with a secret, its documented answers.

mod answers;
mod bodies;
mod ladder;

use crate::{
    answer::Answer,
    faults::Faults,
    play::{Api, Call, Desk, Player},
    refusal::Refusal,
    rules::Rules,
};

/// The id of the definition.
const ID: &str = "partner";

/// The Partner API keeps nothing between two calls.
struct Partner;

/// The Partner API as it is played.
pub(crate) fn player() -> Player {
    let definition = provider::built_in_named(ID).expect("the Partner API's definition is built in");
    Player { id: ID, rules: Rules::of(definition), api: Box::new(Partner) }
}

impl Api for Partner {
    fn answer(&mut self, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Answer, Refusal> {
        ladder::climb(call, desk)?;
        Ok(bodies::respond(call, desk.now).unwrap_or_else(|wrong| {
            desk.note(wrong.to_string());
            answers::request(&wrong)
        }))
    }

    fn refuse(&self, refusal: &Refusal, _call: &Call<'_>, _faults: &Faults) -> Answer {
        answers::refusal(refusal)
    }

    fn status(&self, status: u16, _faults: &Faults) -> Answer {
        answers::status(status)
    }

    fn reset(&mut self) {}
}
