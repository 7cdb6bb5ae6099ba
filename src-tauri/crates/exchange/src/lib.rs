//! One API call as a value: what will be sent, what came back, and what it means.
//!
//! This room knows nothing of sockets and TLS; an adapter above turns a [`PreparedRequest`] into an [`Exchange`].

mod call;

pub use call::{Answer, Event, Exchange, Happening, Header, HeaderValue, Limits, NoAnswer, PreparedRequest};
