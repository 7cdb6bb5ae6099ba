//! Colours of the terminal, by meaning.

use anstyle::{AnsiColor, Style};

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

/// Every sequence with which the program itself steers a terminal, and nothing else does.
pub fn sequences() -> Vec<String> {
    [GOOD, BAD, WARN, QUIET, HEAD].iter().flat_map(|style| [format!("{style}"), format!("{style:#}")]).collect()
}
