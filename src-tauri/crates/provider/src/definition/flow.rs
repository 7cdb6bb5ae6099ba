//! Flows: how a token is got where it is not signed here, and what goes with it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ClaimType;
use crate::{
    duration::Seconds,
    template::{Slot, Template},
};

/// One call of a flow.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Flow {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// What it is for.
    pub kind: FlowKind,
    /// The HTTP method in upper case.
    pub method: String,
    /// The path from the base address on, or an absolute address: https, or http on this computer.
    pub path: Template,
    /// What it authenticates with.
    #[serde(default)]
    pub auth: FlowAuth,
    /// The id of the credential it uses.
    pub credential: Option<String>,
    /// How the body is written.
    #[serde(default)]
    pub form: BodyForm,
    /// The members of the body, in order.
    #[serde(default)]
    pub body: Vec<Member>,
    /// What the answer gives: a name, and JSON pointers of which the first that leads somewhere counts.
    #[serde(default)]
    pub gives: BTreeMap<String, Vec<String>>,
    /// Of these, the ones whose old value stays when the answer does not carry a new one.
    #[serde(default)]
    pub keeps: Vec<String>,
    /// Whether two of these must never run at once.
    #[serde(default)]
    pub single_flight: bool,
    /// Run when no more than this is left of the token.
    pub before_expiry: Option<Seconds>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

impl Flow {
    /// Whether it has an address of its own, which the base address has no part in.
    pub fn is_absolute(&self) -> bool {
        ["https://", "http://"].iter().any(|scheme| self.path.text().starts_with(scheme))
    }

    /// Whether a token is signed here for it.
    pub fn wants_signed(&self) -> bool {
        let in_body = self.body.iter().any(|member| member.value.has(&Slot::SignedToken));
        self.auth == FlowAuth::Signed || in_body
    }
}

/// What a flow is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlowKind {
    /// Makes an account.
    Register,
    /// Turns a user name and a password into tokens.
    LogIn,
    /// Turns an API key into a token.
    Mint,
    /// Turns a signed token, or a client's secret, into an access token (RFC 7523, RFC 6749 §4.4).
    Exchange,
    /// Turns a refresh token into an access token.
    Refresh,
    /// Asks the server what it thinks of a token.
    Verify,
    /// Ends a session.
    LogOut,
}

impl FlowKind {
    /// The word for scripts, as in a definition.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::LogIn => "log-in",
            Self::Mint => "mint",
            Self::Exchange => "exchange",
            Self::Refresh => "refresh",
            Self::Verify => "verify",
            Self::LogOut => "log-out",
        }
    }
}

/// What a call of a flow authenticates with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlowAuth {
    /// Nothing beyond its body.
    #[default]
    None,
    /// The credential as a bearer token.
    Bearer,
    /// A token signed by the recipe, as a bearer token.
    Signed,
    /// The access token.
    Access,
    /// The refresh token.
    Refresh,
    /// The credential as HTTP Basic.
    Basic,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyForm {
    /// A JSON object.
    #[default]
    Json,
    /// A form, `application/x-www-form-urlencoded`.
    Form,
}

/// One member of a body.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Template,
    /// How the value is written in JSON: as text unless another type is named, `{scopes}` alone as a list. A form knows
    /// text only, and words with a space between them.
    #[serde(rename = "type")]
    pub kind: Option<ClaimType>,
    /// Whether it stays away while its value is empty.
    #[serde(default)]
    pub omit_if_empty: bool,
}

/// What a flow can give, by the name in [`Flow::gives`].
pub const GIVES: [&str; 9] =
    ["access", "refresh", "token-type", "expires-in", "expires-at", "scope", "user", "permissions", "valid"];

/// What helps when the server answers 401.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OnUnauthorized {
    /// What is done, once.
    #[serde(rename = "do")]
    pub remedy: Remedy,
    /// The flow that is run, for `refresh` and `mint`.
    pub flow: Option<String>,
    /// The flow that the person is asked to run when that one is refused too, such as a log-in.
    pub otherwise: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// What can help after a 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remedy {
    /// Sign a new token and send once more.
    SignAgain,
    /// Refresh the access token and send once more.
    Refresh,
    /// Have a new token made and send once more.
    Mint,
}
