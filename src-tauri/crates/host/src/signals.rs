//! Signals that end the program, and what is undone before they do: hidden typing, a folder that nobody asked to keep.
//!
//! While nothing is to be undone, a signal does what it does by default, at once. While something is, a thread of its own
//! undoes it and then lets the program end by the same signal, so that a shell tells 130 of Ctrl-C as ever. What this
//! program was started with as ignored (`nohup`) stays ignored, also for a command that takes its place.

use std::{
    io,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

/// When something that is to be undone hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Its time is over: its [`Undo`] was dropped, or a signal ends the program.
    End,
    /// The program goes on after it was stopped, as by Ctrl-Z and `fg`. Whoever had the terminal meanwhile may have
    /// changed it.
    Continued,
}

/// Something that is undone when this is dropped, or before a signal ends the program.
#[must_use = "what is to be undone is undone when this is dropped"]
pub struct Undo(u64);

/// Has `act` undo something when the result is dropped, or before INT, TERM, HUP or QUIT ends the program (off Unix:
/// Ctrl-C). It may be called from another thread, and twice with [`Moment::End`] where both come together.
///
/// # Errors
///
/// When the system does not tell of signals; nothing is to be undone then yet.
pub fn undo(act: impl FnMut(Moment) + Send + 'static) -> io::Result<Undo> {
    note(What::Undo(Box::new(act)))
}

/// Ctrl-C, which ends nothing while this is there.
pub struct Interrupt {
    heard: mpsc::Receiver<()>,
    _noted: Undo,
}

impl Interrupt {
    /// Has Ctrl-C told here from now on, and not before: whoever is told to press it comes later.
    ///
    /// # Errors
    ///
    /// When the system does not tell of it.
    pub fn expect() -> io::Result<Self> {
        let (told, heard) = mpsc::channel();
        let noted = note(What::Interrupt(told))?;
        system::hear_interrupt()?;
        Ok(Self { heard, _noted: noted })
    }

    /// Waits until somebody presses it. Pressed before, it is not waited for.
    pub fn wait(&self) {
        // The other end lasts as long as this.
        let _ = self.heard.recv();
    }
}

/// What is noted, in the order in which it was.
struct Noted {
    next: u64,
    all: Vec<(u64, What)>,
    watching: bool,
}

enum What {
    Undo(Box<dyn FnMut(Moment) + Send>),
    Interrupt(mpsc::Sender<()>),
}

static NOTED: Mutex<Noted> = Mutex::new(Noted { next: 0, all: Vec::new(), watching: false });

/// Whether nothing is noted, so that a signal may end the program at once. What a signal handler may read.
static AT_ONCE: AtomicBool = AtomicBool::new(true);

fn noted() -> MutexGuard<'static, Noted> {
    NOTED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(what: What) -> io::Result<Undo> {
    let mut noted = noted();
    if !noted.watching {
        system::watch()?;
        noted.watching = true;
    }
    let id = noted.next;
    noted.next += 1;
    noted.all.push((id, what));
    AT_ONCE.store(false, Ordering::SeqCst);
    Ok(Undo(id))
}

impl Drop for Undo {
    fn drop(&mut self) {
        let mut noted = noted();
        let Some(at) = noted.all.iter().position(|(id, _)| *id == self.0) else { return };
        // Undone while it still is noted: a signal in between would find it half undone and nobody to finish it.
        if let (_, What::Undo(act)) = &mut noted.all[at] {
            act(Moment::End);
        }
        noted.all.remove(at);
        AT_ONCE.store(noted.all.is_empty(), Ordering::SeqCst);
    }
}

impl Noted {
    /// Tells whoever waits for Ctrl-C, the last first; whether somebody did.
    fn tell_of_interrupt(&self) -> bool {
        let waiting = self.all.iter().rev().find_map(|(_, what)| match what {
            What::Interrupt(told) => Some(told),
            What::Undo(_) => None,
        });
        waiting.is_some_and(|told| told.send(()).is_ok())
    }

    /// Tells everything that is to be undone, what was noted last first.
    fn tell(&mut self, moment: Moment) {
        for (_, what) in self.all.iter_mut().rev() {
            if let What::Undo(act) = what {
                act(moment);
            }
        }
    }
}

#[cfg(unix)]
mod system {
    use std::{io, sync::OnceLock};

    use signal_hook::{
        consts::signal::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM},
        flag,
        iterator::{Handle, Signals},
        low_level::emulate_default_handler,
    };

    use super::{AT_ONCE, Moment, noted};

    const ENDING: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

    /// What this process was started with.
    static STARTED: OnceLock<Started> = OnceLock::new();

    struct Started {
        ignored: Vec<i32>,
        handle: Handle,
    }

    /// Starts the thread that hears of signals.
    pub fn watch() -> io::Result<()> {
        let ignored = ignored();
        let heeded = || ENDING.into_iter().filter(|signal| !ignored.contains(signal));
        for signal in heeded() {
            flag::register_conditional_default(signal, &AT_ONCE)?;
        }
        // Ctrl-Z is not caught: the shell takes the terminal back as it wants it, and where there is no shell with jobs the
        // system ignores it, which a handler could not imitate.
        let mut signals = Signals::new(heeded().chain([SIGCONT]))?;
        let handle = signals.handle();
        let heard = ignored.clone();
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in signals.forever() {
                let mut noted = noted();
                match signal {
                    SIGCONT => noted.tell(Moment::Continued),
                    SIGINT if noted.tell_of_interrupt() => {}
                    ignored if heard.contains(&ignored) => {}
                    _ => {
                        noted.tell(Moment::End);
                        // Ends the program. It does not return; what could fail is an unknown number.
                        let _ = emulate_default_handler(signal);
                    }
                }
            }
        })?;
        // Set once: `watch` is called under the lock, until it succeeds.
        let _ = STARTED.set(Started { ignored, handle });
        Ok(())
    }

    /// Has Ctrl-C told also where the program was started with it ignored, as in the background of a script: who waits for
    /// it says so to a person.
    pub fn hear_interrupt() -> io::Result<()> {
        match STARTED.get() {
            Some(started) if started.ignored.contains(&SIGINT) => started.handle.add_signal(SIGINT),
            _ => Ok(()),
        }
    }

    /// Of the signals that end a program, those that this one was started with as ignored. Linux alone tells; elsewhere
    /// none is taken to be.
    fn ignored() -> Vec<i32> {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = super::ignored(&status);
        ENDING.into_iter().filter(|signal| mask >> (signal - 1) & 1 == 1).collect()
    }
}

/// The mask of ignored signals in `/proc/self/status`, bit 0 for signal 1.
#[cfg(unix)]
fn ignored(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(not(unix))]
mod system {
    use std::{io, process};

    use super::{Moment, noted};

    /// How Windows tells of a program that Ctrl-C ended: STATUS_CONTROL_C_EXIT.
    const ENDED: u32 = 0xC000_013A;

    /// Starts the thread that hears of Ctrl-C.
    pub fn watch() -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            while runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
                let mut noted = noted();
                if !noted.tell_of_interrupt() {
                    noted.tell(Moment::End);
                    process::exit(ENDED as i32);
                }
            }
        })?;
        Ok(())
    }

    /// It is heard from the first on.
    pub fn hear_interrupt() -> io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use signal_hook::{consts::SIGCONT, low_level::raise};

    use super::*;

    #[test]
    fn the_mask_of_ignored_signals_is_read() {
        assert_eq!(ignored("Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000002\n"), 0x1001);
        assert_eq!(ignored(""), 0);
    }

    #[test]
    fn what_is_to_be_undone_hears_of_a_pause_and_is_undone_once() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hearing = Arc::clone(&heard);
        let noted = undo(move |moment| hearing.lock().unwrap().push(moment)).unwrap();
        raise(SIGCONT).unwrap();
        let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while heard.lock().unwrap().is_empty() && std::time::Instant::now() < until {
            std::thread::yield_now();
        }
        drop(noted);
        assert_eq!(*heard.lock().unwrap(), [Moment::Continued, Moment::End]);
    }
}
