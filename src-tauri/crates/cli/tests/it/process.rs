//! The process itself: closed to dumps.

use std::{
    io::{BufRead, BufReader},
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
};

use crate::{server::RunningEmulator, story::Story};

#[cfg(target_os = "linux")]
#[test]
fn a_running_program_leaves_no_core_dump() {
    let story = Story::new();
    let emulator = RunningEmulator::start(&story, &[]);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", emulator.id())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(line["Max core file size".len()..].split_whitespace().next(), Some("0"), "{line}");
}

/// What a process that is not dumpable has in `/proc` belongs to root, so it is looked at as somebody else.
#[cfg(target_os = "linux")]
#[test]
fn a_released_program_is_not_dumpable() {
    const NOBODY: u32 = 65534;

    let copy = tempfile::tempdir().unwrap();
    std::fs::set_permissions(copy.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = copy.path().join("keywright");
    std::fs::copy(assert_cmd::cargo::cargo_bin!("keywright"), &program).unwrap();
    let mut command = Command::new(program);
    let own = rustix::process::getuid().as_raw();
    let user = if own == 0 { NOBODY } else { own };
    if own == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.arg("emulator").env_clear().current_dir("/").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    // It says where it listens once it is past its start.
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
    let owner = Path::new(&format!("/proc/{}/mem", child.id())).metadata().unwrap().uid();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(owner, if cfg!(debug_assertions) { user } else { 0 });
}
