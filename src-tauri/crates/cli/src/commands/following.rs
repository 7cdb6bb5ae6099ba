//! Following a call or a flow to its end, and saying on the way what it waits for.

use std::{thread::sleep, time::Duration};

use workbench::{
    calls::{Ran, Run, Turn},
    ports::{Cancel, Ports},
    session::Session,
    settings,
};

use crate::{exit::Failure, output::Output};

/// Drives a run until an answer stands. Ctrl-C ends it like any command.
pub fn drive(mut run: Run, session: &mut Session, output: &Output, ports: &Ports) -> Result<Ran, Failure> {
    loop {
        match run.turn() {
            Turn::Done => break,
            Turn::Send => {
                let busy = output.busy("waiting for the answer");
                let answered = run.send(&settings::transport(session)?, &Cancel::default(), ports);
                drop(busy);
                run.take(session, answered, ports)?;
            }
            Turn::Wait { milliseconds, why } => {
                let busy = why.map(|why| output.busy(&why));
                sleep(Duration::from_millis(milliseconds));
                drop(busy);
                run.waited(session, ports)?;
            }
        }
    }
    Ok(run.end())
}
