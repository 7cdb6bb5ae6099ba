//! Key generation. It can take seconds, so it happens apart from the vault and can be cancelled.

use jose::{
    Alg,
    key::{Jwk, Key, Secret, read},
};

use super::{For, Kept, Sealing};
use crate::{
    ground::{
        Error,
        ports::{Cancel, Ports},
    },
    store::{records::Credential, session::Session},
};

/// A key that was made and is not sealed yet. Dropping it wipes it.
pub struct Made {
    jwk: Jwk,
    alg: Alg,
}

/// Makes a key, seals it, and sets it for an environment of a profile if that is asked for.
pub fn generate(
    session: &mut Session,
    alg: Alg,
    rsa_bits: u32,
    name: &str,
    belongs: Option<For<'_>>,
    ports: &Ports,
) -> Result<Kept, Error> {
    session.free_name::<Credential>(name)?;
    keep_made(session, make(alg, rsa_bits, &Cancel::default(), ports)?, name, belongs, ports)
}

/// Makes a key. The engine cannot be interrupted: when `cancel` says so, what it made is wiped.
pub fn make(alg: Alg, rsa_bits: u32, cancel: &Cancel, ports: &Ports) -> Result<Made, Error> {
    let key = if alg.is_hmac() {
        // As long as the hash: RFC 7518 §3.2 asks for no less, and more gives nothing.
        let mut bytes = vec![0; usize::from(alg.row().key_bits) / 8];
        ports.random.fill(&mut bytes);
        Key::Secret(Secret::new(bytes))
    } else {
        Key::Private(read::read_pkcs8(&ports.keys.generate(alg, rsa_bits)?)?)
    };
    if cancel.is_cancelled() {
        return Err(Error::Cancelled);
    }
    Ok(Made { jwk: key.into(), alg })
}

/// Seals a key that was made.
pub fn keep_made(
    session: &mut Session,
    made: Made,
    name: &str,
    belongs: Option<For<'_>>,
    ports: &Ports,
) -> Result<Kept, Error> {
    made.sealing(name, ports)?.keep(session, belongs, ports)
}

impl Made {
    pub(crate) fn sealing(&self, name: &str, ports: &Ports) -> Result<Sealing, Error> {
        Sealing::new(&self.jwk, Some(self.alg), name, "made here".to_owned(), ports)
    }
}
