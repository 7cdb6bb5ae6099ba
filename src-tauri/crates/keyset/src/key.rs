//! Keys and their states, lines, and the targets that use them.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::time::At;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// The id of a key: the caller makes it, and it never changes. A name may be given again, an id and a kid never.
    KeyId
}
id! {
    /// The id of a line.
    LineId
}
id! {
    /// The id of a rotation. What is made at a provider carries it in its label, so that it is found after a crash.
    RotationId
}

/// A profile and one of its environments: where calls are made with the active key of a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Target {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.profile, self.environment)
    }
}

/// One credential at one provider account in one environment: where a line belongs, for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Place {
    /// The provider's id.
    pub provider: String,
    /// The account there, in whatever form tells two of them apart.
    pub account: String,
    /// The environment's id.
    pub environment: String,
    /// Which of the provider's credentials, by the id in its definition.
    pub credential: String,
}

impl Place {
    /// Where a key belongs that no provider knows: it was made for no target, and gets its place once.
    pub fn nowhere() -> Self {
        let none = String::new;
        Self { provider: none(), account: none(), environment: none(), credential: none() }
    }

    /// Whether nobody said yet where this is.
    pub fn is_nowhere(&self) -> bool {
        self.provider.is_empty()
    }

    /// The first member in which another place differs, with both sides: its name, theirs, ours.
    pub(crate) fn differs<'a>(&'a self, other: &'a Self) -> Option<(&'static str, &'a str, &'a str)> {
        [
            ("provider", &other.provider, &self.provider),
            ("account", &other.account, &self.account),
            ("environment", &other.environment, &self.environment),
            ("credential", &other.credential, &self.credential),
        ]
        .into_iter()
        .find(|(_, theirs, ours)| theirs != ours)
        .map(|(member, theirs, ours)| (member, theirs.as_str(), ours.as_str()))
    }
}

/// The state of a key. The words beside are those of NIST SP 800-57 Part 1 Rev. 5, §7.
///
/// | state | signs | in the key set | at the provider | private half | NIST |
/// | --- | --- | --- | --- | --- | --- |
/// | draft | what a person tries by its name | no | not known | yes | pre-activation |
/// | published | its proof | yes | registered | yes | pre-activation |
/// | active | calls | yes | active | yes | active |
/// | retiring | if a person asks | yes | active | yes | active, then deactivated |
/// | retired | nothing | no | inactive | yes, for undo | deactivated |
/// | destroy scheduled | nothing | no | deleted | yes, for 30 days | deactivated |
/// | destroyed | nothing | no | deleted | no | destroyed |
/// | compromised | nothing | no | disabled | yes, for the inquiry | compromised |
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// It exists. Nothing uses it until it is chosen or rotated in.
    Draft,
    /// The provider knows it. It signs its proof, and nothing else.
    Published,
    /// The key that calls, one in a line.
    Active,
    /// The one before: what it signed still verifies, and it can be taken back.
    Retiring,
    /// Out of use, inactive at the provider.
    Retired,
    /// In the trash: out of use, restored for 30 days.
    DestroyScheduled,
    /// The private half is gone. The public half, the kid and the history stay.
    Destroyed,
    /// It leaked. It never signs again.
    Compromised,
}

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Published,
        Self::Active,
        Self::Retiring,
        Self::Retired,
        Self::DestroyScheduled,
        Self::Destroyed,
        Self::Compromised,
    ];

    /// What a key in this state may sign.
    pub const fn signs(self) -> Signs {
        match self {
            Self::Draft => Signs::Trials,
            Self::Published => Signs::Proof,
            Self::Active => Signs::Calls,
            Self::Retiring => Signs::IfAsked,
            Self::Retired | Self::DestroyScheduled | Self::Destroyed | Self::Compromised => Signs::Nothing,
        }
    }

    /// Whether the JWK Set (RFC 7517 §5) of the line has it: verifiers must know a key before its first token, and until
    /// after its last.
    pub const fn in_key_set(self) -> bool {
        matches!(self, Self::Published | Self::Active | Self::Retiring)
    }

    /// Whether the private half, or the secret, is still there.
    pub const fn holds_private(self) -> bool {
        !matches!(self, Self::Destroyed)
    }

    /// What people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Retired => "retired",
            Self::DestroyScheduled => "scheduled to be destroyed",
            Self::Destroyed => "destroyed",
            Self::Compromised => "compromised",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// What a key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signs {
    /// Nothing.
    Nothing,
    /// A token that a person makes with it by name, outside of a live environment. Never a target's call.
    Trials,
    /// The one read-only request that proves it.
    Proof,
    /// Calls, if a person asks for this key by name.
    IfAsked,
    /// The calls of every target of its line.
    Calls,
}

/// When a key was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Age {
    /// Then.
    Made(At),
    /// A file came without a date, and the person did not know either.
    NotKnown,
}

/// A key that comes into a keyset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewKey {
    /// Its id.
    pub id: KeyId,
    /// The name by which the person knows it.
    pub name: String,
    /// The name under which the provider knows it; a secret may have none.
    pub kid: Option<String>,
    /// The RFC 7638 thumbprint of the public half; none for a secret.
    pub thumbprint: Option<String>,
    /// When it was made.
    pub made: Age,
}

/// A key of a line. The private half is elsewhere: the store has it under the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What it came with.
    pub facts: NewKey,
    /// Its state.
    pub state: State,
    /// When it entered this state. Never ahead of the latest time that was seen.
    pub entered: At,
    /// The key whose place it took, and gives back when that is taken back.
    pub replaced: Option<KeyId>,
    /// The state in which it was deleted.
    pub deleted_from: Option<State>,
    /// The targets that lost it when its use ended; restoring gives them back.
    pub lost: BTreeSet<Target>,
    /// When somebody reported that it leaked. It never becomes active again.
    pub leaked: Option<At>,
    /// When a server last accepted the request that proves it.
    pub proved: Option<At>,
}

impl Key {
    /// Its id.
    pub fn id(&self) -> &KeyId {
        &self.facts.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.facts.name
    }
}

/// A key and its successors: one credential at one provider account in one environment, whatever number of targets use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: LineId,
    /// Where it belongs.
    pub place: Place,
    /// Its keys in the order in which they came.
    pub keys: Vec<Key>,
}

impl Line {
    /// The key that calls. None before the first is chosen, after its use ended, and in an incident.
    pub fn active(&self) -> Option<&Key> {
        self.in_state(State::Active)
    }

    pub(crate) fn in_state(&self, state: State) -> Option<&Key> {
        self.keys.iter().find(|key| key.state == state)
    }

    /// The key that is to come next: a draft or a published one beside a predecessor.
    pub fn successor(&self) -> Option<&Key> {
        self.in_state(State::Published).or_else(|| self.in_state(State::Draft))
    }
}
