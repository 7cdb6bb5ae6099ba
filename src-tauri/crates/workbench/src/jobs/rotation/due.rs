//! Keys that ask to be rotated.

use keyset::{At, Due};
use provider::Tier;

use crate::{
    ground::{Error, ports::Ports},
    policy::binding::role_of,
    store::{records::Credential, session::Session},
};

/// Of each line outside of this computer: its active key, and whether that is due, or when it will be.
pub fn due(session: &Session, ports: &Ports) -> Result<Vec<(String, Due)>, Error> {
    let now = At(ports.clock.now());
    let keyset = session.keyset()?;
    let mut all = Vec::new();
    for active in keyset.lines().filter_map(|line| line.active()) {
        let Ok(stored) = session.find::<Credential>(active.name()) else { continue };
        let tier = stored.value.binding.as_ref().map(|binding| binding.tier);
        if tier.is_none_or(|tier| tier == Tier::Local) {
            continue;
        }
        let role = role_of(session, &stored.value).ok().flatten();
        let after = role.and_then(|(_, role)| role.rotate_after()).map(|after| keyset::Span(after.0));
        let due = keyset::due(keyset, active.id(), after, now).map_err(keyset::RotationError::from)?;
        if !matches!(due, Due::Never(_)) {
            all.push((active.name().to_owned(), due));
        }
    }
    all.sort_by_key(|(name, due)| (!due.is_now(), name.clone()));
    Ok(all)
}
