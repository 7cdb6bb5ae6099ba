//! Drafts: the token that a person is writing, and the call it is for.
//!
//! The text of the claims set is the truth, kept as typed; everything else is read from it again at each keystroke.

mod call;
mod carried;
mod completion;
mod cursor;
mod edit;
mod endpoint;
mod findings;
mod fixes;
mod noted;
mod notes;
mod outline;
mod picker;
mod reading;
mod signed;
mod standing;
mod syntax;
mod text;

pub use crate::store::draft::Draft;
pub use call::{Preview, Ready, begin, begin_flow, copy_as, prepare, preview};
pub use completion::{Completion, Completions, Kind, complete};
pub use edit::{DraftEdit, edit};
pub use noted::{Fix, Noted};
pub use notes::{LineNote, Pill, Tone};
pub use picker::{Picker, PickerAction, PickerGroup, PickerRow, Surplus, picker};
pub use reading::{ClaimSpan, EndpointReading, ReadRow, Reading};
pub use text::{TextEdit, apply};

pub(crate) use call::sign_again;
pub(crate) use text::{pretty, whole};

use provider::{Definition, Seconds};
use signed::read_as;
use standing::Standing;

use crate::{
    ground::{
        Error,
        ports::{LiveAct, Ports},
    },
    policy::{
        authentication::Carries,
        signer::{self, SignRequest},
    },
    store::{
        draft::{CallTarget, CallWith},
        session::Session,
    },
};

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

/// Reads a draft. In a live environment the token is signed only if the person agreed to that before.
pub fn read(session: &Session, draft: &Draft, ports: &Ports) -> Result<Reading, Error> {
    let standing = Standing::of(session, draft, ports)?;
    if standing.carries(draft) != Carries::Signed {
        return carried::read(session, draft, &standing, ports);
    }
    let signs = !standing.is_live() || agreed(&standing, ports);
    read_as(session, draft, standing, signs, ports)
}

/// Reads a draft and signs it, wherever it is for. Asks before it signs for a live environment.
pub fn sign(session: &Session, draft: &Draft, ports: &Ports) -> Result<Reading, Error> {
    let signer = signer::signer(session, &draft.profile, &draft.environment, draft.key.as_deref())?;
    signer::consent(&signer, LiveAct::Sign, "signing a token", ports)?;
    let standing = Standing::of(session, draft, ports)?;
    read_as(session, draft, standing, true, ports)
}

fn agreed(standing: &Standing, ports: &Ports) -> bool {
    let Standing { profile, definition, environment, key, .. } = standing;
    // Without a key nothing is signed, whatever was agreed.
    let Ok(credential) = key else { return false };
    let question =
        signer::live_question(profile, definition, environment, credential, LiveAct::Sign, "signing a token");
    question.is_none_or(|question| ports.consent.agreed(&question))
}
