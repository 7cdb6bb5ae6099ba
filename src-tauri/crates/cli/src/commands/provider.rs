//! `keywright provider`: list, show, new, check, diff.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use provider::{Definition, definition::BaseUrl};
use wire::{DefinitionChange, DefinitionCheck, DefinitionError, Provider, StartingFile};
use workbench::profiles;

use crate::{
    exit::{Exit, Failure},
    input::{Input, is_stdin},
    output::{Output, style},
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the APIs whose rules are known
    List,
    /// Show an API's environments, variables, scopes and endpoints
    Show(Show),
    /// Print a commented definition file to begin with, for an API that is not known yet
    New(New),
    /// Check a definition file and say what is wrong with it, and where
    Check(Check),
    /// Say what changed from one definition file to another, and what a live credential would follow
    Diff(Diff),
}

#[derive(Debug, Args)]
pub struct New {
    /// The API's name
    name: String,
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
    /// Its id
    id: String,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The file, or - for standard input
    file: PathBuf,
}

/// Runs one of them.
pub fn run(command: &Command, input: &Input, output: &Output) -> Result<Exit, Failure> {
    match command {
        Command::List => {
            let all: Vec<Provider> = provider::built_in().iter().map(Provider::from).collect();
            let width = all.iter().map(|provider| provider.id.len()).max().unwrap_or(0);
            output.result(&all, || all.iter().map(|p| format!("{:width$}  {}\n", p.id, p.name)).collect())?;
            Ok(Exit::Done)
        }
        Command::Show(show) => {
            let definition = profiles::definition(&show.id)?;
            let value = Provider::from(definition);
            output.result(&value, || text(&value, definition))?;
            Ok(Exit::Done)
        }
        Command::New(new) => {
            let text = provider::starting_file(&new.name);
            output.result(&StartingFile { text: text.clone() }, || text)?;
            Ok(Exit::Done)
        }
        Command::Diff(diff) => {
            Input::only_one(&[
                ("the old file", is_stdin(Some(&diff.old))),
                ("the new file", is_stdin(Some(&diff.new))),
            ])?;
            let (old, new) = (input.text(&diff.old, "the old file")?, input.text(&diff.new, "the new file")?);
            let changes = provider::diff(&old, &new)
                .map_err(|error| Failure::new(Exit::Malformed, error.to_string(), error.hint().as_deref()))?;
            let value: Vec<DefinitionChange> = changes.iter().map(DefinitionChange::from).collect();
            output.result(&value, || value.iter().map(change_line).collect())?;
            if value.is_empty() {
                output.note("they say the same");
            }
            Ok(Exit::Done)
        }
        Command::Check(check) => {
            let bytes = input.bytes(&check.file, "the definition")?;
            let Err(errors) = Definition::check_bytes(&bytes) else {
                let value = DefinitionCheck { errors: Vec::new() };
                output.result(&value, || format!("{} is well formed\n", check.file.display()))?;
                return Ok(Exit::Done);
            };
            if output.is_json() {
                let one = |e: &provider::DefinitionError| DefinitionError { message: e.to_string(), hint: e.hint() };
                output.result(&DefinitionCheck { errors: errors.iter().map(one).collect() }, String::new)?;
            } else {
                for error in &errors {
                    output.error(&format!("{}: {error}", check.file.display()), error.hint().as_deref());
                }
            }
            Ok(Exit::Malformed)
        }
    }
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
    text += &head("Scopes");
    let scopes = width(&mut value.scopes.iter().map(|scope| scope.value.len()));
    for scope in &value.scopes {
        let assumed = if definition.is_assumed(scope.from.as_deref()) { " (unconfirmed)" } else { "" };
        let from = scope.from.as_deref().unwrap_or_default();
        text += &format!("  {:scopes$}  {}{assumed} [{from}]\n", scope.value, scope.title);
    }
    text
}
