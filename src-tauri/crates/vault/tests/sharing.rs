//! Two programs, one vault: readers are welcome, a writer that is behind is told, and nothing is lost.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod common;

use std::collections::BTreeSet;
use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::*;
use keywright_vault::*;

#[test]
fn a_writer_that_is_behind_is_told_and_nothing_is_lost() {
    let fixture = Fixture::with(1);
    let (mut window, mut terminal) = (fixture.unlock(), fixture.unlock());
    let (one, two) = (RecordId::random(&fixture.random), RecordId::random(&fixture.random));
    window.commit(&[add(one, "by the window", "1")], &fixture.random).unwrap();

    let before = fixture.bytes();
    let refused = terminal.commit(&[add(two, "by the terminal", "2")], &fixture.random).unwrap_err();
    insta::assert_snapshot!(said(&refused, refused.hint()), @r"
    the vault was changed by another program: it stands at epoch 3, and the change was made from 2
    hint: refresh the list and try again
    ");
    assert_eq!(fixture.bytes(), before);

    assert_eq!(terminal.refresh().unwrap(), Refreshed::Newer);
    assert_eq!(terminal.refresh().unwrap(), Refreshed::Same);
    terminal.commit(&[add(two, "by the terminal", "2")], &fixture.random).unwrap();
    let again = fixture.unlock();
    assert_eq!(again.records().count(), 3);
    assert!(again.record(one).is_some() && again.record(two).is_some());
}

#[test]
fn one_record_changed_by_two_is_a_conflict() {
    let fixture = Fixture::with(1);
    let id = fixture.ids[0];
    let (mut window, mut terminal) = (fixture.unlock(), fixture.unlock());
    let change = |metadata| [Change::Replace { id, expected: Revision(1), metadata, secret: Secret::Keep }];
    window.commit(&change(b"the window's"), &fixture.random).unwrap();
    terminal.refresh().unwrap();
    let refused = terminal.commit(&change(b"the terminal's"), &fixture.random).unwrap_err();
    assert!(matches!(refused, CommitError::Conflict { expected: Revision(1), found: Revision(2), .. }));
    assert_eq!(fixture.unlock().record(id).unwrap().metadata, b"the window's");
}

#[test]
fn a_secret_changed_elsewhere_is_news_and_an_unchanged_one_opens() {
    let fixture = Fixture::with(2);
    let [changed, same] = fixture.ids[..] else { unreachable!("two records were made") };
    let (mut window, mut terminal) = (fixture.unlock(), fixture.unlock());
    let change = Change::Replace { id: changed, expected: Revision(1), metadata: b"m", secret: Secret::Set(b"new") };
    window.commit(&[change], &fixture.random).unwrap();
    assert!(matches!(terminal.open_secret(changed), Err(SecretError::ChangedElsewhere { .. })));
    assert_eq!(terminal.open_secret(same).unwrap()[..], b"secret 1"[..]);
    terminal.refresh().unwrap();
    assert_eq!(terminal.open_secret(changed).unwrap()[..], b"new"[..]);
}

#[test]
fn a_passphrase_changed_elsewhere_leaves_open_sessions_usable() {
    let fixture = Fixture::with(1);
    let (mut window, mut terminal) = (fixture.unlock(), fixture.unlock());
    let other = Passphrase::new("another one".to_owned()).unwrap();
    window.change_passphrase(&other, KdfParams::CHEAPEST, &fixture.random, NOW).unwrap();
    assert_eq!(terminal.refresh().unwrap(), Refreshed::Newer);
    terminal.commit(&[add(RecordId::random(&fixture.random), "a", "b")], &fixture.random).unwrap();
    assert_eq!(open(&fixture.path).unwrap().unlock(&other).unwrap().records().count(), 2);
    assert!(matches!(
        open(&fixture.path).unwrap().unlock_with(&fixture.key),
        Err(UnlockError::SlotChanged { slot: 1 })
    ));
}

#[test]
fn the_lock_of_another_program_is_waited_for_and_then_named() {
    let fixture = Fixture::with(1);
    let held = File::create(fixture.folder.path().join("vault.kwv.lock")).unwrap();
    held.lock().unwrap();
    let before = fixture.bytes();
    let mut vault = fixture.unlock();
    assert_eq!(vault.open_secret(fixture.ids[0]).unwrap()[..], b"secret 0"[..], "readers are welcome");

    let start = Instant::now();
    let refused = vault.commit(&[add(RecordId::random(&fixture.random), "a", "b")], &fixture.random).unwrap_err();
    assert!(start.elapsed() >= Duration::from_secs(5));
    let text = said(&refused, refused.hint()).replace(&fixture.path.display().to_string(), "vault.kwv");
    insta::assert_snapshot!(text, @r"
    another program is writing to vault.kwv and did not finish within 5 s
    hint: close the other program, or wait until it is done, and try again
    ");
    assert_eq!(fixture.bytes(), before);

    held.unlock().unwrap();
    vault.commit(&[add(RecordId::random(&fixture.random), "a", "b")], &fixture.random).unwrap();
}

#[test]
fn the_lock_of_a_record_has_one_holder_and_guards_no_write() {
    let fixture = Fixture::with(2);
    let [one, two] = fixture.ids[..] else { unreachable!("two records were made") };
    let (mut window, terminal) = (fixture.unlock(), fixture.unlock());
    let held = window.try_lock(one).unwrap().unwrap();
    assert!(terminal.try_lock(one).unwrap().is_none() && window.try_lock(one).unwrap().is_none());
    assert!(terminal.try_lock(two).unwrap().is_some(), "another record's is another lock");
    window.commit(&[add(RecordId::random(&fixture.random), "a", "b")], &fixture.random).unwrap();
    drop(held);
    let held = terminal.try_lock(one).unwrap().unwrap();
    drop(terminal);
    assert!(window.try_lock(one).unwrap().is_none(), "it does not end with the session");
    drop(held);
    assert!(window.try_lock(one).unwrap().is_some());
}

#[cfg(unix)]
#[test]
fn the_lock_of_a_record_follows_no_link() {
    let fixture = Fixture::with(1);
    let id = fixture.ids[0];
    let elsewhere = fixture.folder.path().join("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, fixture.folder.path().join(format!("vault.kwv.{id}.lock"))).unwrap();
    let refused = fixture.unlock().try_lock(id).unwrap_err().to_string();
    assert!(refused.ends_with("it is not a regular file"), "{refused}");
    assert!(!elsewhere.exists());
}

const WRITES: usize = 40;

#[test]
fn two_processes_write_one_vault() {
    let fixture = Fixture::empty();
    let start = |name: &str| -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writing_process", "--ignored", "--nocapture"])
            .env("KEYWRIGHT_TEST_VAULT", &fixture.path)
            .env("KEYWRIGHT_TEST_NAME", name)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut writers = [start("a"), start("b")];
    assert!(writers.iter_mut().all(|writer| writer.wait().unwrap().success()));

    let vault = fixture.unlock();
    let written: BTreeSet<_> =
        vault.records().map(|record| String::from_utf8(record.metadata.to_vec()).unwrap()).collect();
    let wanted: BTreeSet<_> =
        ["a", "b"].iter().flat_map(|name| (0..WRITES).map(move |n| format!("{name} {n}"))).collect();
    assert_eq!(written, wanted);
    assert_eq!(vault.epoch(), Epoch(1 + 2 * WRITES as u64), "every write counted once");
    vault.verify().unwrap();
}

#[test]
#[ignore = "the other process of two_processes_write_one_vault"]
fn writing_process() {
    let Ok(path) = std::env::var("KEYWRIGHT_TEST_VAULT") else { return };
    let name = std::env::var("KEYWRIGHT_TEST_NAME").unwrap();
    let random = Seeded::new(0x5eed + u64::from(name.as_bytes()[0]));
    let mut vault = open(path.as_ref()).unwrap().unlock(&passphrase()).unwrap();
    for n in 0..WRITES {
        let (id, metadata) = (RecordId::random(&random), format!("{name} {n}"));
        loop {
            match vault.commit(&[add(id, &metadata, "s")], &random) {
                Ok(_) => break,
                Err(CommitError::ChangedElsewhere { .. }) => drop(vault.refresh().unwrap()),
                Err(error) => panic!("{error}"),
            }
        }
    }
}
