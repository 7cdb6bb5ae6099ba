//! Rotation of a key: begun, taken step by step, left and found again. The plan is [`keyset::Rotation`]; here its calls are made,
//! its keys sealed, and each of its turns.
//!
//! - [`start`] begins one, [`plan`] says what it would be; [`view`] is how it stands, [`find`] the one of a key;
//! - [`Advance`] takes the step that it is at, as far as no person is needed;
//! - [`tell`] seals what a person says, [`bring`] what they bring from the provider, [`hand_over`] gives a place the next key;
//! - [`lines()`] are the keys as a person looks at them, [`key_life`] what is known of one;
//! - [`incident()`] says what a leaked key touches, before anything is done.
//!
//! Where things are: `caller` who signs and where it goes; `remote` and `list` the calls in HTTP and what a list shows; `answer`
//! what an answer means; `brought` how the next key comes; `record` how it is sealed.

mod advance;
mod answer;
mod brought;
mod caller;
mod due;
mod incident;
mod lines;
mod list;
mod record;
mod remote;
mod told;

use jose::Alg;
use keyset::{At, Keyset, Mode, Next, Paste, Rotation, RotationId, Start, Stated, Step, Turn};
use provider::Tier;

pub use advance::{Advance, Ended};
pub use brought::{Brought, bring};
pub use caller::Calling;
pub use due::due;
pub use incident::{Incident, incident};
pub use lines::{KeyLife, LineView, Stay, key_life, lines, note_copy};
pub use told::{Told, hand_over, secret_to_paste, tell};

use crate::{
    ground::{Error, NameError, RotationError, ports::Ports},
    jobs::keys::{self, PublicFormat},
    policy::rotating,
    store::{
        life,
        records::{Credential, Stored},
        session::Session,
        transaction::Writes,
    },
};

/// What a person wants to begin.
#[derive(Debug, Clone)]
pub struct Starting {
    /// The name of the key to replace.
    pub key: String,
    /// Planned, or an incident.
    pub mode: Mode,
    /// The longest times that they state.
    pub stated: Stated,
    /// How the next key is called at the provider; its own name unless given.
    pub label: Option<String>,
    /// For what algorithm the next key is made; the old one's unless given.
    pub alg: Option<Alg>,
    /// Further places that have the old key.
    pub places: Vec<String>,
    /// The old key's id at the provider, where no thumbprint tells it.
    pub old_id: Option<String>,
    /// Whether a person takes every step by hand that the definition has words for.
    pub by_hand: bool,
}

impl Starting {
    /// The planned rotation of a key, with everything as it usually is.
    pub fn of(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            mode: Mode::Planned,
            stated: Stated::default(),
            label: None,
            alg: None,
            places: Vec::new(),
            old_id: None,
            by_hand: false,
        }
    }
}

/// A rotation as it stands, with what it does not know of itself.
#[derive(Debug, Clone)]
pub struct View {
    /// The plan, and how far it is.
    pub rotation: Rotation,
    /// The keys.
    pub keyset: Keyset,
    /// What is to be done now.
    pub next: Next,
    /// When that holds, in seconds since 1970.
    pub now: i64,
    /// Where, in words: `Sandbox at Gr4vy`.
    pub label: String,
    /// How much care the environment wants.
    pub tier: Tier,
    /// What a person pastes at the present step, where it is public.
    pub paste: Option<String>,
    /// For a live line: the active key of a test environment in which all of it can be rehearsed.
    pub rehearse: Option<(String, String)>,
}

/// Begins a rotation. A line has one at a time.
pub fn start(session: &mut Session, starting: &Starting, ports: &Ports) -> Result<RotationId, Error> {
    let (id, now) = (new_id(ports), ports.clock.now());
    session.transact(ports, |session| {
        let mut life = session.living(now)?;
        let turn = begun(session, life.keyset(), starting, &id, now)?;
        life.turn(&turn)?;
        let mut writes = Writes::default();
        writes.put_rotation(&turn.rotation, session, ports)?;
        life.seal(session, &mut writes, ports)?;
        Ok((writes, ()))
    })?;
    if starting.alg.is_some() && matches!(view(session, &id, ports)?.next, Next::Make { .. }) {
        brought::make_for(session, &id, starting.alg, ports)?;
    }
    Ok(id)
}

/// What a rotation would be: its steps with their earliest times. Nothing is sealed or sent.
pub fn plan(session: &mut Session, starting: &Starting, ports: &Ports) -> Result<View, Error> {
    session.refresh()?;
    let (id, now) = (new_id(ports), ports.clock.now());
    let life = session.living(now)?;
    let turn = begun(session, life.keyset(), starting, &id, now)?;
    viewed(session, turn.rotation, turn.keyset, now)
}

/// A rotation as it stands now.
pub fn view(session: &Session, id: &RotationId, ports: &Ports) -> Result<View, Error> {
    let record::Standing { rotation, keyset, .. } = record::find(session, id)?;
    viewed(session, rotation, keyset, ports.clock.now())
}

/// Every rotation, the latest first. Those that ended are listed as long as they have something to say: all of them if asked for.
pub fn all(session: &Session, ended: bool, ports: &Ports) -> Result<Vec<View>, Error> {
    let now = ports.clock.now();
    let wanted = |rotation: &&Rotation| ended || rotation.current().is_some() || !rotation.orphans().is_empty();
    let mut rotations: Vec<Rotation> = session.rotations()?.filter(wanted).cloned().collect();
    rotations.sort_by_key(|rotation| std::cmp::Reverse((rotation.current().is_some(), rotation.since())));
    rotations.into_iter().map(|rotation| viewed(session, rotation, session.keyset()?.clone(), now)).collect()
}

/// The rotation of this id, or of the key of this name, be it the old or the next one: the one that is under way, else the last.
pub fn find(session: &Session, named: &str) -> Result<RotationId, Error> {
    let keyset = session.keyset()?;
    let is_named = |rotation: &&Rotation| {
        let keys = std::iter::once(rotation.old()).chain(rotation.next_key());
        rotation.id().0 == named || keys.into_iter().any(|key| record::key_name(keyset, key) == named)
    };
    let found = session.rotations()?.filter(is_named);
    if let Some(found) = found.max_by_key(|rotation| (rotation.current().is_some(), rotation.since())) {
        return Ok(found.id().clone());
    }
    // A name that stands for no key is said to be that.
    session.find::<Credential>(named)?;
    Err(RotationError::NoneUnderWay { name: named.to_owned() }.into())
}

/// The only rotation that is under way.
pub fn only(session: &Session) -> Result<RotationId, Error> {
    let mut under_way = session.rotations()?.filter(|rotation| rotation.current().is_some());
    match (under_way.next(), under_way.next()) {
        (Some(only), None) => Ok(only.id().clone()),
        (None, _) => Err(RotationError::NoneAtAll.into()),
        (Some(one), Some(other)) => {
            let keyset = session.keyset()?;
            let names = [one, other].into_iter().chain(under_way).map(|it| record::key_name(keyset, it.old()));
            Err(RotationError::Several { names: names.collect() }.into())
        }
    }
}

/// How many lines the journal of a rotation has: what happens from now on stands behind them.
pub fn journal_length(session: &Session, id: &RotationId) -> Result<usize, Error> {
    Ok(record::find(session, id)?.rotation.journal().len())
}

/// The step that was taken since the journal had so many lines.
pub fn taken_since(session: &Session, id: &RotationId, from: usize) -> Result<Option<Step>, Error> {
    Ok(record::taken(&record::find(session, id)?.rotation, from))
}

/// Whether a step is taken already.
pub fn is_done(session: &Session, id: &RotationId, step: Step) -> Result<bool, Error> {
    let rows = record::find(session, id)?.rotation.rows(At(0));
    Ok(rows.iter().any(|row| row.step == step && row.done.is_some()))
}

fn new_id(ports: &Ports) -> RotationId {
    let mut bytes = [0; 6];
    ports.random.fill(&mut bytes);
    RotationId(data_encoding::HEXLOWER.encode(&bytes))
}

fn begun(session: &Session, keyset: &Keyset, starting: &Starting, id: &RotationId, now: i64) -> Result<Turn, Error> {
    let now = At(now);
    let stored = in_incident(session, &starting.key, starting.mode)?;
    let (_, method) = rotating::method(session, &stored.value, starting.alg)?;
    let old = life::key_id(stored.id);
    let running: Vec<&Rotation> = session.rotations()?.collect();
    let start = Start {
        id: id.clone(),
        copies: keyset::copies(session.key_events()?, &old),
        old,
        mode: starting.mode,
        method: method.clone(),
        stated: starting.stated,
        label: starting.label.clone().unwrap_or_else(|| stored.value.name.clone()),
        old_id: starting.old_id.clone(),
    };
    let mut turn = Rotation::begin(start, keyset, running, now)?;
    for place in &starting.places {
        let then = turn.rotation.add_place(&turn.keyset, place, now)?;
        turn = told::both(turn, then);
    }
    if starting.by_hand {
        let then = turn.rotation.by_hand_throughout(&turn.keyset, now)?;
        turn = told::both(turn, then);
    }
    Ok(turn)
}

/// The key of this name. One that leaked may be in the trash already.
fn in_incident(session: &Session, name: &str, mode: Mode) -> Result<Stored<Credential>, Error> {
    match session.named::<Credential>(name) {
        Err(Error::Name(NameError::NotFound { .. })) if mode.is_incident() => keys::shown(session, name).cloned(),
        found => found,
    }
}

fn viewed(session: &Session, rotation: Rotation, keyset: Keyset, now: i64) -> Result<View, Error> {
    let next = rotation.next(&keyset, At(now));
    let place = keyset.line(rotation.line()).map_err(keyset::RotationError::from)?.place.clone();
    let old = record::credential(session, rotation.old()).ok();
    let sealed = old.and_then(|old| old.value.binding).map(|binding| (binding.label, binding.tier));
    let (label, tier) = sealed.unwrap_or_else(|| (format!("{} at {}", place.environment, place.provider), Tier::Live));
    let paste = match &next {
        Next::ByHand { hand: Some(hand), .. } => paste(session, &rotation, hand.paste)?,
        _ => None,
    };
    let rehearse = if tier == Tier::Live { rehearsal(session, &keyset, &place) } else { None };
    Ok(View { rotation, keyset, next, now, label, tier, paste, rehearse })
}

/// The public text that a person pastes.
fn paste(session: &Session, rotation: &Rotation, paste: Option<Paste>) -> Result<Option<String>, Error> {
    let Some(next) = rotation.next_key() else { return Ok(None) };
    let form = match paste {
        Some(Paste::PublicPem) => PublicFormat::Spki,
        Some(Paste::PublicJwk) => PublicFormat::Jwk,
        // A secret is not shown, and a certificate is made where it is written.
        Some(Paste::Secret | Paste::Certificate) | None => return Ok(None),
    };
    let name = record::credential(session, next)?.value.name;
    Ok(String::from_utf8(keys::export_public(session, &name, form)?).ok())
}

/// The active key of a test environment of the same provider and credential, and where that is.
fn rehearsal(session: &Session, keyset: &Keyset, place: &keyset::Place) -> Option<(String, String)> {
    let mut others = keyset
        .lines()
        .filter(|line| line.place.provider == place.provider && line.place.credential == place.credential);
    others.find_map(|line| {
        let active = line.active()?;
        let binding = session.find::<Credential>(active.name()).ok()?.value.binding.as_ref()?;
        (binding.tier == Tier::Test).then(|| (active.name().to_owned(), binding.label.clone()))
    })
}
