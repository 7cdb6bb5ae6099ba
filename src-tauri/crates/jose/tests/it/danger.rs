//! Bad tokens on purpose: each is bad in the one way that it is made for.

use keywright_jose::{
    Alg,
    danger::{DangerousIntent, expired, expired_claims, payload_changed},
    sign::{Draft, SigningKey},
    verify::Verdict,
};

use crate::support::{CLAIMS, NOW, codes, judge, key_file};

const HEADER: &str = r#"{"alg":"ES256","typ":"JWT"}"#;

fn intent() -> DangerousIntent {
    DangerousIntent::because("the test wants to see it refused")
}

#[test]
fn an_expired_token_is_expired_and_nothing_else() {
    let jwk = key_file("p256.pkcs8.pem");
    let key = SigningKey::new(Alg::ES256, &jwk, false).unwrap();
    let token = expired(HEADER, CLAIMS, NOW, &key, intent()).unwrap();
    let found = judge(token.as_str(), &[&jwk]);
    assert_eq!((found.structure, found.signature, found.policy), (Verdict::Good, Verdict::Good, Verdict::Bad));
    assert_eq!(codes(&found.findings), ["expired"]);
}

#[test]
fn expired_claims_keep_everything_but_their_times() {
    let claims = "{ \"n\":10.10, \"exp\" : 5,\n\"a\":{\"exp\":7},\"iat\":6,\"\\u006ebf\":1e3 }";
    let expected = format!(
        "{{ \"n\":10.10, \"exp\" : {},\n\"a\":{{\"exp\":7}},\"iat\":{},\"\\u006ebf\":{} }}",
        NOW - 3_600,
        NOW - 7_200,
        NOW - 7_200
    );
    assert_eq!(expired_claims(claims, NOW, intent()), expected);
    assert_eq!(expired_claims("no JSON", NOW, intent()), "no JSON");
}

#[test]
fn a_changed_payload_stands_under_the_first_signature() {
    let jwk = key_file("p256.pkcs8.pem");
    let key = SigningKey::new(Alg::ES256, &jwk, false).unwrap();
    let good = Draft::jwt(HEADER, CLAIMS).unwrap().sign(&key).unwrap();
    let changed = payload_changed(&good, r#"{"iss":"somebody","iat":1767225590,"exp":1767226500}"#, intent());
    assert_ne!(changed.as_str(), good.as_str());
    assert_eq!(changed.as_str().rsplit('.').next(), good.as_str().rsplit('.').next());
    let found = judge(changed.as_str(), &[&jwk]);
    assert_eq!((found.structure, found.signature, found.policy), (Verdict::Good, Verdict::Bad, Verdict::Good));
    assert_eq!(codes(&found.findings), ["signature-bad"]);
}
