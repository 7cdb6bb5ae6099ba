//! Turns of a rotation: a key was made, a list shown, a call answered, a step done by hand, or a person wants something.

use super::{
    Course, Evidence, HandOver, Handed, MOST_TRIES, Next, Note, Rotation, RotationError, Silence, Stop, Taken, Turn,
    Uses, Work, look,
};
use crate::{
    key::{LineId, NewKey, State},
    keyset::{Act, Keyset},
    remote::{Answer, Intent, LastUse, Remote, Shown},
    step::{Step, steps},
    time::{At, Span},
};

/// How long to wait where a provider is busy and does not say how long.
const BUSY: Span = Span::MINUTE;

impl Rotation {
    /// A key was made here, or came from the provider by hand. It joins the line as a draft; `line` is the id of the line
    /// that it has until then. A draft that is in the line already is taken as it is.
    pub fn made(&self, keyset: &Keyset, key: NewKey, line: LineId, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let waits = matches!(
                work.rotation.next(&work.keyset, now),
                Next::Make { .. } | Next::ByHand { step: Step::Make, .. }
            );
            work.expect(waits, "a key")?;
            work.join(key, line)?;
            let came = work.rotation.taken(Step::Make) == Taken::Hand;
            work.complete(Step::Make, if came { Evidence::Said } else { Evidence::Here })?;
            if came {
                work.rotation.touched = Some(now);
                work.came_with()?;
            }
            Ok(())
        })
    }

    /// The provider made a key and gave it to us. This is sealed, and read back, before anything else happens: until then
    /// its intent stands, and a key that did not arrive is found there and ended.
    pub fn arrived(
        &self,
        keyset: &Keyset,
        pair: String,
        key: NewKey,
        line: LineId,
        now: At,
    ) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let asked = |sent: &Intent| matches!(sent.remote, Remote::Create { .. });
            let waits = work.rotation.current() == Some(Step::Make) && work.rotation.sent.as_ref().is_some_and(asked);
            work.expect(waits, "a key that the provider made")?;
            let thumbprint = key.thumbprint.clone();
            work.join(key, line)?;
            (work.rotation.pair, work.rotation.touched) = (Some(pair.clone()), Some(now));
            work.complete(Step::Make, Evidence::Seen { pair, thumbprint })?;
            work.came_with()
        })
    }

    /// What the provider shows, or how the question went.
    pub fn shown(&self, keyset: &Keyset, shown: Result<&Shown, Answer>, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let looks = match work.rotation.next(&work.keyset, now) {
                Next::Look => true,
                Next::Watch { told, .. } => told,
                _ => false,
            };
            work.expect(looks, "a list")?;
            match shown {
                Ok(shown) => look::look(work, shown),
                Err(answer) => {
                    let step = work.rotation.current();
                    work.note(Note::Answered { words: words(answer) });
                    match (answer, step) {
                        // The key that looks is the one whose end was asked for, and it has no say there any more.
                        (Answer::Refused { status: status @ 401 }, Some(step)) if work.ended_itself(step) => {
                            return work.complete(step, Evidence::Refused { status });
                        }
                        // Nobody may look, and a person did it: that is all there is to know.
                        (Answer::Refused { .. }, Some(step)) if work.rotation.said.is_some() => {
                            return work.take(step, Evidence::Said);
                        }
                        (Answer::Refused { status }, Some(step)) => work.stop(Stop::Refused { step, status }),
                        (Answer::Busy { retry_after }, _) => work.pause(now, retry_after.unwrap_or(BUSY)),
                        _ => {}
                    }
                    Ok(())
                }
            }
        })
    }

    /// Nobody can look, because an incident left no key that signs: of a step by hand a person's word is all there is to know.
    pub fn unseen(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let step = work.rotation.current().filter(|_| work.rotation.said.is_some());
            match step {
                Some(step) => work.take(step, Evidence::Said),
                None => work.expect(false, "a list that nobody can read"),
            }
        })
    }

    /// The call that [`Next::Call`] describes is about to be made: its intent is in the turn, to be sealed first.
    pub fn intend(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let Next::Call(intent) = work.rotation.next(&work.keyset, now) else {
                return work.expect(false, "an intent");
            };
            let rotation = &mut work.rotation;
            rotation.pending = None;
            rotation.touched = Some(now);
            if matches!(intent.remote, Remote::Create { .. }) {
                rotation.labels = rotation.labels.saturating_add(1);
            }
            rotation.sent = Some(intent.clone());
            work.note(Note::Asked { step: intent.step, remote: intent.remote });
            Ok(())
        })
    }

    /// How the call went. Whatever was said, the next look decides.
    pub fn answered(&self, keyset: &Keyset, answer: Answer, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let Some(sent) = work.rotation.sent.clone() else { return work.expect(false, "an answer") };
            work.note(Note::Answered { words: words(answer) });
            match answer {
                // What a call is to change may be gone: the look tells.
                Answer::Accepted | Answer::Duplicate | Answer::NotKnown => {}
                Answer::Refused { status: 404 } if !matches!(sent.remote, Remote::Create { .. }) => {}
                Answer::Busy { retry_after } => {
                    // It was not tried.
                    if let Some(sent) = &mut work.rotation.sent {
                        sent.tries = sent.tries.saturating_sub(1);
                    }
                    work.pause(now, retry_after.unwrap_or(BUSY));
                }
                Answer::Refused { status } => {
                    work.rotation.sent = None;
                    let orphans = work.rotation.orphans.iter_mut();
                    let is_it = |pair: &str| match &sent.remote {
                        Remote::Delete { pair: gone } | Remote::Deactivate { pair: gone } => gone == pair,
                        _ => false,
                    };
                    match orphans.into_iter().find(|orphan| is_it(&orphan.pair)) {
                        // It stays listed, and holds nothing up.
                        Some(orphan) => orphan.refused = true,
                        None => work.stop(Stop::Refused { step: sent.step, status }),
                    }
                }
            }
            Ok(())
        })
    }

    /// A person did the step by hand. Where the provider has a list, that is looked for there.
    pub fn did_it(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let Next::ByHand { step, .. } = work.rotation.next(&work.keyset, now) else {
                return work.expect(false, "a step by hand");
            };
            // A key that a person brings is told by itself.
            work.expect(step != Step::Make, "a step by hand")?;
            work.rotation.touched = Some(now);
            if step == Step::Prove || work.rotation.method.list.is_none() {
                return work.take(step, Evidence::Said);
            }
            work.rotation.said = Some(now);
            Ok(())
        })
    }

    /// How the request that proves the next key was answered; none where no answer came.
    pub fn proved(&self, keyset: &Keyset, status: Option<u16>, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            work.expect(matches!(work.rotation.next(&work.keyset, now), Next::Prove { .. }), "a proof")?;
            let rotation = &work.rotation;
            let settles = rotation.method.seen_after;
            let began = [Step::Activate, Step::Publish, Step::Make].into_iter().find_map(|it| rotation.done_at(it));
            let may_show_later = began.is_some_and(|at| now < at.min(now).after(settles));
            match status {
                Some(status @ 200..=299) => {
                    work.rotation.refusals = 0;
                    work.complete(Step::Prove, Evidence::Accepted { status })?;
                }
                None | Some(500..=599) => work.note(Note::Answered { words: "no answer that tells".to_owned() }),
                Some(429) => work.pause(now, BUSY),
                Some(401) if may_show_later => work.pause(began.unwrap_or(now), settles),
                // It may have been deleted or disabled there: a look tells, and mends it.
                Some(status @ 401) => {
                    work.rotation.refusals = work.rotation.refusals.saturating_add(1);
                    let looks = [Step::Activate, Step::Publish]
                        .into_iter()
                        .find(|step| work.rotation.is_done(*step) && work.rotation.taken(*step) == Taken::Call);
                    match looks {
                        Some(step) if work.rotation.refusals < MOST_TRIES => work.reopen(step),
                        _ => {
                            work.rotation.refusals = 0;
                            work.stop(Stop::NotProved { status });
                        }
                    }
                }
                Some(status) => work.stop(Stop::NotProved { status }),
            }
            Ok(())
        })
    }

    /// Adds a place that has the old key.
    pub fn add_place(&self, keyset: &Keyset, to: &str, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            if work.rotation.places.iter().all(|place| place.to != to) {
                work.rotation.places.push(HandOver { to: to.to_owned(), form: None, handed: Handed::Open });
                work.act(Act::NoteCopy { key: work.rotation.old.clone(), to: to.to_owned() })?;
            }
            Ok(())
        })
    }

    /// A place has the next key now, or nobody knows. An export is told apart, by its own act in the same transaction.
    pub fn handed(&self, keyset: &Keyset, to: &str, handed: Handed, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let place = work.rotation.places.iter_mut().find(|place| place.to == to);
            place.ok_or_else(|| RotationError::NoPlace { to: to.to_owned() })?.handed = handed;
            Ok(())
        })
    }

    /// What is known of the uses of the old key, where the provider does not tell. It ends the watch only if a person then
    /// says so by [`Rotation::advance`].
    pub fn watched(&self, keyset: &Keyset, ours: Option<At>, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            work.expect(work.rotation.current() == Some(Step::Watch), "a use of the old key")?;
            let silence = work.rotation.silence(Uses { there: LastUse::NotTold, ours }, now);
            work.rotation.silence = Some(silence);
            Ok(())
        })
    }

    /// Takes the step that is ready here: hands over, promotes, ends a watch, retires, schedules the end.
    pub fn advance(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| match work.rotation.next(&work.keyset, now) {
            Next::Ready(step) => work.take(step, Evidence::Here),
            Next::HandOver { open } if open.is_empty() => work.complete(Step::HandOver, Evidence::Said),
            Next::HandOver { open } => {
                Err(RotationError::OpenPlaces { open: open.into_iter().map(|place| place.to).collect() })
            }
            Next::Watch { .. } => {
                let evidence = match &work.rotation.silence {
                    Some(Silence::Silent { last }) => Evidence::Silent { last: *last },
                    _ => Evidence::Said,
                };
                work.complete(Step::Watch, evidence)
            }
            Next::Wait(earliest) => Err(RotationError::TooEarly { earliest, now }),
            _ => work.expect(false, "a step of this program"),
        })
    }

    /// Goes before the earliest safe time, as a person wants who read what can break.
    pub fn hurry(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let Next::Wait(earliest) = work.rotation.next(&work.keyset, now) else {
                return work.expect(false, "a wish to go earlier");
            };
            work.note(Note::Hurried { step: earliest.step, early_by: earliest.left(now) });
            work.rotation.hurried.insert(earliest.step);
            Ok(())
        })
    }

    /// Goes on where it stopped. Where the active key is gone at the provider, it is published and activated there again.
    pub fn again(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            work.expect(work.rotation.stopped.is_some(), "a wish to go on")?;
            work.note(Note::GoesOn);
            let begins = [Step::Activate, Step::Publish].into_iter().find(|step| work.rotation.is_done(*step));
            if let (Some(Stop::ActiveGone { .. }), Some(step)) = (work.rotation.stopped.take(), begins) {
                work.reopen(step);
            }
            Ok(())
        })
    }

    /// Takes the present step by hand from now on.
    pub fn by_hand(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let step = work.rotation.current();
            let Some(step) = step.filter(|step| work.rotation.taken(*step) == Taken::Call) else {
                return work.expect(false, "a wish to go by hand");
            };
            if work.rotation.hand(step).is_none() {
                return Err(RotationError::NoHand { step });
            }
            let rotation = &mut work.rotation;
            rotation.by_hand.insert(step);
            (rotation.stopped, rotation.pending) = (None, None);
            work.note(Note::ByHand { step });
            Ok(())
        })
    }

    /// Takes every step by hand from now on that the definition has words for. Where nothing can be done by hand, calls are
    /// made as before.
    pub fn by_hand_throughout(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let left =
                steps(&work.rotation.method, work.rotation.mode).into_iter().chain([Step::Revive, Step::Withdraw]);
            let by_hand =
                |step: &Step| work.rotation.taken(*step) == Taken::Call && work.rotation.hand(*step).is_some();
            let by_hand: Vec<Step> = left.filter(|step| !work.rotation.is_done(*step)).filter(by_hand).collect();
            for step in by_hand {
                work.rotation.by_hand.insert(step);
                work.note(Note::ByHand { step });
            }
            (work.rotation.stopped, work.rotation.pending) = (None, None);
            Ok(())
        })
    }

    /// Takes the promotion back while the old key is active at the provider; undoes a retirement until the old key is
    /// deleted there, after which this can be said once more.
    pub fn back(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let rotation = &work.rotation;
            if !rotation.is_done(Step::Promote) {
                return Err(RotationError::NotPromoted);
            }
            if rotation.changes_in_place() {
                return Err(RotationError::NoWayBack { past: Step::Publish });
            }
            if rotation.can_take_back() {
                work.act(Act::TakeBack { line: work.rotation.line.clone() })?;
                let rotation = &mut work.rotation;
                rotation.done.retain(|done| ![Step::Promote, Step::Watch].contains(&done.step));
                rotation.hurried.remove(&Step::Promote);
                (rotation.pending, rotation.pause, rotation.stopped, rotation.silence) = (None, None, None, None);
                work.note(Note::TakenBack);
                return Ok(());
            }
            let asks = |step: Step| rotation.sent.as_ref().is_some_and(|sent| sent.step == step);
            let past = [Step::Disable, Step::Delete, Step::Destroy];
            if let Some(past) = past.into_iter().find(|step| rotation.is_done(*step) || asks(*step)) {
                return Err(RotationError::NoWayBack { past });
            }
            let inactive_for_good = rotation.method.deactivate.is_some() && rotation.method.activate.is_none();
            if rotation.current().is_none() || inactive_for_good {
                return Err(RotationError::NoWayBack { past: Step::Retire });
            }
            let rotation = &mut work.rotation;
            rotation.course = Course::Reviving;
            (rotation.pending, rotation.sent, rotation.said) = (None, None, None);
            (rotation.pause, rotation.stopped) = (None, None);
            work.note(Note::Reviving);
            Ok(())
        })
    }

    /// Gives the rotation up: what it made there is deleted, the next key goes to the trash, and the old one stays as it
    /// is.
    pub fn abort(&self, keyset: &Keyset, now: At) -> Result<Turn, RotationError> {
        self.turn(keyset, now, |work| {
            let rotation = &mut work.rotation;
            if rotation.current().is_none() {
                return work.expect(false, "a wish to abort");
            }
            if rotation.is_done(Step::Promote) {
                return Err(RotationError::Promoted);
            }
            // The provider works with the next one alone, or may do so.
            if rotation.changes_in_place() && rotation.touched.is_some() {
                return Err(RotationError::NoWayBack { past: Step::Publish });
            }
            rotation.course = Course::Withdrawing;
            (rotation.pending, rotation.stopped) = (None, None);
            work.note(Note::Aborted);
            Ok(())
        })
    }
}

impl Work {
    fn expect(&self, waits: bool, told: &'static str) -> Result<(), RotationError> {
        let wanted = match self.rotation.next(&self.keyset, self.now) {
            Next::Make { .. } => "a key that was made",
            Next::Look => "a look at the provider's list",
            Next::Call(_) => "the intent of a call, then its answer",
            Next::ByHand { .. } => "a person who says that it is done",
            Next::Prove { .. } => "a request that proves the next key",
            Next::HandOver { .. } => "places that get the next key",
            Next::Watch { .. } => "a watch over the old key",
            Next::Wait(_) => "its earliest safe time",
            Next::Pause { .. } => "the end of a pause",
            Next::Ready(_) => "a person who takes it",
            Next::Stopped(_) => "a person who says how it goes on",
            Next::Done | Next::Aborted => "nothing, since it has ended",
        };
        let step = self.rotation.current().map_or("none", Step::words).to_owned();
        if waits { Ok(()) } else { Err(RotationError::NotNow { told, step, wanted }) }
    }

    /// Brings the next key into the line.
    fn join(&mut self, key: NewKey, line: LineId) -> Result<(), RotationError> {
        let id = key.id.clone();
        let place = self.keyset.line(&self.rotation.line)?.place.clone();
        match self.keyset.key(&id) {
            Ok((own, known)) if own.id == self.rotation.line && known.state == State::Draft => {}
            Ok(_) => self.act(Act::Join { key: id.clone(), line: self.rotation.line.clone() })?,
            Err(_) => {
                self.act(Act::Add { line, place, key })?;
                self.act(Act::Join { key: id.clone(), line: self.rotation.line.clone() })?;
            }
        }
        self.rotation.next = Some(id);
        Ok(())
    }

    /// Whether the last call was signed by the old key and ended that same key.
    fn ended_itself(&self, step: Step) -> bool {
        let ends = matches!(step, Step::Disable | Step::Retire | Step::Delete);
        let by_itself = |sent: &Intent| {
            let is_end = matches!(sent.remote, Remote::Deactivate { .. } | Remote::Delete { .. });
            sent.step == step && is_end && sent.signed_by.as_ref() == Some(&self.rotation.old)
        };
        ends && self.rotation.sent.as_ref().is_some_and(by_itself)
    }

    /// A key that was made there is known there.
    fn came_with(&mut self) -> Result<(), RotationError> {
        match self.rotation.next.clone() {
            Some(key) => Ok(self.act(Act::Publish { key })?),
            None => Ok(()),
        }
    }

    /// Takes a step here, or on a person's word.
    fn take(&mut self, step: Step, evidence: Evidence) -> Result<(), RotationError> {
        match step {
            Step::Revive => look::revived(self, evidence),
            Step::Withdraw => {
                self.complete(step, evidence)?;
                self.rotation.course = Course::Aborted;
                Ok(())
            }
            step => self.complete(step, evidence),
        }
    }
}

fn words(answer: Answer) -> String {
    match answer {
        Answer::Accepted => "accepted".to_owned(),
        Answer::Duplicate => "there already".to_owned(),
        Answer::Refused { status } => format!("refused with {status}"),
        Answer::Busy { .. } => "refused for now (429)".to_owned(),
        Answer::NotKnown => "no answer that tells".to_owned(),
    }
}
