//! Published examples, and deliveries that the vendors' own packages made and judged. Each file says where it comes from and
//! what must come of it; one function runs them all.

use std::fs;

use keywright_jose::{
    json::Document,
    webhook::{Delivery, Material, TrustedSecret, stringify::stringify, verify},
};
use serde::Deserialize;

use super::{said, scheme};
use crate::support::{codes, json, vectors};

/// A file of deliveries.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    scheme: String,
    deliveries: Vec<Row>,
}

/// One delivery, the secrets it is judged with, and what must come of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    shows: String,
    secrets: Vec<String>,
    headers: Vec<(String, String)>,
    body: String,
    url: Option<String>,
    method: Option<String>,
    now: i64,
    verdict: String,
    /// What the vendor's own package says, where one was asked.
    vendor: Option<bool>,
    findings: Vec<String>,
}

impl Row {
    /// What does not come out as it says; nothing if all does.
    fn run(&self, scheme_name: &str) -> Option<String> {
        let secrets: Vec<TrustedSecret<'_>> = self
            .secrets
            .iter()
            .map(|text| TrustedSecret { name: "the secret", material: Material::Text(text.as_bytes()) })
            .collect();
        let (url, method) = (self.url.as_deref(), self.method.as_deref());
        let delivery = Delivery { body: self.body.as_bytes(), headers: &self.headers, url, method };
        let check = verify(&scheme(scheme_name), &secrets, &delivery, self.now);
        let mut found = codes(&check.findings);
        found.sort_unstable();
        found.dedup();
        let right = check.verdict.name() == self.verdict && found == self.findings;
        (!right).then(|| {
            format!("{scheme_name}: {}\nwanted {} {:?}\n{}", self.shows, self.verdict, self.findings, said(&check))
        })
    }
}

#[test]
fn every_delivery_comes_out_as_its_file_says() {
    let mut paths: Vec<_> =
        fs::read_dir(vectors().join("webhooks")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert_eq!(paths.len(), 21);
    let mut wrong = Vec::new();
    let mut differing = Vec::new();
    for path in paths {
        let file: File = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(path.file_stem().unwrap().to_str().unwrap(), file.scheme);
        assert!(!file.source.is_empty());
        wrong.extend(file.deliveries.iter().filter_map(|row| row.run(&file.scheme)));
        let differs = |row: &&Row| row.vendor.is_some_and(|taken| taken != (row.verdict == "good"));
        differing.extend(file.deliveries.iter().filter(differs).map(|row| format!("{}: {}", file.scheme, row.shows)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Where a vendor's package and the check do not agree, and why.
    insta::assert_snapshot!(differing.join("\n"));
}

#[test]
fn a_body_is_written_anew_as_javascript_writes_it() {
    let file = json("deterministic/json-stringify.json");
    let pairs = file["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 14);
    for pair in pairs {
        let (text, wanted) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        assert_eq!(stringify(&Document::parse(text).unwrap()), wanted, "{text}");
    }
}
