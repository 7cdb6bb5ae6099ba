//! Reading a draft: what its text becomes, signed where that needs no consent, and all that is worth knowing of it.

use jose::{
    expression,
    json::{Document, Kind, Span},
    rewrite::base64_characters,
    sign::{self, CompactJws, DraftError, SigningKey},
    time::Times,
};
use provider::Tier;

use super::{
    Draft, call, carried,
    findings::{self, Fix, Noted, Typed},
    notes::{self, LineNote, Pill, Tone},
    outline::{Item, outline},
    standing::Standing,
    syntax,
    text::{self, TextEdit},
};
use crate::{
    Error,
    ports::{LiveAct, Ports},
    records::{Credential, GivenTokens},
    requests::Carries,
    session::Session,
    tokens, words,
};

/// What a draft says as it stands. Places are bytes of the claims text as typed.
#[derive(Clone)]
pub struct Reading {
    /// The token, where it could be signed and needed no consent, or had it.
    pub token: Option<CompactJws>,
    /// Why there is none, in a few words.
    pub unsigned: Option<String>,
    /// The header as signed, or as it would be; compact.
    pub header: String,
    /// The claims set as signed, or as it would be; compact. Empty where the text is not JSON.
    pub claims: String,
    /// What the call carries.
    pub carries: Carries,
    /// What is known of the token that the server gave, where the call carries one.
    pub given: Option<GivenTokens>,
    /// The credential: the key that signs, or what calls and tokens are got with.
    pub key: Option<Credential>,
    /// How much care the environment wants.
    pub tier: Tier,
    /// What was noticed, errors first.
    pub findings: Vec<Noted>,
    /// Words at the ends of lines.
    pub notes: Vec<LineNote>,
    /// Expressions as people read them.
    pub pills: Vec<Pill>,
    /// What of the token each member and element becomes.
    pub spans: Vec<ClaimSpan>,
    /// The times of the token.
    pub times: Times,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// How it stands to what is required, in a few words.
    pub summary: String,
    /// What the server will read.
    pub reads: Vec<ReadRow>,
    /// The call.
    pub endpoint: Option<EndpointReading>,
    /// What sending is called.
    pub send_label: String,
    /// Why it cannot be sent, in a few words.
    pub send_blocked: Option<String>,
    /// The time of this reading, in seconds since 1970.
    pub now: i64,
}

/// A member or element of the text, and the characters of the token's payload part that encode it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimSpan {
    /// In the text as typed, name and value.
    pub typed: Span,
    /// In the payload part.
    pub characters: Span,
}

/// One thing that the server will read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    /// What it is.
    pub label: &'static str,
    /// What it says.
    pub value: String,
    /// What that means.
    pub words: Option<String>,
    /// Whether that is as it should be.
    pub tone: Tone,
}

/// The call that a draft is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointReading {
    /// The method.
    pub method: String,
    /// The path from the base address on.
    pub path: String,
    /// The whole address; empty where it is not known.
    pub url: String,
    /// Whether it changes something there.
    pub side_effects: bool,
    /// The scopes it needs and whether they are there, in words.
    pub scopes: Option<String>,
    /// The scopes it needs that are not there.
    pub lacks: Vec<String>,
}

/// Reads a draft. In a live environment the token is signed only if the person agreed to that before.
pub fn read(session: &Session, draft: &Draft, ports: &Ports) -> Result<Reading, Error> {
    let standing = Standing::of(session, draft, ports)?;
    if standing.carries(draft) != Carries::Signed {
        return carried::read(session, draft, &standing, ports);
    }
    let signs = !standing.is_live() || agreed(&standing, ports);
    read_as(session, draft, standing, signs, ports)
}

/// Reads a draft and signs it, wherever it is for. Asks before it signs for a live environment.
pub fn sign(session: &Session, draft: &Draft, ports: &Ports) -> Result<Reading, Error> {
    let signer = tokens::signer(session, &draft.profile, &draft.environment, draft.key.as_deref())?;
    tokens::consent(&signer, LiveAct::Sign, "signing a token", ports)?;
    let standing = Standing::of(session, draft, ports)?;
    read_as(session, draft, standing, true, ports)
}

fn agreed(standing: &Standing, ports: &Ports) -> bool {
    let Standing { profile, definition, environment, key, .. } = standing;
    // Without a key nothing is signed, whatever was agreed.
    let Ok(credential) = key else { return false };
    let question =
        tokens::live_question(profile, definition, environment, credential, LiveAct::Sign, "signing a token");
    question.is_none_or(|question| ports.consent.agreed(&question))
}

/// Reads a draft whose consent is settled: `signs` says whether a token is made.
pub(super) fn read_as(
    session: &Session,
    draft: &Draft,
    standing: Standing,
    signs: bool,
    ports: &Ports,
) -> Result<Reading, Error> {
    let header = match &draft.header {
        Some(typed) => jose::json::compact(typed).unwrap_or_else(|_| typed.clone()),
        None => standing.header(ports),
    };
    let mut reading = blank(&standing, header);
    let document = match Document::parse(&draft.claims) {
        Ok(document) => document,
        Err(error) => {
            let mut fault = syntax::fault(&draft.claims, &error);
            if draft.claims.trim().is_empty() {
                let everything = TextEdit::new(Span::new(0, draft.claims.len()), standing.recipe(ports));
                fault.fixes = vec![Fix { title: "Start from the recipe".to_owned(), edits: vec![everything] }];
            }
            reading.findings.push(fault);
            let fault = format!("line {} is not JSON", error.line);
            reading.summary = fault.clone();
            return Ok(blocked(reading, &standing, draft, fault, ports));
        }
    };
    let resolved = expression::resolve(&document, standing.signing, &mut || tokens::uuid(ports), true);
    let typed = Typed { document, resolved };
    reading.claims = typed.resolved.text.text.clone();
    (reading.times, reading.findings) = findings::judge(&standing, &typed, &reading.header, ports);
    let root = typed.document.root();
    if root.kind() != Kind::Object {
        let fault = format!("the claims are {}", root.kind().name());
        reading.findings.push(not_object(root.kind(), root.span()));
        reading.summary = fault.clone();
        return Ok(blocked(reading, &standing, draft, fault, ports));
    }
    let outline = outline(&typed.document, standing.claims());
    reading.notes = notes::notes(&standing, &typed, &outline);
    reading.pills = notes::pills(&typed);
    reading.spans = spans(&typed, &outline);
    reading.scopes = standing.definition.scopes_in(&reading.claims);
    reading.summary = summary(&standing, &typed);

    let jws = sign::Draft::jwt(&reading.header, &reading.claims);
    let key = standing.key.as_ref().ok();
    let fault = match (&jws, key) {
        (Err(error), _) => Some(fault_words(error)),
        (_, None) => no_key(&standing),
        (Ok(jws), Some(key)) => match key.value.signs_with() {
            Ok(alg) => jws.check_alg(alg).err().map(|error| fault_words(&error)),
            Err(error) => Some(error.to_string()),
        },
    };
    let fault = fault.or_else(|| {
        typed.resolved.errors.first().map(|(span, _)| {
            let found = &draft.claims[span.start..span.end];
            format!("{} is not an expression", words::short(found))
        })
    });
    if let Some(fault) = fault {
        return Ok(blocked(reading, &standing, draft, fault, ports));
    }
    if let (Ok(jws), Some(key), true) = (&jws, key, signs) {
        let jwk = session.open_key(key)?;
        match SigningKey::new(key.value.signs_with()?, &jwk, false) {
            Ok(signing) => reading.token = Some(jws.sign(&signing)?),
            Err(unfit) => return Ok(blocked(reading, &standing, draft, unfit.to_string(), ports)),
        }
    } else {
        reading.unsigned = Some("not signed".to_owned());
    }
    finish(&mut reading, &standing, draft, None, ports);
    Ok(reading)
}

pub(super) fn blank(standing: &Standing, header: String) -> Reading {
    Reading {
        carries: Carries::Signed,
        given: None,
        token: None,
        unsigned: None,
        header,
        claims: String::new(),
        key: standing.key.as_ref().ok().map(|key| key.value.clone()),
        tier: standing.environment.tier_or_live(),
        findings: Vec::new(),
        notes: Vec::new(),
        pills: Vec::new(),
        spans: Vec::new(),
        times: Times::default(),
        scopes: Vec::new(),
        summary: String::new(),
        reads: Vec::new(),
        endpoint: None,
        send_label: String::new(),
        send_blocked: None,
        now: standing.wall.now,
    }
}

fn blocked(mut reading: Reading, standing: &Standing, draft: &Draft, fault: String, ports: &Ports) -> Reading {
    reading.unsigned = Some(fault.clone());
    finish(&mut reading, standing, draft, Some(fault), ports);
    reading
}

/// What follows from all the rest.
pub(super) fn finish(reading: &mut Reading, standing: &Standing, draft: &Draft, fault: Option<String>, ports: &Ports) {
    // Nobody here knows what an opaque key may do, or a token without scopes beyond what the server said of it.
    let permissions = || reading.given.as_ref().and_then(|given| given.permissions.as_deref());
    let scopes = match reading.carries {
        Carries::Signed => Some(reading.scopes.as_slice()),
        Carries::Given if standing.scopes_claim().is_some() => Some(reading.scopes.as_slice()),
        Carries::Given => permissions(),
        Carries::Key | Carries::Nothing => None,
    };
    let (endpoint, unreachable) = call::endpoint(standing, draft, scopes, ports);
    reading.endpoint = endpoint;
    reading.send_blocked = fault.or(unreachable);
    reading.reads = reads(standing, reading);
    let refused = reading.findings.iter().any(|noted| noted.finding.is_error());
    reading.send_label = match reading.tier {
        Tier::Live => "Send to LIVE".to_owned(),
        _ if refused && reading.send_blocked.is_none() => "Send anyway".to_owned(),
        _ => format!("Send to {}", standing.environment.label),
    };
}

fn not_object(found: Kind, span: Span) -> Noted {
    let message = format!("the claims of a token are an object; this is {}", found.name());
    let finding = jose::Finding::new(jose::Code::NotObject, message).at(jose::Part::Payload, span);
    Noted { finding, span, fixes: Vec::new() }
}

/// What keeps a draft from being signed, in a few words.
fn fault_words(error: &DraftError) -> String {
    match error {
        DraftError::Duplicate { path, .. } => format!("{path:?} stands twice"),
        DraftError::NotJson { error, .. } => format!("line {} of the header is not JSON", error.line),
        error => error.to_string(),
    }
}

pub(super) fn no_key(standing: &Standing) -> Option<String> {
    Some(match standing.key.as_ref().err()? {
        Error::NoCredential { wants, .. } => format!("no {wants} for {}", standing.environment.label),
        error => error.to_string(),
    })
}

fn spans(typed: &Typed<'_>, outline: &[Item<'_, '_, '_>]) -> Vec<ClaimSpan> {
    let span = |item: &Item<'_, '_, '_>| {
        let whole = text::whole(item.node);
        ClaimSpan { typed: whole, characters: base64_characters(typed.resolved.text.after(whole)) }
    };
    outline.iter().map(span).collect()
}

/// `5 required, all present`; `exp and jti are missing`; `7 claims` where nothing is required.
fn summary(standing: &Standing, typed: &Typed<'_>) -> String {
    use provider::definition::Presence;
    let root = typed.document.root();
    let required: Vec<&str> = (standing.claims().iter())
        .filter(|claim| claim.presence == Presence::Required)
        .map(|claim| claim.name.as_str())
        .collect();
    let missing: Vec<&str> = required.iter().copied().filter(|name| root.get(name).is_none()).collect();
    match (required.len(), missing.as_slice()) {
        (0, _) => words::plural(root.members().count(), "claim"),
        (all, []) => format!("{all} required, all present"),
        (_, [one]) => format!("{one} is missing"),
        (_, several) => format!("{} are missing", words::list(several)),
    }
}

/// What the server will read, in the order in which it looks.
fn reads(standing: &Standing, reading: &Reading) -> Vec<ReadRow> {
    let mut rows = Vec::new();
    let mut row = |label, value: String, words: Option<String>, tone| rows.push(ReadRow { label, value, words, tone });
    let document = Document::parse(&reading.claims).ok();
    let claim = |name: &str| {
        let node = document.as_ref()?.root().get(name)?;
        Some(words::shown(node))
    };
    let wanted = |name: &str| {
        use provider::definition::Presence;
        standing.claims().iter().any(|claim| claim.name == name && claim.presence == Presence::Required)
    };
    for (name, label) in [("iss", "Issuer"), ("sub", "Subject"), ("aud", "Audience")] {
        match claim(name) {
            Some(value) => row(label, value, None, Tone::Plain),
            None if wanted(name) => row(label, "missing".to_owned(), None, Tone::Fail),
            None => {}
        }
    }
    let known = reading.carries == Carries::Signed || !reading.claims.is_empty();
    if standing.scopes_claim().is_some() && known {
        let known = standing.definition.scopes.as_ref().map_or(0, |scopes| scopes.catalogue().len());
        let words = format!("{} of {known}", reading.scopes.len());
        match reading.scopes.as_slice() {
            [] => row("Scopes", "none".to_owned(), Some("it allows nothing".to_owned()), Tone::Warn),
            scopes => {
                let lacks = reading.endpoint.as_ref().is_some_and(|endpoint| !endpoint.lacks.is_empty());
                row("Scopes", scopes.join(", "), Some(words), if lacks { Tone::Fail } else { Tone::Plain });
            }
        }
    }
    let wall = standing.wall;
    if let Some(from) = reading.times.not_before.or(reading.times.issued) {
        let ahead = from > standing.signing;
        let tone = if ahead { Tone::Warn } else { Tone::Plain };
        row("Valid from", wall.time(from), ahead.then(|| wall.distance(from)), tone);
    }
    match reading.times.expires {
        Some(until) => {
            let tone = if until <= standing.signing { Tone::Fail } else { Tone::Plain };
            row("Valid until", wall.time(until), Some(wall.distance(until)), tone);
        }
        None if claim("exp").is_none() && document.is_some() => {
            row("Valid until", "for ever".to_owned(), Some("exp is missing".to_owned()), Tone::Warn);
        }
        None => {}
    }
    match &reading.key {
        Some(key) if key.alg.is_none() => {
            row("Credential", key.name.clone(), Some(key.describe.clone()), Tone::Plain);
        }
        Some(key) => {
            let kid = key.kid.as_deref().map(|kid| format!(", kid {}", words::short_kid(kid))).unwrap_or_default();
            row(
                "Key",
                key.name.clone(),
                Some(format!("{}{kid}", key.alg.map(jose::Alg::name).unwrap_or_default())),
                Tone::Plain,
            );
        }
        None => row("Key", "none".to_owned(), no_key(standing), Tone::Fail),
    }
    rows
}
