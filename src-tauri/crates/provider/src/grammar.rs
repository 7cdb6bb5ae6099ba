//! How a scope is written: taken apart, put together, and what is wrong with one that is neither.

use crate::{definition::Grammar, shape::Misfit};

/// A scope taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parsed<'s> {
    /// A word that means what the provider says, no more.
    Word,
    /// An action on every resource.
    Every { action: &'s str },
    /// An action on one.
    One { resource: &'s str, action: &'s str },
}

/// How a text departs from the grammar of scopes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Nothing at all.
    #[error("the scope is empty")]
    Empty,
    /// White space, which would make two scopes of it.
    #[error("{scope:?} holds white space")]
    WhiteSpace {
        /// The text.
        scope: String,
    },
    /// No separator between resource and action.
    #[error("{scope:?} has no {separator:?} between resource and action")]
    NoSeparator {
        /// The text.
        scope: String,
        /// What should stand between.
        separator: String,
    },
    /// An action that is not known.
    #[error("{scope:?} ends in {action:?}, wanted {}", wanted.join(" or "))]
    Action {
        /// The text.
        scope: String,
        /// The action.
        action: String,
        /// The actions that are known.
        wanted: Vec<String>,
    },
    /// A wildcard for a part of a resource.
    #[error("{scope:?} has {wildcard:?} beside other text, where it stands for a whole resource or not at all")]
    PartialWildcard {
        /// The text.
        scope: String,
        /// The wildcard.
        wildcard: String,
    },
    /// Nothing where a resource, or a part of one, is wanted.
    #[error("{scope:?} has nothing where a resource is wanted")]
    EmptyPart {
        /// The text.
        scope: String,
    },
    /// A resource that is not written like one.
    #[error("{scope:?} names the resource {resource:?}: {misfit}")]
    Resource {
        /// The text.
        scope: String,
        /// The resource.
        resource: String,
        /// How it departs.
        misfit: Misfit,
    },
}

impl Grammar {
    /// The scope for an action on a resource.
    pub fn write(&self, resource: &str, action: &str) -> String {
        let (first, last) = if self.form.resource_first { (resource, action) } else { (action, resource) };
        format!("{first}{}{last}", self.form.separator)
    }

    /// Every action that `action` gives, directly or by another.
    pub(crate) fn implied_by(&self, action: &str) -> Vec<&str> {
        let mut given: Vec<&str> = Vec::new();
        let mut open: Vec<&str> =
            self.action(action).into_iter().flat_map(|a| &a.implies).map(String::as_str).collect();
        while let Some(next) = open.pop() {
            if !given.contains(&next) {
                given.push(next);
                open.extend(self.action(next).into_iter().flat_map(|a| &a.implies).map(String::as_str));
            }
        }
        given
    }

    /// Takes a scope apart.
    pub(crate) fn parse<'s>(&self, scope: &'s str) -> Result<Parsed<'s>, Malformed> {
        if self.literals.iter().any(|literal| literal == scope) {
            return Ok(Parsed::Word);
        }
        if scope.contains(char::is_whitespace) {
            return Err(Malformed::WhiteSpace { scope: brief(scope) });
        }
        let separator = self.form.separator.as_str();
        let halves = match self.form.resource_first {
            true => scope.rsplit_once(separator),
            false => scope.split_once(separator).map(|(action, resource)| (resource, action)),
        };
        let Some((resource, action)) = halves else {
            return Err(Malformed::NoSeparator { scope: brief(scope), separator: separator.to_owned() });
        };
        self.check_action(scope, action)?;
        match self.wildcard.as_deref() {
            Some(wildcard) if resource == wildcard => return Ok(Parsed::Every { action }),
            Some(wildcard) if resource.contains(wildcard) => {
                return Err(Malformed::PartialWildcard { scope: brief(scope), wildcard: wildcard.to_owned() });
            }
            _ => {}
        }
        let parts = match self.joiner.as_deref() {
            Some(joiner) => resource.split(joiner).collect(),
            None => vec![resource],
        };
        if parts.iter().any(|part| part.is_empty()) {
            return Err(Malformed::EmptyPart { scope: brief(scope) });
        }
        match parts.iter().find_map(|part| self.resource.misfit(part)) {
            Some(misfit) => Err(Malformed::Resource { scope: brief(scope), resource: brief(resource), misfit }),
            None => Ok(Parsed::One { resource, action }),
        }
    }

    fn check_action(&self, scope: &str, action: &str) -> Result<(), Malformed> {
        let known = if self.actions.is_empty() {
            !action.is_empty() && self.resource.misfit(action).is_none()
        } else {
            self.action(action).is_some()
        };
        if known {
            return Ok(());
        }
        let wanted = match self.actions.as_slice() {
            [] => vec!["a word like a resource".to_owned()],
            actions => actions.iter().map(|action| action.name.clone()).collect(),
        };
        Err(Malformed::Action { scope: brief(scope), action: brief(action), wanted })
    }
}

/// A scope as it may stand in a message: its beginning.
pub(crate) fn brief(scope: &str) -> String {
    const MOST: usize = 80;
    match scope.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &scope[..end]),
        None => scope.to_owned(),
    }
}
