//! Remembered consent: a yes to something live, kept for a credential at a target, with the scopes and the lifetime that were
//! agreed to, until lock, or until nobody has worked for ten minutes. Whether it is enough for the next act follows the
//! profile's guard, and that rule stands here alone.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{
    ground::ports::{Consent, Guard, LiveAct, LiveQuestion, TokenTerms},
    store::records::{CredentialAt, Target},
};

/// How long a yes holds while nobody works.
pub const IDLE: Duration = Duration::from_secs(600);

/// What the person agreed to. Times are of a clock that only goes forward.
#[derive(Debug, Default)]
pub struct Memory {
    agreed: BTreeMap<CredentialAt, Agreement>,
}

/// What somebody agreed to for one credential at one target.
#[derive(Debug, Default)]
struct Agreement {
    /// When somebody worked last since then.
    at: Duration,
    /// The terms of tokens, each as it was agreed to: whoever agreed to reading for a day, and to writing for a minute, did not
    /// agree to writing for a day.
    terms: Vec<TokenTerms>,
}

impl Agreement {
    fn holds(&self, now: Duration) -> bool {
        now.saturating_sub(self.at) < IDLE
    }

    fn covers(&self, terms: Option<&TokenTerms>) -> bool {
        terms.is_none_or(|wanted| self.terms.iter().any(|agreed| agreed.cover(wanted)))
    }
}

impl Memory {
    /// Whether what was said before is enough for this.
    pub fn is_enough(&self, question: &LiveQuestion, now: Duration) -> bool {
        let remembered = match (question.guard, question.kind) {
            (_, LiveAct::Follow) | (Guard::Always, _) | (Guard::Writes, LiveAct::Change) => false,
            (Guard::Once, _) | (Guard::Writes, LiveAct::Sign | LiveAct::Read) => true,
        };
        let enough = |agreement: &Agreement| agreement.holds(now) && agreement.covers(question.terms.as_ref());
        remembered && self.agreed.get(&owner(question)).is_some_and(enough)
    }

    /// The person said yes. To follow a definition is agreed to once, and says nothing of any place.
    pub fn agree(&mut self, question: &LiveQuestion, now: Duration) {
        if question.kind == LiveAct::Follow {
            return;
        }
        let agreement = self.agreed.entry(owner(question)).or_default();
        // Terms of a yes that has ended do not come back with another one.
        if !agreement.holds(now) {
            agreement.terms.clear();
        }
        agreement.at = now;
        if let Some(terms) = question.terms.clone().filter(|terms| !agreement.covers(Some(terms))) {
            agreement.terms.push(terms);
        }
    }

    /// The person did something: what still holds goes on holding.
    pub fn touch(&mut self, now: Duration) {
        for agreement in self.agreed.values_mut().filter(|agreement| agreement.holds(now)) {
            agreement.at = now;
        }
    }

    /// Forgets what no longer holds, and says where that was.
    pub fn expire(&mut self, now: Duration) -> Vec<Target> {
        let (hold, ended) = std::mem::take(&mut self.agreed)
            .into_iter()
            .partition::<BTreeMap<_, _>, _>(|(_, agreement)| agreement.holds(now));
        self.agreed = hold;
        targets(ended)
    }

    /// Forgets everything, as on lock, and says where that was.
    pub fn clear(&mut self) -> Vec<Target> {
        targets(std::mem::take(&mut self.agreed))
    }
}

fn targets(agreed: BTreeMap<CredentialAt, Agreement>) -> Vec<Target> {
    let mut targets: Vec<Target> = agreed.into_keys().map(|owner| owner.at).collect();
    targets.dedup();
    targets
}

/// A consent port that asks another one only where memory is not enough.
pub struct Remembering {
    memory: Mutex<Memory>,
    person: Box<dyn Consent>,
    now: Box<dyn Fn() -> Duration + Send + Sync>,
}

impl Remembering {
    /// Asks `person`; `now` is a clock that only goes forward.
    pub fn new(person: Box<dyn Consent>, now: Box<dyn Fn() -> Duration + Send + Sync>) -> Self {
        Self { memory: Mutex::default(), person, now }
    }

    /// The person did something.
    pub fn touch(&self) {
        self.with(Memory::touch);
    }

    /// Forgets what no longer holds, and says where that was. Called by a timer.
    pub fn expire(&self) -> Vec<Target> {
        self.with(Memory::expire)
    }

    /// Forgets everything, as on lock, and says where that was.
    pub fn clear(&self) -> Vec<Target> {
        self.with(|memory, _| memory.clear())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Memory, Duration) -> T) -> T {
        act(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner), (self.now)())
    }
}

impl Consent for Remembering {
    fn ask(&self, question: &LiveQuestion) -> bool {
        if self.agreed(question) {
            return true;
        }
        // The memory stays free while the person thinks.
        let agreed = self.person.ask(question);
        if agreed {
            self.with(|memory, now| memory.agree(question, now));
        }
        agreed
    }

    fn agreed(&self, question: &LiveQuestion) -> bool {
        self.with(|memory, now| memory.is_enough(question, now))
    }
}

impl Consent for std::sync::Arc<Remembering> {
    fn ask(&self, question: &LiveQuestion) -> bool {
        self.as_ref().ask(question)
    }

    fn agreed(&self, question: &LiveQuestion) -> bool {
        self.as_ref().agreed(question)
    }
}

fn owner(question: &LiveQuestion) -> CredentialAt {
    let at = Target { profile: question.profile.clone(), environment: question.environment_id.clone() };
    CredentialAt { at, credential: question.key.clone() }
}
