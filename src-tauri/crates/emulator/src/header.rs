//! The header of a token, against the provider's rules.

use serde_json::{Map, Value};

use crate::{
    api::Context,
    log::Check,
    refusal::Refusal,
    rules::Rules,
    token::{Token, kind},
    words::shorten,
};

/// Takes a token apart and checks its header, the first two steps of most ladders.
pub(crate) fn open<'t>(text: &'t str, rules: &Rules, context: &mut Context<'_>) -> Result<Token<'t>, Refusal> {
    let token = Token::parse(text)?;
    context.pass(Check::Form);
    let header = Header::read(&token.header, rules)?;
    header.notes.iter().for_each(|note| context.note(note));
    context.pass(Check::Header);
    Ok(token)
}

/// The header members that count.
pub(crate) struct Header<'a> {
    pub(crate) alg: &'a str,
    /// What a real server would not mind.
    pub(crate) notes: Vec<String>,
}

impl<'a> Header<'a> {
    /// Checks `alg`, `typ` and `crit`.
    pub(crate) fn read(header: &'a Map<String, Value>, rules: &Rules) -> Result<Self, Refusal> {
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
        let notes = ["jwk", "jku", "x5c", "x5u"]
            .into_iter()
            .filter(|name| header.contains_key(*name))
            .map(|name| format!("the header carries {name:?}: never used, keys come from the registered ones alone"))
            .collect();
        Ok(Self { alg, notes })
    }
}

/// A header member that is text.
pub(crate) fn member<'a>(header: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, Refusal> {
    match header.get(member) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(Refusal::HeaderType { member, found: kind(other) }),
        None => Err(Refusal::HeaderMissing { member }),
    }
}
