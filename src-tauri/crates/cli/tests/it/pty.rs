//! A terminal with the program at it: what a person types there, what they see, and what is left of its modes.

use std::{
    fs::File,
    io::{Read, Write},
    os::fd::{AsFd, OwnedFd},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, Termios, tcgetattr},
};

use crate::story::Story;

/// How long anything here may take on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program at a terminal of its own, started by a shell that outlives it: with the last process of its session a
/// terminal would lose its modes.
pub struct AtTerminal {
    shell: Child,
    terminal: File,
    seen: Arc<Mutex<String>>,
    /// The modes before the program was started.
    pub before: Termios,
}

impl AtTerminal {
    /// Runs a call there, after its process's number was printed as `process N`.
    pub fn run(story: &Story, line: &str) -> Self {
        Self::run_after(story, line, "")
    }

    /// The same, with this typed before the program is started.
    pub fn run_after(story: &Story, line: &str, typed: &str) -> Self {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
        let other_end = File::options().read(true).write(true).open(name).unwrap();
        let end = || Stdio::from(OwnedFd::from(other_end.try_clone().unwrap()));
        let before = tcgetattr(&terminal).unwrap();
        File::from(terminal.as_fd().try_clone_to_owned().unwrap()).write_all(typed.as_bytes()).unwrap();

        let program = story.program();
        let script = format!(
            "trap : INT QUIT; sh -c 'echo process $$; exec \"$0\" {line}' \"$0\"; echo ended $?; cat > /dev/null"
        );
        let mut command = Command::new("setsid");
        // Where the tests run in the background of a shell, that has them ignore what ends the program here.
        command.args(["--ctty", "env", "--default-signal=INT,QUIT,TERM,HUP", "sh", "-c"]).arg(script);
        command.arg(program.get_program());
        command.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.env("TERM", "dumb").current_dir(program.get_current_dir().unwrap());
        let shell = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();

        let terminal = File::from(terminal);
        let seen = Arc::new(Mutex::new(String::new()));
        let (mut reading, seeing) = (terminal.try_clone().unwrap(), Arc::clone(&seen));
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            // Until nobody is at the other end any more.
            while let Ok(count @ 1..) = reading.read(&mut piece) {
                seeing.lock().unwrap().push_str(&String::from_utf8_lossy(&piece[..count]));
            }
        });
        Self { shell, terminal, seen, before }
    }

    /// Types this, in one go.
    pub fn types(&self, typed: &str) {
        (&self.terminal).write_all(typed.as_bytes()).unwrap();
    }

    /// Everything that was seen so far.
    pub fn seen(&self) -> String {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until this is seen.
    #[track_caller]
    pub fn sees(&self, text: &str) {
        self.until(|| self.seen().contains(text), text);
    }

    /// The number of the program's process.
    pub fn process(&self) -> String {
        self.sees("process ");
        self.until(|| self.process_line().is_some(), "a number");
        self.process_line().unwrap()
    }

    fn process_line(&self) -> Option<String> {
        let seen = self.seen();
        let (number, _) = seen.split_once("process ")?.1.split_once('\r')?;
        Some(number.to_owned())
    }

    /// Waits until the program has ended; its exit code as a shell tells it.
    #[track_caller]
    pub fn ends(&self) -> i32 {
        let code = || self.seen().split_once("ended ").and_then(|(_, rest)| rest.split_once('\r')?.0.parse().ok());
        self.until(|| code().is_some(), "the end");
        code().unwrap()
    }

    /// The end of the terminal at which a person sits.
    pub fn terminal(&self) -> &File {
        &self.terminal
    }

    /// The modes of the terminal now.
    pub fn modes(&self) -> Termios {
        tcgetattr(&self.terminal).unwrap()
    }

    /// Whether what is typed is shown.
    pub fn echoes(&self) -> bool {
        self.modes().local_modes.contains(LocalModes::ECHO)
    }

    /// That the modes are as before, all of them.
    #[track_caller]
    pub fn is_as_before(&self) {
        assert_eq!(format!("{:?}", self.modes()), format!("{:?}", self.before), "{}", self.seen());
    }

    #[track_caller]
    fn until(&self, holds: impl Fn() -> bool, what: &str) {
        let end = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < end, "waited for {what} in vain: {}", self.seen());
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for AtTerminal {
    fn drop(&mut self) {
        // It waits for more to be typed. What it started hangs up with the terminal.
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
