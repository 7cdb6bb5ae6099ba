//! Another implementation of the same algorithms, RustCrypto, judges our signatures, and we judge its.

use keywright_jose::{Alg, sign::SigningKey, verify::verify_bytes};
use p256::ecdsa::signature::{Signer, Verifier};
use pkcs8::DecodePrivateKey;
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use sha2::{Sha256, Sha384, Sha512};

use crate::support::{key, key_file, text};

const MESSAGES: [&[u8]; 3] = [b"", b"header.payload", &[0xff; 5_000]];

fn ours(alg: Alg, pem: &str) -> SigningKey {
    SigningKey::new(alg, &key(pem), false).unwrap()
}

#[test]
fn ecdsa_on_p256() {
    let pem = text("keys/p256.pkcs8.pem");
    let theirs = p256::ecdsa::SigningKey::from_pkcs8_pem(&pem).unwrap();
    for message in MESSAGES {
        let ours = ours(Alg::ES256, &pem).sign_bytes(message).unwrap();
        let parsed = p256::ecdsa::Signature::from_slice(&ours).unwrap();
        theirs.verifying_key().verify(message, &parsed).unwrap();
        let signature: p256::ecdsa::Signature = theirs.sign(message);
        assert!(verify_bytes(Alg::ES256, &key_file("p256.pub.pem"), message, &signature.to_bytes()));
    }
}

#[test]
fn ecdsa_on_p521() {
    for name in ["p521-none", "p521-xzero", "p521-yzero"] {
        let pem = text(&format!("keys/{name}.pkcs8.pem"));
        let secret = p521::SecretKey::from_pkcs8_pem(&pem).unwrap();
        let theirs = p521::ecdsa::SigningKey::from_bytes(&secret.to_bytes()).unwrap();
        let verifier = p521::ecdsa::VerifyingKey::from(&theirs);
        for message in MESSAGES {
            let ours = ours(Alg::ES512, &pem).sign_bytes(message).unwrap();
            assert_eq!(ours.len(), 132);
            verifier.verify(message, &p521::ecdsa::Signature::from_slice(&ours).unwrap()).unwrap();
            let signature: p521::ecdsa::Signature = theirs.sign(message);
            assert!(verify_bytes(Alg::ES512, &key_file(&format!("{name}.pub.pem")), message, &signature.to_bytes()));
        }
    }
}

macro_rules! rsa_agrees {
    ($name:ident, $alg:expr, $hash:ty, $scheme:ident) => {
        #[test]
        fn $name() {
            let pem = text("keys/rsa-2048.pkcs8.pem");
            let theirs = rsa::$scheme::SigningKey::<$hash>::new(rsa::RsaPrivateKey::from_pkcs8_pem(&pem).unwrap());
            let verifier = rsa::signature::Keypair::verifying_key(&theirs);
            for message in MESSAGES {
                let ours = ours($alg, &pem).sign_bytes(message).unwrap();
                verifier.verify(message, &rsa::$scheme::Signature::try_from(&ours[..]).unwrap()).unwrap();
                let signature = theirs.sign_with_rng(&mut rsa::rand_core::OsRng, message);
                assert!(verify_bytes($alg, &key_file("rsa-2048.pub.pem"), message, &signature.to_bytes()));
            }
        }
    };
}

rsa_agrees!(rs256, Alg::RS256, Sha256, pkcs1v15);
rsa_agrees!(rs384, Alg::RS384, Sha384, pkcs1v15);
rsa_agrees!(rs512, Alg::RS512, Sha512, pkcs1v15);
rsa_agrees!(ps256, Alg::PS256, Sha256, pss);
rsa_agrees!(ps384, Alg::PS384, Sha384, pss);
rsa_agrees!(ps512, Alg::PS512, Sha512, pss);
