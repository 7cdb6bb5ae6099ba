//! `keywright provider`: list, show, check.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use provider::Definition;
use wire::Provider;
use workbench::profiles;

use crate::{
    exit::{Exit, Failure},
    input::Input,
    output::{Output, style},
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the APIs whose rules are known
    List,
    /// Show an API's environments, variables, scopes and endpoints
    Show(Show),
    /// Check a definition file and say what is wrong with it, and where
    Check(Check),
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
            output.result(&all, || all.iter().map(|p| format!("{:10} {}\n", p.id, p.name)).collect())?;
            Ok(Exit::Done)
        }
        Command::Show(show) => {
            let definition = profiles::definition(&show.id)?;
            let value = Provider::from(definition);
            output.result(&value, || text(&value, definition))?;
            Ok(Exit::Done)
        }
        Command::Check(check) => {
            let text = input.text(&check.file, "the definition")?;
            let Err(errors) = Definition::check(&text) else {
                let value = serde_json::json!({ "errors": [] });
                output.result(&value, || format!("{} is well formed\n", check.file.display()))?;
                return Ok(Exit::Done);
            };
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            if output.is_json() {
                output.result(&serde_json::json!({ "errors": lines }), String::new)?;
            }
            for error in &errors {
                output.note(&format!("{}:{error}", check.file.display()));
                if let Some(hint) = error.hint() {
                    output.note(&format!(" {}hint:{:#} {hint}", style::QUIET, style::QUIET));
                }
            }
            Ok(Exit::Malformed)
        }
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
    for environment in &value.environments {
        text += &format!("  {:12} {:6} {}\n", environment.id, environment.tier, environment.base_url);
    }
    text += &head("Endpoints");
    for endpoint in &value.endpoints {
        let all = endpoint.all_scopes.join(" and ");
        let any = endpoint.any_scope.join(" or ");
        let needs = if all.is_empty() { any } else { all };
        let effect = if endpoint.side_effects { "  changes something" } else { "" };
        text += &format!("  {:22} {:6} {:44} {needs}{effect}\n", endpoint.id, endpoint.method, endpoint.path);
    }
    text += &head("Scopes");
    for scope in &value.scopes {
        let assumed = if definition.is_assumed(scope.from.as_deref()) { " (unconfirmed)" } else { "" };
        let from = scope.from.as_deref().unwrap_or_default();
        text += &format!("  {:40} {}{assumed} [{from}]\n", scope.value, scope.title);
    }
    text
}
