//! Every error text of a write that a person may read, in one snapshot.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod common;

use std::path::PathBuf;
use std::time::Duration;

use common::*;
use keywright_vault::*;

#[test]
fn refused_changes_say_why() {
    let fixture = Fixture::with(1);
    let id = fixture.ids[0];
    let fresh = RecordId::from_bytes([0xab; 16]);
    let before = fixture.bytes();
    let mut vault = fixture.unlock();
    let mut texts = String::new();
    let mut refuse = |changes: &[Change<'_>]| {
        let error = vault.commit(changes, &fixture.random).unwrap_err();
        texts.push_str(&said(&error, error.hint()).replace(&id.to_string(), "#0"));
        texts.push_str("\n\n");
    };
    let huge = vec![0; (16 << 20) + 1];
    let replace =
        |id, expected| Change::Replace { id, expected: Revision(expected), metadata: b"m", secret: Secret::Keep };
    refuse(&[add(id, "again", "s")]);
    refuse(&[replace(id, 7)]);
    refuse(&[replace(fresh, 1)]);
    refuse(&[replace(id, 1), Change::Delete { id, expected: Revision(2), tombstone: b"" }]);
    refuse(&[Change::Add { id: fresh, kind: PROFILE, metadata: &huge[..=1 << 20], secret: None }]);
    refuse(&[Change::Add { id: fresh, kind: PROFILE, metadata: b"", secret: Some(&huge) }]);
    refuse(&[Change::Delete { id, expected: Revision(1), tombstone: &huge[..=1 << 20] }]);
    // One bad change among good ones: none is written.
    refuse(&[add(fresh, "good", "s"), replace(id, 7)]);
    insta::assert_snapshot!(texts);
    assert_eq!(fixture.bytes(), before);
    assert_eq!(vault.commit(&[], &fixture.random).unwrap(), Epoch(2), "nothing to do is no write");
    vault.commit(&[add(fresh, "good", "s")], &fixture.random).unwrap();
}

#[test]
fn reads_of_what_is_not_there() {
    let vault = Fixture::empty().unlock();
    let error = vault.open_secret(RecordId::from_bytes([0xcd; 16])).unwrap_err();
    insta::assert_snapshot!(said(&error, error.hint()), @"there is no record cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd");
}

#[test]
fn the_texts_that_no_other_test_meets() {
    let path = || PathBuf::from("/home/a/vault.kwv");
    let id = RecordId::from_bytes([0xab; 16]);
    let faults = [
        Fault::NotFound { path: path() },
        Fault::Denied { path: path() },
        Fault::ReadOnly { path: path() },
        Fault::Full { path: path() },
        Fault::Busy { path: path(), waited: Duration::from_secs(5) },
        Fault::Foreign { path: "/home/a/vault.kwv-wal".into(), why: "a vault has no write-ahead log" },
        Fault::Linked { path: path(), links: 2 },
        Fault::Io { path: path(), source: std::io::Error::other("the disk is on fire") },
        Fault::Sqlite { path: path(), message: "disk I/O error".to_owned(), code: 778 },
        Fault::OldSqlite { found: "3.40.1".to_owned() },
    ];
    let mut texts: Vec<_> = faults.iter().map(|fault| said(fault, fault.hint())).collect();
    let parts =
        [Part::File, Part::Schema, Part::Header, Part::Slot(1), Part::Record(id), Part::Secret(id), Part::Manifest];
    texts.extend(parts.map(|part| Damage { part, what: "does not open" }.to_string()));
    let secret = [SecretError::NoSecret { id }, SecretError::ChangedElsewhere { id }];
    texts.extend(secret.iter().map(|error| said(error, error.hint())));
    let vault = |byte| VaultId::from_bytes([byte; 16]);
    let replaced = ReadError::Replaced { found: vault(1), wanted: vault(2) };
    texts.push(said(&replaced, replaced.hint()));
    let doubt = CommitError::InDoubt { source: Fault::Full { path: path() }.into() };
    texts.push(said(&doubt, doubt.hint()));
    let unlock = [UnlockError::NoPassphraseSlot, UnlockError::SlotChanged { slot: 1 }];
    texts.extend(unlock.iter().map(|error| said(error, error.hint())));
    let work = KdfError::TooMuchWork { found_gib: 65 };
    texts.push(said(&work, work.hint()));
    let create = CreateError::NoFileName { path: "/".into() };
    texts.push(said(&create, create.hint()));
    let change = ChangePassphraseError::NoPassphraseSlot;
    texts.push(said(&change, change.hint()));
    insta::assert_snapshot!(texts.join("\n\n"));
}
