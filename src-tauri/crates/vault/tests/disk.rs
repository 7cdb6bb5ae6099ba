//! Disks that are full, read-only or somebody else's: a clear error, and the file as it was.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![cfg(unix)]

mod common;
#[path = "../../../../tests/skipped.rs"]
mod skipped;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::*;
use keywright_vault::*;
use skipped::skipped;

/// A file system of our own, in a mount namespace of our own: it vanishes with the process, and works for root, whom
/// permissions do not stop. `None`, with the reason noted, where the system does not allow it.
fn in_own_mount(test: &str, prepare: &str, fixture: &Fixture) -> Option<Output> {
    let flags = ["-m", "-rm"].into_iter().find(|flags| {
        let probe = "mount -t tmpfs tmpfs /mnt";
        Command::new("unshare").args([flags, "sh", "-c", probe]).output().is_ok_and(|output| output.status.success())
    });
    let Some(flags) = flags else {
        skipped(test, "this system allows no mount namespace (unshare -rm)");
        return None;
    };
    let mount = tempfile::tempdir().unwrap();
    let script = format!("set -e; {prepare}; exec \"$TEST\" --exact {test} --ignored --nocapture");
    let output = Command::new("unshare")
        .args([flags, "sh", "-c", &script])
        .env("TEST", std::env::current_exe().unwrap())
        .env("VAULT", &fixture.path)
        .env("KEYWRIGHT_TEST_MOUNT", mount.path())
        .output()
        .unwrap();
    Some(output)
}

/// Runs the other half of a test in a process of its own, and passes on how it failed.
fn must_succeed(output: Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("1 passed"), "the other half did not run: {}", text(&output.stdout));
}

/// The mounted vault, where this process is the other half of a test.
fn mounted() -> Option<PathBuf> {
    std::env::var_os("KEYWRIGHT_TEST_MOUNT").map(|mount| Path::new(&mount).join("vault.kwv"))
}

fn error_text(error: &CommitError, path: &Path) -> String {
    said(error, error.hint()).replace(&path.parent().unwrap().display().to_string(), "DISK")
}

#[test]
fn a_full_disk() {
    let fixture = Fixture::with(2);
    let prepare = "mount -t tmpfs -o size=160k,mode=0700 tmpfs \"$KEYWRIGHT_TEST_MOUNT\"; cp \"$VAULT\" \"$KEYWRIGHT_TEST_MOUNT\"/vault.kwv";
    if let Some(output) = in_own_mount("on_a_full_disk", prepare, &fixture) {
        must_succeed(output);
    }
}

#[test]
#[ignore = "the other half of a_full_disk"]
fn on_a_full_disk() {
    let Some(path) = mounted() else { return };
    let random = Seeded::new(11);
    let mut vault = open(&path).unwrap().unlock(&passphrase()).unwrap();
    let before = (std::fs::read(&path).unwrap(), vault.records().count());
    // Larger than the disk, so it fails while SQLite writes pages; then smaller ones, until one fits.
    let mut refused = Vec::new();
    for kib in [400, 200, 120, 100, 80, 60, 40, 30, 20, 10, 5, 1] {
        let (id, secret) = (RecordId::random(&random), "s".repeat(kib << 10));
        match vault.commit(&[add(id, "large", &secret)], &random) {
            Err(error) => {
                refused.push(error_text(&error, &path));
                assert!(std::fs::read(&path).unwrap() == before.0, "{kib} KiB changed the file");
                assert!(vault.record(id).is_none());
            }
            Ok(_) => break,
        }
    }
    assert!(refused.len() >= 3, "the disk was not full: {refused:?}");
    refused.dedup();
    insta::assert_snapshot!(refused.join("\n"), @r"
    no room left to write DISK/vault.kwv: the disk or the quota is full
    hint: the vault was left as it was; free some space and try again
    ");
    assert_eq!(vault.records().count(), before.1 + 1, "the session goes on");
    assert_eq!(open(&path).unwrap().unlock(&passphrase()).unwrap().verify().unwrap().records, before.1 + 1);

    // Nothing is left of a vault that does not fit.
    std::fs::write(path.with_file_name("ballast"), vec![1; 1 << 20]).unwrap_err();
    let other = path.with_file_name("other.kwv");
    let error = create(&other, &passphrase(), KdfParams::CHEAPEST, &random, NOW).err().unwrap();
    assert!(matches!(error, CreateError::File(FileError::Fault(Fault::Full { .. }))), "{error:?}");
    let names = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["ballast", "vault.kwv", "vault.kwv.lock"]);
}

/// A limit on the size of files, as a quota of its own kind: the write fails half way, with another error.
#[test]
fn a_limit_on_the_size_of_files() {
    let fixture = Fixture::with(2);
    let script = "trap '' XFSZ; ulimit -f 128; exec \"$TEST\" --exact under_a_size_limit --ignored --nocapture";
    let output = Command::new("sh")
        .args(["-c", script])
        .env("TEST", std::env::current_exe().unwrap())
        .env("KEYWRIGHT_TEST_MOUNT", fixture.folder.path())
        .output()
        .unwrap();
    must_succeed(output);
    fixture.unlock().verify().unwrap();
}

#[test]
#[ignore = "the other half of a_limit_on_the_size_of_files"]
fn under_a_size_limit() {
    let Some(path) = mounted() else { return };
    let random = Seeded::new(12);
    let mut vault = open(&path).unwrap().unlock(&passphrase()).unwrap();
    let before = std::fs::read(&path).unwrap();
    let large = "s".repeat(400 << 10);
    let error = vault.commit(&[add(RecordId::random(&random), "large", &large)], &random).unwrap_err();
    insta::assert_snapshot!(error_text(&error, &path), @r"
    SQLite could not use DISK/vault.kwv: disk I/O error (SQLite code 778)
    hint: check the disk, its free space and the limit on the size of files (ulimit -f): the file system refused a read or a write
    ");
    assert!(std::fs::read(&path).unwrap() == before);
    vault.commit(&[add(RecordId::random(&random), "small", "s")], &random).unwrap();
}

#[test]
fn a_read_only_file_system() {
    let fixture = Fixture::with(2);
    let prepare = "mount -t tmpfs -o mode=0700 tmpfs \"$KEYWRIGHT_TEST_MOUNT\"; cp \"$VAULT\" \"$KEYWRIGHT_TEST_MOUNT\"/vault.kwv; \
                   mount -o remount,ro \"$KEYWRIGHT_TEST_MOUNT\"";
    if let Some(output) = in_own_mount("on_a_read_only_file_system", prepare, &fixture) {
        must_succeed(output);
    }
}

#[test]
#[ignore = "the other half of a_read_only_file_system"]
fn on_a_read_only_file_system() {
    let Some(path) = mounted() else { return };
    let random = Seeded::new(13);
    let mut vault = open(&path).unwrap().unlock(&passphrase()).unwrap();
    let id = vault.records().next().unwrap().id;
    vault.open_secret(id).expect("readers are welcome");
    let error = vault.commit(&[add(RecordId::random(&random), "a", "b")], &random).unwrap_err();
    insta::assert_snapshot!(error_text(&error, &path), @r"
    DISK/vault.kwv.lock cannot be written: the file or its folder is read-only
    hint: the vault was left as it was; make the file and its folder writable
    ");
    let other = path.with_file_name("other.kwv");
    let error = create(&other, &passphrase(), KdfParams::CHEAPEST, &random, NOW).err().unwrap();
    assert!(matches!(error, CreateError::File(FileError::Fault(Fault::ReadOnly { .. }))), "{error:?}");
}

/// Permissions: what a user meets who is not root. Root becomes one for this.
#[test]
fn a_read_only_folder_and_a_forbidden_file() {
    as_another_user("under_permissions");
}

/// An interrupted write in a folder that takes no writes: it can be read, and a write says what is in its way.
#[test]
fn an_interrupted_write_in_a_read_only_folder() {
    as_another_user("interrupted_under_permissions");
}

/// Runs the other half of a test as a user whom permissions stop.
fn as_another_user(test: &str) {
    let program = std::env::current_exe().unwrap();
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = Command::new(if root { "setpriv" } else { "env" });
    if root {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    }
    command.arg(&program).args(["--exact", test, "--ignored", "--nocapture"]).env("KEYWRIGHT_TEST_MOUNT", "/");
    // Snapshots stand in this file; whoever that user is need not write it.
    command.env("INSTA_WORKSPACE_ROOT", "/").env("INSTA_UPDATE", "no");
    match command.output() {
        Ok(output) if output.status.success() => must_succeed(output),
        // A folder above that only root may enter.
        Ok(output)
            if String::from_utf8_lossy(&output.stderr).contains("Permission denied") && output.stdout.is_empty() =>
        {
            skipped(test, "another user cannot start the test program where it lies");
        }
        Ok(output) => must_succeed(output),
        Err(error) => skipped(test, &format!("setpriv cannot be run: {error}")),
    }
}

fn allow(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

fn write_one(vault: &mut Unlocked, random: &Seeded) -> Result<Epoch, CommitError> {
    vault.commit(&[add(RecordId::random(random), "a", "b")], random)
}

#[test]
#[ignore = "the other half of a_read_only_folder_and_a_forbidden_file"]
fn under_permissions() {
    if mounted().is_none() {
        return;
    }
    let fixture = Fixture::with(1);
    let folder = fixture.folder.path();
    allow(folder, 0o500);
    let before = fixture.bytes();
    let mut vault = fixture.unlock();
    let error = write_one(&mut vault, &fixture.random).unwrap_err();
    allow(folder, 0o700);
    insta::assert_snapshot!(error_text(&error, &fixture.path), @r"
    no permission for DISK
    hint: check who owns the file and its folder
    ");
    assert_eq!(fixture.bytes(), before);

    allow(&fixture.path, 0o400);
    let error = write_one(&mut vault, &fixture.random).unwrap_err();
    insta::assert_snapshot!(error_text(&error, &fixture.path), @r"
    DISK/vault.kwv cannot be written: the file or its folder is read-only
    hint: the vault was left as it was; make the file and its folder writable
    ");
    assert_eq!(fixture.bytes(), before);
    allow(&fixture.path, 0o000);
    let error = open(&fixture.path).err().unwrap();
    let text = said(&error, error.hint()).replace(&folder.display().to_string(), "DISK");
    insta::assert_snapshot!(text, @r"
    no permission for DISK/vault.kwv
    hint: check who owns the file and its folder
    ");
    allow(&fixture.path, 0o600);
    write_one(&mut vault, &fixture.random).unwrap();
}

#[test]
#[ignore = "the other half of an_interrupted_write_in_a_read_only_folder"]
fn interrupted_under_permissions() {
    if mounted().is_none() {
        return;
    }
    let fixture = Fixture::with(20);
    let folder = fixture.folder.path();
    fixture.interrupt();
    // What the lock was made with before.
    std::fs::write(folder.join("vault.kwv.lock"), "").unwrap();
    allow(&folder.join("vault.kwv.lock"), 0o600);
    allow(folder, 0o500);
    let mut vault = fixture.unlock();
    assert_eq!(vault.open_secret(fixture.ids[3]).unwrap()[..], b"secret 3"[..]);
    assert!(open(&fixture.path).unwrap().status().unwrap().interrupted);
    let error = write_one(&mut vault, &fixture.random).unwrap_err();
    let text = error_text(&error, &fixture.path);
    allow(folder, 0o700);
    insta::assert_snapshot!(text, @r"
    no permission for DISK
    hint: check who owns the file and its folder
    ");
    write_one(&mut vault, &fixture.random).unwrap();
    assert_eq!(fixture.unlock().verify().unwrap().secrets, 21);
}
