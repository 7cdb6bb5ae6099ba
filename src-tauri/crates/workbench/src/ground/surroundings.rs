//! Surroundings: facts about this computer and this program, as an adapter found them. Nothing is judged here; `jobs/diagnosis` does.
//!
//! A fact that the system does not tell is `None`, which is not the same as "no".

use std::path::PathBuf;

/// What a diagnosis is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The program that asks: `keywright` or `keywright-desktop`.
    pub program: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its file.
    pub file: Option<PathBuf>,
    /// How that file came here.
    pub installed: Installed,
    /// The operating system as it calls itself: "Debian GNU/Linux 12 (bookworm)".
    pub system: Option<String>,
    /// The kernel's release.
    pub kernel: Option<String>,
    /// The processor's architecture: "x86_64".
    pub architecture: &'static str,
    /// The desktop and how it draws: "GNOME, wayland". None in a terminal without one.
    pub desktop: Option<String>,
    /// The engine that draws the page.
    pub webkit: WebKit,
    /// This person's home folder, which is left out of what is shown.
    pub home: Option<PathBuf>,
    /// The folders that Keywright writes to, each with what it is for.
    pub folders: Vec<Folder>,
    /// The locale's name: `LC_ALL`, `LC_CTYPE` or `LANG`, the first that is set (POSIX.1-2017 §8.2).
    pub locale: Option<String>,
    /// Whether there is a session bus (D-Bus), over which a keychain and the screen lock are reached.
    pub session_bus: Option<bool>,
    /// The programs that offer to keep secrets (`org.freedesktop.secrets`), by their file names.
    pub keychains: Vec<String>,
    /// The time now, in seconds since 1970.
    pub now: i64,
    /// The service that says that it set the system's clock by a time server. None where none says so.
    pub time_service: Option<&'static str>,
    /// The variables that name proxies, each with its value.
    pub proxies: Vec<(&'static str, String)>,
    /// How many font files are installed.
    pub fonts: Option<usize>,
    /// The drivers of the graphics devices.
    pub graphics: Vec<String>,
    /// How the last window ended. None where none is known of, or while it runs.
    pub last_run: Option<LastRun>,
}

/// How a run of the window ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastRun {
    /// Somebody closed it.
    Closed,
    /// From outside: somebody ended the process, the computer went off, or the system ended it.
    Cut,
    /// The program itself was at fault, at this place of its source.
    Fault(String),
    /// The page of the window ended by itself.
    Page(PageEnd),
}

/// How the process that draws the page of the window ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEnd {
    /// It crashed.
    Crashed,
    /// It took more memory than its engine allows.
    OutOfMemory,
    /// Somebody else ended it.
    Ended,
}

impl PageEnd {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Crashed, Self::OutOfMemory, Self::Ended];

    /// Its name in a note.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Crashed => "crashed",
            Self::OutOfMemory => "out-of-memory",
            Self::Ended => "ended",
        }
    }

    /// What happened, in words: "crashed".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Crashed => "crashed",
            Self::OutOfMemory => "took more memory than WebKit allows",
            Self::Ended => "was ended from outside",
        }
    }
}

/// How a program came to this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installed {
    /// By a Debian package.
    Deb,
    /// By an RPM package.
    Rpm,
    /// Cargo built it where it stands.
    Built,
    /// None of these is known of its file.
    Unknown,
}

/// The engine that draws the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebKit {
    /// It draws this window.
    Runs(String),
    /// Its library is installed, under this file name.
    Installed(String),
    /// No library of it was found where the system keeps them.
    NotFound,
    /// This system has another engine, or keeps it elsewhere.
    NotKnown,
}

/// A folder that Keywright writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// What is kept there.
    pub holds: &'static str,
    /// Where it is, or would be.
    pub path: PathBuf,
    /// Whether this person may write there; where it does not exist, whether it could be made.
    pub writable: bool,
}
