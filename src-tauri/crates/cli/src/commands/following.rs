//! Following a call or a flow to its end, and saying on the way what it waits for.

use std::{thread::sleep, time::Duration};

use workbench::{
    calls::{Execution, NextAction, Outcome},
    ports::{Cancel, Ports},
    session::Session,
    settings,
};

use crate::{exit::Failure, output::Output};

/// Drives an execution until an answer stands. Ctrl-C ends it like any command.
pub fn drive(
    mut execution: Execution,
    session: &mut Session,
    output: &Output,
    ports: &Ports,
) -> Result<Outcome, Failure> {
    loop {
        match execution.next_action() {
            NextAction::Done => break,
            NextAction::Send => {
                let busy = output.busy("waiting for the answer");
                let answered = execution.send(&settings::transport(session)?, &Cancel::default(), ports);
                drop(busy);
                execution.take(session, answered, ports)?;
            }
            NextAction::Wait { milliseconds, why } => {
                let busy = why.map(|why| output.busy(&why));
                sleep(Duration::from_millis(milliseconds));
                drop(busy);
                execution.waited(session, ports)?;
            }
        }
    }
    Ok(execution.end())
}
