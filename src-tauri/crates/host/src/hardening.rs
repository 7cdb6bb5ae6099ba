//! What keeps memory out of files and out of sight: no core dumps, no tracing by others, no contents in a panic.

use std::io::Write;
use std::panic;

/// Called first, before there is a second thread and anything worth hiding. `program` is the name that a panic goes by.
pub fn harden(program: &'static str) {
    quieten_panics(program);
    #[cfg(target_os = "linux")]
    forbid_dumps();
}

/// A panic may quote the value it stumbled over, so only its place is told.
fn quieten_panics(program: &'static str) {
    panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // Nothing is left to do about a closed stderr.
        let _ = writeln!(std::io::stderr(), "{program}: a fault of the program itself at {place}");
    }));
}

/// A core dump would hold the vault's key. Where the system refuses, it goes on as for any other program.
#[cfg(target_os = "linux")]
fn forbid_dumps() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // Also keeps other programs of the same user from attaching to this one; a debugger wants a debug build.
    if !cfg!(debug_assertions) {
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
