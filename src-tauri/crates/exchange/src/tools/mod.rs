//! How another tool for HTTP gets a token from Keywright: short texts with their steps, one file for each tool.
//!
//! Which of them reads the environment, runs a command, or does neither, decides what the steps are. None of them puts the
//! token into a file or into the arguments of a process.

mod bruno;
mod postman;
mod yaak;

use provider::{
    Definition,
    definition::{Placement, Spot},
};

use crate::copy_as::{quote, variable_or_token};

/// A tool that sends requests of its own.
pub struct Tool {
    /// The short name: lower case letters.
    pub id: &'static str,
    /// What people read.
    pub label: &'static str,
    steps: fn(&Way<'_>) -> Vec<Step>,
}

/// The tools, in the order in which they are offered.
pub const TOOLS: &[Tool] = &[
    Tool { id: "postman", label: "Postman", steps: postman::steps },
    Tool { id: "bruno", label: "Bruno", steps: bruno::steps },
    Tool { id: "yaak", label: "Yaak", steps: yaak::steps },
];

/// The tool of this id.
pub fn tool(id: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.id == id)
}

/// Where a token comes from, in the words of a command line that is not this room's subject.
#[derive(Debug, Clone, Copy)]
pub struct TokenSource<'a> {
    /// The rules of the provider, which say where in a request the token stands.
    pub definition: &'a Definition,
    /// The environment variable for the token. Where it is not a name that a shell takes, `TOKEN` is used.
    pub variable: &'a str,
    /// The command that writes a fresh token to its standard output, word by word.
    pub sign: &'a [&'a str],
    /// The command that runs another one with the token in `variable`, word by word; the other one's words follow.
    pub run: &'a [&'a str],
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub says: String,
    /// What to type, or what to write into a file.
    pub code: Option<Code>,
}

/// What to type, or what to write into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The file; without one it is typed.
    pub file: Option<&'static str>,
    /// The text.
    pub text: String,
}

impl Tool {
    /// What to do so that the tool sends a token of this source.
    pub fn steps(&self, source: &TokenSource<'_>) -> Vec<Step> {
        (self.steps)(&Way::of(source))
    }
}

/// The steps as a text with numbers.
pub fn in_words(steps: &[Step]) -> String {
    let mut out = String::new();
    for (index, Step { says, code }) in steps.iter().enumerate() {
        out.push_str(&format!("{}. {says}\n", index + 1));
        if let Some(Code { file, text }) = code {
            let title = file.map(|file| format!("\n   {file}\n")).unwrap_or_default();
            let lines: String = text.lines().map(|line| format!("     {line}").trim_end().to_owned() + "\n").collect();
            out.push_str(&format!("{title}\n{lines}\n"));
        }
    }
    out.trim_end().to_owned() + "\n"
}

/// What the tools' files need of a source.
struct Way<'a> {
    variable: &'a str,
    /// The name of the header field.
    field: &'a str,
    /// What of its value stands before the token.
    before: String,
    /// The command that writes a token, word by word.
    sign: &'a [&'a str],
    /// The same for a shell.
    sign_typed: String,
    /// The command that runs another one, for a shell.
    run_typed: String,
}

impl<'a> Way<'a> {
    fn of(source: &TokenSource<'a>) -> Self {
        let Placement { spot, name, scheme, .. } = &source.definition.placement;
        let (field, before) = match spot {
            Spot::Header => (name.as_str(), scheme.as_ref().map(|scheme| format!("{scheme} ")).unwrap_or_default()),
            Spot::Cookie => ("Cookie", format!("{name}=")),
            // Only a key stands in HTTP Basic; a token is sent as usual.
            Spot::Basic => ("Authorization", "Bearer ".to_owned()),
        };
        let typed = |words: &[&str]| words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ");
        Self {
            variable: variable_or_token(source.variable),
            field,
            before,
            sign: source.sign,
            sign_typed: typed(source.sign),
            run_typed: typed(source.run),
        }
    }
}

impl Step {
    fn says(text: impl Into<String>) -> Self {
        Self { says: text.into(), code: None }
    }

    fn typed(self, text: impl Into<String>) -> Self {
        Self { code: Some(Code { file: None, text: text.into() }), ..self }
    }

    fn file(self, file: &'static str, text: impl Into<String>) -> Self {
        Self { code: Some(Code { file: Some(file), text: text.into() }), ..self }
    }
}
