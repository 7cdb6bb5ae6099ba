//! The definition of a provider: what a file says, as types. `docs/formats/provider-v1.md` describes every key.

mod client_side;
mod credential;
mod endpoint;
mod environment;
mod failure;
mod flow;
mod scope;
mod sheet;
mod source;
mod token;
mod webhook;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use client_side::ClientSide;
pub use credential::{
    ApiKey, Attribute, Choice, ClientSecret, Credential, Credentials, Encoding, FileMembers, KeyForm, KeyRule, Login,
    PrivateKey, ROTATE_AFTER, RefusedKey, SECRET_FIELDS, Secret, TextField,
};
pub use endpoint::{Endpoint, ExtraHeader, Needs, Placement, Spot, TOKEN};
pub use environment::{BaseUrl, EMULATOR_REASON, Environment, Tier, Variable, VariableKind};
pub use failure::{Errors, Fault, KnownError, RateLimit, RateReset};
pub use flow::{BodyForm, Flow, FlowAuth, FlowKind, GIVES, Member, OnUnauthorized, Remedy};
pub use scope::{Action, Family, Grammar, ScopeValue, Scopes, Unlisted};
pub use sheet::{Asked, FieldKind, Sheet, SheetCall, SheetField, SheetIcon};
pub use source::{Source, Trust};
pub use token::{
    Claim, ClaimForm, ClaimType, Counted, HeaderMember, KeyCase, Lifetime, OtherClaims, Presence, Preset, RefreshToken,
    Reuse, SignedBy, Token, Value,
};
pub use webhook::{
    BodyToken, Fields, JsonPointer, Mac, Several, SignatureEncoding, SignaturePlace, TimeUnit, TimestampPlace, Webhook,
};

/// Everything Keywright knows about one API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Definition {
    /// The version of the format: 1.
    #[serde(rename = "keywright-provider")]
    pub format: u32,
    /// The short name by which profiles refer to it: lower case letters, digits, hyphens.
    pub id: String,
    /// The name people know it by.
    pub name: String,
    /// What one should know first.
    pub note: Option<String>,
    /// The page to read.
    pub documentation: Option<String>,
    /// Where the facts come from, by the name that `from` uses.
    #[serde(default)]
    pub sources: BTreeMap<String, Source>,
    /// What a profile fills in, in the order in which it is asked.
    #[serde(default)]
    pub variables: Vec<Variable>,
    /// Where the API can be reached.
    pub environments: Vec<Environment>,
    /// What one authenticates with.
    #[serde(default)]
    pub credentials: Credentials,
    /// How a token is made, or what it holds where the server makes it.
    pub token: Option<Token>,
    /// Dialogs in which claims are filled in, in the order of the menu.
    #[serde(default)]
    pub sheets: Vec<Sheet>,
    /// Scopes or permissions.
    pub scopes: Option<Scopes>,
    /// Where the token stands in a request.
    #[serde(default)]
    pub placement: Placement,
    /// What may leave the server.
    pub client_side: Option<ClientSide>,
    /// Header fields beside the token.
    #[serde(default)]
    pub headers: Vec<ExtraHeader>,
    /// How a token is got, where it is not signed here, and what goes with it.
    #[serde(default)]
    pub flows: Vec<Flow>,
    /// What helps when the server answers 401.
    pub on_unauthorized: Option<OnUnauthorized>,
    /// Calls to try.
    #[serde(default)]
    pub endpoints: Vec<Endpoint>,
    /// How errors are written, and what the known ones mean.
    #[serde(default)]
    pub errors: Errors,
    /// What is known of rate limits.
    #[serde(default)]
    pub rate_limits: Vec<RateLimit>,
    /// How webhooks are signed.
    pub webhook: Option<Webhook>,
    /// How credentials are rotated. Of several sections for one credential, the first that is meant for the next key counts.
    #[serde(default)]
    pub rotation: Vec<keyset::Method>,
}

impl Definition {
    /// The environment of this id.
    pub fn environment(&self, id: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.id == id)
    }

    /// The variable of this id.
    pub fn variable(&self, id: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.id == id)
    }

    /// The endpoint of this id.
    pub fn endpoint(&self, id: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.id == id)
    }

    /// The flow of this id.
    pub fn flow(&self, id: &str) -> Option<&Flow> {
        self.flows.iter().find(|flow| flow.id == id)
    }

    /// The endpoint to try first: the one marked so, else the first.
    pub fn default_endpoint(&self) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.default).or_else(|| self.endpoints.first())
    }

    /// Whether a fact `from` this source is to be shown as not certain.
    pub fn is_assumed(&self, from: Option<&str>) -> bool {
        from.and_then(|name| self.sources.get(name)).is_some_and(|source| source.trust.is_assumed())
    }
}
