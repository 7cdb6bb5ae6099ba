//! Credentials can be had, and do what they are said to do.

use jose::{
    Alg,
    alg::{Curve, Family},
};

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{definition::KeyRule, shape::Shape};

impl Checker<'_> {
    pub(super) fn credentials(&mut self) {
        self.private_keys();
        self.secrets();
        let kinds = &self.definition.credentials;
        for (i, key) in kinds.api_keys.iter().enumerate() {
            self.shape(steps!["credentials", "api-keys", i, "shape"], &key.shape);
        }
        for (i, text) in kinds.texts.iter().enumerate() {
            self.shape(steps!["credentials", "texts", i, "shape"], &text.shape);
        }
        for (i, login) in kinds.logins.iter().enumerate() {
            for (j, text) in login.also.iter().enumerate() {
                self.shape(steps!["credentials", "logins", i, "also", j, "shape"], &text.shape);
            }
        }
    }

    fn private_keys(&mut self) {
        for (i, key) in self.definition.credentials.private_keys.iter().enumerate() {
            if key.forms.is_empty() {
                self.fault(steps!["credentials", "private-keys", i, "forms"], "no form", "at least one");
            }
            if key.keys.is_empty() {
                self.fault(steps!["credentials", "private-keys", i, "keys"], "no key that will do", "at least one");
            }
            for (j, rule) in key.keys.iter().enumerate() {
                self.key_rule(steps!["credentials", "private-keys", i, "keys", j], rule);
            }
        }
    }

    /// There are such keys, and they sign with these algorithms.
    fn key_rule(&mut self, here: &[Step<'_>], rule: &KeyRule) {
        let at = |key| [here, &[Step::Key(key)]].concat();
        let curves: Vec<&str> = match rule.kty.as_str() {
            "EC" => Curve::ALL.iter().map(|curve| curve.name()).collect(),
            "OKP" => vec!["Ed25519"],
            "RSA" => Vec::new(),
            kty => {
                let wanted = self.wanted(kty, ["EC", "RSA", "OKP"], "\"EC\", \"RSA\" or \"OKP\"");
                return self.fault(&at("kty"), format!("{kty:?}, of which no key is"), wanted);
            }
        };
        if let Some(crv) = rule.crv.as_deref().filter(|crv| !curves.contains(crv)) {
            let otherwise = if curves.is_empty() { "none".to_owned() } else { curves.join(" or ") };
            let wanted = self.wanted(crv, curves.iter().copied(), otherwise);
            return self.fault(&at("crv"), format!("{crv:?}, which no {} key has", rule.kty), wanted);
        }
        if rule.min_bits.is_some() && rule.kty != "RSA" {
            self.fault(&at("min-bits"), format!("bits of an {} key", rule.kty), "none: its curve says how many");
        }
        if rule.algs.is_empty() {
            self.fault(&at("algs"), "no algorithm", "at least one");
        }
        if let Some(alg) = rule.algs.iter().find(|alg| !signs_with(rule, **alg)) {
            let found = match alg.is_hmac() {
                true => format!("{alg}, which is keyed with a shared secret"),
                false => format!("{alg}, with which no {} key signs", rule.crv.as_deref().unwrap_or(&rule.kty)),
            };
            self.fault(&at("algs"), found, "a signature algorithm of such a key");
        }
    }

    fn secrets(&mut self) {
        for (i, secret) in self.definition.credentials.secrets.iter().enumerate() {
            if secret.encodings.is_empty() {
                self.fault(steps!["credentials", "secrets", i, "encodings"], "no encoding", "at least one");
            }
            if let Some(alg) = secret.algs.iter().find(|alg| !alg.is_hmac()) {
                let found = format!("{alg}, which is keyed with a key pair");
                let hmac: Vec<&str> = Alg::all().filter(|alg| alg.is_hmac()).map(Alg::name).collect();
                self.fault(steps!["credentials", "secrets", i, "algs"], found, format!("one of {}", hmac.join(", ")));
            }
        }
    }

    /// Some text has the form.
    pub(super) fn shape(&mut self, at: &[Step<'_>], shape: &Shape) {
        if let Some((min, max)) = shape.min.zip(shape.max).filter(|(min, max)| min > max) {
            self.fault(at, format!("at least {min} and at most {max} characters"), "min no more than max");
        }
    }
}

/// Whether a key of the rule signs with an algorithm.
fn signs_with(rule: &KeyRule, alg: Alg) -> bool {
    match alg.family() {
        Family::Hmac => false,
        Family::RsaPkcs1 | Family::RsaPss => rule.kty == "RSA",
        Family::Ecdsa(curve) => rule.kty == "EC" && rule.crv.as_deref().is_none_or(|crv| crv == curve.name()),
        Family::Ed25519 => rule.kty == "OKP",
    }
}
