//! Index of the records of an unlocked vault: decoded once, found by name and by id. A job at each keystroke reads no JSON
//! again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, de::DeserializeOwned};
use vault::{Kind, RecordId, Unlocked};

use crate::{
    ground::{Error, Thing, VaultError, names},
    store::records::{
        Acceptance, Credential, IssuedTokens, KeyEvents, KeyRotation, OwnDefinition, Profile, Recipe, SealedDraft,
        Settings, Stored, VERSION, kind,
    },
};

/// A layout that is kept as metadata of one kind of record.
pub trait Layout: Clone + Serialize + DeserializeOwned + 'static {
    /// The kind of record.
    const KIND: Kind;
    /// What people call it.
    const THING: Thing;

    /// The name by which people find it; empty for what has none.
    fn name(&self) -> &str {
        ""
    }

    /// The version of the layout it was written in.
    fn version(&self) -> u32;

    /// When it was deleted. What was deleted is found by no name.
    fn deleted(&self) -> Option<i64> {
        None
    }

    /// Where records of this layout stand once they are read.
    #[doc(hidden)]
    fn rows(index: &Index) -> &IndexOf<Self>;

    /// The bytes to seal.
    fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("these layouts hold strings, numbers and maps with string keys")
    }

    /// Reads sealed bytes back.
    fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let value: Self = serde_json::from_slice(bytes)
            .map_err(|error| Error::Vault(VaultError::Record { what: Self::THING, why: error.to_string() }))?;
        if value.version() > VERSION {
            let why = format!("its layout is {}, and this version reads up to {VERSION}", value.version());
            return Err(Error::Vault(VaultError::Record { what: Self::THING, why }));
        }
        Ok(value)
    }
}

/// What every layout says in the same way: its kind, its word, its rows.
macro_rules! layout {
    ($layout:ty, $kind:expr, $name:expr, $rows:ident $(, $more:item)*) => {
        impl Layout for $layout {
            const KIND: Kind = $kind;
            const THING: Thing = $name;

            fn version(&self) -> u32 {
                self.v
            }

            fn rows(index: &Index) -> &IndexOf<Self> {
                &index.$rows
            }

            $($more)*
        }
    };
}

layout!(
    Credential,
    kind::CREDENTIAL,
    Thing::Key,
    credentials,
    fn name(&self) -> &str {
        &self.name
    },
    fn deleted(&self) -> Option<i64> {
        self.deleted
    }
);

layout!(
    Profile,
    kind::PROFILE,
    Thing::Profile,
    profiles,
    fn name(&self) -> &str {
        &self.name
    }
);

layout!(
    Recipe,
    kind::RECIPE,
    Thing::Recipe,
    recipes,
    fn name(&self) -> &str {
        &self.name
    }
);

layout!(SealedDraft, kind::DRAFT, Thing::Draft, drafts);

layout!(IssuedTokens, kind::TOKENS, Thing::Tokens, tokens);

layout!(Acceptance, kind::ACCEPTANCE, Thing::Acceptance, acceptances);

layout!(KeyEvents, kind::EVENTS, Thing::Event, events);

layout!(KeyRotation, kind::ROTATION, Thing::Rotation, rotations);

layout!(
    OwnDefinition,
    kind::DEFINITION,
    Thing::Provider,
    definitions,
    fn name(&self) -> &str {
        &self.id
    }
);

layout!(Settings, kind::SETTINGS, Thing::Settings, settings);

/// An index for each layout.
#[derive(Default)]
pub struct Index {
    pub(crate) credentials: IndexOf<Credential>,
    pub(crate) profiles: IndexOf<Profile>,
    pub(crate) recipes: IndexOf<Recipe>,
    pub(crate) drafts: IndexOf<SealedDraft>,
    pub(crate) settings: IndexOf<Settings>,
    pub(crate) tokens: IndexOf<IssuedTokens>,
    pub(crate) acceptances: IndexOf<Acceptance>,
    pub(crate) definitions: IndexOf<OwnDefinition>,
    pub(crate) events: IndexOf<KeyEvents>,
    pub(crate) rotations: IndexOf<KeyRotation>,
}

impl Index {
    /// Reads the whole list of a vault.
    pub(crate) fn read(vault: &Unlocked) -> Self {
        let mut index = Self::default();
        for record in vault.records() {
            index.insert(record);
        }
        index
    }

    /// Reads these records again, after they were written.
    pub(crate) fn renew(&mut self, vault: &Unlocked, ids: impl IntoIterator<Item = RecordId>) {
        for id in ids {
            self.credentials.remove(id);
            self.profiles.remove(id);
            self.recipes.remove(id);
            self.drafts.remove(id);
            self.settings.remove(id);
            self.tokens.remove(id);
            self.acceptances.remove(id);
            self.definitions.remove(id);
            self.events.remove(id);
            self.rotations.remove(id);
            if let Some(record) = vault.record(id) {
                self.insert(record);
            }
        }
    }

    fn insert(&mut self, record: vault::Record<'_>) {
        match record.kind {
            Credential::KIND => self.credentials.insert(record),
            Profile::KIND => self.profiles.insert(record),
            Recipe::KIND => self.recipes.insert(record),
            SealedDraft::KIND => self.drafts.insert(record),
            Settings::KIND => self.settings.insert(record),
            IssuedTokens::KIND => self.tokens.insert(record),
            Acceptance::KIND => self.acceptances.insert(record),
            OwnDefinition::KIND => self.definitions.insert(record),
            KeyEvents::KIND => self.events.insert(record),
            KeyRotation::KIND => self.rotations.insert(record),
            // A later Keywright knows what it is.
            _ => {}
        }
    }
}

/// The records of one layout.
pub struct IndexOf<T> {
    records: BTreeMap<RecordId, Stored<T>>,
    /// What people see, in the order of names.
    live: BTreeSet<(String, RecordId)>,
    /// What was deleted and can be restored, the oldest first.
    deleted: BTreeSet<(i64, RecordId)>,
    /// Why some could not be read: a later Keywright may have written them.
    unread: BTreeMap<RecordId, String>,
}

impl<T> Default for IndexOf<T> {
    fn default() -> Self {
        Self { records: BTreeMap::new(), live: BTreeSet::new(), deleted: BTreeSet::new(), unread: BTreeMap::new() }
    }
}

impl<T: Layout> IndexOf<T> {
    fn insert(&mut self, record: vault::Record<'_>) {
        match T::decode(record.metadata) {
            Ok(value) => {
                match value.deleted() {
                    Some(at) => self.deleted.insert((at, record.id)),
                    None => self.live.insert((value.name().to_owned(), record.id)),
                };
                self.records.insert(record.id, Stored { id: record.id, revision: record.revision, value });
            }
            Err(Error::Vault(VaultError::Record { why, .. })) => drop(self.unread.insert(record.id, why)),
            Err(error) => drop(self.unread.insert(record.id, error.to_string())),
        }
    }

    fn remove(&mut self, id: RecordId) {
        self.unread.remove(&id);
        if let Some(Stored { value, .. }) = self.records.remove(&id) {
            match value.deleted() {
                Some(at) => self.deleted.remove(&(at, id)),
                None => self.live.remove(&(value.name().to_owned(), id)),
            };
        }
    }

    /// What people see, by name. Where a record could not be read, saying so is better than a list that lacks it.
    pub(crate) fn live(&self) -> Result<impl Iterator<Item = &Stored<T>>, Error> {
        self.all_read()?;
        Ok(self.live.iter().filter_map(|(_, id)| self.records.get(id)))
    }

    /// What was deleted, the oldest first.
    pub(crate) fn deleted(&self) -> impl Iterator<Item = &Stored<T>> {
        self.deleted.iter().filter_map(|(_, id)| self.records.get(id))
    }

    /// The record of this id, deleted or not.
    pub(crate) fn get(&self, id: RecordId) -> Option<&Stored<T>> {
        self.records.get(&id)
    }

    /// Whether a record that is not deleted has this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.named(name).is_some()
    }

    /// The record of this name.
    pub(crate) fn find(&self, name: &str) -> Result<&Stored<T>, Error> {
        if let Some(found) = self.named(name) {
            return Ok(found);
        }
        self.all_read()?;
        Err(names::not_found(T::THING, name, self.live.iter().map(|(name, _)| name.as_str())))
    }

    fn named(&self, name: &str) -> Option<&Stored<T>> {
        let from = (name.to_owned(), RecordId::from_bytes([0; 16]));
        let (found, id) = self.live.range(from..).next()?;
        (found == name).then(|| self.records.get(id)).flatten()
    }

    fn all_read(&self) -> Result<(), Error> {
        match self.unread.values().next() {
            Some(why) => Err(Error::Vault(VaultError::Record { what: T::THING, why: why.clone() })),
            None => Ok(()),
        }
    }
}
