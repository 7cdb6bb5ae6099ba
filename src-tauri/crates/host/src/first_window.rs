//! First window: a person's second start finds the first, hands over what was asked for, and ends. And the first knows how the run
//! before it ended.
//!
//! D-Bus would find it too, but is not everywhere: not in a plain X session, not in a container, not over ssh. So there is a file
//! that is locked while the window runs, and a socket beside it. Whoever may connect is who may write into the folder; what comes
//! is a wish to see the window, and nothing that needs to be trusted.
//!
//! The file says how its run went: `running 4711` or `closed` in its first line, then a line `fault PLACE` for each fault of the
//! program itself, or `page HOW` where the page ended so often that the window gave up. So a run that was ended from outside is told from one that was closed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, OFlags, flock};
use workbench::surroundings::{LastRun, PageEnd};

/// How long the first window may take to answer. It is busy for a moment while it starts.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest message: the arguments of a command line.
const LONGEST: u64 = 1 << 20;
/// What the first window answers.
const HEARD: u8 = b'+';

/// Where faults are noted, once a window runs.
static FAULTS: Mutex<Option<PathBuf>> = Mutex::new(None);

/// What a start is.
pub enum Claim {
    /// The first window of this person.
    First(FirstWindow),
    /// There is one, and it heard the message.
    Another,
}

/// Why it is not known whether there is a window.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// It is there, and silent.
    #[error("Keywright runs already (process {process}) and does not answer")]
    Silent {
        /// Its process, as it noted itself.
        process: String,
    },
    /// The folder takes no file, as in a home that can only be read. A window runs without being found there.
    #[error("{}: {error}", path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
}

/// The first window, for as long as this value lives.
pub struct FirstWindow {
    file: File,
    socket: PathBuf,
    listener: Option<UnixListener>,
    before: Option<LastRun>,
}

/// Claims to be the first window of the person whose `folder` this is. If another one is, it gets the `message`, which is one line.
///
/// # Errors
/// [`ClaimError`].
pub fn claim(folder: &Path, message: &str) -> Result<Claim, ClaimError> {
    let path = folder.join("window.lock");
    let mut file = open(folder, &path).map_err(|error| ClaimError::NoFile { path: path.clone(), error })?;
    let socket = folder.join("window.socket");
    let deadline = Instant::now() + PATIENCE;
    while flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        if tell(&socket, message).is_ok() {
            return Ok(Claim::Another);
        }
        if Instant::now() > deadline {
            let process = running(&read(&mut file)).unwrap_or("unknown").to_owned();
            return Err(ClaimError::Silent { process });
        }
        thread::sleep(Duration::from_millis(50));
    }
    let before = last_run_in(&read(&mut file));
    // A socket that is left from a run before belongs to nobody: whoever has the lock says what stands there.
    let _ = fs::remove_file(&socket);
    // A path that is too long for a socket makes a window that is not found, and a window all the same.
    let listener = UnixListener::bind(&socket).ok();
    let mut first = FirstWindow { file, socket, listener, before };
    first.note(&format!("running {}\n", std::process::id()));
    *FAULTS.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
    Ok(Claim::First(first))
}

impl FirstWindow {
    /// How the run before this one ended. None if this is the first that there was.
    pub fn before(&self) -> Option<&LastRun> {
        self.before.as_ref()
    }

    /// Hears what other starts ask for, each a line, until the program ends.
    pub fn hear(&mut self, heard: impl Fn(String) + Send + 'static) {
        let Some(listener) = self.listener.take() else { return };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // One that sends nothing is let go, and the next is heard.
                if let Ok(message) = listen(stream) {
                    heard(message);
                }
            }
        });
    }

    /// Notes that the window was closed as it should be. What was noted of faults stays.
    pub fn closed(&mut self) {
        let text = read(&mut self.file);
        let faults: String = text.lines().skip(1).map(|line| format!("{line}\n")).collect();
        self.note(&format!("closed\n{faults}"));
        let _ = fs::remove_file(&self.socket);
    }

    /// What cannot be noted is not worth a word: the next start says that it does not know.
    fn note(&mut self, text: &str) {
        let _ =
            self.file.set_len(0).and_then(|()| self.file.rewind()).and_then(|()| self.file.write_all(text.as_bytes()));
    }
}

/// How the last window of this person ended that does not run any more. None where none is known of.
pub fn last_run(folder: &Path) -> Option<LastRun> {
    let mut file = File::open(folder.join("window.lock")).ok()?;
    flock(&file, FlockOperation::NonBlockingLockShared).ok()?;
    last_run_in(&read(&mut file))
}

/// Notes that the window gives up, since its page ended again and again.
pub fn note_page_end(end: PageEnd) {
    append(&format!("page {}", end.name()));
}

/// Notes the place of a fault where the next start finds it. Nothing else of a fault is noted: it may quote a secret.
pub(crate) fn note_fault(place: &str) {
    append(&format!("fault {place}"));
}

fn append(line: &str) {
    // A fault may happen anywhere, also while the place to note it is set.
    let path = FAULTS.try_lock().ok().and_then(|path| path.clone());
    let file = path.and_then(|path| OpenOptions::new().append(true).open(path).ok());
    if let Some(mut file) = file {
        // Nothing is left to do about a disk that takes nothing.
        let _ = writeln!(file, "{line}");
    }
}

fn open(folder: &Path, path: &Path) -> io::Result<File> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(flags).open(path)
}

fn read(file: &mut File) -> String {
    let mut text = String::new();
    // What is not text was not written here.
    let _ = file.rewind().and_then(|()| file.take(LONGEST).read_to_string(&mut text));
    text
}

fn running(text: &str) -> Option<&str> {
    text.lines().next()?.strip_prefix("running ")
}

fn last_run_in(text: &str) -> Option<LastRun> {
    let first = text.lines().next()?;
    let noted = text.lines().skip(1).filter_map(noted).last();
    Some(match (noted, first) {
        (Some(noted), _) => noted,
        (None, "closed") => LastRun::Closed,
        (None, _) => LastRun::Cut,
    })
}

/// What a line says of a run, after the first.
fn noted(line: &str) -> Option<LastRun> {
    if let Some(place) = line.strip_prefix("fault ") {
        return Some(LastRun::Fault(place.to_owned()));
    }
    let name = line.strip_prefix("page ")?;
    PageEnd::ALL.into_iter().find(|end| end.name() == name).map(LastRun::Page)
}

/// Sends a message, and waits until it was heard.
fn tell(socket: &Path, message: &str) -> io::Result<()> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    writeln!(stream, "{message}")?;
    let mut answer = [0];
    stream.read_exact(&mut answer)?;
    if answer == [HEARD] { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Takes one message.
fn listen(mut stream: UnixStream) -> io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = String::new();
    BufReader::new((&stream).take(LONGEST)).read_line(&mut line)?;
    let message = line.strip_suffix('\n').ok_or(io::ErrorKind::UnexpectedEof)?.to_owned();
    stream.write_all(&[HEARD])?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn first(folder: &Path) -> FirstWindow {
        match claim(folder, "").unwrap() {
            Claim::First(first) => first,
            Claim::Another => panic!("nobody else is there"),
        }
    }

    #[test]
    fn a_second_start_is_heard_by_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("a/b");
        let (heard, hears) = mpsc::channel();
        let mut window = first(&home);
        assert_eq!(window.before(), None, "there was no run before");
        window.hear(move |message| heard.send(message).unwrap());
        for message in ["", "[\"--inspect\"]"] {
            assert!(matches!(claim(&home, message).unwrap(), Claim::Another));
            assert_eq!(hears.recv().unwrap(), message);
        }
    }

    #[test]
    fn a_stranger_at_the_socket_keeps_nobody_waiting_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let (heard, hears) = mpsc::channel();
        let mut window = first(folder.path());
        window.hear(move |message| heard.send(message).unwrap());
        let mut half = UnixStream::connect(folder.path().join("window.socket")).unwrap();
        half.write_all(b"half a message").unwrap();
        drop(half);
        assert!(matches!(claim(folder.path(), "whole").unwrap(), Claim::Another));
        assert_eq!(hears.recv().unwrap(), "whole");
    }

    #[test]
    fn the_next_run_knows_how_this_one_ended() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(last_run(folder.path()), None);
        drop(first(folder.path()));
        assert_eq!(last_run(folder.path()), Some(LastRun::Cut), "the process was gone before it was closed");

        let mut window = first(folder.path());
        assert_eq!(window.before(), Some(&LastRun::Cut));
        assert_eq!(last_run(folder.path()), None, "one that runs has not ended");
        window.closed();
        drop(window);
        assert_eq!(last_run(folder.path()), Some(LastRun::Closed));

        let mut window = first(folder.path());
        window.note("running 1\nfault src/a.rs:1:2\nfault src/b.rs:3:4\n");
        window.closed();
        drop(window);
        assert_eq!(first(folder.path()).before(), Some(&LastRun::Fault("src/b.rs:3:4".to_owned())));
    }

    #[test]
    fn every_end_of_a_page_is_read_as_it_was_noted() {
        for end in PageEnd::ALL {
            let text = format!("closed\npage {}\n", end.name());
            assert_eq!(last_run_in(&text), Some(LastRun::Page(end)));
        }
        assert_eq!(last_run_in("closed\npage burnt\n"), Some(LastRun::Closed), "a word of another version");
    }

    #[test]
    fn a_window_that_is_silent_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let window = first(folder.path());
        // As one that hangs: it has the lock, and its socket is gone.
        fs::remove_file(folder.path().join("window.socket")).unwrap();
        let Err(error) = claim(folder.path(), "") else { panic!("it cannot have been heard") };
        let told = error.to_string().replace(&std::process::id().to_string(), "PID");
        insta::assert_snapshot!(told, @"Keywright runs already (process PID) and does not answer");
        drop(window);
    }

    #[test]
    fn a_folder_that_takes_no_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let Err(error) = claim(&file, "") else { panic!("a file is not a folder") };
        assert!(matches!(error, ClaimError::NoFile { .. }));
    }
}
