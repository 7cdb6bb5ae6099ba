//! Live consent, asked in a native dialog while no lock is held.
//!
//! A job asks its port in the middle of its work, with the session in its hands, and a dialog may stay open for hours. So the
//! port says no and notes the question; the job fails; the person is asked; and the job is called once more, with a yes for
//! exactly that question.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use workbench::ports::{Consent, Guard, LiveAct, LiveQuestion};

use crate::dialogs::Question;

/// A question that outlives the job that asked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    profile: String,
    provider: String,
    key: String,
    environment: String,
    environment_id: String,
    act: String,
    kind: LiveAct,
    guard: Guard,
}

impl Asked {
    fn of(question: &LiveQuestion<'_>) -> Self {
        Self {
            profile: question.profile.to_owned(),
            provider: question.provider.to_owned(),
            key: question.key.to_owned(),
            environment: question.environment.to_owned(),
            environment_id: question.environment_id.to_owned(),
            act: question.act.to_owned(),
            kind: question.kind,
            guard: question.guard,
        }
    }

    /// The question as the person reads it.
    pub(crate) fn in_words(&self) -> Question {
        let Self { profile, provider, key, environment, act, .. } = self;
        let signer = format!("{profile} · {provider} with {key}");
        let (title, detail, verb) = match self.kind {
            LiveAct::Sign => (
                format!("Sign a token as {signer} for {environment}, which is LIVE?"),
                "The token will be good for the live environment until it expires.".to_owned(),
                "Sign for LIVE",
            ),
            LiveAct::Read => (
                format!("{act} as {signer} on {environment}, which is LIVE?"),
                "This reads from the live environment. Nothing is changed there.".to_owned(),
                "Send to LIVE",
            ),
            LiveAct::Change => (
                format!("{act} as {signer} on {environment}, which is LIVE?"),
                "This changes something in the live environment.".to_owned(),
                "Send to LIVE",
            ),
            LiveAct::Follow => (
                format!("{provider}: {act}?"),
                format!("{key} for {environment}, which is LIVE, is used so from now on."),
                "Agree",
            ),
        };
        Question { title, detail, verb: verb.to_owned() }
    }
}

/// What was asked, and what the person said yes to.
#[derive(Default)]
pub(crate) struct Slate(Mutex<Lines>);

#[derive(Default)]
struct Lines {
    asked: Option<Asked>,
    agreed: Option<Asked>,
}

impl Slate {
    /// The last question that nobody answered yet.
    pub(crate) fn take_question(&self) -> Option<Asked> {
        self.lines().asked.take()
    }

    /// The person said yes: the next question, if it is the same, is answered with it.
    pub(crate) fn agree(&self, asked: Asked) {
        self.lines().agreed = Some(asked);
    }

    /// Takes back a yes that was not used.
    pub(crate) fn wipe(&self) {
        *self.lines() = Lines::default();
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The consent port over a slate.
pub(crate) struct OnSlate(pub(crate) Arc<Slate>);

impl Consent for OnSlate {
    fn ask(&self, question: &LiveQuestion<'_>) -> bool {
        let asked = Asked::of(question);
        let mut lines = self.0.lines();
        if lines.agreed.take().is_some_and(|agreed| agreed == asked) {
            return true;
        }
        lines.asked = Some(asked);
        false
    }
}
