//! `keywright provider`: the APIs whose rules Keywright knows, and definitions of your own.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use provider::{Definition, definition::BaseUrl};
use wire::{
    DefinitionChange, DefinitionCheck, DefinitionError, DefinitionForgotten, DefinitionTaken, FileState, OwnDefinition,
    Provider, ProviderRotation, StartingFile,
};
use workbench::{
    definitions,
    providers::{self, DefinitionFile, Taken},
};

use crate::{
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    options::{self, VaultOptions},
    output::Output,
    style, world,
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the APIs whose rules are built in
    List,
    /// Show an API's environments, variables, endpoints, scopes, and how its keys are rotated
    Show(Show),
    /// Print a commented definition file to begin with, for an API that is not known yet
    New(New),
    /// Check a definition file and say what is wrong with it, and where
    Check(Check),
    /// Say what changed from one definition file to another, and what a live credential would follow
    Diff(Diff),
    /// Take a definition file into use. One with the id of a provider that is known stands in for that
    Add(Add),
    /// List the definitions that were added, with their files and what changed there since
    Own(VaultOptions),
    /// Take the edited file of a definition into use
    Update(OfOwn),
    /// Forget a definition; a built-in one of its id counts again
    Remove(OfOwn),
}

#[derive(Debug, Args)]
pub struct New {
    /// The API's name
    #[arg(required_unless_present = "like")]
    name: Option<String>,
    /// Print a built-in definition instead, to change what it says: added under its id, it stands in for that one
    #[arg(long, value_name = "ID", conflicts_with = "name")]
    like: Option<String>,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// The old file
    old: PathBuf,
    /// The new file
    new: PathBuf,
}

#[derive(Debug, Args)]
pub struct Show {
    /// Its id, or the file of a definition
    #[arg(value_name = "ID|FILE")]
    id: String,
    /// Show what counts in the vault: definitions that were added, and what stands in for built-in ones
    #[arg(long)]
    own: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The file, or - for standard input
    file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Add {
    /// The file, or - for standard input
    file: PathBuf,
    /// Agree that live credentials follow it, where it changes where they go or what they sign
    #[arg(long)]
    live: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

#[derive(Debug, Args)]
pub struct OfOwn {
    /// Its id
    id: String,
    /// Agree that live credentials follow it, where it changes where they go or what they sign
    #[arg(long)]
    live: bool,
    #[command(flatten)]
    vault: VaultOptions,
}

/// Runs one of them.
pub fn run(command: &Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::List => {
            let all: Vec<Provider> = provider::built_in().iter().map(Provider::from).collect();
            let width = all.iter().map(|provider| provider.id.len()).max().unwrap_or(0);
            output.result(&all, || all.iter().map(|p| format!("{:width$}  {}\n", p.id, p.name)).collect())?;
        }
        Command::Show(arguments) => show(arguments, input, output)?,
        Command::Own(vault) => own(vault, input, output)?,
        Command::New(new) => {
            let text = match &new.like {
                Some(id) => provider::built_in_text(&definitions::built_in(id)?.id).unwrap_or_default().to_owned(),
                None => provider::scaffold(new.name.as_deref().unwrap_or_default()),
            };
            output.result(&StartingFile { text: text.clone() }, || text.clone())?;
            let begun = new.like.is_none().then(|| Definition::parse(&text).ok()).flatten();
            if let Some(built_in) = begun.and_then(|begun| provider::built_in_named(&begun.id)) {
                output.note(&format!(
                    "{} is built in as {}: once added, this file stands in for it, unless you write another id",
                    built_in.name, built_in.id
                ));
            }
        }
        Command::Diff(arguments) => diff(arguments, input, output)?,
        Command::Check(arguments) => return check(arguments, input, output),
        Command::Add(add) => {
            Input::only_one(&[("the definition", is_stdin(Some(&add.file))), add.vault.passphrase.reader()])?;
            let bytes = input.bytes(&add.file, "the definition")?.to_vec();
            // The vault is asked for a file that is one; from anywhere else, it finds the same one.
            let file = (!is_stdin(Some(&add.file))).then(|| std::path::absolute(&add.file).unwrap_or(add.file.clone()));
            let mut session = add.vault.unlock(input, output)?;
            let taken =
                providers::take(&mut session, DefinitionFile { bytes, file }, &world::live_ports(add.live, output))?;
            tell(&taken, output)?;
        }
        Command::Update(update) => {
            let mut session = update.vault.unlock(input, output)?;
            let ports = world::live_ports(update.live, output);
            let taken = providers::take_again(&mut session, &update.id, &ports);
            if let Err(workbench::Error::Policy(workbench::PolicyError::LiveWithoutConsent { .. })) = &taken {
                // What one would agree to.
                let own = providers::own(&session, &ports)?.into_iter().map(OwnDefinition::from);
                note_changes(own.filter(|own| own.id == update.id), output);
            }
            tell(&taken?, output)?;
        }
        Command::Remove(remove) => {
            let mut session = remove.vault.unlock(input, output)?;
            let words = providers::remove(&mut session, &remove.id, &world::live_ports(remove.live, output))?
                .words()
                .to_owned();
            let value = DefinitionForgotten { id: remove.id.clone(), words };
            output.result(&value, || format!("{}\n", value.words))?;
        }
    }
    Ok(Exit::Done)
}

fn own(vault: &VaultOptions, input: &Input, output: &Output) -> Result<(), Failure> {
    let session = vault.unlock(input, output)?;
    let own = providers::own(&session, &world::ports())?;
    let own: Vec<OwnDefinition> = own.into_iter().map(OwnDefinition::from).collect();
    let width = own.iter().map(|own| own.id.len()).max().unwrap_or(0);
    let line = |own: &OwnDefinition| {
        let file = own.file.as_deref().unwrap_or("from no file");
        let stands_in = if own.stands_in { ", in place of the built-in one" } else { "" };
        let words = match own.on_disk {
            FileState::Changed if own.changes.is_empty() => ", whose comments changed".to_owned(),
            FileState::Changed => format!(", which changed: keywright provider update {}", own.id),
            FileState::Unfit => {
                own.problem.as_ref().map(|problem| format!(": {}", problem.message)).unwrap_or_default()
            }
            _ => String::new(),
        };
        format!("{:width$}  {}{stands_in}, {file}{words}\n", own.id, own.name)
    };
    output.result(&own, || own.iter().map(line).collect())?;
    let none = own.is_empty();
    note_changes(own.into_iter(), output);
    if none {
        output.note("none yet; begin one: keywright provider new \"Acme Pay\" > acme.toml");
    }
    Ok(())
}

fn note_changes(own: impl Iterator<Item = OwnDefinition>, output: &Output) {
    for own in own.filter(|own| !own.changes.is_empty()) {
        let lines: String = own.changes.iter().map(change_line).collect();
        output.note(&format!("{} changed on disk:\n{}", own.id, lines.trim_end()));
    }
}

fn show(arguments: &Show, input: &Input, output: &Output) -> Result<(), Failure> {
    let definition = match arguments.own {
        true => definitions::named(&arguments.vault.unlock(input, output)?, &arguments.id)?,
        false => options::definition(&arguments.id, input)?,
    };
    let value = Provider::from(definition);
    output.result(&value, || text(&value, definition))
}

fn diff(arguments: &Diff, input: &Input, output: &Output) -> Result<(), Failure> {
    let Diff { old, new } = arguments;
    Input::only_one(&[("the old file", is_stdin(Some(old))), ("the new file", is_stdin(Some(new)))])?;
    let (old, new) = (input.text(old, "the old file")?, input.text(new, "the new file")?);
    let changes = provider::diff(&old, &new)
        .map_err(|error| Failure::new(Exit::Malformed, error.to_string(), error.hint().as_deref()))?;
    let value: Vec<DefinitionChange> = changes.iter().map(DefinitionChange::from).collect();
    output.result(&value, || value.iter().map(change_line).collect())?;
    if value.is_empty() {
        output.note("they say the same");
    }
    Ok(())
}

fn check(arguments: &Check, input: &Input, output: &Output) -> Result<Exit, Failure> {
    let bytes = input.bytes(&arguments.file, "the definition")?;
    let Err(errors) = Definition::check_bytes(&bytes) else {
        let value = DefinitionCheck { errors: Vec::new() };
        output.result(&value, || format!("{} is well formed\n", arguments.file.display()))?;
        return Ok(Exit::Done);
    };
    if output.is_json() {
        let one = |e: &provider::DefinitionError| DefinitionError { message: e.to_string(), hint: e.hint() };
        output.result(&DefinitionCheck { errors: errors.iter().map(one).collect() }, String::new)?;
    } else {
        for error in &errors {
            output.error(&format!("{}: {error}", arguments.file.display()), error.hint().as_deref());
        }
    }
    Ok(Exit::Malformed)
}

/// Says what counts now, and what changed.
fn tell(taken: &Taken, output: &Output) -> Result<(), Failure> {
    let changes = taken.changes.as_ref().map(|changes| changes.iter().map(DefinitionChange::from).collect::<Vec<_>>());
    let value = DefinitionTaken { provider: Provider::from(taken.definition), changes, undo: None };
    output.result(&value, || match &value.changes {
        None => format!("{} is known now: profile add NAME --provider {}\n", value.provider.name, value.provider.id),
        Some(none) if none.is_empty() => format!("{} says the same as before\n", value.provider.name),
        Some(changes) => {
            let lines: String = changes.iter().map(change_line).collect();
            let beneath = provider::built_in_named(&value.provider.id);
            let stands_in = beneath.map(|built_in| format!(", in place of the built-in {}", built_in.name));
            format!("{} follows its changed definition{}\n{lines}", value.provider.name, stands_in.unwrap_or_default())
        }
    })
}

fn change_line(change: &DefinitionChange) -> String {
    match &change.touches {
        Some(touches) => format!("{}{}{:#}  ({touches})\n", style::WARN, change.words, style::WARN),
        None => format!("{}\n", change.words),
    }
}

fn text(value: &Provider, definition: &Definition) -> String {
    let head = |title: &str| format!("\n{}{title}{:#}\n", style::HEAD, style::HEAD);
    let mut text = format!("{}{}{:#} ({})\n", style::HEAD, value.name, style::HEAD, value.id);
    if let Some(documentation) = &value.documentation {
        text += &format!("{documentation}\n");
    }
    text += &head("Variables");
    for variable in &value.variables {
        let need = if variable.required { "required" } else { "optional" };
        text += &format!("  {:22} {} ({need})\n", variable.id, variable.label);
    }
    text += &head("Environments");
    for (environment, defined) in value.environments.iter().zip(&definition.environments) {
        let address = match &defined.base_url {
            BaseUrl::Template(_) => environment.base_url.as_str(),
            BaseUrl::Emulator => "the emulator, on this computer",
            BaseUrl::Ask => "entered in the profile",
        };
        text += &format!("  {:12} {:6} {address}\n", environment.id, environment.tier);
    }
    text += &head("Credentials");
    for role in &value.credentials {
        let fields: Vec<&str> = role.fields.iter().map(|field| field.id.as_str()).collect();
        let with = if fields.is_empty() { String::new() } else { format!(", with {}", fields.join(", ")) };
        text += &format!("  {:22} {}{with}\n", role.id, role.label);
    }
    if !value.flows.is_empty() {
        text += &head("Flows");
    }
    let flows = value.flows.iter().map(|flow| flow.id.len()).max().unwrap_or_default();
    for flow in &value.flows {
        let assumed = if flow.assumed { " (unconfirmed)" } else { "" };
        text += &format!("  {:flows$}  {:6} {}{assumed}\n", flow.id, flow.method, flow.path);
    }
    text += &head("Endpoints");
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default();
    let ids = width(&mut value.endpoints.iter().map(|endpoint| endpoint.id.len()));
    let paths = width(&mut value.endpoints.iter().map(|endpoint| endpoint.path.len()));
    for endpoint in &value.endpoints {
        let all = endpoint.all_scopes.join(" and ");
        let any = endpoint.any_scope.join(" or ");
        let needs = if all.is_empty() { any } else { all };
        let effect = if endpoint.side_effects { ", changes something" } else { "" };
        text += &format!("  {:ids$}  {:6} {:paths$}  {needs}{effect}\n", endpoint.id, endpoint.method, endpoint.path);
    }
    if !value.rotations.is_empty() {
        text += &head("Rotation");
    }
    let of = |rotation: &ProviderRotation| match rotation.keys.as_slice() {
        [] => rotation.credential.clone(),
        keys => format!("{} ({})", rotation.credential, keys.join(", ")),
    };
    let credentials = width(&mut value.rotations.iter().map(|rotation| of(rotation).len()));
    for rotation in &value.rotations {
        let assumed = if rotation.assumed { " (unconfirmed)" } else { "" };
        let proof = rotation.prove.as_ref().map(|endpoint| format!("; proved by {endpoint}")).unwrap_or_default();
        text += &format!("  {:credentials$}  {}{proof}{assumed}\n", of(rotation), rotation.words);
    }
    text += &head("Scopes");
    let scopes = width(&mut value.scopes.iter().map(|scope| scope.value.len()));
    for scope in &value.scopes {
        let assumed = if definition.is_assumed(scope.from.as_deref()) { " (unconfirmed)" } else { "" };
        let from = scope.from.as_deref().unwrap_or_default();
        text += &format!("  {:scopes$}  {}{assumed} [{from}]\n", scope.value, scope.title);
    }
    text
}
