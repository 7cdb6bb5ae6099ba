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
    let emulator = RunningEmulator::with_core_dumps(&story);
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

/// Where these bytes stand in the memory of a process.
#[cfg(target_os = "linux")]
fn found_in_memory(process: &str, bytes: &[u8]) -> Vec<String> {
    use std::io::{Read, Seek, SeekFrom};

    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let mut memory = std::fs::File::open(format!("/proc/{process}/mem")).unwrap();
    let mut found = Vec::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|mode| mode.starts_with("rw"))) {
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (start, end) = (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        let mut content = vec![0; usize::try_from(end - start).unwrap()];
        memory.seek(SeekFrom::Start(start)).unwrap();
        // What the system keeps to itself, and what is gone by now, cannot be read.
        if memory.read_exact(&mut content).is_ok() {
            let places = content.windows(bytes.len()).enumerate().filter(|(_, window)| *window == bytes);
            found.extend(places.map(|(at, _)| format!("{:x} of {line}", start + at as u64)));
        }
    }
    found
}

/// A released program can be looked into by root alone.
#[cfg(target_os = "linux")]
#[test]
fn a_passphrase_that_was_read_leaves_no_copy_behind() {
    use std::io::Write;

    use crate::{pty::AtTerminal, story::PASSPHRASE};

    let story = Story::with_vault();
    story.write("secret", "a secret of webhooks 9c40");
    story.open("credential add hooks --profile Acme --env sandbox --kind webhook_secret --secret-file secret").ends(0);
    let listen = "webhook listen --profile Acme --env sandbox";
    let looked = |process: &str| {
        assert!(!found_in_memory(process, b"a secret of webhooks 9c40").is_empty(), "what it needs is found");
        found_in_memory(process, PASSPHRASE.as_bytes())
    };

    let at = AtTerminal::run(&story, listen);
    at.sees("Passphrase of ");
    at.types(&format!("{PASSPHRASE}\n"));
    at.sees("Ctrl-C ends it");
    assert_eq!(looked(&at.process()), [""; 0], "typed");

    let mut command = story.program();
    command.args(listen.split(' ')).args(["--passphrase-file", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(PASSPHRASE.as_bytes()).unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|line| line.contains("Ctrl-C ends it")));
    let found = looked(&child.id().to_string());
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(found, [""; 0], "from standard input");
}
