//! Key checks: weaknesses of a key, and whether it fits an algorithm, for signing and for verifying.

use std::collections::HashMap;

use super::{DeclaredAlg, Jwk, Key, PublicKey, RsaPublic, Secret, looks, wanted_key};
use crate::{Alg, Code, Finding, alg::Family};

/// What a key is about to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Making a signature.
    Sign,
    /// Judging one.
    Verify,
}

/// Everything that is wrong with the key itself, whatever it is used for.
pub fn check(key: &Key) -> Vec<Finding> {
    match key {
        Key::Secret(secret) => check_secret(secret),
        Key::Private(_) | Key::Public(_) => match key.public() {
            Some(PublicKey::Rsa(rsa)) => check_rsa(&rsa),
            _ => Vec::new(),
        },
    }
}

/// Whether a key of this type, with what its owner said of it, may be used with `alg` at all.
pub fn fit(alg: Alg, jwk: &Jwk, purpose: Purpose) -> Result<(), Finding> {
    let family = alg.family();
    let fits = match (&jwk.key, family) {
        (Key::Secret(_), Family::Hmac) => true,
        (Key::Secret(_), _) | (_, Family::Hmac) => false,
        (key, family) => match (key.public(), family) {
            (Some(PublicKey::Ec(ec)), Family::Ecdsa(curve)) if ec.curve != curve => {
                let found = format!("{alg} takes a key on {curve}, and this key is on {}", ec.curve);
                let hint = format!("sign with {}, or use a key on {curve}", ec.curve.alg());
                return Err(Finding::new(Code::AlgCurve, found).hint(hint));
            }
            (Some(PublicKey::Ec(_)), Family::Ecdsa(_)) => true,
            (Some(PublicKey::Rsa(_)), Family::RsaPkcs1 | Family::RsaPss) => true,
            (Some(PublicKey::Ed25519(_)), Family::Ed25519) => true,
            _ => false,
        },
    };
    if !fits {
        let article = if matches!(jwk.key, Key::Secret(_)) { "an " } else { "" };
        let found = format!("{alg} takes {}, and this is {article}{}", wanted_key(family), jwk.key.describe());
        let names: Vec<&str> = jwk.key.algs().iter().map(|alg| alg.name()).collect();
        return Err(
            Finding::new(Code::AlgKeyType, found).hint(format!("this key can be used with {}", names.join(", ")))
        );
    }
    match &jwk.alg {
        Some(DeclaredAlg::Known(own)) if *own == alg => {}
        Some(own) => {
            let found = format!("the key is bound to {:?} by its \"alg\", and {alg} is asked for", own.name());
            let hint = match own {
                DeclaredAlg::Known(_) => "use the key's own algorithm",
                DeclaredAlg::Other(_) => {
                    "that is the name of no signature algorithm; correct the key where it was made"
                }
            };
            return Err(Finding::new(Code::AlgNotTheKeys, found).hint(hint));
        }
        None => {}
    }
    if let Some(key_use) = jwk.key_use.as_deref().filter(|key_use| *key_use != "sig") {
        let found = format!("the key's \"use\" is {key_use:?}; wanted \"sig\"");
        return Err(Finding::new(Code::KeyUse, found).hint("keep keys for signing and for encryption apart"));
    }
    let wanted = if purpose == Purpose::Sign { "sign" } else { "verify" };
    // The public half of a pair that says "sign" may of course verify what it signed.
    let allowed = |op: &String| op == wanted || op == "sign" && matches!(jwk.key, Key::Private(_));
    if !jwk.key_ops.is_empty() && !jwk.key_ops.iter().any(allowed) {
        let found = format!("the key's \"key_ops\" are {}; wanted {wanted:?} among them", jwk.key_ops.join(", "));
        return Err(Finding::new(Code::KeyUse, crate::text::elide(&found)));
    }
    Ok(())
}

/// The findings that keep a key from being used with `alg`. A short or well-known secret may be let through on request,
/// since there are servers that hand such secrets out.
pub fn refusals(alg: Alg, key: &Key, allow_weak: bool) -> Vec<Finding> {
    let mut findings: Vec<Finding> = check(key).into_iter().filter(Finding::is_error).collect();
    if let Key::Secret(secret) = key {
        findings.extend(short_secret(alg, secret));
        if allow_weak {
            findings.retain(|finding| !matches!(finding.code, Code::SecretShort | Code::SecretKnown));
        }
    }
    findings
}

/// The finding for a secret shorter than the hash of `alg`.
pub fn short_secret(alg: Alg, secret: &Secret) -> Option<Finding> {
    let wanted = usize::from(alg.row().key_bits) / 8;
    (!secret.is_empty() && secret.len() < wanted).then(|| {
        let found = format!("the secret has {} bytes; wanted at least {wanted} for {alg}", secret.len());
        Finding::new(Code::SecretShort, found).hint("ask for a longer secret, or generate one")
    })
}

/// The finding for a secret that names its algorithm itself and is too short for it. Without such a name a short secret is a
/// finding of another code, since there are servers that hand such secrets out.
pub fn short_for_its_alg(jwk: &Jwk) -> Option<Finding> {
    let (Key::Secret(secret), Some(DeclaredAlg::Known(alg))) = (&jwk.key, &jwk.alg) else { return None };
    short_secret(*alg, secret).map(|short| Finding { code: Code::SecretUnderAlg, ..short })
}

/// The finding for a secret that is too short for the algorithm that it is to be used with: an error where it names that itself.
pub fn short_for(alg: Alg, jwk: &Jwk) -> Option<Finding> {
    let Key::Secret(secret) = &jwk.key else { return None };
    short_for_its_alg(jwk).or_else(|| short_secret(alg, secret))
}

/// Bits under which a secret can be found by trying.
const GUESSABLE_BITS: usize = 112;

/// The finding for a secret that is so short that whoever sees one token can find it by trying.
pub fn guessable(secret: &Secret) -> Option<Finding> {
    (!secret.is_empty() && secret.len() * 8 < GUESSABLE_BITS).then(|| {
        let found =
            format!("the secret has {} bytes; under {} it can be found by trying", secret.len(), GUESSABLE_BITS / 8);
        Finding::new(Code::SecretGuessable, found).hint("ask for a longer secret, or generate one")
    })
}

/// What is wrong with a set as a whole: private beside public keys, two keys under one kid that nothing else tells apart.
pub(super) fn check_set(keys: &[Jwk]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if keys.len() < 2 {
        return findings;
    }
    let private = keys.iter().filter(|jwk| !matches!(jwk.key, Key::Public(_))).count();
    if private > 0 && private < keys.len() {
        let found = format!("of {} keys in the set {private} are private or secret and the others public", keys.len());
        findings.push(Finding::new(Code::SetMixed, found).hint("publish the public halves alone"));
    }
    let mut seen: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, jwk) in keys.iter().enumerate() {
        let Some(kid) = &jwk.kid else { continue };
        let same = seen.entry(kid).or_default();
        if let Some(first) = same.iter().find(|first| are_alike(&keys[**first], jwk)) {
            let found =
                format!("keys {} and {} of the set share the kid {:?}", first + 1, index + 1, crate::text::elide(kid));
            let hint = "a verifier cannot know which one is meant; give each key a kid of its own";
            findings.push(Finding::new(Code::SetDuplicateKid, found).hint(hint));
        }
        same.push(index);
    }
    findings
}

/// Whether a token that names the kid of both could mean either: neither type nor `use` nor `alg` tells them apart (RFC 7517 §4.5
/// lets keys that differ in type share a kid).
fn are_alike(one: &Jwk, other: &Jwk) -> bool {
    let overlap = |a: Option<&str>, b: Option<&str>| a.is_none() || b.is_none() || a == b;
    one.key.algs() == other.key.algs()
        && overlap(one.key_use.as_deref(), other.key_use.as_deref())
        && overlap(one.alg.as_ref().map(DeclaredAlg::name), other.alg.as_ref().map(DeclaredAlg::name))
}

fn check_rsa(rsa: &RsaPublic) -> Vec<Finding> {
    let mut findings = Vec::new();
    if rsa.bits() < 2048 {
        let found = format!("the RSA modulus has {} bits; wanted at least 2048", rsa.bits());
        findings.push(Finding::new(Code::RsaShort, found).hint("make a new key of 2048 bits or more"));
    }
    if rsa.bits() > 8192 {
        let found = format!("the RSA modulus has {} bits; wanted at most 8192", rsa.bits());
        findings.push(Finding::new(Code::RsaModulus, found));
    }
    if rsa.n.last().is_some_and(|last| last % 2 == 0) {
        findings.push(Finding::new(Code::RsaModulus, "the RSA modulus is even; a product of two large primes is odd"));
    }
    match exponent(&rsa.e) {
        Some(e) if e < 65537 => {
            let found = format!("the RSA public exponent is {e}; wanted 65537 or more");
            let hint = if e == 1 { "with e = 1 anybody can forge signatures" } else { "make a new key with e = 65537" };
            findings.push(Finding::new(Code::RsaExponent, found).hint(hint));
        }
        Some(e) if e % 2 == 0 => {
            findings.push(Finding::new(
                Code::RsaExponent,
                format!("the RSA public exponent {e} is even; wanted an odd one"),
            ));
        }
        Some(e) if e >> 33 == 0 => {}
        _ => findings.push(Finding::new(
            Code::RsaExponent,
            format!("the RSA public exponent has {} bytes; wanted at most 33 bits", rsa.e.len()),
        )),
    }
    if is_roca(&rsa.n) {
        let hint = "the key was made by a faulty smart card or TPM and can be factored; make a new one";
        findings.push(Finding::new(Code::Roca, "the RSA modulus has the fingerprint of CVE-2017-15361").hint(hint));
    }
    findings
}

fn exponent(e: &[u8]) -> Option<u64> {
    (e.len() <= 8).then(|| e.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// Whether the modulus is, for each of these primes, a power of 65537: so are the moduli of the faulty library, and by
/// chance fewer than one in 10^8 others (Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, §3.1).
fn is_roca(n: &[u8]) -> bool {
    const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
    PRIMES.iter().all(|&prime| {
        let residue = n.iter().fold(0, |value, byte| (value * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        (0..prime).any(|_| {
            let hit = power == residue;
            power = power * 65537 % prime;
            hit
        })
    })
}

/// Secrets that stand in documentation, tutorials and word lists; anybody can sign with them.
#[rustfmt::skip]
static KNOWN_SECRETS: &[&str] = &[
    "secret", "Secret", "SECRET", "secretkey", "secret-key", "secret_key", "your-secret", "your_secret", "your-secret-key",
    "your_secret_key", "your-256-bit-secret", "your-384-bit-secret", "your-512-bit-secret", "my-secret", "mysecret",
    "my_secret", "mysecretkey", "supersecret", "super-secret", "supersecretkey", "changeme", "change-me", "change_me",
    "changeit", "password", "passw0rd", "test", "testing", "jwt", "jwtsecret", "jwt-secret", "jwt_secret", "JWT_SECRET",
    "key", "private", "example", "default", "admin", "token", "shhhhh", "shhhhhhared-secret", "keyboard cat",
    "a-string-secret-at-least-256-bits-long", "a-valid-string-secret-that-is-at-least-384-bits-long",
    "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    "YOUR_SECRET_KEY", "YOUR_API_SECRET", "REPLACE_ME", "TODO", "0123456789abcdef0123456789abcdef",
];

pub(crate) fn check_secret(secret: &Secret) -> Vec<Finding> {
    let mut findings = Vec::new();
    let bytes = secret.bytes();
    let trimmed = bytes.trim_ascii_end();
    if bytes.is_empty() {
        return vec![Finding::new(Code::SecretEmpty, "the secret is empty; anybody can sign with it")];
    }
    if bytes.ends_with(b"\n") {
        let found = format!("the secret of {} bytes ends with a line break", bytes.len());
        let hint = "an editor or echo may have added it; servers count every byte";
        findings.push(Finding::new(Code::SecretNewline, found).hint(hint));
    }
    if bytes.len() > 1 && bytes.iter().all(|byte| byte == &bytes[0]) {
        let found = format!("the secret is one byte, {} times over", bytes.len());
        findings.push(Finding::new(Code::SecretKnown, found).hint("anybody can guess it; use a random one"));
    }
    if KNOWN_SECRETS.iter().any(|known| known.as_bytes() == trimmed || decodes_to(known, trimmed)) {
        let found = "the secret is a placeholder or stands in public documentation";
        findings.push(Finding::new(Code::SecretKnown, found).hint("anybody can sign with it; use a random one"));
    }
    if let Some(what) = looks::key_in(trimmed) {
        let hint = "a public key used as an HMAC secret lets anybody sign; choose an algorithm for key pairs, or take the \"k\" \
                    member of an \"oct\" JWK as the secret";
        findings.push(Finding::new(Code::SecretIsKey, format!("the secret is {what}")).hint(hint));
    }
    findings
}

fn decodes_to(known: &str, bytes: &[u8]) -> bool {
    data_encoding::BASE64URL_NOPAD.decode(known.as_bytes()).is_ok_and(|decoded| known.len() > 40 && decoded == bytes)
}
