//! The reading of a draft: token, header, claims, findings, and what the server will read.

use exchange::Authentication;
use jose::{
    Code, Finding,
    finding::Group,
    json::{Document, Span},
    sign::CompactJws,
    time::Times,
};
use provider::Tier;

use super::{
    context::Context,
    endpoint::{self, EndpointReading},
    noted::Noted,
    notes::{LineNote, Pill, Tone},
};
use crate::{
    ground::{CredentialError, Error, TokenError, ports::Ports, words},
    store::{
        draft::Draft,
        records::{Credential, IssuedTokens},
    },
};

/// What a draft says as it stands. Places are bytes of the claims text as typed.
#[derive(Clone)]
pub struct DraftReading {
    /// The token, where it could be signed and needed no consent, or had it.
    pub token: Option<CompactJws>,
    /// Why there is none, in a few words.
    pub unsigned: Option<String>,
    /// The header as signed, or as it would be; compact.
    pub header: String,
    /// The claims set as signed, or as it would be; compact. Empty where the text is not JSON.
    pub claims: String,
    /// What the call authenticates with.
    pub authentication: Authentication,
    /// What is known of the token that the server gave, where the call carries one.
    pub issued: Option<IssuedTokens>,
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

impl DraftReading {
    /// The token, or why the text makes none.
    pub(crate) fn signed(&self) -> Result<CompactJws, Error> {
        let why = || self.unsigned.clone().unwrap_or_default();
        self.token.clone().ok_or_else(|| Error::Token(TokenError::Unsignable { why: why() }))
    }
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

pub(super) fn blank(context: &Context, header: String) -> DraftReading {
    DraftReading {
        authentication: Authentication::SignedToken,
        issued: None,
        token: None,
        unsigned: None,
        header,
        claims: String::new(),
        key: context.key.as_ref().ok().map(|key| key.value.clone()),
        tier: context.environment.tier_or_live(),
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
        now: context.wall.now,
    }
}

/// What follows from all the rest.
pub(super) fn finish(
    reading: &mut DraftReading,
    context: &Context,
    draft: &Draft,
    fault: Option<String>,
    ports: &Ports,
) {
    // Nobody here knows what an opaque key may do, or a token without scopes beyond what the server said of it.
    let permissions = || reading.issued.as_ref().and_then(|issued| issued.permissions.as_deref());
    let scopes = match reading.authentication {
        Authentication::SignedToken => Some(reading.scopes.as_slice()),
        Authentication::IssuedToken if context.scopes_claim().is_some() => Some(reading.scopes.as_slice()),
        Authentication::IssuedToken => permissions(),
        Authentication::PastedToken | Authentication::Key | Authentication::Nothing => None,
    };
    // Where a server makes the token, they are asked of it.
    let chosen = match reading.authentication {
        Authentication::SignedToken => Some(reading.scopes.as_slice()),
        Authentication::IssuedToken => Some(draft.scopes.as_deref().unwrap_or(&reading.scopes)),
        Authentication::PastedToken | Authentication::Key | Authentication::Nothing => None,
    };
    let (endpoint, unreachable) = endpoint::endpoint(context, draft, scopes, chosen, ports);
    reading.endpoint = endpoint;
    reading.send_blocked = fault.or(unreachable);
    reading.reads = reads(context, reading);
    let refused = reading.findings.iter().any(|noted| noted.finding.is_error());
    reading.send_label = match reading.tier {
        Tier::Live => "Send to LIVE".to_owned(),
        _ if refused && reading.send_blocked.is_none() => "Send anyway".to_owned(),
        _ => format!("Send to {}", context.environment.label),
    };
}

pub(super) fn no_key(context: &Context) -> Option<String> {
    Some(match context.key.as_ref().err()? {
        Error::Credential(CredentialError::NoCredential { wants, .. }) => {
            format!("no {wants} for {}", context.environment.label)
        }
        error => error.to_string(),
    })
}

/// What the server will read, in the order in which it looks.
fn reads(context: &Context, reading: &DraftReading) -> Vec<ReadRow> {
    let mut rows = Vec::new();
    let mut row = |label, value: String, words: Option<String>, tone| rows.push(ReadRow { label, value, words, tone });
    let document = Document::parse(&reading.claims).ok();
    let claim = |name: &str| {
        let node = document.as_ref()?.root().get(name)?;
        Some(words::shown(node))
    };
    let wanted = |name: &str| {
        use provider::definition::Presence;
        context.claims().iter().any(|claim| claim.name == name && claim.presence == Presence::Required)
    };
    for (name, label) in [("iss", "Issuer"), ("sub", "Subject"), ("aud", "Audience")] {
        match claim(name) {
            Some(value) => row(label, value, None, Tone::Plain),
            None if wanted(name) => row(label, "missing".to_owned(), None, Tone::Fail),
            None => {}
        }
    }
    let known = reading.authentication == Authentication::SignedToken || !reading.claims.is_empty();
    if context.scopes_claim().is_some() && known {
        let known = context.definition.scopes.as_ref().map_or(0, |scopes| scopes.catalogue().len());
        let words = format!("{} of {known}", reading.scopes.len());
        match reading.scopes.as_slice() {
            [] => row("Scopes", "none".to_owned(), Some("it allows nothing".to_owned()), Tone::Warn),
            scopes => {
                let lacks = reading.endpoint.as_ref().is_some_and(|endpoint| !endpoint.lacks.is_empty());
                let noted = |fits: fn(&Finding) -> bool| reading.findings.iter().any(|noted| fits(&noted.finding));
                let tone = match () {
                    () if lacks || noted(|it| it.is_error() && it.code.group() == Group::Scopes) => Tone::Fail,
                    () if noted(|it| it.code == Code::ScopeUnknown) => Tone::Warn,
                    () => Tone::Plain,
                };
                row("Scopes", scopes.join(", "), Some(words), tone);
            }
        }
    }
    let wall = context.wall;
    if let Some(from) = reading.times.not_before.or(reading.times.issued) {
        let ahead = from > context.signing;
        let tone = if ahead { Tone::Warn } else { Tone::Plain };
        row("Valid from", wall.time(from), ahead.then(|| wall.distance(from)), tone);
    }
    match reading.times.expires {
        Some(until) => {
            let tone = if until <= context.signing { Tone::Fail } else { Tone::Plain };
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
            // The server reads the header, which the person may have typed, and not the key.
            let header = Document::parse(&reading.header).ok();
            let member = |name: &str| header.as_ref().and_then(|header| header.root().get(name)?.as_str());
            let kid =
                member("kid").map_or_else(|| "no kid".to_owned(), |kid| format!("kid {}", words::short_kid(&kid)));
            let names_another = reading.findings.iter().any(|noted| noted.finding.code == Code::KidOther);
            let tone = if names_another { Tone::Fail } else { Tone::Plain };
            row("Key", key.name.clone(), Some(format!("{}, {kid}", member("alg").unwrap_or_default())), tone);
        }
        None => row("Key", "none".to_owned(), no_key(context), Tone::Fail),
    }
    rows
}
