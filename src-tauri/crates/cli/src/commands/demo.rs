//! `keywright demo`: the whole job once, on a temporary vault and the emulator, each step as a person would do it.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use clap::Args;
use exchange::{Gate, Kind, Passage, Transport};
use host::{Moment, Undo};
use jose::{
    Alg, Code,
    danger::{self, DangerousIntent},
    sign::{CompactJws, SigningKey},
    verify::Verdict,
};
use workbench::{
    calls::{Execution, Outcome},
    definitions,
    draft::CallTarget,
    environments,
    keys::{self, For},
    ports::{Cancel, Ports},
    profiles::{self, NewProfile},
    requests::{CallRequest, SentCall},
    session::{self, KdfParams, Session},
    signer::SignRequest,
    tokens::{self, Judging, Signed},
};

use crate::{
    exit::{Exit, Failure},
    input,
    output::Output,
    show, style, world,
};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Keep the vault in this folder, which must not exist yet, instead of a temporary one
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
}

/// The passphrase of a vault that everybody may open.
const PASSPHRASE: &str = "correct horse battery staple";
const PROFILE: &str = "Acme";
const KEY: &str = "checkout-2026-11";
/// How often the removal of the folder is tried while a step still writes into it.
const REMOVALS: u32 = 100;

/// Runs the demo. A step that differs from what it should be ends it with exit code 9.
pub fn run(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let folder = Folder::new(arguments.keep.as_deref())?;
    let demo = Demo { output, ports: world::ports(), steps: Vec::new().into() };
    let path = folder.path.join("vault.kwv");

    let mut session = demo.create(&path)?;
    demo.profile(&mut session)?;
    demo.key(&mut session)?;
    let signed = demo.sign(&session)?;
    demo.inspect(&session, &signed)?;
    demo.send(&mut session)?;
    demo.refused_when_expired(&mut session, &signed)?;
    demo.refused_when_changed(&mut session, &signed)?;
    demo.refused_without_scope(&mut session)?;
    drop(session);

    let steps = demo.steps.take();
    let value = wire::DemoSteps { steps };
    let kept =
        arguments.keep.as_ref().map(|_| format!("\nThe vault stays in {} (passphrase: {PASSPHRASE}).", path.display()));
    output.result(&value, || {
        format!(
            "\n{}All {} steps went as they should.{:#}{}\n",
            style::GOOD,
            value.steps.len(),
            style::GOOD,
            kept.unwrap_or_default()
        )
    })?;
    Ok(Exit::Done)
}

struct Demo<'a> {
    output: &'a Output,
    ports: Ports,
    steps: std::cell::RefCell<Vec<String>>,
}

impl Demo<'_> {
    /// Says what a person would do, and as which command.
    fn step(&self, title: &str, command: &str) {
        let number = self.steps.borrow().len() + 1;
        self.steps.borrow_mut().push(title.to_owned());
        self.say(&format!("\n{}{number}. {title}{:#}", style::HEAD, style::HEAD));
        self.say(&format!("   {}$ keywright {command}{:#}", style::QUIET, style::QUIET));
    }

    /// The steps are the result, so they go to stdout.
    fn say(&self, text: &str) {
        self.output.line(text);
    }

    fn shown(&self, text: &str) {
        for line in text.trim_end().lines() {
            self.say(&format!("   {line}"));
        }
    }

    /// Ends the demo where something is not as it should be.
    fn expect(&self, holds: bool, what: impl FnOnce() -> String) -> Result<(), Failure> {
        if holds { Ok(()) } else { Err(Failure::new(Exit::Unexpected, format!("the demo differs: {}", what()), None)) }
    }

    fn create(&self, path: &Path) -> Result<Session, Failure> {
        self.step("Create a vault", "vault create");
        let passphrase = input::passphrase(&PASSPHRASE.to_owned().into())?;
        let session = session::create(path, &passphrase, KdfParams::CHEAPEST, &self.ports)?;
        drop(session);
        let size = std::fs::metadata(path).map(|file| file.len()).unwrap_or_default();
        self.shown(&format!("{} ({size} bytes, sealed with Argon2id and XChaCha20-Poly1305)", path.display()));
        let wrong = input::passphrase(&"incorrect horse".to_owned().into())?;
        let refused = session::unlock(path, &wrong, &self.ports).err();
        self.expect(refused.as_ref().is_some_and(workbench::Error::is_wrong_passphrase), || {
            "a wrong passphrase was not refused as one".to_owned()
        })?;
        self.shown("a wrong passphrase is refused; the right one unlocks it");
        Ok(session::unlock(path, &passphrase, &self.ports)?)
    }

    fn profile(&self, session: &mut Session) -> Result<(), Failure> {
        self.step("Say who you are at Gr4vy", &format!("profile add {PROFILE} --provider gr4vy --set gr4vy_id=acme"));
        let variables = [("gr4vy_id".to_owned(), "acme".to_owned())].into();
        let new = NewProfile { name: PROFILE.to_owned(), provider: "gr4vy".to_owned(), variables };
        let profile = profiles::add(session, new, &self.ports)?;
        let definition = definitions::named(session, &profile.provider)?;
        for environment in &definition.environments {
            let address = environments::base_url(&profile, definition, environment, None);
            let address = address.map_or_else(|_| "the emulator, on this computer".to_owned(), |url| url.to_string());
            self.shown(&format!("{:10} {:5}  {address}", environment.label, environment.tier_or_live()));
        }
        Ok(())
    }

    fn key(&self, session: &mut Session) -> Result<(), Failure> {
        self.step(
            "Generate a P-521 key pair",
            &format!("key generate --alg ES512 --name {KEY} --profile {PROFILE} --env local"),
        );
        let place = For { profile: PROFILE, environment: "local" };
        let kept = keys::generate(session, Alg::ES512, 2048, KEY, Some(place), &self.ports)?;
        let kid = kept.credential.kid.unwrap_or_default();
        self.shown(&format!("kid {kid}, the thumbprint of the public half (RFC 7638)"));
        self.expect(kid.len() == 43, || format!("the kid has {} characters instead of 43", kid.len()))?;
        self.shown("the private half is sealed in the vault and never leaves it unasked");
        Ok(())
    }

    fn sign(&self, session: &Session) -> Result<Signed, Failure> {
        self.step(
            "Sign a token by Gr4vy's rules",
            &format!("token sign --profile {PROFILE} --env local --scope transactions.read"),
        );
        let signed = tokens::sign(session, &request(&["transactions.read"]), &self.ports)?;
        self.shown(&exchange::redact(signed.token.as_str()));
        self.shown(&format!("claims {}", signed.claims));
        Ok(signed)
    }

    fn inspect(&self, session: &Session, signed: &Signed) -> Result<(), Failure> {
        self.step("Inspect it", "token inspect --own-keys --provider gr4vy -");
        let keys = tokens::own_keys(session, false)?;
        let judging = Judging { provider: Some(definitions::built_in("gr4vy")?), ..Judging::default() };
        let inspection = tokens::inspect(signed.token.as_str().as_bytes(), &keys, false, &judging, &self.ports);
        let verdicts = [inspection.structure, inspection.signature, inspection.policy];
        self.shown(&format!("structure good, signature good by {KEY}, policy good; it lives {}", life(&inspection)));
        self.expect(verdicts == [Verdict::Good; 3], || format!("the verdicts are {verdicts:?}"))
    }

    fn send(&self, session: &mut Session) -> Result<(), Failure> {
        self.step(
            "Send it to the emulator",
            &format!("request send --profile {PROFILE} --env local --scope transactions.read"),
        );
        let sent = self.call(session, call(None))?;
        self.expect(sent.verdict.kind == Kind::Accepted, || sent.verdict.sentence.clone())
    }

    fn refused_when_expired(&self, session: &mut Session, signed: &Signed) -> Result<(), Failure> {
        self.step(
            "Send one that expired an hour ago",
            &format!("request send --profile {PROFILE} --env local --token EXPIRED --expect 401"),
        );
        let key = self.signing_key(session)?;
        let intent = DangerousIntent::because("the demo shows that an expired token is refused");
        let token = danger::expired(&signed.header, &signed.claims, self.ports.clock.now(), &key, intent)
            .map_err(workbench::Error::from)?;
        let sent = self.refused(session, token, 401)?;
        self.stopped_at(&sent, Gate::Time)
    }

    fn refused_when_changed(&self, session: &mut Session, signed: &Signed) -> Result<(), Failure> {
        self.step(
            "Send one whose claims were changed after signing",
            &format!("request send --profile {PROFILE} --env local --token CHANGED --expect 401"),
        );
        let intent = DangerousIntent::because("the demo shows that a forged token is refused");
        let claims = signed.claims.replace("transactions.read", "*.read");
        let token = danger::payload_changed(&signed.token, &claims, intent);
        let keys = tokens::own_keys(session, false)?;
        let inspection = tokens::inspect(token.as_str().as_bytes(), &keys, false, &Judging::default(), &self.ports);
        self.expect(inspection.findings.iter().any(|finding| finding.code == Code::PayloadChanged), || {
            "inspection does not see that the token was changed".to_owned()
        })?;
        let sent = self.refused(session, token, 401)?;
        self.stopped_at(&sent, Gate::Signature)
    }

    fn refused_without_scope(&self, session: &mut Session) -> Result<(), Failure> {
        self.step(
            "Send one without the scope that the call needs",
            &format!("request send --profile {PROFILE} --env local --scope buyers.read --expect 403"),
        );
        let mut call = call(None);
        call.sign = request(&["buyers.read"]);
        call.expect = Some(403);
        let sent = self.call(session, call)?;
        self.stopped_at(&sent, Gate::Scope)
    }

    fn refused(&self, session: &mut Session, token: CompactJws, status: u16) -> Result<SentCall, Failure> {
        let mut call = call(Some(token.into_string()));
        call.expect = Some(status);
        self.call(session, call)
    }

    fn call(&self, session: &mut Session, request: CallRequest) -> Result<SentCall, Failure> {
        let mut execution = Execution::call(session, &request, false, &self.ports)?;
        let answered = execution.send(&Transport::default(), &Cancel::default(), &self.ports);
        execution.take(session, answered, &self.ports)?;
        let Outcome { call: Some(call), sent: Some(sent), .. } = execution.end() else {
            return Err(workbench::Error::Cancelled.into());
        };
        let value = wire::Sent::new(&call.request, &sent);
        self.shown(&show::verdict_and_gates(&value));
        let status = sent.exchange.outcome.as_ref().ok().map(|answer| answer.status);
        self.expect(sent.verdict.is_as_wanted(), || format!("the answer is {status:?}: {}", sent.verdict.sentence))?;
        Ok(sent)
    }

    fn stopped_at(&self, sent: &SentCall, gate: Gate) -> Result<(), Failure> {
        let stopped = sent.verdict.gates.iter().find(|rung| rung.passage == Passage::Stopped).map(|rung| rung.gate);
        self.expect(stopped == Some(gate), || format!("it was stopped at {stopped:?} instead of {gate:?}"))
    }

    /// The demo's own key, opened to make a token that must be refused.
    fn signing_key(&self, session: &mut Session) -> Result<SigningKey, Failure> {
        let pkcs8 = keys::export(
            session,
            KEY,
            &keys::Writing {
                half: jose::key::write::Half::Private,
                format: jose::key::write::Format::Der,
                naming: jose::jwk::Naming::Kid,
                passphrase: None,
            },
            "this demo",
            &self.ports,
        )?;
        let key = jose::key::read::read_pkcs8(&pkcs8).map_err(workbench::Error::from)?;
        let jwk = jose::key::Jwk::from(jose::key::Key::Private(key));
        Ok(SigningKey::new(Alg::ES512, &jwk, false).map_err(workbench::Error::from)?)
    }
}

fn request(scopes: &[&str]) -> SignRequest {
    SignRequest {
        profile: PROFILE.to_owned(),
        environment: "local".to_owned(),
        scopes: Some(scopes.iter().map(|scope| (*scope).to_owned()).collect()),
        ..SignRequest::default()
    }
}

fn call(token: Option<String>) -> CallRequest {
    let target = CallTarget::Endpoint("transactions".to_owned());
    CallRequest { sign: request(&["transactions.read"]), target: Some(target), token, ..CallRequest::default() }
}

fn life(inspection: &jose::inspect::Inspection) -> String {
    inspection.times.lifetime().map(jose::time::span).unwrap_or_default()
}

/// A folder for the demo's vault, removed at the end and when a signal ends the demo, unless it is to be kept.
struct Folder {
    path: PathBuf,
    _removed: Option<Undo>,
}

impl Folder {
    fn new(keep: Option<&Path>) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::new(Exit::Failed, format!("cannot make a folder: {error}"), None);
        if let Some(path) = keep {
            std::fs::create_dir(path).map_err(failed)?;
            return Ok(Self { path: path.to_owned(), _removed: None });
        }
        // Made while nobody else can look: a signal waits until there is a folder to remove.
        let made = Arc::new(Mutex::new(None::<PathBuf>));
        let mut path = made.lock().unwrap_or_else(PoisonError::into_inner);
        let to_remove = Arc::clone(&made);
        let removed = host::undo(move |moment| {
            let path = to_remove.lock().unwrap_or_else(PoisonError::into_inner);
            if let (Moment::End, Some(path)) = (moment, &*path) {
                remove(path);
            }
        })
        .map_err(failed)?;
        let temporary = tempfile::Builder::new().prefix("keywright-demo-").tempdir();
        let temporary = match temporary {
            Ok(temporary) => temporary.keep(),
            Err(error) => {
                drop(path);
                return Err(failed(error));
            }
        };
        *path = Some(temporary.clone());
        drop(path);
        Ok(Self { path: temporary, _removed: Some(removed) })
    }
}

/// Removes the folder, again where a step of the demo still wrote into it meanwhile.
fn remove(path: &Path) {
    for _ in 0..REMOVALS {
        match std::fs::remove_dir_all(path) {
            Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => {
                std::thread::sleep(Duration::from_millis(10));
            }
            // Gone, or nothing that another try mends.
            _ => return,
        }
    }
}
