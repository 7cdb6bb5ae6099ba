//! Scope picker of a draft: the scopes that can be chosen, in groups, with what an endpoint needs.

use exchange::Authentication;
use provider::{Definition, Listed, definition::Unlisted};

use super::context::Context;
use crate::{
    ground::{Error, ports::Ports, words},
    store::{draft::Draft, session::Session},
};

/// Everything the picker shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    /// Scopes over every resource, and those that stand alone.
    pub wide: Vec<Listed>,
    /// The others by resource, under their headings.
    pub groups: Vec<PickerGroup>,
    /// Those that the draft has.
    pub selected: Vec<String>,
    /// Those that the call names.
    pub needed: Vec<String>,
    /// The fewest that serve it.
    pub minimal: Vec<String>,
    /// Those that another one already gives.
    pub redundant: Vec<Surplus>,
    /// How the draft's scopes stand to the call.
    pub words: String,
    /// How many are known.
    pub known: usize,
    /// Whether others may be typed.
    pub free: bool,
}

/// Resources under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickerGroup {
    /// The heading.
    pub title: String,
    /// The resources.
    pub rows: Vec<PickerRow>,
}

/// One resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickerRow {
    /// Its name.
    pub resource: String,
    /// Whether it is not certain that it is there.
    pub assumed: bool,
    /// What can be done with it.
    pub actions: Vec<PickerAction>,
}

/// Something that can be done with a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickerAction {
    /// Its name.
    pub action: String,
    /// The scope.
    pub value: String,
    /// What it allows.
    pub title: String,
}

/// A scope that could go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surplus {
    /// The scope.
    pub scope: String,
    /// Why it could.
    pub because: String,
}

/// The scopes that can be chosen for a draft. Empty where tokens of the provider carry none.
pub fn picker(session: &Session, draft: &Draft, ports: &Ports) -> Result<Picker, Error> {
    let context = Context::resolve(session, draft, ports)?;
    let definition = context.definition;
    let Some(scopes) = definition.scopes.as_ref().filter(|scopes| scopes.claim.is_some()) else {
        return Ok(Picker {
            wide: Vec::new(),
            groups: Vec::new(),
            selected: Vec::new(),
            needed: Vec::new(),
            minimal: Vec::new(),
            redundant: Vec::new(),
            words: format!("{} tokens carry no scopes.", definition.name),
            known: 0,
            free: false,
        });
    };
    // Where a server makes the token, they are asked of it.
    let selected = match context.authentication(draft) {
        Authentication::SignedToken => definition.scopes_in(&draft.claims),
        _ => draft.scopes.clone().unwrap_or_else(|| scopes.default.clone()),
    };
    let needs = context.endpoint.map(|endpoint| &endpoint.needs);
    let needed = needs.map(|needs| needs.all.iter().chain(&needs.any).cloned().collect()).unwrap_or_default();
    let redundant = scopes.redundant(&selected).into_iter().map(|redundant| Surplus {
        because: format!("{} already gives it", redundant.given_by),
        scope: redundant.scope,
    });
    let catalogue = scopes.catalogue();
    Ok(Picker {
        known: catalogue.len(),
        wide: catalogue.into_iter().filter(|listed| listed.group.is_none()).collect(),
        groups: groups(definition),
        minimal: definition.minimal_scopes(context.endpoint),
        redundant: redundant.collect(),
        words: sentence(&context, &selected),
        selected,
        needed,
        // A grammar says how one is written that nobody has listed.
        free: match scopes.unlisted {
            Unlisted::Allow => true,
            Unlisted::Warn => scopes.grammar.is_some(),
            Unlisted::Refuse => false,
        },
    })
}

/// `GET /transactions needs transactions.read. Two of your three are more than it needs.`
fn sentence(context: &Context, selected: &[String]) -> String {
    let definition = context.definition;
    let (Some(call), Some(endpoint)) = (context.call_words(), context.endpoint) else {
        return "It is not known which scopes this call needs.".to_owned();
    };
    let needed = definition.missing_for(endpoint, &[]);
    if needed.is_empty() {
        return format!("It is not known which scopes {call} needs.");
    }
    let lacking = definition.missing_for(endpoint, selected);
    let context = if lacking.is_empty() {
        // Those that can go one after the other.
        let mut left = selected.to_vec();
        let mut index = left.len();
        while index > 0 {
            index -= 1;
            let taken = left.remove(index);
            if !definition.missing_for(endpoint, &left).is_empty() {
                left.insert(index, taken);
            }
        }
        let more = selected.len() - left.len();
        match (more, selected.len()) {
            (0, _) => "You have what it needs and no more.".to_owned(),
            (more, all) => {
                let more = words::count(more);
                let first = more.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
                let rest: String = more.chars().skip(1).collect();
                let verb = if more == "one" { "is" } else { "are" };
                format!("{first}{rest} of your {} {verb} more than it needs.", words::count(all))
            }
        }
    } else {
        format!("The token lacks {}.", lacking.words())
    };
    format!("{call} needs {}. {context}", needed.words())
}

fn groups(definition: &Definition) -> Vec<PickerGroup> {
    let Some(scopes) = &definition.scopes else { return Vec::new() };
    let mut groups: Vec<PickerGroup> = Vec::new();
    let group = |groups: &mut Vec<PickerGroup>, title: &str| match groups.iter().position(|group| group.title == title)
    {
        Some(at) => at,
        None => {
            groups.push(PickerGroup { title: title.to_owned(), rows: Vec::new() });
            groups.len() - 1
        }
    };
    if let Some(grammar) = &scopes.grammar {
        for family in &scopes.families {
            let at = group(&mut groups, &family.group);
            for resource in &family.resources {
                let actions = grammar.actions.iter().map(|action| PickerAction {
                    action: action.name.clone(),
                    value: grammar.write(resource, &action.name),
                    title: action.title.replace("{resource}", resource),
                });
                let assumed = definition.is_assumed(family.from.as_deref());
                groups[at].rows.push(PickerRow { resource: resource.clone(), assumed, actions: actions.collect() });
            }
        }
    }
    for value in &scopes.values {
        let Some(title) = &value.group else { continue };
        let at = group(&mut groups, title);
        let rows = &mut groups[at].rows;
        // One that is written like an action of a resource stands with it.
        let of = rows.iter_mut().find(|row| action_of(&value.value, &row.resource).is_some());
        match of {
            Some(row) => {
                let action = action_of(&value.value, &row.resource).unwrap_or_default().to_owned();
                row.actions.push(PickerAction { action, value: value.value.clone(), title: value.title.clone() });
            }
            None => rows.push(PickerRow {
                resource: value.value.clone(),
                assumed: definition.is_assumed(value.from.as_deref()),
                actions: vec![PickerAction {
                    action: "use".to_owned(),
                    value: value.value.clone(),
                    title: value.title.clone(),
                }],
            }),
        }
    }
    groups
}

/// `refresh` of `sessions.refresh` for `sessions`.
fn action_of<'v>(value: &'v str, resource: &str) -> Option<&'v str> {
    let rest = value.strip_prefix(resource)?;
    let action = rest.strip_prefix(|c: char| !c.is_alphanumeric())?;
    (!action.is_empty() && action.chars().all(char::is_alphanumeric)).then_some(action)
}
