//! Scopes: their names, what each allows, and which ones a call needs.

use jose::{Code, Finding, Place, Repair};

use crate::{
    definition::{Definition, Endpoint, Needs, Scopes, Unlisted},
    grammar::{Malformed, Parsed, brief},
    near::nearest,
};

/// A scope of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The scope.
    pub value: String,
    /// What it allows.
    pub title: String,
    /// The heading under which it is shown.
    pub group: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where it is known from.
    pub from: Option<String>,
}

/// The scopes that a call still needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// Every one of these.
    pub all: Vec<String>,
    /// And one of these.
    pub any: Vec<String>,
}

impl Missing {
    /// Whether nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.any.is_empty()
    }

    /// What is missing, in words: `transactions.write and one of bin-checker.read, embed`.
    pub fn words(&self) -> String {
        let all = self.all.join(" and ");
        let any = match self.any.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            several => format!("one of {}", several.join(", ")),
        };
        [all, any].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" and ")
    }
}

/// A scope that another one already gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redundant {
    /// The scope that could go.
    pub scope: String,
    /// The one that gives it.
    pub given_by: String,
}

/// More scopes in one token are not a set that somebody chose, and comparing each with each would take its time.
const MOST_SCOPES: usize = 256;

/// Stands for the resource in the title of an action.
const RESOURCE: &str = "{resource}";

impl Scopes {
    /// Every scope that is known: those listed one by one, then each resource with each action.
    pub fn catalogue(&self) -> Vec<Listed> {
        let single = self.values.iter().map(|value| Listed {
            value: value.value.clone(),
            title: value.title.clone(),
            group: value.group.clone(),
            note: value.note.clone(),
            from: value.from.clone(),
        });
        let families = self.grammar.iter().flat_map(|grammar| {
            self.families.iter().flat_map(move |family| {
                family.resources.iter().flat_map(move |resource| {
                    grammar.actions.iter().map(move |action| Listed {
                        value: grammar.write(resource, &action.name),
                        title: action.title.replace(RESOURCE, resource),
                        group: Some(family.group.clone()),
                        note: None,
                        from: family.from.clone(),
                    })
                })
            })
        });
        single.chain(families).collect()
    }

    /// Whether the catalogue has a scope.
    pub fn lists(&self, scope: &str) -> bool {
        if self.values.iter().any(|value| value.value == scope) {
            return true;
        }
        let (Some(grammar), Ok(Parsed::One { resource, action })) = (&self.grammar, self.parse(scope)) else {
            return false;
        };
        self.families.iter().any(|family| family.resources.iter().any(|known| known == resource))
            && grammar.actions.iter().any(|known| known.name == action)
    }

    /// The scope that a person means: what an alias stands for, else the text itself.
    pub fn meant<'s>(&'s self, text: &'s str) -> &'s str {
        self.aliases.get(text).map_or(text, String::as_str)
    }

    /// Says how a text departs from the grammar, if it does.
    pub fn check_form(&self, scope: &str) -> Result<(), Malformed> {
        self.parse(scope).map(|_| ())
    }

    fn parse<'s>(&self, scope: &'s str) -> Result<Parsed<'s>, Malformed> {
        if scope.is_empty() {
            return Err(Malformed::Empty);
        }
        match &self.grammar {
            Some(grammar) => grammar.parse(scope),
            // A list may hold scopes such as "GET /v1/apps"; only one string of words cannot.
            None => Ok(Parsed::Word),
        }
    }

    /// Whether `have` gives `wanted`: it is the same, a wildcard over it, or an action that implies it.
    pub fn gives(&self, have: &str, wanted: &str) -> bool {
        if have == wanted || self.listed_under(have).contains(&wanted) {
            return true;
        }
        let (Ok(have), Ok(wanted), Some(grammar)) = (self.parse(have), self.parse(wanted), &self.grammar) else {
            return false;
        };
        let implies = |have: &str, wanted: &str| have == wanted || grammar.implied_by(have).contains(&wanted);
        match (have, wanted) {
            (Parsed::Every { action: have }, Parsed::Every { action } | Parsed::One { action, .. }) => {
                implies(have, action)
            }
            (Parsed::One { resource: a, action: have }, Parsed::One { resource: b, action }) => {
                a == b && implies(have, action)
            }
            _ => false,
        }
    }

    /// Every scope that the catalogue lists as given by `have`, directly or by another.
    fn listed_under<'s>(&'s self, have: &str) -> Vec<&'s str> {
        let implied = |scope: &str| {
            let listed = self.values.iter().find(|value| value.value == scope);
            listed.into_iter().flat_map(|value| &value.implies).map(String::as_str)
        };
        let mut given: Vec<&str> = Vec::new();
        let mut open: Vec<&str> = implied(have).collect();
        while let Some(next) = open.pop() {
            if !given.contains(&next) {
                given.push(next);
                open.extend(implied(next));
            }
        }
        given
    }

    /// The claims that may carry scopes, the usual one first.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &str> {
        self.claim.iter().chain(&self.also_claims).map(String::as_str)
    }

    /// Whether a set of scopes gives `wanted`.
    pub fn allows(&self, set: &[String], wanted: &str) -> bool {
        set.iter().any(|have| self.gives(have, wanted))
    }

    /// Every scope of the catalogue that a set gives.
    pub fn implied(&self, set: &[String]) -> Vec<String> {
        self.catalogue().into_iter().map(|listed| listed.value).filter(|value| self.allows(set, value)).collect()
    }

    /// What a call needs and a set of scopes does not give.
    pub fn missing(&self, needs: &Needs, set: &[String]) -> Missing {
        let all = needs.all.iter().filter(|scope| !self.allows(set, scope)).cloned().collect();
        let met = needs.any.is_empty() || needs.any.iter().any(|scope| self.allows(set, scope));
        Missing { all, any: if met { Vec::new() } else { needs.any.clone() } }
    }

    /// The fewest scopes, without wildcards, that satisfy all of `needs`: each of their `all`, and for their `any` the
    /// scope that serves most of them, the first of equals. None can be taken away.
    pub fn minimal<'n>(&self, needs: impl IntoIterator<Item = &'n Needs>) -> Vec<String> {
        let needs: Vec<&Needs> = needs.into_iter().collect();
        let mut set: Vec<String> = Vec::new();
        for scope in needs.iter().flat_map(|need| &need.all) {
            if !self.allows(&set, scope) {
                set.push(scope.clone());
            }
        }
        loop {
            let open: Vec<&Needs> = needs.iter().copied().filter(|need| !self.missing(need, &set).is_empty()).collect();
            let mut best: Option<(usize, &String)> = None;
            for candidate in open.iter().flat_map(|need| &need.any) {
                let serves =
                    open.iter().filter(|need| need.any.iter().any(|scope| self.gives(candidate, scope))).count();
                if best.is_none_or(|(most, _)| serves > most) {
                    best = Some((serves, candidate));
                }
            }
            match best {
                Some((_, scope)) => set.push(scope.clone()),
                None => break,
            }
        }
        // An early choice may have become needless.
        let mut index = 0;
        while index < set.len() {
            let mut without = set.clone();
            without.remove(index);
            if needs.iter().all(|need| self.missing(need, &without).is_empty()) { set = without } else { index += 1 }
        }
        set
    }

    /// The scopes of a set that another one of it already gives. Taking them all away changes nothing.
    pub fn redundant(&self, set: &[String]) -> Vec<Redundant> {
        let mut redundant = Vec::new();
        for (i, scope) in set.iter().enumerate() {
            // Of two that give each other, the first stays.
            let giver = set
                .iter()
                .enumerate()
                .find(|(j, other)| i != *j && self.gives(other, scope) && (*j < i || !self.gives(scope, other)));
            if let Some((_, other)) = giver {
                redundant.push(Redundant { scope: scope.clone(), given_by: other.clone() });
            }
        }
        redundant
    }

    /// The known scope nearest to one that is not known, at most three edits away. A wildcard is not suggested to
    /// somebody who did not write one.
    pub fn nearest(&self, scope: &str) -> Option<String> {
        let wildcard = self.grammar.as_ref().and_then(|grammar| grammar.wildcard.as_deref());
        let wider =
            |value: &str| wildcard.is_some_and(|wildcard| value.contains(wildcard) && !scope.contains(wildcard));
        let catalogue = self.catalogue();
        let values = catalogue.iter().map(|listed| listed.value.as_str()).filter(|value| !wider(value));
        nearest(scope, values).map(str::to_owned)
    }

    /// Whether a set gives every resource of the catalogue with every action, where there is more than one such thing.
    pub fn is_everything(&self, set: &[String]) -> bool {
        let things: Vec<Listed> = self.catalogue().into_iter().filter(|l| !self.is_literal(&l.value)).collect();
        // Where unlisted scopes are fine, the catalogue is a beginning and nobody knows what everything is.
        self.unlisted != Unlisted::Allow
            && things.len() > 1
            && things.iter().all(|listed| self.allows(set, &listed.value))
    }

    /// A word of the grammar, beside resources and actions.
    fn is_literal(&self, scope: &str) -> bool {
        self.grammar.as_ref().is_some_and(|grammar| grammar.literals.iter().any(|literal| literal == scope))
    }

    /// Everything there is to say about a set of scopes. `place` tells where the scope of an index stands.
    pub(crate) fn findings(&self, set: &[String], place: impl Fn(Option<usize>) -> Option<Place>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut say =
            |index: Option<usize>, code: Code, message: String, hint: Option<String>, repairs: Vec<Repair>| {
                findings.push(Finding { code, place: place(index), message, hint, repairs });
            };
        let change = |out: &[&str], add: &[&str]| {
            let owned = |scopes: &[&str]| scopes.iter().map(|scope| (*scope).to_owned()).collect();
            Repair::Scopes { out: owned(out), add: owned(add) }
        };
        if set.is_empty() {
            say(None, Code::ScopesEmpty, "the token has no scope, so it allows nothing".to_owned(), None, Vec::new());
            return findings;
        }
        let (set, rest) = set.split_at(set.len().min(MOST_SCOPES));
        if !rest.is_empty() {
            let message = format!("{} scopes, of which the first {MOST_SCOPES} were looked at", set.len() + rest.len());
            say(None, Code::ScopeUnknown, message, None, Vec::new());
        }
        let count = self.catalogue().len();
        for (index, scope) in set.iter().enumerate() {
            match self.parse(scope) {
                Err(malformed) => {
                    let alias = self.aliases.get(scope).cloned();
                    let near = alias.or_else(|| self.nearest(scope));
                    let mut repairs: Vec<Repair> = near.iter().map(|near| change(&[scope], &[near])).collect();
                    repairs.push(change(&[scope], &[]));
                    let hint = near.map(|near| format!("did you mean {near:?}?"));
                    say(Some(index), Code::ScopeMalformed, malformed.to_string(), hint, repairs);
                }
                Ok(parsed) => {
                    if self.unlisted != Unlisted::Allow && !self.lists(scope) {
                        let near = self.nearest(scope);
                        let mut repairs: Vec<Repair> = near.iter().map(|near| change(&[scope], &[near])).collect();
                        repairs.push(change(&[scope], &[]));
                        let hint = near.map(|near| format!("did you mean {near:?}?"));
                        let (code, which) = match self.unlisted {
                            Unlisted::Refuse => (Code::ScopeUnlisted, "that there are"),
                            Unlisted::Allow | Unlisted::Warn => (Code::ScopeUnknown, "that are known"),
                        };
                        let message = format!("{:?} is not among the {count} scopes {which}", brief(scope));
                        say(Some(index), code, message, hint, repairs);
                    }
                    if let Some((lacking, wanted)) = self.lacking(parsed, set) {
                        let message = format!("{scope} does not allow {lacking}");
                        say(
                            Some(index),
                            Code::ScopeWriteOnly,
                            message,
                            Some(format!("add {wanted} to {lacking} as well")),
                            vec![change(&[], &[&wanted])],
                        );
                    }
                }
            }
        }
        for redundant in self.redundant(set) {
            let index = set.iter().rposition(|scope| *scope == redundant.scope);
            let message = format!("{} already gives {}", redundant.given_by, redundant.scope);
            let hint = "it can be left out".to_owned();
            say(index, Code::ScopeRedundant, message, Some(hint), vec![change(&[&redundant.scope], &[])]);
        }
        if self.is_everything(set) {
            let hint = "choose the scopes of the calls it is for".to_owned();
            say(None, Code::ScopesAll, "the token may do everything".to_owned(), Some(hint), Vec::new());
        }
        findings
    }

    /// The action that people expect this scope to give though it does not, and the scope that does, if the set lacks it.
    fn lacking<'g>(&'g self, parsed: Parsed<'_>, set: &[String]) -> Option<(&'g str, String)> {
        let grammar = self.grammar.as_ref()?;
        let (resource, action) = match parsed {
            Parsed::Word => return None,
            Parsed::Every { action } => (grammar.wildcard.as_deref()?, action),
            Parsed::One { resource, action } => (resource, action),
        };
        let lacking = grammar.action(action)?.lacks.as_deref()?;
        let wanted = grammar.write(resource, lacking);
        (!self.allows(set, &wanted)).then_some((lacking, wanted))
    }
}

impl Definition {
    /// What `endpoint` needs and a set of scopes does not give; nothing where tokens carry no scopes.
    pub fn missing_for(&self, endpoint: &Endpoint, set: &[String]) -> Missing {
        self.scopes.as_ref().map(|scopes| scopes.missing(&endpoint.needs, set)).unwrap_or_default()
    }

    /// The endpoints that a set of scopes can call.
    pub fn callable<'d>(&'d self, set: &'d [String]) -> impl Iterator<Item = &'d Endpoint> {
        self.endpoints.iter().filter(|endpoint| self.missing_for(endpoint, set).is_empty())
    }

    /// The fewest scopes that are enough for these endpoints.
    pub fn minimal_scopes<'e>(&self, endpoints: impl IntoIterator<Item = &'e Endpoint>) -> Vec<String> {
        let needs = endpoints.into_iter().map(|endpoint| &endpoint.needs);
        self.scopes.as_ref().map(|scopes| scopes.minimal(needs)).unwrap_or_default()
    }

    /// The finding for a call whose scopes a token lacks, before it is sent.
    pub fn check_scopes_for(&self, endpoint: &Endpoint, set: &[String]) -> Option<Finding> {
        let missing = self.missing_for(endpoint, set);
        (!missing.is_empty()).then(|| {
            let message = format!("{} needs {}, which the token lacks", endpoint.label, missing.words());
            let add: Vec<String> = missing.all.iter().chain(missing.any.first()).cloned().collect();
            Finding::new(Code::ScopeMissing, message)
                .hint(format!("sign with {}", missing.words()))
                .repair(Repair::Scopes { out: Vec::new(), add })
        })
    }
}
