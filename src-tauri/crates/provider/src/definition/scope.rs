//! Scopes: how they are written, which there are, what they give.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de};

use crate::shape::{CharSet, Shape};

/// Scopes, or the permissions of an API key where tokens carry none.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scopes {
    /// The claim that carries them. Without it no token does.
    pub claim: Option<String>,
    /// Other claims in which tokens of this API were seen to carry them.
    #[serde(default)]
    pub also_claims: Vec<String>,
    /// What a token gets unless the person says otherwise.
    #[serde(default)]
    pub default: Vec<String>,
    /// How a scope is written. Without it any text without white space will do.
    pub grammar: Option<Grammar>,
    /// What to say about a scope that is well formed but not in the catalogue.
    #[serde(default)]
    pub unlisted: Unlisted,
    /// Names that people may type, and the scope that is meant.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// The catalogue, by resource: each with every action of the grammar.
    #[serde(default)]
    pub families: Vec<Family>,
    /// The catalogue, one by one.
    #[serde(default)]
    pub values: Vec<ScopeValue>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// What to say about a scope that is well formed but not in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unlisted {
    /// Nothing.
    Allow,
    /// A warning with the nearest known one.
    #[default]
    Warn,
    /// An error: the provider has no others.
    Refuse,
}

/// How a scope is written: a resource and an action with a separator between them, or one of a few words.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Grammar {
    /// `{resource}.{action}` or `{action}:{resource}`, with any separator.
    pub form: Form,
    /// The actions. Without any, every text of the resource's characters is an action.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// The form of one part of a resource.
    pub resource: Shape,
    /// What joins the parts of a resource, such as the dot in `buyers.billing-details`.
    pub joiner: Option<String>,
    /// What stands for every resource. It never stands for a part of one.
    pub wildcard: Option<String>,
    /// Scopes that are not made of resource and action.
    #[serde(default)]
    pub literals: Vec<String>,
}

/// Which comes first, and what stands between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Whether the resource comes first.
    pub resource_first: bool,
    /// What stands between.
    pub separator: String,
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let between = |first: &str, last: &str| text.strip_prefix(first)?.strip_suffix(last).filter(|s| !s.is_empty());
        let found = (between("{resource}", "{action}").map(|s| (true, s)))
            .or_else(|| between("{action}", "{resource}").map(|s| (false, s)));
        match found {
            Some((resource_first, separator)) => Ok(Self { resource_first, separator: separator.to_owned() }),
            None => Err(de::Error::custom(format!(
                "the form {text:?} of a scope does not name resource and action, wanted one such as \"{{resource}}.{{action}}\""
            ))),
        }
    }
}

/// Something that can be done with a resource.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// What it allows, with `{resource}` for the resource.
    pub title: String,
    /// Other actions that it gives.
    #[serde(default)]
    pub implies: Vec<String>,
    /// An action that people expect it to give, though it does not.
    pub lacks: Option<String>,
}

/// Resources that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Family {
    /// The heading under which they are shown.
    pub group: String,
    /// Their names.
    pub resources: Vec<String>,
    /// Where they are known from.
    pub from: Option<String>,
}

/// One scope of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScopeValue {
    /// The scope.
    pub value: String,
    /// What it allows.
    pub title: String,
    /// Other scopes that it gives.
    #[serde(default)]
    pub implies: Vec<String>,
    /// The heading under which it is shown.
    pub group: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where it is known from.
    pub from: Option<String>,
}

impl Grammar {
    /// The action of this name.
    pub fn action(&self, name: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.name == name)
    }

    /// The characters of a resource, for messages.
    pub fn resource_chars(&self) -> Option<&CharSet> {
        self.resource.chars.as_ref()
    }
}
