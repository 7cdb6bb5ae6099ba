//! Tokens: signed by a profile's recipe or from claims as typed; inspected; verified.

use exchange::{AtHand, Authentication, renewal_due};
use jose::{
    Alg, Code, Finding, expression,
    inspect::{self, Inspection},
    json::Document,
    jwk::Naming,
    key::{Jwk, PublicKey},
    sign::{self, Draft, SigningKey},
    verify::{Trust, TrustedKey},
};
use provider::{CallFacts, Definition, Seconds, Slot, TokenRequest};
use zeroize::Zeroizing;

use crate::{
    ground::{
        Error, TokenError,
        ports::{LiveAct, Ports, TokenTerms},
    },
    jobs::issued_tokens,
    policy::{
        authentication, consent,
        signer::{APPLICATION, SignRequest, Signer},
    },
    resolve::{definitions, environments, key_facts},
    store::{draft::CallWith, records::Credential, session::Session},
};

/// A signed token, and how it came about.
#[derive(Clone)]
pub struct Signed {
    /// The token.
    pub token: sign::CompactJws,
    /// The header as signed.
    pub header: String,
    /// The claims set as signed.
    pub claims: String,
    /// The algorithm.
    pub alg: Alg,
    /// The key's name.
    pub key: String,
    /// The key's kid.
    pub kid: Option<String>,
    /// The scopes in it.
    pub scopes: Vec<String>,
    /// What was noticed; nothing of severity error.
    pub findings: Vec<Finding>,
}

/// Signs a token by the recipe of the profile's provider.
pub fn sign(session: &Session, request: &SignRequest, ports: &Ports) -> Result<Signed, Error> {
    let signer = request.signer(session)?;
    let asks = |terms| consent::ask(&signer, LiveAct::Sign, "signing a token", Some(terms), ports);
    sign_as(session, &signer, request, None, asks, ports)
}

/// A token that is good to go, and when it ends.
pub struct Ready {
    /// The token. It is a secret.
    pub token: Zeroizing<String>,
    /// When it ends, in seconds since 1970, if that is known.
    pub expires: Option<i64>,
}

/// The token that calls of a place carry as things stand: signed anew where it is signed here, else the one that the
/// server gave. Nothing where that is missing or at its end, so that a flow must get one first.
pub fn ready(session: &Session, request: &SignRequest, ports: &Ports) -> Result<Option<Ready>, Error> {
    let signer = request.signer(session)?;
    let asks = |terms| consent::ask(&signer, LiveAct::Sign, "getting a token", terms, ports);
    if authentication::of_call(&signer, None, CallWith::Token) == Authentication::SignedToken {
        let signed = sign_as(session, &signer, request, None, |terms| asks(Some(terms)), ports)?;
        let expires = Document::parse(&signed.claims).ok();
        let expires = expires.and_then(|claims| claims.root().get("exp").and_then(|exp| exp.as_i64()));
        return Ok(Some(Ready { token: Zeroizing::new(signed.token.as_str().to_owned()), expires }));
    }
    asks(None)?;
    kept(session, &signer, request, ports)
}

/// The token that the server gave before, where it is the one that is wanted and not at its end.
pub(crate) fn kept(
    session: &Session,
    signer: &Signer<'static>,
    request: &SignRequest,
    ports: &Ports,
) -> Result<Option<Ready>, Error> {
    let owner = signer.credential_at();
    let known = issued_tokens::known(session, &owner)?.filter(|known| authentication::fits(known, signer, request));
    let Some(known) = known else { return Ok(None) };
    let at_hand = AtHand { refresh: known.refresh_token(), first: None };
    let due = renewal_due(signer.definition, known.expires, at_hand, ports.clock.now());
    let access = issued_tokens::open(session, &owner)?.access.filter(|_| due.is_none());
    Ok(access.map(|token| Ready { token, expires: known.expires }))
}

/// Signs as `signer`: resolve, refuse or note, ask with the terms of the token, open the key, sign, drop the key.
pub(crate) fn sign_as(
    session: &Session,
    signer: &Signer<'_>,
    request: &SignRequest,
    call: Option<CallFacts<'_>>,
    asks: impl FnOnce(TokenTerms) -> Result<(), Error>,
    ports: &Ports,
) -> Result<Signed, Error> {
    let Signer { profile, definition, credential, .. } = signer;
    let alg = credential.value.signs_with()?;
    let now = ports.clock.now();
    let facts = key_facts::facts(&credential.value);
    let overrides = claims_as_json(&request.claims, now, ports)?;
    let scopes = chosen_scopes(definition, request.scopes.as_ref().or(profile.value.scopes.as_ref()));
    let resolved = provider::resolve(
        definition,
        &TokenRequest {
            variables: &profile.value.variables,
            credential: &credential.value.fields,
            key: &facts,
            scopes: scopes.as_deref(),
            ttl: request.ttl.or(profile.value.ttl.map(Seconds)),
            now,
            backdate: request.backdate,
            app: APPLICATION,
            call,
            overrides: &overrides,
            drops: &request.drop,
            naming: request.naming,
        },
        &mut |out| ports.random.fill(out),
    );
    // What every JWT must keep is judged by inspecting the draft as it will be read.
    let mut findings = resolved.findings;
    findings.extend(draft_findings(&resolved.claims, now));
    let findings = named_as_wanted(request.naming, environments::refuse(findings)?)?;
    let draft = Draft::jwt(&resolved.header, &resolved.claims)?;
    asks(consent::terms(definition, &resolved.claims, now))?;
    let jwk = session.open_key(credential)?;
    let token = draft.sign(&SigningKey::new(alg, &jwk, false)?)?;
    Ok(Signed {
        token,
        alg,
        key: credential.value.name.clone(),
        kid: credential.value.kid.clone().filter(|_| request.naming == Naming::Kid),
        scopes: resolved.scopes,
        findings,
        header: resolved.header,
        claims: resolved.claims,
    })
}

/// Refuses to leave a kid out on purpose where the provider's rules want one. They only warn of one that is not there, since
/// they judge tokens of anybody.
fn named_as_wanted(naming: Naming, findings: Vec<Finding>) -> Result<Vec<Finding>, Error> {
    let missing = |finding: &&Finding| naming == Naming::Nothing && finding.code == Code::KidMissing;
    match findings.iter().find(missing) {
        Some(rule) => Err(Error::Token(TokenError::Rules(vec![rule.clone()]))),
        None => Ok(findings),
    }
}

/// The values of `--claim`: JSON, with time and id expressions resolved.
fn claims_as_json(claims: &[(String, String)], now: i64, ports: &Ports) -> Result<Vec<(String, String)>, Error> {
    let one = |(name, json): &(String, String)| {
        Document::parse(json)
            .map_err(|error| Error::Token(TokenError::NotJson { what: format!("the claim {name:?}"), error }))?;
        Ok((name.clone(), expression::resolve_expressions(json, now, &mut || uuid(ports))?))
    };
    claims.iter().map(one).collect()
}

fn chosen_scopes(definition: &Definition, chosen: Option<&Vec<String>>) -> Option<Vec<String>> {
    let chosen = chosen?;
    Some(match &definition.scopes {
        Some(scopes) => chosen.iter().map(|scope| scopes.meant(scope).to_owned()).collect(),
        None => chosen.clone(),
    })
}

/// Times and duplicates of a claims set that is about to be signed, by the rules that judge any token.
fn draft_findings(claims: &str, now: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Ok(document) = Document::parse(claims) {
        jose::time::check(document.root(), now, 0, &mut findings);
    }
    findings
}

/// A token from claims as typed, with a key from outside the vault.
pub struct PlainDraft<'a> {
    /// The key.
    pub key: &'a Jwk,
    /// The algorithm.
    pub alg: Alg,
    /// The claims as typed.
    pub claims: &'a str,
    /// Further header parameters: name and JSON text.
    pub header: &'a [(String, String)],
    /// Whether texts that begin with a dollar are signed as they stand.
    pub literal: bool,
    /// Whether a short or well-known secret may sign.
    pub allow_weak_key: bool,
    /// Whether the header names the key.
    pub naming: Naming,
}

/// Signs claims as typed. Only time and id expressions are replaced, unless that is switched off.
pub fn sign_plain(draft: &PlainDraft<'_>, ports: &Ports) -> Result<Signed, Error> {
    let now = ports.clock.now();
    for (name, json) in draft.header {
        Document::parse(json).map_err(|error| {
            Error::Token(TokenError::NotJson { what: format!("the header parameter {name:?}"), error })
        })?;
    }
    let claims = match draft.literal {
        true => draft.claims.to_owned(),
        false => expression::resolve_expressions(draft.claims, now, &mut || uuid(ports))?,
    };
    let claims = claims.trim().to_owned();
    let kid = draft.key.effective_kid().filter(|_| draft.naming == Naming::Kid);
    let header = sign::header(draft.alg, kid.as_deref(), draft.header);
    let key = SigningKey::new(draft.alg, draft.key, draft.allow_weak_key)?;
    let token = Draft::jwt(&header, &claims)?.sign(&key)?;
    let findings = draft_findings(&claims, now);
    let key = draft.key.key.describe();
    Ok(Signed { token, header, claims, alg: draft.alg, key, kid, scopes: Vec::new(), findings })
}

/// How a token shall be judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Judging<'a> {
    /// The time to judge at; now unless set.
    pub at: Option<i64>,
    /// Seconds that clocks may differ.
    pub leeway: i64,
    /// The only algorithms allowed, if any are named.
    pub allowed: &'a [Alg],
    /// The issuer that is expected.
    pub issuer: Option<&'a str>,
    /// The audience that is expected.
    pub audience: Option<&'a str>,
    /// The provider whose rules apply.
    pub provider: Option<&'a Definition>,
}

/// A key under the name by which the person knows it.
#[derive(Debug)]
pub struct NamedKey {
    /// The name.
    pub name: String,
    /// The key.
    pub jwk: Jwk,
}

/// Says everything about a token. `named` keys are those that the person gave for this token; with `own` keys of a
/// session a token may still be somebody else's.
pub fn inspect(input: &[u8], keys: &[NamedKey], named: bool, judging: &Judging<'_>, ports: &Ports) -> Inspection {
    let trusted: Vec<TrustedKey<'_>> = keys.iter().map(|key| TrustedKey { name: &key.name, jwk: &key.jwk }).collect();
    let now = judging.at.unwrap_or_else(|| ports.clock.now());
    let context = inspect::Context {
        now,
        leeway: judging.leeway,
        trust: Trust { keys: &trusted, named, allowed: judging.allowed },
        issuer: judging.issuer,
        audience: judging.audience,
    };
    let mut inspection = inspect::inspect(input, &context);
    if let Some(definition) = judging.provider {
        let by_rules = rules(definition, &inspection, now);
        inspection.add(by_rules);
    }
    inspection
}

fn rules(definition: &Definition, inspection: &Inspection, now: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(header) = &inspection.header {
        findings.extend(provider::check_header(definition, header, None));
    }
    if let Some(claims) = &inspection.payload {
        findings.extend(provider::check_claims(definition, claims, now));
    }
    findings
}

/// The keys of the vault, to judge tokens with. Secrets are opened only where `with_secrets` asks for them.
pub fn own_keys(session: &Session, with_secrets: bool) -> Result<Vec<NamedKey>, Error> {
    let mut keys = Vec::new();
    for stored in session.each::<Credential>()?.filter(|stored| stored.value.alg.is_some()) {
        let name = stored.value.name.clone();
        match stored.value.public()? {
            Some(jwk) => {
                let kid = given_kid(session, &stored.value).or_else(|| jwk.kid.clone());
                keys.push(NamedKey { name, jwk: Jwk { kid, ..jwk } });
            }
            None if with_secrets => keys.push(NamedKey { name, jwk: session.open_key(stored)? }),
            None => {}
        }
    }
    Ok(keys)
}

/// The name under which a provider that names keys itself finds this one: what its tokens have as kid, where that is a field
/// of the credential.
fn given_kid(session: &Session, credential: &Credential) -> Option<String> {
    let definition = definitions::named(session, &credential.binding.as_ref()?.provider).ok()?;
    let kid = definition.token.as_ref()?.header.iter().find(|member| member.name == "kid")?;
    match kid.value.only_slot()? {
        Slot::Credential(field) => credential.fields.get(field).cloned(),
        _ => None,
    }
}

/// The public half of a credential, to judge a token with that was just made.
pub(crate) fn public_half(credential: &Credential) -> Option<PublicKey> {
    credential.public().ok()??.key.public()
}

/// A UUID of version 4 (RFC 9562 §5.4).
pub(crate) fn uuid(ports: &Ports) -> String {
    let mut bytes = [0; 16];
    ports.random.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
