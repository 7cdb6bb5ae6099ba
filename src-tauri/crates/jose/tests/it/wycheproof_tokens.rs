//! Project Wycheproof's files about JOSE: tokens with the key that judges them, as one who trusts that key alone would. A token is
//! accepted where its structure and its signature are good. Payloads of these files are no claims, so the policy is nobody's.
//!
//! Left out: the tokens of JSON Web Encryption, which are not read here.

use keywright_jose::{
    inspect::{Context, inspect},
    key::read,
    verify::{Trust, TrustedKey, Verdict},
};
use serde_json::Value;
use wycheproof_ng_kdf_jose::json_web::TestName;

use crate::support::NOW;

/// What became of a file: how many signed tokens it has, and the numbers of those whose label is not kept.
#[derive(Debug, Default, PartialEq, Eq)]
struct Score {
    tokens: usize,
    /// Accepted, and labelled invalid.
    wrongly_accepted: Vec<usize>,
    /// Refused, and labelled valid.
    wrongly_refused: Vec<usize>,
    /// Accepted, and labelled invalid, where the very same token with the same key is labelled valid.
    labelled_twice: Vec<usize>,
}

fn score(name: TestName) -> Score {
    let file: Value = serde_json::from_str(name.json_data()).unwrap();
    let mut score = Score::default();
    for group in file["testGroups"].as_array().unwrap() {
        let key = group.get("public").unwrap_or(&group["private"]).to_string();
        let tests = group["tests"].as_array().unwrap();
        for test in tests {
            // In compact serialization, or in JSON as it stands in the file.
            let Some(jws) = test.get("jws") else { continue };
            let token = jws.as_str().map_or_else(|| jws.to_string(), str::to_owned);
            let number = usize::try_from(test["tcId"].as_u64().unwrap()).unwrap();
            score.tokens += 1;
            let is_valid_elsewhere = || tests.iter().any(|other| other["jws"] == *jws && other["result"] == "valid");
            match (is_accepted(&key, &token), test["result"].as_str().unwrap()) {
                (true, "invalid") if is_valid_elsewhere() => score.labelled_twice.push(number),
                (true, "invalid") => score.wrongly_accepted.push(number),
                (false, "valid") => score.wrongly_refused.push(number),
                (_, "valid" | "invalid") => {}
                (_, other) => panic!("{number} is labelled {other}"),
            }
        }
    }
    score
}

fn is_accepted(key: &str, token: &str) -> bool {
    let Ok(found) = read::read(key.as_bytes(), None) else { return false };
    if found.refusal().is_some() {
        return false;
    }
    let keys: Vec<TrustedKey<'_>> = found.keys.iter().map(|jwk| TrustedKey { name: "theirs", jwk }).collect();
    let trust = Trust { keys: &keys, named: true, allowed: &[] };
    let found = inspect(token.as_bytes(), &Context { now: NOW, trust, ..Context::default() });
    (found.structure, found.signature) == (Verdict::Good, Verdict::Good)
}

/// 395 of 401. Six labels contradict others of the same files: PS384 under a key for PS256 (346, 350) is what the tests of
/// "WrongPrimitive" refuse; "ES521" (347, 351) is no algorithm, and the file of keys refuses it; a character outside base64url (372,
/// 373) is refused in the eight tests before them.
#[test]
fn json_web_signature() {
    let wrongly_refused = vec![346, 347, 350, 351, 372, 373];
    let wanted = Score { tokens: 401, wrongly_refused, labelled_twice: vec![367, 370], ..Score::default() };
    assert_eq!(score(TestName::JsonWebSignature), wanted);
}

#[test]
fn json_web_key() {
    assert_eq!(score(TestName::JsonWebKey), Score { tokens: 26, ..Score::default() });
}

/// 17 is a sound JWS in JSON (RFC 7515 §7.2.1), which the file wants refused by who reads compact serialization alone.
#[test]
fn json_web_crypto() {
    let wanted = Score { tokens: 49, wrongly_accepted: vec![17], ..Score::default() };
    assert_eq!(score(TestName::JsonWebCrypto), wanted);
}
