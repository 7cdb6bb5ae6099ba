//! Members of a control request, read one by one, so that no error repeats a secret.

use serde_json::{Map, Value};

use crate::{
    event::Event,
    incident::Incident,
    mishap::{Mishap, MishapError},
    registration::Registration,
    roles::USUAL,
    strict_json::{self, Fault},
    token::kind,
    webhook::{Delivery, Payload},
    words::shorten,
};

/// The members of a request's body.
pub(super) struct Members(Map<String, Value>);

/// What is wrong with them.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum MembersError {
    #[error("the body is not JSON: {reason}")]
    Json { reason: String },
    #[error("the body has a member twice")]
    Duplicate,
    #[error("the body is {found}, wanted an object")]
    NotObject { found: &'static str },
    #[error("the member {member:?} is missing")]
    Missing { member: &'static str },
    #[error("the member {member:?} is {found}, wanted {wanted}")]
    Type { member: &'static str, found: &'static str, wanted: &'static str },
    #[error("the member {member:?} is {found:?}, wanted {wanted}")]
    Word { member: &'static str, found: String, wanted: &'static str },
    #[error("the member {found:?} is not known here; wanted {wanted}")]
    Unknown { found: String, wanted: String },
    #[error("mishap {number}: {source}")]
    Mishap { number: usize, source: MishapError },
}

/// What can be registered.
const KINDS: &str = "jwk, secret, api_key, login or webhook_secret";
/// What can happen.
const INCIDENTS: &str = "expire_access, blacklist_refresh, revoke_key, delete_key, revoke_login, revoke_client, \
    change_password, change_secret or change_webhook_secret";

impl Members {
    pub(super) fn read(text: &str) -> Result<Self, MembersError> {
        match strict_json::parse(text) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(other) => Err(MembersError::NotObject { found: kind(&other) }),
            Err(Fault::Duplicate(_)) => Err(MembersError::Duplicate),
            Err(Fault::Syntax(reason)) => Err(MembersError::Json { reason }),
        }
    }

    /// Hands on the registration that they describe: `{"kind": "login", "provider": "cryptopay", "username": …}`.
    pub(super) fn registration<T>(&self, then: impl FnOnce(&Registration<'_>) -> T) -> Result<T, MembersError> {
        let secret_members = ["kind", "provider", "client", "secret", "secret_hex"];
        match self.text("kind")? {
            "jwk" => {
                self.only(&["kind", "jwk", "name", "roles", "merchant_accounts"])?;
                let jwk = self.0.get("jwk").ok_or(MembersError::Missing { member: "jwk" })?.to_string();
                let (name, roles) = (self.optional("name")?, self.words("roles")?);
                let merchants = self.words("merchant_accounts")?;
                Ok(match (name, &roles, &merchants) {
                    (None, None, None) => then(&Registration::Jwk(&jwk)),
                    _ => then(&Registration::KeyPair {
                        jwk: &jwk,
                        name: name.unwrap_or("Key"),
                        roles: roles.as_deref().unwrap_or(&[USUAL.slug]),
                        merchant_accounts: merchants.as_deref().unwrap_or_default(),
                    }),
                })
            }
            "secret" => {
                self.only(&secret_members)?;
                let (provider, client, bytes) = (self.text("provider")?, self.optional("client")?, self.bytes()?);
                Ok(then(&Registration::Secret { provider, client, bytes: &bytes }))
            }
            "webhook_secret" => {
                self.only(&["kind", "provider", "secret", "secret_hex"])?;
                let (provider, bytes) = (self.text("provider")?, self.bytes()?);
                Ok(then(&Registration::WebhookSecret { provider, bytes: &bytes }))
            }
            "login" => {
                self.only(&["kind", "provider", "username", "password"])?;
                let (username, password) = (self.text("username")?, self.text("password")?);
                Ok(then(&Registration::Login { provider: self.text("provider")?, username, password }))
            }
            "api_key" => {
                self.only(&["kind", "provider", "key", "permissions", "expires_at"])?;
                let (provider, key) = (self.text("provider")?, self.text("key")?);
                let (permissions, expires_at) = (self.words("permissions")?, self.time("expires_at")?);
                Ok(match (permissions, expires_at) {
                    (None, None) => then(&Registration::ApiKey { provider, key }),
                    (permissions, expires_at) => {
                        let permissions = permissions.as_deref();
                        then(&Registration::LimitedKey { provider, key, permissions, expires_at })
                    }
                })
            }
            other => Err(MembersError::Word { member: "kind", found: shorten(other), wanted: KINDS }),
        }
    }

    /// Hands on what is to happen: `{"do": "revoke_key", "provider": "hedge", "key": …}`.
    pub(super) fn incident<T>(&self, then: impl FnOnce(&Incident<'_>) -> T) -> Result<T, MembersError> {
        let only = |members: &[&str]| self.only(&[&["do"], members].concat());
        let provider = || self.text("provider");
        let bytes;
        let incident = match self.text("do")? {
            "expire_access" => only(&[]).map(|()| Incident::ExpireAccess)?,
            "blacklist_refresh" => only(&[]).map(|()| Incident::BlacklistRefresh)?,
            "revoke_key" => {
                only(&["provider", "key"])?;
                Incident::RevokeKey { provider: provider()?, key: self.text("key")? }
            }
            "delete_key" => {
                only(&["provider", "key"])?;
                Incident::DeleteKey { provider: provider()?, key: self.text("key")? }
            }
            "revoke_login" => {
                only(&["provider", "username"])?;
                Incident::RevokeLogin { provider: provider()?, username: self.text("username")? }
            }
            "revoke_client" => {
                only(&["provider", "client"])?;
                Incident::RevokeClient { provider: provider()?, client: self.text("client")? }
            }
            "change_password" => {
                only(&["provider", "username", "password"])?;
                let (username, password) = (self.text("username")?, self.text("password")?);
                Incident::ChangePassword { provider: provider()?, username, password }
            }
            "change_secret" => {
                only(&["provider", "client", "secret", "secret_hex"])?;
                let (provider, client) = (provider()?, self.text("client")?);
                bytes = self.bytes()?;
                Incident::ChangeSecret { provider, client, bytes: &bytes }
            }
            "change_webhook_secret" => {
                only(&["provider", "secret", "secret_hex", "overlap"])?;
                let (provider, overlap) = (provider()?, self.seconds("overlap")?.unwrap_or_default());
                bytes = self.bytes()?;
                Incident::ChangeWebhookSecret { provider, bytes: &bytes, overlap }
            }
            other => return Err(MembersError::Word { member: "do", found: shorten(other), wanted: INCIDENTS }),
        };
        Ok(then(&incident))
    }

    /// What is to go wrong at single endpoints: `{"mishaps": ["POST /gr4vy/api-key-pairs fail 500x1"]}`.
    pub(super) fn mishaps(&self) -> Result<Vec<Mishap>, MembersError> {
        self.only(&["mishaps"])?;
        let texts = self.words("mishaps")?.ok_or(MembersError::Missing { member: "mishaps" })?;
        let read =
            |(text, number): (&&str, usize)| text.parse().map_err(|source| MembersError::Mishap { number, source });
        texts.iter().zip(1..).map(read).collect()
    }

    /// The webhook that is to be delivered, with what it says or the event that it tells of:
    /// `{"provider": "gr4vy", "url": …, "event": "transaction.captured", "id": …}`.
    pub(super) fn delivery(&self) -> Result<Delivery<'_>, MembersError> {
        let payload = match self.optional("body")? {
            Some(text) => {
                self.only(&["provider", "url", "body"])?;
                Payload::Text(text)
            }
            None => {
                self.only(&["provider", "url", "body", "event", "id"])?;
                Payload::Event(Event { name: self.optional("event")?, about: self.optional("id")? })
            }
        };
        Ok(Delivery { provider: self.text("provider")?, url: self.text("url")?, payload })
    }

    fn only(&self, wanted: &[&str]) -> Result<(), MembersError> {
        match self.0.keys().find(|name| !wanted.contains(&name.as_str())) {
            None => Ok(()),
            Some(found) => Err(MembersError::Unknown { found: shorten(found), wanted: wanted.join(", ") }),
        }
    }

    fn text(&self, member: &'static str) -> Result<&str, MembersError> {
        self.optional(member)?.ok_or(MembersError::Missing { member })
    }

    fn optional(&self, member: &'static str) -> Result<Option<&str>, MembersError> {
        match self.0.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(MembersError::Type { member, found: kind(other), wanted: "a string" }),
        }
    }

    /// The bytes of a secret: a text as UTF-8, or hexadecimal digits.
    fn bytes(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, MembersError> {
        if let Some(text) = self.optional("secret")? {
            return Ok(text.as_bytes().to_vec().into());
        }
        let digits = self.optional("secret_hex")?.ok_or(MembersError::Missing { member: "secret" })?;
        let wrong =
            MembersError::Type { member: "secret_hex", found: "not hexadecimal", wanted: "two digits for each byte" };
        data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map(Into::into).map_err(|_| wrong)
    }

    fn words(&self, member: &'static str) -> Result<Option<Vec<&str>>, MembersError> {
        let wrong = |found| MembersError::Type { member, found, wanted: "an array of strings" };
        match self.0.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => {
                let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                words.map(Some).ok_or_else(|| wrong("an array with something else in it"))
            }
            Some(other) => Err(wrong(kind(other))),
        }
    }

    fn seconds(&self, member: &'static str) -> Result<Option<u32>, MembersError> {
        match self.0.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value
                .as_u64()
                .and_then(|seconds| seconds.try_into().ok())
                .map(Some)
                .ok_or(MembersError::Type { member, found: kind(value), wanted: "a number of seconds from 0 upwards" }),
        }
    }

    fn time(&self, member: &'static str) -> Result<Option<i64>, MembersError> {
        match self.0.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(MembersError::Type {
                member,
                found: kind(value),
                wanted: "an integer of seconds since the epoch",
            }),
        }
    }
}
