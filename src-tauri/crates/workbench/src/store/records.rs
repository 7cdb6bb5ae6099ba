//! Records of the vault: credentials, profiles, settings, recipes, drafts, issued tokens, acceptances, definitions, events of
//! keys and rotations. Their sealed metadata is JSON with a version.

use std::{collections::BTreeMap, path::PathBuf};

use jose::{Alg, jwk, key::Jwk};
use provider::Tier;
use serde::{Deserialize, Serialize};
use vault::{RecordId, Revision};

use crate::{
    ground::{CredentialError, Error, Thing, ports::Guard},
    store::draft::Draft,
};

/// The kinds of record.
pub mod kind {
    use vault::Kind;

    /// A key pair or a secret.
    pub const CREDENTIAL: Kind = Kind(1);
    /// An account at a provider.
    pub const PROFILE: Kind = Kind(2);
    /// What the person chose for the application as a whole.
    pub const SETTINGS: Kind = Kind(3);
    /// A draft that has a name.
    pub const RECIPE: Kind = Kind(4);
    /// The draft that was open at a place when the vault was locked.
    pub const DRAFT: Kind = Kind(5);
    /// The tokens that a server gave.
    pub const TOKENS: Kind = Kind(6);
    /// A provider's definition of the person's own.
    pub const DEFINITION: Kind = Kind(7);
    /// When a server last accepted a credential.
    pub const ACCEPTANCE: Kind = Kind(8);
    /// What happened to keys in one transaction.
    pub const EVENTS: Kind = Kind(9);
    /// The rotation of a key.
    pub const ROTATION: Kind = Kind(10);
}

/// The metadata of a credential. Its secret part is PKCS#8 DER of a private key, the bytes of a shared secret, an API key as
/// text, or a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credential {
    /// The version of this layout.
    pub v: u32,
    /// The name by which the person knows it.
    pub name: String,
    /// What the secret part is.
    pub kind: CredentialKind,
    /// The algorithm that it signs tokens with; none for what signs no token, such as an API key.
    #[serde(default, with = "alg_name", skip_serializing_if = "Option::is_none")]
    pub alg: Option<Alg>,
    /// Type and size in words.
    pub describe: String,
    /// The key type as in a JWK: `EC`, `RSA`, `OKP`, `oct`; empty for other credentials.
    pub kty: String,
    /// The curve as in a JWK.
    pub crv: Option<String>,
    /// The size in bits: of the modulus, the field, or the secret; 0 for other credentials.
    pub bits: u32,
    /// The RFC 7638 thumbprint; none for a secret, whose thumbprint would give a guess away.
    pub thumbprint: Option<String>,
    /// The name under which the provider knows it; the thumbprint unless another was given. A secret may have none.
    pub kid: Option<String>,
    /// The public half as a JWK, one line; none for a secret.
    pub public_jwk: Option<String>,
    /// What goes with it and is not secret, by the name under which templates see it: `username`, `client_id`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// When it came into the vault, in seconds since 1970.
    pub created: i64,
    /// How it came: made here, or imported from a form.
    pub origin: String,
    /// Where it belongs; sealed, so that neither a screen nor an edited definition can change it.
    pub binding: Option<Binding>,
    /// When it was deleted, in seconds since 1970. It signs nothing and can be restored for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<i64>,
}

impl Credential {
    /// The algorithm that it signs tokens with.
    pub fn signs_with(&self) -> Result<Alg, Error> {
        self.alg.ok_or_else(|| self.signs_nothing())
    }

    /// The public half; none for what has none. It was looked at when it came in, so that it is only parsed here.
    pub(crate) fn public(&self) -> Result<Option<Jwk>, Error> {
        let Some(text) = &self.public_jwk else { return Ok(None) };
        Ok(jwk::read(text)?.keys.pop())
    }

    pub(crate) fn signs_nothing(&self) -> Error {
        Error::Credential(CredentialError::SignsNothing { name: self.name.clone(), is: self.describe.clone() })
    }
}

/// What the secret part of a credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialKind {
    /// A private key.
    PrivateKey,
    /// A shared secret, which keys a MAC.
    SharedSecret,
    /// An opaque key that is sent as it is.
    ApiKey,
    /// The password of a user name.
    Login,
    /// The secret of an OAuth client id.
    Client,
}

impl CredentialKind {
    /// The thing that errors name.
    pub const fn thing(self) -> Thing {
        match self {
            Self::PrivateKey => Thing::PrivateKey,
            Self::SharedSecret => Thing::SharedSecret,
            Self::ApiKey => Thing::ApiKey,
            Self::Login => Thing::Login,
            Self::Client => Thing::OauthClient,
        }
    }

    /// What people call it.
    pub const fn words(self) -> &'static str {
        self.thing().words()
    }
}

/// Where a credential belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Binding {
    /// The provider's id.
    pub provider: String,
    /// The environment's id.
    pub environment: String,
    /// The environment's label, for people.
    pub label: String,
    /// How much care the environment wants.
    #[serde(with = "tier_name")]
    pub tier: Tier,
    /// The hosts that tokens of this credential may be sent to, without port.
    pub hosts: Vec<String>,
    /// Which of the provider's credentials it is, by the id in its definition. The first layout knew the one that signs
    /// alone, and did not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl Binding {
    /// Where a profile names the credential: a webhook's secret, which is sent nowhere, stands with the others.
    pub(crate) fn slot(&self) -> Slot {
        self.role.clone().filter(|_| self.hosts.is_empty())
    }
}

/// The metadata of a profile. It has no secret part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    /// The version of this layout.
    pub v: u32,
    /// The name by which the person knows it.
    pub name: String,
    /// The provider's id.
    pub provider: String,
    /// The values of the provider's variables.
    pub variables: BTreeMap<String, String>,
    /// What is set for each environment, by its id.
    pub environments: BTreeMap<String, EnvironmentSettings>,
    /// Scopes that a token gets unless others are named.
    pub scopes: Option<Vec<String>>,
    /// Seconds that a token lives unless told otherwise.
    pub ttl: Option<u64>,
    /// When it was made, in seconds since 1970.
    pub created: i64,
}

/// What a profile sets for one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvironmentSettings {
    /// The name of the credential with which calls are made.
    pub credential: Option<String>,
    /// The names of the others, by their ids in the provider's definition: a webhook's secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, String>,
    /// The address, where the provider publishes none.
    pub base_url: Option<String>,
    /// How often a live environment asks; [`Guard::Writes`] unless chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Guard>,
}

/// Where a place names a credential: with [`EnvironmentSettings::credential`], or with the others under this id.
pub type Slot = Option<String>;

impl EnvironmentSettings {
    /// The names of all credentials here.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.credential.iter().chain(self.others.values()).map(String::as_str)
    }

    /// Names a credential, in place of the one that stood there, which is answered.
    pub fn insert(&mut self, slot: Slot, name: String) -> Option<String> {
        match slot {
            None => self.credential.replace(name),
            Some(role) => self.others.insert(role, name),
        }
    }

    /// Names nothing any more where `name` stood; says where that was.
    pub fn forget(&mut self, name: &str) -> Vec<Slot> {
        let main = self.credential.take_if(|credential| credential == name).map(|_| None);
        let mut slots: Vec<Slot> = main.into_iter().collect();
        self.others.retain(|role, other| {
            let stays = other != name;
            slots.extend((!stays).then(|| Some(role.clone())));
            stays
        });
        slots
    }

    /// The same names, but `wanted` where `name` stood.
    pub fn rename(&mut self, name: &str, wanted: &str) {
        for named in self.credential.iter_mut().chain(self.others.values_mut()).filter(|named| *named == name) {
            wanted.clone_into(named);
        }
    }

    /// Whether nothing is named in a slot.
    pub fn is_free(&self, slot: &Slot) -> bool {
        match slot {
            None => self.credential.is_none(),
            Some(role) => !self.others.contains_key(role),
        }
    }
}

/// A target: a profile and one of its environments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Target {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
}

/// What the person chose for the application as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// The version of this layout.
    pub v: u32,
    /// Minutes of idleness after which the window locks.
    pub lock_after_minutes: u32,
    /// Whether the window locks when the computer goes to sleep.
    pub lock_on_sleep: bool,
    /// Seconds after which a copied secret leaves the clipboard. The first layout had another name for it.
    #[serde(alias = "clearClipboardSeconds")]
    pub clear_secret_seconds: u32,
    /// Seconds after which a copied token leaves the clipboard.
    pub clear_token_seconds: u32,
    /// Where the person worked last.
    pub last_place: Option<Target>,
    /// The proxy for calls, in place of the environment's.
    pub proxy: Option<String>,
    /// Certificates in PEM that calls trust beside those of the system: their text, so that a file that changes changes
    /// nothing.
    pub trusted: Option<String>,
    /// Seconds that making a connection may take.
    pub connect_seconds: u32,
    /// Seconds that a call may take in all.
    pub total_seconds: u32,
    /// The port on which the window's emulator listens; 0: any free one.
    pub emulator_port: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            v: VERSION,
            lock_after_minutes: 10,
            lock_on_sleep: true,
            clear_secret_seconds: 15,
            clear_token_seconds: 45,
            last_place: None,
            proxy: None,
            trusted: None,
            connect_seconds: 10,
            total_seconds: 30,
            emulator_port: 0,
        }
    }
}

/// A draft that has a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recipe {
    /// The version of this layout.
    pub v: u32,
    /// The name by which the person knows it.
    pub name: String,
    /// The provider whose rules it was written for.
    pub provider: String,
    /// The draft.
    pub draft: Draft,
    /// When it was saved, in seconds since 1970.
    pub saved: i64,
}

/// The draft that was open at a place when the vault was locked. The draft names the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SealedDraft {
    /// The version of this layout.
    pub v: u32,
    /// The draft.
    pub draft: Draft,
    /// When it was sealed, in seconds since 1970.
    pub sealed: i64,
}

/// A credential at a target. Two accounts at one target have tokens, and a history, of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CredentialAt {
    /// The target.
    pub at: Target,
    /// The credential's name.
    pub credential: String,
}

/// The metadata of the tokens that a server issued to one credential for one target. Its secret part is the access token and the refresh token,
/// NUL between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssuedTokens {
    /// The version of this layout.
    pub v: u32,
    /// The target that they are for.
    pub at: Target,
    /// The name of the credential that got them.
    pub credential: String,
    /// Whether there is an access token; a session that was logged out has none.
    pub access: bool,
    /// When the access token ends, in seconds since 1970, if that is known.
    pub expires: Option<i64>,
    /// The refresh token: whether there is one, and when it ends.
    pub refresh: Option<RefreshInfo>,
    /// The scopes that it was got with.
    pub scopes: Option<Vec<String>>,
    /// What it may do, as the server said.
    pub permissions: Option<Vec<String>>,
    /// Whom it is for: the JSON as the server wrote it.
    pub user: Option<String>,
    /// When it came, in seconds since 1970.
    #[serde(rename = "given")]
    pub received: i64,
}

/// A record of one credential at one target.
pub(crate) trait Owned {
    /// The target, and the credential's name.
    fn owner(&self) -> (&Target, &str);

    /// The same, to be renamed.
    fn owner_mut(&mut self) -> (&mut Target, &mut String);

    /// Whether it is of this credential at this target.
    fn is_of(&self, owner: &CredentialAt) -> bool {
        self.owner() == (&owner.at, owner.credential.as_str())
    }
}

macro_rules! owned {
    ($record:ty) => {
        impl Owned for $record {
            fn owner(&self) -> (&Target, &str) {
                (&self.at, &self.credential)
            }

            fn owner_mut(&mut self) -> (&mut Target, &mut String) {
                (&mut self.at, &mut self.credential)
            }
        }
    };
}

owned!(IssuedTokens);
owned!(Acceptance);

/// When a server last accepted a call of a credential for a target. A refusal that comes later means another thing than one of
/// a key that was never accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Acceptance {
    /// The version of this layout.
    pub v: u32,
    /// The target that was called.
    pub at: Target,
    /// The name of the credential that the call authenticated with.
    pub credential: String,
    /// When the last accepted call was sent, in seconds since 1970.
    pub accepted: i64,
}

/// A refresh token that is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefreshInfo {
    /// When it ends, in seconds since 1970, if that is known.
    pub expires: Option<i64>,
}

/// What happened to keys in one transaction. Such a record is written once and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyEvents {
    /// The version of this layout.
    pub v: u32,
    /// The events in the order of their numbers, which no other record has.
    pub events: Vec<keyset::Event>,
    /// What stays of the keys that were destroyed: their metadata, with the public half.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
}

/// What stays of a key that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Left {
    /// Its id in the events.
    pub key: keyset::KeyId,
    /// Its metadata as it was.
    pub credential: Credential,
}

/// The rotation of a key, from its beginning on. It is written anew with each step, and stays when it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRotation {
    /// The version of this layout.
    pub v: u32,
    /// The plan and how far it is.
    pub rotation: keyset::Rotation,
}

/// A provider's definition that the person brought: the text that they agreed to. What its file holds now counts
/// only once they agreed to that too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnDefinition {
    /// The version of this layout.
    pub v: u32,
    /// The provider's id. It may be that of a built-in provider, which this definition then stands in for.
    pub id: String,
    /// The text of the definition.
    pub text: String,
    /// The file that it came from, if it came from one.
    pub file: Option<PathBuf>,
    /// When this text was taken, in seconds since 1970.
    pub taken: i64,
}

/// The version of the layouts that this program writes.
pub const VERSION: u32 = 1;

/// A record with its identity, for writing it back.
#[derive(Debug, Clone)]
pub struct Stored<T> {
    /// Which record.
    pub id: RecordId,
    /// The revision that was read.
    pub revision: Revision,
    /// What it says.
    pub value: T,
}

mod alg_name {
    use jose::Alg;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(alg: &Option<Alg>, serializer: S) -> Result<S::Ok, S::Error> {
        alg.map(Alg::name).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Alg>, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        name.map(|name| name.parse().map_err(D::Error::custom)).transpose()
    }
}

mod tier_name {
    use provider::Tier;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(tier: &Tier, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(tier.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tier, D::Error> {
        Tier::deserialize(deserializer)
    }
}
