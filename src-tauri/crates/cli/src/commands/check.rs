//! `keywright check`: do the keys still work?

use std::{thread::sleep, time::Duration};

use clap::Args;
use jose::time::utc;
use wire::{CheckOutcome, CheckVerdict};
use workbench::{
    calls::NextAction,
    checks::{self, Check, Checkable},
    ports::{Cancel, Ports},
    session::Session,
    settings,
};

use crate::{
    exit::{Exit, Failure},
    input::Input,
    options::VaultOptions,
    output::Output,
    show::clean,
    style, world,
};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Only the keys of this profile
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Only this environment
    #[arg(long, value_name = "ID")]
    env: Option<String>,
    /// Only this key
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    /// Allow a live environment; without it live keys are left out
    #[arg(long)]
    live: bool,
    /// For the Local environment: an emulator that runs already, by the address that it prints for the provider
    #[arg(long, value_name = "URL", env = "KEYWRIGHT_EMULATOR")]
    emulator: Option<String>,
    #[command(flatten)]
    vault: VaultOptions,
}

/// Makes one read-only request for each, and says what came of it.
pub fn run(arguments: &Arguments, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::live_ports(arguments.live, output);
    let mut session = arguments.vault.unlock(input, output)?;
    let chosen = chosen(arguments, &session)?;
    let mut outcomes = Vec::new();
    for row in &chosen {
        let (who, place) = (clean(&row.of.credential), clean(&row.label));
        match (&row.why_not, row.tier) {
            (Some(why), _) => output.note(&format!("{who}, {place}: not checked: {}", clean(why))),
            (None, provider::Tier::Live) if !arguments.live => {
                output.note(&format!("{who}, {place}: not checked: it is live; if you mean it, say --live"));
            }
            _ => outcomes.push(checked(row, arguments, &mut session, output, &ports)?),
        }
    }
    output.result(&outcomes, || outcomes.iter().map(line).collect())?;
    let any = |verdict| outcomes.iter().any(|outcome| outcome.result.verdict == verdict);
    Ok(match () {
        () if any(CheckVerdict::Refused) => Exit::Unexpected,
        () if any(CheckVerdict::Unknown) => Exit::NoAnswer,
        () if outcomes.is_empty() => Exit::NoKey,
        () => Exit::Done,
    })
}

/// What is to be checked. A name that stands for nothing is an error, and not an empty list.
fn chosen(arguments: &Arguments, session: &Session) -> Result<Vec<Checkable>, Failure> {
    let is_meant = |row: &Checkable| {
        let same = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
        same(&arguments.profile, &row.of.at.profile)
            && same(&arguments.env, &row.of.at.environment)
            && same(&arguments.key, &row.of.credential)
    };
    let chosen: Vec<Checkable> = checks::all(session)?.into_iter().filter(is_meant).collect();
    match chosen.is_empty() {
        true => Err(Failure::new(
            Exit::NoKey,
            "no profile calls with such a key",
            Some("see which there are: keywright profile list"),
        )),
        false => Ok(chosen),
    }
}

fn checked(
    row: &Checkable,
    arguments: &Arguments,
    session: &mut Session,
    output: &Output,
    ports: &Ports,
) -> Result<CheckOutcome, Failure> {
    let mut check = Check::begin(session, &row.of, arguments.emulator.clone(), ports)?;
    loop {
        match check.next_action() {
            NextAction::Done => return Ok(CheckOutcome::from(&check.end(ports))),
            NextAction::Send => {
                let busy = output.busy(&format!("checking {}", row.of.credential));
                let answered = check.send(&settings::transport(session)?, &Cancel::default(), ports);
                drop(busy);
                check.take(session, answered, ports)?;
            }
            NextAction::Wait { milliseconds, why } => {
                let busy = why.map(|why| output.busy(&why));
                sleep(Duration::from_millis(milliseconds));
                drop(busy);
                check.waited(session, ports)?;
            }
        }
    }
}

fn line(outcome: &CheckOutcome) -> String {
    let CheckOutcome { of, result } = outcome;
    let (tone, said) = match result.verdict {
        CheckVerdict::Accepted => (style::GOOD, format!("accepted {}", utc(result.at))),
        CheckVerdict::Refused => (style::BAD, "refused".to_owned()),
        CheckVerdict::Unknown => (style::WARN, "not known".to_owned()),
    };
    let why = result.why.as_deref().map(|why| format!(": {}", clean(why))).unwrap_or_default();
    format!(
        "{}, {} ({}): {tone}{said}{tone:#}{why}\n",
        clean(&of.key),
        clean(&of.target.profile),
        of.target.environment
    )
}
