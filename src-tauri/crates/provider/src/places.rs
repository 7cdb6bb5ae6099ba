//! Table of which slot may stand where in a definition. The check of a file asks it, and so does whoever fills a template in.

use std::fmt;

use crate::template::{Slot, SlotKind};

/// A place of a definition in which a template stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TemplatePlace {
    /// `base-url` of an environment.
    BaseUrl,
    /// `default` of a variable.
    Default,
    /// `path` of an endpoint.
    Path,
    /// `path` of a flow.
    FlowPath,
    /// `value` in `[[headers]]`.
    Header,
    /// `value` of a header parameter or a claim of the token.
    Token,
    /// `value` in the `body` of a flow.
    FlowBody,
}

use TemplatePlace::{BaseUrl, Default, FlowBody, FlowPath, Header, Path, Token};

/// Which kind is known where.
#[rustfmt::skip]
const TABLE: [(SlotKind, &[TemplatePlace]); 10] = [
    (SlotKind::Variable,   &[BaseUrl, Default, Path, FlowPath, Header, Token, FlowBody]),
    (SlotKind::Credential, &[FlowPath, Header, Token, FlowBody]),
    (SlotKind::Time,       &[Header, Token, FlowBody]),
    (SlotKind::Fresh,      &[Header, Token, FlowBody]),
    (SlotKind::App,        &[Header, Token, FlowBody]),
    (SlotKind::Lifetime,   &[Token, FlowBody]),
    (SlotKind::Scopes,     &[Token, FlowBody]),
    (SlotKind::Key,        &[Token]),
    (SlotKind::Call,       &[Token]),
    (SlotKind::Given,      &[FlowBody]),
];

impl TemplatePlace {
    /// All places, in the order of a file.
    pub const ALL: [Self; 7] = [BaseUrl, Default, Path, FlowPath, Header, Token, FlowBody];

    /// Whether `slot` is known in this place. Of a credential's fields, see also [`knows_secrets`](Self::knows_secrets).
    pub fn knows(self, slot: &Slot) -> bool {
        TABLE.iter().any(|(kind, places)| *kind == slot.kind() && places.contains(&self))
    }

    /// Whether the secret fields of a credential may stand here. Everywhere else the text is shown, kept in logs, or goes to
    /// somebody whom the secret is not for.
    pub fn knows_secrets(self) -> bool {
        self == FlowBody
    }

    /// The slots that are known here, as one writes them.
    pub fn known(self) -> Vec<String> {
        Slot::all().filter(|slot| self.knows(slot)).map(|slot| slot.to_string()).collect()
    }

    /// What may stand here, in words.
    pub(crate) fn wanted(self) -> String {
        let known: Vec<String> = (self.known().into_iter())
            .map(|slot| match slot.as_str() {
                "{variable}" => "a variable".to_owned(),
                _ => slot,
            })
            .collect();
        match known.as_slice() {
            [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
            _ => known.concat(),
        }
    }
}

impl fmt::Display for TemplatePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BaseUrl => "a base address",
            Self::Default => "the default of a variable",
            Self::Path => "the path of an endpoint",
            Self::FlowPath => "the path of a flow",
            Self::Header => "a header field",
            Self::Token => "a token",
            Self::FlowBody => "the body of a flow",
        })
    }
}
