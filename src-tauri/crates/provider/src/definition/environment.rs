//! Environments: where the API can be reached, and the variables of its addresses.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::{shape::Shape, template::Template};

/// One place where the API can be reached.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Environment {
    /// The short name: lower case letters, digits, hyphens.
    pub id: String,
    /// What people read.
    pub label: String,
    /// How much care it wants. Without it the person chooses, and until then it counts as live.
    pub tier: Option<Tier>,
    /// Its address.
    pub base_url: BaseUrl,
    /// Beginnings of credentials that belong here; empty means a credential does not show where it belongs.
    #[serde(default)]
    pub credential_prefixes: Vec<String>,
    /// Where these are known from, if from elsewhere.
    pub credential_prefixes_from: Option<String>,
    /// The environment variable that snippets read the credential from.
    pub env_var: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// The header field in which the emulator says why it refused a request, which no real server would.
pub const EMULATOR_REASON: &str = "keywright-emulator-reason";

impl Environment {
    /// The tier, where an open one counts as live.
    pub fn tier_or_live(&self) -> Tier {
        self.tier.unwrap_or(Tier::Live)
    }

    /// Whether the emulator plays it.
    pub fn is_emulated(&self) -> bool {
        self.base_url == BaseUrl::Emulator
    }
}

/// How much care an environment wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// On this computer.
    Local,
    /// The provider's, without consequences.
    Test,
    /// Real accounts, real money.
    Live,
}

impl Tier {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The address of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseUrl {
    /// `"emulator"`: our own server on loopback, whose address is known when it runs.
    Emulator,
    /// `"ask"`: not published; the person enters it.
    Ask,
    /// An address with variables.
    Template(Template),
}

impl<'de> Deserialize<'de> for BaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "emulator" => Ok(Self::Emulator),
            "ask" => Ok(Self::Ask),
            text => Template::parse(text).map(Self::Template).map_err(serde::de::Error::custom),
        }
    }
}

/// Something that a profile fills in.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Variable {
    /// The name that templates use: letters, digits and `_`.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Where the person finds the value.
    pub help: Option<String>,
    /// What kind of value it is.
    #[serde(default)]
    pub kind: VariableKind,
    /// Whether nothing works without it.
    #[serde(default)]
    pub required: bool,
    /// The form of the value.
    #[serde(default)]
    pub shape: Shape,
    /// The value while none is entered; may name other variables.
    pub default: Option<Template>,
    /// A value to show as an example.
    pub example: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// What kind of value a variable has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableKind {
    /// Any text of the right shape.
    #[default]
    Text,
    /// An absolute address: https, or http on this computer.
    Url,
    /// A UUID.
    Uuid,
    /// A path from the base address on: begins with one `/`.
    Path,
}
