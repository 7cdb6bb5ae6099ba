//! Sheets, filled in for a draft: what stands in each field, what is wrong with it, and the claim that it becomes.

use jose::json::{Document, Kind, Node, quote, spaced};
use provider::{
    Definition,
    definition::{Asked, FieldKind, Sheet},
};

use super::{context::Context, text};
use crate::{
    ground::{CredentialError, Error, Thing, names, ports::Ports, words},
    store::{draft::Draft, session::Session},
};

/// What stands in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// A text; empty where nothing is filled in.
    Text(String),
    /// Names with a text each.
    Pairs(Vec<(String, String)>),
}

/// A sheet as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetReading {
    /// Its fields, in the order of the definition.
    pub fields: Vec<FieldReading>,
    /// Whether the claims have the claim.
    pub present: bool,
    /// Whether the claim can be written so.
    pub ready: bool,
}

/// A field as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldReading {
    /// What stands in it.
    pub value: FieldValue,
    /// What it takes, where it does not take that: a sentence.
    pub fault: Option<String>,
    /// What an amount of money means.
    pub means: Option<String>,
}

/// What a sheet says as it is filled in. With nothing filled in yet, it begins with what the claims have.
pub fn sheet(
    session: &Session,
    draft: &Draft,
    claim: &str,
    filled: Option<&[FieldValue]>,
    ports: &Ports,
) -> Result<SheetReading, Error> {
    let context = Context::resolve(session, draft, ports)?;
    let document = Document::parse(&draft.claims).ok();
    let here = document.as_ref().and_then(|document| document.root().get(claim));
    let form = Form::new(context.definition, claim, here, filled)?;
    Ok(SheetReading { fields: form.reading(), present: here.is_some(), ready: form.check().is_ok() })
}

pub(super) fn find<'d>(definition: &'d Definition, claim: &str) -> Result<&'d Sheet, Error> {
    let known = definition.sheets.iter().map(|sheet| sheet.claim.as_str());
    definition.sheet(claim).ok_or_else(|| names::not_found(Thing::Sheet, claim, known))
}

/// A sheet's claim as it shall stand, and the scopes that go with it.
pub(super) struct Filled {
    /// The JSON of the claim; none takes it out.
    pub(super) json: Option<String>,
    /// All scopes, where the claim has one that goes with it.
    pub(super) scopes: Option<Vec<String>>,
}

/// The claim of a sheet as it is filled in, or taken out where nothing is filled in.
pub(super) fn filled(
    definition: &Definition,
    document: &Document<'_>,
    claim: &str,
    values: Option<&[FieldValue]>,
) -> Result<Filled, Error> {
    let sheet = find(definition, claim)?;
    let json = match values {
        Some(_) => Some(Form::new(definition, claim, document.root().get(claim), values)?.json(document.text())?),
        None => None,
    };
    let scopes = definition.scope_of(sheet).map(|scope| {
        let mut scopes = definition.scopes_in(document.text());
        scopes.retain(|one| one != scope);
        scopes.extend(json.is_some().then(|| scope.to_owned()));
        scopes
    });
    Ok(Filled { json, scopes })
}

/// Whether a claim takes a text as its whole value.
pub(super) fn takes(definition: &Definition, claim: &str, text: &str) -> bool {
    let values = [FieldValue::Text(text.to_owned())];
    Form::new(definition, claim, None, Some(&values)).is_ok_and(|form| form.check().is_ok())
}

/// A sheet with a value in each field.
struct Form<'d, 'n, 't> {
    asked: Vec<Asked<'d>>,
    values: Vec<FieldValue>,
    /// The members of the claim in the order of the definition.
    order: Vec<&'d str>,
    /// The claim as it stands in the text.
    here: Option<Node<'n, 't>>,
}

impl<'d, 'n, 't> Form<'d, 'n, 't> {
    fn new(
        definition: &'d Definition,
        claim: &str,
        here: Option<Node<'n, 't>>,
        filled: Option<&[FieldValue]>,
    ) -> Result<Self, Error> {
        let sheet = find(definition, claim)?;
        let asked = definition.asked(sheet);
        let at = |(index, asked): (usize, &Asked<'_>)| match filled {
            Some(filled) => filled.get(index).cloned().unwrap_or(FieldValue::Text(String::new())),
            None => at_first(asked, here),
        };
        let values = asked.iter().enumerate().map(at).collect();
        let members = definition.claim_of(sheet).map_or(&[][..], |claim| &claim.members);
        Ok(Self { asked, values, order: members.iter().map(|member| member.name.as_str()).collect(), here })
    }

    fn fields(&self) -> impl Iterator<Item = (&Asked<'d>, &FieldValue)> {
        self.asked.iter().zip(&self.values)
    }

    fn reading(&self) -> Vec<FieldReading> {
        let field = |(asked, value): (&Asked<'_>, &FieldValue)| FieldReading {
            value: value.clone(),
            fault: fault(asked, value).map(|fault| words::sentence(&fault)),
            means: self.meaning(asked, value),
        };
        self.fields().map(field).collect()
    }

    /// What an amount means, where its currency is known too.
    fn meaning(&self, asked: &Asked<'_>, value: &FieldValue) -> Option<String> {
        let FieldKind::Amount(member) = asked.kind else { return None };
        let (of, currency) = self.fields().find(|(other, _)| other.field.member.as_deref() == Some(member))?;
        let known = |asked, value: &FieldValue| !value.is_empty() && fault(asked, value).is_none();
        let amount = value.text().trim().parse().ok().filter(|_| known(asked, value) && known(of, currency))?;
        Some(format!("means {}", grouped(&words::sum(amount, currency.text().trim()))))
    }

    /// Whether every field can be written.
    fn check(&self) -> Result<(), Error> {
        for (asked, value) in self.fields() {
            let label = || asked.field.label.clone();
            if let Some(wanted) = fault(asked, value) {
                return Err(CredentialError::UnfitField { label: label(), found: value.shown(), wanted }.into());
            }
            if asked.required && value.is_empty() {
                return Err(CredentialError::EmptyField { label: label() }.into());
            }
        }
        Ok(())
    }

    /// The claim as JSON for this text.
    fn json(&self, text: &str) -> Result<String, Error> {
        self.check()?;
        let json = match self.fields().next() {
            Some((asked, value)) if asked.field.member.is_none() => {
                written(asked, value, self.here).unwrap_or_default()
            }
            _ => self.object(),
        };
        match Document::parse(&json) {
            Ok(document) if text::is_spaced(text) => Ok(spaced(document.root())),
            _ => Ok(json),
        }
    }

    /// An object of the fields that are filled in. What it held beside them stays as it was typed.
    fn object(&self) -> String {
        let mut members: Vec<(&str, Option<String>)> = (self.fields())
            .filter_map(|(asked, value)| {
                let name = asked.field.member.as_deref()?;
                let here = self.here.and_then(|here| here.get(name));
                Some((name, written(asked, value, here)))
            })
            .collect();
        members.sort_by_key(|(name, _)| self.order.iter().position(|other| other == name));
        merged(self.here, &members)
    }
}

impl FieldValue {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Pairs(_) => "",
        }
    }

    /// The pairs that say something.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = match self {
            Self::Text(_) => &[],
            Self::Pairs(pairs) => pairs.as_slice(),
        };
        let trimmed = pairs.iter().map(|(name, text)| (name.trim(), text.as_str()));
        trimmed.filter(|(name, text)| !name.is_empty() || !text.is_empty())
    }

    /// What an error says of it: a text, or the names of pairs.
    fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Pairs(_) => self.pairs().map(|(name, _)| name).collect::<Vec<_>>().join(", "),
        }
    }

    fn is_empty(&self) -> bool {
        self.text().trim().is_empty() && self.pairs().next().is_none()
    }
}

/// What stands in a field before anything is typed: what the claim has, else what the definition begins with.
fn at_first(asked: &Asked<'_>, here: Option<Node<'_, '_>>) -> FieldValue {
    let node = match &asked.field.member {
        Some(name) => here.and_then(|here| here.get(name)),
        None => here,
    };
    if asked.kind == FieldKind::Pairs {
        let texts = node.into_iter().flat_map(Node::members).filter(|member| member.kind() == Kind::String);
        return FieldValue::Pairs(texts.map(|member| (name_of(member), words::shown(member))).collect());
    }
    let shown = node.filter(|node| matches!(node.kind(), Kind::String | Kind::Number | Kind::Bool)).map(words::shown);
    FieldValue::Text(shown.or_else(|| asked.field.start.clone()).unwrap_or_default())
}

/// A sum with its thousands apart: `£12,990.00`.
fn grouped(sum: &str) -> String {
    let start = sum.find(|c: char| c.is_ascii_digit()).unwrap_or(sum.len());
    let count = sum[start..].bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = sum[start..].split_at(count);
    let apart = |(index, digit)| (index > 0 && (count - index) % 3 == 0).then_some(',').into_iter().chain([digit]);
    let digits: String = digits.chars().enumerate().flat_map(apart).collect();
    format!("{}{digits}{rest}", &sum[..start])
}

fn name_of(member: Node<'_, '_>) -> String {
    member.name().unwrap_or_default().into_owned()
}

/// What a field takes, where it does not take what stands in it.
fn fault(asked: &Asked<'_>, value: &FieldValue) -> Option<String> {
    if asked.kind != FieldKind::Pairs {
        return asked.kind.wanted_instead(value.text()).map(str::to_owned);
    }
    let names: Vec<&str> = value.pairs().map(|(name, _)| name).collect();
    let twice = names.iter().enumerate().find(|(index, name)| names[..*index].contains(*name));
    match twice {
        _ if names.contains(&"") => Some("a name for each text".to_owned()),
        Some((_, name)) => Some(format!("each name once, and {name:?} stands there twice")),
        None => None,
    }
}

/// The JSON of a field; none where nothing is filled in.
fn written(asked: &Asked<'_>, value: &FieldValue, here: Option<Node<'_, '_>>) -> Option<String> {
    if asked.kind != FieldKind::Pairs {
        return (!value.is_empty()).then(|| asked.kind.json(value.text()));
    }
    // Members that are not texts do not show in the field, and stay.
    let texts = here.into_iter().flat_map(Node::members).filter(|member| member.kind() == Kind::String);
    let gone: Vec<String> = texts.map(name_of).collect();
    let mut members: Vec<(&str, Option<String>)> =
        value.pairs().map(|(name, text)| (name, Some(quote(text)))).collect();
    let kept = |name: &str| value.pairs().any(|(other, _)| other == name);
    members.extend(gone.iter().filter(|name| !kept(name)).map(|name| (name.as_str(), None)));
    let object = merged(here, &members);
    (object != "{}" || asked.field.member.is_none()).then_some(object)
}

/// An object with these members in place of those of the same names; those that are none are taken out. All others stay.
fn merged(here: Option<Node<'_, '_>>, members: &[(&str, Option<String>)]) -> String {
    let mut out = Vec::new();
    let mut placed = Vec::new();
    for member in here.into_iter().flat_map(Node::members) {
        let name = name_of(member);
        match members.iter().find(|(other, _)| *other == name) {
            None => out.push(format!("\"{}\":{}", member.raw_name().unwrap_or_default(), member.raw())),
            Some(_) if placed.contains(&name) => {}
            Some((_, json)) => {
                out.extend(json.as_ref().map(|json| format!("{}:{json}", quote(&name))));
                placed.push(name);
            }
        }
    }
    let new = members.iter().filter(|(name, _)| !placed.iter().any(|other| other == name));
    out.extend(new.filter_map(|(name, json)| Some(format!("{}:{}", quote(name), json.as_ref()?))));
    format!("{{{}}}", out.join(","))
}
