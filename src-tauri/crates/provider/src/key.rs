//! Whether a key is one that the provider takes.

use jose::{Alg, Code, Finding};

use crate::{
    definition::{Credential, Definition, KeyRule, PrivateKey, Secret},
    template::Slot,
};

/// What the rules need to know of a key. Never the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// The key type as in a JWK: `EC`, `RSA`, `OKP`, `oct`.
    pub kty: String,
    /// The curve as in a JWK.
    pub crv: Option<String>,
    /// The size in bits: of the modulus, the field, or the secret.
    pub bits: u32,
    /// The algorithm it is to sign with; the provider's usual one if not chosen.
    pub alg: Option<Alg>,
    /// The key id that a person entered or the provider showed; its thumbprint if none was.
    pub kid: Option<String>,
    /// The RFC 7638 thumbprint, where the key has one to show.
    pub thumbprint: Option<String>,
}

impl KeyFacts {
    /// The key in a few words: `an RSA key of 1024 bits`, `a P-256 key`.
    pub fn words(&self) -> String {
        match (self.kty.as_str(), &self.crv) {
            ("oct", _) => format!("a secret of {} bytes", self.bits / 8),
            ("RSA", _) => format!("an RSA key of {} bits", self.bits),
            (_, Some(crv)) if crv.starts_with('E') => format!("an {crv} key"),
            (_, Some(crv)) => format!("a {crv} key"),
            (kty, None) => format!("a key of type {kty}"),
        }
    }
}

impl KeyRule {
    /// Whether the rule speaks of such a key.
    fn fits(&self, key: &KeyFacts) -> bool {
        self.kty == key.kty
            && (self.crv.is_none() || self.crv == key.crv)
            && self.min_bits.is_none_or(|bits| key.bits >= bits)
    }

    /// The keys it speaks of, in a few words.
    fn words(&self) -> String {
        let kind = self.crv.as_deref().unwrap_or(&self.kty);
        let size = self.min_bits.map(|bits| format!(" of {bits} bits or more")).unwrap_or_default();
        let algs: Vec<&str> = self.algs.iter().map(|alg| alg.name()).collect();
        format!("{kind}{size} for {}", algs.join(" or "))
    }
}

impl PrivateKey {
    /// The rule that takes such a key.
    pub fn rule_for(&self, key: &KeyFacts) -> Option<&KeyRule> {
        self.keys.iter().find(|rule| rule.fits(key))
    }

    /// Why such a key is not taken, where the definition says so.
    fn refusal(&self, key: &KeyFacts) -> Option<&str> {
        let refused = self.refused.iter().find(|refused| {
            refused.kty == key.kty
                && (refused.crv.is_none() || refused.crv == key.crv)
                && refused.under_bits.is_none_or(|bits| key.bits < bits)
        });
        refused.map(|refused| refused.reason.as_str())
    }

    /// The keys that are taken, in words.
    fn wanted(&self) -> String {
        self.keys.iter().map(KeyRule::words).collect::<Vec<_>>().join(", or ")
    }
}

impl Definition {
    /// The private key that signs tokens of this provider.
    pub fn signing_key(&self) -> Option<&PrivateKey> {
        let id = self.token.as_ref()?.credential.as_deref()?;
        self.credentials.private_keys.iter().find(|key| key.id == id)
    }

    /// The secret that signs tokens of this provider.
    pub fn signing_secret(&self) -> Option<&Secret> {
        let id = self.token.as_ref()?.credential.as_deref()?;
        self.credentials.secrets.iter().find(|secret| secret.id == id)
    }

    /// Whether calls or their tokens are made with this credential, rather than something else such as a webhook's check.
    pub fn authenticates(&self, credential: &str) -> bool {
        self.token.as_ref().is_some_and(|token| token.credential.as_deref() == Some(credential))
            || self.placement.takes.iter().any(|taken| taken == credential)
            || self.flows.iter().any(|flow| flow.credential.as_deref() == Some(credential))
    }

    /// Whether a credential has a field of this name for templates. The texts go with what signs.
    pub(crate) fn has_field(&self, credential: Credential<'_>, field: &str) -> bool {
        let signs = self.token.as_ref().and_then(|token| token.credential.as_deref()) == Some(credential.id());
        let own = match credential {
            Credential::Login(login) => {
                ["username", "password"].contains(&field) || login.also.iter().any(|text| text.id == field)
            }
            Credential::Client(_) => ["client_id", "client_secret"].contains(&field),
            Credential::PrivateKey(key) => key.file.as_ref().is_some_and(|file| file.fields.contains_key(field)),
            Credential::Secret(_) | Credential::ApiKey(_) | Credential::Text(_) => false,
        };
        own || (signs && self.credentials.texts.iter().any(|text| text.id == field))
    }

    /// The algorithms that keys may have here, the usual one first.
    pub fn algs(&self) -> Vec<Alg> {
        let mut algs: Vec<Alg> = match (self.signing_key(), self.signing_secret()) {
            (Some(key), _) => key.keys.iter().flat_map(|rule| &rule.algs).copied().collect(),
            (None, Some(secret)) => secret.algs.clone(),
            (None, None) => Vec::new(),
        };
        let mut seen = Vec::new();
        algs.retain(|alg| {
            !seen.contains(alg) && {
                seen.push(*alg);
                true
            }
        });
        algs
    }

    /// The algorithms that such a key may sign with here, the usual one first; none where the key is not taken.
    pub fn algs_for(&self, key: &KeyFacts) -> &[Alg] {
        if let Some(kind) = self.signing_key() {
            return kind.rule_for(key).map_or(&[], |rule| &rule.algs);
        }
        match self.signing_secret() {
            Some(secret) if key.kty == "oct" => &secret.algs,
            _ => &[],
        }
    }

    /// The algorithm that such a key signs with: the one chosen, else the usual one.
    pub fn alg_for(&self, key: &KeyFacts) -> Option<Alg> {
        key.alg.or_else(|| self.algs_for(key).first().copied())
    }
}

/// Says whether the provider takes such a key, and what is worth knowing of it.
pub fn check_key(definition: &Definition, key: &KeyFacts) -> Vec<Finding> {
    let name = &definition.name;
    let mut findings = Vec::new();
    if let Some(kind) = definition.signing_key() {
        match kind.rule_for(key) {
            Some(rule) => {
                if let Some(advice) = &rule.advice {
                    findings.push(Finding::new(Code::KeyAdvice, format!("{} is used: {advice}", key.words())));
                }
            }
            None => findings.push(refused(name, kind, key)),
        }
    } else if let Some(secret) = definition.signing_secret() {
        if key.kty != "oct" {
            let message = format!("{} is not a secret, and {name} wants one", key.words());
            findings.push(Finding::new(Code::AlgKeyType, message));
        } else if let Some(advised) = secret.advised_bytes.filter(|advised| (key.bits as usize) / 8 < *advised) {
            let message = format!("the secret has {} bytes, wanted {advised} or more", key.bits / 8);
            findings.push(Finding::new(Code::SecretShort, message));
        }
    } else {
        return findings;
    }
    let algs = definition.algs_for(key);
    if let Some(alg) = key.alg.filter(|alg| !algs.is_empty() && !algs.contains(alg)) {
        let names: Vec<&str> = algs.iter().map(|alg| alg.name()).collect();
        let message = format!("{alg} is not what {name} takes from {}, wanted {}", key.words(), names.join(" or "));
        findings.push(Finding::new(Code::AlgNotAllowed, message));
    }
    findings.extend(check_kid(definition, key));
    findings
}

/// Why a key is not taken, under the code that says what is wrong with it.
fn refused(name: &str, kind: &PrivateKey, key: &KeyFacts) -> Finding {
    let same_type: Vec<&KeyRule> = kind.keys.iter().filter(|rule| rule.kty == key.kty).collect();
    let code = match key.kty.as_str() {
        _ if same_type.is_empty() => Code::AlgKeyType,
        "RSA" => Code::RsaShort,
        _ => Code::AlgCurve,
    };
    let reason = kind.refusal(key).map(|reason| format!(": {reason}")).unwrap_or_default();
    Finding::new(code, format!("{name} does not take {}{reason}", key.words()))
        .hint(format!("use a key that it takes: {}", kind.wanted()))
}

/// A key id that the provider computes from the key, and another one entered for it.
fn check_kid(definition: &Definition, key: &KeyFacts) -> Option<Finding> {
    let member = definition.token.as_ref()?.header.iter().find(|member| member.name == "kid")?;
    let computed = member.value.only_slot() == Some(&Slot::Thumbprint);
    let (kid, thumbprint) = (key.kid.as_deref()?, key.thumbprint.as_deref()?);
    (computed && kid != thumbprint).then(|| {
        let message = format!("the kid entered is {kid:?}, the thumbprint of this key is {thumbprint:?}");
        let hint = format!(
            "{} finds the key by its thumbprint: this is another key's kid, or a mistyped one",
            definition.name
        );
        Finding::new(Code::KidNotThumbprint, message).hint(hint)
    })
}
