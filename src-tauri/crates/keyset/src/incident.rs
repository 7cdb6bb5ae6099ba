//! Incidents: a key leaked. What that touches, and the two ways out with what each breaks.

use std::collections::BTreeSet;

use crate::{
    event::{Copy, Event, copies},
    key::{KeyId, State, Target},
    keyset::Keyset,
    method::{Method, Overlap},
    refusal::Refusal,
    step::{Mode, Step, steps},
    time::Span,
    window::Stated,
};

/// A leaked key, before anything is done about it. What the store knows besides (recipes, last calls) it adds by the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// The key.
    pub key: KeyId,
    /// Its state.
    pub state: State,
    /// The targets that call with it.
    pub targets: BTreeSet<Target>,
    /// Where copies of it are.
    pub copies: Vec<Copy>,
    /// A key of the line that is published and proved already: the shortest way out is to promote it.
    pub ready: Option<KeyId>,
    /// The ways out.
    pub ways: Vec<WayOut>,
}

/// A way out of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayOut {
    /// What comes first.
    pub mode: Mode,
    /// Its steps.
    pub steps: Vec<Step>,
    /// What it breaks, the worst first.
    pub breaks: Vec<Breakage>,
}

/// What a way out breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breakage {
    /// Calls of these targets fail until the next key is promoted.
    Calls(BTreeSet<Target>),
    /// Programs at these places fail until they have the next key.
    Places(Vec<String>),
    /// The disabled key was the one that could have registered the next: that goes by hand, or by another credential.
    LocksUsOut,
    /// Whoever has the leaked key calls with it until it is disabled.
    StaysOpen,
    /// Verifiers that keep the key set take its tokens for so long after it left the set.
    Cached(Span),
    /// Tokens that it signed are taken until they expire, by whoever asks nobody.
    Tokens(Span),
    /// The change itself ends the old one: between it and the hand-over, every call fails.
    Gap,
}

impl Breakage {
    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::Calls(targets) => {
                let names: Vec<String> = targets.iter().map(ToString::to_string).collect();
                format!("calls fail until the next key is promoted: {}", names.join(", "))
            }
            Self::Places(places) => {
                format!("programs with a copy fail until they have the next key: {}", places.join(", "))
            }
            Self::LocksUsOut => {
                "the key that is disabled is the one that registers the next: do that by hand, or with another key"
                    .to_owned()
            }
            Self::StaysOpen => "whoever has the leaked key can call with it until the next one works".to_owned(),
            Self::Cached(span) => {
                format!("verifiers that keep the key set take tokens of the leaked key for another {span}")
            }
            Self::Tokens(span) => {
                format!("tokens that the leaked key signed may be taken until they expire, for up to {span}")
            }
            Self::Gap => "every call fails between the change at the provider and the hand-over".to_owned(),
        }
    }
}

/// What a leak of this key touches, and the ways out.
pub fn incident(
    keyset: &Keyset,
    events: &[Event],
    key: &KeyId,
    method: &Method,
    stated: &Stated,
) -> Result<Incident, Refusal> {
    let (line, leaked) = keyset.key(key)?;
    let is_active = leaked.state == State::Active;
    let targets = if is_active { keyset.targets(&line.id) } else { BTreeSet::new() };
    let copies = copies(events, key);
    let places: Vec<String> = copies.iter().map(|copy| copy.to.clone()).collect();
    let ready = line.in_state(State::Published).filter(|next| next.proved.is_some());
    let way = |mode: Mode| {
        let mut breaks = Vec::new();
        match method.overlap {
            Overlap::None => breaks.push(Breakage::Gap),
            Overlap::Both if mode == Mode::ReplaceFirst => breaks.push(Breakage::StaysOpen),
            Overlap::Both => {
                breaks.extend((!targets.is_empty()).then(|| Breakage::Calls(targets.clone())));
                let by_call = method.publish.call.is_some() && is_active;
                breaks.extend(by_call.then_some(Breakage::LocksUsOut));
            }
        }
        // Replaced first, they still fail as soon as the old one is disabled, unless they were served before.
        breaks.extend((!places.is_empty()).then(|| Breakage::Places(places.clone())));
        breaks.extend(method.key_set_cache.filter(|span| span.0 > 0).map(Breakage::Cached));
        breaks.extend((stated.token_lifetime.0 > 0).then_some(Breakage::Tokens(stated.token_lifetime)));
        WayOut { mode, steps: steps(method, mode), breaks }
    };
    Ok(Incident {
        key: key.clone(),
        state: leaked.state,
        targets: targets.clone(),
        ready: ready.map(|next| next.id().clone()),
        ways: vec![way(Mode::DisableFirst), way(Mode::ReplaceFirst)],
        copies,
    })
}
