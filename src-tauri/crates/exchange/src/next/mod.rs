//! Next step after an answer, decided from values alone: nothing here sends, waits or signs.
//!
//! The one who drives it sends a request, asks [`next`], does what the [`Step`] says and remembers it in [`SoFar`]. Without
//! the person's wish to follow, every answer simply stands.

mod redirect;
mod renew;
mod repeat;
mod wait;

use jose::json::Document;
use provider::{
    Definition, Endpoint,
    definition::{Flow, FlowKind},
};
use url::Url;

pub use redirect::{Redirect, redirected};
pub use renew::{After, AtHand, Method, RefreshToken, Renewal, renewal_due};
pub use repeat::is_safe;
pub(crate) use wait::in_words;
pub use wait::{LONGEST_WAIT, MOST_WAITS, Wait};

use crate::{
    Answer, Authentication, NoAnswer, PreparedRequest,
    answer::{
        api_error::{ApiError, api_error},
        challenge::challenges,
        page::html,
    },
};

/// What there is to decide from.
#[derive(Clone, Copy)]
pub struct Situation<'a> {
    /// The provider's rules.
    pub definition: &'a Definition,
    /// What is being done.
    pub attempt: Attempt<'a>,
    /// What was sent last.
    pub request: &'a PreparedRequest,
    /// What came of it.
    pub outcome: &'a Result<Answer, NoAnswer>,
    /// When that came, in seconds since 1970.
    pub arrived: i64,
    /// What was done before.
    pub history: &'a History,
    /// What another token can be had with.
    pub at_hand: AtHand<'a>,
    /// Whether the person chose to follow: to have tokens renewed, waits kept and redirects followed.
    pub follow: bool,
}

/// What is being done.
#[derive(Clone, Copy)]
pub enum Attempt<'a> {
    /// A call of the person's.
    Call {
        /// The endpoint, where the definition knows it.
        endpoint: Option<&'a Endpoint>,
        /// What it authenticates with.
        auth: Authentication,
    },
    /// A call of a flow.
    Flow {
        /// Which one.
        flow: &'a Flow,
        /// What happens with the call that waits for its token; nothing where the flow was the point.
        then: Option<After>,
    },
}

/// What was done so far for one call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Whether its token was renewed because of a 401.
    pub renewed: bool,
    /// How often it waited.
    pub waits: u32,
    /// The methods and addresses that redirected it, in order.
    pub redirects: Vec<(String, Url)>,
}

impl History {
    /// The same after a further step. `request` is the one that was answered.
    pub fn and(mut self, step: &Step, request: &PreparedRequest) -> Self {
        match step {
            Step::Renew(_) => self.renewed = true,
            Step::Wait(_) => self.waits += 1,
            Step::Redirect(_) => self.redirects.push((request.method.clone(), request.url.clone())),
            Step::Done | Step::LogIn { .. } | Step::GiveUp { .. } => {}
        }
        self
    }
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing: the answer stands.
    Done,
    /// Wait, then send the same request again.
    Wait(Wait),
    /// Have the token renewed, once.
    Renew(Renewal),
    /// The person must log in: the session cannot be renewed.
    LogIn {
        /// Why, a sentence.
        why: String,
        /// The flow that logs in, if the definition has one.
        flow: Option<String>,
    },
    /// Send the request to another address.
    Redirect(Redirect),
    /// Nothing, although something could have been done: the answer stands.
    GiveUp {
        /// Why, a sentence or two.
        why: String,
    },
}

impl Step {
    /// The word for scripts.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Wait(_) => "wait",
            Self::Renew(_) => "renew",
            Self::LogIn { .. } => "log-in",
            Self::Redirect(_) => "redirect",
            Self::GiveUp { .. } => "give-up",
        }
    }

    /// Why, in a sentence or two; nothing where the answer simply stands.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Done => None,
            Self::Wait(wait) => Some(&wait.why),
            Self::Renew(renewal) => Some(&renewal.why),
            Self::Redirect(redirect) => Some(&redirect.why),
            Self::LogIn { why, .. } | Self::GiveUp { why } => Some(why),
        }
    }

    fn give_up(why: impl Into<String>) -> Self {
        Self::GiveUp { why: why.into() }
    }
}

/// Decides what to do after an answer. `random` fills its argument with unpredictable bytes, for the length of a wait.
pub fn next(situation: &Situation<'_>, random: &mut dyn FnMut(&mut [u8])) -> Step {
    // Without an answer it is not known whether the server acted, so nothing is sent again unasked.
    let Ok(answer) = situation.outcome else { return Step::Done };
    if let Attempt::Flow { flow, then } = situation.attempt
        && let Some(step) = situation.after_flow(flow, then, answer)
    {
        return step;
    }
    if !situation.follow {
        return Step::Done;
    }
    match answer.status {
        301 | 302 | 303 | 307 | 308 => redirect::after(situation, answer),
        401 => renew::after_401(situation, answer),
        429 | 503 => wait::after(situation, answer, random),
        _ => Step::Done,
    }
}

impl Situation<'_> {
    /// What a flow's answer leads to whether the person chose to follow or not. More is sent only for a call that waits.
    fn after_flow(&self, flow: &Flow, then: Option<After>, answer: &Answer) -> Option<Step> {
        let refreshes = flow.kind == FlowKind::Refresh;
        match answer.status {
            200..=299 | 400..=499 if answer.status != 429 && !flow.gives.is_empty() => {
                let page = html(answer).filter(|_| refreshes || answer.status < 300);
                if let Some(page) = page {
                    let title = page.title.map(|title| format!(" ({title:?})")).unwrap_or_default();
                    let why = format!(
                        "{} answered {} with a web page{title} where JSON was wanted: a wrong path, a log-in page or a \
                         proxy answers so.",
                        flow.label, answer.status
                    );
                    return Some(Step::give_up(why));
                }
                (refreshes && matches!(answer.status, 400 | 401 | 403)).then(|| renew::refused(self, then, answer))
            }
            _ => None,
        }
    }

    /// The error as the server wrote it.
    fn api_error(&self, answer: &Answer) -> ApiError {
        let text = std::str::from_utf8(&answer.body).ok();
        let body = text.and_then(|text| Document::parse(text).ok());
        api_error(self.definition, answer, body.as_ref(), &challenges(answer))
    }

    /// Whether the endpoint is known to change something.
    fn changes_something(&self) -> bool {
        matches!(self.attempt, Attempt::Call { endpoint: Some(endpoint), .. } if endpoint.side_effects)
    }
}
