//! Output: the result on stdout, everything else on stderr; colour only where a person looks.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use serde::Serialize;

use crate::{
    exit::{Exit, Failure},
    style,
};

/// Where a command prints.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

/// What stands on stderr when a command with `--json` fails.
#[derive(Serialize)]
struct ErrorLine<'a> {
    error: &'a wire::ErrorBody,
}

impl Output {
    /// Output as text, or as JSON.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints the result: `text` for people, `value` as JSON for scripts.
    pub fn result(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        match self.json {
            true => {
                let json = serde_json::to_string_pretty(value)
                    .map_err(|error| Failure::new(Exit::Failed, error.to_string(), None))?;
                write(&mut anstream::stdout(), &format!("{json}\n"))
            }
            false => write(&mut anstream::stdout(), &text()),
        }
    }

    /// Prints one line of a result that comes bit by bit. As JSON it comes at the end, in one piece.
    pub fn line(&self, text: &str) {
        if !self.json {
            // A reader that has seen enough closes the pipe; the work goes on to its end.
            let _ = write(&mut anstream::stdout(), &format!("{text}\n"));
        }
    }

    /// Prints one part of a result that comes bit by bit: `text` for people, `value` as one line of JSON for scripts.
    pub fn part(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        let text = if self.json { as_line(value)? } else { text() };
        write(&mut anstream::stdout(), &format!("{text}\n"))
    }

    /// Says on stderr that something has begun, with or without `--json`: whoever started it waits for that.
    pub fn begun(&self, value: &impl Serialize, text: &str) -> Result<(), Failure> {
        say(&if self.json { as_line(value)? } else { text.to_owned() });
        Ok(())
    }

    /// Writes bytes as they are.
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        settle(stdout.write_all(bytes).and_then(|()| stdout.flush()))
    }

    /// Says something to people that is not the result.
    pub fn note(&self, text: &str) {
        if !self.json {
            say(text);
        }
    }

    /// Says what was noticed, where it is not part of the result.
    pub fn findings(&self, findings: &[jose::Finding]) {
        for finding in findings {
            self.note(&crate::show::finding(&wire::Finding::from(finding)));
        }
    }

    /// Says why a command ended early.
    pub fn failure(&self, failure: &Failure) {
        let body = &failure.body;
        if self.json {
            match serde_json::to_string_pretty(&ErrorLine { error: body }) {
                Ok(json) => say(&json),
                Err(error) => say(&error.to_string()),
            }
        } else if body.findings.is_empty() {
            self.error(&body.message, body.hint.as_deref());
        } else {
            for finding in &body.findings {
                self.error(&finding.message, finding.hint.as_deref());
            }
        }
    }

    /// Says one thing that is wrong, and what to do about it.
    pub fn error(&self, message: &str, hint: Option<&str>) {
        self.note(&format!("{}error:{:#} {message}", style::BAD, style::BAD));
        if let Some(hint) = hint {
            self.note(&format!(" {}hint:{:#} {hint}", style::QUIET, style::QUIET));
        }
    }

    /// Whether the result is JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// A spinner on stderr while something takes long; nothing where no person looks.
    pub fn busy(&self, what: &str) -> Busy {
        let bar = indicatif::ProgressBar::new_spinner().with_message(what.to_owned());
        if io::stderr().is_terminal() && !self.json {
            bar.enable_steady_tick(std::time::Duration::from_millis(100));
        } else {
            bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        }
        Busy(bar)
    }
}

/// Whether a path stands for standard output.
pub fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// A spinner that goes away by itself.
pub struct Busy(indicatif::ProgressBar);

impl Busy {
    /// Says what is going on now.
    pub fn now(&self, what: String) {
        self.0.set_message(what);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn as_line(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(Exit::Failed, error.to_string(), None))
}

fn say(text: &str) {
    // A closed stderr is nobody's loss.
    let _ = write(&mut anstream::stderr(), &format!("{text}\n"));
}

fn write(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    settle(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// A reader that has seen enough closes the pipe; that is not an error.
fn settle(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(Exit::Failed, format!("cannot write the result: {error}"), None)),
        Ok(()) => Ok(()),
    }
}
