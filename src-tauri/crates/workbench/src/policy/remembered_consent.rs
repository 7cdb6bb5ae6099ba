//! Remembered consent: a yes to something live, kept for a profile and an environment until lock, or until nobody has worked for ten minutes.
//! Whether it is enough for the next act follows the profile's guard, and that rule stands here alone.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{
    ground::ports::{Consent, Guard, LiveAct, LiveQuestion},
    store::records::Target,
};

/// How long a yes holds while nobody works.
pub const IDLE: Duration = Duration::from_secs(600);

/// What the person agreed to. Times are of a clock that only goes forward.
#[derive(Debug, Default)]
pub struct Memory {
    /// Where somebody said yes, and when somebody worked last since then.
    agreed: BTreeMap<Target, Duration>,
}

impl Memory {
    /// Whether what was said before is enough for this.
    pub fn is_enough(&self, question: &LiveQuestion<'_>, now: Duration) -> bool {
        let remembered = match (question.guard, question.kind) {
            (_, LiveAct::Follow) | (Guard::Always, _) | (Guard::Writes, LiveAct::Change) => false,
            (Guard::Once, _) | (Guard::Writes, LiveAct::Sign | LiveAct::Read) => true,
        };
        remembered && self.agreed.get(&place(question)).is_some_and(|at| now.saturating_sub(*at) < IDLE)
    }

    /// The person said yes. To follow a definition is agreed to once, and says nothing of any place.
    pub fn agree(&mut self, question: &LiveQuestion<'_>, now: Duration) {
        if question.kind == LiveAct::Follow {
            return;
        }
        self.agreed.insert(place(question), now);
    }

    /// The person did something: what still holds goes on holding.
    pub fn touch(&mut self, now: Duration) {
        for at in self.agreed.values_mut().filter(|at| now.saturating_sub(**at) < IDLE) {
            *at = now;
        }
    }

    /// Forgets what no longer holds, and says where that was.
    pub fn expire(&mut self, now: Duration) -> Vec<Target> {
        let (hold, ended) = std::mem::take(&mut self.agreed)
            .into_iter()
            .partition::<BTreeMap<_, _>, _>(|(_, at)| now.saturating_sub(*at) < IDLE);
        self.agreed = hold;
        ended.into_keys().collect()
    }

    /// Forgets everything, as on lock, and says where that was.
    pub fn clear(&mut self) -> Vec<Target> {
        std::mem::take(&mut self.agreed).into_keys().collect()
    }
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
    fn ask(&self, question: &LiveQuestion<'_>) -> bool {
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

    fn agreed(&self, question: &LiveQuestion<'_>) -> bool {
        self.with(|memory, now| memory.is_enough(question, now))
    }
}

impl Consent for std::sync::Arc<Remembering> {
    fn ask(&self, question: &LiveQuestion<'_>) -> bool {
        self.as_ref().ask(question)
    }

    fn agreed(&self, question: &LiveQuestion<'_>) -> bool {
        self.as_ref().agreed(question)
    }
}

fn place(question: &LiveQuestion<'_>) -> Target {
    Target { profile: question.profile.to_owned(), environment: question.environment_id.to_owned() }
}
