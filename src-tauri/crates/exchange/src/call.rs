//! The values of one API call: the request before it is sent, and what came of sending it.

use std::{fmt, time::Duration};

use url::Url;
use zeroize::Zeroizing;

use crate::Body;

/// A request, complete to the byte. Nothing has been sent yet.
#[derive(Debug)]
pub struct PreparedRequest {
    /// The HTTP method in upper case.
    pub method: String,
    /// The absolute address, query included.
    pub url: Url,
    /// Header fields in the order in which they are written.
    pub headers: Vec<Header>,
    /// The body, empty where there is none.
    pub body: Body,
}

impl PreparedRequest {
    /// The value of the first header field of this name, as it may be shown.
    pub fn shown_header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.shown())
    }

    /// Whether it carries a credential, in a header field or in its body.
    pub fn carries_secret(&self) -> bool {
        self.body.has_secret() || self.headers.iter().any(|h| matches!(h.value, HeaderValue::Masked { .. }))
    }
}

/// One header field.
#[derive(Debug)]
pub struct Header {
    /// The field name as it is written.
    pub name: String,
    /// The field value.
    pub value: HeaderValue,
}

impl Header {
    /// A header field whose value may be shown.
    pub fn plain(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: HeaderValue::Plain(value.into()) }
    }

    /// A header field that carries a credential: `clear` goes to the wire, `shown` to people and logs.
    pub fn masked(name: impl Into<String>, clear: Zeroizing<String>, shown: impl Into<String>) -> Self {
        Self { name: name.into(), value: HeaderValue::Masked { clear, shown: shown.into() } }
    }
}

/// The value of a header field: plain, or a credential with the form in which it may be shown.
pub enum HeaderValue {
    /// May be shown.
    Plain(String),
    /// Carries a credential.
    Masked {
        /// What goes to the wire.
        clear: Zeroizing<String>,
        /// What people see instead.
        shown: String,
    },
}

impl HeaderValue {
    /// What goes to the wire.
    pub fn clear(&self) -> &str {
        match self {
            Self::Plain(value) => value,
            Self::Masked { clear, .. } => clear,
        }
    }

    /// What people and logs may see.
    pub fn shown(&self) -> &str {
        match self {
            Self::Plain(value) => value,
            Self::Masked { shown, .. } => shown,
        }
    }
}

impl fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown().fmt(f)
    }
}

/// How one call gets there, and its bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// The proxy for other computers, in place of the environment's.
    pub proxy: Option<Url>,
    /// Certificates in PEM that are trusted beside those of the system.
    pub trusted: Option<String>,
    /// How long making the connection may take.
    pub connect: Duration,
    /// How long the whole call may take.
    pub total: Duration,
    /// How many bytes of the answer's body are kept; the rest is counted and dropped.
    pub body: usize,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            proxy: None,
            trusted: None,
            connect: Duration::from_secs(10),
            total: Duration::from_secs(30),
            body: 10_000_000,
        }
    }
}

/// What a server answered. It may hold tokens, so printing it for debugging tells no more than its size.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// Header fields in the order in which they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, at most `Transport::body` bytes of it.
    pub body: Vec<u8>,
    /// Whether the body was longer than what is kept.
    pub cut: bool,
}

impl Answer {
    /// The value of the first header field of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        let body = format_args!("{} B", self.body.len());
        let mut out = f.debug_struct("Answer");
        out.field("status", &self.status).field("headers", &names).field("body", &body).field("cut", &self.cut).finish()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The request cannot be written as HTTP, and nothing was sent.
    #[error("the request was not sent: {reason}")]
    Unsent {
        /// What HTTP does not allow in it.
        reason: String,
    },
    /// The name of the host could not be resolved.
    #[error("the host name {host:?} could not be resolved")]
    Dns {
        /// The host that was looked up.
        host: String,
    },
    /// Nothing listens there, or the network refused.
    #[error("no connection to {host}:{port}: {reason}")]
    Connect {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// The system's word for it.
        reason: String,
    },
    /// The TLS handshake failed, most often because the certificate is not trusted here.
    #[error("no secure connection to {host}: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What TLS said.
        reason: String,
    },
    /// Time ran out.
    #[error("{host} did not answer within {after:?}")]
    Timeout {
        /// The host.
        host: String,
        /// The bound that ran out.
        after: Duration,
    },
    /// The connection broke in mid-answer, or what came was not HTTP.
    #[error("the answer of {host} broke off: {reason}")]
    Broken {
        /// The host.
        host: String,
        /// What was wrong.
        reason: String,
    },
    /// The person cancelled.
    #[error("cancelled")]
    Cancelled,
}

impl NoAnswer {
    /// What to try next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unsent { .. } => {
                Some("check the header fields and the address for line breaks and control characters")
            }
            Self::Dns { .. } => {
                Some("check the spelling of the host and of the account id in it, and that you are online")
            }
            Self::Connect { .. } => Some("check that the server runs and that the port is right"),
            Self::Tls { .. } => Some(
                "certificate errors are never passed over; if a company proxy re-signs traffic, trust its CA in the settings, or add it to the system",
            ),
            Self::Timeout { .. } => Some("try again, or raise the time limit"),
            Self::Broken { .. } => Some("try again; if it stays, the server or a proxy between cuts answers off"),
            Self::Cancelled => None,
        }
    }
}

/// One thing that happened during a call, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Time since the call began.
    pub at: Duration,
    /// What happened.
    pub what: Happening,
}

/// The things that can happen during a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// The request was handed to the network.
    Sent,
    /// A redirect came and was not followed.
    Redirect {
        /// Where it pointed.
        to: String,
    },
    /// Status line and header fields arrived.
    Headers {
        /// The HTTP status code.
        status: u16,
    },
    /// The body is complete, or was cut.
    Body {
        /// Bytes received and kept.
        bytes: usize,
    },
    /// The call ended without an answer.
    Failed,
}

/// One call after it was made: its outcome and its timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What came back, or why nothing did.
    pub outcome: Result<Answer, NoAnswer>,
    /// What happened, in order.
    pub timeline: Vec<Event>,
}

impl Exchange {
    /// How long the call took.
    pub fn elapsed(&self) -> Duration {
        self.timeline.last().map_or(Duration::ZERO, |event| event.at)
    }
}
