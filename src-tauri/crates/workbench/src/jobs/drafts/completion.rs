//! Completion at the cursor: claims, values, scopes, expressions, each with the text that fits the place.

use jose::{
    expression::Expression,
    json::{Span, quote},
};
use provider::definition::{Claim, ClaimForm, ClaimType, Presence, Value};

use super::{
    context::Context,
    cursor::{Cursor, Role, cursor},
    text,
};
use crate::{
    ground::{Error, ports::Ports, words},
    store::{draft::Draft, session::Session},
};

/// What can be written at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    /// What of the text is replaced.
    pub span: Span,
    /// What can be written.
    pub options: Vec<Completion>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is shown, and compared with what was typed.
    pub label: String,
    /// What is written.
    pub insert: String,
    /// What it is, in a few words.
    pub detail: Option<String>,
    /// More about it.
    pub info: Option<String>,
    /// What kind of thing it is.
    pub kind: Kind,
}

/// The kinds of completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A claim or member by its name.
    Claim,
    /// A value.
    Value,
    /// A scope.
    Scope,
    /// A time or id expression.
    Expression,
}

/// What can be written at the byte `at` of the claims text.
pub fn complete(session: &Session, draft: &Draft, at: usize, ports: &Ports) -> Result<Completions, Error> {
    let context = Context::resolve(session, draft, ports)?;
    let mut at = at.min(draft.claims.len());
    while !draft.claims.is_char_boundary(at) {
        at -= 1;
    }
    let cursor = cursor(&draft.claims, at);
    let completer = Completer { context: &context, text: &draft.claims, cursor: &cursor, ports };
    Ok(Completions { span: cursor.span, options: completer.options() })
}

struct Completer<'a> {
    context: &'a Context,
    text: &'a str,
    cursor: &'a Cursor,
    ports: &'a Ports,
}

impl Completer<'_> {
    fn options(&self) -> Vec<Completion> {
        match &self.cursor.role {
            Role::Name => self.names(),
            Role::Value(name) => self.values(name),
            Role::Element if self.at_scopes() => self.scopes(),
            Role::Element | Role::Nothing => Vec::new(),
        }
    }

    /// The claims that are known where the cursor stands.
    fn known(&self) -> &'static [Claim] {
        self.cursor.path.iter().fold(self.context.claims(), |claims, name| {
            claims.iter().find(|claim| claim.name == *name).map_or(&[], |claim| &claim.members)
        })
    }

    fn at_scopes(&self) -> bool {
        matches!((self.cursor.path.as_slice(), self.context.scopes_claim()), ([path], Some(claim)) if path == claim)
    }

    fn names(&self) -> Vec<Completion> {
        let at_top = self.cursor.path.is_empty();
        let offered =
            |claim: &&Claim| claim.presence != Presence::Forbidden && !self.cursor.present.contains(&claim.name);
        let mut options: Vec<Completion> = (self.known().iter().filter(offered))
            .map(|claim| {
                let json = if at_top { self.context.claim(&claim.name, self.ports) } else { None };
                Completion {
                    label: claim.name.clone(),
                    insert: self.name(&claim.name, &json.unwrap_or_else(|| empty(claim))),
                    detail: (claim.presence == Presence::Required).then(|| "required".to_owned()),
                    info: claim.title.clone(),
                    kind: Kind::Claim,
                }
            })
            .collect();
        if at_top {
            // Registered claims that the provider does not name (RFC 7519 §4.1).
            const REGISTERED: [(&str, &str, &str); 7] = [
                ("iss", "\"\"", "who issued the token"),
                ("sub", "\"\"", "whom the token is about"),
                ("aud", "\"\"", "whom the token is for"),
                ("exp", "\"$now+5m\"", "when it expires"),
                ("nbf", "\"$now\"", "when it begins to be valid"),
                ("iat", "\"$now\"", "when it was issued"),
                ("jti", "\"$uuid\"", "an id of its own"),
            ];
            let further = REGISTERED.iter().filter(|(name, ..)| {
                !self.known().iter().any(|claim| claim.name == *name) && !self.cursor.present.iter().any(|n| n == name)
            });
            options.extend(further.map(|(name, json, info)| Completion {
                label: (*name).to_owned(),
                insert: self.name(name, json),
                detail: Some("RFC 7519".to_owned()),
                info: Some((*info).to_owned()),
                kind: Kind::Claim,
            }));
        }
        options
    }

    /// A name as it is written there: with its value, unless one stands there already, and with the comma that follows.
    fn name(&self, name: &str, json: &str) -> String {
        if self.cursor.colon {
            return quote(name);
        }
        let indent = text::indentation(self.text, self.cursor.span.start);
        format!("{}{}", text::member(self.text, name, json, &indent), self.comma())
    }

    fn comma(&self) -> &'static str {
        if self.cursor.more { "," } else { "" }
    }

    fn values(&self, name: &str) -> Vec<Completion> {
        let claim = self.known().iter().find(|claim| claim.name == name);
        let at_top = self.cursor.path.is_empty();
        let mut options = Vec::new();
        let kind = claim.map(|claim| claim.kind);
        if kind == Some(ClaimType::Time) || at_top && matches!(name, "exp" | "nbf" | "iat") {
            options.extend(self.times(name));
        }
        if let Some(claim) = claim {
            let by_recipe = if at_top { self.context.claim(name, self.ports) } else { None };
            let one_of = claim.one_of.iter().map(|value| self.value(&quote(value), None));
            options.extend(one_of);
            if claim.form == Some(ClaimForm::Currency) {
                options.extend(words::CURRENCIES.iter().map(|code| self.value(&quote(code), None)));
            }
            if claim.kind == ClaimType::Boolean {
                options.extend(["true", "false"].map(|value| self.value(value, None)));
            }
            if let Some(json) = by_recipe.filter(|json| options.iter().all(|option| option.insert != *json)) {
                let written = matches!(&claim.value, Some(Value::One(_)));
                if written && !json.starts_with("\"$") {
                    options.push(self.value(&json, Some("by the recipe")));
                }
            }
        }
        let fresh = claim.is_some_and(|claim| claim.fresh || claim.form == Some(ClaimForm::Uuid));
        if fresh || at_top && name == "jti" {
            options.push(self.expression(&Expression::Uuid, "$uuid"));
        }
        options
    }

    fn times(&self, name: &str) -> Vec<Completion> {
        let ends = name == "exp";
        let lifetimes = self.context.definition.token.as_ref().and_then(|token| token.lifetime.as_ref());
        let presets: Vec<i64> = match lifetimes {
            Some(lifetime) => lifetime.presets.iter().filter_map(|preset| i64::try_from(preset.time.0).ok()).collect(),
            None => vec![60, 300, 3_600],
        };
        let offsets = if ends { presets } else { vec![0, -30, -60] };
        let option = |offset: i64| {
            let mut option = self.expression(&Expression::Now(offset), &Expression::now(offset));
            option.info = Some(self.context.wall.time(self.context.signing.saturating_add(offset)));
            option
        };
        offsets.into_iter().map(option).collect()
    }

    fn expression(&self, expression: &Expression, text: &str) -> Completion {
        Completion {
            label: text.to_owned(),
            insert: format!("{}{}", quote(text), self.comma()),
            detail: Some(expression.words()),
            info: None,
            kind: Kind::Expression,
        }
    }

    fn value(&self, json: &str, detail: Option<&str>) -> Completion {
        Completion {
            label: json.trim_matches('"').to_owned(),
            insert: format!("{json}{}", self.comma()),
            detail: detail.map(str::to_owned),
            info: None,
            kind: Kind::Value,
        }
    }

    /// Scopes that the list does not have. Those that the call needs come first.
    fn scopes(&self) -> Vec<Completion> {
        let Some(scopes) = &self.context.definition.scopes else { return Vec::new() };
        let here = quote(&self.cursor.typed);
        let listed = |value: &str| self.text.contains(&quote(value)) && quote(value) != here;
        let needs = self.context.endpoint.map(|endpoint| &endpoint.needs);
        let needed = |value: &String| needs.is_some_and(|needs| needs.all.contains(value) || needs.any.contains(value));
        let mut catalogue = scopes.catalogue();
        catalogue.sort_by_key(|listed| !needed(&listed.value));
        let offered = catalogue.into_iter().filter(|scope| !listed(&scope.value));
        offered
            .map(|scope| Completion {
                insert: format!("{}{}", quote(&scope.value), self.comma()),
                detail: match self.context.call_words().filter(|_| needed(&scope.value)) {
                    Some(call) => Some(format!("{call} needs it")),
                    None => scope.group,
                },
                info: Some(scope.title),
                label: scope.value,
                kind: Kind::Scope,
            })
            .collect()
    }
}

/// A value to begin with.
pub(super) fn empty(claim: &Claim) -> String {
    match claim.kind {
        _ if !claim.one_of.is_empty() => return quote(&claim.one_of[0]),
        ClaimType::Integer | ClaimType::Number => "0",
        ClaimType::Boolean => "true",
        ClaimType::Time => "\"$now\"",
        ClaimType::Strings | ClaimType::Objects => "[]",
        ClaimType::Object => "{}",
        ClaimType::String | ClaimType::StringOrInteger | ClaimType::SpaceString | ClaimType::Json => "\"\"",
    }
    .to_owned()
}
