//! Arguments of the window: few, since a menu starts it.

use std::ffi::OsString;

/// The argument for Inspect, which the desktop's menu gives too.
pub(crate) const INSPECT: &str = "--inspect";

/// A short answer to `--help`.
const HELP: &str = "keywright-desktop opens the window of Keywright, or brings it to the front

  --inspect   go to Inspect, where any token can be read, also while the vault is locked
  --version   print the version
  --help      print this

The command line, keywright, does the same work without a display.";

/// What a start of the program is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The window.
    Window {
        /// At Inspect, rather than where a window begins.
        inspect: bool,
    },
    /// A text on stdout.
    Text(String),
}

/// An argument that the window does not know.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownArgument(String);

impl std::fmt::Display for UnknownArgument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown argument {:?}, wanted {INSPECT}, --version or --help", self.0)
    }
}

impl Asked {
    /// Reads the arguments behind the program's name.
    ///
    /// # Errors
    ///
    /// When one is unknown.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, UnknownArgument> {
        let mut inspect = false;
        for argument in arguments {
            match argument.to_str() {
                Some(INSPECT) => inspect = true,
                Some("--version") => {
                    return Ok(Self::Text(concat!("keywright-desktop ", env!("CARGO_PKG_VERSION")).to_owned()));
                }
                Some("--help") => return Ok(Self::Text(HELP.to_owned())),
                _ => return Err(UnknownArgument(argument.to_string_lossy().into_owned())),
            }
        }
        Ok(Self::Window { inspect })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Asked, UnknownArgument> {
        Asked::read(arguments.iter().map(Into::into))
    }

    #[test]
    fn a_start_asks_for_the_window_or_a_text() {
        assert_eq!(read(&[]), Ok(Asked::Window { inspect: false }));
        assert_eq!(read(&["--inspect"]), Ok(Asked::Window { inspect: true }));
        assert_eq!(read(&["--version"]), Ok(Asked::Text(format!("keywright-desktop {}", env!("CARGO_PKG_VERSION")))));
        assert_eq!(read(&["--help"]), Ok(Asked::Text(HELP.to_owned())));
    }

    #[test]
    fn another_argument_is_named() {
        let told = ["token.txt", "--inspct", "\u{1b}[31m"].map(|it| read(&["--inspect", it]).unwrap_err().to_string());
        insta::assert_snapshot!(told.join("\n"), @r#"
        unknown argument "token.txt", wanted --inspect, --version or --help
        unknown argument "--inspct", wanted --inspect, --version or --help
        unknown argument "\u{1b}[31m", wanted --inspect, --version or --help
        "#);
    }
}
