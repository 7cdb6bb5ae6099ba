//! The ladder that a request climbs: each check in its order, until one fails.

use std::collections::{HashSet, VecDeque};

use axum::http::HeaderMap;
use provider::definition::Needs;
use serde_json::{Map, Value};

use crate::{
    authorization,
    claims::Checked,
    keys::KeyRing,
    log::Check,
    refusal::Refusal,
    rules::Rules,
    scopes,
    token::{Token, kind},
};

/// How many token identifiers are remembered.
const REMEMBERED: usize = 1_000;
/// A day in seconds: nobody documents a maximum lifetime, but this is long.
const DAY: i64 = 86_400;

/// What the ladder found.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// The checks that passed, in order.
    pub(crate) passed: Vec<Check>,
    /// The check that failed, where one did.
    pub(crate) refusal: Option<Refusal>,
    /// What a real server would not mind.
    pub(crate) notes: Vec<String>,
}

/// Judges a request's token at `now` for an operation that `needs` scopes.
pub(crate) fn judge(
    headers: &HeaderMap,
    needs: &Needs,
    rules: &Rules,
    keys: &KeyRing,
    seen: &mut Seen,
    now: i64,
) -> Verdict {
    let mut verdict = Verdict::default();
    verdict.refusal = climb(headers, needs, rules, keys, seen, now, &mut verdict).err();
    verdict
}

fn climb(
    headers: &HeaderMap,
    needs: &Needs,
    rules: &Rules,
    keys: &KeyRing,
    seen: &mut Seen,
    now: i64,
    verdict: &mut Verdict,
) -> Result<(), Refusal> {
    let text = authorization::bearer(headers)?;
    verdict.passed.push(Check::Authorization);

    let token = Token::parse(text)?;
    verdict.passed.push(Check::Form);

    let header = Header::read(&token.header, rules)?;
    verdict.notes.extend(header.notes);
    verdict.passed.push(Check::Header);

    let key = keys.find(header.kid).ok_or_else(|| Refusal::UnknownKid {
        found: shorten(header.kid),
        close: keys.find_unpadded(header.kid).map(|key| key.kid.clone()),
    })?;
    key.material.fits(header.alg)?;
    verdict.passed.push(Check::Key);

    key.material.verify(header.alg, &token)?;
    verdict.passed.push(Check::Signature);

    let claims = Checked::read(&token.claims, rules)?;
    verdict.passed.push(Check::Claims);

    claims.at(now)?;
    verdict.passed.push(Check::Times);
    verdict.notes.extend(remarks(&claims, now));
    if !seen.remember(claims.jti) {
        verdict.notes.push("this \"jti\" was used before; whether the provider refuses that is not documented".into());
    }

    scopes::allow(&claims.scopes, needs)?;
    verdict.passed.push(Check::Scope);
    Ok(())
}

/// The header members that count.
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
    notes: Vec<String>,
}

impl<'a> Header<'a> {
    fn read(header: &'a Map<String, Value>, rules: &Rules) -> Result<Self, Refusal> {
        let alg = member(header, "alg")?;
        if alg.eq_ignore_ascii_case("none") {
            return Err(Refusal::AlgNone { found: alg.into() });
        }
        if !rules.algorithms.iter().any(|offered| offered == alg) {
            return Err(Refusal::Alg { found: shorten(alg), wanted: rules.algorithms.join(" or ") });
        }
        if let Some(wanted) = &rules.typ {
            let found = member(header, "typ")?;
            if found != wanted {
                return Err(Refusal::Typ { found: shorten(found), wanted: wanted.clone() });
            }
        }
        if let Some(critical) = header.get("crit") {
            return Err(Refusal::Critical { found: shorten(&critical.to_string()) });
        }
        let kid = member(header, "kid")?;
        let notes = ["jwk", "jku", "x5c", "x5u"]
            .into_iter()
            .filter(|name| header.contains_key(*name))
            .map(|name| format!("the header carries {name:?}: never used, keys come from the registered ones alone"))
            .collect();
        Ok(Self { alg, kid, notes })
    }
}

fn member<'a>(header: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, Refusal> {
    match header.get(member) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(Refusal::HeaderType { member, found: kind(other) }),
        None => Err(Refusal::HeaderMissing { member }),
    }
}

/// Remarks on good claims whose treatment at the provider is not documented.
fn remarks(claims: &Checked<'_>, now: i64) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(iat) = claims.iat.filter(|iat| *iat > now) {
        notes.push(format!("\"iat\" is {} s ahead; some servers refuse that", iat.saturating_sub(now)));
    }
    if claims.exp.saturating_sub(claims.nbf) > DAY {
        notes.push("the token lives for more than a day; a maximum is not documented".into());
    }
    notes
}

/// At most 64 characters of something a stranger sent.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(64) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The token identifiers that were used, the latest of them.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    known: HashSet<String>,
    order: VecDeque<String>,
}

impl Seen {
    /// Whether `jti` is new; it is remembered.
    fn remember(&mut self, jti: &str) -> bool {
        if !self.known.insert(jti.to_owned()) {
            return false;
        }
        self.order.push_back(jti.to_owned());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}
