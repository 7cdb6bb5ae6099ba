//! Findings of a draft, each at its place in the text as typed, with the edits that undo it.

use std::collections::BTreeMap;

use jose::{
    Code, Finding, Part, Repair, inspect,
    json::{Document, Span},
    time::Times,
};

use super::{
    context::Context,
    fixes,
    noted::{Noted, Typed},
};
use crate::ground::ports::Ports;

/// Everything that the rules say about a draft.
pub(super) fn judge(context: &Context, typed: &Typed<'_>, header: &str, ports: &Ports) -> (Times, Vec<Noted>) {
    let compact = typed.resolved.text.text.as_str();
    let Ok(document) = Document::parse(compact) else { return (Times::default(), Vec::new()) };
    let (times, mut findings) = inspect::inspect_draft(header, &document, context.signing);
    let facts = context.key.as_ref().ok().map(|_| context.facts());
    findings.extend(provider::check_header(context.definition, header, facts.as_ref()));
    findings.extend(provider::check_claims(context.definition, compact, context.signing));
    if let Some(endpoint) = context.endpoint {
        let scopes = context.definition.scopes_in(compact);
        let lacking = context.definition.check_scopes_for(endpoint, &scopes);
        findings.extend(lacking.map(|finding| at_scopes(finding, &document, context)));
    }
    findings.extend(inspect::check_length(length(header, compact)));
    // What a provider requires is said once, by its rule.
    let required = |name: &str, all: &[Finding]| {
        let wanted = Repair::Member(name.to_owned());
        all.iter().any(|finding| finding.code == Code::ClaimMissing && finding.repairs.contains(&wanted))
    };
    if required("exp", &findings) {
        findings.retain(|finding| finding.code != Code::ExpMissing);
    }
    if context.scopes_claim().is_some_and(|claim| required(claim, &findings)) {
        findings.retain(|finding| finding.code != Code::ScopeMissing);
    }
    // A text that is not an expression is neither a NumericDate nor a UUID, and one finding is enough.
    let unknown: Vec<Span> = typed.resolved.errors.iter().map(|(span, _)| *span).collect();
    let mut noted: Vec<Noted> = (typed.resolved.errors.iter())
        .map(|(span, error)| {
            let finding = Finding::new(Code::ExpressionUnknown, error.to_string()).hint(error.hint());
            let fixes = fixes::for_expression(context, typed, *span, ports);
            Noted { finding, span: *span, fixes }
        })
        .collect();
    for mut finding in named_ones(findings) {
        let span = typed_span(typed, &finding);
        if span.is_some_and(|span| unknown.contains(&span)) {
            continue;
        }
        let span = span.map(|span| name_of(typed, finding.code, span)).unwrap_or_default();
        if let Some(place) = &mut finding.place
            && place.part == Part::Payload
        {
            place.span = span;
        }
        let fixes = fixes::for_finding(context, typed, &finding, span, ports);
        noted.push(Noted { finding, span, fixes });
    }
    noted.sort_by_key(|noted| (noted.finding.severity(), noted.span.start));
    (times, noted)
}

/// Findings of one kind that are shown; of more it is said how many, so that a text of thousands of faults is read fast.
const MOST_OF_A_KIND: usize = 16;

fn named_ones(findings: Vec<Finding>) -> Vec<Finding> {
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    let mut shown: Vec<Finding> = Vec::with_capacity(findings.len().min(64));
    for finding in findings {
        let count = counts.entry(finding.code).or_default();
        *count += 1;
        if *count <= MOST_OF_A_KIND {
            shown.push(finding);
        }
    }
    let more = counts.into_iter().filter(|(_, count)| *count > MOST_OF_A_KIND);
    shown.extend(more.map(|(code, count)| Finding::new(code, format!("{} more alike", count - MOST_OF_A_KIND))));
    shown
}

/// What is wrong with a name is shown at the name.
fn name_of(typed: &Typed<'_>, code: Code, span: Span) -> Span {
    if !matches!(code, Code::ClaimUnknown | Code::ClaimForbidden | Code::ProtoMember) {
        return span;
    }
    let node = typed.document.nodes().find(|node| node.span() == span);
    node.and_then(|node| node.name_span()).unwrap_or(span)
}

/// Where a finding stands in the text as typed: what it points at, else the bracket that opens the claims set.
fn typed_span(typed: &Typed<'_>, finding: &Finding) -> Option<Span> {
    match finding.place {
        Some(place) if place.part == Part::Payload => Some(typed.resolved.text.before(place.span)),
        Some(_) => None,
        None if is_about_claims(finding) => Some(Span::byte(typed.document.root().span().start)),
        None => None,
    }
}

fn is_about_claims(finding: &Finding) -> bool {
    use jose::finding::Group;
    matches!(finding.code.group(), Group::Time | Group::Claims | Group::Scopes) || finding.code == Code::LargeToken
}

/// Lets the finding about a scope that a call lacks point at the scopes.
fn at_scopes(finding: Finding, claims: &Document<'_>, context: &Context) -> Finding {
    match context.scopes_claim().and_then(|claim| claims.root().get(claim)) {
        Some(node) => finding.at(Part::Payload, node.span()),
        None => finding,
    }
}

/// Characters of the token without its signature.
fn length(header: &str, claims: &str) -> usize {
    let encoded = |bytes: usize| (bytes * 4).div_ceil(3);
    encoded(header.len()) + encoded(claims.len()) + 2
}
