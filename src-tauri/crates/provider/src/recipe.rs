//! From a recipe and what a person chose to the header and claims text of a token.
//!
//! What the person overrides wins over the recipe, and the result is judged by the same rules as any other token.

use std::collections::BTreeMap;

use chrono::DateTime;
use data_encoding::{BASE64, HEXLOWER};
use jose::{
    Code, Finding, duration,
    expression::Expression,
    json::{Document, Kind, Node, quote},
    jwk::Naming,
};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    definition::{Claim, ClaimType, Definition, Presence, Token, Value},
    duration::Seconds,
    host::authority,
    key::KeyFacts,
    places::TemplatePlace,
    rules::{check_claims, check_header},
    template::{Slot, Template},
    values::written,
};

/// What a token is made for, and what the person chose.
#[derive(Debug, Clone, Copy)]
pub struct TokenRequest<'a> {
    /// The variables of the profile.
    pub variables: &'a BTreeMap<String, String>,
    /// The fields of the credential beside its secret, such as a client id.
    pub credential: &'a BTreeMap<String, String>,
    /// The key it will be signed with.
    pub key: &'a KeyFacts,
    /// The scopes; the provider's usual ones if not chosen.
    pub scopes: Option<&'a [String]>,
    /// How long it shall live; the provider's usual time if not chosen.
    pub ttl: Option<Seconds>,
    /// The time of signing, in seconds since 1970. What it begins with is set back by `backdate`.
    pub now: i64,
    /// How far `nbf` and `iat` are set back, against servers whose clock is behind.
    pub backdate: Seconds,
    /// The name and version of this application, for claims that carry it.
    pub app: &'a str,
    /// The call it is for, where the provider wants one token for each.
    pub call: Option<CallFacts<'a>>,
    /// Claims that win over the recipe, as JSON text, in the order in which new ones are added.
    pub overrides: &'a [(String, String)],
    /// Claims that are left out.
    pub drops: &'a [String],
    /// Whether the header names the key.
    pub naming: Naming,
}

/// The call that a token is for.
#[derive(Debug, Clone, Copy)]
pub struct CallFacts<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its address.
    pub url: &'a Url,
    /// Its body.
    pub body: &'a [u8],
}

/// The texts of a token that is about to be signed, and what there is to say about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The header, compact JSON.
    pub header: String,
    /// The claims set: compact JSON, but for values that were given as text.
    pub claims: String,
    /// The scopes in it.
    pub scopes: Vec<String>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Makes the texts of a token by the recipe of `definition`. `random` fills its argument with unpredictable bytes.
///
/// Never fails: what cannot be filled in stays out and becomes a finding.
pub fn resolve(definition: &Definition, request: &TokenRequest<'_>, random: &mut dyn FnMut(&mut [u8])) -> Resolved {
    let Some(token) = &definition.token else {
        let finding = Finding::new(Code::ClaimMissing, format!("{} has no recipe for a token", definition.name));
        return Resolved { header: "{}".into(), claims: "{}".into(), scopes: Vec::new(), findings: vec![finding] };
    };
    let mut resolver = Resolver { definition, token, request, random, kept: false, findings: Vec::new() };
    let header = resolver.header();
    let claims = resolver.claims();
    let mut findings = resolver.findings;
    findings.extend(check_header(definition, &header, Some(request.key)));
    findings.extend(check_claims(definition, &claims, request.now));
    Resolved { scopes: definition.scopes_in(&claims), header, claims, findings }
}

/// The claims of the recipe as a person would write them: times and ids that are fresh for each token stay expressions.
///
/// Compact JSON of one object; what cannot be filled in stays out.
pub fn compose(definition: &Definition, request: &TokenRequest<'_>, random: &mut dyn FnMut(&mut [u8])) -> String {
    match &definition.token {
        Some(token) => Resolver { definition, token, request, random, kept: true, findings: Vec::new() }.claims(),
        None => "{}".to_owned(),
    }
}

/// The header by the recipe, compact JSON; what cannot be filled in stays out.
pub fn compose_header(
    definition: &Definition,
    request: &TokenRequest<'_>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Option<String> {
    let token = definition.token.as_ref()?;
    Some(Resolver { definition, token, request, random, kept: false, findings: Vec::new() }.header())
}

/// One claim as [`compose`] writes it, whether the recipe writes it unasked or not. `None` where the recipe has no value.
pub fn compose_claim(
    definition: &Definition,
    name: &str,
    request: &TokenRequest<'_>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Option<String> {
    let token = definition.token.as_ref()?;
    let claim = token.claims.iter().find(|claim| claim.name == name)?;
    let mut resolver = Resolver { definition, token, request, random, kept: true, findings: Vec::new() };
    resolver.by_recipe(claim).map(|(_, json)| json)
}

/// Why a slot stays empty, as people read it.
type Unfilled = String;

struct Resolver<'a> {
    definition: &'a Definition,
    token: &'a Token,
    request: &'a TokenRequest<'a>,
    random: &'a mut dyn FnMut(&mut [u8]),
    /// Whether expressions stay expressions.
    kept: bool,
    findings: Vec<Finding>,
}

impl Resolver<'_> {
    fn header(&mut self) -> String {
        let mut members = Vec::new();
        let nameless = self.request.naming == Naming::Nothing;
        for member in self.token.header.iter().filter(|member| !(nameless && member.name == "kid")) {
            match self.fill(&member.value) {
                Ok(text) => members.push((member.name.clone(), quote(&text))),
                // A header parameter that must be there is reported by the rules.
                Err(_) if member.required => {}
                Err(why) => self.unfilled(&member.name, &why),
            }
        }
        object(&members)
    }

    fn claims(&mut self) -> String {
        let request = self.request;
        self.check_overrides();
        let mut members: Vec<(String, String)> = Vec::new();
        for claim in &self.token.claims {
            let dropped = request.drops.contains(&claim.name);
            if let Some((_, raw)) = request.overrides.iter().rfind(|(name, _)| *name == claim.name) {
                members.extend(given(&claim.name, raw));
            } else if !dropped && (claim.presence == Presence::Required || claim.default_on) {
                members.extend(self.by_recipe(claim));
            }
        }
        for (name, raw) in request.overrides {
            if !members.iter().any(|(known, _)| known == name) {
                members.extend(given(name, raw));
            }
        }
        object(&members)
    }

    /// Says which of the values given are not JSON. They stay out.
    fn check_overrides(&mut self) {
        for (name, raw) in self.request.overrides {
            if let Err(error) = Document::parse(raw) {
                let message = format!("the value given for {name:?} is not JSON: {error}");
                self.findings.push(Finding::new(Code::NotJson, message).hint("a text wants quotes: '\"like this\"'"));
            }
        }
    }

    /// A claim by its recipe.
    fn by_recipe(&mut self, claim: &Claim) -> Option<(String, String)> {
        let value = claim.value.as_ref().filter(|value| !claim.omit_if_empty || !self.is_empty(value))?;
        match self.json(value, claim.kind) {
            Ok(json) => Some((claim.name.clone(), json)),
            Err(why) => {
                self.unfilled(&claim.name, &why);
                None
            }
        }
    }

    /// Whether there is nothing to fill in where the value asks for what a person may leave out.
    fn is_empty(&self, value: &Value) -> bool {
        value.templates().iter().flat_map(Template::slots).any(|slot| match slot {
            Slot::Scopes => self.scopes().is_empty(),
            Slot::Variable(name) => self.definition.variable_value(name, self.request.variables) == Ok(None),
            Slot::Credential(field) => self.request.credential.get(field).is_none_or(String::is_empty),
            _ => false,
        })
    }

    fn unfilled(&mut self, name: &str, why: &str) {
        self.findings.push(Finding::new(Code::ClaimValue, format!("{name:?} cannot be filled in: {why}")));
    }

    /// A value as JSON of the claim's type.
    fn json(&mut self, value: &Value, kind: ClaimType) -> Result<String, Unfilled> {
        let template = match value {
            Value::One(template) if template.only_slot() == Some(&Slot::Scopes) && kind == ClaimType::Strings => {
                let scopes = self.scopes();
                return Ok(self.array(&scopes));
            }
            Value::One(template) => template,
            Value::Many(templates) => {
                let texts: Vec<String> = templates.iter().map(|t| self.fill(t)).collect::<Result<_, _>>()?;
                return Ok(self.array(&texts));
            }
        };
        if let Some(expression) = template.only_slot().filter(|_| self.kept).and_then(|slot| self.expression(slot)) {
            return Ok(quote(&expression));
        }
        let text = self.fill(template)?;
        Ok(written(&text, kind, |text| self.quote(text)))
    }

    /// A text as JSON. Where expressions are understood, none is made by chance.
    fn quote(&self, text: &str) -> String {
        if self.kept { Expression::quoted(text) } else { quote(text) }
    }

    fn array(&self, texts: &[String]) -> String {
        let texts: Vec<String> = texts.iter().map(|text| self.quote(text)).collect();
        format!("[{}]", texts.join(","))
    }

    /// The expression that stands for a slot until the token is signed.
    fn expression(&self, slot: &Slot) -> Option<String> {
        let begin = -i64::try_from(self.request.backdate.0).unwrap_or(i64::MAX);
        match slot {
            Slot::Now(offset) => Some(Expression::now(begin.saturating_add(*offset))),
            Slot::NowPlusTtl => Some(Expression::now(i64::try_from(self.ttl().0).unwrap_or(i64::MAX))),
            Slot::Uuid => Some("$uuid".to_owned()),
            _ => None,
        }
    }

    fn fill(&mut self, template: &Template) -> Result<String, Unfilled> {
        template.fill(|slot| self.slot(slot))
    }

    fn slot(&mut self, slot: &Slot) -> Result<String, Unfilled> {
        let elsewhere = || Err(format!("{slot} is known only while a flow runs"));
        if !TemplatePlace::Token.knows(slot) {
            return elsewhere();
        }
        let request = self.request;
        let key = request.key;
        let call = || request.call.ok_or_else(|| format!("{slot} wants to know the call the token is for"));
        let thumbprint = || key.thumbprint.clone().ok_or_else(|| "the key has no thumbprint".to_owned());
        Ok(match slot {
            Slot::Now(offset) => self.begin().saturating_add(*offset).to_string(),
            Slot::NowPlusTtl => request.now.saturating_add_unsigned(self.ttl().0).to_string(),
            Slot::NowIso => {
                let time = DateTime::from_timestamp(request.now, 0).ok_or("the time is beyond the calendar")?;
                time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
            }
            Slot::Ttl => self.ttl().0.to_string(),
            Slot::TtlText => duration::short(self.ttl().0),
            Slot::Uuid => self.uuid().hyphenated().to_string(),
            Slot::UuidHex => self.uuid().simple().to_string(),
            Slot::RandomHex(count) => {
                let mut bytes = vec![0; *count];
                (self.random)(&mut bytes);
                HEXLOWER.encode(&bytes)
            }
            Slot::Alg => {
                let alg = self.definition.alg_for(key).ok_or("the key is not one that the provider takes")?;
                alg.name().to_owned()
            }
            Slot::Kid => key.kid.clone().map_or_else(thumbprint, Ok)?,
            Slot::Thumbprint => thumbprint()?,
            Slot::Scopes => self.scopes().join(" "),
            Slot::App => request.app.to_owned(),
            Slot::Method => call()?.method.to_owned(),
            Slot::Host => authority(call()?.url),
            Slot::Path => call()?.url.path().to_owned(),
            Slot::BodySha256Hex => HEXLOWER.encode(&Sha256::digest(call()?.body)),
            Slot::BodySha256Base64 => BASE64.encode(&Sha256::digest(call()?.body)),
            Slot::SortedBodySha256Hex => HEXLOWER.encode(&Sha256::digest(sorted(call()?.body)?)),
            Slot::SignedToken | Slot::AccessToken | Slot::RefreshToken => return elsewhere(),
            Slot::Credential(field) => {
                let value = request.credential.get(field).filter(|value| !value.is_empty());
                value.cloned().ok_or_else(|| format!("the credential has no {field}"))?
            }
            Slot::Variable(name) => match self.definition.variable_value(name, request.variables) {
                Ok(Some(value)) => value,
                Ok(None) => return Err(format!("the variable {name} is empty")),
                Err(error) => return Err(error.to_string()),
            },
        })
    }

    fn begin(&self) -> i64 {
        self.request.now.saturating_sub_unsigned(self.request.backdate.0)
    }

    fn ttl(&self) -> Seconds {
        const HOUR: Seconds = Seconds(3600);
        self.request.ttl.unwrap_or_else(|| self.token.lifetime.as_ref().map_or(HOUR, |lifetime| lifetime.default))
    }

    fn uuid(&mut self) -> uuid::Uuid {
        let mut bytes = [0; 16];
        (self.random)(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    fn scopes(&self) -> Vec<String> {
        let Some(scopes) = &self.definition.scopes else { return Vec::new() };
        let chosen = self.request.scopes.unwrap_or(&scopes.default);
        let mut set: Vec<String> = Vec::with_capacity(chosen.len());
        for scope in chosen.iter().map(|scope| scopes.meant(scope)) {
            if !set.iter().any(|known| known == scope) {
                set.push(scope.to_owned());
            }
        }
        set
    }
}

/// A claim as the person gave it: its text untouched, so long as it is JSON.
fn given(name: &str, raw: &str) -> Option<(String, String)> {
    Document::parse(raw).is_ok().then(|| (name.to_owned(), raw.trim().to_owned()))
}

fn object(members: &[(String, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, json)| format!("{}:{json}", quote(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// A JSON body with the members of each object sorted by name and without white space; of numbers and texts the form as typed.
fn sorted(body: &[u8]) -> Result<String, Unfilled> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8")?;
    let document = Document::parse(text).map_err(|error| format!("the body is not JSON: {error}"))?;
    Ok(write_sorted(document.root()))
}

fn write_sorted(node: Node<'_, '_>) -> String {
    match node.kind() {
        Kind::Object => {
            let mut members: Vec<(String, String)> =
                node.members().map(|m| (m.name().unwrap_or_default().into_owned(), write_sorted(m))).collect();
            members.sort();
            object(&members)
        }
        Kind::Array => format!("[{}]", node.elements().map(write_sorted).collect::<Vec<_>>().join(",")),
        _ => node.raw().to_owned(),
    }
}
