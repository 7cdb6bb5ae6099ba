//! Which `[[rotation]]` of a definition is meant for a credential and its next key.

use jose::{
    Alg,
    alg::{Curve, Family},
};
use keyset::Method;

use crate::{
    definition::{Definition, KeyRule},
    key::KeyFacts,
};

impl Definition {
    /// How this credential is rotated, where the definition says it: the first section that is meant for it and for a next
    /// key of this type. The type of a key is [`KeyFacts::key_type`], or [`key_type`] of the algorithm that it will sign
    /// with; none for a secret, an API key, a login and a client.
    pub fn rotation_of(&self, credential: &str, key_type: Option<&str>) -> Option<&Method> {
        Method::find(&self.rotation, credential, key_type)
    }
}

impl KeyFacts {
    /// The type of a key pair as `keys` of a rotation names it: `EC/P-521`, `OKP/Ed25519`, `RSA`. None for a secret.
    pub fn key_type(&self) -> Option<String> {
        match (self.kty.as_str(), &self.crv) {
            ("oct", _) => None,
            (kty, Some(crv)) => Some(format!("{kty}/{crv}")),
            (kty, None) => Some(kty.to_owned()),
        }
    }
}

/// The type of the key pairs that sign with an algorithm, as `keys` of a rotation names it. None where a secret signs.
///
/// ```
/// # use keywright_provider::key_type;
/// assert_eq!(key_type(jose::Alg::ES512), Some("EC/P-521"));
/// assert_eq!(key_type(jose::Alg::PS256), Some("RSA"));
/// assert_eq!(key_type(jose::Alg::HS256), None);
/// ```
pub fn key_type(alg: Alg) -> Option<&'static str> {
    match alg.family() {
        Family::Hmac => None,
        Family::RsaPkcs1 | Family::RsaPss => Some("RSA"),
        Family::Ecdsa(curve) => Some(on_curve(curve)),
        Family::Ed25519 => Some("OKP/Ed25519"),
    }
}

const fn on_curve(curve: Curve) -> &'static str {
    match curve {
        Curve::P256 => "EC/P-256",
        Curve::P384 => "EC/P-384",
        Curve::P521 => "EC/P-521",
        Curve::Secp256k1 => "EC/secp256k1",
    }
}

impl KeyRule {
    /// The types of the keys that it speaks of, as `keys` of a rotation names them.
    pub(crate) fn key_types(&self) -> Vec<String> {
        match (self.kty.as_str(), &self.crv) {
            (kty, Some(crv)) => vec![format!("{kty}/{crv}")],
            ("EC", None) => Curve::ALL.map(|curve| on_curve(curve).to_owned()).to_vec(),
            ("OKP", None) => vec!["OKP/Ed25519".to_owned()],
            (kty, None) => vec![kty.to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::built_in_named;

    #[test]
    fn a_key_and_its_algorithm_lead_to_the_same_section() {
        let gr4vy = built_in_named("gr4vy").unwrap();
        let facts = |kty: &str, crv: Option<&str>| KeyFacts {
            kty: kty.to_owned(),
            crv: crv.map(str::to_owned),
            bits: 0,
            alg: None,
            kid: None,
            thumbprint: None,
        };
        for (alg, facts) in [(Alg::ES512, facts("EC", Some("P-521"))), (Alg::RS512, facts("RSA", None))] {
            assert_eq!(key_type(alg).map(str::to_owned), facts.key_type());
            let found = gr4vy.rotation_of("private_key", key_type(alg)).unwrap();
            assert_eq!(found.keys, [key_type(alg).unwrap()]);
        }
        assert_eq!(facts("oct", None).key_type(), None);
        assert_eq!(gr4vy.rotation_of("private_key", key_type(Alg::ES256)), None, "Gr4vy takes none on P-256");
        assert!(gr4vy.rotation_of("webhook_secret", None).is_some());
        assert_eq!(gr4vy.rotation_of("webhook_secrt", None), None);
    }
}
