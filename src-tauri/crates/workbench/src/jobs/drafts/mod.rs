//! Drafts: the token that a person is writing, and the call it is for.
//!
//! The text of the claims set is the truth, kept as typed; everything else is read from it again at each keystroke.

mod carried;
mod completion;
mod context;
mod creation;
mod cursor;
mod edit;
mod endpoint;
mod findings;
mod fixes;
mod noted;
mod notes;
mod outline;
mod picker;
mod preview;
pub(crate) mod read;
mod reading;
mod sheets;
mod signed;
mod syntax;
mod text;

pub use crate::store::draft::Draft;
pub use completion::{Completion, Completions, Kind, complete};
pub use creation::{Created, created, creation};
pub use edit::{DraftEdit, edit};
pub use endpoint::EndpointReading;
pub use noted::{Fix, Noted};
pub use notes::{LineNote, Pill, Tone};
pub use picker::{Picker, PickerAction, PickerGroup, PickerRow, Surplus, picker};
pub use preview::{Preview, copy_as, preview};
pub use read::{read, sign};
pub use reading::{ClaimSpan, DraftReading, ReadRow};
pub use sheets::{FieldReading, FieldValue, SheetReading, sheet};
pub use text::{TextEdit, apply};

pub(crate) use text::{pretty, whole};

use context::Context;
use provider::{Definition, Seconds};

use crate::{
    ground::{
        Error,
        ports::{Ports, TokenTerms},
    },
    policy::signer::SignRequest,
    store::{
        draft::{CallTarget, CallWith},
        session::Session,
    },
};

/// Whether a token with these terms is signed; an error where the person was asked and does not agree.
type Signs<'a> = &'a dyn Fn(TokenTerms) -> Result<bool, Error>;

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
    let context = Context::resolve(session, &draft, ports)?;
    draft.target = first_target(context.definition);
    draft.claims = context.recipe(ports);
    Ok(draft)
}

fn first_target(definition: &Definition) -> Option<CallTarget> {
    definition.default_endpoint().map(|endpoint| CallTarget::Endpoint(endpoint.id.clone()))
}
