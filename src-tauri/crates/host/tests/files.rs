//! Reading and writing files, and every way in which that goes wrong.

#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use keywright_host::{Existing, INPUT_LIMIT, read, read_text, write};
use tempfile::TempDir;

#[path = "../../../../tests/skipped.rs"]
mod skipped;
use skipped::skipped;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_is_written_is_read_back_and_is_the_owner_s_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key.pem");
    let bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    write(&path, &bytes, Existing::Keep).unwrap();
    assert_eq!(*read(&path, INPUT_LIMIT).unwrap(), bytes);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(names(&folder), ["key.pem"]);
}

#[test]
fn a_file_that_exists_stays_unless_replacing_was_asked_for() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key.pem");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let error = write(&path, b"new", Existing::Keep).unwrap_err();
    assert!(error.to_string().ends_with("key.pem exists and is not overwritten"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    write(&path, b"new", Existing::Replace).unwrap();
    assert_eq!((fs::read(&path).unwrap(), mode(&path)), (b"new".to_vec(), 0o600));
    assert_eq!(names(&folder), ["key.pem"]);
}

#[test]
fn a_link_is_replaced_and_its_target_left_alone() {
    let folder = TempDir::new().unwrap();
    let (target, link) = (folder.path().join("target"), folder.path().join("link"));
    fs::write(&target, "target").unwrap();
    symlink(&target, &link).unwrap();
    assert!(write(&link, b"new", Existing::Keep).is_err());
    write(&link, b"new", Existing::Replace).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"target");
    assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
    let dangling = folder.path().join("dangling");
    symlink(folder.path().join("nowhere"), &dangling).unwrap();
    assert!(write(&dangling, b"new", Existing::Keep).is_err(), "a link that leads nowhere exists too");
}

#[test]
fn of_two_writers_one_wins_and_nothing_is_torn() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key.pem");
    let won: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8_u8)
            .map(|n| {
                let path = &path;
                scope.spawn(move || usize::from(write(path, &[n; 100_000], Existing::Keep).is_ok()))
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert_eq!(won, 1);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes, vec![bytes[0]; 100_000]);
    assert_eq!(names(&folder), ["key.pem"]);
}

#[test]
fn a_pipe_is_read() {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::thread::scope(|scope| {
        scope.spawn(|| fs::write(&pipe, "correct horse\n").unwrap());
        assert_eq!(*read_text(&pipe, INPUT_LIMIT).unwrap(), "correct horse\n");
    });
}

#[test]
fn the_limit_is_exact() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, [b'x'; 100]).unwrap();
    assert_eq!(read(&path, 100).unwrap().len(), 100);
    assert!(read(&path, 99).is_err());
}

#[test]
fn what_cannot_be_read_says_why_and_what_to_do() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("large"), [0; 101]).unwrap();
    fs::write(at("latin"), b"caf\xe9").unwrap();
    symlink("loop", at("loop")).unwrap();
    let mut report = String::new();
    for path in [
        at("missing"),
        folder.path().to_owned(),
        "/dev/zero".into(),
        at("large"),
        at("latin"),
        at("loop"),
        at("large/below"),
    ] {
        let error = read_text(&path, 100).unwrap_err();
        report += &format!("{error}\n  hint: {}\n", error.hint().unwrap_or("-"));
    }
    insta::assert_snapshot!(report.replace(folder.path().to_str().unwrap(), "<folder>"), @"
    <folder>/missing does not exist
      hint: check the path; a relative one starts from the current folder
    <folder> is a folder, wanted a file
      hint: name the file in it
    /dev/zero is a device or a socket, wanted a file or a pipe
      hint: to read standard input, give - as the file
    <folder>/large has more than 100 bytes
      hint: keys, tokens and claims are much smaller; is this the right file?
    <folder>/latin is not UTF-8 text: byte 3 does not fit
      hint: save the file as UTF-8, or check that it is the right one
    cannot read <folder>/loop: Too many levels of symbolic links (os error 40)
      hint: -
    cannot read <folder>/large/below: Not a directory (os error 20)
      hint: -
    ");
}

#[test]
fn what_cannot_be_written_says_why_and_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), "x").unwrap();
    fs::create_dir(at("inner")).unwrap();
    let mut report = String::new();
    for (path, existing) in [
        (at("file"), Existing::Keep),
        (at("inner"), Existing::Keep),
        (at("inner"), Existing::Replace),
        (at("none/key.pem"), Existing::Keep),
        (at("file/key.pem"), Existing::Replace),
        ("/proc/keywright".into(), Existing::Keep),
    ] {
        let error = write(&path, b"x", existing).unwrap_err();
        report += &format!("{error}\n  hint: {}\n", error.hint().unwrap_or("-"));
    }
    assert_eq!(names(&folder), ["file", "inner"]);
    insta::assert_snapshot!(report.replace(folder.path().to_str().unwrap(), "<folder>"), @"
    <folder>/file exists and is not overwritten
      hint: choose another name, or replace the file
    <folder>/inner is a folder, wanted the name of a file
      hint: add a file name to the path
    <folder>/inner is a folder, wanted the name of a file
      hint: add a file name to the path
    there is no folder <folder>/none
      hint: make the folder first, or choose another
    there is no folder <folder>/file
      hint: make the folder first, or choose another
    cannot write /proc/keywright: No such file or directory (os error 2)
      hint: -
    ");
}

/// A full disk: `/dev/full` cannot hold the temporary file, so a small file system does.
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(folder.path()).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return skipped("a_full_disk_leaves_nothing_behind", "only root may mount a small file system");
    }
    let path = folder.path().join("key.pem");
    fs::write(&path, "old").unwrap();
    let error = write(&path, &[b'x'; 1_000_000], Existing::Replace).unwrap_err();
    let left = (fs::read(&path).unwrap(), names(&folder));
    assert!(Command::new("umount").arg(folder.path()).status().unwrap().success());
    assert_eq!(left, (b"old".to_vec(), vec!["key.pem".to_owned()]));
    assert_eq!(error.hint(), Some("make room on the disk"));
}

/// Processes that export are stopped while they write, by whatever signal: nothing of a key can be read that is not a
/// whole file under its own name.
#[cfg(target_os = "linux")]
#[test]
fn a_write_that_is_stopped_leaves_nothing_to_read() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;

    let (mut whole, mut early) = (0, 0);
    for round in 0_u32..40 {
        let folder = TempDir::new().unwrap();
        // Tests that run in the background of a shell are told to ignore an interrupt, and pass that on.
        let mut child = Command::new("env")
            .arg("--default-signal=INT,TERM,HUP")
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "writing_process", "--ignored", "--nocapture"])
            .env("KEYWRIGHT_TEST_FOLDER", folder.path())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().ends_with("ready")));
        std::thread::sleep(std::time::Duration::from_micros(u64::from(round) * 700));
        let signal = ["INT", "TERM", "HUP", "KILL"][round as usize % 4];
        assert!(Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap().success());
        child.wait().unwrap();
        for name in names(&folder) {
            let path = folder.path().join(&name);
            if fs::metadata(&path).unwrap().permissions().mode() & 0o777 == 0 {
                continue;
            }
            assert!(name.starts_with("key"), "{signal}: {name} can be read");
            assert_eq!(fs::metadata(&path).unwrap().len(), LONG as u64, "{signal}: {name} is not whole");
            whole += 1;
        }
        early += usize::from(names(&folder).is_empty());
    }
    assert!(whole > 0 && early < 40, "the signals came too early to mean anything");
}

const LONG: usize = 4 << 20;

#[test]
#[ignore = "the process that is stopped"]
fn writing_process() {
    let Some(folder) = std::env::var_os("KEYWRIGHT_TEST_FOLDER").map(std::path::PathBuf::from) else { return };
    let mut out = std::io::stdout().lock();
    std::io::Write::write_all(&mut out, b"ready\n").unwrap();
    // Far more than it comes to, and not for ever where nothing stops it.
    for n in 0..500 {
        let bytes = vec![b'k'; LONG];
        write(&folder.join(format!("key{n}")), &bytes, Existing::Keep).unwrap();
        write(&folder.join("key"), &bytes, Existing::Replace).unwrap();
    }
}

/// Whoever exports over a vault, be it the open one, would lose every key.
#[test]
fn a_vault_is_not_replaced() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("vault.kwv");
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../vault/tests/golden/vault-v1.kwv");
    fs::copy(golden, &path).unwrap();
    let link = folder.path().join("link");
    symlink(&path, &link).unwrap();
    for path in [&path, &link] {
        let error = write(path, b"key", Existing::Replace).unwrap_err();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = format!("{error}; {}", error.hint().unwrap()).replace(path.to_str().unwrap(), name);
        assert_eq!(
            text,
            format!(
                "{name} is a vault and is not overwritten; choose another name, or remove the vault by hand if nobody needs it"
            )
        );
    }
    assert_eq!(fs::read(&path).unwrap(), fs::read(golden).unwrap());
    // Another SQLite file, and what only begins like one, are files as others are.
    for other in [&b"SQLite format 3\0"[..], &[0; 100]] {
        fs::write(folder.path().join("other"), other).unwrap();
        write(&folder.path().join("other"), b"key", Existing::Replace).unwrap();
    }
}
