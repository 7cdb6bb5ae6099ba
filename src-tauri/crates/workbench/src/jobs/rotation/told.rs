//! Word of a person about a rotation: a step is done, a place is served, it shall go on, back, or end.

use jose::key::Bytes;
use keyset::{Handed, Next, Paste, RotationId, Step, Turn};

use super::record::{self, Standing};
use crate::{
    ground::{Error, RotationError, ports::Ports},
    jobs::keys::{self, PrivateFormat},
    store::session::Session,
};

/// Something that a person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// They did the step by hand.
    DidIt,
    /// It shall go on where it stopped.
    Again,
    /// They take the present step by hand from now on.
    ByHand,
    /// They go before the earliest safe time, and know what can break.
    Hurry,
    /// Nobody uses the old key any more.
    Silent,
    /// The promotion is taken back, or the retirement undone.
    Back,
    /// It is given up.
    Abort,
    /// Another place has the old key.
    Place(String),
    /// A place has the next key now, or nobody knows.
    Handed(String, Handed),
}

/// Seals what a person says. Nothing is sent.
pub fn tell(session: &mut Session, id: &RotationId, told: &Told, ports: &Ports) -> Result<(), Error> {
    session.refresh()?;
    let _lock = record::lock(session, id)?;
    record::observe(session, id, ports)?;
    let ours = match told {
        Told::Silent => record::last_accepted(session, &record::find(session, id)?)?,
        _ => None,
    };
    record::tell(session, id, ports, |it| {
        let Standing { rotation, keyset, now } = it;
        match told {
            Told::DidIt => rotation.did_it(keyset, *now),
            Told::Again => rotation.again(keyset, *now),
            Told::ByHand => rotation.by_hand(keyset, *now),
            Told::Hurry => rotation.hurry(keyset, *now),
            Told::Silent => match rotation.next(keyset, *now) {
                Next::Watch { told: true, .. } => rotation.advance(keyset, *now),
                // What is known of our own uses is sealed with the word of the person.
                _ => rotation.watched(keyset, ours, *now).and_then(|first| {
                    let then = first.rotation.advance(&first.keyset, *now)?;
                    Ok(both(first, then))
                }),
            },
            Told::Back => rotation.back(keyset, *now),
            Told::Abort => rotation.abort(keyset, *now),
            Told::Place(to) => rotation.add_place(keyset, to, *now),
            Told::Handed(to, handed) => rotation.handed(keyset, to, *handed, *now),
        }
    })
}

/// Two turns, one after the other, as one.
pub(super) fn both(first: Turn, then: Turn) -> Turn {
    Turn { events: [first.events, then.events].concat(), ..then }
}

/// The next key in the form in which the old one went to a place, to be written there. That it leaves the vault is sealed first.
pub fn hand_over(session: &mut Session, id: &RotationId, to: &str, ports: &Ports) -> Result<Bytes, Error> {
    session.refresh()?;
    let _lock = record::lock(session, id)?;
    let standing = record::find(session, id)?;
    let place = standing.rotation.places().iter().find(|place| place.to == to);
    let place = place.ok_or_else(|| keyset::RotationError::NoPlace { to: to.to_owned() })?;
    let format = place.form.as_deref().and_then(PrivateFormat::named);
    let (Some(format), Some(next)) = (format, standing.rotation.next_key()) else {
        return Err(RotationError::NotAFile { to: to.to_owned() }.into());
    };
    let step = standing.rotation.current();
    if step != Some(Step::HandOver) && step != Some(Step::Promote) {
        return Err(RotationError::NotYet { to: to.to_owned(), name: record::key_name(&standing.keyset, next) }.into());
    }
    let name = record::key_name(&standing.keyset, next);
    keys::export_private(session, &name, format, None, to, ports)
}

/// The secret that a person pastes at the provider at the present step. That it leaves the vault is sealed first.
pub fn secret_to_paste(session: &mut Session, id: &RotationId, to: &str, ports: &Ports) -> Result<Bytes, Error> {
    session.refresh()?;
    let standing = record::find(session, id)?;
    let now = keyset::At(ports.clock.now());
    let next = match standing.rotation.next(&standing.keyset, now) {
        Next::ByHand { hand: Some(hand), .. } if hand.paste == Some(Paste::Secret) => standing.rotation.next_key(),
        _ => None,
    };
    let Some(next) = next else {
        let step = standing.rotation.current().map_or("none".to_owned(), |step| step.words().to_owned());
        return Err(RotationError::NothingToPaste { step }.into());
    };
    let name = record::key_name(&standing.keyset, next);
    keys::export_private(session, &name, PrivateFormat::Text, None, to, ports)
}
