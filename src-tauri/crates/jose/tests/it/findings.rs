//! Every finding that this room makes, each from real input: one table, from which the snapshot and the proof of
//! completeness follow.

use std::collections::BTreeSet;

use keywright_jose::{
    Alg, Code, Finding,
    finding::{Group, TABLE},
    inspect::{Context, inspect},
    key::{DeclaredAlg, Jwk, check::check, read},
    sign::SigningKey,
    verify::{Trust, TrustedKey, Verdict},
};

use crate::{
    attacks::{modulus, roca_modulus, rsa_with},
    support::{
        CLAIMS, NOW, assemble, codes, good_secret, judge, judge_with, key, key_file, public_half, secret, sign, text,
        token, vector,
    },
    webhooks,
};

/// Codes of these groups that other rooms make: a provider's rules.
const ELSEWHERE: [Code; 12] = [
    Code::KidMissing,
    Code::KidOther,
    Code::HeaderFixed,
    Code::KeyAdvice,
    Code::LifetimeTooLong,
    Code::LifetimeUnusual,
    Code::ClaimMissing,
    Code::ClaimForbidden,
    Code::ClaimUnknown,
    Code::ClaimType,
    Code::ClaimValue,
    Code::ExpressionUnknown,
];

/// What comes of a text that should be a token, with a key that did not make it.
fn of(input: impl AsRef<[u8]>) -> Vec<Finding> {
    judge(input, &[&good_secret()]).findings
}

/// What comes of a header, signed.
fn of_header(members: &str) -> Vec<Finding> {
    let jwk = good_secret();
    judge(sign(Alg::HS256, &jwk, &format!(r#"{{"alg":"HS256",{members}}}"#), CLAIMS), &[&jwk]).findings
}

/// What comes of a header that cannot be signed.
fn of_bare_header(header: &str) -> Vec<Finding> {
    of(assemble(header, CLAIMS.as_bytes(), b"x"))
}

/// What comes of claims, signed.
fn of_claims(claims: &str) -> Vec<Finding> {
    let jwk = good_secret();
    let token = sign(Alg::HS256, &jwk, r#"{"alg":"HS256","typ":"JWT"}"#, claims);
    let keys = [TrustedKey { name: "k", jwk: &jwk }];
    let trust = Trust { keys: &keys, named: true, allowed: &[] };
    let context = Context { now: NOW, trust, issuer: Some("me"), audience: Some("you"), ..Context::default() };
    inspect(token.as_bytes(), &context).findings
}

/// What is said of a secret.
fn of_secret(bytes: &[u8]) -> Vec<Finding> {
    check(&secret(bytes).key)
}

/// What is said of a file with keys.
fn of_file(input: &str) -> Vec<Finding> {
    read::read(input.as_bytes(), None).unwrap().findings
}

/// What a file that is refused amounts to.
fn of_refused(input: &str) -> Vec<Finding> {
    let error = read::read(input.as_bytes(), None).unwrap_err();
    let finding = Finding::new(error.code().unwrap(), error.to_string());
    vec![match error.hint() {
        Some(hint) => finding.hint(hint),
        None => finding,
    }]
}

fn p256() -> Jwk {
    key_file("p256.pkcs8.pem")
}

/// A P-256 token with its signature in another form.
fn reformed(form: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Finding> {
    let good = token(Alg::ES256, &p256());
    let (input, signature) = good.rsplit_once('.').unwrap();
    let bytes = form(&data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap());
    judge(format!("{input}.{}", data_encoding::BASE64URL_NOPAD.encode(&bytes)), &[&p256()]).findings
}

fn der_signature(flat: &[u8]) -> Vec<u8> {
    p256::ecdsa::Signature::from_slice(flat).unwrap().to_der().as_bytes().to_vec()
}

type Case = (Code, &'static str, fn() -> Vec<Finding>);

#[rustfmt::skip]
const CASES: &[Case] = &[
    (Code::NoToken,          "an empty text",                     || of(" \n")),
    (Code::PartCount,        "an opaque key",                     || of("sk_live_4eC39HqLyjWDarjtT1zdp7dc")),
    (Code::PartCount,        "two parts",                         || of("eyJhbGciOiJIUzI1NiJ9.e30")),
    (Code::Encrypted,        "a JWE",                             || of(assemble(r#"{"alg":"dir","enc":"A128GCM"}"#, b"", b"") + ".AA.AA")),
    (Code::Encrypted,        "a JWE in JSON",                     || of(r#"{"protected":"e30","ciphertext":"AA","iv":"AA","tag":"AA"}"#)),
    (Code::JoinedTokens,     "with a dot between",                || of(format!("{0}.{0}", token(Alg::HS256, &good_secret())))),
    (Code::JoinedTokens,     "without one",                       || of(format!("{0}{0}", token(Alg::HS256, &good_secret())))),
    (Code::PartCount,        "five parts of something",           || of("eyJhbGciOiJIUzI1NiJ9.e30.AA.AA.AA")),
    (Code::PartCount,        "a JWE cut short",                   || of(assemble(r#"{"alg":"dir","enc":"A128GCM"}"#, b"", b"x"))),
    (Code::NoToken,          "the name of a host",                || of("example.eu.auth0.com")),
    (Code::EmptyPart,        "no header",                         || of(".e30.AA")),
    (Code::ForeignCharacter, "standard base64",                   || of("eyJhbGciOiJIUzI1NiJ9.e30.a+/b")),
    (Code::Padding,          "padding",                           || of("eyJhbGciOiJIUzI1NiJ9.e30=.AAAA")),
    (Code::WhiteSpace,       "broken over lines",                 || of("eyJhbGciOiJIUzI1\nNiJ9.e30.YWJjYWJj")),
    (Code::WhiteSpace,       "a character without a width",       || of("eyJhbGciOiJIUzI1NiJ9.e3\u{200b}0.YWJjYWJj")),
    (Code::TrailingBits,     "a last character changed",          || of("eyJhbGciOiJIUzI1NiJ9.e31.AAAA")),
    (Code::PartLength,       "a character lost",                  || of("eyJhbGciOiJIUzI1NiJ9.e30.AAAAA")),
    (Code::NotUtf8,          "Latin-1 on the way in",             || of(b"eyJ\xe9.e30.AA")),
    (Code::NotUtf8,          "Latin-1 in the header",             || of("e30.e30.AA".replacen("e30", &data_encoding::BASE64URL_NOPAD.encode(b"{\"\xe9\":1}"), 1))),
    (Code::NotUtf8,          "a JWT whose payload is binary",     || of(assemble(r#"{"alg":"HS256","typ":"JWT"}"#, b"\xff\xfe", b"x"))),
    (Code::ByteOrderMark,    "a mark before the claims",          || of(assemble(r#"{"alg":"HS256"}"#, "\u{feff}{}".as_bytes(), b"x"))),
    (Code::ByteOrderMark,    "a mark before the header",          || of(assemble("\u{feff}{}", b"{}", b"x"))),
    (Code::NotJson,          "claims cut off",                    || of(assemble(r#"{"alg":"HS256"}"#, br#"{"iss":"me""#, b"x"))),
    (Code::NotJson,          "more behind the header",            || of(assemble(r#"{"alg":"HS256"}x"#, b"{}", b"x"))),
    (Code::NotObject,        "a JWT that is a list",              || of(assemble(r#"{"alg":"HS256","typ":"JWT"}"#, b"[]", b"x"))),
    (Code::NotObject,        "a header that is a text",           || of(assemble("\"HS256\"", b"{}", b"x"))),
    (Code::TooDeep,          "10,000 levels",                     || of(assemble(r#"{"alg":"HS256"}"#, "{\"a\":".repeat(10_000).as_bytes(), b"x"))),
    (Code::DuplicateMember,  "a claim twice",                     || of_claims("{\"role\":\"user\",\n\"role\":\"admin\"}")),
    (Code::DuplicateMember,  "alg twice",                         || of_bare_header(r#"{"alg":"HS256","alg":"none"}"#)),
    (Code::BigInteger,       "twenty digits",                     || of_claims(r#"{"uid":12345678901234567890}"#)),
    (Code::ExponentNumber,   "an exponent",                       || of_claims(r#"{"amount":{"value":1e3}}"#)),
    (Code::ExponentNumber,   "a hundred of them",                 || of_claims(&format!(r#"{{"a":[{}1E1]}}"#, "1E1,".repeat(99)))),
    (Code::LoneSurrogate,    "half a pair",                       || of_claims(r#"{"name":"\ud83d"}"#)),
    (Code::ProtoMember,      "__proto__",                         || of_claims(r#"{"a":{"__proto__":{}}}"#)),
    (Code::LargeToken,       "1 MB",                              || of_claims(&format!(r#"{{"a":"{}"}}"#, "x".repeat(1_000_000)))),
    (Code::PayloadDetached,  "empty and signed so",               || judge(sign(Alg::HS256, &good_secret(), r#"{"alg":"HS256"}"#, ""), &[&good_secret()]).findings),
    (Code::PayloadDetached,  "empty or elsewhere",                || of("eyJhbGciOiJIUzI1NiJ9..AAAA")),
    (Code::PayloadDetached,  "b64 false",                         || of(assemble(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, b"", b"x"))),
    (Code::JsonSerialization, "flattened",                        || of(in_json(&[&token(Alg::HS256, &good_secret())], true))),
    (Code::JsonSerialization, "general",                          || of(in_json(&[&token(Alg::HS256, &good_secret())], false))),
    (Code::JsonSerialization, "general, of two",                  two_signatures),
    (Code::SelectiveDisclosure, "two disclosures",                || of(token(Alg::HS256, &good_secret()) + "~WyJhIl0~WyJiIl0~")),
    (Code::SelectiveDisclosure, "one and a key binding",          || of(format!("{0}~WyJhIl0~{0}", token(Alg::HS256, &good_secret())))),
    (Code::AroundToken,      "a line break",                      || of(token(Alg::HS256, &good_secret()) + "\n")),
    (Code::AroundToken,      "white space",                       || of(format!("\u{a0}{} ", token(Alg::HS256, &good_secret())))),
    (Code::AroundToken,      "a scheme",                          || of(format!("Bearer {}", token(Alg::HS256, &good_secret())))),
    (Code::AroundToken,      "a scheme without a space",          || of(format!("bearer{}", token(Alg::HS256, &good_secret())))),
    (Code::AroundToken,      "a comma",                           || of(format!("{},", token(Alg::HS256, &good_secret())))),
    (Code::AroundToken,      "a name",                            || of(format!("token={}", token(Alg::HS256, &good_secret())))),
    (Code::AroundToken,      "a command",                         || of(format!("curl -H 'Authorization: Bearer {}' https://example.org", token(Alg::HS256, &good_secret())))),
    (Code::AroundToken,      "an address",                        || of(token(Alg::HS256, &good_secret()).replace('.', "%2E"))),
    (Code::MoreTokens,       "two of them",                       || of(format!("{0} {0}", token(Alg::HS256, &good_secret())))),
    (Code::MoreTokens,       "three of them",                     || of(format!("{0} {0} {0}", token(Alg::HS256, &good_secret())))),
    (Code::PayloadNotClaims, "prose",                             || of(assemble(r#"{"alg":"HS256"}"#, "It’s a dangerous business".as_bytes(), b"x"))),
    (Code::PayloadNotClaims, "bytes",                             || of(assemble(r#"{"alg":"HS256"}"#, &[0xff; 16], b"x"))),

    (Code::AlgMissing,       "no alg",                            || of_bare_header(r#"{"typ":"JWT"}"#)),
    (Code::AlgNone,          "none",                              || of_bare_header(r#"{"alg":"nOnE"}"#)),
    (Code::AlgCase,          "another case",                      || of_bare_header(r#"{"alg":"es512"}"#)),
    (Code::AlgUnknown,       "an encryption algorithm",           || of_bare_header(r#"{"alg":"RSA-OAEP"}"#)),
    (Code::HeaderType,       "alg that is a number",              || of_bare_header(r#"{"alg":1}"#)),
    (Code::HeaderType,       "kid that is a number",              || of_header(r#""kid":1"#)),
    (Code::HeaderType,       "b64 that is a text",                || of_header(r#""b64":"false""#)),
    (Code::HeaderSurrogate,  "half a pair in a kid",              || of_header(r#""kid":"\ud83d""#)),
    (Code::HeaderSurrogate,  "half a pair in a name",             || of_header(r#""\udc00":1"#)),
    (Code::CritUnknown,      "an extension",                      || of_header(r#""crit":["exp"],"exp":1"#)),
    (Code::CritMalformed,    "an empty list",                     || of_header(r#""crit":[]"#)),
    (Code::CritMalformed,    "a name that is not there",          || of_header(r#""crit":["exp"]"#)),
    (Code::CritMalformed,    "a number",                          || of_header(r#""crit":[1]"#)),
    (Code::CritMalformed,    "b64 false that it does not name",   || of_header(r#""b64":false"#)),
    (Code::KidEmpty,         "no characters",                     || of_header(r#""kid":"""#)),
    (Code::UnencodedPayload, "b64 false",                         || of_header(r#""crit":["b64"],"b64":false"#)),
    (Code::KidNotThumbprint, "another name",                      || judge(sign(Alg::ES256, &p256(), r#"{"alg":"ES256","kid":"my-key"}"#, CLAIMS), &[&p256()]).findings),
    (Code::KidUnpadded,      "zeros left out",                    unpadded_kid),
    (Code::KidCharacters,    "a path",                            || of_header(r#""kid":"../../dev/null""#)),
    (Code::KidCharacters,    "a query",                           || of_header(r#""kid":"x' UNION SELECT 'key'""#)),
    (Code::KeyUrl,           "jku",                               || of_header(r#""jku":"https://example.org/jwks.json""#)),
    (Code::KeyUrlNotHttps,   "plain http",                        || of_header(r#""x5u":"http://example.org/cert.pem""#)),
    (Code::KeyUrlPrivate,    "the metadata address",              || of_header(r#""jku":"https://169.254.169.254/latest""#)),
    (Code::KeyUrlPrivate,    "loopback in IPv6",                  || of_header(r#""jku":"https://user@[::1]:8080/x""#)),
    (Code::EmbeddedKey,      "a key inside",                      || of_header(r#""jwk":{"kty":"OKP","crv":"Ed25519","x":"AA"}"#)),
    (Code::PrivateKeyInHeader, "a private half",                  || of_header(r#""jwk":{"kty":"RSA","n":"AA","e":"AQAB","d":"AA","p":"AA","q":"AA"}"#)),
    (Code::PrivateKeyInHeader, "a secret",                        || of_header(r#""jwk":{"kty":"oct","k":"AA"}"#)),
    (Code::PrivateKeyInHeader, "a PEM file",                      || of_header(r#""x5c":["-----BEGIN PRIVATE KEY-----\nAA"]"#)),
    (Code::TypAdvice,        "no typ",                            || judge(sign(Alg::HS256, &good_secret(), r#"{"alg":"HS256"}"#, CLAIMS), &[&good_secret()]).findings),
    (Code::TypAdvice,        "lower case",                        || of_header(r#""typ":"jwt""#)),
    (Code::ZipOnJws,         "zip",                               || of_header(r#""zip":"DEF""#)),
    (Code::NestedToken,      "cty",                               || of_header(r#""cty":"JWT""#)),

    (Code::AlgKeyType,       "HMAC with a public key",            || judge(token(Alg::HS256, &good_secret()), &[&public_half(&p256())]).findings),
    (Code::AlgCurve,         "ES512 with P-256",                  || judge(token(Alg::ES512, &key_file("p521-none.pkcs8.pem")), &[&p256()]).findings),
    (Code::AlgNotTheKeys,    "RS256 with a key for PS256",        || judge(token(Alg::RS256, &key_file("rsa-2048.pkcs8.pem")), &[&with("rsa-2048.pub.jwk.json", r#""alg":"PS256""#)]).findings),
    (Code::AlgNotAllowed,    "HS256 where RS256 is allowed",      || judge_with(token(Alg::HS256, &good_secret()), &[&good_secret()], true, &[Alg::RS256, Alg::ES256]).findings),
    (Code::KeyUse,           "a key for encryption",              || judge(token(Alg::ES256, &p256()), &[&with("p256.pub.jwk.json", r#""use":"enc""#)]).findings),
    (Code::KeyUse,           "a key for deriving",                || judge(token(Alg::ES256, &p256()), &[&with("p256.pub.jwk.json", r#""key_ops":["deriveBits"]"#)]).findings),
    (Code::RsaShort,         "1024 bits",                         || check(&key(vector("bad/rsa-1024.pkcs1.pem")).key)),
    (Code::RsaExponent,      "e = 1",                             || check(&key(rsa_with(&modulus(), &[1])).key)),
    (Code::RsaModulus,       "an even modulus",                   || check(&key(rsa_with(&[&[0x80][..], &[0; 255]].concat(), &[1, 0, 1])).key)),
    (Code::Roca,             "a modulus of the family",           || check(&key(rsa_with(&roca_modulus(), &[1, 0, 1])).key)),
    (Code::PointOffCurve,    "x in the place of y",               off_curve),
    (Code::KeyMismatch,      "d of another key",                  || of_refused(&replaced("p256.priv.jwk.json", "d", &[7; 32]))),
    (Code::CoordinateLength, "x without its zero",                || of_file(&text("reported/jwks-short-x-of-another.json"))),
    (Code::CoordinateLength, "half of an Ed25519 key",            || of_refused(&replaced("ed25519.pub.jwk.json", "x", &[1; 16]))),
    (Code::RsaPrime,         "a prime of 2048 bits",              || of_refused(&rsa_with(&prime(), &[1, 0, 1]))),
    (Code::KeyForm,          "four hyphens",                      || of_file(&text("reported/pem-four-dashes.pem"))),
    (Code::SecretEmpty,      "nothing",                           || of_secret(b"")),
    (Code::SecretShort,      "24 bytes for HS512",                || judge(token(Alg::HS512, &secret(b"b7-short-but-random-Kd93")), &[&secret(b"b7-short-but-random-Kd93")]).findings),
    (Code::SecretUnderAlg,   "24 bytes for the HS512 of its JWK", || judge(token(Alg::HS512, &secret(b"b7-short-but-random-Kd93")), &[&Jwk { alg: Some(DeclaredAlg::Known(Alg::HS512)), ..secret(b"b7-short-but-random-Kd93") }]).findings),
    (Code::SecretGuessable,  "one byte",                          || judge(token(Alg::HS256, &secret(b"k")), &[&secret(b"k")]).findings),
    (Code::SecretKnown,      "from a tutorial",                   || of_secret(b"your-256-bit-secret")),
    (Code::SecretKnown,      "one byte over and over",            || of_secret(&[0; 32])),
    (Code::SecretIsKey,      "PEM",                               || of_secret(&vector("keys/p256.pub.pem"))),
    (Code::SecretIsKey,      "PEM without its lines",             || of_secret(text("keys/p256.pub.pem").lines().filter(|l| !l.starts_with('-')).collect::<String>().as_bytes())),
    (Code::SecretIsKey,      "a JWK",                             || of_secret(&vector("keys/p256.pub.jwk.json"))),
    (Code::SecretIsKey,      "OpenSSH",                           || of_secret(b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@here")),
    (Code::SecretIsKey,      "PEM with four hyphens",             || of_secret(&vector("reported/pem-four-dashes.pem"))),
    (Code::SecretIsKey,      "UTF-16",                            || of_secret(&vector("reported/pem-utf16le-powershell.pem"))),
    (Code::SecretIsKey,      "XML of .NET",                       || of_secret(&vector("reported/dotnet-rsakeyvalue-private.xml"))),
    (Code::SecretIsKey,      "PuTTY",                             || of_secret(&vector("bad/p256-v3.ppk"))),
    (Code::SecretIsKey,      "DER cut off",                       || of_secret(&vector("forms/p256.legacy.p12")[..200])),
    (Code::SecretNewline,    "a line break at the end",           || of_secret(b"4f1c0b7e9a2d83\n")),
    (Code::SetMixed,         "private beside public",             || of_file(&format!("{{\"keys\":[{},{}]}}", text("keys/p256.priv.jwk.json"), text("keys/p384.pub.jwk.json")))),
    (Code::SetDuplicateKid,  "a kid twice",                       || of_file(r#"{"keys":[{"kty":"oct","k":"AA","kid":"x"},{"kty":"oct","k":"AQ","kid":"x"}]}"#)),
    (Code::KeyPassedOver,    "a stranger among keys",             || of_file(r#"{"keys":[{"kty":"oct","k":"AA"},{"kty":"AKP","alg":"ML-DSA-44"}]}"#)),

    (Code::SignatureMissing, "an empty signature",                || of("eyJhbGciOiJIUzI1NiJ9.e30.")),
    (Code::SignatureBad,     "another key",                       || judge(token(Alg::HS256, &secret(&[b"another ", &[7; 32][..]].concat())), &[&good_secret()]).findings),
    (Code::PayloadChanged,   "claims changed",                    payload_changed),
    (Code::NoKey,            "no key",                            || judge(token(Alg::HS256, &good_secret()), &[]).findings),
    (Code::NoKey,            "another's token",                   || judge_with(token(Alg::HS256, &good_secret()), &[&secret(&[9; 64])], false, &[]).findings),
    (Code::NotJudged,        "a bad form",                        || of("eyJhbGciOiJIUzI1NiJ9.e31.AAAA")),
    (Code::NotJudged,        "a key of another type",             || judge(token(Alg::ES256, &p256()), &[&good_secret()]).findings),
    (Code::NotJudged,        "a kid of a key of another type",    || judge(sign(Alg::ES256, &p256(), r#"{"alg":"ES256","kid":"k"}"#, CLAIMS), &[&Jwk { kid: Some("k".to_owned()), ..good_secret() }]).findings),
    (Code::NotJudged,        "a body elsewhere",                  || of(assemble(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, b"", b"x"))),
    (Code::OneOfSeveral,     "good and bad",                      two_signatures),
    (Code::SignedAsWritten,  "padding that is signed",            padded_and_signed),
    (Code::SignedAsWritten,  "padding that is not",               || of(token(Alg::HS256, &good_secret()) + "=")),
    (Code::KidUnknown,       "a kid that none has",               || judge_with(sign(Alg::ES256, &p256(), r#"{"alg":"ES256","kid":"k"}"#, CLAIMS), &[&p256(), &good_secret()], false, &[]).findings),
    (Code::KeyByTrial,       "no kid and two keys",               || judge_with(token(Alg::ES256, &p256()), &[&p256(), &good_secret()], false, &[]).findings),
    (Code::EcdsaLength,      "half of it",                        || reformed(|flat| flat[..32].to_vec())),
    (Code::EcdsaDer,         "DER",                               || reformed_until(|flat| Some(der_signature(flat)).filter(|der| der.len() == 71))),
    (Code::EcdsaRange,       "r = s = 0",                         || reformed(|flat| vec![0; flat.len()])),
    (Code::EcdsaRange,       "s beyond the order",                || reformed(|flat| [&flat[..32], &[0xff; 32]].concat())),
    (Code::SignatureLength,  "a MAC cut short",                   || of("eyJhbGciOiJIUzI1NiJ9.e30.AAAA")),
    (Code::SignatureLength,  "an RSA signature of another size",  || judge(assemble(r#"{"alg":"RS256"}"#, b"{}", &[1; 512]), &[&key_file("rsa-2048.pub.pem")]).findings),
    (Code::NearMiss,         "DER",                               || reformed(der_signature)),
    (Code::NearMiss,         "zeros left out of R",               || reformed_until(|flat| (flat[0] == 0).then(|| flat[1..].to_vec()))),
    (Code::NearMiss,         "zeros left out of S",               || reformed_until(|flat| (flat[32] == 0).then(|| [&flat[..32], &flat[33..]].concat()))),
    (Code::NearMiss,         "the secret is base64",              || near_miss(b"Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy", b"foobarfoobarfoobarfoobarfoobarfoobar")),
    (Code::NearMiss,         "the secret is hexadecimal",         || near_miss(b"00112233445566778899aabbccddeeff00112233445566778899aabbccddee0f", &hex("00112233445566778899aabbccddeeff00112233445566778899aabbccddee0f"))),
    (Code::NearMiss,         "a line break at the end",           || near_miss(b"4f1c0b7e9a2d834f1c0b7e9a2d834f1c0b7e9a\n", b"4f1c0b7e9a2d834f1c0b7e9a2d834f1c0b7e9a")),
    (Code::NearMiss,         "no line break at the end",          || near_miss(b"4f1c0b7e9a2d834f1c0b7e9a2d834f1c0b7e9a", b"4f1c0b7e9a2d834f1c0b7e9a2d834f1c0b7e9a\n")),
    (Code::NearMiss,         "another key of yours",              other_key),
    (Code::NearMiss,         "a secret as JJWT reads it",         || near_miss(b"ThisIsASecretOfThirtyThreeLetters", &base64_of("ThisIsASecretOfThirtyThreeLetters", 32))),
    (Code::NearMiss,         "a secret as Node reads it",         || near_miss(b"this-is_a-text-of-a-secret-noz", &base64_of("this+is/a+text+of+a+secret+noz", 30))),
    (Code::NearMiss,         "a secret as PHP reads it",          || near_miss(b"this-is_a-text-of-a-secret-now", &base64_of("thisisatextofasecretnow", 23))),
    (Code::NearMiss,         "a secret in quotes",                || near_miss(b"\"4f1c0b7e9a2d834f1c0b7e9a2d834f1c0b7e9a\"", b"4f1c0b7e9a2d834f1c0b7e9a2d834f1c0b7e9a")),
    (Code::NearMiss,         "a secret of Laravel",               || near_miss(b"base64:Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy", b"foobarfoobarfoobarfoobarfoobarfoobar")),
    (Code::NearMiss,         "another hash of RSA",               || misnamed(Alg::RS512, "RS256", "rsa-2048.pkcs8.pem")),
    (Code::NearMiss,         "another padding of RSA",            || misnamed(Alg::PS256, "RS256", "rsa-2048.pkcs8.pem")),
    (Code::NearMiss,         "a MAC by another hash",             misnamed_mac),
    (Code::NearMiss,         "hexadecimal for base64url",         || rewritten(|bytes| data_encoding::HEXLOWER.encode(bytes))),
    (Code::NearMiss,         "hexadecimal in base64url",          || rewritten(|bytes| data_encoding::BASE64URL_NOPAD.encode(data_encoding::HEXLOWER.encode(bytes).as_bytes()))),
    (Code::NearMiss,         "base64url twice",                   || rewritten(|bytes| data_encoding::BASE64URL_NOPAD.encode(data_encoding::BASE64URL_NOPAD.encode(bytes).as_bytes()))),
    (Code::NearMiss,         "padding before signing",            || over(|header, payload| format!("{}.{}", base64(header), base64(payload)))),
    (Code::NearMiss,         "a line break before signing",       || over(|header, payload| format!("{}.{}\n", encoded(header), encoded(payload)))),
    (Code::NearMiss,         "the payload as it stands",          || over(|header, payload| format!("{}.{payload}", encoded(header)))),
    (Code::NearMiss,         "both as they stand",                || over(|header, payload| format!("{header}.{payload}"))),
    (Code::NearMiss,         "JSON with spaces",                  || over(|header, payload| format!("{}.{}", encoded(header), encoded(&payload.replace(':', ": ").replace(',', ", "))))),

    (Code::NotNumericDate,   "a text",                            || of_claims(r#"{"exp":"1767229200"}"#)),
    (Code::NotNumericDate,   "before 1970",                       || of_claims(r#"{"iat":-1}"#)),
    (Code::NotNumericDate,   "beyond any date",                   || of_claims(r#"{"nbf":1e300}"#)),
    (Code::Milliseconds,     "milliseconds",                      || of_claims(r#"{"exp":1767229200000}"#)),
    (Code::Milliseconds,     "microseconds",                      || of_claims(r#"{"exp":1767229200000000}"#)),
    (Code::Milliseconds,     "nanoseconds",                       || of_claims(r#"{"exp":1767229200000000000}"#)),
    (Code::DurationForTime,  "ten minutes",                       || of_claims(r#"{"exp":600}"#)),
    (Code::DurationForTime,  "never",                             || of_claims(r#"{"exp":0}"#)),
    (Code::FractionalTime,   "half a second",                     || of_claims(r#"{"exp":1767229200.5}"#)),
    (Code::NotNumericDate,   "a duration in words",               || of_claims(r#"{"exp":"15m"}"#)),
    (Code::Expired,          "an hour ago",                       || of_claims(r#"{"exp":1767222000}"#)),
    (Code::NotYetValid,      "in a minute",                       || of_claims(r#"{"nbf":1767225660}"#)),
    (Code::IssuedAhead,      "in two minutes",                    || of_claims(r#"{"iat":1767225720}"#)),
    (Code::ExpMissing,       "for ever",                          || of_claims("{}")),
    (Code::ExpNotUsual,      "a proof of possession",             || judge(sign(Alg::ES256, &p256(), r#"{"alg":"ES256","typ":"dpop+jwt"}"#, r#"{"jti":"a","iat":1767225590}"#), &[&p256()]).findings),
    (Code::ExpBeforeStart,   "the wrong way round",               || of_claims(r#"{"nbf":1767229200,"exp":1767229100}"#)),
    (Code::ExpiresSoon,      "in three seconds",                  || of_claims(r#"{"exp":1767225603}"#)),

    (Code::IssuerWrong,      "somebody else",                     || of_claims(r#"{"iss":"you"}"#)),
    (Code::IssuerWrong,      "nobody",                            || of_claims("{}")),
    (Code::AudienceWrong,    "others",                            || of_claims(r#"{"aud":["them","us"]}"#)),
    (Code::RegisteredType,   "a number for a subject",            || of_claims(r#"{"sub":12345}"#)),
    (Code::RegisteredType,   "an audience of numbers",            || of_claims(r#"{"aud":[1]}"#)),

    (Code::PrivateKeyInClaims, "a confirmation with a private key", || of_claims_anyhow(r#"{"cnf":{"jwk":{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}}}"#)),

    (Code::WebhookSignatureMissing, "no header field",            || of_webhook("github", &[], "{}")),
    (Code::WebhookSignatureMissing, "no member of the body",      || of_webhook("spreedly", &[], "{}")),
    (Code::WebhookPartMissing, "no timestamp",                    || of_webhook("gr4vy", &[("X-Gr4vy-Webhook-Signatures", "00")], "{}")),
    (Code::WebhookPartMissing, "no hash in the token",            || of_webhook("plaid", &[("Plaid-Verification", "eyJhbGciOiJFUzI1NiJ9.e30.AA")], "{}")),
    (Code::WebhookFieldTwice,  "a proxy added another",           || of_webhook("coinify", &[("X-Coinify-Webhook-Signature", "00"), ("x-coinify-webhook-signature", "01")], "{}")),
    (Code::WebhookMalformed,   "base64 for hexadecimal",          || of_webhook("coinify", &[("X-Coinify-Webhook-Signature", "iZ4E3Czv+Y8=")], "{}")),
    (Code::WebhookMalformed,   "another version",                 || of_webhook("github", &[("X-Hub-Signature-256", "sha1=00")], "{}")),
    (Code::WebhookNotJson,     "a form",                          || of_webhook("mailgun", &[], "timestamp=1&token=2")),
    (Code::WebhookTimeMalformed, "letters behind digits",         || of_webhook("slack", &[("X-Slack-Signature", "v0=00"), ("X-Slack-Request-Timestamp", "1767225600s")], "")),
    (Code::WebhookTimeUnit,    "milliseconds",                    || of_webhook("slack", &[("X-Slack-Signature", "v0=00"), ("X-Slack-Request-Timestamp", "1767225600000")], "")),
    (Code::WebhookOld,         "an hour ago",                     || of_webhook("slack", &[("X-Slack-Signature", "v0=00"), ("X-Slack-Request-Timestamp", "1767222000")], "")),
    (Code::WebhookAhead,       "in an hour",                      || of_webhook("slack", &[("X-Slack-Signature", "v0=00"), ("X-Slack-Request-Timestamp", "1767229200")], "")),
    (Code::WebhookReplay,      "a scheme without a time",         || of_webhook("github", &[("X-Hub-Signature-256", "sha256=00")], "{}")),
    (Code::WebhookUncovered,   "items that are not looked at",    || of_webhook("adyen-items", &[], r#"{"notificationItems":[{"NotificationRequestItem":{"pspReference":"1","additionalData":{"hmacSignature":"AA=="}}},{},{}]}"#)),
    (Code::SecretMarked,       "the mark of svix before it",      || of_marked_secret()),
    (Code::WebhookSecret,      "text for base64",                 || of_webhook("svix", &[], "{}")),
    (Code::WebhookMismatch,    "another body",                    || of_webhook("coinify", &[("X-Coinify-Webhook-Signature", &"00".repeat(32))], "{}")),
    (Code::WebhookBodyChanged, "another body than the token's",   || of_webhook("plaid", &[("Plaid-Verification", &assemble(r#"{"alg":"ES256"}"#, br#"{"request_body_sha256":"00"}"#, &[1; 64]))], "{}")),
];

/// What is said of a delivery, with a secret of another delivery.
fn of_webhook(scheme: &str, fields: &[(&str, &str)], body: &str) -> Vec<Finding> {
    webhooks::check(&webhooks::scheme(scheme), "a-secret-of-no-delivery-that-is-here", fields, body, NOW).findings
}

fn of_marked_secret() -> Vec<Finding> {
    let fields = [("svix-id", "a"), ("svix-timestamp", "1"), ("svix-signature", "v1,AA==")];
    webhooks::check(&webhooks::scheme("svix"), "v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &fields, "{}", NOW).findings
}

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn with(file: &str, members: &str) -> Jwk {
    key(text(&format!("keys/{file}")).replacen('{', &format!("{{{members},"), 1))
}

fn replaced(file: &str, name: &str, number: &[u8]) -> String {
    let mut jwk: serde_json::Value = serde_json::from_str(&text(&format!("keys/{file}"))).unwrap();
    jwk[name] = data_encoding::BASE64URL_NOPAD.encode(number).into();
    jwk.to_string()
}

fn off_curve() -> Vec<Finding> {
    let mut jwk: serde_json::Value = serde_json::from_str(&text("keys/p256.pub.jwk.json")).unwrap();
    jwk["y"] = jwk["x"].clone();
    of_refused(&jwk.to_string())
}

fn unpadded_kid() -> Vec<Finding> {
    let jwk = key_file("p521-xzero.pkcs8.pem");
    let kid = jwk.key.public().unwrap().thumbprints_unpadded().remove(0);
    judge(sign(Alg::ES512, &jwk, &format!(r#"{{"alg":"ES512","kid":"{kid}"}}"#), CLAIMS), &[&jwk]).findings
}

fn payload_changed() -> Vec<Finding> {
    let kid = p256().key.public().unwrap().thumbprint();
    let good = sign(Alg::ES256, &p256(), &format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#), CLAIMS);
    let parts: Vec<&str> = good.split('.').collect();
    let claims = data_encoding::BASE64URL_NOPAD.encode(CLAIMS.replace("me", "us").as_bytes());
    judge(format!("{}.{claims}.{}", parts[0], parts[2]), &[&p256()]).findings
}

fn other_key() -> Vec<Finding> {
    let named = Jwk { kid: Some("first".to_owned()), ..secret(&[b"named by it", &[3; 40][..]].concat()) };
    let token = sign(Alg::HS256, &good_secret(), r#"{"alg":"HS256","kid":"first"}"#, CLAIMS);
    judge(token, &[&named, &good_secret()]).findings
}

/// The three parts of tokens over one payload as members of JSON (RFC 7515 §7.2).
fn in_json(tokens: &[&str], flattened: bool) -> String {
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let one = |token: &&str| format!(r#""protected":"{}","signature":"{}""#, parts(token)[0], parts(token)[2]);
    let payload = &parts(tokens[0])[1];
    match flattened {
        true => format!(r#"{{"payload":"{payload}",{}}}"#, one(&tokens[0])),
        false => {
            let all: Vec<String> = tokens.iter().map(|token| format!("{{{}}}", one(token))).collect();
            format!(r#"{{"payload":"{payload}","signatures":[{}]}}"#, all.join(","))
        }
    }
}

/// Two signatures over one payload, of which one is of another key.
fn two_signatures() -> Vec<Finding> {
    let other = Jwk { kid: Some("other".to_owned()), ..secret(&[8; 64]) };
    let tokens = [token(Alg::ES256, &p256()), sign(Alg::HS256, &other, r#"{"alg":"HS256","typ":"JWT"}"#, CLAIMS)];
    judge(in_json(&[&tokens[0], &tokens[1]], false), &[&p256(), &good_secret()]).findings
}

fn encoded(text: &str) -> String {
    data_encoding::BASE64URL_NOPAD.encode(text.as_bytes())
}

fn base64(text: &str) -> String {
    data_encoding::BASE64URL.encode(text.as_bytes())
}

/// A token whose parts were padded before they were signed, and still are.
fn padded_and_signed() -> Vec<Finding> {
    let input = format!("{}.{}", base64(r#"{"alg":"HS256" }"#), base64(CLAIMS));
    let signature = SigningKey::new(Alg::HS256, &good_secret(), false).unwrap().sign_bytes(input.as_bytes()).unwrap();
    of(format!("{input}.{}", data_encoding::BASE64URL.encode(&signature)))
}

/// A token whose signature is over other bytes than its own.
fn over(input: impl Fn(&str, &str) -> String) -> Vec<Finding> {
    let header = r#"{"alg":"HS256" }"#;
    let key = SigningKey::new(Alg::HS256, &good_secret(), false).unwrap();
    of(assemble(header, CLAIMS.as_bytes(), &key.sign_bytes(input(header, CLAIMS).as_bytes()).unwrap()))
}

/// A good MAC, written in another way.
fn rewritten(write: impl Fn(&[u8]) -> String) -> Vec<Finding> {
    let good = token(Alg::HS256, &good_secret());
    let (input, signature) = good.rsplit_once('.').unwrap();
    of(format!("{input}.{}", write(&data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap())))
}

/// A token that is made with one algorithm and names another.
fn misnamed(made: Alg, named: &str, file: &str) -> Vec<Finding> {
    let header = format!(r#"{{"alg":"{named}"}}"#);
    let input = format!("{}.{}", encoded(&header), encoded(CLAIMS));
    let signature = SigningKey::new(made, &key_file(file), false).unwrap().sign_bytes(input.as_bytes()).unwrap();
    judge(assemble(&header, CLAIMS.as_bytes(), &signature), &[&key_file(file)]).findings
}

fn misnamed_mac() -> Vec<Finding> {
    let header = r#"{"alg":"HS256"}"#;
    let input = format!("{}.{}", encoded(header), encoded(CLAIMS));
    let signature = SigningKey::new(Alg::HS512, &good_secret(), false).unwrap().sign_bytes(input.as_bytes()).unwrap();
    of(assemble(header, CLAIMS.as_bytes(), &signature))
}

/// The bytes of that many characters of base64, though some of the last one's bits are left over.
fn base64_of(text: &str, characters: usize) -> Vec<u8> {
    let mut spec = data_encoding::BASE64_NOPAD.specification();
    spec.check_trailing_bits = false;
    spec.encoding().unwrap().decode(&text.as_bytes()[..characters]).unwrap()
}

/// What comes of claims that cannot be drafted.
fn of_claims_anyhow(claims: &str) -> Vec<Finding> {
    of(assemble(r#"{"alg":"HS256","typ":"JWT"}"#, claims.as_bytes(), b"x"))
}

fn prime() -> Vec<u8> {
    data_encoding::HEXUPPER.decode(text("bad/prime-2048.hex").trim().as_bytes()).unwrap()
}

/// A token made with `used`, judged with `given`.
fn near_miss(given: &[u8], used: &[u8]) -> Vec<Finding> {
    judge(token(Alg::HS256, &secret(used)), &[&secret(given)]).findings
}

/// Signatures are drawn until one has the form that is wanted: one in 256 begins with a zero.
fn reformed_until(form: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Vec<Finding> {
    for _ in 0..20_000 {
        let good = token(Alg::ES256, &p256());
        let (input, signature) = good.rsplit_once('.').unwrap();
        if let Some(bytes) = form(&data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap()) {
            return judge(format!("{input}.{}", data_encoding::BASE64URL_NOPAD.encode(&bytes)), &[&p256()]).findings;
        }
    }
    panic!("no signature of 20,000 had the form")
}

#[test]
fn every_finding_comes_of_real_input_and_reads_well() {
    let mut said = String::new();
    for (code, name, make) in CASES {
        let findings = make();
        let named: Vec<&Finding> = findings.iter().filter(|finding| finding.code == *code).collect();
        assert!(!named.is_empty(), "{code} does not come of {name}: {:?}", codes(&findings));
        said += &format!("{code} ({}): {name}\n", code.row().severity);
        for finding in named.iter().take(1).chain(named.iter().skip(1).next_back()) {
            said += &format!("    {}\n", finding.message);
            said += &finding.hint.as_ref().map(|hint| format!("    hint: {hint}\n")).unwrap_or_default();
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn no_finding_of_this_room_is_without_a_case() {
    let ours = |group| !matches!(group, Group::Scopes | Group::Environment);
    let wanted: BTreeSet<Code> = TABLE
        .iter()
        .filter(|row| ours(row.group))
        .map(|row| row.code)
        .filter(|code| !ELSEWHERE.contains(code))
        .collect();
    let made: BTreeSet<Code> = CASES.iter().map(|(code, ..)| *code).collect();
    assert_eq!(made, wanted);
}

#[test]
fn a_table_of_findings_reads_well() {
    let rows: String = TABLE
        .iter()
        .map(|row| {
            format!("{:<12} {:<8} {:<20} {} ({})\n", row.group.name(), row.severity, row.name, row.title, row.source)
        })
        .collect();
    insta::assert_snapshot!(rows);
}

/// Form, signature and rules have each their own verdict.
#[test]
fn verdicts_do_not_mix() {
    let jwk = good_secret();
    let verdicts = |token: String| {
        let found = judge(token, &[&jwk]);
        (found.structure.name(), found.signature.name(), found.policy.name())
    };
    assert_eq!(judge(token(Alg::HS256, &jwk), &[&jwk]).findings, []);
    let jwt = |claims| sign(Alg::HS256, &jwk, r#"{"alg":"HS256","typ":"JWT"}"#, claims);
    assert_eq!(verdicts(jwt(CLAIMS)), ("good", "good", "good"));
    assert_eq!(verdicts(jwt(r#"{"exp":1}"#)), ("good", "good", "bad"));
    assert_eq!(verdicts(jwt(r#"{"sub":1}"#)), ("good", "good", "bad"));
    // A claim twice is a fault of form; the signature over it stands, and the header says what it is.
    assert_eq!(verdicts(jwt(r#"{"a":1,"a":2}"#)), ("bad", "good", "good"));
    assert_eq!(verdicts(sign(Alg::HS256, &jwk, r#"{"alg":"HS256"}"#, "prose")), ("good", "good", "unknown"));
    assert_eq!(verdicts(token(Alg::HS256, &secret(&[8; 64]))), ("good", "bad", "good"));
    assert_eq!(verdicts(token(Alg::HS256, &jwk) + "="), ("bad", "good", "good"));
    assert_eq!(verdicts(token(Alg::HS256, &jwk) + "?"), ("bad", "unknown", "good"));
    assert_eq!(verdicts(String::new()), ("bad", "unknown", "unknown"));
}

#[test]
fn leeway_is_shown_in_the_verdict_and_bounded() {
    let jwk = good_secret();
    let token = sign(Alg::HS256, &jwk, r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"iat":1767225000,"exp":1767225570}"#);
    let policy = |leeway| inspect(token.as_bytes(), &Context { now: NOW, leeway, ..Context::default() }).policy;
    assert_eq!([0, 30, 31, 60].map(policy), [Verdict::Bad, Verdict::Bad, Verdict::Good, Verdict::Good]);
    let token = sign(Alg::HS256, &jwk, r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"exp":1767220000}"#);
    let policy = |leeway| inspect(token.as_bytes(), &Context { now: NOW, leeway, ..Context::default() }).policy;
    assert_eq!([-1, 60, 86_400, i64::MAX].map(policy), [Verdict::Bad; 4]);
    for now in [i64::MIN, -1, 0, i64::MAX] {
        inspect(token.as_bytes(), &Context { now, leeway: i64::MAX, ..Context::default() });
    }
}

#[test]
fn two_hyphens_in_a_thumbprint_are_no_attack() {
    let says =
        |kid: &str| of_header(&format!(r#""kid":"{kid}""#)).iter().any(|found| found.code == Code::KidCharacters);
    assert!(!says("NzbLsXh8uDCcd--6MNwXF4W_7noWXFZAfHkxZsRGC9X"));
    assert!(says("1 or 1=1 --"));
}
