//! The process itself: closed to dumps, alive past a limit of file sizes.

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

/// Runs a call where no file may grow past so many bytes; how it ended, and what it said.
fn limited(story: &Story, bytes: u32, line: &str) -> (Option<i32>, String) {
    let program = story.program();
    // In blocks of 512 bytes, as POSIX has it.
    let script = format!("ulimit -f {}; exec \"$0\" {line}", bytes / 512);
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(program.get_program());
    command.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.current_dir(program.get_current_dir().unwrap()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_limit_of_file_sizes_fails_what_it_stops_and_says_so() {
    let story = Story::with_vault();
    let vault = story.read("vault.kwv");
    // The words are those of whoever writes, and stand in their snapshots.
    for (bytes, line, code, named) in [
        (8192, "key generate --alg ES512 --name fresh --passphrase-file pw", 8, "vault.kwv"),
        (8192, "vault create --vault other.kwv --passphrase-file pw", 8, "other.kwv"),
        (0, "key convert keys/p521-none.pkcs8.pem --to sec1 -o out.pem", 1, "cannot write out.pem: File too large"),
        (0, "key convert keys/p521-none.pkcs8.pem --to sec1 > out", 1, "cannot write the result: File too large"),
    ] {
        let (ended, said) = limited(&story, bytes, line);
        assert_eq!(ended, Some(code), "{line}: {said}");
        assert!(said.starts_with("error: ") && said.contains(named), "{line}: {said}");
    }
    assert_eq!(story.read("vault.kwv"), vault, "the vault is as it was");
    assert_eq!(story.names().iter().filter(|name| name.contains("out.pem") || name.contains("other")).count(), 0);
    story.open("key list").ends(0);
}
