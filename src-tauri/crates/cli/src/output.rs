//! Output: the result on stdout, everything else on stderr; colour only where a person looks.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use jose::unseen::visible_lines;
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
            false => write(&mut anstream::stdout(), &seen(&text())),
        }
    }

    /// Prints one line of a result that comes bit by bit. As JSON it comes at the end, in one piece.
    pub fn line(&self, text: &str) {
        if !self.json {
            // A reader that has seen enough closes the pipe; the work goes on to its end.
            let _ = write(&mut anstream::stdout(), &seen(&format!("{text}\n")));
        }
    }

    /// Prints one part of a result that comes bit by bit: `text` for people, `value` as one line of JSON for scripts.
    pub fn part(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        let text = if self.json { as_line(value)? } else { seen(&text()) };
        write(&mut anstream::stdout(), &format!("{text}\n"))
    }

    /// Says on stderr that something has begun, with or without `--json`: whoever started it waits for that.
    pub fn begun(&self, value: &impl Serialize, text: &str) -> Result<(), Failure> {
        say(&if self.json { as_line(value)? } else { seen(text) });
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
            say(&seen(text));
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

/// A text for people, as a terminal may have it. Whatever steers a terminal or turns a line is a visible mark, whoever wrote it: a
/// definition, a token, a server, an argument. What this program writes itself to colour its words stays.
fn seen(text: &str) -> String {
    let own = style::sequences();
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        let (before, sequence) = rest.split_at(at);
        shown += &visible_lines(before);
        // Where it is nobody's own, the escape alone is marked, and what it would have meant is read as text.
        let length = own.iter().find(|own| sequence.starts_with(own.as_str())).map(String::len);
        shown += &length.map_or_else(|| visible_lines("\x1b"), |length| (&sequence[..length]).into());
        rest = &sequence[length.unwrap_or(1)..];
    }
    shown + &visible_lines(rest)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_colours_stay_and_whatever_else_steers_is_seen() {
        let own = format!("{}bad{:#} and {}quiet{:#}\n\tset in", style::BAD, style::BAD, style::QUIET, style::QUIET);
        assert_eq!(seen(&own), own);
        let hostile = "a\u{1b}]52;c;ZXZpbA==\u{7}b\u{1b}[2Jc\u{9b}31md\re\u{8}f\u{202e}g\u{1b}[8mh\u{1b}";
        assert_eq!(
            seen(hostile),
            "a‹U+001B›]52;c;ZXZpbA==‹U+0007›b‹U+001B›[2Jc‹U+009B›31md‹CR›e‹U+0008›f‹U+202E›g‹U+001B›[8mh‹U+001B›"
        );
    }
}
