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

/// The demo, done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoSteps {
    /// What was done, in order.
    pub steps: Vec<String>,
}
