//! Notes of a draft: the meaning of values at the ends of their lines, and expressions as pills.

use jose::{
    expression::{Expression, Placed},
    json::{Document, Kind, Span},
    time::span,
};
use provider::definition::{ClaimForm, ClaimType, Unlisted};

use super::{context::Context, noted::Typed, outline::Item};
use crate::ground::words;

/// Words at the end of a line of the text as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineNote {
    /// The line, from 1.
    pub line: usize,
    /// What its value means.
    pub words: String,
    /// Whether that is as it should be.
    pub tone: Tone,
}

/// How something stands to what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Nothing is wanted of it.
    Plain,
    /// As it should be.
    Ok,
    /// Worth a look.
    Warn,
    /// Not as it should be.
    Fail,
}

/// An expression as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pill {
    /// The string in the text as typed, with its quotes.
    pub span: Span,
    /// `now + 5 min`
    pub words: String,
}

/// The expressions of a draft as pills.
pub(super) fn pills(typed: &Typed<'_>) -> Vec<Pill> {
    let drawn = typed.resolved.expressions.iter().filter(|placed| placed.expression != Expression::Literal);
    drawn.map(|placed| Pill { span: placed.span, words: placed.expression.words() }).collect()
}

/// The notes of a draft, by line.
pub(super) fn notes(context: &Context, typed: &Typed<'_>, outline: &[Item<'_, '_, '_>]) -> Vec<LineNote> {
    let compact = typed.resolved.text.text.as_str();
    let Ok(resolved) = Document::parse(compact) else { return Vec::new() };
    let noter = Noter { context, typed, outline, scopes: context.definition.scopes_in(compact) };
    let mut notes: Vec<LineNote> = Vec::new();
    let (mut line, mut counted) = (1, 0);
    let text = typed.document.text();
    // Both outlines have the same shape, value by value.
    for (item, value) in outline.iter().zip(resolved.nodes().skip(1)) {
        let Some((words, tone)) = noter.note(item, value.raw()) else { continue };
        let at = item.node.span().start;
        line += text[counted..at].matches('\n').count();
        counted = at;
        match notes.last_mut().filter(|note| note.line == line) {
            Some(note) => {
                note.words = format!("{} · {words}", note.words);
                if tone != Tone::Plain {
                    note.tone = tone;
                }
            }
            None => notes.push(LineNote { line, words, tone }),
        }
    }
    // More than two values on one line have no room for words.
    notes.retain(|note| note.words.matches(" · ").count() < 2);
    notes
}

struct Noter<'a> {
    context: &'a Context,
    typed: &'a Typed<'a>,
    outline: &'a [Item<'a, 'a, 'a>],
    scopes: Vec<String>,
}

impl Noter<'_> {
    /// What one value means; `value` is what will be signed.
    fn note(&self, item: &Item<'_, '_, '_>, value: &str) -> Option<(String, Tone)> {
        let name = item.node.name();
        let at_top = item.inside.is_none();
        let placed = self.placed(item.node.span());
        if at_top && matches!(name.as_deref(), Some("iat" | "nbf" | "exp")) || is_time(item) {
            return self.time(name.as_deref().unwrap_or_default(), value);
        }
        if let Some(Expression::Uuid) = placed {
            let start: String = value.trim_matches('"').chars().take(8).collect();
            return Some((format!("{start}…, fresh each time"), Tone::Plain));
        }
        if let Some(Expression::Now(_)) = placed {
            return self.time("", value);
        }
        let plain = |words: String| Some((words, Tone::Plain));
        if let Some(scope) = item.node.as_str().filter(|_| self.is_scope(item)) {
            return self.misspelt(&scope).or_else(|| plain(self.scope(&scope)?));
        }
        if let Some(currency) = self.currency_beside(item) {
            return plain(words::money(item.node.as_i64()?, &currency));
        }
        let title = item.claim.filter(|_| name.is_some() && item.node.kind() == Kind::String)?.title.as_deref()?;
        plain(title.split_once("; ")?.1.to_owned())
    }

    fn placed(&self, span: Span) -> Option<&Expression> {
        let all = &self.typed.resolved.expressions;
        let at = all.binary_search_by_key(&span.start, |Placed { span, .. }| span.start).ok()?;
        Some(&all[at].expression)
    }

    fn time(&self, name: &str, value: &str) -> Option<(String, Tone)> {
        let at: i64 = value.parse().ok()?;
        // What is in milliseconds has a finding of its own.
        if !(0..100_000_000_000).contains(&at) {
            return None;
        }
        let wall = self.context.wall;
        let (clock, to) = (wall.time(at), at.saturating_sub(self.context.signing));
        Some(match name {
            "exp" if to > 0 => (format!("{clock}, in {}", span(to)), Tone::Plain),
            "exp" => (format!("{clock}, {} ago", span(to)), Tone::Fail),
            "nbf" if to > 0 => (format!("{clock}, only in {}", span(to)), Tone::Warn),
            _ => (clock, Tone::Plain),
        })
    }

    /// Whether it is an element of the claim that carries the scopes.
    fn is_scope(&self, item: &Item<'_, '_, '_>) -> bool {
        let list = item.inside.and_then(|inside| self.outline.get(inside)).filter(|list| list.inside.is_none());
        self.context.scopes_claim().zip(list).is_some_and(|(claim, list)| list.node.is_named(claim))
    }

    /// A scope that breaks the grammar, or that is not among those that there are.
    fn misspelt(&self, scope: &str) -> Option<(String, Tone)> {
        let scopes = self.context.definition.scopes.as_ref()?;
        if scopes.check_form(scope).is_err() {
            return Some(("not written as a scope".to_owned(), Tone::Fail));
        }
        match scopes.unlisted {
            _ if scopes.lists(scope) => None,
            Unlisted::Allow => None,
            Unlisted::Warn => Some(("not a scope that is known".to_owned(), Tone::Warn)),
            Unlisted::Refuse => Some((format!("{} has no such scope", self.context.definition.name), Tone::Fail)),
        }
    }

    fn scope(&self, scope: &str) -> Option<String> {
        let scopes = self.context.definition.scopes.as_ref()?;
        let title = || scopes.values.iter().find(|value| value.value == scope).map(|value| value.title.clone());
        let (Some(call), Some(endpoint)) = (self.context.call_words(), self.context.endpoint) else { return title() };
        let needs = || endpoint.needs.all.iter().chain(&endpoint.needs.any);
        if needs().next().is_none() {
            return title();
        }
        let serves = |wanted: &&String| scopes.gives(scope, wanted);
        Some(match needs().find(serves) {
            Some(wanted) if wanted == scope => format!("{call} needs it"),
            Some(wanted) => format!("gives {wanted}, which {call} needs"),
            None => match title().filter(|_| !self.scopes.is_empty()) {
                Some(title) => format!("not needed here: {}", lower(title.split(';').next().unwrap_or_default())),
                None => "not needed here".to_owned(),
            },
        })
    }

    /// The currency that stands beside an amount.
    fn currency_beside(&self, item: &Item<'_, '_, '_>) -> Option<String> {
        item.claim.filter(|claim| claim.kind == ClaimType::Integer)?;
        let is_currency = |other: &&Item<'_, '_, '_>| {
            other.inside == item.inside && other.claim.is_some_and(|claim| claim.form == Some(ClaimForm::Currency))
        };
        let code = self.outline.iter().find(is_currency)?.node.as_str()?.into_owned();
        (code.len() == 3).then_some(code)
    }
}

fn is_time(item: &Item<'_, '_, '_>) -> bool {
    item.node.name().is_some() && item.claim.is_some_and(|claim| claim.kind == ClaimType::Time)
}

/// A title as the rest of a sentence.
fn lower(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
