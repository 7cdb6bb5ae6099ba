//! Snippets: a request as a command or a program, its credential in a variable.

use exchange::PreparedRequest;
use provider::{Definition, Environment};

use crate::ground::{Error, Thing, names};

/// A request as a command or a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// What people call the language.
    pub language: &'static str,
    /// The text. The credential comes from a variable.
    pub text: String,
}

/// A token in a snippet: what it may do, and for how long from `now` on.
pub(crate) fn placed_token(scopes: &[String], expires: Option<i64>, now: i64) -> exchange::Placed<'_> {
    let lifetime = expires.map(|expires| u64::try_from(expires.saturating_sub(now)).unwrap_or(0));
    exchange::Placed::Token { scopes, lifetime }
}

/// A request in a language, its credential in a variable named for the environment.
pub(crate) fn snippet(
    request: &PreparedRequest,
    definition: &Definition,
    environment: &Environment,
    language: &str,
    placed: exchange::Placed<'_>,
) -> Result<Snippet, Error> {
    let known = || exchange::LANGUAGES.iter().map(|language| language.id);
    let language = exchange::language(language).ok_or_else(|| names::not_found(Thing::Language, language, known()))?;
    let variable = variable(definition, environment);
    let how = exchange::CopyAs { language, variable: &variable, definition, carries: placed };
    Ok(Snippet { language: language.label, text: exchange::copy_as(request, &how)? })
}

/// A request for a shell, its token in a variable named for the environment.
pub(crate) fn as_curl(request: &PreparedRequest, definition: &Definition, environment: &Environment) -> String {
    exchange::copy_as_curl(request, &variable(definition, environment))
}

/// The variable that snippets read the credential of an environment from.
pub(crate) fn variable(definition: &Definition, environment: &Environment) -> String {
    match &environment.env_var {
        Some(name) => name.clone(),
        None => format!("{}_{}_TOKEN", to_env_name(&definition.id), to_env_name(&environment.id)),
    }
}

/// The variable that code reads the secret of webhooks from: named as that of the environment's token.
pub(crate) fn webhook_variable(definition: &Definition, environment: Option<&Environment>) -> String {
    let stem = match environment {
        Some(environment) => variable(definition, environment),
        None => to_env_name(&definition.id),
    };
    let ends = ["_API_KEY", "_TOKEN", "_KEY", "_SECRET"];
    let stem = ends.iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(&stem);
    format!("{stem}_WEBHOOK_SECRET")
}

fn to_env_name(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
