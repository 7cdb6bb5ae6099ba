//! Somebody, or a disk, changed the file: never wrong data, never a panic, always a word about which part.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod common;

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use common::*;
use keywright_vault::*;
use sha2::{Digest, Sha256};

/// A record with its metadata and its secret.
type Opened = (RecordId, Revision, Kind, Vec<u8>, Option<Vec<u8>>);

/// Everything that can be learnt from a vault, to compare.
#[derive(Debug, PartialEq, Eq)]
struct Everything {
    records: Vec<Opened>,
    tombstones: Vec<(RecordId, Kind, Vec<u8>)>,
}

/// What opening gives: all of it, or the first error.
fn read(path: &Path, key: &SlotKey) -> Result<Everything, String> {
    let text = |error: &dyn std::error::Error| error.to_string();
    let vault = open(path).map_err(|error| text(&error))?.unlock_with(key).map_err(|error| text(&error))?;
    let mut records = Vec::new();
    for record in vault.records() {
        let secret = match record.has_secret {
            true => Some(vault.open_secret(record.id).map_err(|error| text(&error))?.to_vec()),
            false => None,
        };
        records.push((record.id, record.revision, record.kind, record.metadata.to_vec(), secret));
    }
    let tombstones = vault.tombstones().map(|dead| (dead.id, dead.kind, dead.text.to_vec())).collect();
    Ok(Everything { records, tombstones })
}

/// A small vault with one of everything, and `credentials` less one with a secret.
fn small(credentials: usize) -> Fixture {
    let fixture = Fixture::with(credentials);
    let change = Change::Delete { id: fixture.ids[0], expected: Revision(1), tombstone: b"gone" };
    let bare = Change::Add { id: RecordId::random(&fixture.random), kind: PROFILE, metadata: b"profile", secret: None };
    fixture.unlock().commit(&[change, bare], &fixture.random).unwrap();
    fixture
}

/// Runs `damage` at each place of `0..count` on a copy of the vault, on all processors. A read must give the truth or an
/// error. Returns how many reads gave an error.
fn at_each(fixture: &Fixture, count: usize, damage: impl Fn(&Path, usize, &[u8]) + Sync) -> usize {
    let truth = read(&fixture.path, &fixture.key).unwrap();
    let bytes = fixture.bytes();
    let (next, caught) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for worker in 0..workers {
            let copy = fixture.folder.path().join(format!("copy {worker}"));
            let (next, caught, truth, bytes, damage, key) = (&next, &caught, &truth, &bytes, &damage, &fixture.key);
            scope.spawn(move || {
                std::fs::write(&copy, bytes).unwrap();
                while let Some(place) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|place| *place < count) {
                    damage(&copy, place, bytes);
                    match read(&copy, key) {
                        Ok(found) => assert_eq!(&found, truth, "wrong data at {place}"),
                        Err(_) => drop(caught.fetch_add(1, Ordering::Relaxed)),
                    }
                    restore(&copy, bytes);
                }
            });
        }
    });
    caught.into_inner()
}

/// Overwrites in place: cutting a file to nothing first would make the disk work for each of 30,000 times.
fn restore(path: &Path, bytes: &[u8]) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(bytes.len() as u64).unwrap();
    put(path, 0, bytes);
}

fn put(path: &Path, at: usize, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(bytes).unwrap();
}

#[test]
fn every_byte_flipped() {
    let fixture = small(2);
    let length = fixture.bytes().len();
    // One bit of each byte here, another for each neighbour; every bit of every byte in the long run.
    let caught = at_each(&fixture, length, |copy, at, bytes| put(copy, at, &[bytes[at] ^ (1 << (at % 8))]));
    // Most of a small SQLite file is free space.
    assert!(caught > 2500, "only {caught} of {length} flips were noticed");
}

#[test]
#[ignore = "minutes; make faults runs it"]
fn every_bit_flipped() {
    let fixture = small(2);
    let bits = 8 * fixture.bytes().len();
    at_each(&fixture, bits, |copy, at, bytes| put(copy, at / 8, &[bytes[at / 8] ^ (1 << (at % 8))]));
}

#[test]
fn truncated_at_each_length() {
    let fixture = small(2);
    let length = fixture.bytes().len();
    let cut = |copy: &Path, at: usize, _: &[u8]| {
        OpenOptions::new().write(true).open(copy).unwrap().set_len(at as u64).unwrap()
    };
    let caught = at_each(&fixture, length, cut);
    assert!(caught > length * 9 / 10, "only {caught} of {length} truncations were noticed");
}

#[test]
fn pages_zeroed_overwritten_and_exchanged() {
    const PAGE: usize = 4096;
    let fixture = small(2);
    let pages = fixture.bytes().len() / PAGE;
    at_each(&fixture, pages, |copy, page, _| put(copy, page * PAGE, &[0; PAGE]));
    at_each(&fixture, pages, |copy, page, _| put(copy, page * PAGE, &[0xff; PAGE]));
    at_each(&fixture, pages * pages, |copy, pair, bytes| {
        let (a, b) = (pair / pages * PAGE, pair % pages * PAGE);
        put(copy, a, &bytes[b..b + PAGE]);
        put(copy, b, &bytes[a..a + PAGE]);
    });
    at_each(&fixture, 3, |copy, extra, bytes| put(copy, bytes.len(), &vec![0xa5; [1, PAGE, 3 * PAGE][extra]]));
}

/// The row attacks, each by somebody who can edit the file and computes every checksum that needs no key.
#[test]
fn rows_edited() {
    let fixture = small(3);
    let before = fixture.bytes();
    let report: String = [
        (
            "contents of two records swapped",
            "UPDATE record SET id = x'00' WHERE rowid = 2; \
             UPDATE record SET id = (SELECT record_id FROM secret WHERE rowid = 2) WHERE rowid = 3; \
             UPDATE record SET id = (SELECT record_id FROM secret WHERE rowid = 3) WHERE rowid = 2; \
             UPDATE secret SET record_id = x'00' WHERE rowid = 3; \
             UPDATE secret SET record_id = (SELECT id FROM record WHERE rowid = 2) WHERE rowid = 2; \
             UPDATE secret SET record_id = (SELECT id FROM record WHERE rowid = 3) WHERE rowid = 3;",
        ),
        (
            "sandbox shown as live: metadata of one in the other",
            "UPDATE record SET sealed = (SELECT sealed FROM record WHERE rowid = 3) WHERE rowid = 2;",
        ),
        (
            "the same, with its data key",
            "UPDATE record SET (data_key, sealed) = (SELECT data_key, sealed FROM record WHERE rowid = 3) WHERE rowid = 2;",
        ),
        ("a record deleted", "DELETE FROM secret WHERE rowid = 2; DELETE FROM record WHERE rowid = 2;"),
        ("a secret deleted", "DELETE FROM secret WHERE rowid = 2;"),
        ("a secret without a record", "INSERT INTO secret VALUES (x'00000000000000000000000000000000', x'00');"),
        (
            "a record whose secret was taken away",
            "DELETE FROM secret WHERE rowid = 2; UPDATE record SET secret_tag = NULL WHERE rowid = 2;",
        ),
        ("kind changed", "UPDATE record SET kind = 2 WHERE rowid = 2;"),
        ("algorithm changed", "UPDATE record SET alg = 2 WHERE rowid = 2;"),
        ("revision changed", "UPDATE record SET revision = 9 WHERE rowid = 2;"),
        ("a revision below zero", "UPDATE record SET revision = -1 WHERE rowid = 2;"),
        ("a record made a tombstone", "UPDATE record SET state = 1 WHERE rowid = 2;"),
        ("a tombstone made a record", "UPDATE record SET state = 0 WHERE state = 1;"),
        ("a tombstone deleted", "DELETE FROM record WHERE state = 1;"),
        ("the epoch raised", "UPDATE manifest SET epoch = epoch + 1;"),
        ("the manifest deleted", "DELETE FROM manifest;"),
        ("the only slot dropped", "DELETE FROM slot;"),
        ("the slot renumbered", "UPDATE slot SET id = 2;"),
        ("the salt exchanged", "UPDATE slot SET salt = zeroblob(32);"),
        ("the header deleted", "DELETE FROM header;"),
        ("the creation moved", "UPDATE header SET created = 0;"),
        ("a trigger added", "CREATE TRIGGER spy AFTER INSERT ON secret BEGIN DELETE FROM record; END;"),
        ("a table added", "CREATE TABLE notes (text TEXT);"),
        ("a table renamed", "ALTER TABLE secret RENAME TO secrets;"),
        ("switched to a write-ahead log", "PRAGMA journal_mode = WAL;"),
    ]
    .map(|(attack, script)| {
        restore(&fixture.path, &before);
        fixture.sql(script);
        format!("{attack}: {}\n", outcome(&fixture))
    })
    .concat();
    insta::assert_snapshot!(report);
}

/// The error of a read, with identifiers of this run replaced by their place.
fn outcome(fixture: &Fixture) -> String {
    let mut text = read(&fixture.path, &fixture.key).map(|_| ()).expect_err("the attack was accepted");
    for (place, id) in fixture.ids.iter().enumerate() {
        text = text.replace(&id.to_string(), &format!("#{place}"));
    }
    text.replace(&fixture.path.display().to_string(), "vault.kwv")
}

#[test]
fn an_old_revision_replayed() {
    let fixture = Fixture::with(2);
    let id = fixture.ids[0];
    let old = raw(&fixture.path);
    old.execute_batch(
        "ATTACH ':memory:' AS kept; CREATE TABLE kept.record AS SELECT * FROM record; \
                       CREATE TABLE kept.secret AS SELECT * FROM secret;",
    )
    .unwrap();
    let change = Change::Replace { id, expected: Revision(1), metadata: b"revoked", secret: Secret::Set(b"new") };
    fixture.unlock().commit(&[change], &fixture.random).unwrap();
    old.execute_batch(
        "DELETE FROM record; INSERT INTO record SELECT * FROM kept.record; \
                       DELETE FROM secret; INSERT INTO secret SELECT * FROM kept.secret;",
    )
    .unwrap();
    drop(old);
    insta::assert_snapshot!(outcome(&fixture), @"the vault is damaged: the manifest does not agree with the slots and records");
}

/// The same revision of the same record from another branch of the vault's history: its seals are good.
#[test]
fn a_row_of_another_branch() {
    let fixture = Fixture::with(1);
    let before = fixture.bytes();
    let write = |metadata: &[u8]| {
        let change = Change::Replace { id: fixture.ids[0], expected: Revision(1), metadata, secret: Secret::Keep };
        fixture.unlock().commit(&[change], &fixture.random).unwrap();
    };
    write(b"one branch");
    let branch = fixture.folder.path().join("branch");
    std::fs::write(&branch, fixture.bytes()).unwrap();
    std::fs::write(&fixture.path, before).unwrap();
    write(b"the other");
    fixture.sql(&format!(
        "ATTACH '{}' AS branch; DELETE FROM record; INSERT INTO record SELECT * FROM branch.record; \
         DELETE FROM secret; INSERT INTO secret SELECT * FROM branch.secret;",
        branch.display()
    ));
    insta::assert_snapshot!(outcome(&fixture), @"the vault is damaged: the manifest does not agree with the slots and records");
}

#[test]
fn a_record_of_another_vault_with_the_same_passphrase() {
    let (fixture, other) = (Fixture::with(1), Fixture::with(1));
    fixture.sql(&format!(
        "ATTACH '{}' AS other; DELETE FROM record; INSERT INTO record SELECT * FROM other.record; \
         DELETE FROM secret; INSERT INTO secret SELECT * FROM other.secret;",
        other.path.display()
    ));
    assert!(read(&fixture.path, &fixture.key).unwrap_err().contains("data key that does not open"));
}

/// Checksums have no key, so an attacker can write them too. The manifest has one.
#[test]
fn a_header_edited_with_its_checksum() {
    let fixture = Fixture::with(1);
    let field = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_le_bytes()[..], bytes].concat();
    let id: Vec<u8> = raw(&fixture.path).query_row("SELECT vault_id FROM header", [], |row| row.get(0)).unwrap();
    let label = field(b"keywright vault header checksum");
    let text = [label, field(&1u32.to_le_bytes()), field(&id), field(&0i64.to_le_bytes())].concat();
    let checksum = &Sha256::digest(text)[..16];
    raw(&fixture.path).execute("UPDATE header SET created = 0, checksum = ?", [checksum]).unwrap();
    assert!(open(&fixture.path).is_ok(), "it looks right from outside");
    insta::assert_snapshot!(outcome(&fixture), @"the vault is damaged: the manifest does not agree with the slots and records");
}

/// An old vault is a good vault: the file alone cannot tell. An open session can.
#[test]
fn the_whole_file_rolled_back() {
    let fixture = Fixture::with(1);
    let before = fixture.bytes();
    let mut session = fixture.unlock();
    let change = |id| [add(id, "added later", "s")];
    session.commit(&change(RecordId::random(&fixture.random)), &fixture.random).unwrap();
    std::fs::write(&fixture.path, &before).unwrap();

    assert!(read(&fixture.path, &fixture.key).is_ok(), "documented: nothing in the file can tell");

    let hint = |error: &ReadError| said(error, error.hint());
    insta::assert_snapshot!(hint(&session.refresh().unwrap_err()), @r"
    the vault went back: it stands at epoch 2, and this session has seen epoch 3
    hint: if you restored a backup, lock and unlock the vault; if not, do not trust it
    ");
    assert!(matches!(session.open_secret(fixture.ids[0]), Err(SecretError::Read(ReadError::WentBack { .. }))));
    assert!(matches!(session.verify(), Err(ReadError::WentBack { .. })));
    let refused = session.commit(&change(RecordId::random(&fixture.random)), &fixture.random);
    assert!(matches!(refused, Err(CommitError::Read(ReadError::WentBack { .. }))));
    assert_eq!(fixture.bytes(), before, "the file was not touched");
}

/// The same epoch, another history.
#[test]
fn a_branch_put_in_place_of_ours() {
    let fixture = Fixture::with(1);
    let before = fixture.bytes();
    let write =
        |text| fixture.unlock().commit(&[add(RecordId::random(&fixture.random), text, "s")], &fixture.random).unwrap();
    write("one");
    let mut session = fixture.unlock();
    std::fs::write(&fixture.path, before).unwrap();
    write("two");
    assert!(matches!(session.refresh(), Err(ReadError::WentBack { found: Epoch(3), seen: Epoch(3) })));
}

#[test]
fn another_vault_put_in_place_of_ours() {
    let (fixture, other) = (Fixture::with(1), Fixture::with(1));
    let mut session = fixture.unlock();
    std::fs::copy(&other.path, &fixture.path).unwrap();
    assert!(matches!(session.refresh(), Err(ReadError::Replaced { .. })));
    let refused = session.commit(&[add(RecordId::random(&fixture.random), "a", "b")], &fixture.random);
    assert!(matches!(refused, Err(CommitError::Read(ReadError::Replaced { .. }))));
}
