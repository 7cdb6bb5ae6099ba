//! What a vault shows, and does to the world around it: names, permissions, files that are not vaults, plain text.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod common;

use common::*;
use keywright_vault::*;

fn text_of(error: &FileError) -> String {
    said(error, error.hint())
}

#[test]
fn status_needs_no_passphrase() {
    let fixture = Fixture::with(3);
    let status = open(&fixture.path).unwrap().status().unwrap();
    assert_eq!((status.format, status.created, status.epoch), (1, NOW, Epoch(2)));
    assert_eq!(status.vault, fixture.unlock().id());
    assert_eq!(status.file_bytes, fixture.bytes().len() as u64);
    let slot = SlotInfo { id: 1, slot_type: SlotType::Passphrase(KdfParams::CHEAPEST), created: NOW };
    assert_eq!(status.slots, [slot]);
}

#[test]
fn a_wrong_passphrase_is_only_that() {
    let fixture = Fixture::with(1);
    let before = fixture.bytes();
    let wrong = Passphrase::new("correct horse battery stapl".to_owned()).unwrap();
    let error = open(&fixture.path).unwrap().unlock(&wrong).err().unwrap();
    insta::assert_snapshot!(said(&error, error.hint()), @r"
    the passphrase does not open this vault
    hint: check the keyboard layout and caps lock; the vault itself is undamaged
    ");
    assert_eq!(fixture.bytes(), before);
}

/// A slot whose checksum was made right again, so that only the keys can tell.
#[test]
fn a_damaged_slot_is_not_a_wrong_passphrase() {
    let fixture = Fixture::with(1);
    fixture.sql("UPDATE slot SET salt = zeroblob(32)");
    let error = open(&fixture.path).err().unwrap();
    insta::assert_snapshot!(text_of(&error), @r"
    the vault is damaged: key slot 1 does not match its checksum
    hint: keep this file as it is and open a copy from a backup; if it is a copy itself, copy the original once more, together with the file that has the same name and -journal behind it
    ");
}

#[test]
fn a_newer_format_is_left_alone() {
    let fixture = Fixture::with(1);
    fixture.sql("PRAGMA user_version = 2; DROP TABLE manifest; CREATE TABLE chain (head BLOB);");
    let before = fixture.bytes();
    let error = open(&fixture.path).err().unwrap();
    insta::assert_snapshot!(text_of(&error), @r"
    the vault has format 2; this program reads format 1
    hint: open it with the Keywright that wrote it, or a later one
    ");
    assert_eq!(fixture.bytes(), before);
}

#[test]
fn other_files_are_not_vaults() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("empty"), "").unwrap();
    std::fs::write(path("text"), "-----BEGIN PRIVATE KEY-----\n".repeat(500)).unwrap();
    raw(&path("database")).execute_batch("CREATE TABLE t (x)").unwrap();
    let text = |name: &str| {
        let error = open(&path(name)).err().unwrap();
        said(&error, error.hint()).replace(&folder.path().display().to_string(), "FOLDER")
    };
    insta::assert_snapshot!(["missing", "empty", "text", "database", "."].map(text).join("\n\n"));
}

#[test]
fn what_exists_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.kwv");
    let attempt = || create(&path, &passphrase(), KdfParams::CHEAPEST, &Seeded::new(5), NOW).map(drop).unwrap_err();
    std::fs::write(&path, "somebody's file").unwrap();
    let error = attempt();
    let text = said(&error, error.hint()).replace(&path.display().to_string(), "vault.kwv");
    insta::assert_snapshot!(text, @r"
    vault.kwv exists already; a vault is never written over it
    hint: choose another path, or open the vault that is there
    ");
    assert_eq!(std::fs::read(&path).unwrap(), b"somebody's file");

    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(attempt(), CreateError::Exists { .. }), "a folder counts");
    #[cfg(unix)]
    {
        std::fs::remove_dir(&path).unwrap();
        std::os::unix::fs::symlink(folder.path().join("nowhere"), &path).unwrap();
        assert!(matches!(attempt(), CreateError::Exists { .. }), "a dangling link counts");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else was left");
}

/// Two processes create at the same moment: the name goes to one of them.
#[test]
fn one_of_two_creators_wins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.kwv");
    let create =
        |seed| create(&path, &passphrase(), KdfParams::CHEAPEST, &Seeded::new(seed), NOW).map(|vault| vault.id());
    let outcomes = std::thread::scope(|scope| {
        let creators = [1, 2, 3, 4].map(|seed| scope.spawn(move || create(seed)));
        creators.map(|creator| creator.join().unwrap())
    });
    let winners: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(open(&path).unwrap().unlock(&passphrase()).unwrap().id(), *winners[0]);
    let lost = outcomes.iter().filter(|outcome| matches!(outcome, Err(CreateError::Exists { .. })));
    assert_eq!(lost.count(), 3);
}

#[cfg(unix)]
#[test]
fn the_owner_alone_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made/for/vault.kwv");
    let random = Seeded::new(6);
    let mut vault = create(&path, &passphrase(), KdfParams::CHEAPEST, &random, NOW).unwrap();
    vault.commit(&[add(RecordId::random(&random), "a", "b")], &random).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&folder.path().join("made")), 0o700);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_extension("kwv.lock")), 0o600);
    assert_eq!(open(&path).unwrap().status().unwrap().exposed, []);

    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    assert_eq!(open(&path).unwrap().status().unwrap().exposed, [Exposed { path, mode: 0o644 }]);
}

/// Nothing that was written can be read from the file, its lock or its journal, before or after it was deleted.
#[test]
fn planted_texts_do_not_occur_in_the_file() {
    let fixture = Fixture::empty();
    let mut vault = fixture.unlock();
    let texts: Vec<String> = (0..50).map(|n| format!("planted text number {n} {:x}", fixture.random.next())).collect();
    let ids: Vec<_> = texts.iter().map(|_| RecordId::random(&fixture.random)).collect();
    let changes: Vec<_> = ids.iter().zip(&texts).map(|(id, text)| add(*id, text, text)).collect();
    vault.commit(&changes, &fixture.random).unwrap();
    let check = |moment: &str| {
        for entry in std::fs::read_dir(fixture.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            for text in texts.iter().map(String::as_str).chain([PASSPHRASE, "planted", "gone with"]) {
                let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
                assert!(!found, "{moment}: {text:?} in {}", path.display());
            }
        }
    };
    check("written");
    let delete = |id: &RecordId| Change::Delete { id: *id, expected: Revision(1), tombstone: b"gone with it" };
    vault.commit(&ids.iter().map(delete).collect::<Vec<_>>(), &fixture.random).unwrap();
    check("deleted");
}

/// What was deleted is overwritten, not only unlinked: its sealed bytes are gone from the file too.
#[test]
fn a_deleted_secret_is_overwritten() {
    let fixture = Fixture::with(3);
    let sealed: Vec<u8> =
        raw(&fixture.path).query_row("SELECT sealed FROM secret WHERE rowid = 2", [], |row| row.get(0)).unwrap();
    let occurs = |bytes: &[u8]| bytes.windows(64).any(|window| window == &sealed[24..88]);
    assert!(occurs(&fixture.bytes()));
    let change = Change::Delete { id: fixture.ids[1], expected: Revision(1), tombstone: b"" };
    fixture.unlock().commit(&[change], &fixture.random).unwrap();
    assert!(!occurs(&fixture.bytes()));
}
