//! One API call as a value: what will be sent, what came back, and what it means.
//!
//! - [`prepare`] makes a [`PreparedRequest`] from a call in the provider's terms, complete to the byte, and refuses
//!   plain HTTP and hosts that the credential may not be sent to;
//! - an adapter above turns it into an [`Exchange`];
//! - [`assess`] makes a [`Verdict`] of that: a sentence, the next step, and the gate ladder;
//! - [`copy_as_curl`] and [`redact`] give the forms in which a request may leave the house.
//!
//! This room knows nothing of sockets and TLS, and touches no clock: the time of sending is an argument.

mod address;
mod body;
mod call;
mod challenge;
mod clock;
mod credential;
mod curl;
mod facts;
mod fill;
mod flow;
mod gate;
mod ladder;
mod mask;
mod next;
mod opaque;
mod page;
mod permission;
mod prepare;
mod rate;
mod redact;
mod refusal;
mod retry_after;
mod said;
mod text;
mod timeline;
mod verdict;
mod words;

pub use body::{Body, Piece};
pub use call::{Answer, Event, Exchange, Happening, Header, HeaderValue, Limits, NoAnswer, PreparedRequest};
pub use challenge::{Challenge, Challenges, challenges};
pub use clock::{ServerTime, Skew, SkewGrade};
pub use credential::with_token;
pub use curl::copy_as_curl;
pub use facts::{KeyStanding, Known, Sent, SignatureFact, TokenFacts};
pub use flow::{
    Expiry, ExpirySource, Field, FlowCall, Means, NotObtained, Obtained, Refresh, SecretText, compare_expiry, obtained,
    prepare_flow,
};
pub use gate::{Certainty, Gate, Passage, Rung};
pub use next::{
    By, Carries, Doing, LONGEST_WAIT, MOST_WAITS, Redirect, RefreshToken, Renewal, Situation, SoFar, Step, Then, Wait,
    next, redirected, renewal_due,
};
pub use prepare::{Call, PrepareError, Target, prepare};
pub use rate::Rate;
pub use redact::redact;
pub use retry_after::WaitSource;
pub use said::Said;
pub use timeline::{CameRow, LONGEST_BODY, Row, RowKind, SentRow, Timeline};
pub use verdict::{Expectation, Kind, Verdict, assess};
