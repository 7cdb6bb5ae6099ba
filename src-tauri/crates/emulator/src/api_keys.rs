//! API keys: which are registered, what they may do, and whether one that was presented lets its bearer in.

use crate::{refusal::CredentialRefusal, registration::MOST, rules::Rules, secret::Fingerprint};

/// A registered API key. The key itself is not kept.
pub(crate) struct ApiKey {
    provider: String,
    fingerprint: Fingerprint,
    /// What was chosen for it; without it everything.
    permissions: Option<Vec<String>>,
    /// When it expires, in seconds since the epoch.
    pub(crate) expires_at: Option<i64>,
    /// How it begins, as far as other keys do too.
    pub(crate) prefix: String,
    revoked: bool,
    /// Whether it was deleted. It is remembered, so that registering it with every call does not bring it back.
    deleted: bool,
}

/// The registered API keys, in the order in which they came.
#[derive(Default)]
pub(crate) struct ApiKeys(Vec<ApiKey>);

impl ApiKey {
    /// What the emulator calls it: `key_` and a part of its hash.
    pub(crate) fn name(&self) -> String {
        format!("key_{}", self.fingerprint.name())
    }

    /// What it may do, all that is implied too.
    pub(crate) fn permissions(&self, rules: &Rules) -> Vec<String> {
        match &self.permissions {
            Some(chosen) => rules.given(chosen),
            None => rules.everything(),
        }
    }

    /// Whether it was not revoked and has not expired.
    pub(crate) fn is_good(&self, now: i64) -> Result<(), CredentialRefusal> {
        if self.revoked {
            return Err(CredentialRefusal::Revoked { name: self.name() });
        }
        match self.expires_at {
            Some(at) if at <= now => Err(CredentialRefusal::Expired { name: self.name(), at, now }),
            _ => Ok(()),
        }
    }
}

impl ApiKeys {
    /// Adds a key; one that is there already gets these permissions. `None` where there are too many.
    pub(crate) fn add(
        &mut self,
        provider: &str,
        key: &str,
        permissions: Option<Vec<String>>,
        expires_at: Option<i64>,
    ) -> Option<()> {
        let fingerprint = Fingerprint::of(key);
        match self.0.iter_mut().find(|known| known.provider == provider && known.fingerprint == fingerprint) {
            Some(known) => (known.permissions, known.expires_at) = (permissions, expires_at),
            None => {
                if self.0.len() >= MOST {
                    return None;
                }
                let prefix = key.find('_').and_then(|end| key.get(..=end)).unwrap_or_default().to_owned();
                let provider = provider.to_owned();
                self.0.push(ApiKey {
                    provider,
                    fingerprint,
                    permissions,
                    expires_at,
                    prefix,
                    revoked: false,
                    deleted: false,
                });
            }
        }
        Some(())
    }

    /// The key that `text` is, where it is one that is taken.
    pub(crate) fn admit(
        &self,
        provider: &str,
        text: &str,
        rules: &Rules,
        now: i64,
    ) -> Result<&ApiKey, CredentialRefusal> {
        let begins = |prefixes: &[String]| prefixes.iter().find(|prefix| text.starts_with(*prefix)).cloned();
        let Some(start) = begins(&rules.key_prefixes) else {
            return Err(CredentialRefusal::Form { wanted: rules.key_prefixes.join(" or ") });
        };
        if !rules.own_prefixes.is_empty() && begins(&rules.own_prefixes).is_none() {
            return Err(CredentialRefusal::Environment { found: start, wanted: rules.own_prefixes.join(" or ") });
        }
        let fingerprint = Fingerprint::of(text);
        let found = self.of(provider).find(|key| key.fingerprint == fingerprint);
        let key = found.ok_or(CredentialRefusal::Unknown { start })?;
        key.is_good(now)?;
        Ok(key)
    }

    /// The keys of a provider.
    pub(crate) fn of<'a>(&'a self, provider: &str) -> impl Iterator<Item = &'a ApiKey> {
        self.0.iter().filter(move |key| key.provider == provider && !key.deleted)
    }

    /// Revokes a key; `None` where it is not registered.
    pub(crate) fn revoke(&mut self, provider: &str, key: &str) -> Option<()> {
        let fingerprint = Fingerprint::of(key);
        let mut keys = self.0.iter_mut().filter(|key| !key.deleted);
        keys.find(|key| key.provider == provider && key.fingerprint == fingerprint).map(|key| key.revoked = true)
    }

    /// Deletes a key, which is unknown from then on; `None` where it is not registered.
    pub(crate) fn delete(&mut self, provider: &str, key: &str) -> Option<()> {
        let fingerprint = Fingerprint::of(key);
        let mut keys = self.0.iter_mut().filter(|key| !key.deleted);
        keys.find(|key| key.provider == provider && key.fingerprint == fingerprint).map(|key| key.deleted = true)
    }

    pub(crate) fn restore(&mut self) {
        self.0.iter_mut().for_each(|key| (key.revoked, key.deleted) = (false, false));
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
