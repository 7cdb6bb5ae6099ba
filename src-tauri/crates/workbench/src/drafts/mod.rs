//! Drafts: the token that a person is writing, and the call it is for.
//!
//! The text of the claims set is the truth, kept as typed; everything else is read from it again at each keystroke.

mod call;
mod carried;
mod completion;
mod cursor;
mod edit;
mod findings;
mod fixes;
mod notes;
mod outline;
mod picker;
mod reading;
mod standing;
mod syntax;
mod text;

use jose::json::{self, Document};
use provider::{Definition, Seconds};
use serde::{Deserialize, Serialize};

pub use call::{Preview, Ready, begin, begin_flow, copy_as, prepare, preview};
pub use completion::{Completion, Completions, Kind, complete};
pub use edit::{DraftEdit, edit};
pub use findings::{Fix, Noted};
pub use notes::{LineNote, Pill, Tone};
pub use picker::{Picker, PickerAction, PickerGroup, PickerRow, Surplus, picker};
pub use reading::{ClaimSpan, EndpointReading, ReadRow, Reading, read, sign};
pub use text::{TextEdit, apply};

pub(crate) use call::sign_again;
pub(crate) use text::whole;

use crate::{
    Error,
    ports::Ports,
    requests::{CallTarget, CallWith},
    session::Session,
    tokens::SignRequest,
};
use standing::Standing;

/// A token that is being written, and the call it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
    /// Another key than the profile's, by its name.
    pub key: Option<String>,
    /// The claims set as typed, with `"$now"`, `"$now+5m"` and `"$uuid"`.
    pub claims: String,
    /// The header as typed; by the key and the recipe if none is.
    pub header: Option<String>,
    /// What is called; the provider's first choice if nothing is named.
    pub target: Option<CallTarget>,
    /// The body; the endpoint's sample if none is given.
    pub body: Option<String>,
    /// Seconds added to the clock when it is signed, against a server whose clock differs.
    pub shift: i64,
    /// With what the call authenticates, where the provider leaves a choice.
    #[serde(default)]
    pub with: CallWith,
    /// The scopes that a server is asked for, where it makes the token; the provider's usual ones if none are chosen.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// The lifetime that a server is asked for, in seconds.
    #[serde(default)]
    pub ttl: Option<u64>,
}

impl Draft {
    /// Who signs, or whose token it is, for what.
    pub(crate) fn sign_request(&self) -> SignRequest {
        SignRequest {
            profile: self.profile.clone(),
            environment: self.environment.clone(),
            key: self.key.clone(),
            scopes: self.scopes.clone(),
            ttl: self.ttl.map(Seconds),
            ..SignRequest::default()
        }
    }
}

/// A draft by the recipe of the profile's provider.
pub fn new(session: &Session, profile: &str, environment: &str, ports: &Ports) -> Result<Draft, Error> {
    let mut draft = Draft {
        profile: profile.to_owned(),
        environment: environment.to_owned(),
        key: None,
        claims: String::new(),
        header: None,
        target: None,
        body: None,
        shift: 0,
        with: CallWith::Usual,
        scopes: None,
        ttl: None,
    };
    let standing = Standing::of(session, &draft, ports)?;
    draft.target = first_target(standing.definition);
    draft.claims = standing.recipe(ports);
    Ok(draft)
}

fn first_target(definition: &Definition) -> Option<CallTarget> {
    definition.default_endpoint().map(|endpoint| CallTarget::Endpoint(endpoint.id.clone()))
}

/// JSON with a line for each member; what is not JSON stays.
pub(crate) fn pretty(text: &str) -> String {
    Document::parse(text).map_or_else(|_| text.to_owned(), |document| json::pretty(document.root()))
}
