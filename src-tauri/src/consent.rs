//! Live consent, asked in a native dialog while no lock is held.
//!
//! A job asks its port in the middle of its work, with the session in its hands, and a dialog may stay open for hours. So the
//! port says no and notes the question; the job fails; the person is asked; and the job is called once more, with a yes for
//! exactly that question.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use workbench::ports::{Consent, LiveQuestion};

use crate::dialogs::Question;

/// The question as a dialog shows it.
pub(crate) fn in_words(question: &LiveQuestion) -> Question {
    let detail: Vec<String> = [Some(question.detail()), question.covers()].into_iter().flatten().collect();
    Question { title: question.title(), detail: detail.join(" "), verb: question.verb().to_owned() }
}

/// Whether a yes to one question answers another: the same act for the same credential at the same place, and no token that may
/// do more or lives longer. A lifetime that ends at a fixed time is shorter when the job is called again.
fn answers(agreed: &LiveQuestion, asked: &LiveQuestion) -> bool {
    let covered = match (&agreed.terms, &asked.terms) {
        (Some(agreed), Some(asked)) => agreed.cover(asked),
        (None, None) => true,
        _ => false,
    };
    covered && LiveQuestion { terms: None, ..agreed.clone() } == LiveQuestion { terms: None, ..asked.clone() }
}

/// What was asked, and what the person said yes to.
#[derive(Default)]
pub(crate) struct Slate(Mutex<Lines>);

#[derive(Default)]
struct Lines {
    asked: Option<LiveQuestion>,
    agreed: Option<LiveQuestion>,
}

impl Slate {
    /// The last question that nobody answered yet.
    pub(crate) fn take_question(&self) -> Option<LiveQuestion> {
        self.lines().asked.take()
    }

    /// The person said yes: the next question, if it is the same, is answered with it.
    pub(crate) fn agree(&self, asked: LiveQuestion) {
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
    fn ask(&self, question: &LiveQuestion) -> bool {
        let mut lines = self.0.lines();
        if lines.agreed.take().is_some_and(|agreed| answers(&agreed, question)) {
            return true;
        }
        lines.asked = Some(question.clone());
        false
    }
}
