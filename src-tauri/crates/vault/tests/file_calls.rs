//! Killed at each call that touches a file, in each kind of change: the vault is as it was or as it should be, reading
//! changes nothing, and a newer vault that is put in place meanwhile stays.
//!
//! strace kills the process as it enters the n-th call of a name, for each name and each n. `make faults` runs this.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![cfg(target_os = "linux")]

mod common;
#[path = "../../../../tests/skipped.rs"]
mod skipped;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::*;
use keywright_vault::*;

/// What changes a file, a name or a folder.
const CALLS: [&str; 14] = [
    "openat",
    "write",
    "pwrite64",
    "ftruncate",
    "fsync",
    "fdatasync",
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "link",
    "linkat",
    "fchmod",
    "close",
];

/// The kinds of change. Each is made by a process of its own, to a vault with twenty records.
const KINDS: [&str; 6] =
    ["add", "replace with a large secret", "delete", "passphrase", "after an interruption", "create"];

const OTHER_PASSPHRASE: &str = "the passphrase after the change";

#[test]
#[ignore = "minutes; make faults runs it"]
fn killed_at_each_file_call() {
    if Command::new("strace").args(["-o", "/dev/null", "true"]).status().is_ok_and(|status| status.success()) {
        let figures: Vec<String> = KINDS.iter().map(|kind| kill_one_kind(kind)).collect();
        let mut out = std::io::stdout().lock();
        std::io::Write::write_all(&mut out, (figures.join("\n") + "\n").as_bytes()).unwrap();
    } else {
        skipped::skipped("killed_at_each_file_call", "there is no strace that may trace");
    }
}

fn kill_one_kind(kind: &str) -> String {
    let fixture = Fixture::with(20);
    let before = fixture.bytes();
    let newer = newer(&fixture);
    let (mut kills, mut as_before, mut as_after, mut interrupted) = (0, 0, 0, 0);
    for call in CALLS {
        for n in 1.. {
            start_afresh(&fixture, kind, &before);
            let killed = kill(&fixture.path, kind, call, n);
            let after = look(&fixture, kind);
            let what = format!("{kind}, killed at {call} {n}");
            if !killed {
                assert!(after.changed, "{what}: it ended well, and nothing was written");
                break;
            }
            kills += 1;
            as_before += usize::from(!after.changed);
            as_after += usize::from(after.changed);
            interrupted += usize::from(after.interrupted);
            if kind != "create" {
                put_back_newer(&fixture, &newer, &what);
            }
        }
    }
    assert!(as_before > 0 && as_after > 0, "{kind}: the kills fell on one side alone");
    format!("{kind}: {kills} kills, {as_before} as before, {as_after} as after, {interrupted} interrupted")
}

/// The same vault, changed three times more, as a synchronisation brings it from elsewhere.
fn newer(fixture: &Fixture) -> Vec<u8> {
    let path = fixture.folder.path().join("elsewhere.kwv");
    fs::copy(&fixture.path, &path).unwrap();
    let mut vault = open(&path).unwrap().unlock_with(&fixture.key).unwrap();
    for n in 0..3 {
        vault.commit(&[add(RecordId::random(&fixture.random), &format!("newer {n}"), "s")], &fixture.random).unwrap();
    }
    fs::read(&path).unwrap()
}

/// Removes what earlier rounds left.
fn start_afresh(fixture: &Fixture, kind: &str, before: &[u8]) {
    for entry in fs::read_dir(fixture.folder.path()).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    match kind {
        "create" => {}
        "after an interruption" => {
            fs::write(&fixture.path, before).unwrap();
            fixture.interrupt();
        }
        _ => fs::write(&fixture.path, before).unwrap(),
    }
}

/// Makes the change in a process that is killed as it enters the n-th call; false if it came to its end before.
fn kill(vault: &Path, kind: &str, call: &str, n: u32) -> bool {
    let status = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:signal=KILL:when={n}")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "changing_process", "--ignored"])
        .envs([("KEYWRIGHT_TEST_VAULT", vault.as_os_str()), ("KEYWRIGHT_TEST_KIND", kind.as_ref())])
        .output()
        .unwrap()
        .status;
    !status.success()
}

struct After {
    changed: bool,
    interrupted: bool,
}

/// Opens what the kill left. Everything is whole, and looking leaves every file as it is.
fn look(fixture: &Fixture, kind: &str) -> After {
    if !fixture.path.exists() {
        let left: Vec<_> =
            fs::read_dir(fixture.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(kind, "create");
        assert!(left.is_empty(), "a vault that was not created left {left:?}");
        return After { changed: false, interrupted: false };
    }
    let before = files(fixture);
    let locked = open(&fixture.path).unwrap();
    let interrupted = locked.status().unwrap().interrupted;
    let former = (kind != "create").then(|| locked.unlock_with(&fixture.key)).and_then(Result::ok);
    let vault = match former {
        Some(vault) => vault,
        None => locked.unlock(&Passphrase::new(OTHER_PASSPHRASE.to_owned()).unwrap()).unwrap(),
    };
    let verified = vault.verify().unwrap();
    let epoch = vault.epoch();
    let (was, records) = if kind == "create" { (Epoch(0), 0) } else { (Epoch(2), 20) };
    let changed = epoch == Epoch(was.0 + 1);
    assert!(changed || epoch == was, "{kind}: at epoch {epoch}");
    let wanted = match (kind, changed) {
        ("add" | "after an interruption", true) => records + 1,
        ("delete", true) => records - 1,
        _ => records,
    };
    assert_eq!((verified.records, verified.secrets), (wanted, wanted), "{kind}");
    assert!(files(fixture) == before, "{kind}: reading wrote");
    After { changed, interrupted }
}

/// Puts the newer vault in the place of what the kill left, journal and all: it is read as it is, and it can be written.
fn put_back_newer(fixture: &Fixture, newer: &[u8], what: &str) {
    let arriving = fixture.folder.path().join("arriving");
    fs::write(&arriving, newer).unwrap();
    fs::rename(&arriving, &fixture.path).unwrap();
    let mut vault = fixture.unlock();
    assert_eq!(vault.epoch(), Epoch(5), "{what}: turned back");
    vault.verify().unwrap();
    assert!(fixture.bytes() == newer, "{what}: reading wrote");
    vault.commit(&[add(RecordId::random(&fixture.random), "one more", "s")], &fixture.random).unwrap();
    let again = fixture.unlock();
    assert_eq!((again.epoch(), again.verify().unwrap().records), (Epoch(6), 24), "{what}");
}

fn files(fixture: &Fixture) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(fixture.folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    files.sort();
    files
}

#[test]
#[ignore = "the process that is killed"]
fn changing_process() {
    let Some(path) = std::env::var_os("KEYWRIGHT_TEST_VAULT").map(PathBuf::from) else { return };
    let kind = std::env::var("KEYWRIGHT_TEST_KIND").unwrap();
    let random = Seeded::new(0xca11);
    let other = Passphrase::new(OTHER_PASSPHRASE.to_owned()).unwrap();
    if kind == "create" {
        create(&path, &other, KdfParams::CHEAPEST, &random, NOW).unwrap();
        return;
    }
    let mut vault = open(&path).unwrap().unlock(&passphrase()).unwrap();
    let record = vault.records().next().unwrap();
    let (id, expected, new) = (record.id, record.revision, RecordId::random(&random));
    let large = vec![b'l'; 60_000];
    let change = match kind.as_str() {
        "add" | "after an interruption" => add(new, "added", "s"),
        "delete" => Change::Delete { id, expected, tombstone: b"gone" },
        "passphrase" => {
            vault.change_passphrase(&other, KdfParams::CHEAPEST, &random, NOW).unwrap();
            return;
        }
        _ => Change::Replace { id, expected, metadata: b"replaced", secret: Secret::Set(&large) },
    };
    vault.commit(&[change], &random).unwrap();
}
