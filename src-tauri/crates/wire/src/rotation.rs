//! Rotations on the wire: the list of steps with what was done and what comes next.

use keyset::{At, Earliest, Evidence, Next, Rotation as Plan};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::rotation::View;

use crate::{Brings, Handed, MadeBy, OrphanWhy, Overlap, Paste, RotationMode, RotationStep, StepTaken, Target, Tier};

/// How a credential is rotated at its provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationMethod {
    /// Who makes the next key.
    pub made: MadeBy,
    /// Whether the old key works beside the next one.
    pub overlap: Overlap,
    /// Whether a step of it is a call that Keywright makes; otherwise all of it goes by hand.
    pub calls: bool,
    /// Whether the provider tells when a key was used last.
    pub tells_last_use: bool,
    /// What a person should know.
    pub note: Option<String>,
}

/// The longest times that a person states, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RotationTimes {
    /// The longest that a token lives.
    #[ts(type = "number")]
    pub token_lifetime: u64,
    /// How far clocks of servers may differ.
    #[ts(type = "number")]
    pub skew: u64,
    /// The slowest deploy of a program that has the key.
    #[ts(type = "number")]
    pub slowest_deploy: u64,
    /// How long nobody must have used the old key before it counts as silent.
    #[ts(type = "number")]
    pub quiet: u64,
    /// How long a retired key stays at the provider, so that its retirement can be undone.
    #[ts(type = "number")]
    pub undo: u64,
}

impl From<keyset::Stated> for RotationTimes {
    fn from(stated: keyset::Stated) -> Self {
        let keyset::Stated { token_lifetime, skew, slowest_deploy, quiet, undo } = stated;
        Self {
            token_lifetime: token_lifetime.0,
            skew: skew.0,
            slowest_deploy: slowest_deploy.0,
            quiet: quiet.0,
            undo: undo.0,
        }
    }
}

impl From<RotationTimes> for keyset::Stated {
    fn from(times: RotationTimes) -> Self {
        let RotationTimes { token_lifetime, skew, slowest_deploy, quiet, undo } = times;
        Self {
            token_lifetime: keyset::Span(token_lifetime),
            skew: keyset::Span(skew),
            slowest_deploy: keyset::Span(slowest_deploy),
            quiet: keyset::Span(quiet),
            undo: keyset::Span(undo),
        }
    }
}

/// What would be done: the steps and their times, before anything is changed anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationPlan {
    /// The key that would be replaced.
    pub old: String,
    /// Planned, or an incident.
    pub mode: RotationMode,
    /// How its provider allows it.
    pub method: RotationMethod,
    /// The times that the plan is made with.
    pub times: RotationTimes,
    /// The steps.
    pub rows: Vec<RotationRow>,
    /// The targets that the next key would take over.
    pub targets: Vec<Target>,
    /// The places that have the old key, as far as they are known.
    pub places: Vec<HandOver>,
    /// The old key as the provider shows it; none before that was asked for, or where no call lists keys.
    pub there: Option<PairThere>,
    /// Why the steps that are calls have to go by hand; none if nothing speaks against a call.
    pub by_hand: Option<String>,
    /// For a live line: where the whole rotation can be rehearsed with another key.
    pub rehearse: Option<Rehearsal>,
}

/// A line of a test environment in which a rotation can be tried first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rehearsal {
    /// Its active key.
    pub key: String,
    /// Where, in words.
    pub label: String,
    /// When a rotation was last carried through there.
    #[ts(type = "number | null")]
    pub done: Option<i64>,
}

/// A key as the provider shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PairThere {
    /// Its id there.
    pub id: String,
    /// Its label there.
    pub label: Option<String>,
    /// Whether it works.
    pub active: bool,
    /// When it was used last; none if never, or if the provider does not tell.
    #[ts(type = "number | null")]
    pub last_used: Option<i64>,
    /// What it may do, which the next key gets as well.
    pub grants: Vec<GrantThere>,
}

/// Roles, merchant accounts, or whatever a provider gives to a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GrantThere {
    /// What people call it: `roles`.
    pub label: String,
    /// The ids that are granted.
    pub ids: Vec<String>,
    /// Of an empty list, what it means there: `all`, `nothing`.
    pub empty: Option<String>,
}

/// A rotation as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rotation {
    /// Its id.
    pub id: String,
    /// Its line.
    pub line: String,
    /// Where, in words: `Sandbox at Gr4vy`.
    pub label: String,
    /// `local`, `test` or `live`.
    pub tier: Tier,
    /// Planned, or an incident.
    pub mode: RotationMode,
    /// How its provider allows it.
    pub method: RotationMethod,
    /// When it began.
    #[ts(type = "number")]
    pub since: i64,
    /// The key that is replaced.
    pub old: String,
    /// The one that takes its place, once there is one.
    pub next: Option<String>,
    /// The steps.
    pub rows: Vec<RotationRow>,
    /// The step that it is at; none if it has ended.
    pub current: Option<RotationStep>,
    /// What to do now.
    pub now: RotationNext,
    /// The places that have, or had, the old key.
    pub places: Vec<HandOver>,
    /// Keys at the provider that nobody can use.
    pub orphans: Vec<Orphan>,
    /// The old key as the provider showed it first.
    pub there: Option<PairThere>,
    /// What happened, the first first.
    pub journal: Vec<JournalEntry>,
    /// Whether the promotion can be taken back, or the retirement undone.
    pub may_go_back: bool,
    /// Whether it can be given up.
    pub may_abort: bool,
    /// Whether the present step can be taken by hand in place of its call.
    pub may_go_by_hand: bool,
}

/// A step in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationRow {
    /// The step.
    pub step: RotationStep,
    /// Its number, which the parts of a step share. A way back has none.
    pub number: Option<u8>,
    /// Where it is taken.
    pub taken: StepTaken,
    /// How it was done, if it is.
    pub done: Option<StepDone>,
    /// When it is safe.
    pub earliest: EarliestTime,
}

/// A step that is done, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepDone {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// How that is known.
    pub evidence: StepEvidence,
    /// How many seconds before the earliest safe time a person wanted it.
    #[ts(type = "number | null")]
    pub early_by: Option<u64>,
}

/// How a step is known to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "by")]
pub enum StepEvidence {
    /// It was done here.
    Here,
    /// The provider shows it.
    Seen {
        /// The key's id there.
        pair: String,
        /// Its thumbprint there: ours.
        thumbprint: Option<String>,
    },
    /// The provider does not show the key any more.
    Gone,
    /// The provider refuses the key itself, which had asked for its own end.
    Refused {
        /// The status.
        status: u16,
    },
    /// A server accepted a request.
    Accepted {
        /// The status.
        status: u16,
    },
    /// The provider tells that the old key is not used.
    Silent {
        /// When it was last used; none if never.
        last: Option<i64>,
    },
    /// A person said so, and nothing contradicts it.
    Said,
}

/// When a step is safe, and why not before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EarliestTime {
    /// The earliest safe time; exact once what it waits for is done, the soonest possible otherwise.
    #[ts(type = "number")]
    pub at: i64,
    /// How many seconds it waits in all.
    #[ts(type = "number")]
    pub wait: u64,
    /// The parts of the wait, one after the other.
    pub parts: Vec<WaitPart>,
    /// What can break for who goes earlier.
    pub breaks: Vec<&'static str>,
}

/// A part of a wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaitPart {
    /// What is waited for: `the slowest deploy`.
    pub words: &'static str,
    /// How many seconds.
    #[ts(type = "number")]
    pub seconds: u64,
}

/// What to do now in a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "do")]
pub enum RotationNext {
    /// Nothing speaks against this step: `rotation_go_on` takes it.
    GoOn {
        /// The step.
        step: RotationStep,
    },
    /// A person does this at the provider and says so.
    ByHand(HandStep),
    /// The places get the next key; where none is open, `rotation_go_on` goes on.
    HandOver,
    /// The old key is watched until it is silent.
    Watch {
        /// What is known of its uses; none before anybody asked.
        silence: Option<Silence>,
    },
    /// It waits for the earliest safe time.
    Wait {
        /// The step.
        step: RotationStep,
        /// Until when, and why.
        earliest: EarliestTime,
    },
    /// It waits a moment: the provider asked for that, or may not show yet what was done.
    Pause {
        /// The step.
        step: RotationStep,
        /// Until then.
        until: i64,
    },
    /// It stopped until a person says how it goes on.
    Stopped {
        /// Why, without a capital letter or a full stop.
        words: String,
        /// What to do about it, in the same form.
        hint: &'static str,
    },
    /// It is done.
    Done,
    /// It was given up.
    Aborted,
}

/// A step that a person takes at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandStep {
    /// The step.
    pub step: RotationStep,
    /// What to do; none where the person does it in a way of their own, as a proof.
    pub words: Option<String>,
    /// The page where that is done.
    pub open: Option<String>,
    /// What to paste there; `rotation_paste` puts it on the clipboard.
    pub paste: Option<Paste>,
    /// That text, where it is public.
    pub text: Option<String>,
    /// What comes back from there, by `rotation_bring` or `rotation_bring_file`.
    pub brings: Option<Brings>,
}

/// Whether the old key is still used, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "verdict")]
pub enum Silence {
    /// The provider tells of a use that is not long enough ago.
    Used {
        /// The last use.
        last: i64,
        /// When it is long enough ago, if there is no other.
        silent_from: i64,
    },
    /// The provider tells that there was none for long enough.
    Silent {
        /// The last use; none if never.
        last: Option<i64>,
    },
    /// The provider does not tell.
    NotKnown {
        /// When our own last accepted call was.
        ours: Option<i64>,
        /// The places that still have the old key, or of which nobody knows.
        open: Vec<String>,
    },
}

/// A place that has the old key, and shall have the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandOver {
    /// The place.
    pub to: String,
    /// The form in which the old key went there; with one, the next key can go there in one press.
    pub form: Option<String>,
    /// How far that is.
    pub handed: Handed,
}

/// A key at the provider that nobody can use, or that is there twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Orphan {
    /// Its id there.
    pub pair: String,
    /// Its label there.
    pub label: Option<String>,
    /// How it came to be one.
    pub why: OrphanWhy,
    /// Whether the provider refused to delete it.
    pub refused: bool,
}

/// Something that happened in a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// When, as the clock then showed it.
    #[ts(type = "number")]
    pub at: i64,
    /// What, without a capital letter or a full stop.
    pub words: String,
}

/// What a rotation does not know of itself.
#[derive(Debug, Clone)]
pub struct RotationAbout {
    /// Where, in words.
    pub label: String,
    /// `local`, `test` or `live`.
    pub tier: Tier,
    /// How its provider allows it.
    pub method: RotationMethod,
    /// The old key as the provider showed it first, with the labels of the definition.
    pub there: Option<PairThere>,
    /// What is pasted at the present step, where it is public.
    pub text: Option<String>,
}

impl RotationMethod {
    /// A `[[rotation]]` of a definition.
    pub fn new(method: &keyset::Method) -> Self {
        let ways = std::iter::once(&method.publish)
            .chain(&method.activate)
            .chain(&method.deactivate)
            .chain(&method.delete)
            .any(|way| way.call.is_some());
        Self {
            made: method.made.into(),
            overlap: method.overlap.into(),
            calls: ways,
            tells_last_use: method.list.as_ref().is_some_and(|list| list.last_used.is_some()),
            note: method.note.clone(),
        }
    }
}

impl PairThere {
    /// A key as it was shown, with what the definition calls its grants.
    pub fn new(pair: &keyset::Pair, method: &keyset::Method) -> Self {
        let grant = |grant: &keyset::Grant| {
            let ids = pair.grants.get(&grant.name)?;
            let empty = match grant.empty {
                keyset::Empty::All => "all",
                keyset::Empty::Nothing | keyset::Empty::Refused => "nothing",
            };
            let empty = ids.is_empty().then(|| empty.to_owned());
            Some(GrantThere { label: grant.label.clone(), ids: ids.clone(), empty })
        };
        Self {
            id: pair.id.clone(),
            label: pair.label.clone(),
            active: pair.active,
            last_used: match pair.last_used {
                keyset::LastUse::At(at) => Some(at.0),
                keyset::LastUse::Never | keyset::LastUse::NotTold => None,
            },
            grants: method.grants.iter().filter_map(grant).collect(),
        }
    }
}

impl Rotation {
    /// A rotation at `now`, in seconds since 1970.
    pub fn new(plan: &Plan, keyset: &keyset::Keyset, about: RotationAbout, now: i64) -> Self {
        let now = At(now);
        let RotationAbout { label, tier, method, there, text } = about;
        let name =
            |key: &keyset::KeyId| keyset.key(key).map_or_else(|_| key.0.clone(), |(_, key)| key.name().to_owned());
        Self {
            id: plan.id().0.clone(),
            line: plan.line().0.clone(),
            label,
            tier,
            mode: plan.mode().into(),
            method,
            since: plan.since().0,
            old: name(plan.old()),
            next: plan.next_key().map(name),
            rows: plan.rows(now).iter().map(|row| RotationRow::new(row, now)).collect(),
            current: plan.current().map(RotationStep::from),
            now: RotationNext::new(plan, keyset, text, now),
            places: plan.places().iter().map(HandOver::from).collect(),
            orphans: plan.orphans().iter().map(Orphan::from).collect(),
            there,
            journal: plan.journal().iter().map(JournalEntry::from).collect(),
            // Who may is decided there, by trying.
            may_go_back: plan.back(keyset, now).is_ok(),
            may_abort: plan.abort(keyset, now).is_ok(),
            may_go_by_hand: plan.by_hand(keyset, now).is_ok(),
        }
    }
}

impl From<&View> for Rotation {
    fn from(view: &View) -> Self {
        let method = view.rotation.method();
        let about = RotationAbout {
            label: view.label.clone(),
            tier: view.tier.into(),
            method: RotationMethod::new(method),
            there: view.rotation.old_pair().map(|pair| PairThere::new(pair, method)),
            text: view.paste.clone(),
        };
        Self::new(&view.rotation, &view.keyset, about, view.now)
    }
}

/// Of a rotation that was not begun: nothing was asked of the provider.
impl From<&View> for RotationPlan {
    fn from(view: &View) -> Self {
        let (plan, keyset, now) = (&view.rotation, &view.keyset, At(view.now));
        let method = plan.method();
        let target = |at: keyset::Target| Target { profile: at.profile, environment: at.environment };
        Self {
            old: keyset.key(plan.old()).map_or_else(|_| plan.old().0.clone(), |(_, key)| key.name().to_owned()),
            mode: plan.mode().into(),
            method: RotationMethod::new(method),
            times: (*plan.stated()).into(),
            rows: plan.rows(now).iter().map(|row| RotationRow::new(row, now)).collect(),
            targets: keyset.targets(plan.line()).into_iter().map(target).collect(),
            places: plan.places().iter().map(HandOver::from).collect(),
            there: plan.old_pair().map(|pair| PairThere::new(pair, method)),
            by_hand: None,
            rehearse: view.rehearse.as_ref().map(|(key, label)| Rehearsal {
                key: key.clone(),
                label: label.clone(),
                done: None,
            }),
        }
    }
}

impl RotationNext {
    fn new(plan: &Plan, keyset: &keyset::Keyset, text: Option<String>, now: At) -> Self {
        let step = plan.current().map_or(RotationStep::Make, RotationStep::from);
        match plan.next(keyset, now) {
            Next::Make { .. } | Next::Look | Next::Call(_) | Next::Prove { .. } => Self::GoOn { step },
            Next::Ready(step) => Self::GoOn { step: step.into() },
            Next::ByHand { step, hand } => {
                let (words, open, paste, brings) = match hand {
                    Some(hand) => (Some(hand.words), hand.open, hand.paste, hand.brings),
                    None => (None, None, None, None),
                };
                let text = text.filter(|_| paste.is_some_and(|paste| paste != keyset::Paste::Secret));
                let (paste, brings) = (paste.map(Paste::from), brings.map(Brings::from));
                Self::ByHand(HandStep { step: step.into(), words, open, paste, text, brings })
            }
            Next::HandOver { .. } => Self::HandOver,
            Next::Watch { silence, .. } => Self::Watch { silence: silence.map(Silence::from) },
            Next::Wait(earliest) => {
                Self::Wait { step: earliest.step.into(), earliest: EarliestTime::new(&earliest, earliest.at(now)) }
            }
            Next::Pause { step, until } => Self::Pause { step: step.into(), until: until.0 },
            Next::Stopped(stop) => Self::Stopped { words: stop.to_string(), hint: stop.hint() },
            Next::Done => Self::Done,
            Next::Aborted => Self::Aborted,
        }
    }
}

impl RotationRow {
    /// A row of a plan, at `now`.
    pub fn new(row: &keyset::Row, now: At) -> Self {
        // What a plan reckons with lies ahead, and no clock was set back for it.
        let at = row.earliest.at(row.earliest.from.max(now));
        let done = row.done.as_ref().map(|done| StepDone {
            at: done.at.0,
            evidence: StepEvidence::from(&done.evidence),
            early_by: done.early_by.map(|span| span.0),
        });
        Self {
            step: row.step.into(),
            number: row.step.number(),
            taken: row.taken.into(),
            done,
            earliest: EarliestTime::new(&row.earliest, at),
        }
    }
}

impl EarliestTime {
    fn new(earliest: &Earliest, at: At) -> Self {
        let parts = earliest.terms.iter().map(|(term, span)| WaitPart { words: term.words(), seconds: span.0 });
        Self { at: at.0, wait: earliest.wait().0, parts: parts.collect(), breaks: earliest.breaks() }
    }
}

impl From<&Evidence> for StepEvidence {
    fn from(evidence: &Evidence) -> Self {
        match evidence {
            Evidence::Here => Self::Here,
            Evidence::Seen { pair, thumbprint } => Self::Seen { pair: pair.clone(), thumbprint: thumbprint.clone() },
            Evidence::Gone => Self::Gone,
            Evidence::Refused { status } => Self::Refused { status: *status },
            Evidence::Accepted { status } => Self::Accepted { status: *status },
            Evidence::Silent { last } => Self::Silent { last: last.map(|at| at.0) },
            Evidence::Said => Self::Said,
        }
    }
}

impl From<keyset::Silence> for Silence {
    fn from(silence: keyset::Silence) -> Self {
        match silence {
            keyset::Silence::Used { last, silent_from } => Self::Used { last: last.0, silent_from: silent_from.0 },
            keyset::Silence::Silent { last } => Self::Silent { last: last.map(|at| at.0) },
            keyset::Silence::NotKnown { ours, open } => Self::NotKnown { ours: ours.map(|at| at.0), open },
        }
    }
}

impl From<&keyset::HandOver> for HandOver {
    fn from(place: &keyset::HandOver) -> Self {
        Self { to: place.to.clone(), form: place.form.clone(), handed: place.handed.into() }
    }
}

impl From<&keyset::Orphan> for Orphan {
    fn from(orphan: &keyset::Orphan) -> Self {
        let (pair, label) = (orphan.pair.clone(), orphan.label.clone());
        Self { pair, label, why: orphan.why.into(), refused: orphan.refused }
    }
}

impl From<&keyset::Entry> for JournalEntry {
    fn from(entry: &keyset::Entry) -> Self {
        Self { at: entry.at.0, words: entry.note.to_string() }
    }
}
