//! A rotation that goes on: its next step, what a person says of it, and the way back.

use std::{io::IsTerminal, path::PathBuf, thread::sleep, time::Duration};

use clap::Args;
use keyset::{Handed, Next as Wanted, RotationId, Step};
use workbench::{
    calls::NextAction,
    ports::{Cancel, Ports},
    rotation::{self, Advance, Brought, Calling, Ended, Told},
    session::Session,
    settings,
};

use super::{
    shown,
    standing::{CallOptions, meant, seen},
};
use crate::{
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options::{KeyReading, VaultOptions},
    output::{Output, is_stdout},
    world,
};

#[derive(Debug, Args)]
pub struct Next {
    /// The key that is replaced, or the rotation's id; the only rotation that is under way unless named
    key: Option<String>,
    /// Go on until this step is taken: publish, activate, prove, promote, retire, destroy
    #[arg(long, value_name = "STEP")]
    until: Option<String>,
    /// Say that the step by hand is done
    #[arg(long, conflicts_with_all = ["by_hand", "again", "silent", "key_file", "secret_file"])]
    did_it: bool,
    /// Bring the key that the provider made, in its file
    #[arg(long, value_name = "FILE", conflicts_with = "secret_file")]
    key_file: Option<PathBuf>,
    /// The key id that the provider shows for it
    #[arg(long, value_name = "KID", requires = "key_file")]
    kid: Option<String>,
    /// Bring the API key, the password or the secret that the provider made: a file, or - for standard input
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// Take the present step by hand in place of its call
    #[arg(long, conflicts_with = "again")]
    by_hand: bool,
    /// Go on where it stopped
    #[arg(long)]
    again: bool,
    /// Go before the earliest safe time, knowing what can break
    #[arg(long)]
    early: bool,
    /// Say that nobody uses the old key any more
    #[arg(long)]
    silent: bool,
    #[command(flatten)]
    reading: KeyReading,
    #[command(flatten)]
    call: CallOptions,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Paste {
    /// The key that is replaced, or the rotation's id; the only rotation that is under way unless named
    key: Option<String>,
    /// The file to write, readable by its owner alone; - or nothing for standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long, requires = "output")]
    force: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct HandOver {
    /// The key that is replaced, or the rotation's id; the only rotation that is under way unless named
    key: Option<String>,
    /// Another place that has the old key; may be given several times, as the other options
    #[arg(long, value_name = "PLACE")]
    add: Vec<String>,
    /// Write the next key to this file, in the form in which the old one went there
    #[arg(long, value_name = "PLACE")]
    write: Vec<String>,
    /// Say that this place has the next key now
    #[arg(long, value_name = "PLACE")]
    given: Vec<String>,
    /// Say that nobody knows whether this place still has the old key
    #[arg(long, value_name = "PLACE")]
    unknown: Vec<String>,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Turning {
    /// The key that is replaced, or the rotation's id; the only rotation that is under way unless named
    key: Option<String>,
    #[command(flatten)]
    call: CallOptions,
    #[command(flatten)]
    vault: VaultOptions,
}

/// Takes the next step, or all until one.
pub fn next(arguments: &Next, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::live_ports(arguments.call.live, output);
    Input::only_one(&[
        ("--key-file", is_stdin(arguments.key_file.as_deref())),
        ("--secret-file", is_stdin(arguments.secret_file.as_deref())),
        arguments.reading.reader(),
        arguments.vault.passphrase.reader(),
    ])?;
    let key =
        arguments.key_file.as_deref().map(|file| arguments.reading.load(file, "--key-file", input)).transpose()?;
    let secret = arguments.secret_file.as_deref().map(|file| input.secret_line(file, "--secret-file")).transpose()?;
    let mut session = arguments.vault.unlock(input, output)?;
    let id = meant(&session, arguments.key.as_deref())?;
    let until = match &arguments.until {
        Some(step) => Some(shown::step(&rotation::view(&session, &id, &ports)?, step)?),
        None => None,
    };
    let from = rotation::journal_length(&session, &id)?;
    let said = [
        (arguments.again, Told::Again),
        (arguments.by_hand, Told::ByHand),
        (arguments.did_it, Told::DidIt),
        (arguments.silent, Told::Silent),
        (arguments.early && until.is_none(), Told::Hurry),
    ];
    for (_, told) in said.iter().filter(|(said, _)| *said) {
        rotation::tell(&mut session, &id, told, &ports)?;
    }
    if let Some(key) = &key {
        let brought = Brought::Key { text: key.text(), kid: arguments.kid.clone() };
        rotation::bring(&mut session, &id, brought, &ports)?;
    }
    if let Some(secret) = &secret {
        rotation::bring(&mut session, &id, Brought::Secret(secret), &ports)?;
    }
    let reach = until.map_or(Reach::Step, Reach::Until);
    // What was said may have been the whole step.
    let ended = match rotation::taken_since(&session, &id, from)? {
        Some(step) if reach == Reach::Step || until == Some(step) => Ended::Took(step),
        _ => go(&mut session, &id, &arguments.call.calling(), reach, arguments.early, output, &ports)?,
    };
    report(&session, &id, &ended, output, &ports)
}

/// How far it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// One step.
    Step,
    /// Every step up to this one.
    Until(Step),
    /// As far as no person is needed.
    All,
}

/// Takes steps until it is where it shall be, or waits for a person or its time. `early`: it goes before the earliest safe time of
/// each of them.
pub(super) fn go(
    session: &mut Session,
    id: &RotationId,
    calling: &Calling,
    reach: Reach,
    early: bool,
    output: &Output,
    ports: &Ports,
) -> Result<Ended, Failure> {
    if let Reach::Until(step) = reach
        && rotation::is_done(session, id, step)?
    {
        return Ok(Ended::Took(step));
    }
    loop {
        let ended = drive(Advance::begin(session, id, calling.clone(), ports)?, session, output, ports)?;
        match (&ended, reach) {
            (Ended::Took(_), Reach::Step) => return Ok(ended),
            (Ended::Took(step), Reach::Until(last)) if *step == last => return Ok(ended),
            (Ended::Took(step), _) => output.note(&format!("done: {step}")),
            (Ended::Waits, Reach::Until(_) | Reach::All) if early && waits_for_its_time(session, id, ports)? => {
                rotation::tell(session, id, &Told::Hurry, ports)?;
            }
            _ => return Ok(ended),
        }
    }
}

fn waits_for_its_time(session: &Session, id: &RotationId, ports: &Ports) -> Result<bool, Failure> {
    Ok(matches!(rotation::view(session, id, ports)?.next, Wanted::Wait(_)))
}

/// Drives a step until it is taken, or waits. Ctrl-C leaves the rotation where it is.
fn drive(mut advance: Advance, session: &mut Session, output: &Output, ports: &Ports) -> Result<Ended, Failure> {
    loop {
        match advance.next_action() {
            NextAction::Done => return Ok(advance.end()),
            NextAction::Send => {
                let busy = output.busy("waiting for the answer");
                let answered = advance.send(&settings::transport(session)?, &Cancel::default(), ports);
                drop(busy);
                match answered {
                    Some(answered) => advance.take(session, answered, ports)?,
                    None => return Ok(advance.end()),
                }
            }
            NextAction::Wait { milliseconds, why } => {
                let busy = why.map(|why| output.busy(&why));
                sleep(Duration::from_millis(milliseconds));
                drop(busy);
                advance.waited(session, ports)?;
            }
        }
    }
}

/// Prints how a rotation stands, and ends by what came of the last step.
pub(super) fn report(
    session: &Session,
    id: &RotationId,
    ended: &Ended,
    output: &Output,
    ports: &Ports,
) -> Result<Exit, Failure> {
    let (view, rotation) = seen(session, id, ports)?;
    output.result(&rotation, || shown::rotation(&rotation))?;
    Ok(match (ended, &view.next) {
        (Ended::Took(_), _) | (_, Wanted::Done | Wanted::Aborted) => Exit::Done,
        (Ended::NoAnswer { words, hint }, _) => {
            output.failure(&Failure::new(Exit::NoAnswer, words.as_str(), hint.as_deref()));
            Exit::NoAnswer
        }
        (Ended::Waits, Wanted::Stopped(stop)) => {
            output.failure(&Failure::new(Exit::Unexpected, stop.to_string(), Some(stop.hint())));
            Exit::Unexpected
        }
        (Ended::Waits, _) => Exit::Rule,
    })
}

/// Writes what a person pastes. A secret never goes to a terminal unasked.
pub fn paste(arguments: &Paste, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    let mut session = arguments.vault.unlock(input, output)?;
    let id = meant(&session, arguments.key.as_deref())?;
    let file = arguments.output.as_deref().filter(|path| !is_stdout(path));
    let public = rotation::view(&session, &id, &ports)?.paste;
    if public.is_none() && file.is_none() && std::io::stdout().is_terminal() {
        let hint = "write it to a file with -o FILE, or pipe it on";
        return Err(Failure::usage("a secret is not printed on a terminal", hint));
    }
    let bytes = match public {
        Some(text) => text.into_bytes().into(),
        None => {
            let to = file.map_or("standard output".to_owned(), |file| file.display().to_string());
            rotation::secret_to_paste(&mut session, &id, &to, &ports)?
        }
    };
    match file {
        Some(path) => {
            let existing = if arguments.force { host::Existing::Replace } else { host::Existing::Keep };
            host::write(path, &bytes, existing)?;
            output.note(&format!("wrote {}", path.display()));
        }
        None => output.bytes(&bytes)?,
    }
    Ok(Exit::Done)
}

/// What a person says of the places that have the old key.
pub fn hand_over(arguments: &HandOver, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    let mut session = arguments.vault.unlock(input, output)?;
    let id = meant(&session, arguments.key.as_deref())?;
    for place in &arguments.add {
        rotation::tell(&mut session, &id, &Told::Place(place.clone()), &ports)?;
    }
    for place in &arguments.write {
        let bytes = rotation::hand_over(&mut session, &id, place, &ports)?;
        host::write(place.as_ref(), &bytes, host::Existing::Replace)?;
        output.note(&format!("wrote {place}"));
        rotation::tell(&mut session, &id, &Told::Handed(place.clone(), Handed::Given), &ports)?;
    }
    let marks = [(&arguments.given, Handed::Given), (&arguments.unknown, Handed::Unknown)];
    for (place, handed) in marks.into_iter().flat_map(|(places, handed)| places.iter().map(move |it| (it, handed))) {
        rotation::tell(&mut session, &id, &Told::Handed(place.clone(), handed), &ports)?;
    }
    let (_, rotation) = seen(&session, &id, &ports)?;
    output.result(&rotation, || shown::rotation(&rotation))?;
    let open = rotation.places.iter().any(|place| place.handed == wire::Handed::Open);
    Ok(if open { Exit::Rule } else { Exit::Done })
}

/// Turns round: takes back, or gives up. What has to be done at the provider for that is done at once.
pub fn turn(arguments: &Turning, told: &Told, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::live_ports(arguments.call.live, output);
    let mut session = arguments.vault.unlock(input, output)?;
    let id = meant(&session, arguments.key.as_deref())?;
    rotation::tell(&mut session, &id, told, &ports)?;
    let wanted = rotation::view(&session, &id, &ports)?.rotation.current();
    let is_way_back = matches!(wanted, Some(Step::Withdraw | Step::Revive));
    let ended = match wanted.filter(|_| is_way_back) {
        Some(step) => go(&mut session, &id, &arguments.call.calling(), Reach::Until(step), false, output, &ports)?,
        // The promotion was taken back here alone.
        None => Ended::Took(Step::Promote),
    };
    report(&session, &id, &ended, output, &ports)
}
