//! Fresh token by a recipe: kept from before, signed now, or got by a flow.

use workbench::{
    calls::Execution,
    ports::Ports,
    session::Session,
    signer::SignRequest,
    tokens::{self, Ready},
};

use crate::{
    commands::following::drive,
    exit::{Exit, Failure},
    output::Output,
};

/// A token that is good to go: signed, kept from before, or got by a flow.
pub fn fresh(session: &mut Session, sign: &SignRequest, output: &Output, ports: &Ports) -> Result<Ready, Failure> {
    if let Some(ready) = tokens::ready(session, sign, ports)? {
        return Ok(ready);
    }
    let ran = drive(Execution::token(session, sign, ports)?, session, output, ports)?;
    match tokens::ready(session, sign, ports)? {
        Some(ready) => Ok(ready),
        None => {
            let why = ran.failed.unwrap_or_else(|| "no token came".to_owned());
            Err(Failure::new(Exit::Unexpected, why.trim_end_matches('.').to_owned(), None))
        }
    }
}
