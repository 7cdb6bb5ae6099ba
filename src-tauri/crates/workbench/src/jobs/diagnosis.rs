//! Diagnosis: what may be the matter with this installation, in words that can be shown to somebody else.
//!
//! It reads and changes nothing, opens no secret, and is sent nowhere. Whatever names a person (the home folder, the password of a
//! proxy) is left out before anything is shown.

use std::path::Path;

use jose::time::utc;

use crate::{
    Fault,
    ground::surroundings::{Folder, Installed, LastRun, Surroundings, WebKit},
    store::session::{self, SlotType},
};

/// What there is to say about this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// One after the other, as they are shown.
    pub lines: Vec<Line>,
}

/// One line of a diagnosis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about: "vault".
    pub about: &'static str,
    /// What was found.
    pub found: String,
    /// What that means for Keywright.
    pub health: Health,
    /// What to do about it.
    pub hint: Option<String>,
}

/// What a fact means for Keywright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Fine,
    /// It cannot be said.
    Unknown,
    /// Something works otherwise than a person may expect.
    Notice,
    /// Something does not work.
    Problem,
}

/// The health of a vault.
const VAULT: &str = "vault";

impl Diagnosis {
    /// The worst of what was found.
    pub fn health(&self) -> Health {
        self.lines.iter().map(|line| line.health).max().unwrap_or(Health::Fine)
    }

    /// Whether the vault is what does not work.
    pub fn is_vault_sick(&self) -> bool {
        self.lines.iter().any(|line| line.about == VAULT && line.health == Health::Problem)
    }

    /// The whole as a text to save or to paste, one line each.
    pub fn text(&self) -> String {
        let width = self.lines.iter().map(|line| line.about.len()).max().unwrap_or(0);
        let line = |Line { about, found, health, hint }: &Line| {
            let mark = match health {
                Health::Fine => "  ",
                Health::Unknown => "? ",
                Health::Notice => "! ",
                Health::Problem => "✕ ",
            };
            let hint = hint.iter().map(|hint| format!("  {:width$}  hint: {hint}\n", "")).collect::<String>();
            format!("{mark}{about:width$}  {found}\n{hint}")
        };
        self.lines.iter().map(line).collect()
    }
}

/// Looks at the surroundings and at the vault that would be used: none where the system names no folder for one.
pub fn diagnose(around: &Surroundings, path: Option<&Path>) -> Diagnosis {
    let mut lines = vec![program(around), system(around), webkit(around), vault_line(path)];
    lines.extend(around.folders.iter().map(folder));
    lines.extend([keychain(around), clock(around), proxies(around), locale(around), fonts(around), graphics(around)]);
    lines.extend(around.last_run.as_ref().map(last_run));
    let home = around.home.as_deref();
    for line in &mut lines {
        line.found = without_home(&line.found, home);
        line.hint = line.hint.as_deref().map(|hint| without_home(hint, home));
    }
    Diagnosis { lines }
}

fn program(around: &Surroundings) -> Line {
    let how = match around.installed {
        Installed::Deb => "installed by a Debian package",
        Installed::Rpm => "installed by an RPM package",
        Installed::Built => "built here by cargo",
        Installed::Unknown => "how it was installed is not known",
    };
    let file = around.file.as_ref().map(|file| format!(", {}", file.display())).unwrap_or_default();
    fine("program", format!("{} {}, {how}{file}", around.program, around.version))
}

fn system(around: &Surroundings) -> Line {
    let known = |fact: &Option<String>| fact.clone().unwrap_or_else(|| "not known".to_owned());
    let desktop = around.desktop.as_ref().map_or_else(|| "no desktop".to_owned(), |it| format!("desktop {it}"));
    let kernel = known(&around.kernel);
    fine("system", format!("{}, kernel {kernel}, {}, {desktop}", known(&around.system), around.architecture))
}

fn webkit(around: &Surroundings) -> Line {
    let about = "webview";
    match &around.webkit {
        WebKit::Runs(version) => fine(about, format!("{version} draws this window")),
        WebKit::Installed(file) => {
            fine(about, format!("{file} is installed; whether it draws is seen in the window alone"))
        }
        WebKit::NotFound => Line {
            about,
            found: "WebKitGTK 4.1 was not found: the window cannot start, the command line can".to_owned(),
            health: Health::Notice,
            hint: Some(
                "install libwebkit2gtk-4.1-0 (Debian, Ubuntu) or webkit2gtk4.1 (Fedora) for the window".to_owned(),
            ),
        },
        WebKit::NotKnown => unknown(about, "the system does not say which engine it has"),
    }
}

/// The vault as it shows itself without its passphrase.
fn vault_line(path: Option<&Path>) -> Line {
    let Some(path) = path else {
        return problem(VAULT, "the system names no folder for it", "set HOME, or name the vault in KEYWRIGHT_VAULT");
    };
    let shown = path.display();
    if !path.exists() && path.symlink_metadata().is_err() {
        return fine(VAULT, format!("none yet; it would be {shown}"));
    }
    let status = match session::status(path) {
        Ok(status) => status,
        Err(error) => {
            let health = if error.fault() == Fault::Vault { Health::Problem } else { Health::Unknown };
            return Line { about: VAULT, found: error.to_string(), health, hint: error.hint() };
        }
    };
    let opens = status.slots.iter().map(|slot| match slot.slot_type {
        SlotType::Passphrase(_) => "a passphrase",
        SlotType::Refused(_) => "a passphrase whose cost is refused",
        SlotType::Unknown(_) => "something newer",
    });
    let opens = opens.collect::<Vec<_>>().join(" or ");
    let found = format!(
        "{shown}, format {}, written {} times, {} bytes, opens by {opens}",
        status.format, status.epoch.0, status.file_bytes
    );
    let warned = match (&status.exposed[..], status.interrupted) {
        ([], false) => return fine(VAULT, found),
        (_, true) => {
            "a journal lies beside it: the last write was interrupted, or somebody put it there; the next change settles it"
                .to_owned()
        }
        ([exposed, ..], false) => format!("others can reach {} (mode {:o})", exposed.path.display(), exposed.mode),
    };
    Line { about: VAULT, found: format!("{found}; {warned}"), health: Health::Notice, hint: None }
}

fn folder(folder: &Folder) -> Line {
    let Folder { holds, path, writable } = folder;
    if *writable {
        return fine("folder", format!("{} for {holds}", path.display()));
    }
    let found = format!("{} for {holds} cannot be written", path.display());
    problem("folder", found, "give it back to yourself, or name a vault elsewhere in KEYWRIGHT_VAULT")
}

fn keychain(around: &Surroundings) -> Line {
    let about = "keychain";
    match (around.session_bus, &around.keychains[..]) {
        (Some(true), [first, ..]) => {
            unknown(about, format!("{first} offers one, and there is a session bus; whether it answers was not tried"))
        }
        (Some(true), []) => notice(about, "none is installed that was found"),
        (Some(false), _) => notice(about, "there is no session bus (D-Bus), so no keychain can be reached"),
        (None, _) => unknown(about, "the system does not say"),
    }
}

fn clock(around: &Surroundings) -> Line {
    let now = utc(around.now);
    match around.time_service {
        Some(service) => fine("clock", format!("{now}, set by {service}")),
        None => unknown("clock", format!("{now}; the system does not say whether it follows a time server")),
    }
}

fn proxies(around: &Surroundings) -> Line {
    if around.proxies.is_empty() {
        return fine("proxy", "no variable names one; Settings may");
    }
    let shown = around.proxies.iter().map(|(name, value)| format!("{name}={}", without_user(value)));
    fine("proxy", shown.collect::<Vec<_>>().join(", "))
}

fn locale(around: &Surroundings) -> Line {
    let about = "locale";
    match &around.locale {
        None => unknown(about, "no variable names one"),
        Some(name) if is_utf8(name) => fine(about, name.clone()),
        Some(name) => {
            notice(about, format!("{name} is not UTF-8: names with other letters may look wrong in the terminal"))
        }
    }
}

fn fonts(around: &Surroundings) -> Line {
    match around.fonts {
        None => unknown("fonts", "the system does not say"),
        Some(0) => {
            problem("fonts", "none was found: the window would show boxes", "install fonts-dejavu-core, or any other")
        }
        Some(count) => fine("fonts", format!("{count} files")),
    }
}

fn graphics(around: &Surroundings) -> Line {
    match &around.graphics[..] {
        [] => fine("graphics", "no device: the window is drawn by the processor"),
        drivers => fine("graphics", drivers.join(", ")),
    }
}

fn last_run(run: &LastRun) -> Line {
    let about = "last run";
    match run {
        LastRun::Closed => fine(about, "the window was closed as it should be"),
        LastRun::Cut => notice(about, "the window was not closed: somebody ended it, or the computer went off"),
        LastRun::Fault(place) => Line {
            about,
            found: format!("a fault of the program itself at {place}"),
            health: Health::Notice,
            hint: Some("report it with this text: it names no person and holds no secret".to_owned()),
        },
        LastRun::Page(end) => Line {
            about,
            found: format!("WebKit's process that draws the page {}", end.words()),
            health: Health::Notice,
            hint: Some(
                "the vault was locked then; if it happens again, update WebKit (libwebkit2gtk-4.1-0), and report it"
                    .to_owned(),
            ),
        },
    }
}

/// Whether a locale's name says UTF-8: `C.UTF-8`, `de_DE.utf8`.
fn is_utf8(locale: &str) -> bool {
    let encoding = locale.split_once('.').map_or("", |(_, encoding)| encoding);
    let encoding = encoding.split('@').next().unwrap_or_default().replace('-', "");
    encoding.eq_ignore_ascii_case("utf8")
}

/// A proxy's address without user name and password.
fn without_user(address: &str) -> String {
    // The last @ of the authority part ends what identifies a person (RFC 3986 §3.2.1); a password may hold others unescaped.
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let host = rest.rsplit_once('@').map(|(_, host)| format!("…@{host}"));
    let rest = host.unwrap_or_else(|| rest.to_owned());
    if scheme.is_empty() { rest } else { format!("{scheme}://{rest}") }
}

/// The text with `~` for the home folder, which often bears the person's name.
fn without_home(text: &str, home: Option<&Path>) -> String {
    let Some(home) = home.and_then(Path::to_str).filter(|home| home.len() > 1) else { return text.to_owned() };
    text.replace(home.trim_end_matches('/'), "~")
}

fn fine(about: &'static str, found: impl Into<String>) -> Line {
    Line { about, found: found.into(), health: Health::Fine, hint: None }
}

fn unknown(about: &'static str, found: impl Into<String>) -> Line {
    Line { about, found: found.into(), health: Health::Unknown, hint: None }
}

fn notice(about: &'static str, found: impl Into<String>) -> Line {
    Line { about, found: found.into(), health: Health::Notice, hint: None }
}

fn problem(about: &'static str, found: impl Into<String>, hint: &str) -> Line {
    Line { about, found: found.into(), health: Health::Problem, hint: Some(hint.to_owned()) }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn healthy() -> Surroundings {
        Surroundings {
            program: "keywright",
            version: "0.1.0",
            file: Some("/usr/bin/keywright".into()),
            installed: Installed::Deb,
            system: Some("Debian GNU/Linux 12 (bookworm)".to_owned()),
            kernel: Some("6.1.0-30-amd64".to_owned()),
            architecture: "x86_64",
            desktop: Some("GNOME, wayland".to_owned()),
            webkit: WebKit::Installed("libwebkit2gtk-4.1.so.0.19.4".to_owned()),
            home: Some("/home/maria".into()),
            folders: vec![Folder { holds: "the vault", path: "/home/maria/.local/share/kw".into(), writable: true }],
            locale: Some("de_DE.UTF-8".to_owned()),
            session_bus: Some(true),
            keychains: vec!["gnome-keyring".to_owned()],
            now: 1_790_000_000,
            time_service: Some("systemd-timesyncd"),
            proxies: Vec::new(),
            fonts: Some(27),
            graphics: vec!["i915".to_owned()],
            last_run: None,
        }
    }

    #[test]
    fn a_healthy_installation() {
        let diagnosis = diagnose(&healthy(), Some(&PathBuf::from("/home/maria/none/vault.kwv")));
        insta::assert_snapshot!(diagnosis.text());
        assert_eq!(diagnosis.health(), Health::Unknown, "a keychain that was not asked is not called good");
        assert!(!diagnosis.is_vault_sick());
    }

    #[test]
    fn a_sick_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.kwv");
        std::fs::write(&path, b"notes of a person, and not a vault").unwrap();
        let sick = Surroundings {
            file: None,
            installed: Installed::Unknown,
            system: None,
            kernel: None,
            desktop: None,
            webkit: WebKit::NotFound,
            home: Some(folder.path().to_owned()),
            folders: vec![Folder { holds: "the vault", path: folder.path().to_owned(), writable: false }],
            locale: Some("de_DE@euro".to_owned()),
            session_bus: Some(false),
            time_service: None,
            proxies: vec![("HTTPS_PROXY", "http://maria:gehe@im@proxy.test:3128".to_owned())],
            fonts: Some(0),
            graphics: Vec::new(),
            last_run: Some(LastRun::Fault("src/window.rs:12:3".to_owned())),
            ..healthy()
        };
        let diagnosis = diagnose(&sick, Some(&path));
        insta::assert_snapshot!(diagnosis.text());
        assert_eq!(diagnosis.health(), Health::Problem);
        assert!(diagnosis.is_vault_sick());
    }

    #[test]
    fn facts_that_the_system_does_not_tell_are_not_called_good() {
        let silent = Surroundings {
            webkit: WebKit::NotKnown,
            locale: None,
            session_bus: None,
            time_service: None,
            fonts: None,
            folders: Vec::new(),
            ..healthy()
        };
        let diagnosis = diagnose(&silent, None);
        insta::assert_snapshot!(diagnosis.text());
    }

    #[test]
    fn what_names_a_person_is_left_out() {
        for (address, shown) in [
            ("http://proxy.test:3128", "http://proxy.test:3128"),
            ("http://maria@proxy.test", "http://…@proxy.test"),
            ("http://maria:p@ss:w@rd@proxy.test:1", "http://…@proxy.test:1"),
            ("maria:secret@proxy.test", "…@proxy.test"),
        ] {
            assert_eq!(without_user(address), shown);
        }
        assert_eq!(without_home("/home/maria/x and /home/maria", Some(Path::new("/home/maria/"))), "~/x and ~");
        assert_eq!(without_home("/x", Some(Path::new("/"))), "/x");
    }

    #[test]
    fn an_encoding_is_read_from_a_locale() {
        for (name, utf8) in [
            ("C.UTF-8", true),
            ("de_DE.utf8", true),
            ("sr_RS.UTF-8@latin", true),
            ("C", false),
            ("de_DE@euro", false),
            ("ja_JP.eucJP", false),
        ] {
            assert_eq!(is_utf8(name), utf8, "{name}");
        }
    }
}
