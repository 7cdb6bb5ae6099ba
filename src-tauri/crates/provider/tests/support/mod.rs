//! What the tests of several APIs share: a token asked for, findings as lines, an answer read by its pointers.
#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::collections::BTreeMap;

use jose::{Code, Finding, json::Document, jwk::Naming};
use keywright_provider::{
    CallFacts, Definition, KeyFacts, Resolved, Seconds, TokenRequest, built_in_named, definition::KnownError, resolve,
};

/// 2026-01-01T00:00:00Z.
pub const NOW: i64 = 1_767_225_600;

pub fn built_in(id: &str) -> &'static Definition {
    built_in_named(id).unwrap()
}

pub fn key(kty: &str, crv: Option<&str>, bits: u32) -> KeyFacts {
    let thumbprint = (kty != "oct").then(|| "thumb".to_owned());
    KeyFacts { kty: kty.into(), crv: crv.map(str::to_owned), bits, alg: None, kid: None, thumbprint }
}

/// What a person chose, and the token that comes of it.
pub struct Ask<'a> {
    pub definition: &'a Definition,
    pub key: KeyFacts,
    pub variables: &'a [(&'a str, &'a str)],
    pub credential: &'a [(&'a str, &'a str)],
    pub scopes: Option<&'a [&'a str]>,
    pub ttl: Option<u64>,
    pub call: Option<CallFacts<'a>>,
    pub overrides: &'a [(&'a str, &'a str)],
}

impl<'a> Ask<'a> {
    pub fn of(definition: &'a Definition, key: KeyFacts) -> Self {
        let none = &[][..];
        Self {
            definition,
            key,
            variables: none,
            credential: none,
            scopes: None,
            ttl: None,
            call: None,
            overrides: none,
        }
    }

    pub fn made(&self) -> Resolved {
        self.made_with(&mut |bytes| bytes.fill(0xab))
    }

    pub fn made_with(&self, random: &mut dyn FnMut(&mut [u8])) -> Resolved {
        let owned = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
        };
        let scopes: Option<Vec<String>> = self.scopes.map(|scopes| scopes.iter().map(ToString::to_string).collect());
        let overrides: Vec<(String, String)> =
            self.overrides.iter().map(|(name, json)| (name.to_string(), json.to_string())).collect();
        let request = TokenRequest {
            variables: &owned(self.variables),
            credential: &owned(self.credential),
            key: &self.key,
            scopes: scopes.as_deref(),
            ttl: self.ttl.map(Seconds),
            now: NOW,
            backdate: Seconds(0),
            app: "keywright/0.1.0",
            call: self.call,
            overrides: &overrides,
            drops: &[],
            naming: Naming::Kid,
        };
        resolve(self.definition, &request, random)
    }
}

pub fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

/// Findings as people read them, a line each.
pub fn lines(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let hint = finding.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{} {}: {}{hint}\n", finding.severity(), finding.code, finding.message)
    };
    findings.iter().map(line).collect()
}

pub fn member(json: &str, name: &str) -> Option<String> {
    Document::parse(json).unwrap().root().get(name).map(|node| node.raw().to_owned())
}

/// The text that one of the pointers leads to.
pub fn at(body: &str, pointers: &[String]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    pointers.iter().find_map(|pointer| body.pointer(pointer)).and_then(|value| match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Object(_) | serde_json::Value::Null => None,
        other => Some(other.to_string()),
    })
}

/// The known error that code, else message, else status of an answer name.
pub fn known<'d>(definition: &'d Definition, status: u16, body: &str) -> &'d KnownError {
    let errors = &definition.errors;
    let code = at(body, &errors.code);
    let message = at(body, &errors.message).map(|text| text.to_lowercase());
    let here = |error: &&KnownError| error.status == status || error.also_status.contains(&status);
    let says = |error: &&KnownError| {
        let wanted = error.message.as_deref().map(str::to_lowercase);
        wanted.zip(message.as_deref()).is_some_and(|(wanted, message)| message.contains(&wanted))
    };
    let coded = errors.known.iter().find(|error| code.is_some() && error.code == code);
    coded
        .or_else(|| errors.known.iter().filter(here).find(says))
        .or_else(|| errors.known.iter().filter(here).find(|error| error.code.is_none() && error.message.is_none()))
        .unwrap_or_else(|| panic!("{status} {body}"))
}
