//! Cascade of a rename or a deletion: profiles, recipes, drafts, tokens and settings that name the record.

use crate::{
    ground::Error,
    store::{
        draft::Draft,
        index::Layout,
        records::{Acceptance, IssuedTokens, Owned, Profile, Recipe, SealedDraft, Settings, Stored, Target},
        session::Session,
        transaction::Writes,
    },
};

/// Whatever names the key `name` names it `wanted`.
pub(crate) fn rename_key(session: &Session, name: &str, wanted: &str, writes: &mut Writes<'_>) -> Result<(), Error> {
    // Tokens of a key that was deleted may still lie under the new name.
    forget_credential(session, wanted, writes)?;
    for profile in session.each::<Profile>()? {
        let mut changed = profile.clone();
        changed.value.environments.values_mut().for_each(|place| place.rename(name, wanted));
        writes.replace(&changed, session);
    }
    let rename_owner = |_: &mut Target, credential: &mut String| {
        if credential == name {
            wanted.clone_into(credential);
        }
    };
    each_owned(session, rename_owner, writes)?;
    let rename = |draft: &mut Draft| {
        if draft.key.as_deref() == Some(name) {
            draft.key = Some(wanted.to_owned());
        }
    };
    each_draft(session, rename, writes)
}

/// What servers issued to the credential `name`, and when they accepted it, goes: nobody else may carry its tokens, least of
/// all another credential that is given its name.
pub(crate) fn forget_credential(session: &Session, name: &str, writes: &mut Writes<'_>) -> Result<(), Error> {
    forget_owned(session, |_, credential| credential == name, name, writes)
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
    let rename_owner = |at: &mut Target, _: &mut String| {
        if at.profile == name {
            wanted.clone_into(&mut at.profile);
        }
    };
    each_owned(session, rename_owner, writes)?;
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
    forget_owned(session, |at, _| at.profile == name, name, writes)?;
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

/// Edits the target and the credential's name of every record that has both.
fn each_owned(
    session: &Session,
    edit: impl Fn(&mut Target, &mut String),
    writes: &mut Writes<'_>,
) -> Result<(), Error> {
    fn with<T: Owned>(edit: impl Fn(&mut Target, &mut String)) -> impl Fn(&mut T) {
        move |record| {
            let (at, credential) = record.owner_mut();
            edit(at, credential);
        }
    }
    each::<IssuedTokens>(session, with(&edit), writes)?;
    each::<Acceptance>(session, with(&edit), writes)
}

/// Deletes every record of a credential at a target that `goes`.
fn forget_owned(
    session: &Session,
    goes: impl Fn(&Target, &str) -> bool,
    name: &str,
    writes: &mut Writes<'_>,
) -> Result<(), Error> {
    fn delete<T: Layout + Owned>(
        session: &Session,
        goes: impl Fn(&Target, &str) -> bool,
        words: &str,
        writes: &mut Writes<'_>,
    ) -> Result<(), Error> {
        for stored in session.each::<T>()? {
            let (at, credential) = stored.value.owner();
            if goes(at, credential) {
                writes.delete(stored, words.to_owned());
            }
        }
        Ok(())
    }
    delete::<IssuedTokens>(session, &goes, &format!("tokens of {name}"), writes)?;
    delete::<Acceptance>(session, &goes, &format!("acceptance of {name}"), writes)
}

fn each<T: Layout>(session: &Session, edit: impl Fn(&mut T), writes: &mut Writes<'_>) -> Result<(), Error> {
    for stored in session.each::<T>()? {
        let mut changed: Stored<T> = stored.clone();
        edit(&mut changed.value);
        writes.replace(&changed, session);
    }
    Ok(())
}
