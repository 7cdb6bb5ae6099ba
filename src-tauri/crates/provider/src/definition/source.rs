//! Source of a fact: a published document, a server that was seen, or nobody yet.

use serde::Deserialize;

/// A place that facts come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Source {
    /// What it is, so that a person can find it again.
    pub title: String,
    /// Where it is.
    pub url: Option<String>,
    /// How far it can be relied on.
    pub trust: Trust,
}

/// How far a source can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// The provider's published authentication document.
    Published,
    /// The provider's other public pages and machine-readable descriptions.
    Documented,
    /// Read in, or produced by running, the provider's own packages.
    VendorCode,
    /// Somebody else's account of it.
    SecondHand,
    /// Concluded from other facts.
    Inferred,
    /// Not checked.
    Unchecked,
}

impl Trust {
    /// Whether facts from such a source are shown as not certain.
    pub const fn is_assumed(self) -> bool {
        matches!(self, Self::SecondHand | Self::Inferred | Self::Unchecked)
    }

    /// The word for it, as in a definition file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Documented => "documented",
            Self::VendorCode => "vendor-code",
            Self::SecondHand => "second-hand",
            Self::Inferred => "inferred",
            Self::Unchecked => "unchecked",
        }
    }
}
