//! Surroundings: what the system tells of itself, read from its files and variables. No other program is asked but `rpm`, which has
//! no files that could be read.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use directories::BaseDirs;
use workbench::ports::Clock;
use workbench::surroundings::{Folder, Installed, LastRun, Surroundings, WebKit};

use crate::{SystemClock, config_folder, data_folder};

/// The variables that reqwest takes proxies from, in both ways of writing.
const PROXIES: [&str; 8] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];

/// How deep folders of fonts are looked through: distributions nest them twice, people perhaps three times.
const FONT_DEPTH: usize = 5;

/// Looks around. `program` is the name that the program goes by, `version` its own.
pub fn surroundings(program: &'static str, version: &'static str) -> Surroundings {
    let file = env::current_exe().ok();
    let home = BaseDirs::new().map(|folders| folders.home_dir().to_owned());
    Surroundings {
        installed: file.as_deref().map_or(Installed::Unknown, installed),
        file,
        program,
        version,
        system: system(),
        kernel: line(Path::new("/proc/sys/kernel/osrelease")),
        architecture: env::consts::ARCH,
        desktop: desktop(variable("XDG_CURRENT_DESKTOP"), variable("XDG_SESSION_TYPE")),
        webkit: webkit(),
        folders: folders(),
        locale: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable),
        session_bus: session_bus(),
        keychains: keychains(&data_folders()),
        now: SystemClock.now(),
        time_service: Path::new("/run/systemd/timesync/synchronized").exists().then_some("systemd-timesyncd"),
        proxies: PROXIES.into_iter().filter_map(|name| Some((name, variable(name)?))).collect(),
        fonts: fonts(home.as_deref()),
        graphics: graphics(Path::new("/sys/class/drm")),
        last_run: last_run(),
        home,
    }
}

#[cfg(unix)]
fn last_run() -> Option<LastRun> {
    crate::first_window::last_run(&config_folder().ok()?)
}

#[cfg(not(unix))]
fn last_run() -> Option<LastRun> {
    None
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The first line of a file.
fn line(path: &Path) -> Option<String> {
    Some(fs::read_to_string(path).ok()?.lines().next()?.trim().to_owned())
}

fn installed(file: &Path) -> Installed {
    if file.ancestors().any(|folder| folder.join("CACHEDIR.TAG").exists()) {
        return Installed::Built;
    }
    if is_listed(Path::new("/var/lib/dpkg/info"), file) {
        return Installed::Deb;
    }
    let asked = Command::new("/usr/bin/rpm")
        .args(["--query", "--file"])
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if asked.is_ok_and(|status| status.success()) { Installed::Rpm } else { Installed::Unknown }
}

/// Whether the list of files of one of Keywright's packages has this file (deb-files: one absolute path in each line).
fn is_listed(lists: &Path, file: &Path) -> bool {
    let Ok(found) = fs::read_dir(lists) else { return false };
    let ours = |name: &str| name.starts_with("keywright") && name.ends_with(".list");
    let lists = found.flatten().filter(|entry| entry.file_name().to_str().is_some_and(ours));
    lists
        .filter_map(|list| fs::read_to_string(list.path()).ok())
        .any(|list| list.lines().any(|it| Path::new(it) == file))
}

/// `PRETTY_NAME` of os-release(5), elsewhere the system's short name.
fn system() -> Option<String> {
    let pretty = ["/etc/os-release", "/usr/lib/os-release"].iter().find_map(|path| fs::read_to_string(path).ok());
    let pretty = pretty.as_deref().and_then(pretty_name);
    pretty.or_else(|| (!cfg!(target_os = "linux")).then(|| env::consts::OS.to_owned()))
}

fn pretty_name(table: &str) -> Option<String> {
    let value = table.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(value.trim().trim_matches(['"', '\'']).to_owned())
}

fn desktop(name: Option<String>, session: Option<String>) -> Option<String> {
    match (name, session) {
        (Some(name), Some(session)) => Some(format!("{name}, {session}")),
        (one, other) => one.or(other),
    }
}

#[cfg(target_os = "linux")]
fn webkit() -> WebKit {
    // Debian has a folder for each architecture below, Fedora lib64.
    let mut folders = vec![PathBuf::from("/usr/lib64"), PathBuf::from("/usr/lib"), PathBuf::from("/usr/local/lib")];
    folders.extend(fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path()));
    library(&folders).map_or(WebKit::NotFound, WebKit::Installed)
}

#[cfg(not(target_os = "linux"))]
fn webkit() -> WebKit {
    WebKit::NotKnown
}

/// The file of WebKitGTK's library, with the version in its name, in one of these folders.
#[cfg(target_os = "linux")]
fn library(folders: &[PathBuf]) -> Option<String> {
    let names = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let found = names.filter_map(|entry| entry.file_name().into_string().ok());
    found.filter(|name| name.starts_with("libwebkit2gtk-4.1.so.0")).max_by_key(String::len)
}

fn folders() -> Vec<Folder> {
    let ours = [("the vault", data_folder()), ("how the window looks", config_folder())];
    let folder = |(holds, path): (&'static str, Result<PathBuf, _>)| {
        let path = path.ok()?;
        Some(Folder { holds, writable: is_writable(&path), path })
    };
    ours.into_iter().filter_map(folder).collect()
}

/// Whether a folder can be written; where there is none yet, whether the nearest one above it can.
fn is_writable(path: &Path) -> bool {
    let Some(nearest) = path.ancestors().find(|folder| folder.exists()).filter(|nearest| nearest.is_dir()) else {
        return false;
    };
    #[cfg(unix)]
    {
        use rustix::fs::{Access, access};
        access(nearest, Access::WRITE_OK | Access::EXEC_OK).is_ok()
    }
    #[cfg(not(unix))]
    {
        fs::metadata(nearest).is_ok_and(|found| !found.permissions().readonly())
    }
}

/// Whether somebody listens where the session bus is said to be (D-Bus specification, "Well-known Message Bus Instances").
#[cfg(target_os = "linux")]
fn session_bus() -> Option<bool> {
    let listens = |path: &Path| std::os::unix::net::UnixStream::connect(path).is_ok();
    match variable("DBUS_SESSION_BUS_ADDRESS") {
        // Another kind of address is not tried.
        Some(address) => address.strip_prefix("unix:path=").map(|rest| {
            let path = rest.split([',', ';']).next().unwrap_or_default();
            listens(Path::new(path))
        }),
        None => Some(variable("XDG_RUNTIME_DIR").is_some_and(|folder| listens(&Path::new(&folder).join("bus")))),
    }
}

#[cfg(not(target_os = "linux"))]
fn session_bus() -> Option<bool> {
    None
}

/// The folders of data that several programs share (XDG Base Directory Specification).
fn data_folders() -> Vec<PathBuf> {
    let named = variable("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".to_owned());
    env::split_paths(&named).filter(|folder| folder.is_absolute()).collect()
}

/// The programs that the bus would start for `org.freedesktop.secrets`, by their file names.
fn keychains(data: &[PathBuf]) -> Vec<String> {
    let services =
        data.iter().filter_map(|folder| fs::read_dir(folder.join("dbus-1/services")).ok()).flatten().flatten();
    let mut found: Vec<_> = services.filter_map(|entry| keychain(&fs::read_to_string(entry.path()).ok()?)).collect();
    found.sort();
    found.dedup();
    found
}

fn keychain(service: &str) -> Option<String> {
    let value = |name: &str| service.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='));
    if value("Name")?.trim() != "org.freedesktop.secrets" {
        return None;
    }
    let program = value("Exec")?.split_whitespace().next()?;
    Path::new(program).file_name()?.to_str().map(str::to_owned)
}

#[cfg(target_os = "linux")]
fn fonts(home: Option<&Path>) -> Option<usize> {
    let mut folders: Vec<_> = data_folders().iter().map(|folder| folder.join("fonts")).collect();
    folders.extend(home.into_iter().flat_map(|home| [home.join(".fonts"), home.join(".local/share/fonts")]));
    Some(folders.iter().map(|folder| count_fonts(folder, FONT_DEPTH)).sum())
}

#[cfg(not(target_os = "linux"))]
fn fonts(_: Option<&Path>) -> Option<usize> {
    None
}

/// Links to folders are not followed, since they may lead in a circle.
#[cfg(target_os = "linux")]
fn count_fonts(folder: &Path, depth: usize) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let is_font = |path: &Path| {
        let extension = path.extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase);
        extension.is_some_and(|it| ["ttf", "otf", "ttc", "otc", "pfb"].contains(&&*it))
    };
    let count = |entry: fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() && depth > 1 => count_fonts(&entry.path(), depth - 1),
        Ok(kind) if !kind.is_dir() => usize::from(is_font(&entry.path())),
        _ => 0,
    };
    entries.flatten().map(count).sum()
}

/// The driver of each graphics card: `card0`, and not its sockets `card0-HDMI-A-1`.
fn graphics(class: &Path) -> Vec<String> {
    let cards = fs::read_dir(class).into_iter().flatten().flatten();
    let is_card =
        |name: &str| name.strip_prefix("card").is_some_and(|number| number.bytes().all(|it| it.is_ascii_digit()));
    let cards = cards.filter(|entry| entry.file_name().to_str().is_some_and(is_card));
    let driver = |card: fs::DirEntry| {
        let driver = fs::read_link(card.path().join("device/driver")).ok()?;
        driver.file_name()?.to_str().map(str::to_owned)
    };
    let mut drivers: Vec<_> = cards.filter_map(driver).collect();
    drivers.sort();
    drivers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_computer_is_looked_at() {
        let around = surroundings("keywright", "1.2.3");
        assert_eq!((around.program, around.version), ("keywright", "1.2.3"));
        assert_eq!(around.installed, Installed::Built, "cargo built this test");
        assert!(around.file.is_some() && around.now > 1_700_000_000);
    }

    #[test]
    fn a_package_lists_its_files() {
        let lists = tempfile::tempdir().unwrap();
        fs::write(lists.path().join("keywright.list"), "/.\n/usr/bin\n/usr/bin/keywright\n").unwrap();
        fs::write(lists.path().join("other.list"), "/opt/keywright\n").unwrap();
        assert!(is_listed(lists.path(), Path::new("/usr/bin/keywright")));
        assert!(!is_listed(lists.path(), Path::new("/opt/keywright")), "another package's");
        assert!(!is_listed(&lists.path().join("none"), Path::new("/usr/bin/keywright")));
    }

    #[test]
    fn names_are_read_from_the_systems_files() {
        let table = "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n";
        assert_eq!(pretty_name(table).as_deref(), Some("Debian GNU/Linux 12 (bookworm)"));
        assert_eq!(pretty_name("NAME=x"), None);
        let keyring =
            "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/usr/bin/gnome-keyring-daemon --start --foreground\n";
        assert_eq!(keychain(keyring).as_deref(), Some("gnome-keyring-daemon"));
        assert_eq!(keychain("[D-BUS Service]\nName=org.kde.kwalletd\nExec=/usr/bin/kwalletd\n"), None);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(desktop(text("GNOME"), text("wayland")).as_deref(), Some("GNOME, wayland"));
        assert_eq!(desktop(None, text("tty")).as_deref(), Some("tty"));
        assert_eq!(desktop(None, None), None);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_judged_by_the_one_above() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_writable(&folder.path().join("a/b/c")));
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(!is_writable(&file.join("a")), "a file stands where a folder should be");
    }

    #[cfg(unix)]
    #[test]
    fn cards_have_drivers_and_their_sockets_none() {
        let class = tempfile::tempdir().unwrap();
        for name in ["card0/device", "card0-HDMI-A-1/device", "renderD128/device"] {
            fs::create_dir_all(class.path().join(name)).unwrap();
            std::os::unix::fs::symlink("/drivers/i915", class.path().join(name).join("driver")).unwrap();
        }
        assert_eq!(graphics(class.path()), ["i915"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn fonts_and_the_engine_are_found_by_their_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("truetype/dejavu")).unwrap();
        for name in ["truetype/dejavu/DejaVuSans.ttf", "x.OTF", "readme.txt", "libwebkit2gtk-4.1.so.0.19.4"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        std::os::unix::fs::symlink(folder.path(), folder.path().join("circle")).unwrap();
        assert_eq!(count_fonts(folder.path(), FONT_DEPTH), 2);
        assert_eq!(library(&[folder.path().to_owned()]).as_deref(), Some("libwebkit2gtk-4.1.so.0.19.4"));
        assert_eq!(library(&[]), None);
    }
}
