//! Rotations in words, for a terminal.

use std::path::Path;

use jose::time::{span, utc};
use wire::{
    GrantThere, Handed, Incident, LineDue, LineDueKind, PairThere, Rotation, RotationMode, RotationNext, RotationPlan,
    RotationRow, RotationStep, StepEvidence, StepTaken,
};
use workbench::rotation::View;

use crate::{exit::Failure, flags::argument, output::Output, show::clean, style};

/// The step of this name, of those that the plan has.
pub fn step(view: &View, named: &str) -> Result<keyset::Step, Failure> {
    let steps: Vec<keyset::Step> = view.rotation.rows(keyset::At(view.now)).iter().map(|row| row.step).collect();
    let name = |step: &keyset::Step| RotationStep::from(*step).to_string();
    steps.iter().copied().find(|step| name(step) == named).ok_or_else(|| {
        let known: Vec<String> = steps.iter().map(name).collect();
        Failure::usage(
            format!("the plan of this rotation has no step {named:?}"),
            &format!("wanted one of {}", known.join(", ")),
        )
    })
}

/// Writes a runbook. It holds ids, thumbprints and times, and no secret.
pub fn save(file: &Path, text: &str, force: bool, output: &Output) -> Result<(), Failure> {
    let existing = if force { host::Existing::Replace } else { host::Existing::Keep };
    host::write(file, text.as_bytes(), existing)?;
    output.note(&format!("wrote {}", file.display()));
    Ok(())
}

/// What a rotation would be.
pub fn plan(plan: &RotationPlan) -> String {
    let mut text =
        format!("{}the plan for {}{:#}, {}\n\n", style::HEAD, clean(&plan.old), style::HEAD, mode(plan.mode));
    text += &rows(&plan.rows, None);
    if let Some(note) = &plan.method.note {
        text += &format!("\n{}{}{:#}\n", style::QUIET, clean(note), style::QUIET);
    }
    let targets: Vec<String> = plan.targets.iter().map(|at| format!("{} ({})", at.profile, at.environment)).collect();
    if !targets.is_empty() {
        text += &format!("\nit moves {}\n", clean(&targets.join(", ")));
    }
    text += &places(&plan.places);
    if let Some(rehearsal) = &plan.rehearse {
        let (key, label) = (argument(&rehearsal.key), clean(&rehearsal.label));
        text += &format!("rehearse it first in {label}: keywright rotate start {key}\n");
    }
    text + &format!("begin: keywright rotate start {}\n", argument(&plan.old))
}

/// A rotation as it stands: its steps, then what comes next.
pub fn rotation(rotation: &Rotation) -> String {
    let Rotation { old, label, tier, since, id, .. } = rotation;
    let mut text = format!(
        "{}{}{:#} for {} ({tier}), {}, since {} (rotation {id})\n\n",
        style::HEAD,
        clean(old),
        style::HEAD,
        clean(label),
        mode(rotation.mode),
        utc(*since),
    );
    text += &rows(&rotation.rows, rotation.current);
    if let Some(there) = &rotation.there {
        text += &pair(there);
    }
    text += &places(&rotation.places);
    for orphan in &rotation.orphans {
        let label = orphan.label.as_deref().map(|label| format!(" ({})", clean(label))).unwrap_or_default();
        let refused = if orphan.refused { ", which the provider refused to delete" } else { "" };
        text += &format!(
            "{}still at the provider: {}{label}, {}{refused}{:#}\n",
            style::WARN,
            clean(&orphan.pair),
            orphan.why,
            style::WARN
        );
    }
    text + &format!("\n{}", next(rotation))
}

/// One line for each rotation.
pub fn rotations(rotations: &[Rotation]) -> String {
    if rotations.is_empty() {
        return "none is under way; keys that are due: keywright rotate due\n".to_owned();
    }
    let width = rotations.iter().map(|it| it.old.chars().count()).max().unwrap_or_default();
    let line = |it: &Rotation| {
        let at = it.current.map_or_else(|| ended(it).to_owned(), |step| format!("at {}", words(step)));
        format!("{:width$}  {}  since {}  {at}\n", clean(&it.old), clean(&it.label), utc(it.since))
    };
    rotations.iter().map(line).collect()
}

/// The keys that ask to be rotated, and those that will.
pub fn due(due: &[LineDue]) -> String {
    if due.is_empty() {
        return "no key is due\n".to_owned();
    }
    let line = |due: &LineDue| {
        let at = due.at.map(utc).unwrap_or_default();
        let why = match (due.kind, due.now) {
            (LineDueKind::Leaked, _) => format!("leaked, as reported {at}, and still calls"),
            (LineDueKind::Age, true) => format!("due since {at}"),
            (LineDueKind::Age, false) => format!("due from {at}"),
            (LineDueKind::AgeNotKnown, _) => "due: nobody knows how old it is".to_owned(),
        };
        let tone = if due.now { style::WARN } else { style::QUIET };
        format!("{tone}{}{tone:#}  {why}; keywright rotate start {}\n", clean(&due.key), argument(&due.key))
    };
    due.iter().map(line).collect()
}

/// What a leaked key touches, and the ways out.
pub fn incident(incident: &Incident) -> String {
    let key = clean(&incident.key);
    let mut text = format!("{}{key}{:#}, {}\n", style::HEAD, style::HEAD, incident.state);
    let mut touched = |what: &str, all: Vec<String>| {
        if !all.is_empty() {
            text += &format!("  {what:14} {}\n", clean(&all.join(", ")));
        }
    };
    touched("calls", incident.targets.iter().map(|at| format!("{} ({})", at.profile, at.environment)).collect());
    touched("recipes", incident.recipes.clone());
    touched("copies", incident.copies.iter().map(|copy| copy.to.clone()).collect());
    touched("last accepted", incident.last_accepted.map(utc).into_iter().collect());
    touched("ready", incident.ready.iter().map(|next| format!("{next} is published and proved")).collect());
    for way in &incident.ways {
        let (title, option) = match way.mode {
            RotationMode::DisableFirst => ("disable it first, then repair", "--disable-first"),
            RotationMode::ReplaceFirst => ("replace it first, then disable it", "--replace-first"),
            RotationMode::Planned => continue,
        };
        text += &format!("\n{}{title}{:#}\n", style::HEAD, style::HEAD);
        text.extend(way.breaks.iter().map(|breaks| format!("  breaks: {}\n", clean(breaks))));
        let steps: Vec<&str> = way.steps.iter().map(|step| words(*step)).collect();
        text += &format!("  steps: {}\n", steps.join(", "));
        text += &format!("  keywright rotate incident {} {option}\n", argument(&incident.key));
    }
    text
}

/// The runbooks of both ways out, to be printed and kept.
pub fn runbooks(incident: &Incident) -> String {
    incident.ways.iter().map(|way| way.runbook.clone()).collect::<Vec<_>>().join("\n")
}

fn mode(mode: RotationMode) -> &'static str {
    match mode {
        RotationMode::Planned => "planned",
        RotationMode::DisableFirst => "an incident: disable first",
        RotationMode::ReplaceFirst => "an incident: replace first",
    }
}

fn words(step: RotationStep) -> &'static str {
    keyset::Step::from(step).words()
}

fn ended(rotation: &Rotation) -> &'static str {
    match rotation.now {
        RotationNext::Aborted => "given up",
        _ => "done",
    }
}

/// The steps, each with how it was done or when it is safe.
fn rows(rows: &[RotationRow], current: Option<RotationStep>) -> String {
    let width = rows.iter().map(|row| words(row.step).len()).max().unwrap_or_default();
    let mut last = None;
    let line = |row: &RotationRow| {
        // A part of a step has no number of its own.
        let number = row.number.filter(|_| row.number != last).map(|number| number.to_string()).unwrap_or_default();
        last = row.number;
        let (mark, tone) = match &row.done {
            Some(_) => ("✓", style::GOOD),
            None if Some(row.step) == current => ("→", style::HEAD),
            None => ("·", style::QUIET),
        };
        let how = match &row.done {
            Some(done) => {
                let early = done.early_by.map(|early| format!(", {} early", seconds(early))).unwrap_or_default();
                format!("{}, {}{early}", utc(done.at), evidence(&done.evidence))
            }
            None => {
                let taken = match row.taken {
                    StepTaken::Here => "here",
                    StepTaken::Call => "by a call",
                    StepTaken::Hand => "by hand",
                };
                match row.earliest.wait {
                    0 => taken.to_owned(),
                    _ => format!("{taken}, not before {}", utc(row.earliest.at)),
                }
            }
        };
        format!(" {number:>2} {tone}{mark}{tone:#} {:width$}  {}\n", words(row.step), clean(&how))
    };
    rows.iter().map(line).collect()
}

fn evidence(evidence: &StepEvidence) -> String {
    match evidence {
        StepEvidence::Here => "here".to_owned(),
        StepEvidence::Seen { pair, .. } => format!("seen there as {pair}"),
        StepEvidence::Gone => "the provider does not show it".to_owned(),
        StepEvidence::Refused { status } => format!("it is refused there with {status}"),
        StepEvidence::Accepted { status } => format!("accepted with {status}"),
        StepEvidence::Silent { last: Some(last) } => format!("last used {}", utc(*last)),
        StepEvidence::Silent { last: None } => "never used".to_owned(),
        StepEvidence::Said => "a person said so".to_owned(),
    }
}

fn pair(there: &PairThere) -> String {
    let grant = |grant: &GrantThere| match (grant.ids.as_slice(), grant.empty.as_deref()) {
        ([], empty) => format!("{}: {} (an empty list)", grant.label, empty.unwrap_or("nothing")),
        (ids, _) => format!("{}: {}", grant.label, ids.join(" ")),
    };
    let grants: Vec<String> = there.grants.iter().map(grant).collect();
    match grants.is_empty() {
        true => String::new(),
        false => format!("\nas the old key {} there: {}\n", clean(&there.id), clean(&grants.join("; "))),
    }
}

fn places(places: &[wire::HandOver]) -> String {
    let line = |place: &wire::HandOver| {
        let form = place.form.as_deref().map(|form| format!(" as {form}")).unwrap_or_default();
        let handed = match place.handed {
            Handed::Open => "has the old key",
            Handed::Given => "has the next key",
            Handed::Unknown => "nobody knows",
        };
        format!("  {}{form}: {handed}\n", clean(&place.to))
    };
    match places.is_empty() {
        true => String::new(),
        false => format!("\nplaces with a copy:\n{}", places.iter().map(line).collect::<String>()),
    }
}

/// What comes next, and the command for it.
fn next(rotation: &Rotation) -> String {
    let key = argument(&rotation.old);
    let go = format!("keywright rotate next {key}");
    let mut text = match &rotation.now {
        RotationNext::GoOn { step } => format!("next: {}: {go}{}\n", words(*step), live(rotation, *step)),
        RotationNext::ByHand(hand) => {
            let what = hand.words.as_deref().unwrap_or("use the next key once, in a way of your own");
            let mut text = format!("by hand: {}\n  {}\n", words(hand.step), clean(what));
            if let Some(open) = &hand.open {
                text += &format!("  open {}\n", clean(open));
            }
            match (&hand.text, hand.paste, &rotation.next) {
                (Some(paste), ..) => text += &format!("  paste:\n{}", indented(paste)),
                (None, Some(wire::Paste::Certificate), Some(next)) => {
                    let next = argument(next);
                    text += &format!(
                        "  write its private half: keywright key export {next} --private --to pkcs8 -o FILE\n"
                    );
                    text += "  paste a certificate of it: openssl req -x509 -new -key FILE -days 3650 -subj /CN=key\n";
                }
                (None, Some(_), Some(next)) => {
                    text += &format!("  paste {next}, a secret: keywright rotate paste {key} -o FILE\n");
                }
                _ => {}
            }
            text += &match hand.brings {
                Some(wire::Brings::KeyFile) => format!("then bring the key: {go} --key-file FILE\n"),
                Some(wire::Brings::Secret) => format!("then bring it: {go} --secret-file FILE\n"),
                None => format!("then say so: {go} --did-it\n"),
            };
            text
        }
        RotationNext::HandOver => {
            format!("next: give each place the next key: keywright rotate hand-over {key} --given PLACE\n")
        }
        RotationNext::Watch { silence } => {
            let known = silence.as_ref().map_or_else(|| "nobody asked yet".to_owned(), silence_words);
            format!(
                "watching the old key: {}\nlook again: {go}; or say that nobody uses it: {go} --silent\n",
                clean(&known)
            )
        }
        RotationNext::Wait { step, earliest } => {
            let why: Vec<String> =
                earliest.parts.iter().map(|part| format!("{} {}", part.words, seconds(part.seconds))).collect();
            let breaks: String = earliest.breaks.iter().map(|breaks| format!("  earlier, {breaks}\n")).collect();
            format!(
                "not before {}: {} ({})\n{breaks}then: {go}; or now, knowing that: {go} --early\n",
                utc(earliest.at),
                words(*step),
                why.join(", "),
            )
        }
        RotationNext::Pause { step, until } => {
            format!(
                "not before {}: {}, since the provider may not show yet what was done\nthen: {go}\n",
                utc(*until),
                words(*step)
            )
        }
        RotationNext::Stopped { .. } => {
            let by_hand = if rotation.may_go_by_hand { format!("; by hand: {go} --by-hand") } else { String::new() };
            let abort =
                if rotation.may_abort { format!("; give it up: keywright rotate abort {key}") } else { String::new() };
            format!("it stopped; try again: {go} --again{by_hand}{abort}\n")
        }
        RotationNext::Done => "it is done\n".to_owned(),
        RotationNext::Aborted => "it was given up\n".to_owned(),
    };
    if rotation.may_go_back && rotation.current.is_some() {
        text += &format!("take it back: keywright rotate back {key}\n");
    }
    text
}

/// A step of a live environment that calls the provider wants the person's word.
fn live(rotation: &Rotation, step: RotationStep) -> &'static str {
    let calls = rotation.rows.iter().any(|row| row.step == step && row.taken == StepTaken::Call);
    let proves = matches!(step, RotationStep::Prove | RotationStep::Promote | RotationStep::Watch);
    if rotation.tier == wire::Tier::Live && (calls || proves) { " --live" } else { "" }
}

fn silence_words(silence: &wire::Silence) -> String {
    match silence {
        wire::Silence::Used { last, silent_from } => {
            format!("the provider saw it last on {}; it counts as silent from {}", utc(*last), utc(*silent_from))
        }
        wire::Silence::Silent { last: Some(last) } => format!("the provider has not seen it since {}", utc(*last)),
        wire::Silence::Silent { last: None } => "the provider never saw it".to_owned(),
        wire::Silence::NotKnown { ours, open } => {
            let ours = ours.map_or_else(
                || "no call of ours by it was ever accepted".to_owned(),
                |at| format!("our own last accepted call by it was on {}", utc(at)),
            );
            let open = match open.as_slice() {
                [] => "no place is known that still has it".to_owned(),
                open => format!("it may still be used from {}", open.join(", ")),
            };
            format!("the provider does not tell who uses it; {ours}; {open}")
        }
    }
}

fn seconds(seconds: u64) -> String {
    span(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn indented(text: &str) -> String {
    clean(text).lines().map(|line| format!("    {line}\n")).collect()
}
