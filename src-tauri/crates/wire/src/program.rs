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

/// The demo, done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoSteps {
    /// What was done, in order.
    pub steps: Vec<String>,
}
