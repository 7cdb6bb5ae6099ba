//! One API call as a value: what will be sent, what came back, what it means, and what follows.
//!
//! - [`prepare`] makes a [`PreparedRequest`] from a call in the provider's terms, complete to the byte, and refuses
//!   plain HTTP and hosts that the credential may not be sent to; [`prepare_flow`] does so for the calls by which a token
//!   is got, and [`obtained`] reads what they give;
//! - an adapter above turns it into an [`Exchange`];
//! - [`assess`] makes a [`CallVerdict`] of that: a sentence, the next step, and the gate ladder;
//! - [`next`] decides what follows: renew the token, wait, go elsewhere, or let the answer stand; a [`Timeline`] keeps it;
//! - [`copy_as`] and [`redact`] give the forms in which a request may leave the house; [`find_hard_coded`] finds
//!   what should not have left it, and [`tools`] tell how other software gets a token;
//! - [`handler`] is the other way round: code that checks what the provider sends.
//!
//! This room knows nothing of sockets and TLS, and touches no clock: the time of sending is an argument.

mod answer;
mod authentication;
mod body;
mod call;
mod copy_as;
mod flow;
mod handler;
mod hard_coded;
mod next;
mod redact;
mod request;
mod timeline;
pub mod tools;
mod verdict;

pub use answer::{
    ApiError, Challenge, Challenges, Rate, ServerTime, Skew, SkewGrade, WaitSource, brief_json, challenges, point,
};
pub use authentication::Authentication;
pub use body::{Body, Piece};
pub use call::{Answer, Event, Exchange, Happening, Header, HeaderValue, NoAnswer, PreparedRequest, Transport};
pub use copy_as::{CopyAs, CopyError, LANGUAGES, Language, Placed, Side, copy_as, copy_as_curl, language};
pub use flow::{
    Expiry, ExpirySource, FlowCall, Means, NotObtained, Obtained, Refresh, SecretText, compare_expiry, obtained,
    prepare_flow,
};
pub use handler::{HANDLER_LANGUAGES, Handler, HandlerLanguage, NoHandler, handler, handler_language};
pub use hard_coded::{HardCoded, Kept, find_hard_coded};
pub use next::{
    After, AtHand, Attempt, History, LONGEST_WAIT, MOST_WAITS, Method, Redirect, RefreshToken, Renewal, Situation,
    Step, Wait, is_safe, next, redirected, renewal_due,
};
pub use redact::redact;
pub use request::{Call, Destination, Field, PrepareError, prepare, with_token};
pub use timeline::{CameRow, LONGEST_BODY, Row, RowKind, SentRow, Timeline};
pub use verdict::{
    CallVerdict, Certainty, Expectation, Gate, KeyHistory, Kind, Known, Passage, Rung, Sent, SignatureFact, TokenFacts,
    assess, capital,
};
