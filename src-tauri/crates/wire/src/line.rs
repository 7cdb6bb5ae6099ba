//! Lines of keys: which states they are in, how old they truly are, what is due, and what happened to each.

use serde::Serialize;
use ts_rs::TS;
use workbench::rotation::{self, LineView, Stay};

use crate::{KeyState, RotationMethod, Target, Tier};

/// A key and its successors: one credential at one provider account in one environment, whatever number of targets use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Its id.
    pub id: String,
    /// The provider's id.
    pub provider: String,
    /// The environment's id.
    pub environment: String,
    /// Both in words: `Sandbox at Gr4vy`.
    pub label: String,
    /// `local`, `test` or `live`.
    pub tier: Tier,
    /// Which of the provider's credentials, by the id in its definition.
    pub credential: String,
    /// The profiles and environments that call with its active key.
    pub targets: Vec<Target>,
    /// Its keys in the order in which they came.
    pub keys: Vec<LineMember>,
    /// What is due of its active key; none if nothing ever is.
    pub due: Option<LineDue>,
    /// How its provider allows to rotate it; none if the definition says nothing of it.
    pub method: Option<RotationMethod>,
    /// The id of the rotation that is under way.
    pub rotation: Option<String>,
}

/// A key in its line, with the states that it was in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LineMember {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: KeyState,
    /// When it was made, in seconds since 1970; none if nobody knows.
    #[ts(type = "number | null")]
    pub made: Option<i64>,
    /// When somebody reported that it leaked.
    #[ts(type = "number | null")]
    pub leaked: Option<i64>,
    /// The states that it was in, in their order; the last is the present one.
    pub stays: Vec<KeyStay>,
}

/// A state that a key was in, or is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyStay {
    /// The state.
    pub state: KeyState,
    /// Since when.
    #[ts(type = "number")]
    pub from: i64,
    /// Until when; none for the present state.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
}

/// What is due of the active key of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LineDue {
    /// The key's name.
    pub key: String,
    /// Why.
    pub kind: LineDueKind,
    /// Since when, or from when on; none where nobody knows how old it is.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
    /// Whether something is to be done now.
    pub now: bool,
}

/// Why a key is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum LineDueKind {
    /// It leaked and still calls.
    Leaked,
    /// It is older than its provider advises, or will be.
    Age,
    /// Nobody knows how old it is, so it counts as too old.
    AgeNotKnown,
}

impl LineDue {
    /// What is due of a key of this name; none if nobody is reminded of it.
    pub fn new(key: &str, due: keyset::Due) -> Option<Self> {
        let (kind, at) = match due {
            keyset::Due::Leaked { at } => (LineDueKind::Leaked, Some(at.0)),
            keyset::Due::Since(at) | keyset::Due::From(at) => (LineDueKind::Age, Some(at.0)),
            keyset::Due::AgeNotKnown => (LineDueKind::AgeNotKnown, None),
            keyset::Due::Never(_) => return None,
        };
        Some(Self { key: key.to_owned(), kind, at, now: due.is_now() })
    }
}

/// What is known of one key beside its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyLife {
    /// Its name.
    pub name: String,
    /// The line that it belongs to; none for a key that is bound to no place.
    pub line: Option<Line>,
    /// When a server last accepted a call with it, as far as this vault knows.
    #[ts(type = "number | null")]
    pub last_accepted: Option<i64>,
    /// Where copies of it are.
    pub copies: Vec<KeyCopy>,
}

/// A copy of a private half or a secret outside of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyCopy {
    /// Where it is.
    pub to: String,
    /// In which form it went there; none where a person only said that there is one.
    pub form: Option<String>,
    /// When that was, or was said.
    #[ts(type = "number")]
    pub at: i64,
}

impl From<&keyset::Copy> for KeyCopy {
    fn from(copy: &keyset::Copy) -> Self {
        Self { to: copy.to.clone(), form: copy.form.clone(), at: copy.at.0 }
    }
}

impl From<&LineView> for Line {
    fn from(view: &LineView) -> Self {
        let LineView { line, label, tier, targets, stays, due, method, rotation } = view;
        let target = |at: &keyset::Target| Target { profile: at.profile.clone(), environment: at.environment.clone() };
        let active = line.active().map(keyset::Key::name);
        let member = |key: &keyset::Key| LineMember {
            name: key.name().to_owned(),
            state: key.state.into(),
            made: match key.facts.made {
                keyset::Age::Made(at) => Some(at.0),
                keyset::Age::NotKnown => None,
            },
            leaked: key.leaked.map(|at| at.0),
            stays: stays.get(key.id()).into_iter().flatten().map(KeyStay::from).collect(),
        };
        Self {
            id: line.id.0.clone(),
            provider: line.place.provider.clone(),
            environment: line.place.environment.clone(),
            label: label.clone(),
            tier: (*tier).into(),
            credential: line.place.credential.clone(),
            targets: targets.iter().map(target).collect(),
            keys: line.keys.iter().map(member).collect(),
            due: active.zip(*due).and_then(|(key, due)| LineDue::new(key, due)),
            method: method.map(RotationMethod::new),
            rotation: rotation.as_ref().map(|id| id.0.clone()),
        }
    }
}

impl From<&Stay> for KeyStay {
    fn from(stay: &Stay) -> Self {
        Self { state: stay.state.into(), from: stay.from.0, until: stay.until.map(|at| at.0) }
    }
}

impl From<&rotation::KeyLife> for KeyLife {
    fn from(life: &rotation::KeyLife) -> Self {
        Self {
            name: life.name.clone(),
            line: life.line.as_ref().map(Line::from),
            last_accepted: life.last_accepted,
            copies: life.copies.iter().map(KeyCopy::from).collect(),
        }
    }
}
