//! The examples of the RFCs. Each file says where it comes from and what must come of it; one function runs them all.

use std::{collections::BTreeMap, fs};

use keywright_jose::{
    inspect::{Context, inspect},
    key::{
        Key,
        read::{self, ReadError},
    },
    sign::SigningKey,
    text,
    verify::{Trust, TrustedKey, UnverifiedJws},
};

use crate::support::{self, NOW, codes, verdict};

/// The lines `name: value` of a file.
struct Vector(BTreeMap<String, String>);

impl Vector {
    fn parse(file: &str) -> Self {
        let lines = file.lines().map(|line| line.split_once(": ").expect("every line is a name and a value"));
        Self(lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn list(&self, name: &str) -> Vec<&str> {
        self.get(name).map(|list| list.split(", ").collect()).unwrap_or_default()
    }

    fn run(&self) {
        let known = [
            "source",
            "shows",
            "key",
            "token",
            "payload",
            "verdict",
            "findings",
            "reproduces",
            "now",
            "set",
            "kids",
            "thumbprints",
            "halves",
        ];
        assert!(self.0.keys().all(|name| known.contains(&name.as_str())), "a name that is not known");
        assert!(self.get("source").is_some() && self.get("shows").is_some(), "a vector says where it is from");
        match (self.get("token"), self.get("set")) {
            (Some(token), None) => self.run_token(token),
            (None, Some(set)) => self.run_set(set),
            _ => panic!("a vector holds a token or a set"),
        }
    }

    fn run_token(&self, token: &str) {
        let jwk = support::key(self.get("key").unwrap());
        let keys = [TrustedKey { name: "the key", jwk: &jwk }];
        let trust = Trust { keys: &keys, named: true, allowed: &[] };
        let now = self.get("now").map_or(NOW, |now| now.parse().unwrap());
        let inspection = inspect(token.as_bytes(), &Context { now, trust, ..Context::default() });
        assert_eq!(inspection.signature, verdict(self.get("verdict").unwrap()));
        assert_eq!(inspection.structure.name(), "good");
        let mut found = codes(&inspection.findings);
        let mut wanted = self.list("findings");
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted);

        let payload = text::decode(self.get("payload").unwrap()).unwrap();
        assert_eq!(inspection.payload.unwrap().as_bytes(), payload);
        let jws = UnverifiedJws::parse(token).unwrap();
        if self.get("reproduces") == Some("yes") {
            let alg = inspection.alg.and_then(|alg| match alg {
                keywright_jose::header::AlgParam::Known(alg) => Some(alg),
                _ => None,
            });
            // The key of the first example is in every textbook, and long enough.
            let key = SigningKey::new(alg.unwrap(), &jwk, true).unwrap();
            assert_eq!(key.sign_bytes(jws.signing_input().as_bytes()).unwrap(), jws.signature());
        }
    }

    fn run_set(&self, set: &str) {
        let found = read::read(set.as_bytes(), None).unwrap();
        let kids: Vec<&str> = found.keys.iter().map(|jwk| jwk.kid.as_deref().unwrap_or("-")).collect();
        let half = |key: &Key| match key {
            Key::Private(_) => "private",
            Key::Public(_) => "public",
            Key::Secret(_) => "secret",
        };
        let halves: Vec<&str> = found.keys.iter().map(|jwk| half(&jwk.key)).collect();
        let thumbprint = |key: &Key| key.public().map_or_else(|| "-".to_owned(), |public| public.thumbprint());
        let thumbprints: Vec<String> = found.keys.iter().map(|jwk| thumbprint(&jwk.key)).collect();
        assert_eq!(
            (kids, halves, thumbprints.iter().map(String::as_str).collect::<Vec<_>>()),
            (self.list("kids"), self.list("halves"), self.list("thumbprints"))
        );
        assert_eq!(found.findings, []);
    }
}

#[test]
fn every_vector_of_the_rfcs_comes_out_as_it_says() {
    let mut paths: Vec<_> =
        fs::read_dir(support::vectors().join("rfc")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert_eq!(paths.len(), 25);
    for path in paths {
        let vector = Vector::parse(&fs::read_to_string(&path).unwrap());
        let outcome = std::panic::catch_unwind(|| vector.run());
        assert!(outcome.is_ok(), "{} ({})", path.display(), vector.get("source").unwrap_or("no source"));
    }
}

/// The golden value of the vendor's tests: a P-521 key whose kid changes where a coordinate is not padded.
#[test]
fn leading_zeros_stay_in_thumbprints() {
    for name in ["p521-xzero", "p521-yzero", "p521-none"] {
        let public = support::key_file(&format!("{name}.pub.pem")).key.public().unwrap();
        let kids = support::json("keys/kids.json");
        assert_eq!(public.thumbprint(), kids[name].as_str().unwrap());
        assert_eq!(public.thumbprints_unpadded().is_empty(), name == "p521-none", "{name}");
    }
}

#[test]
fn a_bare_ed25519_key_is_its_seed_with_or_without_its_public_key() {
    // RFC 8032 §7.1, test 1; the thumbprint of the same key is in RFC 8037 §A.3.
    let seed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    let both = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==";
    for text in [seed, both, both.trim_end_matches('='), &format!(" {}\n{}\n", &both[..64], &both[64..])] {
        let found = read::read_bare_ed25519(text).unwrap();
        assert_eq!(found.keys[0].key.public().unwrap().thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        // The public half behind it shows what it is; a seed alone could be anything.
        assert_eq!(read::read(text.as_bytes(), None).is_ok(), text != seed);
    }
    let other = both.replace("DXWpgB", "DXWpgC");
    assert_eq!(read::read_bare_ed25519(&other).unwrap_err(), ReadError::HalvesDiffer);
    for text in ["", "not base64!", &seed[..40], &both[..84]] {
        assert!(matches!(read::read_bare_ed25519(text), Err(ReadError::Ed25519Length { .. })), "{text}");
    }
}
