//! Writes a request in another language: `{"language", "variable", "base", "request"}` on standard input, the snippet on
//! standard output. The tests with other people's software run what it writes.
#![allow(clippy::print_stderr, reason = "a program says on standard error what went wrong")]

#[path = "../tests/written/mod.rs"]
mod written;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use keywright_exchange::{CopyAs, Placed, copy_as, language};
use serde_json::Value;
use written::{request, string};

fn main() -> io::Result<ExitCode> {
    let asked: Value = serde_json::from_reader(io::stdin())?;
    let how = CopyAs {
        language: language(string(&asked["language"])).expect("a language of the table"),
        variable: string(&asked["variable"]),
        definition: provider::built_in_named("gr4vy").expect("it comes with Keywright"),
        carries: Placed::Token { scopes: &["embed".to_owned()], lifetime: Some(300) },
    };
    match copy_as(&request(&asked["request"], string(&asked["base"])), &how) {
        Ok(snippet) => writeln!(io::stdout(), "{snippet}")?,
        Err(error) => {
            eprintln!("{error}\n{}", error.hint());
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
