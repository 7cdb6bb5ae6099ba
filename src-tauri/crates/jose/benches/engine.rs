//! What a token costs beyond the bare computation, and how the cost grows with its size.
//!
//! - `sign`, `verify`: `keywright` is the public operation on a prepared key, with claims of 400 bytes: parsing, checks and
//!   encoding included; for `verify` it is the three verdicts with all that they rest on. `bare` is the aws-lc-rs call
//!   alone, with a parsed key, over the same bytes.
//!   Both are measured again by turns, since two figures taken a minute apart tell little of a difference of one percent.
//! - `sign claims`, `inspect`: an ES256 token whose claims have 1 KiB to 1 MiB.

#![allow(clippy::disallowed_methods, reason = "a bench has a clock, and writes down what it read there")]

use std::hint::black_box;
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, ParsedPublicKey, RsaEncoding,
    VerificationAlgorithm,
};
use aws_lc_rs::{hmac, rand, rsa};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use keywright_jose as jose;

use jose::Alg;
use jose::alg::{Curve, Family};
use jose::inspect::{Context, inspect_with};
use jose::key::{Jwk, read::read};
use jose::sign::{Draft, SigningKey, header};
use jose::verify::{Keyring, Trust, TrustedKey, Verdict};

#[path = "../../../../tests/bench/turns.rs"]
mod turns;
use turns::by_turns;

/// When the claims below are judged.
const NOW: i64 = 1_700_000_000;

fn beside_the_bare_call(c: &mut Criterion) {
    let claims = claims_of(400);
    for alg in Alg::all() {
        let Material { jwk, bare } = Material::generate(alg);
        let header = header(alg, jwk.effective_kid().as_deref(), &[]);
        let key = SigningKey::new(alg, &jwk, false).expect("a fresh key signs");
        let make = || Draft::jwt(&header, &claims).expect("the claims are well written").sign(&key).expect("it signs");
        let token = make().into_string();
        let (message, _) = token.rsplit_once('.').expect("a token has dots");

        let mut group = c.benchmark_group("sign");
        group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
        group.bench_function(BenchmarkId::new("keywright", alg), |b| b.iter(make));
        group.bench_function(BenchmarkId::new("bare", alg), |b| b.iter(|| bare.sign(black_box(message.as_bytes()))));
        group.finish();
        by_turns("sign", alg.name(), make, || bare.sign(black_box(message.as_bytes())));

        let keys = [TrustedKey { name: "bench", jwk: &jwk }];
        let trust = Trust { keys: &keys, named: true, allowed: &[] };
        let ring = Keyring::new(&trust);
        let context = Context { now: NOW, trust, ..Context::default() };
        let check = || {
            let found = inspect_with(black_box(token.as_bytes()), &context, &ring);
            assert!([found.structure, found.signature, found.policy] == [Verdict::Good; 3]);
            found
        };
        let signature = bare.sign(message.as_bytes());
        let verifier = bare.verifier(alg);

        let mut group = c.benchmark_group("verify");
        group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
        let check_bare = || assert!(verifier.verify(black_box(message.as_bytes()), &signature));
        group.bench_function(BenchmarkId::new("keywright", alg), |b| b.iter(check));
        group.bench_function(BenchmarkId::new("bare", alg), |b| b.iter(check_bare));
        group.finish();
        by_turns("verify", alg.name(), check, check_bare);
    }
}

fn by_size(c: &mut Criterion) {
    let Material { jwk, .. } = Material::generate(Alg::ES256);
    let header = header(Alg::ES256, jwk.effective_kid().as_deref(), &[]);
    let key = SigningKey::new(Alg::ES256, &jwk, false).expect("a fresh key signs");
    let keys = [TrustedKey { name: "bench", jwk: &jwk }];
    let trust = Trust { keys: &keys, named: true, allowed: &[] };
    let ring = Keyring::new(&trust);
    let context = Context { now: NOW, trust, ..Context::default() };

    for size in [1 << 10, 1 << 13, 1 << 16, 1 << 20] {
        let claims = claims_of(size);
        let make = || Draft::jwt(&header, &claims).expect("the claims are well written").sign(&key).expect("it signs");
        let token = make().into_string();

        for (name, job) in [
            ("sign claims", Box::new(|| black_box(make()).as_str().len()) as Box<dyn Fn() -> usize>),
            ("inspect", Box::new(|| inspect_with(token.as_bytes(), &context, &ring).findings.len())),
        ] {
            let mut group = c.benchmark_group(name);
            group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
            group.throughput(Throughput::Bytes(size as u64));
            group.bench_function(BenchmarkId::from_parameter(size), |b| b.iter(&job));
            group.finish();
        }
    }
}

/// A claims set of exactly `size` bytes, as an API for payments would have it: times, scopes, and a cart that fills up.
fn claims_of(size: usize) -> String {
    let mut claims = String::from(
        r#"{"iss":"keywright bench","sub":"merchant","iat":1699999990,"nbf":1699999990,"exp":1700003590,"scopes":["transactions.read","transactions.write"],"cart":["#,
    );
    let item = r#"{"name":"Paper, 80 g/m²","amount":1299,"quantity":10.50},"#;
    let end = r#"{"name":""}]}"#;
    while claims.len() + item.len() + end.len() <= size {
        claims.push_str(item);
    }
    let filling = size - claims.len() - end.len();
    claims.push_str(&end.replace(r#""""#, &format!("\"{}\"", "x".repeat(filling))));
    assert_eq!(claims.len(), size);
    claims
}

/// A fresh key, for Keywright and for the engine.
struct Material {
    jwk: Jwk,
    bare: Bare,
}

/// The engine's own parsed key.
enum Bare {
    Hmac(Box<hmac::Key>),
    Rsa(rsa::KeyPair, &'static dyn RsaEncoding),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

enum BareVerifier<'a> {
    Hmac(&'a hmac::Key),
    Public(ParsedPublicKey),
}

impl Material {
    fn generate(alg: Alg) -> Self {
        const NEW: &str = "the engine generates keys";
        let (file, bare) = match alg.family() {
            Family::Hmac => {
                let secret: [u8; 64] = std::array::from_fn(|at| (at * 37 % 251) as u8);
                let text = data_encoding::BASE64URL_NOPAD.encode(&secret);
                let jwk = format!(r#"{{"kty":"oct","k":"{text}"}}"#);
                (jwk.into_bytes(), Bare::Hmac(Box::new(hmac::Key::new(hmac_of(alg), &secret))))
            }
            Family::RsaPkcs1 | Family::RsaPss => {
                let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).expect(NEW);
                let der: Pkcs8V1Der<'_> = pair.as_der().expect(NEW);
                (der.as_ref().to_vec(), Bare::Rsa(pair, rsa_of(alg).0))
            }
            Family::Ecdsa(curve) => {
                let pair = EcdsaKeyPair::generate(ecdsa_of(curve).0).expect(NEW);
                (pair.to_pkcs8v1().expect(NEW).as_ref().to_vec(), Bare::Ecdsa(pair))
            }
            Family::Ed25519 => {
                let pair = Ed25519KeyPair::generate().expect(NEW);
                (pair.to_pkcs8v1().expect(NEW).as_ref().to_vec(), Bare::Ed25519(pair))
            }
        };
        let jwk = read(&file, None).expect("what the engine writes is a key").keys.remove(0);
        Self { jwk, bare }
    }
}

impl Bare {
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        const SIGNS: &str = "a fresh key signs";
        let random = rand::SystemRandom::new();
        match self {
            Self::Hmac(key) => hmac::sign(key, message).as_ref().to_vec(),
            Self::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(*encoding, &random, message, &mut signature).expect(SIGNS);
                signature
            }
            Self::Ecdsa(key) => key.sign(&random, message).expect(SIGNS).as_ref().to_vec(),
            Self::Ed25519(key) => key.sign(message).as_ref().to_vec(),
        }
    }

    fn verifier(&self, alg: Alg) -> BareVerifier<'_> {
        let (algorithm, public): (&dyn VerificationAlgorithm, &[u8]) = match (self, alg.family()) {
            (Self::Hmac(key), _) => return BareVerifier::Hmac(key),
            (Self::Rsa(pair, _), _) => (rsa_of(alg).1, pair.public_key().as_ref()),
            (Self::Ecdsa(pair), Family::Ecdsa(curve)) => (ecdsa_of(curve).1, pair.public_key().as_ref()),
            (Self::Ecdsa(_), _) => unreachable!("the pair was made for the algorithm"),
            (Self::Ed25519(pair), _) => (&signature::ED25519, pair.public_key().as_ref()),
        };
        BareVerifier::Public(ParsedPublicKey::new(algorithm, public).expect("the engine reads what it made"))
    }
}

impl BareVerifier<'_> {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

fn hmac_of(alg: Alg) -> hmac::Algorithm {
    match alg {
        Alg::HS256 => hmac::HMAC_SHA256,
        Alg::HS384 => hmac::HMAC_SHA384,
        _ => hmac::HMAC_SHA512,
    }
}

fn rsa_of(alg: Alg) -> (&'static dyn RsaEncoding, &'static dyn VerificationAlgorithm) {
    match alg {
        Alg::RS256 => (&signature::RSA_PKCS1_SHA256, &signature::RSA_PKCS1_2048_8192_SHA256),
        Alg::RS384 => (&signature::RSA_PKCS1_SHA384, &signature::RSA_PKCS1_2048_8192_SHA384),
        Alg::RS512 => (&signature::RSA_PKCS1_SHA512, &signature::RSA_PKCS1_2048_8192_SHA512),
        Alg::PS256 => (&signature::RSA_PSS_SHA256, &signature::RSA_PSS_2048_8192_SHA256),
        Alg::PS384 => (&signature::RSA_PSS_SHA384, &signature::RSA_PSS_2048_8192_SHA384),
        _ => (&signature::RSA_PSS_SHA512, &signature::RSA_PSS_2048_8192_SHA512),
    }
}

fn ecdsa_of(curve: Curve) -> (&'static EcdsaSigningAlgorithm, &'static dyn VerificationAlgorithm) {
    match curve {
        Curve::P256 => (&signature::ECDSA_P256_SHA256_FIXED_SIGNING, &signature::ECDSA_P256_SHA256_FIXED),
        Curve::P384 => (&signature::ECDSA_P384_SHA384_FIXED_SIGNING, &signature::ECDSA_P384_SHA384_FIXED),
        Curve::P521 => (&signature::ECDSA_P521_SHA512_FIXED_SIGNING, &signature::ECDSA_P521_SHA512_FIXED),
        Curve::Secp256k1 => (&signature::ECDSA_P256K1_SHA256_FIXED_SIGNING, &signature::ECDSA_P256K1_SHA256_FIXED),
    }
}

criterion_group!(benches, beside_the_bare_call, by_size);
criterion_main!(benches);
