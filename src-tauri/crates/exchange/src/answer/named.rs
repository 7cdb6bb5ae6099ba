//! The member of a token that a server's words name: `Unexpected 'aud' value` names aud.
//!
//! Servers say so in many ways. Read are the registered names as words of their own, what the specifications call them in English,
//! and any member between quotes that the token or the definition has. A word that may be about something else names nothing.

use jose::{
    json::{Document, Node},
    time::utc,
    unseen::visible,
};
use provider::{Definition, definition::Fault};

use super::api_error::ApiError;

/// A member that a server named, beside what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedMember {
    /// Its name: `aud`.
    pub(crate) name: String,
    /// The server's words that name it, in quotes.
    pub(crate) said: String,
    /// What it names as the fault.
    pub(crate) fault: Fault,
    /// How it was sent, as a clause: `the token has "aud": "x"`.
    pub(crate) sent: String,
    /// The value that the provider's recipe writes, where that is always the same and another was sent.
    pub(crate) wanted: Option<String>,
}

/// The token that was sent: its header and claims as JSON, and how its signature stands, as a clause.
#[derive(Debug, Clone, Default)]
pub(crate) struct TokenTexts<'a> {
    pub(crate) header: Option<&'a str>,
    pub(crate) claims: Option<&'a str>,
    pub(crate) signature: String,
}

/// The part of a token that a server can name beside its members.
const SIGNATURE: &str = "signature";

/// Registered names, with the words that the specifications have for them (RFC 7515 §4.1, RFC 7519 §4.1).
const REGISTERED: &[(&str, Fault, &[&str])] = &[
    ("aud", Fault::Audience, &["audience", "audiences"]),
    ("iss", Fault::Structure, &["issuer"]),
    ("sub", Fault::Structure, &[]),
    ("exp", Fault::Time, &["expired", "expiry", "expiration", "expires"]),
    ("nbf", Fault::Time, &["not before", "not yet valid", "not active", "notbefore"]),
    ("iat", Fault::Time, &["issued at", "issuedat"]),
    ("jti", Fault::Structure, &[]),
    ("kid", Fault::Key, &["key id", "keyid"]),
    ("alg", Fault::Structure, &["algorithm", "algorithms"]),
    ("typ", Fault::Structure, &[]),
    ("crit", Fault::Structure, &[]),
];

/// The registered ones of a header.
const OF_HEADER: [&str; 4] = ["kid", "alg", "typ", "crit"];

/// Other things than a token that expire, or that have an issuer.
const OF_OTHER_THINGS: &[&str] = &[
    "account",
    "card",
    "certificate",
    "key",
    "license",
    "password",
    "plan",
    "refresh",
    "secret",
    "session",
    "subscription",
    "trial",
];

/// How many characters of a value are shown.
const LONGEST: usize = 80;

/// The member that an error names, of a token with these texts.
pub(crate) fn named_member(error: &ApiError, token: &TokenTexts<'_>, definition: &Definition) -> Option<NamedMember> {
    let header = token.header.and_then(|text| Document::parse(text).ok());
    let claims = token.claims.and_then(|text| Document::parse(text).ok());
    let reader = Reader { header: header.as_ref(), claims: claims.as_ref(), signature: &token.signature, definition };
    let said = error.message.iter().chain(&error.details).chain(&error.code);
    said.filter_map(|text| reader.first(text).map(|name| reader.member(&name, text))).next()
}

struct Reader<'a, 't> {
    header: Option<&'a Document<'t>>,
    claims: Option<&'a Document<'t>>,
    signature: &'a str,
    definition: &'a Definition,
}

impl<'a, 't> Reader<'a, 't> {
    /// The member that stands first in a text.
    fn first(&self, text: &str) -> Option<String> {
        let quoted = quoted(text).find_map(|(at, name)| self.is_member(name, text).then(|| (at, name.to_owned())));
        let worded = self.worded(&text.to_lowercase());
        let first = quoted.into_iter().chain(worded).min_by_key(|(at, _)| *at);
        // "Signature has expired" speaks of exp.
        let signature = || find_words(&text.to_lowercase(), SIGNATURE).map(|_| SIGNATURE.to_owned());
        first.map(|(_, name)| name).or_else(signature)
    }

    /// Whether a text between quotes is a member of tokens.
    fn is_member(&self, name: &str, text: &str) -> bool {
        let token = self.definition.token.iter();
        let mut listed = token.flat_map(|token| {
            token.claims.iter().map(|claim| &claim.name).chain(token.header.iter().map(|member| &member.name))
        });
        // 'Issuer' is what iss is called, and not another name.
        let lower = name.to_lowercase();
        let is_english = REGISTERED.iter().any(|(_, _, also)| also.contains(&lower.as_str()));
        REGISTERED.iter().any(|(known, ..)| *known == name)
            || self.node(name).is_some()
            || listed.any(|known| known == name)
            // What it calls a claim is one, also where the token has none of that name.
            || is_name(name) && !is_english && words(&text.to_lowercase()).any(|(_, word)| matches!(word, "claim" | "claims"))
    }

    /// The first member that a text names without quotes, and where. `text` is in lower case.
    fn worded(&self, text: &str) -> Option<(usize, String)> {
        let mut parts = words(text).flat_map(|(_, word)| word.split('-'));
        let of_other_things = parts.any(|word| OF_OTHER_THINGS.contains(&word));
        let known = REGISTERED.iter().flat_map(|(name, fault, also)| {
            let doubtful = of_other_things && (*fault == Fault::Time || *name == "iss");
            let short = std::iter::once((*name, *name));
            short.chain(also.iter().filter(move |_| !doubtful).map(move |words| (*words, *name)))
        });
        let of_scopes = ["scope", "scopes"].into_iter().filter_map(|word| Some((word, self.scope_claim()?)));
        let found =
            known.chain(of_scopes).filter_map(|(wanted, name)| Some((find_words(text, wanted)?, name.to_owned())));
        found.filter(|(at, _)| !is_alternative(text, *at)).min_by_key(|(at, _)| *at)
    }

    fn scope_claim(&self) -> Option<&str> {
        self.definition.scopes.as_ref()?.claim.as_deref()
    }

    fn node(&self, name: &str) -> Option<Node<'a, 't>> {
        let of = |document: Option<&'a Document<'t>>| document?.root().get(name);
        match OF_HEADER.contains(&name) {
            true => of(self.header).or_else(|| of(self.claims)),
            false => of(self.claims).or_else(|| of(self.header)),
        }
    }

    /// A member with what was sent of it.
    fn member(&self, name: &str, said: &str) -> NamedMember {
        if name == SIGNATURE {
            let (name, sent) = (name.to_owned(), self.signature.to_owned());
            return NamedMember { name, said: format!("{said:?}"), fault: Fault::Signature, sent, wanted: None };
        }
        let known = REGISTERED.iter().find(|(known, ..)| *known == name).map(|(_, fault, _)| *fault);
        let fault = match known {
            Some(fault) => fault,
            None if self.scope_claim() == Some(name) => Fault::Scope,
            None => Fault::Structure,
        };
        let node = self.node(name);
        let sent = match node {
            Some(node) => {
                let time = node.as_i64().filter(|_| fault == Fault::Time && matches!(name, "exp" | "nbf" | "iat"));
                let time = time.filter(|at| (0..100_000_000_000).contains(at));
                let time = time.map(|at| format!(" ({})", utc(at))).unwrap_or_default();
                format!("the token has {name:?}: {}{time}", shown(node.raw()))
            }
            None => format!("the token has no {name:?}"),
        };
        let wanted = literal(self.definition, name);
        let differs = |wanted: &String| node.and_then(|node| node.as_str()).as_deref() != Some(wanted.as_str());
        NamedMember { name: name.to_owned(), said: format!("{said:?}"), fault, sent, wanted: wanted.filter(differs) }
    }
}

/// The text that a recipe writes for a claim or a header parameter, where it has no slots.
pub(crate) fn literal(definition: &Definition, name: &str) -> Option<String> {
    let token = definition.token.as_ref()?;
    let of_header = token.header.iter().find(|member| member.name == name).map(|member| &member.value);
    let of_claims = || match token.claims.iter().find(|claim| claim.name == name)?.value.as_ref()?.templates() {
        [one] => Some(one),
        _ => None,
    };
    let template = of_header.or_else(of_claims)?;
    template.slots().next().is_none().then(|| template.text().to_owned())
}

/// A value as it may stand in a sentence.
pub(crate) fn shown(raw: &str) -> String {
    let line = visible(raw);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.into_owned(),
    }
}

/// The texts that stand between quotes, and where.
fn quoted(text: &str) -> impl Iterator<Item = (usize, &str)> {
    const PAIRS: [(char, char); 5] = [('\'', '\''), ('"', '"'), ('`', '`'), ('‘', '’'), ('“', '”')];
    text.char_indices().filter_map(move |(at, open)| {
        let (_, close) = PAIRS.iter().find(|(first, _)| *first == open)?;
        let inside = &text[at + open.len_utf8()..];
        let end = inside.find(*close)?;
        Some((at, &inside[..end]))
    })
}

/// Whether a text can be the name of a claim: letters, digits, and what joins them.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-:./".contains(c))
}

/// The words of a text, and where. A hyphen is part of one: a sub-account is not a sub.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '-';
    text.split(move |c: char| !is_word(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// Whether the word that begins at a place is one of several that it may be: `invalid or expired`.
fn is_alternative(text: &str, at: usize) -> bool {
    let all: Vec<(usize, &str)> = words(text).collect();
    let Some(index) = all.iter().position(|(start, _)| *start == at) else { return false };
    let near = index.saturating_sub(2)..all.len().min(index + 3);
    all[near].iter().any(|(_, word)| *word == "or")
}

/// Where one or more words stand in a text, one behind the other.
fn find_words(text: &str, wanted: &str) -> Option<usize> {
    let wanted: Vec<&str> = wanted.split(' ').collect();
    let found: Vec<(usize, &str)> = words(text).collect();
    found.windows(wanted.len()).find(|window| window.iter().map(|(_, word)| word).eq(&wanted)).map(|window| window[0].0)
}

#[cfg(test)]
mod tests {
    use provider::built_in_named;

    use super::*;

    const HEADER: &str = r#"{"alg":"RS256","typ":"JWT","kid":"key-1"}"#;
    const CLAIMS: &str = r#"{"aud":"x","iss":"me","exp":1795183900,"tenant":"acme","scopes":["a.read"],"name":"Ann"}"#;

    fn named(message: &str) -> Option<NamedMember> {
        let error = ApiError { message: Some(message.to_owned()), ..ApiError::default() };
        let token =
            TokenTexts { header: Some(HEADER), claims: Some(CLAIMS), signature: "it was not checked".to_owned() };
        named_member(&error, &token, built_in_named("gr4vy").unwrap())
    }

    /// As jose, PyJWT, jsonwebtoken, SimpleJWT, Microsoft's handler, Spring, GitHub, Google and Kubernetes write.
    #[test]
    fn what_servers_say_names_a_member() {
        let said = [
            "Unexpected 'aud' value",
            "unexpected \"aud\" claim value",
            "Audience doesn't match",
            "jwt audience invalid. expected: https://api.example.com",
            "Invalid token audience",
            "IDX10214: Audience validation failed. Audiences: 'System.String'.",
            "jwt issuer invalid. expected: me2",
            "'Issuer' claim ('iss') must be an Integer",
            "The iss claim is not valid",
            "\"exp\" claim timestamp check failed",
            "'Expiration time' claim ('exp') is too far in the future",
            "Signature has expired",
            "jwt expired",
            "jwt not active",
            "The token is not yet valid (nbf)",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values",
            "no key for kid key-1",
            "Key ID 'key-1' is not registered",
            "The specified alg value is not allowed",
            "invalid algorithm",
            "Missing 'isAdmin' claim",
            "Token is missing the \"jti\" claim",
            "unknown `tenant`",
            "the token lacks a scope",
            "Invalid signature",
            "signature verification failed for kid key-1",
        ];
        let told: Vec<String> = said
            .into_iter()
            .map(|text| {
                let found = named(text).unwrap_or_else(|| panic!("{text}"));
                format!("{text}\n  {:?}, {}", found.fault, found.sent)
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"));
    }

    #[test]
    fn other_words_name_none() {
        let said = [
            "No valid API authentication found",
            "The provided token is invalid or expired",
            "The token is expired, revoked or malformed",
            "Token is blacklisted",
            "Given token not valid for any token type",
            "Your API key has expired",
            "The session expired. Sign in.",
            "The certificate's issuer is not trusted",
            "This sub-account is not active",
            "Hello, Ann, what is your name?",
            "expansion is not supported",
            "No user 'bob'",
            "",
        ];
        for text in said {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_names_a_member_where_no_message_does() {
        let error = |code: &str, details: &[&str]| ApiError {
            code: Some(code.to_owned()),
            message: Some("Unauthorized".to_owned()),
            details: details.iter().map(|one| (*one).to_owned()).collect(),
            ..ApiError::default()
        };
        let token = TokenTexts { header: Some(HEADER), claims: Some(CLAIMS), signature: String::new() };
        let named =
            |error: ApiError| named_member(&error, &token, built_in_named("gr4vy").unwrap()).map(|member| member.name);
        assert_eq!(named(error("invalid_audience", &[])).as_deref(), Some("aud"));
        assert_eq!(named(error("invalid_token", &["claims.iss: not one of ours"])).as_deref(), Some("iss"));
        assert_eq!(named(error("invalid_token", &[])), None);
        assert_eq!(named_member(&error("x", &[]), &TokenTexts::default(), built_in_named("hedge").unwrap()), None);
    }

    #[test]
    fn a_value_that_steers_or_is_long_is_shown_in_a_line() {
        let claims = format!("{{\"aud\":\"{}\u{202e}{}\"}}", "\\u202e", "x".repeat(200));
        let error = ApiError { message: Some("wrong aud".to_owned()), ..ApiError::default() };
        let token = TokenTexts { claims: Some(&claims), ..TokenTexts::default() };
        let sent = named_member(&error, &token, built_in_named("gr4vy").unwrap()).unwrap().sent;
        assert!(sent.chars().count() < 120 && !sent.contains(jose::unseen::steers), "{sent}");
    }
}
