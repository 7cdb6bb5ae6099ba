//! Phases of an execution: a call goes out, a flow gets its token, another program may be getting it, or all is done.

use std::sync::Arc;

use exchange::{PreparedRequest, Step, Wait};
use provider::definition::Flow;

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
    /// A flow goes out. Where one call at a time may make it, it waits until it holds the refresh lock.
    InFlow {
        flow: &'static Flow,
        request: PreparedRequest,
        after: Continuation,
        lock: Option<Arc<()>>,
        wait: Option<Wait>,
    },
    /// The refresh was refused, and another program may be about to seal the token that it got: one looks so many times more
    /// before the refusal stands.
    AwaitingOther { call: Box<PreparedCall>, refusal: Step, looks: u32 },
    /// Nothing is left to do.
    Done,
}

/// What an execution does after a flow.
pub(super) enum Continuation {
    /// Nothing: the flow was the point.
    Nothing,
    /// It makes the call, which could not be prepared without a token.
    Prepare(Box<CallRequest>),
    /// It sends the call that was set aside, with the new token.
    Resend(Box<PreparedCall>),
    /// Nothing: the person sends the call again, which may have changed something.
    Leave(Box<PreparedCall>),
}

impl Continuation {
    /// The call that was set aside.
    pub(super) fn into_call(self) -> Option<PreparedCall> {
        match self {
            Self::Resend(call) | Self::Leave(call) => Some(*call),
            Self::Nothing | Self::Prepare(_) => None,
        }
    }
}

impl Phase {
    pub(super) fn next_action(&self) -> NextAction {
        match self {
            Self::Calling { wait: Some(wait), .. } | Self::InFlow { wait: Some(wait), .. } => {
                NextAction::Wait { milliseconds: wait.milliseconds, why: Some(wait.why.clone()) }
            }
            Self::InFlow { flow, lock: None, .. } if flow.single_flight => NextAction::LOOK,
            Self::Calling { .. } | Self::InFlow { .. } => NextAction::Send,
            Self::AwaitingOther { .. } => NextAction::LOOK,
            Self::Done => NextAction::Done,
        }
    }

    /// What goes out next.
    pub(super) fn request(&self) -> Option<&PreparedRequest> {
        match self {
            Self::Calling { call, .. } => Some(&call.request),
            Self::InFlow { request, .. } => Some(request),
            Self::AwaitingOther { .. } | Self::Done => None,
        }
    }

    /// The call, wherever it waits.
    pub(super) fn into_call(self) -> Option<PreparedCall> {
        match self {
            Self::Calling { call, .. } | Self::AwaitingOther { call, .. } => Some(*call),
            Self::InFlow { after, .. } => after.into_call(),
            Self::Done => None,
        }
    }
}
