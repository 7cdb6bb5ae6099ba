//! Answers that the command line alone gives.

use serde::Serialize;

/// Where the vault is, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultPath {
    /// The path of its file.
    pub path: String,
}

/// A request as a command for a shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurlCommand {
    /// The command; the token comes from a variable of the shell.
    pub curl: String,
}

/// A request as a program or a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snippet {
    /// The text; the credential comes from a variable.
    pub text: String,
}

/// An emulator that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmulatorStarted {
    /// The base address for each provider that it plays.
    pub addresses: Vec<String>,
    /// The kids of the keys that are registered there.
    pub kids: Vec<String>,
}

/// What is wrong with a provider's definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionCheck {
    /// Everything that is wrong; empty where nothing is.
    pub errors: Vec<DefinitionError>,
}

/// One thing that is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionError {
    /// Where, what was found and what was wanted.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A definition file to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StartingFile {
    /// The file's text, TOML.
    pub text: String,
}

/// One thing that changed from one definition to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionChange {
    /// Where: `environments[live].base-url`.
    pub path: String,
    /// What happened there, in words.
    pub words: String,
    /// What a live credential would follow there: `where a credential is sent`. Nothing where it follows nothing.
    pub touches: Option<String>,
}

impl From<&provider::Change> for DefinitionChange {
    fn from(change: &provider::Change) -> Self {
        Self {
            path: change.path.clone(),
            words: change.to_string(),
            touches: change.touches.as_ref().map(ToString::to_string),
        }
    }
}

/// The demo, done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoSteps {
    /// What was done, in order.
    pub steps: Vec<String>,
}
