//! Simulated API: what is an API's own, one request to it, and what it has at hand while it answers.

use axum::http::HeaderMap;

use crate::{
    answer::Answer,
    event::{Event, EventError},
    faults::Faults,
    incident::Incident,
    limit::{Limit, Limits, Quota},
    log::Check,
    mishap::View,
    refusal::Refusal,
    registered::Registered,
    rules::{Operation, Rules},
};

/// An API, with what its definition says.
pub(crate) struct SimulatedApi {
    /// The id of the definition, and the first part of its paths.
    pub(crate) id: &'static str,
    pub(crate) rules: Rules,
    pub(crate) api: Box<dyn Api>,
}

/// What is an API's own: what it checks, and what it answers.
pub(crate) trait Api: Send {
    /// Judges the request and answers it, or says why it is refused.
    fn answer(&mut self, call: &Call<'_>, context: &mut Context<'_>) -> Result<Answer, Refusal>;

    /// What the provider documents for a refusal. The reason stays in the log.
    fn refuse(&self, refusal: &Refusal, call: &Call<'_>, faults: &Faults) -> Answer;

    /// What the provider documents for a status that needs no more words.
    fn status(&self, status: u16, faults: &Faults) -> Answer;

    /// What the provider documents for a path that has other methods than this one.
    fn other_method(&self, _method: &str, faults: &Faults) -> Answer {
        self.status(405, faults)
    }

    /// Lets an event happen to something that it keeps, and answers what a webhook says of it.
    fn happen(&mut self, event: &Event<'_>, registered: &Registered, now: i64) -> Result<String, EventError>;

    /// Where `view` can be shown, in words; nothing where it can at this operation.
    fn shows(&self, _operation: &Operation, _view: View) -> Option<&'static str> {
        Some("no endpoint of this provider")
    }

    /// Something that was asked for happens at `now`.
    fn on_incident(&mut self, incident: &Incident<'_>, now: i64);

    /// Forgets sessions and what callers made.
    fn reset(&mut self);
}

/// One request, with the provider's prefix taken off.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) rules: &'a Rules,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    /// `None` where it was too long.
    pub(crate) body: Option<&'a [u8]>,
}

/// What an API has at hand while it answers one request.
pub(crate) struct Context<'a> {
    /// The emulator's clock.
    pub(crate) now: i64,
    pub(crate) faults: Faults,
    pub(crate) registered: &'a mut Registered,
    pub(crate) limits: &'a mut Limits,
    pub(crate) provider: &'static str,
    pub(crate) passed: Vec<Check>,
    pub(crate) notes: Vec<String>,
    pub(crate) quota: Option<Quota>,
    /// What is wrong with what is shown.
    pub(crate) view: Option<View>,
    /// Whether it was done once already, and is to be done again whatever is in the way.
    pub(crate) again: bool,
}

impl Context<'_> {
    /// Writes down that a check passed.
    pub(crate) fn pass(&mut self, check: Check) {
        self.passed.push(check);
    }

    /// Writes down what a real server would not mind, or whose treatment is not documented.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Counts the call of `caller` against the limit that was asked for, else the documented one, else none.
    pub(crate) fn count(&mut self, caller: &str, documented: Option<Limit>) -> Result<(), Refusal> {
        let Some(limit) = self.faults.limit.or(documented) else { return Ok(()) };
        let quota = self.limits.count(&format!("{} {caller}", self.provider), limit, self.now);
        self.quota = Some(quota);
        if quota.exceeded {
            let left = u32::try_from(quota.reset.saturating_sub(self.now)).unwrap_or(u32::MAX);
            return Err(Refusal::Limited { calls: limit.calls, seconds: limit.seconds.max(1), left });
        }
        self.pass(Check::Limit);
        Ok(())
    }
}
