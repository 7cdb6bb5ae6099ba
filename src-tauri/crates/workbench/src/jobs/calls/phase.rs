//! Phases of an execution: a call goes out, a flow gets its token, or all is done.

use exchange::{After, PreparedRequest, Wait};
use provider::definition::Flow;
use vault::RecordLock;

use crate::jobs::requests::{CallRequest, PreparedCall};

/// How long one waits for the refresh of another call before looking again, in milliseconds.
const LOOK_AGAIN: u64 = 50;

/// What the driver of an execution does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextAction {
    /// Send, and hand the answer in.
    Send,
    /// Wait, and say so.
    Wait {
        /// For how long.
        milliseconds: u64,
        /// Why, a sentence; nothing where it is too short to be told.
        why: Option<String>,
    },
    /// Nothing: the execution is at its end.
    Done,
}

impl NextAction {
    const LOOK: Self = Self::Wait { milliseconds: LOOK_AGAIN, why: None };
}

/// Where an execution is.
pub(super) enum Phase {
    /// The call goes out, or once more after a wait that the server asked for.
    Calling { call: Box<PreparedCall>, wait: Option<Wait> },
    /// A flow goes out, once it holds the refresh lock if it wants that.
    InFlow { flow: &'static Flow, request: PreparedRequest, after: Continuation, lock: FlowLock, wait: Option<Wait> },
    /// Nothing is left to do.
    Done,
}

/// How a flow stands to the refresh lock of its credential.
pub(super) enum FlowLock {
    /// It does not want it: any number of these may run at once.
    Unwanted,
    /// Another execution holds it, perhaps of another program.
    Awaited,
    /// It holds it. Dropping this gives it back.
    Held { _lock: RecordLock },
}

/// What an execution does after a flow.
pub(super) enum Continuation {
    /// Nothing: the flow was the point.
    Nothing,
    /// Nothing: a token was the point, whichever flow gives it.
    Token,
    /// It makes the call, which could not be prepared without a token.
    Prepare(Box<CallRequest>),
    /// It sends the call that was set aside, with the new token.
    Resend(Box<PreparedCall>),
    /// Nothing: the person sends the call again, which may have changed something.
    Leave(Box<PreparedCall>),
}

impl Continuation {
    /// What happens with the call that waits for the flow's token; nothing where none is wanted.
    pub(super) const fn then(&self) -> Option<After> {
        match self {
            Self::Nothing => None,
            Self::Token | Self::Prepare(_) | Self::Resend(_) => Some(After::Send),
            Self::Leave(_) => Some(After::Ask),
        }
    }

    /// The call that was set aside.
    pub(super) fn into_call(self) -> Option<PreparedCall> {
        match self {
            Self::Resend(call) | Self::Leave(call) => Some(*call),
            Self::Nothing | Self::Token | Self::Prepare(_) => None,
        }
    }
}

impl Phase {
    pub(super) fn next_action(&self) -> NextAction {
        match self {
            Self::Calling { wait: Some(wait), .. } | Self::InFlow { wait: Some(wait), .. } => {
                NextAction::Wait { milliseconds: wait.milliseconds, why: Some(wait.why.clone()) }
            }
            Self::InFlow { lock: FlowLock::Awaited, .. } => NextAction::LOOK,
            Self::Calling { .. } | Self::InFlow { .. } => NextAction::Send,
            Self::Done => NextAction::Done,
        }
    }

    /// What goes out next.
    pub(super) fn request(&self) -> Option<&PreparedRequest> {
        match self {
            Self::Calling { call, .. } => Some(&call.request),
            Self::InFlow { lock: FlowLock::Awaited, .. } | Self::Done => None,
            Self::InFlow { request, .. } => Some(request),
        }
    }

    /// The call, wherever it waits.
    pub(super) fn into_call(self) -> Option<PreparedCall> {
        match self {
            Self::Calling { call, .. } => Some(*call),
            Self::InFlow { after, .. } => after.into_call(),
            Self::Done => None,
        }
    }
}
