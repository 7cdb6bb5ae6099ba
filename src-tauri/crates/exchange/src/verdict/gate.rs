//! The gate ladder: the seven things that must be right for a call to be accepted, and how far each is known.

/// The gates, in the order in which a server meets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gate {
    /// The request reached the server.
    Reached,
    /// The token is well formed and has what the provider wants.
    Structure,
    /// The server knows the key.
    KeyKnown,
    /// The signature verifies with that key.
    Signature,
    /// The token is valid now.
    Time,
    /// The token is for this server.
    Audience,
    /// The token allows this call.
    Scope,
}

impl Gate {
    /// All gates in order.
    pub const ALL: [Self; 7] =
        [Self::Reached, Self::Structure, Self::KeyKnown, Self::Signature, Self::Time, Self::Audience, Self::Scope];

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reached => "Reached",
            Self::Structure => "Structure",
            Self::KeyKnown => "Key known",
            Self::Signature => "Signature",
            Self::Time => "Time",
            Self::Audience => "Audience",
            Self::Scope => "Scope",
        }
    }

    /// The same for scripts.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Structure => "structure",
            Self::KeyKnown => "key-known",
            Self::Signature => "signature",
            Self::Time => "time",
            Self::Audience => "audience",
            Self::Scope => "scope",
        }
    }
}

/// How far the state of a gate is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// Checked here.
    Proved,
    /// The server said so.
    Confirmed,
    /// Concluded from an answer that does not say.
    Likely,
    /// The answer tells nothing about it, and it cannot be checked here.
    NotReached,
    /// This provider has no such gate.
    DoesNotApply,
}

impl Certainty {
    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proved => "proved here",
            Self::Confirmed => "confirmed by server",
            Self::Likely => "likely",
            Self::NotReached => "not reached",
            Self::DoesNotApply => "does not apply",
        }
    }

    /// The same for scripts.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Confirmed => "confirmed",
            Self::Likely => "likely",
            Self::NotReached => "not-reached",
            Self::DoesNotApply => "does-not-apply",
        }
    }
}

/// Whether a gate was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Passage {
    /// It was.
    Passed,
    /// It was not: the fault lies here.
    Stopped,
    /// That is not known.
    Open,
}

/// One gate of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Which gate.
    pub gate: Gate,
    /// Whether it was passed.
    pub passage: Passage,
    /// How far that is known.
    pub certainty: Certainty,
    /// Why, in a few words.
    pub reason: String,
}

impl Rung {
    pub(crate) fn new(gate: Gate, passage: Passage, certainty: Certainty, reason: impl Into<String>) -> Self {
        Self { gate, passage, certainty, reason: reason.into() }
    }
}
