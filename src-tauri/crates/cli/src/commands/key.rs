//! `keywright key`: generate, import, list, show, export, rename, choose, history, delete, restore, destroy, thumbprint, convert.

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    time::SystemTime,
};

use clap::{Args, Subcommand};
use jose::{
    Alg, Finding,
    jwk::Naming,
    key::{
        Key as AnyKey,
        read::Found,
        write::{Format, Half},
    },
};
use wire::{Key, KeyEvent, KeyState, KeyText, Tier};
use workbench::{
    keys::{self, Age, Coming, For, Kept, Writing},
    session::Session,
};
use zeroize::Zeroizing;

use crate::{
    exit::{Exit, Failure},
    flags::argument,
    input::{Input, is_stdin},
    options::{self, KeyReading, VaultOptions},
    output::{Output, is_stdout},
    world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a key and seal it
    Generate(Generate),
    /// Seal a key from a file
    Import(Import),
    /// List the sealed keys
    List(List),
    /// Show one sealed key: its public half and where it belongs
    Show(Show),
    /// Write a sealed key to a file or a pipe
    Export(Export),
    /// Give a sealed key another name; profiles and recipes that use it follow
    Rename(Rename),
    /// Let an environment of a profile call with this key from now on; within a line, a rotation does that
    Choose(Choose),
    /// Show what happened to a key: chosen, exported, rotated, deleted
    History(Show),
    /// Delete a sealed key; it can be restored for 30 days
    Delete(Delete),
    /// Restore a deleted key
    Restore(Show),
    /// Destroy a deleted key for good
    Destroy(Show),
    /// Print the RFC 7638 thumbprint of a key, the kid of many APIs
    Thumbprint(Thumbprint),
    /// The JWK Set of a line: the public halves that verifiers must know, now or at another moment
    Set(Set),
    /// Convert a key file to another form, without a vault
    Convert(Convert),
}

#[derive(Debug, Args)]
pub struct Belongs {
    /// Set it for an environment of this profile, and seal it for that
    #[arg(long, value_name = "NAME", requires = "env")]
    profile: Option<String>,
    /// The environment
    #[arg(long, value_name = "ID", requires = "profile")]
    env: Option<String>,
}

impl Belongs {
    fn place(&self) -> Option<For<'_>> {
        Some(For { profile: self.profile.as_deref()?, environment: self.env.as_deref()? })
    }
}

#[derive(Debug, Args)]
pub struct Generate {
    /// The algorithm that it signs with
    #[arg(long, value_name = "ALG", value_parser = alg)]
    alg: Alg,
    /// Its name
    #[arg(long)]
    name: String,
    /// The size of an RSA key
    #[arg(long, value_name = "BITS", default_value_t = 3072, value_parser = rsa_bits)]
    rsa_bits: u32,
    #[command(flatten)]
    belongs: Belongs,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The file, or - for standard input
    file: PathBuf,
    /// Its name
    #[arg(long)]
    name: String,
    /// The algorithm that it signs with, where the key leaves a choice
    #[arg(long, value_name = "ALG", value_parser = alg)]
    alg: Option<Alg>,
    /// The day on which it was made, such as 2026-11-22, or unknown; asked at a terminal, unknown elsewhere
    #[arg(long, value_name = "DATE", value_parser = keys::read_made)]
    made: Option<Age>,
    /// The key id that the provider's dashboard shows, to compare and to use; of a file with several keys the one to seal
    #[arg(long, value_name = "KID")]
    kid: Option<String>,
    #[command(flatten)]
    reading: KeyReading,
    #[command(flatten)]
    belongs: Belongs,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Show {
    /// Its name
    name: String,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Choose {
    /// Its name
    name: String,
    /// The profile
    #[arg(long, value_name = "NAME")]
    profile: String,
    /// The environment
    #[arg(long, value_name = "ID")]
    env: String,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Delete {
    /// Its name
    name: String,
    /// End its use first: the profiles that call with it have no key then
    #[arg(long)]
    end_use: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct List {
    /// List the deleted keys, which can be restored, instead
    #[arg(long)]
    deleted: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Set {
    /// A key of the line
    name: String,
    /// The set as it was then: RFC 3339 or seconds since 1970
    #[arg(long, value_name = "TIME", value_parser = options::time)]
    at: Option<i64>,
    /// The file to write; - or nothing for standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long, requires = "output")]
    force: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Rename {
    /// Its name
    name: String,
    /// Its new name
    wanted: String,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Target {
    /// Write the private half
    #[arg(long, conflicts_with = "public")]
    private: bool,
    /// Write the public half
    #[arg(long)]
    public: bool,
    /// The form: jwk, jwks, pkcs8, pkcs8-encrypted, pkcs1, sec1, spki, der
    #[arg(long, value_name = "FORMAT", value_parser = options::format)]
    to: Format,
    /// The file to write, readable by its owner alone; - or nothing for standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write over the file if it exists
    #[arg(long, requires = "output")]
    force: bool,
    /// For pkcs8-encrypted: read the passphrase of the new file from the first line of a file
    #[arg(long, value_name = "FILE")]
    new_key_passphrase_file: Option<PathBuf>,
    /// For jwk and jwks: leave kid out
    #[arg(long)]
    no_kid: bool,
}

#[derive(Debug, Args)]
pub struct Export {
    /// Its name
    name: String,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Thumbprint {
    /// The file, or - for standard input
    file: PathBuf,
    /// Which key of the file, where it holds several
    #[arg(long, value_name = "KID")]
    kid: Option<String>,
    #[command(flatten)]
    reading: KeyReading,
}

#[derive(Debug, Args)]
pub struct Convert {
    /// The file, or - for standard input. Of a JWK Set all keys are converted where the form is jwks, else one of them
    file: PathBuf,
    /// Which key of the file, where it holds several
    #[arg(long, value_name = "KID")]
    kid: Option<String>,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    reading: KeyReading,
}

/// Runs one of them.
pub fn run(command: Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::Generate(arguments) => generate(&arguments, input, output),
        Command::Import(arguments) => import(arguments, input, output),
        Command::List(arguments) => list(&arguments, input, output),
        Command::Show(arguments) => show(&arguments, input, output),
        Command::Export(arguments) => export(&arguments, input, output),
        Command::Rename(arguments) => rename(&arguments, input, output),
        Command::Choose(arguments) => choose(&arguments, input, output),
        Command::History(arguments) => history(&arguments, input, output),
        Command::Delete(arguments) => delete(&arguments, input, output),
        Command::Restore(arguments) => restore(&arguments, input, output),
        Command::Destroy(arguments) => destroy(&arguments, input, output),
        Command::Thumbprint(arguments) => thumbprint(&arguments, input, output),
        Command::Set(arguments) => set(&arguments, input, output),
        Command::Convert(arguments) => convert(&arguments, input, output),
    }
}

fn generate(arguments: &Generate, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    let mut session = arguments.vault.unlock(input, output)?;
    let busy = output.busy("making the key");
    let place = arguments.belongs.place();
    let kept = keys::generate(&mut session, arguments.alg, arguments.rsa_bits, &arguments.name, place, &ports)?;
    drop(busy);
    let key = shown(&session, &kept.credential.name)?;
    output.result(&key, || text(&key))?;
    output.findings(&kept.findings);
    beside(&kept.credential.name, kept.beside.as_deref(), place, output);
    still_wants(&kept, output);
    Ok(Exit::Done)
}

fn import(arguments: Import, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    Input::only_one(&[
        ("the key", is_stdin(Some(&arguments.file))),
        arguments.reading.reader(),
        arguments.vault.passphrase.reader(),
    ])?;
    let hold = input.hold();
    let bytes = arguments.reading.load(&arguments.file, "the key", input)?;
    // What is wrong with the file is said before a passphrase is asked for.
    bytes.text().check(arguments.kid.as_deref(), arguments.alg)?;
    let mut session = arguments.vault.unlock(input, output)?;
    let made = when_made(&arguments, input, output)?;
    drop(hold);
    let Import { alg, name, kid, belongs, .. } = &arguments;
    let coming = Coming { name, alg: *alg, kid: kid.clone(), belongs: belongs.place(), made };
    let kept = keys::import(&mut session, bytes.text(), &coming, &ports)?;
    let key = shown(&session, &kept.credential.name)?;
    output.result(&key, || text(&key))?;
    output.findings(&kept.findings);
    beside(name, kept.beside.as_deref(), belongs.place(), output);
    if made == Age::NotKnown && arguments.made.is_none() {
        output.note("nobody knows how old it is, so it counts as due once it calls: say --made DATE where you know");
    }
    still_wants(&kept, output);
    Ok(Exit::Done)
}

/// When the key was made: its file does not say so, and offers the day on which it was changed last.
fn when_made(arguments: &Import, input: &Input, output: &Output) -> Result<Age, Failure> {
    if let Some(made) = arguments.made {
        return Ok(made);
    }
    if output.is_json() || !std::io::stdin().is_terminal() {
        return Ok(Age::NotKnown);
    }
    let changed = arguments.file.metadata().and_then(|file| file.modified()).ok();
    let changed = changed.and_then(|at| i64::try_from(at.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs()).ok());
    let offered = changed.filter(|at| *at <= world::ports().clock.now()).map(keys::day);
    let hint = "a day such as 2026-11-22, or unknown";
    let question = match &offered {
        Some(day) => format!("When was it made? {hint} [{day}, when the file was changed last]: "),
        None => format!("When was it made? {hint} [unknown]: "),
    };
    let typed = input.ask(&question)?;
    let answer = Some(typed.trim()).filter(|typed| !typed.is_empty()).or(offered.as_deref()).unwrap_or(keys::UNKNOWN);
    keys::read_made(answer).map_err(|message| Failure::usage(message, "say --made DATE, or --made unknown"))
}

/// A key as it is now.
pub fn shown(session: &Session, name: &str) -> Result<Key, Failure> {
    Ok(Key::from(&keys::detail(session, name, world::ports().clock.now())?.row))
}

/// Says what nothing is signed without.
fn still_wants(kept: &Kept, output: &Output) {
    if let Some(field) = &kept.missing {
        let name = argument(&kept.credential.name);
        output.note(&format!("it signs once {field} is there: keywright credential set {name} --field {field}=VALUE"));
    }
}

/// Says that a target goes on with the key that it has.
pub fn beside(new: &str, beside: Option<&str>, place: Option<For<'_>>, output: &Output) {
    if let (Some(active), Some(For { profile, environment })) = (beside, place) {
        let (new, to) = (argument(new), argument(profile));
        output.note(&format!("{new} is a draft: {profile} goes on with {active} until another key is chosen"));
        output.note(&format!("to choose it: keywright key choose {new} --profile {to} --env {environment}"));
    }
}

fn list(arguments: &List, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let session = arguments.vault.unlock(input, output)?;
    let rows = keys::rows(&session, world::ports().clock.now())?;
    let wanted = rows.iter().filter(|row| row.credential.deleted.is_some() == arguments.deleted);
    let all: Vec<Key> = wanted.map(Key::from).collect();
    let width = all.iter().map(|key| key.name.chars().count()).max().unwrap_or(0);
    let line = |key: &Key| {
        let place = key.binding.as_ref().map_or("not set for an environment", |binding| binding.label.as_str());
        let live = if key.binding.as_ref().is_some_and(|b| b.tier == Tier::Live) { "  LIVE" } else { "" };
        let (is, known) = match key.alg {
            Some(alg) => (alg.to_owned(), key.kid.as_deref().unwrap_or("no kid")),
            None => (key.kind.to_string(), key.describe.as_str()),
        };
        let state = state_name(key.state);
        format!("{:width$}  {is:7}  {known:43}  {state:9}  {place}{live}\n", key.name)
    };
    output.result(&all, || all.iter().map(line).collect())?;
    for (key, due) in all.iter().filter_map(|key| Some((key, key.due.as_ref()?))) {
        output.note(&format!("{}: {}", key.name, due.words));
    }
    if all.is_empty() {
        output.note(match arguments.deleted {
            true => "no deleted keys",
            false => "no keys yet; make one: keywright key generate --alg ALG --name NAME",
        });
    }
    Ok(Exit::Done)
}

/// Writes the set as it is, and says beside it who is in it, and why.
fn set(arguments: &Set, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let session = arguments.vault.unlock(input, output)?;
    let set = keys::line_set(&session, &arguments.name, arguments.at)?;
    let mut value = KeyText { format: Format::Jwks.name(), file: None, text: None, findings: Vec::new() };
    match arguments.output.as_deref().filter(|path| !is_stdout(path)) {
        Some(path) => {
            write_file(path, set.text.as_bytes(), arguments.force)?;
            let file = path.display().to_string();
            output.note(&format!("wrote {file}"));
            value.file = Some(file);
            if output.is_json() {
                output.result(&value, String::new)?;
            }
        }
        None if output.is_json() => {
            value.text = Some(set.text.clone());
            output.result(&value, String::new)?;
        }
        None => output.bytes(set.text.as_bytes())?,
    }
    for (name, state) in &set.members {
        output.note(&format!("{name}: {state}"));
    }
    Ok(Exit::Done)
}

fn rename(arguments: &Rename, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let mut session = arguments.vault.unlock(input, output)?;
    let renamed = keys::rename(&mut session, &arguments.name, &arguments.wanted, &world::ports())?;
    let key = shown(&session, &renamed.name)?;
    output.result(&key, || text(&key))?;
    Ok(Exit::Done)
}

fn choose(arguments: &Choose, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let mut session = arguments.vault.unlock(input, output)?;
    let Choose { name, profile, env, .. } = arguments;
    let place = For { profile, environment: env };
    let (chosen, undo) = keys::choose_for(&mut session, name, place, &world::ports())?;
    let key = shown(&session, name)?;
    output.result(&key, || text(&key))?;
    output.note(&match undo {
        Some(_) => format!("{profile} calls with {name} in {env} from now on"),
        None => format!("{profile} called with {name} in {env} already"),
    });
    if let (Some(before), Some(_)) = (&chosen.instead, undo) {
        let (before, profile) = (argument(before), argument(profile));
        output.note(&format!("to go back: keywright key choose {before} --profile {profile} --env {env}"));
    }
    Ok(Exit::Done)
}

fn history(arguments: &Show, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let session = arguments.vault.unlock(input, output)?;
    let told = keys::history(&session, &arguments.name)?;
    let told: Vec<KeyEvent> = told.iter().map(KeyEvent::from).collect();
    let line = |event: &KeyEvent| format!("{}  {}\n", jose::time::utc(event.at), event.words);
    output.result(&told, || told.iter().map(line).collect())?;
    if told.is_empty() {
        output.note("nothing happened to it since keys have a history: its next change begins one");
    }
    Ok(Exit::Done)
}

fn delete(arguments: &Delete, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let mut session = arguments.vault.unlock(input, output)?;
    let Delete { name, end_use, .. } = arguments;
    keys::show(&session, name)?;
    let targets = shown(&session, name)?.targets;
    match end_use {
        true => keys::delete_ending_use(&mut session, name, &world::ports())?,
        false => keys::delete(&mut session, name, &world::ports())?,
    };
    // Another key may be shown under its name from now on.
    let deleted = keys::rows(&session, world::ports().clock.now())?;
    let deleted = deleted.iter().find(|row| row.credential.deleted.is_some() && row.credential.name == *name);
    let key = match deleted {
        Some(row) => Key::from(row),
        None => shown(&session, name)?,
    };
    output.result(&key, || format!("deleted {name}\n"))?;
    for target in targets {
        output.note(&format!("{} has no key in {} now", target.profile, target.environment));
    }
    output.note(&format!("It can be restored for 30 days: keywright key restore {}", argument(&key.name)));
    Ok(Exit::Done)
}

fn restore(arguments: &Show, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let mut session = arguments.vault.unlock(input, output)?;
    let restored = keys::restore(&mut session, &arguments.name, &world::ports())?;
    let key = shown(&session, &restored.name)?;
    output.result(&key, || text(&key))?;
    Ok(Exit::Done)
}

fn destroy(arguments: &Show, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let mut session = arguments.vault.unlock(input, output)?;
    let key = shown(&session, &arguments.name)?;
    let key = Key { state: KeyState::Destroyed, ..key };
    keys::destroy(&mut session, &arguments.name, &world::ports())?;
    output.result(&key, || format!("destroyed {}\n", arguments.name))?;
    Ok(Exit::Done)
}

fn show(arguments: &Show, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let session = arguments.vault.unlock(input, output)?;
    keys::show(&session, &arguments.name)?;
    let key = shown(&session, &arguments.name)?;
    output.result(&key, || text(&key))?;
    Ok(Exit::Done)
}

fn export(arguments: &Export, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let target = &arguments.target;
    let half = target.half(Half::Public);
    if half == Half::Private && !target.private {
        let message = format!("the form {} holds the private key", target.to.name());
        return Err(Failure::usage(
            message,
            "say --private to write it, or choose jwk, jwks or spki for the public half",
        ));
    }
    target.check(half)?;
    Input::only_one(&[target.reader(), arguments.vault.passphrase.reader()])?;
    // What is said afterwards may wait for its reader. The vault does not stay open for that.
    let bytes = memory::clean_stack(|| {
        let hold = input.hold();
        let passphrase = target.passphrase(input)?;
        let mut session = arguments.vault.unlock(input, output)?;
        drop(hold);
        let writing = target.writing(half, passphrase.as_ref());
        Ok::<_, Failure>(keys::export(&mut session, &arguments.name, &writing, &target.words(), &world::ports())?)
    })?;
    target.deliver(bytes, half, &[], output)
}

fn thumbprint(arguments: &Thumbprint, input: &Input, output: &Output) -> Result<Exit, Failure> {
    Input::only_one(&[("the key", is_stdin(Some(&arguments.file))), arguments.reading.reader()])?;
    let bytes = arguments.reading.load(&arguments.file, "the key", input)?;
    let (jwk, mut noticed) = bytes.text().choose(arguments.kid.as_deref(), None)?;
    let Some(public) = jwk.key.public() else {
        let hint = "a thumbprint of a shared secret would help to guess it";
        return Err(Failure::new(Exit::Malformed, "a shared secret has no public thumbprint", Some(hint)));
    };
    let thumbprint = public.thumbprint();
    noticed.extend(jwk.kid.as_deref().and_then(|kid| keys::compare_kid(&jwk, kid)));
    let findings = noticed.iter().map(wire::Finding::from).collect();
    let value = KeyText { format: "thumbprint", file: None, text: Some(thumbprint.clone()), findings };
    output.result(&value, || format!("{thumbprint}\n"))?;
    output.findings(&noticed);
    Ok(Exit::Done)
}

fn convert(arguments: &Convert, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let file = ("the key", is_stdin(Some(&arguments.file)));
    Input::only_one(&[file, arguments.reading.reader(), arguments.target.reader()])?;
    let hold = input.hold();
    let bytes = arguments.reading.load(&arguments.file, "the key", input)?;
    let (target, text) = (&arguments.target, bytes.text());
    if let (Format::Jwks, None) = (target.to, &arguments.kid) {
        let found = text.read()?;
        let half = target.half_of_set(&found)?;
        target.check(half)?;
        let (set, noticed) = keys::convert_set(found, half, target.naming())?;
        return target.deliver(set, half, &noticed, output);
    }
    let (jwk, noticed) = text.choose(arguments.kid.as_deref(), None)?;
    let half = target.half(usual_half(&jwk.key));
    target.check(half)?;
    let passphrase = target.passphrase(input)?;
    drop(hold);
    let written = keys::convert(&jwk, &target.writing(half, passphrase.as_ref()), &world::ports())?;
    target.deliver(written, half, &noticed, output)
}

/// The half that a file with this key is about.
fn usual_half(key: &AnyKey) -> Half {
    if matches!(key, AnyKey::Public(_)) { Half::Public } else { Half::Private }
}

impl Target {
    /// The half that is meant: said, else what the form holds alone, else the usual one.
    fn half(&self, usual: Half) -> Half {
        match (self.private, self.public) {
            (true, _) => Half::Private,
            (_, true) => Half::Public,
            _ => self.to.half().unwrap_or(usual),
        }
    }

    /// The half of a whole set. One with private keys is published by mistake more easily than one key is, so it must be said.
    fn half_of_set(&self, found: &Found) -> Result<Half, Failure> {
        let keys = &found.keys;
        let usual = keys.iter().map(|jwk| usual_half(&jwk.key)).find(|half| *half == Half::Private);
        if usual.is_some() && keys.len() > 1 && !self.private && !self.public {
            let hint =
                "--public writes the public halves, which are to be published; --private writes the keys themselves";
            return Err(Failure::usage("the set holds private keys: which half shall be written?", hint));
        }
        Ok(self.half(usual.unwrap_or(Half::Public)))
    }

    fn naming(&self) -> Naming {
        if self.no_kid { Naming::Nothing } else { Naming::Kid }
    }

    fn writing<'a>(&self, half: Half, passphrase: Option<&'a Zeroizing<String>>) -> Writing<'a> {
        let passphrase = passphrase.map(|text| text.as_bytes());
        Writing { half, format: self.to, naming: self.naming(), passphrase }
    }

    /// The file to write, if not standard output is.
    fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !is_stdout(path))
    }

    /// Where it goes, as the history of a key says it.
    fn words(&self) -> String {
        match self.file() {
            Some(path) => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string(),
            None => "standard output".to_owned(),
        }
    }

    fn reader(&self) -> (&'static str, bool) {
        ("--new-key-passphrase-file", is_stdin(self.new_key_passphrase_file.as_deref()))
    }

    /// A private key never goes to a terminal unasked, and of the forms a JWK alone has a kid.
    fn check(&self, half: Half) -> Result<(), Failure> {
        if self.no_kid && !matches!(self.to, Format::Jwk | Format::Jwks) {
            let message = format!("--no-kid is about jwk and jwks, and the form {} has no kid", self.to.name());
            return Err(Failure::usage(message, "leave --no-kid out"));
        }
        if self.force && self.file().is_none() {
            return Err(Failure::usage("--force is about a file, and - is standard output", "leave --force out"));
        }
        if half == Half::Private && self.file().is_none() && std::io::stdout().is_terminal() {
            let hint = "write it to a file with -o FILE, or pipe it on; --public writes the public half";
            return Err(Failure::usage("a private key is not printed on a terminal", hint));
        }
        Ok(())
    }

    fn passphrase(&self, input: &Input) -> Result<Option<Zeroizing<String>>, Failure> {
        match (&self.new_key_passphrase_file, self.to) {
            (Some(file), _) => input.secret_line(file, "--new-key-passphrase-file").map(Some),
            (None, Format::Pkcs8Encrypted) => input.ask_twice("Passphrase for the new file: ").map(Some),
            (None, _) => Ok(None),
        }
    }

    fn deliver(
        &self,
        bytes: Zeroizing<Vec<u8>>,
        half: Half,
        noticed: &[Finding],
        output: &Output,
    ) -> Result<Exit, Failure> {
        let findings = noticed.iter().map(wire::Finding::from).collect();
        let mut value = KeyText { format: self.to.name(), file: None, text: None, findings };
        match self.file() {
            Some(path) => {
                write_file(path, &bytes, self.force)?;
                drop(bytes);
                let file = path.display().to_string();
                if output.is_json() {
                    value.file = Some(file);
                    output.result(&value, String::new)?;
                } else {
                    output.note(&format!("wrote {file}"));
                }
            }
            None if output.is_json() && half == Half::Public && self.to != Format::Der => {
                value.text = Some(String::from_utf8_lossy(&bytes).into_owned());
                output.result(&value, String::new)?;
            }
            None => output.bytes(&bytes)?,
        }
        output.findings(noticed);
        Ok(Exit::Done)
    }
}

fn write_file(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let existing = if force { host::Existing::Replace } else { host::Existing::Keep };
    Ok(host::write(path, bytes, existing)?)
}

fn text(key: &Key) -> String {
    let alg = key.alg.map(|alg| format!(" for {alg}")).unwrap_or_default();
    let mut text = format!("{}\n  {}{alg}, {}\n", key.name, key.describe, key.origin);
    for (name, value) in &key.fields {
        text += &format!("  {name:9} {value}\n");
    }
    text += &format!("  state     {}\n", state_words(key));
    if key.line.len() > 1 {
        let others = key.line.iter().map(|one| format!("{} ({})", one.name, one.state));
        text += &format!("  line      {}\n", others.collect::<Vec<_>>().join(", "));
    }
    text += &format!("  made      {}\n", key.made.map_or_else(|| "nobody knows when".to_owned(), keys::day));
    if let Some(at) = key.accepted {
        text += &format!("  accepted  last on {}\n", jose::time::utc(at));
    }
    if let Some(due) = &key.due {
        text += &format!("  due       {}\n", due.words);
    }
    if let Some(kid) = &key.kid {
        text += &format!("  kid       {kid}\n");
    }
    text += &match &key.binding {
        Some(binding) => {
            let hosts = if binding.hosts.is_empty() { "sent nowhere".to_owned() } else { binding.hosts.join(", ") };
            format!("  sealed    for {} ({}), {hosts}\n", binding.label, binding.tier)
        }
        None => "  sealed    for no environment yet: keywright profile set PROFILE --key ENV=NAME\n".to_owned(),
    };
    if let Some(thumbprint) = key.thumbprint.as_ref().filter(|thumbprint| Some(*thumbprint) != key.kid.as_ref()) {
        text += &format!("  thumb     {thumbprint}\n");
    }
    if let Some(public) = &key.public_jwk {
        text += &format!("  public    {public}\n");
    }
    text
}

/// A state in a word.
fn state_name(state: KeyState) -> String {
    match state {
        KeyState::DestroyScheduled => "deleted".to_owned(),
        state => state.to_string(),
    }
}

/// Its state, and who calls with it.
fn state_words(key: &Key) -> String {
    let users = key.targets.iter().map(|target| format!("{} ({})", target.profile, target.environment));
    let users = users.collect::<Vec<_>>().join(", ");
    let state = match key.state {
        KeyState::DestroyScheduled => "deleted, restorable for 30 days".to_owned(),
        state => state_name(state),
    };
    match (key.state, users.is_empty()) {
        (KeyState::Active, true) => format!("{state}, and no profile calls with it"),
        (_, true) => state,
        _ => format!("{state}: {users} calls with it").replacen(
            "calls",
            if key.targets.len() > 1 { "call" } else { "calls" },
            1,
        ),
    }
}

/// An algorithm by its name.
pub fn alg(name: &str) -> Result<Alg, String> {
    name.parse().map_err(|error: jose::alg::UnknownAlg| error.to_string())
}

fn rsa_bits(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(bits @ (2048 | 3072 | 4096)) => Ok(bits),
        _ => Err("wanted 2048, 3072 or 4096".to_owned()),
    }
}
