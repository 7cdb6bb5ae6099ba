//! Credential kinds: what one authenticates with. Never the credentials themselves.

use std::collections::BTreeMap;

use jose::Alg;
use serde::{Deserialize, Deserializer, de};

use crate::{duration::Seconds, shape::Shape};

/// The kinds of credential, each in its own list.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Credentials {
    /// Private keys that sign tokens here.
    pub private_keys: Vec<PrivateKey>,
    /// Shared secrets that key a MAC.
    pub secrets: Vec<Secret>,
    /// Opaque keys that are sent as they are.
    pub api_keys: Vec<ApiKey>,
    /// User names with passwords.
    pub logins: Vec<Login>,
    /// OAuth client ids with secrets.
    pub clients: Vec<ClientSecret>,
    /// Plain texts that go with a credential, such as a client id.
    pub texts: Vec<TextField>,
}

/// One kind of credential, whichever it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Credential<'a> {
    /// A private key.
    PrivateKey(&'a PrivateKey),
    /// A shared secret.
    Secret(&'a Secret),
    /// An opaque key.
    ApiKey(&'a ApiKey),
    /// A user name with a password.
    Login(&'a Login),
    /// A client id with a secret.
    Client(&'a ClientSecret),
    /// A plain text.
    Text(&'a TextField),
}

impl<'a> Credential<'a> {
    /// Its id.
    pub fn id(&self) -> &'a str {
        match self {
            Self::PrivateKey(kind) => &kind.id,
            Self::Secret(kind) => &kind.id,
            Self::ApiKey(kind) => &kind.id,
            Self::Login(kind) => &kind.id,
            Self::Client(kind) => &kind.id,
            Self::Text(kind) => &kind.id,
        }
    }

    /// The list in which it stands in the file.
    pub(crate) const fn list(&self) -> &'static str {
        match self {
            Self::PrivateKey(_) => "private-keys",
            Self::Secret(_) => "secrets",
            Self::ApiKey(_) => "api-keys",
            Self::Login(_) => "logins",
            Self::Client(_) => "clients",
            Self::Text(_) => "texts",
        }
    }

    /// What people read.
    pub fn label(&self) -> &'a str {
        match self {
            Self::PrivateKey(kind) => &kind.label,
            Self::Secret(kind) => &kind.label,
            Self::ApiKey(kind) => &kind.label,
            Self::Login(kind) => &kind.label,
            Self::Client(kind) => &kind.label,
            Self::Text(kind) => &kind.label,
        }
    }

    /// The age at which one is reminded to rotate: the definition's, else [`ROTATE_AFTER`]. `None` for other credentials.
    pub fn rotate_after(&self) -> Option<Seconds> {
        let after = match self {
            Self::PrivateKey(kind) => kind.rotate_after,
            Self::Secret(kind) => kind.rotate_after,
            Self::ApiKey(kind) => kind.rotate_after,
            Self::Login(kind) => kind.rotate_after,
            Self::Client(kind) => kind.rotate_after,
            Self::Text(_) => return None,
        };
        Some(after.unwrap_or(ROTATE_AFTER))
    }
}

/// The age at which one is reminded to rotate where a definition says nothing else: 90 days.
pub const ROTATE_AFTER: Seconds = Seconds(90 * 24 * 60 * 60);

/// The fields that are secret, by the name under which templates see them.
pub const SECRET_FIELDS: [&str; 2] = ["password", "client_secret"];

impl Credentials {
    /// All kinds.
    pub fn all(&self) -> impl Iterator<Item = Credential<'_>> {
        (self.private_keys.iter().map(Credential::PrivateKey))
            .chain(self.secrets.iter().map(Credential::Secret))
            .chain(self.api_keys.iter().map(Credential::ApiKey))
            .chain(self.logins.iter().map(Credential::Login))
            .chain(self.clients.iter().map(Credential::Client))
            .chain(self.texts.iter().map(Credential::Text))
    }

    /// The kind of this id.
    pub fn get(&self, id: &str) -> Option<Credential<'_>> {
        self.all().find(|kind| kind.id() == id)
    }

    /// Whether a field may be shown. What the definition does not name as harmless is a secret.
    pub fn is_public(&self, field: &str) -> bool {
        let also = self.logins.iter().flat_map(|login| &login.also);
        let files = self.private_keys.iter().filter_map(|key| key.file.as_ref());
        let named = || also.chain(&self.texts).any(|text| text.id == field);
        let beside = || files.into_iter().any(|file| file.fields.contains_key(field));
        !SECRET_FIELDS.contains(&field) && (["username", "client_id"].contains(&field) || named() || beside())
    }
}

/// A private key that signs tokens here.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PrivateKey {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The forms in which the provider hands it out or people keep it.
    pub forms: Vec<KeyForm>,
    /// Where a JSON key file keeps the key and the other fields.
    pub file: Option<FileMembers>,
    /// The keys that will do.
    pub keys: Vec<KeyRule>,
    /// The keys that will not, and why. What neither list names is refused too.
    #[serde(default)]
    pub refused: Vec<RefusedKey>,
    /// Whether each environment has keys of its own.
    #[serde(default)]
    pub per_environment: bool,
    /// What the provider's screen asks when the key is made.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// The age at which one is reminded to rotate.
    pub rotate_after: Option<Seconds>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// A form in which a private key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyForm {
    /// PEM, `BEGIN PRIVATE KEY`.
    Pkcs8,
    /// PEM, `BEGIN ENCRYPTED PRIVATE KEY`.
    EncryptedPkcs8,
    /// PEM, `BEGIN EC PRIVATE KEY`.
    Sec1,
    /// PEM, `BEGIN RSA PRIVATE KEY`.
    Pkcs1,
    /// Base64 of a whole PEM.
    Base64Pem,
    /// PEM on one line with `\n` as two characters.
    EscapedPem,
    /// A JSON Web Key.
    Jwk,
    /// Base64 of the 32 or 64 bytes of an Ed25519 key.
    RawEd25519,
    /// A JSON file with the key in one member.
    JsonFile,
}

/// Where a JSON key file keeps what: JSON pointers (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FileMembers {
    /// The member that holds the key.
    pub key: String,
    /// Other members, by the name under which templates see them (`{credential.client_email}`). Files of several ages
    /// may name a member differently: the first pointer that leads somewhere counts.
    #[serde(default)]
    pub fields: BTreeMap<String, Vec<String>>,
}

/// A key that will do, and the algorithms it may sign with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KeyRule {
    /// The key type as in a JWK: `EC`, `RSA`, `OKP`.
    pub kty: String,
    /// The curve as in a JWK.
    pub crv: Option<String>,
    /// The shortest modulus.
    pub min_bits: Option<u32>,
    /// The algorithms, the usual one first.
    #[serde(deserialize_with = "algs")]
    pub algs: Vec<Alg>,
    /// Said when such a key is used, though it will do.
    pub advice: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// A key that will not do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RefusedKey {
    /// The key type as in a JWK.
    pub kty: String,
    /// The curve; any if not given.
    pub crv: Option<String>,
    /// Only with a modulus shorter than this.
    pub under_bits: Option<u32>,
    /// Why, as people read it after a colon.
    pub reason: String,
    /// Where this is known from.
    pub from: Option<String>,
}

/// A question of the provider's screen, such as what a key may do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Attribute {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The answers.
    pub choices: Vec<Choice>,
    /// The provider's recommendation.
    pub advice: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Choice {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
}

/// A shared secret that keys a MAC.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Secret {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The algorithms it may sign with, the usual one first; empty for a secret that signs no token, such as a webhook's.
    #[serde(default, deserialize_with = "algs")]
    pub algs: Vec<Alg>,
    /// How the text becomes bytes, the usual way first.
    pub encodings: Vec<Encoding>,
    /// Fewer bytes are warned about.
    pub advised_bytes: Option<usize>,
    /// The environment variable that snippets read it from.
    pub env_var: Option<String>,
    /// Whether each environment has secrets of its own.
    #[serde(default)]
    pub per_environment: bool,
    /// The age at which one is reminded to rotate.
    pub rotate_after: Option<Seconds>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// How the text of a secret becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// The bytes of the text.
    Utf8,
    /// Base64.
    Base64,
    /// Base64url.
    Base64url,
    /// Hexadecimal.
    Hex,
}

/// An opaque key that is sent as it is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ApiKey {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The form of the key.
    #[serde(default)]
    pub shape: Shape,
    /// Whether each environment has keys of its own.
    #[serde(default)]
    pub per_environment: bool,
    /// Whether the provider shows it once only.
    #[serde(default)]
    pub shown_once: bool,
    /// Whether it has an expiry.
    #[serde(default)]
    pub expires: bool,
    /// Whether it may do no more than the scopes that were chosen for it. Otherwise it may do everything.
    #[serde(default)]
    pub scoped: bool,
    /// What the provider's screen asks when the key is made.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// The age at which one is reminded to rotate.
    pub rotate_after: Option<Seconds>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// A user name with a password. Templates see `{credential.username}` and `{credential.password}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Login {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Further fields that only registering asks for.
    #[serde(default)]
    pub also: Vec<TextField>,
    /// Whether each environment has accounts of its own.
    #[serde(default)]
    pub per_environment: bool,
    /// The age at which one is reminded to change the password.
    pub rotate_after: Option<Seconds>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// An OAuth client id with its secret. Templates see `{credential.client_id}` and `{credential.client_secret}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClientSecret {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Whether each environment has clients of its own.
    #[serde(default)]
    pub per_environment: bool,
    /// The age at which one is reminded to rotate the secret.
    pub rotate_after: Option<Seconds>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// A plain text that goes with a credential. Templates see it under its id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TextField {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Whether nothing works without it.
    #[serde(default)]
    pub required: bool,
    /// The form of the text.
    #[serde(default)]
    pub shape: Shape,
    /// The environment variable that snippets read it from.
    pub env_var: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// Reads a list of algorithm names.
pub(super) fn algs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Alg>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    names.iter().map(|name| name.parse::<Alg>().map_err(de::Error::custom)).collect()
}
