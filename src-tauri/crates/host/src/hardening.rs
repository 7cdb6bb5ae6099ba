//! Hardening of the process: no core dumps, no tracing by others, no contents in a panic, no silent death by a limit.

use std::io::Write;
use std::panic;

/// Called first, before there is a second thread and anything worth hiding. `program` is the name that a panic goes by.
pub fn harden(program: &'static str) {
    quieten_panics(program);
    #[cfg(unix)]
    {
        system::forbid_dumps();
        system::outlive_file_size_limit();
    }
}

/// Gives this process the limit of core dumps back that it was started with, for a command that takes its place: what a
/// person set for their own programs is theirs. A process that stays calls this never.
pub fn hand_limits_on() {
    #[cfg(unix)]
    system::hand_limits_on();
}

/// A panic may quote the value it stumbled over, so only its place is told.
fn quieten_panics(program: &'static str) {
    panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        #[cfg(unix)]
        crate::first_window::note_fault(&place);
        // Nothing is left to do about a closed stderr.
        let _ = writeln!(std::io::stderr(), "{program}: a fault of the program itself at {place}");
    }));
}

#[cfg(unix)]
mod system {
    use std::sync::OnceLock;
    use std::sync::atomic::AtomicBool;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use signal_hook::{consts::SIGXFSZ, flag};

    /// The limit of core dumps that the process was started with.
    static STARTED_WITH: OnceLock<Rlimit> = OnceLock::new();

    /// A core dump would hold the vault's key. Where the system refuses, it goes on as for any other program.
    pub fn forbid_dumps() {
        let found = STARTED_WITH.get_or_init(|| getrlimit(Resource::Core));
        // The hard limit stays: a process cannot raise it again, and `keywright run` hands on what it found.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: found.maximum });
        // Also keeps other programs of the same user from attaching to this one; a debugger wants a debug build.
        #[cfg(all(target_os = "linux", not(debug_assertions)))]
        {
            use rustix::process::{DumpableBehavior, set_dumpable_behavior};
            let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
        }
    }

    pub fn hand_limits_on() {
        if let Some(found) = STARTED_WITH.get() {
            let _ = setrlimit(Resource::Core, *found);
        }
    }

    /// A write past the limit of file sizes (`ulimit -f`) ends a program without a word, unless it hears of the signal:
    /// then the write fails, as on a full disk, and what fails says so. A handler, and not "ignore", which a command that
    /// takes this process's place would inherit.
    pub fn outlive_file_size_limit() {
        static PASSED: AtomicBool = AtomicBool::new(false);
        let _ = flag::register(SIGXFSZ, &PASSED);
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Set for the process in which a test does what would harm the others.
    const ALONE: &str = "KEYWRIGHT_TEST_ALONE";

    /// Runs this test again in a process of its own, and gives what that says on stderr; nothing in that process.
    fn alone(test: &str) -> Option<(std::process::ExitStatus, String)> {
        if std::env::var_os(ALONE).is_some() {
            return None;
        }
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([&format!("hardening::tests::{test}"), "--exact", "--nocapture"]).env(ALONE, "1");
        let output = command.output().unwrap();
        Some((output.status, String::from_utf8_lossy(&output.stderr).into_owned()))
    }

    #[test]
    fn a_panic_tells_its_place_and_not_what_it_quotes() {
        let Some((status, said)) = alone("a_panic_tells_its_place_and_not_what_it_quotes") else {
            harden("keywright-test");
            panic!("planted-secret-in-a-panic");
        };
        assert!(!status.success());
        assert!(!said.contains("planted-secret"), "{said}");
        let line = said.lines().find(|line| line.starts_with("keywright-test: ")).unwrap_or(&said);
        assert!(line.starts_with("keywright-test: a fault of the program itself at "), "{said}");
        assert!(line.contains("hardening.rs:"), "{line}");
    }

    #[test]
    fn the_limit_of_core_dumps_is_handed_on_as_it_was_found() {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Some((status, said)) = alone("the_limit_of_core_dumps_is_handed_on_as_it_was_found") else {
            let hard = getrlimit(Resource::Core).maximum;
            let wanted = Some(hard.unwrap_or(u64::MAX).min(1 << 20));
            setrlimit(Resource::Core, Rlimit { current: wanted, maximum: hard }).unwrap();
            harden("keywright-test");
            assert_eq!(getrlimit(Resource::Core), Rlimit { current: Some(0), maximum: hard });
            hand_limits_on();
            assert_eq!(getrlimit(Resource::Core), Rlimit { current: wanted, maximum: hard });
            return;
        };
        assert!(status.success(), "{said}");
    }
}
