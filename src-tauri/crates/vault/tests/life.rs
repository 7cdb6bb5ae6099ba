//! The life of a vault: created, opened, written, read back, its passphrase changed.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod common;

use common::*;
use keywright_vault::*;

#[test]
fn what_was_written_is_read_back() {
    let fixture = Fixture::empty();
    let mut vault = fixture.unlock();
    let (id, bare) = (RecordId::random(&fixture.random), RecordId::random(&fixture.random));
    let epoch = vault
        .commit(
            &[
                add(id, "label", "the secret"),
                Change::Add { id: bare, kind: PROFILE, metadata: b"profile", secret: None },
            ],
            &fixture.random,
        )
        .unwrap();
    assert_eq!(epoch, Epoch(2), "creation is the first write");

    let again = fixture.unlock();
    assert_eq!(again.epoch(), epoch);
    assert_eq!(again.records().count(), 2);
    let record = again.record(id).unwrap();
    assert_eq!((record.revision, record.kind, record.metadata), (Revision(1), CREDENTIAL, &b"label"[..]));
    assert!(record.has_secret);
    assert_eq!(again.open_secret(id).unwrap()[..], b"the secret"[..]);
    assert!(!again.record(bare).unwrap().has_secret);
    assert!(matches!(again.open_secret(bare), Err(SecretError::NoSecret { .. })));
    assert_eq!(again.verify().unwrap(), Verified { records: 2, secrets: 1, tombstones: 0 });
}

#[test]
fn a_replaced_record_keeps_changes_or_loses_its_secret() {
    let fixture = Fixture::with(1);
    let id = fixture.ids[0];
    let mut vault = fixture.unlock();
    let mut replace = |expected, metadata, secret| {
        vault
            .commit(&[Change::Replace { id, expected: Revision(expected), metadata, secret }], &fixture.random)
            .unwrap();
        let again = fixture.unlock();
        let secret = again.open_secret(id).ok().map(|secret| secret.to_vec());
        (again.record(id).unwrap().metadata.to_vec(), secret)
    };
    assert_eq!(replace(1, b"new label", Secret::Keep), (b"new label".to_vec(), Some(b"secret 0".to_vec())));
    assert_eq!(replace(2, b"new label", Secret::Set(b"other")), (b"new label".to_vec(), Some(b"other".to_vec())));
    assert_eq!(replace(3, b"third", Secret::Remove), (b"third".to_vec(), None));
}

#[test]
fn a_deleted_record_leaves_a_tombstone_and_never_comes_back() {
    let fixture = Fixture::with(2);
    let id = fixture.ids[0];
    let mut vault = fixture.unlock();
    let delete = [Change::Delete { id, expected: Revision(1), tombstone: b"rotated out" }];
    vault.commit(&delete, &fixture.random).unwrap();

    let mut again = fixture.unlock();
    assert!(again.record(id).is_none());
    assert_eq!(again.records().count(), 1);
    let tombstone = again.tombstones().next().unwrap();
    assert_eq!((tombstone.id, tombstone.kind, tombstone.text), (id, CREDENTIAL, &b"rotated out"[..]));
    assert!(matches!(again.open_secret(id), Err(SecretError::NoRecord { .. })));
    assert!(matches!(again.commit(&[add(id, "again", "s")], &fixture.random), Err(CommitError::IdTaken { .. })));
    assert_eq!(again.verify().unwrap(), Verified { records: 1, secrets: 1, tombstones: 1 });
}

#[test]
fn another_passphrase_opens_and_the_former_does_not() {
    let fixture = Fixture::with(1);
    let other = Passphrase::new("Tr0ub4dor&3".to_owned()).unwrap();
    let later = NOW + 60;
    fixture.unlock().change_passphrase(&other, KdfParams::CHEAPEST, &fixture.random, later).unwrap();

    assert!(matches!(open(&fixture.path).unwrap().unlock(&passphrase()), Err(UnlockError::WrongPassphrase)));
    let vault = open(&fixture.path).unwrap().unlock(&other).unwrap();
    assert_eq!(vault.open_secret(fixture.ids[0]).unwrap()[..], b"secret 0"[..]);
    assert_eq!(open(&fixture.path).unwrap().status().unwrap().slots[0].created, later);
}

/// More records than one thread opens.
#[test]
fn ten_thousand_records() {
    let fixture = Fixture::with(10_000);
    let vault = fixture.unlock();
    assert_eq!(vault.records().count(), 10_000);
    for n in [0, 5_000, 9_999] {
        let id = fixture.ids[n];
        assert_eq!(vault.record(id).unwrap().metadata, format!("label {n}").as_bytes());
        assert_eq!(vault.open_secret(id).unwrap()[..], *format!("secret {n}").as_bytes());
    }
    fixture.sql("UPDATE record SET kind = 9 WHERE rowid = 1");
    let error = open(&fixture.path).unwrap().unlock_with(&fixture.key).err().unwrap();
    let wanted = format!("the vault is damaged: record {} has a data key that does not open", fixture.ids[0]);
    assert_eq!(error.to_string(), wanted);
}
