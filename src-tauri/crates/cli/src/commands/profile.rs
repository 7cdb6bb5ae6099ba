//! `keywright profile`: add, list, show, set, rename, remove.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Args, Subcommand};
use provider::{Tier, parse_duration};
use wire::Profile;
use workbench::{
    definitions, environments,
    ports::Guard,
    profile_files,
    profiles::{self, NewProfile, ProfileChange},
    records,
    session::Session,
};

use crate::{
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options::{VaultOptions, pair},
    output::Output,
    world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a profile
    Add(Add),
    /// List the profiles
    List(VaultOptions),
    /// Show one profile
    Show(One),
    /// Change variables, keys, webhook secrets, addresses, default scopes, lifetime and guards
    Set(Set),
    /// Write a profile to a file, without keys and secrets, to hand it on
    Export(One),
    /// Make a profile of a file that one was exported to
    Import(Import),
    /// Give a profile another name; recipes and drafts follow
    Rename(Rename),
    /// Remove a profile; its keys stay
    #[command(visible_alias = "delete")]
    Remove(One),
}

#[derive(Debug, Args)]
pub struct Add {
    /// Its name
    name: String,
    /// The provider
    #[arg(long, value_name = "ID")]
    provider: String,
    /// A variable of the provider
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    variables: Vec<(String, String)>,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct One {
    /// Its name
    name: String,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The file, or - for standard input
    file: PathBuf,
    /// The name it gets; the one in the file unless given
    #[arg(long)]
    name: Option<String>,
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
pub struct Set {
    /// Its name
    name: String,
    /// A variable of the provider; an empty value takes it away
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    variables: Vec<(String, String)>,
    /// The key for an environment; an empty name takes it away
    #[arg(long = "key", value_name = "ENV=NAME", value_parser = pair)]
    keys: Vec<(String, String)>,
    /// The webhook secret for an environment; an empty name takes it away
    #[arg(long = "webhook-secret", value_name = "ENV=NAME", value_parser = pair)]
    webhook_secrets: Vec<(String, String)>,
    /// The address of an environment, where the provider publishes none
    #[arg(long = "base-url", value_name = "ENV=URL", value_parser = pair)]
    base_urls: Vec<(String, String)>,
    /// A scope that tokens get unless others are named
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Go back to the provider's default scopes
    #[arg(long, conflicts_with = "scopes")]
    default_scopes: bool,
    /// How long tokens live unless told otherwise
    #[arg(long, value_name = "15m", value_parser = |text: &str| parse_duration(text).map_err(|e| e.to_string()))]
    ttl: Option<provider::Seconds>,
    /// Agree that a live key goes to other hosts than before
    #[arg(long)]
    live: bool,
    /// How often the window asks before something live: once until it is locked, for each call that writes, or always
    #[arg(long = "guard", value_name = "ENV=once|writes|always", value_parser = guard)]
    guards: Vec<(String, Guard)>,
    #[command(flatten)]
    vault: VaultOptions,
}

/// Runs one of them.
pub fn run(command: Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let ports = world::ports();
    match command {
        Command::Add(add) => {
            let mut session = add.vault.unlock(input, output)?;
            let new =
                NewProfile { name: add.name, provider: add.provider, variables: add.variables.into_iter().collect() };
            let profile = profiles::add(&mut session, new, &ports)?;
            print(&session, &profile, output)?;
        }
        Command::List(vault) => {
            let session = vault.unlock(input, output)?;
            let all = profiles::list(&session)?;
            let all: Vec<Profile> =
                all.iter().map(|stored| wire(&session, &stored.value)).collect::<Result<_, Failure>>()?;
            let width = all.iter().map(|profile| profile.name.chars().count()).max().unwrap_or(0);
            output.result(&all, || all.iter().map(|p| format!("{:width$}  {}\n", p.name, p.provider)).collect())?;
            if all.is_empty() {
                output.note(
                    "no profiles yet; make one: keywright profile add NAME --provider ID (the ids: keywright provider list)",
                );
            }
        }
        Command::Show(one) => {
            let session = one.vault.unlock(input, output)?;
            print(&session, &profiles::show(&session, &one.name)?, output)?;
        }
        Command::Set(set) => {
            let (mut session, passphrase) = set.vault.unlock_with(input, output)?;
            let scopes = if set.default_scopes { Some(Vec::new()) } else { Some(set.scopes).filter(|s| !s.is_empty()) };
            let others = match set.webhook_secrets.is_empty() {
                true => BTreeMap::new(),
                false => {
                    let role = profiles::webhook_role(&session, &set.name)?;
                    let one = |(environment, name)| (environment, BTreeMap::from([(role.clone(), name)]));
                    set.webhook_secrets.into_iter().map(one).collect()
                }
            };
            let change = ProfileChange {
                others,
                variables: set.variables.into_iter().collect(),
                keys: set.keys.into_iter().collect(),
                base_urls: set.base_urls.into_iter().collect(),
                scopes,
                ttl: set.ttl.map(|ttl| ttl.0),
                guards: set.guards.into_iter().collect(),
                passphrase: Some(passphrase),
            };
            let profile = profiles::change(&mut session, &set.name, &change, &world::live_ports(set.live, output))?;
            print(&session, &profile, output)?;
        }
        Command::Export(one) => {
            let session = one.vault.unlock(input, output)?;
            output.bytes(profile_files::export(&session, &one.name)?.text().as_bytes())?;
        }
        Command::Import(import) => {
            Input::only_one(&[("the profile", is_stdin(Some(&import.file))), import.vault.passphrase.reader()])?;
            let bytes = input.bytes(&import.file, "the profile")?;
            let mut session = import.vault.unlock(input, output)?;
            let profile = profile_files::import(&mut session, &bytes, import.name.as_deref(), &ports)?;
            print(&session, &profile, output)?;
        }
        Command::Rename(rename) => {
            let mut session = rename.vault.unlock(input, output)?;
            let profile = profiles::rename(&mut session, &rename.name, &rename.wanted, &ports)?;
            print(&session, &profile, output)?;
        }
        Command::Remove(one) => {
            let mut session = one.vault.unlock(input, output)?;
            let removed = profiles::remove(&mut session, &one.name, &ports)?;
            let profile = Profile::new(&removed, profiles::Readiness::default());
            output.result(&profile, || format!("removed {}; its keys stay\n", profile.name))?;
        }
    }
    Ok(Exit::Done)
}

fn print(session: &Session, profile: &records::Profile, output: &Output) -> Result<(), Failure> {
    let value = wire(session, profile)?;
    let text = text(session, profile, &value)?;
    output.result(&value, || text)
}

/// A profile with what it lacks.
fn wire(session: &Session, profile: &records::Profile) -> Result<Profile, Failure> {
    Ok(Profile::new(profile, profiles::readiness(session, profile)?))
}

/// A profile as people read it: its variables, then each environment with its address and its key.
fn text(session: &Session, stored: &records::Profile, profile: &Profile) -> Result<String, Failure> {
    let definition = definitions::named(session, &profile.provider)?;
    let mut text = format!("{}\n  provider    {}\n", profile.name, definition.name);
    for (name, value) in &profile.variables {
        text += &format!("  variable    {name} = {value}\n");
    }
    if let Some(scopes) = &profile.scopes {
        text += &format!("  scopes      {}\n", scopes.join(" "));
    }
    if let Some(ttl) = profile.ttl {
        text += &format!("  lifetime    {}\n", jose::time::span(i64::try_from(ttl).unwrap_or(i64::MAX)));
    }
    for environment in &definition.environments {
        let address = match (environment.is_emulated(), environments::base_url(stored, definition, environment, None)) {
            (true, _) => "the emulator, on this computer".to_owned(),
            (_, Ok(url)) => url.to_string(),
            (_, Err(_)) => format!("no address yet (--base-url {}=URL)", environment.id),
        };
        let live = if environment.tier_or_live() == Tier::Live { ", LIVE" } else { "" };
        let key = profile.keys.get(&environment.id).map_or("no key yet".to_owned(), |key| format!("key {key}"));
        let guard = match (environment.tier_or_live(), profiles::guard(stored, &environment.id)) {
            (Tier::Live, Guard::Once) => ", asks once",
            (Tier::Live, Guard::Always) => ", asks always",
            _ => "",
        };
        text += &format!("  {:10}  {address}{live}, {key}{guard}\n", environment.id);
        for (role, name) in profile.others.get(&environment.id).into_iter().flatten() {
            text += &format!("  {:10}  {role} {name}\n", "");
        }
    }
    Ok(text)
}

/// `production=always`.
fn guard(text: &str) -> Result<(String, Guard), String> {
    let (environment, guard) = pair(text)?;
    let guard = match guard.as_str() {
        "once" => Guard::Once,
        "writes" => Guard::Writes,
        "always" => Guard::Always,
        _ => return Err("wanted once, writes or always".to_owned()),
    };
    Ok((environment, guard))
}
