//! The terminal: a question, and an answer that nobody sees.
//!
//! On Unix this is ours and not rpassword's, which asks before it hides what is typed, shows it again between two questions
//! of one command, takes for an answer what was typed before the question, and leaves the terminal silent when a signal ends
//! the program. On Windows it is rpassword: the console hides typing by handle, Ctrl-C gives the modes of the console back
//! with the program, and a call of our own would be `unsafe`.

use std::io;

use zeroize::Zeroizing;

#[cfg(unix)]
pub use unix::{Hold, Terminal};
#[cfg(windows)]
pub use windows::{Hold, Terminal};

/// How many bytes one answer may have. The system's own line is not longer.
#[cfg(unix)]
const LONGEST: usize = 4096;

#[cfg(unix)]
mod unix {
    use std::{
        cell::{Cell, RefCell},
        fs::File,
        io::{Read, Write},
        os::unix::fs::OpenOptionsExt,
        sync::Arc,
    };

    use host::{Moment, Undo};
    use rustix::{
        fs::OFlags,
        process::getpgrp,
        termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp, tcsetattr},
    };

    use super::{LONGEST, Zeroizing, io};

    /// The terminal of this command. It is left alone until something is asked.
    #[derive(Default)]
    pub struct Terminal {
        holds: Cell<usize>,
        hidden: RefCell<Option<Hidden>>,
    }

    /// While one lives, what is typed stays hidden from the first question on.
    pub struct Hold<'t>(&'t Terminal);

    impl Terminal {
        /// Keeps what is typed hidden from the next question on until this is dropped, also between two questions. A
        /// command that asks more than once holds this from before the first to after the last.
        pub fn hold(&self) -> Hold<'_> {
            self.holds.set(self.holds.get() + 1);
            Hold(self)
        }

        /// Asks, and takes the line that is typed from now on, without its end.
        pub fn ask(&self, question: &str) -> io::Result<Zeroizing<String>> {
            let _hold = self.hold();
            self.hide(question)?;
            let hidden = self.hidden.borrow();
            hidden.as_ref().ok_or(io::ErrorKind::NotConnected)?.line()
        }

        /// Hides what is typed from now on, while something holds that, drops what was typed before, and then says so.
        pub fn hide(&self, words: &str) -> io::Result<()> {
            let mut hidden = self.hidden.borrow_mut();
            let hidden = match hidden.take() {
                Some(before) => {
                    tcflush(&before.tty, QueueSelector::IFlush)?;
                    hidden.insert(before)
                }
                None => hidden.insert(Hidden::new()?),
            };
            (&*hidden.tty).write_all(words.as_bytes())
        }
    }

    impl Drop for Hold<'_> {
        fn drop(&mut self) {
            let holds = self.0.holds.get() - 1;
            self.0.holds.set(holds);
            if holds == 0 {
                self.0.hidden.take();
            }
        }
    }

    /// A terminal that shows nothing of what is typed. It does again when this is dropped, and when a signal ends the
    /// program.
    struct Hidden {
        tty: Arc<File>,
        _undo: Undo,
    }

    impl Hidden {
        fn new() -> io::Result<Self> {
            // This process's own terminal, wherever standard input and output lead; never a new one.
            let flags = OFlags::NOCTTY.bits().cast_signed();
            let tty = Arc::new(File::options().read(true).write(true).custom_flags(flags).open("/dev/tty")?);
            let former = tcgetattr(&tty)?;
            let mut silent = former.clone();
            silent.local_modes -= LocalModes::ECHO | LocalModes::ECHOE | LocalModes::ECHOK | LocalModes::ECHONL;
            let noted = (Arc::clone(&tty), silent.clone());
            // Noted before it is done, so that no signal comes in between.
            let undo = host::undo(move |moment| {
                let (tty, silent) = &noted;
                match moment {
                    Moment::End => set(tty, &former),
                    Moment::Continued => set(tty, silent),
                }
            })?;
            tcsetattr(&tty, OptionalActions::Flush, &silent)?;
            Ok(Self { tty, _undo: undo })
        }

        /// The line that is typed. One read of a terminal gives one line at most, so nothing is read beyond it.
        fn line(&self) -> io::Result<Zeroizing<String>> {
            let mut tty = &*self.tty;
            let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
            let mut piece = Zeroizing::new([0; 1024]);
            loop {
                let count = match tty.read(&mut piece[..]) {
                    Ok(count) => count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error),
                };
                let typed = &piece[..count];
                let end = typed.iter().position(|byte| *byte == b'\n');
                let typed = &typed[..end.unwrap_or(count)];
                if line.len() + typed.len() > LONGEST {
                    return Err(io::Error::other(format!("the answer has more than {LONGEST} bytes")));
                }
                line.extend_from_slice(typed);
                if end.is_some() {
                    break;
                }
                if count == 0 {
                    // Ctrl-D on an empty line.
                    tty.write_all(b"\n")?;
                    return Err(io::Error::other("nothing was typed"));
                }
            }
            tty.write_all(b"\n")?;
            match std::str::from_utf8(&line) {
                Ok(text) => Ok(Zeroizing::new(text.to_owned())),
                Err(_) => Err(io::Error::other("what was typed is not UTF-8")),
            }
        }
    }

    /// Sets the modes and drops what was typed, which nobody saw. In the background it leaves them alone: the terminal is
    /// the shell's then, which has its own modes, and to set some would stop this process instead.
    fn set(tty: &File, modes: &Termios) {
        if tcgetpgrp(tty).is_ok_and(|group| group == getpgrp()) {
            // A terminal that is gone needs nothing back.
            let _ = tcsetattr(tty, OptionalActions::Flush, modes);
        }
    }
}

#[cfg(windows)]
mod windows {
    use std::marker::PhantomData;

    use super::{Zeroizing, io};

    /// The console.
    #[derive(Default)]
    pub struct Terminal;

    /// Nothing, here: each question hides its own answer alone.
    pub struct Hold<'t>(PhantomData<&'t Terminal>);

    impl Terminal {
        /// Nothing, here.
        pub fn hold(&self) -> Hold<'_> {
            Hold(PhantomData)
        }

        /// Nothing, here: the console is read by its buffer, as it stands.
        pub fn hide(&self, _: &str) -> io::Result<()> {
            Ok(())
        }

        /// Asks, and takes the line that is typed, without its end.
        pub fn ask(&self, question: &str) -> io::Result<Zeroizing<String>> {
            rpassword::prompt_password(question).map(Zeroizing::new)
        }
    }
}
