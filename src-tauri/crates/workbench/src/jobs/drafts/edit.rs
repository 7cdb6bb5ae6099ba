//! Edits beside the text: scopes, lifetime, a claim. Each is a small change of the text that leaves the rest as it was typed.

use jose::{
    expression::Expression,
    json::{Document, Kind, Node, quote},
};
use provider::{
    Slot,
    definition::{Claim, ClaimType, Value},
};

use super::{
    context::Context,
    sheets::{self, FieldValue},
    text::{self, TextEdit},
};
use crate::{
    ground::{Error, TokenError, ports::Ports},
    store::{draft::Draft, session::Session},
};

/// What a person sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftEdit {
    /// The scopes, all of them.
    Scopes(Vec<String>),
    /// How long the token shall live from signing on, in seconds.
    Lifetime(u64),
    /// How many seconds before signing it shall begin.
    Starts(u64),
    /// A claim by its name: JSON text, or none to take it out.
    Claim {
        /// The name.
        name: String,
        /// The value.
        json: Option<String>,
    },
    /// The claim of a sheet, with the scope that goes with it.
    Sheet {
        /// The claim.
        claim: String,
        /// What stands in each field; none takes the claim out.
        filled: Option<Vec<FieldValue>>,
    },
    /// Everything again, by the recipe.
    Recipe,
}

/// The changes of the claims text that do it; none where the text says so already. A text that is not JSON can only be
/// replaced as a whole.
pub fn edit(session: &Session, draft: &Draft, wanted: &DraftEdit, ports: &Ports) -> Result<Vec<TextEdit>, Error> {
    let context = Context::resolve(session, draft, ports)?;
    if let DraftEdit::Recipe = wanted {
        let everything = jose::json::Span::new(0, draft.claims.len());
        return Ok(vec![TextEdit::new(everything, context.recipe(ports))]);
    }
    set(&context, &draft.claims, wanted)
}

fn set(context: &Context, text: &str, wanted: &DraftEdit) -> Result<Vec<TextEdit>, Error> {
    let not_json = |error| Error::Token(TokenError::NotJson { what: "the claims set".to_owned(), error });
    let document = Document::parse(text).map_err(not_json)?;
    let claims = context.claims();
    Ok(match wanted {
        DraftEdit::Scopes(scopes) => set_scopes(context, &document, scopes).unwrap_or_default(),
        DraftEdit::Lifetime(seconds) => {
            let expression = Expression::now(i64::try_from(*seconds).unwrap_or(i64::MAX));
            set_claim(&document, claims, "exp", Some(&quote(&expression)))
        }
        DraftEdit::Starts(ago) => {
            let expression = quote(&Expression::now(-i64::try_from(*ago).unwrap_or(i64::MAX)));
            let present = context.beginnings().into_iter().filter(|name| document.root().get(name).is_some());
            present.flat_map(|name| set_claim(&document, claims, name, Some(&expression))).collect()
        }
        DraftEdit::Claim { name, json } => {
            if let Some(json) = json {
                Document::parse(json).map_err(|error| {
                    Error::Token(TokenError::NotJson { what: format!("the claim {name:?}"), error })
                })?;
            }
            set_claim(&document, claims, name, json.as_deref())
        }
        DraftEdit::Sheet { claim, filled } => {
            let filled = sheets::filled(context.definition, &document, claim, filled.as_deref())?;
            let steps = [
                Some(DraftEdit::Claim { name: claim.clone(), json: filled.json }),
                filled.scopes.map(DraftEdit::Scopes),
            ];
            let mut after = text.to_owned();
            // Each step speaks of the text that the one before it left.
            for step in steps.into_iter().flatten() {
                after = text::apply(&after, &set(context, &after, &step)?);
            }
            text::difference(text, &after).into_iter().collect()
        }
        DraftEdit::Recipe => Vec::new(),
    })
}

impl Context {
    /// The claims that the provider names.
    pub(super) fn claims(&self) -> &'static [Claim] {
        self.definition.token.as_ref().map_or(&[], |token| &token.claims)
    }

    /// The claims that say when a token begins: those that the recipe sets to the time of signing.
    pub(super) fn beginnings(&self) -> Vec<&'static str> {
        let begins = |claim: &&Claim| match &claim.value {
            Some(Value::One(template)) => matches!(template.only_slot(), Some(Slot::Now(_))),
            _ => false,
        };
        let by_recipe: Vec<&str> = self.claims().iter().filter(begins).map(|claim| claim.name.as_str()).collect();
        if by_recipe.is_empty() { vec!["iat", "nbf"] } else { by_recipe }
    }
}

/// Sets a claim or takes it out. A new one stands where the recipe has it.
pub(super) fn set_claim(document: &Document<'_>, claims: &[Claim], name: &str, json: Option<&str>) -> Vec<TextEdit> {
    let root = document.root();
    if root.kind() != Kind::Object {
        return Vec::new();
    }
    let members = text::children(root);
    let here = members.iter().position(|member| member.is_named(name));
    match (here, json) {
        (None, None) => Vec::new(),
        (Some(here), None) => text::change(document, root, &|index| index == here, &[], None),
        (Some(here), Some(json)) => {
            let node = members[here];
            if node.raw() == json {
                return Vec::new();
            }
            let indent = text::indentation(document.text(), text::whole(node).start);
            vec![TextEdit::new(node.span(), text::laid_out(document.text(), json, &indent))]
        }
        (None, Some(json)) => {
            let indent = members.first().map_or_else(
                || text::unit(document.text()),
                |first| text::indentation(document.text(), text::whole(*first).start),
            );
            let member = text::member(document.text(), name, json, &indent);
            text::change(document, root, &|_| false, &[member], place_of(name, claims, &members))
        }
    }
}

/// The member after which a claim stands in the recipe's order; none for the end.
fn place_of(name: &str, claims: &[Claim], members: &[Node<'_, '_>]) -> Option<usize> {
    let order = |name: &str| claims.iter().position(|claim| claim.name == name);
    let wanted = order(name)?;
    let before = |member: &Node<'_, '_>| member.name().and_then(|name| order(&name)).is_some_and(|at| at < wanted);
    members.iter().rposition(before)
}

/// Takes scopes out of those that stand there and puts others in. `None` where the text has no place for scopes.
pub(super) fn change_scopes(
    context: &Context,
    document: &Document<'_>,
    out: &[String],
    add: &[String],
) -> Option<Vec<TextEdit>> {
    let mut wanted = context.definition.scopes_in(document.text());
    let (mut out, mut add) = (out.to_vec(), add.to_vec());
    // One for one stays in its place.
    if let ([old], [new]) = (out.as_slice(), add.as_slice())
        && !wanted.contains(new)
        && let Some(at) = wanted.iter().position(|scope| scope == old)
        && let Some(edit) = one_scope(context, document, at, new)
    {
        return Some(vec![edit]);
    }
    for scope in out.drain(..) {
        if let Some(at) = wanted.iter().rposition(|one| *one == scope) {
            wanted.remove(at);
        }
    }
    wanted.append(&mut add);
    set_scopes(context, document, &wanted)
}

/// One element of a list of scopes, written anew.
fn one_scope(context: &Context, document: &Document<'_>, at: usize, scope: &str) -> Option<TextEdit> {
    let node = document.root().get(context.scopes_claim()?)?;
    let element = node.elements().filter(|element| element.kind() == Kind::String).nth(at)?;
    Some(TextEdit::new(element.span(), quote(scope)))
}

/// Lets exactly these scopes stand there, those that stay in their places. `None` where the text has no place for scopes.
pub(super) fn set_scopes(context: &Context, document: &Document<'_>, scopes: &[String]) -> Option<Vec<TextEdit>> {
    let name = context.scopes_claim()?;
    let root = document.root();
    if root.kind() != Kind::Object {
        return None;
    }
    let mut left: Vec<&str> = Vec::new();
    for scope in scopes {
        if !left.contains(&scope.as_str()) {
            left.push(scope);
        }
    }
    let words = context.claims().iter().any(|claim| claim.name == name && claim.kind == ClaimType::SpaceString);
    let written = |scopes: &[&str]| match words {
        true => Expression::quoted(&scopes.join(" ")),
        false => {
            let quoted: Vec<String> = scopes.iter().map(|scope| Expression::quoted(scope)).collect();
            format!("[{}]", quoted.join(","))
        }
    };
    match root.get(name).filter(|node| node.kind() == Kind::Array && !words) {
        Some(list) => {
            let mut gone = Vec::new();
            for element in list.elements() {
                let here = element.as_str().and_then(|scope| left.iter().position(|wanted| *wanted == scope));
                if let Some(here) = here {
                    left.remove(here);
                }
                gone.push(here.is_none());
            }
            let added: Vec<String> = left.iter().map(|scope| Expression::quoted(scope)).collect();
            if added.is_empty() && !gone.contains(&true) {
                return Some(Vec::new());
            }
            Some(text::change(document, list, &|index| gone[index], &added, None))
        }
        None => Some(set_claim(document, context.claims(), name, Some(&written(&left)))),
    }
}
