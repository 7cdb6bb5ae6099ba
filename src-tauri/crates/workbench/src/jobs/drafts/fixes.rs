//! Fixes: a finding's repairs as edits of the text as typed.

use jose::{
    Code, Finding, Part, Repair,
    expression::Expression,
    json::{Document, Kind, Node, Span, quote},
};
use provider::definition::Claim;

use super::{
    completion,
    context::Context,
    edit,
    noted::{Fix, Typed},
    text::{self, TextEdit},
};
use crate::ground::{ports::Ports, words};

/// The fixes of a finding that stands at `span` of the text as typed.
pub(super) fn for_finding(
    context: &Context,
    typed: &Typed<'_>,
    finding: &Finding,
    span: Span,
    ports: &Ports,
) -> Vec<Fix> {
    if finding.place.is_some_and(|place| place.part != Part::Payload) {
        return Vec::new();
    }
    let fixer = Fixer { context, document: &typed.document, ports };
    let node = find(&typed.document, span);
    let mut fixes: Vec<Fix> = Vec::new();
    if judges_a_time(finding.code)
        && let Some(node) = node
    {
        fixes.extend(fixer.by_recipe(node));
    }
    fixes.extend(finding.repairs.iter().filter_map(|repair| fixer.repair(repair, node)));
    if let Code::ScopesAll | Code::ScopesEmpty = finding.code {
        fixes.extend(fixer.minimal_scopes());
    }
    if finding.code == Code::ClaimValue
        && let Some(node) = node
    {
        fixes.extend(fixer.by_recipe(node));
    }
    fixes
}

/// The fixes of an expression that is none.
pub(super) fn for_expression(context: &Context, typed: &Typed<'_>, span: Span, ports: &Ports) -> Vec<Fix> {
    let fixer = Fixer { context, document: &typed.document, ports };
    let Some(node) = find(&typed.document, span) else { return Vec::new() };
    let found = node.as_str().unwrap_or_default();
    let mut fixes: Vec<Fix> = fixer.by_recipe(node).into_iter().collect();
    let near = provider::nearest(&found, ["$now", "$uuid"]).filter(|near| !fixes_write(&fixes, near));
    fixes.extend(near.map(|near| fixer.value(node, &quote(near))));
    // Where the recipe writes a time or an id, a text with a dollar is not what was meant.
    if fixes.is_empty() {
        fixes.push(fixer.value(node, &Expression::quoted(&found)));
    }
    fixes
}

fn fixes_write(fixes: &[Fix], text: &str) -> bool {
    fixes.iter().flat_map(|fix| &fix.edits).any(|edit| edit.insert == quote(text))
}

/// Codes about a time, for which the recipe has a better one.
fn judges_a_time(code: Code) -> bool {
    use Code as C;
    matches!(
        code,
        C::Expired
            | C::NotYetValid
            | C::IssuedAhead
            | C::ExpBeforeStart
            | C::ExpiresSoon
            | C::LifetimeTooLong
            | C::LifetimeUnusual
            | C::NotNumericDate
            | C::Milliseconds
            | C::DurationForTime
            | C::FractionalTime
    )
}

/// The value or the name that stands exactly there.
fn find<'d, 't>(document: &'d Document<'t>, span: Span) -> Option<Node<'d, 't>> {
    document.nodes().find(|node| node.span() == span || node.name_span() == Some(span))
}

struct Fixer<'a, 't> {
    context: &'a Context,
    document: &'a Document<'t>,
    ports: &'a Ports,
}

impl Fixer<'_, '_> {
    fn repair(&self, repair: &Repair, node: Option<Node<'_, '_>>) -> Option<Fix> {
        match (repair, node) {
            (Repair::Value(json), Some(node)) => Some(self.value(node, json)),
            (Repair::Name(name), Some(node)) => {
                let edits = vec![TextEdit::new(node.name_span()?, quote(name))];
                // Where the name is taken, another finding would come of it.
                let taken = self.parent(node)?.get(name).is_some();
                (!taken).then(|| Fix { title: format!("Rename to {name:?}"), edits })
            }
            (Repair::Remove, Some(node)) => self.remove(node),
            (Repair::Member(name), node) => self.member(name, node),
            (Repair::Scopes { out, add }, _) => self.scopes(out, add),
            (_, None) => None,
        }
    }

    fn value(&self, node: Node<'_, '_>, json: &str) -> Fix {
        let indent = text::indentation(self.document.text(), text::whole(node).start);
        let insert = text::laid_out(self.document.text(), json, &indent);
        Fix { title: format!("Write {}", said(json)), edits: vec![TextEdit::new(node.span(), insert)] }
    }

    /// What the recipe writes there.
    fn by_recipe(&self, node: Node<'_, '_>) -> Option<Fix> {
        if self.parent(node)?.span() != self.document.root().span() {
            return None;
        }
        let json = self.context.claim(&node.name()?, self.ports)?;
        (json != node.raw()).then(|| self.value(node, &json))
    }

    fn remove(&self, node: Node<'_, '_>) -> Option<Fix> {
        let parent = self.parent(node)?;
        let at = text::children(parent).iter().position(|child| child.span() == node.span())?;
        let what = node.name().map_or_else(|| said(node.raw()), |name| format!("{name:?}"));
        let edits = text::change(self.document, parent, &|index| index == at, &[], None);
        Some(Fix { title: format!("Take out {what}"), edits })
    }

    /// Adds a member to the object that is pointed at, or to the claims set.
    fn member(&self, name: &str, object: Option<Node<'_, '_>>) -> Option<Fix> {
        let root = self.document.root();
        let title = format!("Add {name:?}");
        match object.filter(|node| node.kind() == Kind::Object && node.span() != root.span()) {
            Some(object) => {
                let claims = self.claims();
                let known = claims.iter().flat_map(|claim| &claim.members).find(|member| member.name == name);
                let indent = text::indentation(self.document.text(), object.span().start);
                let indent = format!("{indent}{}", text::unit(self.document.text()));
                let member = text::member(self.document.text(), name, &sample(known), &indent);
                let edits = text::change(self.document, object, &|_| false, &[member], None);
                Some(Fix { title, edits })
            }
            None => {
                let known = self.claims().iter().find(|claim| claim.name == name);
                let json =
                    self.context.claim(name, self.ports).or_else(|| usual(name)).unwrap_or_else(|| sample(known));
                let edits = edit::set_claim(self.document, self.claims(), name, Some(&json));
                (!edits.is_empty()).then_some(Fix { title, edits })
            }
        }
    }

    fn scopes(&self, out: &[String], add: &[String]) -> Option<Fix> {
        let title = match (out, add) {
            ([], add) => format!("Add {}", words::list(add)),
            (out, []) => format!("Take out {}", words::list(out)),
            (out, add) => format!("Write {} instead of {}", words::list(add), words::list(out)),
        };
        let edits = edit::change_scopes(self.context, self.document, out, add)?;
        Some(Fix { title, edits })
    }

    /// The fewest scopes that the call needs, in place of those that stand there.
    fn minimal_scopes(&self) -> Option<Fix> {
        let minimal = self.context.definition.minimal_scopes(self.context.endpoint);
        let call = self.context.call_words().filter(|_| !minimal.is_empty())?;
        let edits = edit::set_scopes(self.context, self.document, &minimal)?;
        Some(Fix { title: format!("Use the scopes of {call}"), edits })
    }

    fn claims(&self) -> &'static [Claim] {
        self.context.definition.token.as_ref().map_or(&[], |token| &token.claims)
    }

    fn parent<'d, 't>(&self, node: Node<'d, 't>) -> Option<Node<'d, 't>> {
        node.parent()
    }
}

/// A claim that every token may have, where no recipe says how.
fn usual(name: &str) -> Option<String> {
    (name == "exp").then(|| quote(&Expression::now(300)))
}

/// A value of the right type, to be changed.
fn sample(claim: Option<&Claim>) -> String {
    claim.map_or_else(|| "\"\"".to_owned(), completion::empty)
}

/// A value as a title has it.
fn said(json: &str) -> String {
    const MOST: usize = 40;
    if json.chars().count() > MOST {
        return format!("{}…", json.chars().take(MOST).collect::<String>());
    }
    json.to_owned()
}
