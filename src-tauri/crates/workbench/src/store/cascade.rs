//! Cascade of a rename or a deletion: profiles, recipes, drafts, tokens and settings that name the record.

use crate::{
    ground::Error,
    store::{
        draft::Draft,
        index::Layout,
        records::{IssuedTokens, Profile, Recipe, SealedDraft, Settings, Stored},
        session::Session,
        transaction::Writes,
    },
};

/// Whatever names the key `name` names it `wanted`.
pub(crate) fn rename_key(session: &Session, name: &str, wanted: &str, writes: &mut Writes<'_>) -> Result<(), Error> {
    for profile in session.each::<Profile>()? {
        let mut changed = profile.clone();
        changed.value.environments.values_mut().for_each(|place| place.rename(name, wanted));
        writes.replace(&changed, session);
    }
    let with_it = |tokens: &mut IssuedTokens| {
        if tokens.credential == name {
            wanted.clone_into(&mut tokens.credential);
        }
    };
    each::<IssuedTokens>(session, with_it, writes)?;
    let rename = |draft: &mut Draft| {
        if draft.key.as_deref() == Some(name) {
            draft.key = Some(wanted.to_owned());
        }
    };
    each_draft(session, rename, writes)
}

/// Whatever names the profile `name` names it `wanted`.
pub(crate) fn rename_profile(
    session: &Session,
    name: &str,
    wanted: &str,
    writes: &mut Writes<'_>,
) -> Result<(), Error> {
    for settings in session.each::<Settings>()? {
        let mut changed = settings.clone();
        if let Some(at) = changed.value.last_place.as_mut().filter(|at| at.profile == name) {
            at.profile = wanted.to_owned();
        }
        writes.replace(&changed, session);
    }
    let at_it = |tokens: &mut IssuedTokens| {
        if tokens.at.profile == name {
            wanted.clone_into(&mut tokens.at.profile);
        }
    };
    each::<IssuedTokens>(session, at_it, writes)?;
    let rename = |draft: &mut Draft| {
        if draft.profile == name {
            draft.profile = wanted.to_owned();
        }
    };
    each_draft(session, rename, writes)
}

/// The drafts of a profile go, and the tokens that it was given; the last place is forgotten if it was there.
pub(crate) fn forget_profile(session: &Session, name: &str, writes: &mut Writes<'_>) -> Result<(), Error> {
    for draft in session.each::<SealedDraft>()?.filter(|draft| draft.value.draft.profile == name) {
        writes.delete(draft, format!("draft of {name}"));
    }
    for tokens in session.each::<IssuedTokens>()?.filter(|tokens| tokens.value.at.profile == name) {
        writes.delete(tokens, format!("tokens of {name}"));
    }
    for settings in session.each::<Settings>()? {
        let mut changed = settings.clone();
        changed.value.last_place = changed.value.last_place.filter(|at| at.profile != name);
        writes.replace(&changed, session);
    }
    Ok(())
}

fn each_draft(session: &Session, edit: impl Fn(&mut Draft), writes: &mut Writes<'_>) -> Result<(), Error> {
    each::<Recipe>(session, |recipe| edit(&mut recipe.draft), writes)?;
    each::<SealedDraft>(session, |sealed| edit(&mut sealed.draft), writes)
}

fn each<T: Layout>(session: &Session, edit: impl Fn(&mut T), writes: &mut Writes<'_>) -> Result<(), Error> {
    for stored in session.each::<T>()? {
        let mut changed: Stored<T> = stored.clone();
        edit(&mut changed.value);
        writes.replace(&changed, session);
    }
    Ok(())
}
