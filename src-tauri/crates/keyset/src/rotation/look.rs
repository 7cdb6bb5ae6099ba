//! Looks: from what the provider shows to what is done, and what is to be asked for. Here a rotation resumes after a crash.

use super::{Course, Evidence, MOST_TRIES, Orphan, OrphanWhy, RotationError, Silence, Still, Stop, Taken, Uses, Work};
use crate::{
    method::{Grants, MadeBy},
    remote::{LastUse, Pair, Remote, Shown},
    step::{Mode, Step},
};

/// Whether two calls want the same.
pub(super) fn is_same(one: &Remote, other: &Remote) -> bool {
    match (one, other) {
        // A key that is made there has another label at each try.
        (Remote::Create { .. }, Remote::Create { .. }) => true,
        (one, other) => one == other,
    }
}

/// What is there of this rotation.
struct There<'s> {
    old: Option<&'s Pair>,
    /// The next key; the first if it is there twice.
    next: Option<&'s Pair>,
}

pub(super) fn look(work: &mut Work, shown: &Shown) -> Result<(), RotationError> {
    let Some(step) = work.rotation.current() else { return Ok(()) };
    work.rotation.pause = None;
    let Some(there) = find(work, shown)? else { return Ok(()) };
    match step {
        Step::Make => make(work, shown, &there),
        Step::Publish => publish(work, &there),
        Step::Activate => activate(work, &there),
        Step::Watch => watch(work, &there),
        Step::Retire => end_old(work, &there, step),
        Step::Disable => end_old(work, &there, step),
        Step::Delete => delete(work, &there),
        Step::Withdraw => withdraw(work, shown, &there),
        Step::Revive => revive(work, &there),
        Step::Prove | Step::HandOver | Step::Promote | Step::Destroy => Ok(()),
    }
}

/// Recognises the old key and the next one, lists what is there beside them, and stops where another key has our label.
fn find<'s>(work: &mut Work, shown: &'s Shown) -> Result<Option<There<'s>>, RotationError> {
    // Some lists lag, but none hides for long what is there: an orphan that is not in it is gone.
    work.rotation.orphans.retain(|orphan| shown.pairs().iter().any(|pair| pair.id == orphan.pair));
    let thumbprint = |key| work.keyset.key(key).map(|(_, key)| key.facts.thumbprint.clone());
    let old_print = thumbprint(&work.rotation.old)?;
    let next_print = work.rotation.next.as_ref().map(thumbprint).transpose()?.flatten();
    let old_id = work.rotation.old_pair.as_ref().map(|pair| &pair.id).or(work.rotation.old_id.as_ref());
    let is_old = |pair: &&Pair| match (&pair.thumbprint, &old_print) {
        (Some(theirs), Some(ours)) => theirs == ours,
        _ => Some(&pair.id) == old_id,
    };
    let old = shown.pairs().iter().find(is_old);
    let (mut ours, mut others): (Vec<&Pair>, Vec<&Pair>) = (Vec::new(), Vec::new());
    for pair in shown.pairs().iter().filter(|pair| old.is_none_or(|old| old.id != pair.id)) {
        match (&pair.thumbprint, &next_print) {
            (Some(theirs), Some(wanted)) if theirs == wanted => ours.push(pair),
            (Some(_), Some(_)) if is_labelled(work, pair) => others.push(pair),
            (Some(_), Some(_)) => {}
            // Nothing but its label, or its id, tells it.
            _ if is_labelled(work, pair) || Some(&pair.id) == work.rotation.pair.as_ref() => ours.push(pair),
            _ => {}
        }
    }
    for pair in others {
        let is_listed = work.rotation.orphans.iter().any(|orphan| orphan.pair == pair.id);
        match work.rotation.method.made {
            // One that did not arrive, and is seen only now.
            MadeBy::There => list_orphan(work, pair, OrphanWhy::Lost),
            MadeBy::Here if is_listed => {}
            MadeBy::Here => {
                let label = pair.label.clone().unwrap_or_default();
                let (found, wanted) = (pair.thumbprint.clone().unwrap_or_default(), next_print.unwrap_or_default());
                work.stop(Stop::ThumbprintDiffers { label, found, wanted });
                return Ok(None);
            }
        }
    }
    let known = ours.iter().copied().find(|pair| Some(&pair.id) == work.rotation.pair.as_ref());
    // One that was there twice takes the place of the first, if somebody deleted that.
    let is_usable = |pair: &&Pair| {
        let listed = work.rotation.orphans.iter().find(|orphan| orphan.pair == pair.id);
        listed.is_none_or(|orphan| orphan.why == OrphanWhy::Twice)
    };
    let next = known.or_else(|| ours.iter().copied().find(is_usable));
    if let (Some(next), Some(_)) = (next, &work.rotation.next) {
        work.rotation.orphans.retain(|orphan| orphan.pair != next.id);
        for pair in ours.into_iter().filter(|pair| pair.id != next.id) {
            list_orphan(work, pair, OrphanWhy::Twice);
        }
    }
    Ok(Some(There { old, next }))
}

fn is_labelled(work: &Work, pair: &Pair) -> bool {
    pair.label.as_deref().is_some_and(|label| work.rotation.is_our_label(label))
}

fn list_orphan(work: &mut Work, pair: &Pair, why: OrphanWhy) {
    if !work.rotation.orphans.iter().any(|orphan| orphan.pair == pair.id) {
        let (pair, label) = (pair.id.clone(), pair.label.clone());
        work.rotation.orphans.push(Orphan { pair, label, why, refused: false });
    }
}

/// The first orphan that may still be deleted.
fn orphan(work: &Work) -> Option<String> {
    work.rotation.orphans.iter().find(|orphan| !orphan.refused).map(|orphan| orphan.pair.clone())
}

/// Asks for a call, unless the same one may still be on its way; waits for a person who said that it was done.
fn want(work: &mut Work, step: Step, remote: Remote) -> Result<(), RotationError> {
    let (now, settles) = (work.now, work.rotation.method.seen_after);
    if work.rotation.taken(step) == Taken::Hand {
        match work.rotation.said {
            Some(said) if now < said.min(now).after(settles) => work.pause(said, settles),
            _ => work.rotation.said = None,
        }
        return Ok(());
    }
    match &work.rotation.sent {
        Some(sent) if is_same(&sent.remote, &remote) => {
            let (at, tries) = (sent.at, sent.tries);
            if now < at.min(now).after(settles) {
                work.pause(at, settles);
            } else if tries >= MOST_TRIES {
                work.rotation.sent = None;
                work.stop(Stop::NotSeen { step, tries });
            } else {
                work.rotation.pending = Some(remote);
            }
        }
        _ => work.rotation.pending = Some(remote),
    }
    Ok(())
}

fn seen(pair: &Pair) -> Evidence {
    Evidence::Seen { pair: pair.id.clone(), thumbprint: pair.thumbprint.clone() }
}

/// The provider makes the key. One that is there and did not arrive here is lost: it ends before another is made.
fn make(work: &mut Work, shown: &Shown, there: &There<'_>) -> Result<(), RotationError> {
    for pair in shown.pairs() {
        if is_labelled(work, pair) {
            list_orphan(work, pair, OrphanWhy::Lost);
        }
    }
    if let (Some(pair), true) = (orphan(work), work.rotation.method.delete.is_some()) {
        return want(work, Step::Make, Remote::Delete { pair });
    }
    if !read_old(work, there)? {
        return Ok(());
    }
    let grants = work.rotation.old_pair.as_ref().map(|old| old.grants.clone()).unwrap_or_default();
    let label = work.rotation.label();
    let active = work.rotation.method.activate.is_none();
    want(work, Step::Make, Remote::Create { label, thumbprint: None, active, grants })
}

/// Reads the roles and accounts of the old key before anything is changed: without them nobody knows what the next one may
/// do, and at some providers an empty list means everything. A leaked key that was disabled may be gone already.
fn read_old(work: &mut Work, there: &There<'_>) -> Result<bool, RotationError> {
    if let (Some(old), None) = (there.old, &work.rotation.old_pair) {
        if !shows_grants(work, "old", &old.grants) {
            return Ok(false);
        }
        work.rotation.old_pair = Some(old.clone());
    }
    let wants_none = work.rotation.mode == Mode::DisableFirst && work.rotation.method.grants.is_empty();
    if work.rotation.old_pair.is_none() && !wants_none {
        let thumbprint = work.keyset.key(&work.rotation.old)?.1.facts.thumbprint.clone();
        let wanted = thumbprint.or(work.rotation.old_id.clone()).unwrap_or_default();
        work.stop(Stop::OldNotShown { wanted });
        return Ok(false);
    }
    Ok(true)
}

/// Whether the list shows every grant of a key. One that is not shown is not an empty one.
fn shows_grants(work: &mut Work, key: &str, grants: &Grants) -> bool {
    let missing = work.rotation.method.grants.iter().find(|grant| !grants.contains_key(&grant.name));
    let stop = missing.map(|grant| Stop::GrantsNotShown { key: key.to_owned(), grant: grant.label.clone() });
    stop.map(|stop| work.stop(stop)).is_none()
}

fn publish(work: &mut Work, there: &There<'_>) -> Result<(), RotationError> {
    // By hand a person gives it what it may do, and is held to what both show.
    let by_hand = work.rotation.taken(Step::Publish) == Taken::Hand;
    if !by_hand && !read_old(work, there)? {
        return Ok(());
    }
    let grants = work.rotation.old_pair.as_ref().map(|old| old.grants.clone()).unwrap_or_default();
    match there.next {
        None => {
            let thumbprint = match &work.rotation.next {
                Some(next) => work.keyset.key(next)?.1.facts.thumbprint.clone(),
                None => None,
            };
            let label = work.rotation.label();
            let active = work.rotation.method.activate.is_none();
            want(work, Step::Publish, Remote::Create { label, thumbprint, active, grants })
        }
        Some(next) => {
            if !by_hand && !shows_grants(work, "next", &next.grants) {
                return Ok(());
            }
            let sorted = |of: &Grants, name: &str| {
                let mut ids = of.get(name).cloned().unwrap_or_default();
                ids.sort_unstable();
                ids
            };
            let both = |name: &String| next.grants.contains_key(name) && grants.contains_key(name);
            let mut shown = work.rotation.method.grants.iter().filter(|grant| both(&grant.name));
            let differs = shown.find_map(|grant| {
                let (found, wanted) = (sorted(&next.grants, &grant.name), sorted(&grants, &grant.name));
                (found != wanted).then(|| Stop::GrantsDiffer { grant: grant.label.clone(), found, wanted })
            });
            if let Some(stop) = differs {
                work.stop(stop);
                return Ok(());
            }
            work.rotation.pair = Some(next.id.clone());
            work.complete(Step::Publish, seen(next))
        }
    }
}

fn activate(work: &mut Work, there: &There<'_>) -> Result<(), RotationError> {
    match there.next {
        None if settles(work) => Ok(()),
        None if work.rotation.method.made == MadeBy::There => {
            work.stop(Stop::NextGone);
            Ok(())
        }
        // Somebody deleted it there.
        None => {
            work.rotation.pair = None;
            work.reopen(Step::Publish);
            Ok(())
        }
        Some(next) if next.active => work.complete(Step::Activate, seen(next)),
        Some(next) => want(work, Step::Activate, Remote::Activate { pair: next.id.clone() }),
    }
}

/// Before anything ends the old key, the next one must be seen to work.
fn next_works(work: &mut Work, there: &There<'_>) -> bool {
    let found = match there.next {
        Some(next) if next.active => return true,
        _ if settles(work) => return false,
        Some(_) => "inactive",
        None => "not there",
    };
    work.stop(Stop::ActiveGone { found: found.to_owned() });
    false
}

fn watch(work: &mut Work, there: &There<'_>) -> Result<(), RotationError> {
    if !next_works(work, there) {
        return Ok(());
    }
    let Some(old) = there.old else { return work.complete(Step::Watch, Evidence::Gone) };
    if let LastUse::At(last) = old.last_used
        && work.rotation.still.is_none_or(|still| still.last != last)
    {
        work.rotation.still = Some(Still { last, from: work.now });
    }
    let silence = work.rotation.silence(Uses { there: old.last_used, ours: None }, work.now);
    work.rotation.silence = Some(silence.clone());
    match silence {
        Silence::Silent { last } => work.complete(Step::Watch, Evidence::Silent { last }),
        Silence::Used { .. } | Silence::NotKnown { .. } => Ok(()),
    }
}

/// Retires the old key, or disables the leaked one.
fn end_old(work: &mut Work, there: &There<'_>, step: Step) -> Result<(), RotationError> {
    if work.rotation.mode != Mode::DisableFirst && !next_works(work, there) {
        return Ok(());
    }
    // Its grants are what the next one gets: read while it is there.
    if there.old.is_some() && work.rotation.mode == Mode::DisableFirst && !read_old(work, there)? {
        return Ok(());
    }
    match there.old {
        None => work.complete(step, Evidence::Gone),
        // Or inactive, as it was before it was revived.
        Some(old) if !old.active && !is_asked_to_end(work, old) && settles(work) => Ok(()),
        Some(old) if !old.active => work.complete(step, seen(old)),
        Some(old) if work.rotation.method.deactivate.is_some() => {
            want(work, step, Remote::Deactivate { pair: old.id.clone() })
        }
        Some(old) => want(work, step, Remote::Delete { pair: old.id.clone() }),
    }
}

/// Whether the last call was the one that makes a key inactive.
fn is_asked_to_end(work: &Work, old: &Pair) -> bool {
    matches!(&work.rotation.sent, Some(sent) if sent.remote == Remote::Deactivate { pair: old.id.clone() })
}

fn delete(work: &mut Work, there: &There<'_>) -> Result<(), RotationError> {
    if !next_works(work, there) {
        return Ok(());
    }
    if let Some(pair) = orphan(work) {
        return want(work, Step::Delete, Remote::Delete { pair });
    }
    match there.old {
        None => work.complete(Step::Delete, Evidence::Gone),
        Some(old) => want(work, Step::Delete, Remote::Delete { pair: old.id.clone() }),
    }
}

/// Takes away what the rotation made. A key whose creation may still be on its way is waited for.
fn withdraw(work: &mut Work, shown: &Shown, there: &There<'_>) -> Result<(), RotationError> {
    for pair in shown.pairs().iter().filter(|pair| there.old.is_none_or(|old| old.id != pair.id)) {
        if is_labelled(work, pair) || there.next.is_some_and(|next| next.id == pair.id) {
            list_orphan(work, pair, OrphanWhy::Withdrawn);
        }
    }
    if let Some(pair) = orphan(work) {
        return match work.rotation.method.delete {
            Some(_) => want(work, Step::Withdraw, Remote::Delete { pair }),
            None => want(work, Step::Withdraw, Remote::Deactivate { pair }),
        };
    }
    if settles(work) {
        return Ok(());
    }
    work.complete(Step::Withdraw, Evidence::Gone)?;
    work.rotation.course = Course::Aborted;
    Ok(())
}

/// Pauses while what was asked for last may not be seen yet: until then, what is not shown is not gone.
fn settles(work: &mut Work) -> bool {
    let settles = work.rotation.method.seen_after;
    match work.rotation.touched {
        Some(at) if work.now < at.min(work.now).after(settles) => {
            work.pause(at, settles);
            true
        }
        _ => false,
    }
}

fn revive(work: &mut Work, there: &There<'_>) -> Result<(), RotationError> {
    match there.old {
        None => {
            work.rotation.course = Course::Forward;
            work.stop(Stop::OldGone);
            Ok(())
        }
        // A list that lags shows it active as it was before it was retired.
        Some(old) if old.active && settles(work) => Ok(()),
        Some(old) if old.active => revived(work, seen(old)),
        Some(old) => want(work, Step::Revive, Remote::Activate { pair: old.id.clone() }),
    }
}

/// The old key is active there again: its retirement is undone here, too.
pub(super) fn revived(work: &mut Work, evidence: Evidence) -> Result<(), RotationError> {
    work.complete(Step::Revive, evidence)?;
    work.rotation.course = Course::Forward;
    work.rotation.done.retain(|done| ![Step::Revive, Step::Retire].contains(&done.step));
    Ok(())
}
