//! What is printed: the result on stdout, everything else on stderr; colour only where a person looks.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::exit::{Exit, Failure};

/// Where a command prints.
pub struct Output {
    json: bool,
}

/// Colours by meaning.
pub mod style {
    use super::{AnsiColor, Style};

    /// Good news.
    pub const GOOD: Style = AnsiColor::Green.on_default();
    /// Bad news.
    pub const BAD: Style = AnsiColor::Red.on_default().bold();
    /// A warning, or something unknown.
    pub const WARN: Style = AnsiColor::Yellow.on_default();
    /// Less important.
    pub const QUIET: Style = Style::new().dimmed();
    /// A heading.
    pub const HEAD: Style = Style::new().bold();
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

    /// Writes bytes as they are.
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        settle(stdout.write_all(bytes).and_then(|()| stdout.flush()))
    }

    /// Says something that is not the result.
    pub fn note(&self, text: &str) {
        // A closed stderr is nobody's loss.
        let _ = write(&mut anstream::stderr(), &format!("{text}\n"));
    }

    /// Says what was noticed, where it is not part of the result.
    pub fn findings(&self, findings: &[jose::Finding]) {
        if !self.json {
            for finding in findings {
                self.note(&crate::show::finding(&wire::Finding::from(finding)));
            }
        }
    }

    /// Says why a command ended early.
    pub fn failure(&self, failure: &Failure) {
        let body = &failure.body;
        if self.json {
            let json = serde_json::json!({ "error": body });
            self.note(&format!("{json:#}"));
            return;
        }
        self.note(&format!("{}error:{:#} {}", style::BAD, style::BAD, body.message));
        for finding in body.findings.iter().skip(1) {
            self.note(&format!("{}error:{:#} {}", style::BAD, style::BAD, finding.message));
        }
        if let Some(hint) = &body.hint {
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
