//! Project Wycheproof, through the one computation that judging a token ends in. Every case is counted: run, or left out
//! for a reason that is written here.
//!
//! Left out as whole sets: ECDSA in DER and with other hashes, on other curves (JOSE has one hash for each curve and P1363
//! alone); HMAC with SHA-1, SHA-224, SHA-3, SHA-512/t and SM3; RSA with SHA-1, SHA-224, SHA-3 and SHA-512/t, PSS with
//! SHAKE, SHA-1 masks or foreign salts; Ed448. PBES2: its plaintexts are text, and what is opened here must be a key.

use std::collections::BTreeMap;

use keywright_jose::{Alg, key::Jwk, verify::verify_bytes};
use wycheproof::{HashFunction, TestResult, ecdsa, eddsa, mac, rsa_pkcs1_verify, rsa_pss_verify};

use crate::support::{key, secret};

/// What became of a set.
#[derive(Default)]
struct Count {
    run: usize,
    left_out: BTreeMap<&'static str, usize>,
}

impl Count {
    fn run(&mut self, id: usize, result: TestResult, alg: Alg, jwk: &Jwk, message: &[u8], signature: &[u8]) {
        let good = verify_bytes(alg, jwk, message, signature);
        match result {
            TestResult::Valid => assert!(good, "{alg} case {id} is valid and was refused"),
            TestResult::Invalid => assert!(!good, "{alg} case {id} is invalid and was accepted"),
            TestResult::Acceptable => return self.leave_out("either answer is right"),
        }
        self.run += 1;
    }

    fn leave_out(&mut self, reason: &'static str) {
        *self.left_out.entry(reason).or_default() += 1;
    }

    fn assert(&self, run: usize, left_out: &[(&'static str, usize)]) {
        assert_eq!((self.run, &self.left_out), (run, &left_out.iter().copied().collect()));
    }
}

fn ecdsa_set(alg: Alg, name: ecdsa::TestName) -> Count {
    let mut count = Count::default();
    for group in ecdsa::TestSet::load(name).unwrap().test_groups {
        let jwk = key(&group.der[..]);
        for test in group.tests {
            count.run(test.tc_id, test.result, alg, &jwk, &test.msg, &test.sig);
        }
    }
    count
}

#[test]
fn ecdsa_p256() {
    ecdsa_set(Alg::ES256, ecdsa::TestName::EcdsaSecp256r1Sha256P1363).assert(262, &[]);
}

#[test]
fn ecdsa_p384() {
    ecdsa_set(Alg::ES384, ecdsa::TestName::EcdsaSecp384r1Sha384P1363).assert(280, &[]);
}

#[test]
fn ecdsa_p521() {
    ecdsa_set(Alg::ES512, ecdsa::TestName::EcdsaSecp521r1Sha512P1363).assert(318, &[]);
}

#[test]
fn ecdsa_secp256k1() {
    ecdsa_set(Alg::ES256K, ecdsa::TestName::EcdsaSecp256k1Sha256P1363).assert(252, &[]);
}

#[test]
fn ed25519() {
    let mut count = Count::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let jwk = key(&group.der[..]);
        for test in group.tests {
            count.run(test.tc_id, test.result, Alg::EdDSA, &jwk, &test.msg, &test.sig);
        }
    }
    count.assert(151, &[]);
}

#[test]
fn hmac() {
    use mac::TestName::{HmacSha256, HmacSha384, HmacSha512};
    let mut count = Count::default();
    for (alg, name, bits) in
        [(Alg::HS256, HmacSha256, 256), (Alg::HS384, HmacSha384, 384), (Alg::HS512, HmacSha512, 512)]
    {
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                if group.tag_size != bits {
                    count.leave_out("a truncated tag: JOSE's are whole");
                    // A valid short tag must not be taken for a MAC.
                    assert!(!verify_bytes(alg, &secret(&test.key), &test.msg, &test.tag));
                    continue;
                }
                count.run(test.tc_id, test.result, alg, &secret(&test.key), &test.msg, &test.tag);
            }
        }
    }
    count.assert(261, &[("a truncated tag: JOSE's are whole", 261)]);
}

#[test]
fn rsa_pkcs1() {
    use rsa_pkcs1_verify::TestName::{
        Rsa2048Sha256, Rsa2048Sha384, Rsa2048Sha512, Rsa3072Sha256, Rsa3072Sha384, Rsa3072Sha512, Rsa4096Sha256,
        Rsa4096Sha384, Rsa4096Sha512, Rsa8192Sha256, Rsa8192Sha384, Rsa8192Sha512,
    };
    let names = [
        Rsa2048Sha256,
        Rsa2048Sha384,
        Rsa2048Sha512,
        Rsa3072Sha256,
        Rsa3072Sha384,
        Rsa3072Sha512,
        Rsa4096Sha256,
        Rsa4096Sha384,
        Rsa4096Sha512,
        Rsa8192Sha256,
        Rsa8192Sha384,
        Rsa8192Sha512,
    ];
    let mut count = Count::default();
    for name in names {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let jwk = key(&group.der[..]);
            let alg = match group.hash {
                HashFunction::Sha2_256 => Alg::RS256,
                HashFunction::Sha2_384 => Alg::RS384,
                HashFunction::Sha2_512 => Alg::RS512,
                other => panic!("{other:?} is in none of these sets"),
            };
            for test in group.tests {
                if is_small_exponent(&group.key.e) {
                    count.leave_out("an exponent of 3, which is refused whatever it signed");
                    assert!(!verify_bytes(alg, &jwk, &test.msg, &test.sig));
                    continue;
                }
                count.run(test.tc_id, test.result, alg, &jwk, &test.msg, &test.sig);
            }
        }
    }
    count
        .assert(3_089, &[("an exponent of 3, which is refused whatever it signed", 5), ("either answer is right", 12)]);
}

#[test]
fn rsa_pss() {
    use rsa_pss_verify::TestName::{
        RsaPss2048Sha256Mgf1SaltLen32, RsaPss2048Sha256Mgf1SaltLen32WithParams, RsaPss2048Sha384Mgf1SaltLen48,
        RsaPss3072Sha256Mgf1SaltLen32, RsaPss3072Sha256Mgf1SaltLen32WithParams, RsaPss4096Sha256Mgf1SaltLen32,
        RsaPss4096Sha384Mgf1SaltLen48, RsaPss4096Sha512Mgf1SaltLen64, RsaPss4096Sha512Mgf1SaltLen64WithParams,
        RsaPssmisc, RsaPssmiscWithParams,
    };
    let names = [
        RsaPss2048Sha256Mgf1SaltLen32,
        RsaPss2048Sha256Mgf1SaltLen32WithParams,
        RsaPss2048Sha384Mgf1SaltLen48,
        RsaPss3072Sha256Mgf1SaltLen32,
        RsaPss3072Sha256Mgf1SaltLen32WithParams,
        RsaPss4096Sha256Mgf1SaltLen32,
        RsaPss4096Sha384Mgf1SaltLen48,
        RsaPss4096Sha512Mgf1SaltLen64,
        RsaPss4096Sha512Mgf1SaltLen64WithParams,
        RsaPssmisc,
        RsaPssmiscWithParams,
    ];
    let mut count = Count::default();
    for name in names {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            // The key alone, since a key bound to PSS by its identifier is not read.
            let jwk = key(&group.asn_key[..]);
            let alg = match (group.hash, group.mgf_hash, group.salt_size) {
                (HashFunction::Sha2_256, Some(HashFunction::Sha2_256), 32) => Alg::PS256,
                (HashFunction::Sha2_384, Some(HashFunction::Sha2_384), 48) => Alg::PS384,
                (HashFunction::Sha2_512, Some(HashFunction::Sha2_512), 64) => Alg::PS512,
                _ => {
                    group.tests.iter().for_each(|_| count.leave_out("a hash, mask or salt that JOSE does not have"));
                    continue;
                }
            };
            for test in group.tests {
                count.run(test.tc_id, test.result, alg, &jwk, &test.msg, &test.sig);
            }
        }
    }
    count.assert(1_186, &[("a hash, mask or salt that JOSE does not have", 294)]);
}

fn is_small_exponent(e: &[u8]) -> bool {
    e.iter().copied().skip_while(|byte| *byte == 0).eq([3])
}
