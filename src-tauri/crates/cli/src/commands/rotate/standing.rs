//! The rotation that a command means, as it stands, and how its provider is called.

use clap::Args;
use keyset::{RotationId, Span};
use wire::Rotation;
use workbench::{
    ports::Ports,
    rotation::{self, Calling, View},
    session::Session,
};

use crate::exit::Failure;

/// How the provider is called.
#[derive(Debug, Args)]
pub(super) struct CallOptions {
    /// Another key of the same provider and environment that signs the calls to list and change keys
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// Allow a live environment
    #[arg(long)]
    pub(super) live: bool,
    /// For the Local environment: an emulator that runs already, by the address that it prints for the provider
    #[arg(long, value_name = "URL", env = "KEYWRIGHT_EMULATOR")]
    emulator: Option<String>,
}

impl CallOptions {
    pub(super) fn calling(&self) -> Calling {
        Calling { emulator: self.emulator.clone(), with: self.with.clone() }
    }
}

/// A length of time.
pub(super) fn span(text: &str) -> Result<Span, String> {
    text.parse::<Span>().map_err(|error| error.to_string())
}

/// The rotation that is meant: of the key that is named, else the only one that is under way.
pub(super) fn meant(session: &Session, key: Option<&str>) -> Result<RotationId, Failure> {
    Ok(match key {
        Some(key) => rotation::find(session, key)?,
        None => rotation::only(session)?,
    })
}

/// A rotation as it is printed.
pub(super) fn seen(session: &Session, id: &RotationId, ports: &Ports) -> Result<(View, Rotation), Failure> {
    let view = rotation::view(session, id, ports)?;
    let rotation = Rotation::from(&view);
    Ok((view, rotation))
}
