//! Inspection of any token: one sentence, three verdicts with their reasons, and the meaning of each member.
//!
//! Nothing here needs an open vault. Without one, whether an own key made the token is unknown, and the reading says so.

mod judged;
mod keys;
mod members;
mod sentence;

use jose::{
    Code, Finding,
    inspect::Inspection,
    json::{Document, Kind, Span},
    locate::locate,
    rewrite::rewrite,
    time::Times,
};
use provider::Definition;

use crate::{
    ground::{
        Error,
        ports::Ports,
        words::{self, Wall},
    },
    jobs::drafts,
    resolve::definitions,
    store::session::Session,
};

pub use judged::Judged;

pub use keys::OwnKeys;

pub use members::MemberRow;

pub use sentence::Mood;

/// How a token shall be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct InspectWith<'a> {
    /// A public key, a key set or a secret to judge the signature with, where no key of the vault made it.
    pub key_text: Option<&'a str>,
    /// The provider whose rules apply; the one whose rules fit if none is named.
    pub provider: Option<&'a str>,
}

/// What there is to say about a token.
#[derive(Clone)]
pub struct TokenReading {
    /// The token as it stood in the text; empty if there is none.
    pub token: String,
    /// What stood around it, in words.
    pub taken: Option<String>,
    /// How many characters it has.
    pub characters: usize,
    /// What matters first, in one sentence or two.
    pub sentence: String,
    /// What comes next to know.
    pub detail: Option<String>,
    /// How that is meant.
    pub mood: Mood,
    /// Whether it is well written.
    pub structure: Judged,
    /// Whether its signature is good.
    pub signature: Judged,
    /// Whether time and rules are kept.
    pub policy: Judged,
    /// The provider whose rules were applied.
    pub provider: Option<&'static Definition>,
    /// The header, member by member.
    pub header: Vec<MemberRow>,
    /// The claims, member by member.
    pub payload: Vec<MemberRow>,
    /// The header's text.
    pub header_text: Option<String>,
    /// The payload's text.
    pub payload_text: Option<String>,
    /// Its times.
    pub times: Times,
    /// The time of this reading, in seconds since 1970.
    pub now: i64,
    /// The name of the key that made it, or that it names.
    pub key: Option<String>,
    /// Whether the keys of the vault were tried.
    pub own_keys: OwnKeys,
    /// Whether what was pasted could have signed it, by kid and algorithm; none where nothing was pasted.
    pub pasted_fits: Option<bool>,
    /// Everything that was noticed.
    pub findings: Vec<Finding>,
    /// A kid that is nearly right.
    pub near_miss: Option<NearMiss>,
    /// The claims text that a draft of it begins with; none where the payload is not a claims set.
    pub draft_claims: Option<String>,
}

/// A kid that is nearly right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// What stands there.
    pub found: String,
    /// What was meant.
    pub wanted: String,
    /// What the difference is.
    pub words: String,
}

/// More of a text is not read: no server takes such a token, and reading shall not take long.
pub const MOST_READ: usize = 256 * 1024;

/// Reads the token in a text. Without a session the keys of the vault stay out of it.
pub fn read(
    session: Option<&Session>,
    text: &str,
    with: &InspectWith<'_>,
    ports: &Ports,
) -> Result<TokenReading, Error> {
    let now = ports.clock.now();
    let wall = Wall { now, offset: ports.clock.offset(now) };
    let (cut, too_long) = cut(text);
    let seen = keys::judge(session, cut, with, ports)?;
    let mut inspection = seen.inspection;
    if let Some(finding) = too_long {
        inspection.add([finding]);
    }
    let provider = match with.provider {
        Some(id) => Some(definitions::known(session, id)?),
        None => guess(session, &inspection, seen.bound_to.as_deref(), now)?,
    };
    if let Some(definition) = provider {
        let by_rules = rules(definition, &inspection, now);
        inspection.add(by_rules);
    }
    let facts = sentence::Facts { inspection: &inspection, key: seen.key.as_deref(), own_keys: seen.own_keys, wall };
    let members = members::Members {
        inspection: &inspection,
        provider,
        own_keys: seen.own_keys,
        key: seen.key.as_deref(),
        named_by_kid: seen.named_by_kid,
        wall,
    };
    Ok(TokenReading {
        taken: taken(cut, &inspection),
        characters: inspection.token.chars().count(),
        sentence: facts.sentence(),
        detail: facts.detail(),
        mood: facts.mood(),
        structure: judged::structure(&inspection),
        signature: judged::signature(&inspection, seen.key.as_deref(), seen.own_keys),
        policy: judged::policy(&inspection),
        provider,
        header: members.header(),
        payload: members.payload(),
        header_text: inspection.header.clone(),
        payload_text: inspection.payload.clone(),
        times: inspection.times,
        now,
        own_keys: seen.own_keys,
        pasted_fits: seen.pasted_fits,
        near_miss: near_miss(&inspection, seen.unpadded),
        draft_claims: inspection.payload.as_deref().and_then(draft_claims),
        key: seen.key,
        token: inspection.token,
        findings: inspection.findings,
    })
}

/// The same where the text may be anything: nothing if no token stands in it.
pub fn read_if_token(
    session: Option<&Session>,
    text: &str,
    with: &InspectWith<'_>,
    ports: &Ports,
) -> Result<Option<TokenReading>, Error> {
    if !locate(cut(text).0).is_some_and(|located| located.certain) {
        return Ok(None);
    }
    read(session, text, with, ports).map(Some)
}

/// What of a text is read, and the finding where that is not all.
fn cut(text: &str) -> (&str, Option<Finding>) {
    if text.len() <= MOST_READ {
        return (text, None);
    }
    let mut end = MOST_READ;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let found = format!("the input has {} bytes, of which the first {end} were read", text.len());
    let finding = Finding::new(Code::LargeToken, found).hint("no server takes a token of that size");
    (&text[..end], Some(finding))
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

/// The provider that the key belongs to, else the one all of whose required claims are there, with the fewest findings.
fn guess(
    session: Option<&Session>,
    inspection: &Inspection,
    bound_to: Option<&str>,
    now: i64,
) -> Result<Option<&'static Definition>, Error> {
    if let Some(Ok(definition)) = bound_to.map(|id| definitions::known(session, id)) {
        return Ok(Some(definition));
    }
    if inspection.payload.is_none() {
        return Ok(None);
    }
    let candidates = definitions::all_known(session)?;
    let fits = |findings: &[Finding]| {
        !findings.iter().any(|finding| {
            matches!(finding.code, Code::ClaimMissing | Code::ClaimForbidden | Code::ClaimType | Code::AlgNotAllowed)
        })
    };
    let requires = |definition: &&'static Definition| {
        use provider::definition::Presence;
        let claims = definition.token.iter().flat_map(|token| &token.claims);
        claims.filter(|claim| claim.presence == Presence::Required).count() > 1
    };
    let fitting = (candidates.into_iter().filter(requires))
        .map(|definition| (rules(definition, inspection, now), definition))
        .filter(|(findings, _)| fits(findings))
        .min_by_key(|(findings, _)| findings.len());
    Ok(fitting.map(|(_, definition)| definition))
}

/// What stood around the token.
fn taken(text: &str, inspection: &Inspection) -> Option<String> {
    let located = locate(text).filter(|_| inspection.stripped)?;
    let side = |around: &str| {
        let around = around.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        (!around.is_empty()).then(|| words::short(around))
    };
    match (side(&text[..located.span.start]), side(&text[located.span.end..])) {
        (Some(front), None) => Some(format!("Taken off the front: {front}")),
        (None, Some(end)) => Some(format!("Taken off the end: {end}")),
        (Some(front), Some(end)) => Some(format!("Taken off the front: {front} · the end: {end}")),
        (None, None) => None,
    }
}

fn near_miss(inspection: &Inspection, unpadded: Option<keys::Unpadded>) -> Option<NearMiss> {
    let keys::Unpadded { key, thumbprint } = unpadded?;
    let words = format!(
        "This is the thumbprint of {key} without zero padding: a coordinate was cut before it was hashed. Padded it is {}.",
        words::short_kid(&thumbprint)
    );
    Some(NearMiss { found: inspection.kid.clone()?, wanted: thumbprint, words })
}

/// The claims as a draft would have them: a text that begins with a dollar is not an expression there.
fn draft_claims(payload: &str) -> Option<String> {
    let document = Document::parse(payload).ok().filter(|document| document.root().kind() == Kind::Object)?;
    let literal: Vec<(Span, String)> = (document.nodes())
        .filter(|node| node.kind() == Kind::String && node.raw().starts_with("\"$"))
        .map(|node| (node.span(), format!("\"${}", &node.raw()[1..])))
        .collect();
    Some(drafts::pretty(&rewrite(&document, &literal, false).text))
}
