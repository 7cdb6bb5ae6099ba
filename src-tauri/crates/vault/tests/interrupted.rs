//! Interrupted writes, and files that somebody put beside a vault: reading changes nothing, and nothing foreign is
//! believed.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod common;
#[path = "../../../../tests/skipped.rs"]
mod skipped;

use std::fs;
use std::path::{Path, PathBuf};

use common::*;
use keywright_vault::*;

/// The first eight bytes of a journal of SQLite.
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// A journal of 512 bytes that tells SQLite how many pages the file had, and has no page.
fn cutting(pages: u32) -> Vec<u8> {
    let words = [0, pages, pages, 512, 4096];
    let mut journal: Vec<u8> = MAGIC.into_iter().chain(words.iter().flat_map(|word| word.to_be_bytes())).collect();
    journal.resize(512, 0);
    journal
}

fn beside(path: &Path, behind: &str) -> PathBuf {
    PathBuf::from(format!("{}{behind}", path.display()))
}

/// Every file of the vault's folder with its bytes, but the lock.
fn folder(fixture: &Fixture) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(fixture.folder.path()).unwrap().map(Result::unwrap);
    let read = |path: PathBuf| if path.is_file() { fs::read(path).unwrap() } else { Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, path)| !name.ends_with(".lock") && fs::symlink_metadata(path).unwrap().is_file())
        .map(|(name, path)| (name, read(path)))
        .collect();
    files.sort();
    files
}

/// Everything that reads. What it found is told; nothing may change.
fn read_everything(fixture: &Fixture, session: &mut Unlocked) -> Epoch {
    let before = folder(fixture);
    open(&fixture.path).unwrap().status().unwrap();
    let vault = fixture.unlock();
    for id in &fixture.ids {
        vault.open_secret(*id).unwrap();
        session.open_secret(*id).unwrap();
    }
    vault.verify().unwrap();
    session.refresh().unwrap();
    assert!(open(&fixture.path).unwrap().unlock(&passphrase()).unwrap().epoch() == vault.epoch());
    assert!(folder(fixture) == before, "reading wrote");
    vault.epoch()
}

fn write_one(fixture: &Fixture) -> Result<Epoch, CommitError> {
    fixture.unlock().commit(&[add(RecordId::random(&fixture.random), "one more", "s")], &fixture.random)
}

#[test]
fn a_planted_journal_is_not_believed() {
    let fixture = Fixture::with(20);
    let pages = u32::try_from(fixture.bytes().len() / 4096).unwrap();
    assert!(pages > 8);
    let other = Fixture::with(20);
    let of_another_vault = other.interrupt().1;
    let mut planted: Vec<Vec<u8>> = (0..=pages + 1).map(cutting).collect();
    planted.extend([
        of_another_vault,
        MAGIC.to_vec(),
        vec![1; 5000],
        [&cutting(2)[..], b"/etc/hosts", &MAGIC].concat(),
    ]);
    for (n, planted) in planted.iter().enumerate() {
        let journal = beside(&fixture.path, "-journal");
        let mut session = fixture.unlock();
        let epoch = session.epoch();
        fs::write(&journal, planted).unwrap();
        assert_eq!(read_everything(&fixture, &mut session), epoch, "journal {n}");
        assert_eq!(write_one(&fixture).unwrap().0, epoch.0 + 1, "journal {n}");
        assert_eq!(fixture.unlock().verify().unwrap().secrets, 21 + n);
        assert!(!journal.exists());
        assert_eq!(&fs::read(beside(&fixture.path, ".interrupted-journal")).unwrap(), planted, "it is kept");
        assert!(!beside(&fixture.path, ".interrupted").exists(), "the file itself did not change");
    }
}

#[test]
fn an_interrupted_write_is_read_as_it_was_before_and_the_next_write_settles_it() {
    let fixture = Fixture::with(20);
    let mut session = fixture.unlock();
    let whole = fixture.bytes();
    let (torn, journal) = fixture.interrupt();
    assert_ne!(torn, whole);

    assert_eq!(read_everything(&fixture, &mut session), Epoch(2));
    assert!(open(&fixture.path).unwrap().status().unwrap().interrupted);

    assert_eq!(write_one(&fixture).unwrap(), Epoch(3));
    assert_eq!(fixture.unlock().verify().unwrap().secrets, 21);
    assert!(!open(&fixture.path).unwrap().status().unwrap().interrupted);
    assert_eq!(fs::read(beside(&fixture.path, ".interrupted")).unwrap(), torn, "what stood there is kept");
    assert_eq!(fs::read(beside(&fixture.path, ".interrupted-journal")).unwrap(), journal);
    assert_eq!(session.refresh().unwrap(), Refreshed::Newer);
    // The two that are kept are a vault that was interrupted, and open as one.
    assert_eq!(
        open(&beside(&fixture.path, ".interrupted")).unwrap().unlock_with(&fixture.key).unwrap().epoch(),
        Epoch(2)
    );
}

/// A process is killed while it writes; a synchronisation tool brings a newer vault; the journal means the old one.
#[test]
fn a_newer_vault_is_not_turned_back_by_an_older_journal() {
    for writes in 1..=24 {
        let fixture = Fixture::with(20);
        let copy = fixture.folder.path().join("elsewhere.kwv");
        fs::copy(&fixture.path, &copy).unwrap();
        fixture.interrupt();
        let mut elsewhere = open(&copy).unwrap().unlock_with(&fixture.key).unwrap();
        for n in 0..writes {
            let id = RecordId::random(&fixture.random);
            elsewhere.commit(&[add(id, &format!("newer {n}"), "s")], &fixture.random).unwrap();
        }
        fs::rename(&copy, &fixture.path).unwrap();
        let newer = fixture.bytes();

        let mut session = fixture.unlock();
        assert_eq!(read_everything(&fixture, &mut session), Epoch(2 + writes));
        assert!(fixture.bytes() == newer);
        assert_eq!(write_one(&fixture).unwrap(), Epoch(3 + writes));
        assert_eq!(fixture.unlock().verify().unwrap().records as u64, 21 + writes);
    }
}

/// Whoever was changing the passphrase opens the vault with the one that the state has which counts.
#[test]
fn an_interrupted_change_of_the_passphrase_opens_by_the_former_one() {
    let fixture = Fixture::with(1);
    let before = fixture.bytes();
    let new = Passphrase::new("the new one".to_owned()).unwrap();
    fixture.unlock().change_passphrase(&new, KdfParams::CHEAPEST, &fixture.random, NOW).unwrap();
    // Every page but the manifest's was written: the new slot stands in the file, and the manifest knows the former.
    let db = raw(&fixture.path);
    let slot: Vec<rusqlite::types::Value> =
        db.query_row("SELECT * FROM slot", [], |row| (0..9).map(|column| row.get(column)).collect()).unwrap();
    drop(db);
    fs::write(&fixture.path, &before).unwrap();
    let db = raw(&fixture.path);
    db.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE; DELETE FROM slot").unwrap();
    db.execute("INSERT INTO slot VALUES (?,?,?,?,?,?,?,?,?)", rusqlite::params_from_iter(slot)).unwrap();
    // Enough to make SQLite write pages before the commit.
    db.execute_batch("UPDATE secret SET sealed = zeroblob(40000); UPDATE secret SET sealed = zeroblob(1)").unwrap();
    let caught = (fixture.bytes(), fs::read(beside(&fixture.path, "-journal")).unwrap());
    drop(db);
    fs::write(&fixture.path, &caught.0).unwrap();
    fs::write(beside(&fixture.path, "-journal"), &caught.1).unwrap();

    let locked = open(&fixture.path).unwrap();
    assert_eq!(locked.unlock(&passphrase()).unwrap().epoch(), Epoch(2));
    assert!(locked.unlock(&new).is_err());
    write_one(&fixture).unwrap();
    assert_eq!(fixture.unlock().verify().unwrap().secrets, 2);
}

#[test]
fn a_vault_that_its_journal_does_not_mend_says_so_and_stays() {
    let fixture = Fixture::with(20);
    fixture.interrupt();
    let journal = beside(&fixture.path, "-journal");
    let bytes = fs::read(&journal).unwrap();
    fs::write(&journal, &bytes[..bytes.len() / 2]).unwrap();
    let before = folder(&fixture);
    let mut texts = String::new();
    let mut tell = |error: &dyn Fn() -> (String, Option<&'static str>)| {
        let (message, hint) = error();
        texts.push_str(&format!(
            "{}\nhint: {}\n\n",
            message.replace(fixture.folder.path().to_str().unwrap(), "HOME"),
            hint.unwrap()
        ));
    };
    tell(&|| match open(&fixture.path).and_then(|locked| match locked.unlock_with(&fixture.key) {
        Err(UnlockError::File(error)) => Err(error),
        _ => panic!("opened"),
    }) {
        Err(error) => (error.to_string(), error.hint()),
        Ok(()) => unreachable!(),
    });
    fs::remove_file(&journal).unwrap();
    tell(&|| match open(&fixture.path).and_then(|locked| match locked.unlock_with(&fixture.key) {
        Err(UnlockError::File(error)) => Err(error),
        _ => panic!("opened"),
    }) {
        Err(error) => (error.to_string(), error.hint()),
        Ok(()) => unreachable!(),
    });
    insta::assert_snapshot!(texts);
    fs::write(&journal, &bytes[..bytes.len() / 2]).unwrap();
    assert!(folder(&fixture) == before);
}

/// SQLite reads a write-ahead log that lies beside any file, and writes it into the file when it closes.
#[test]
fn a_planted_write_ahead_log_is_refused() {
    let fixture = Fixture::with(20);
    let before = fixture.bytes();
    let copy = fixture.folder.path().join("copy");
    fs::copy(&fixture.path, &copy).unwrap();
    let db = raw(&copy);
    db.execute_batch("PRAGMA journal_mode = WAL; DELETE FROM record").unwrap();
    let log = fs::read(beside(&copy, "-wal")).unwrap();
    drop(db);
    fs::remove_file(&copy).unwrap();

    let mut session = fixture.unlock();
    fs::write(beside(&fixture.path, "-wal"), &log).unwrap();
    let error = open(&fixture.path).err().unwrap();
    insta::assert_snapshot!(told(&fixture, &error, error.hint()), @r"
    HOME/vault.kwv-wal lies beside the vault and is not Keywright's: a vault has no write-ahead log
    hint: look at that file, move it away if nobody needs it, and try again
    ");
    assert!(session.open_secret(fixture.ids[0]).is_err());
    assert!(session.refresh().is_err());
    assert!(session.commit(&[add(RecordId::random(&fixture.random), "a", "b")], &fixture.random).is_err());
    assert_eq!(fixture.bytes(), before);
    assert_eq!(fs::read(beside(&fixture.path, "-wal")).unwrap(), log);

    fs::write(beside(&fixture.path, "-wal"), b"").unwrap();
    write_one(&fixture).unwrap();
}

fn told(fixture: &Fixture, error: &(dyn std::error::Error + 'static), hint: Option<&str>) -> String {
    said(error, hint).replace(fixture.folder.path().to_str().unwrap(), "HOME")
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    /// Each of these would be followed or waited for.
    #[test]
    fn a_name_beside_the_vault_that_is_no_file_is_refused() {
        let fixture = Fixture::with(2);
        let before = fixture.bytes();
        let precious = fixture.folder.path().join("precious");
        type Plant<'a> = &'a dyn Fn(&Path);
        let plant: [(&str, Plant<'_>); 4] = [
            ("pipe", &|path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success())),
            ("dangling link", &|path| symlink(&precious, path).unwrap()),
            ("folder", &|path| fs::create_dir(path).unwrap()),
            ("device", &|path| symlink("/dev/zero", path).unwrap()),
        ];
        let mut texts = String::new();
        for behind in ["-journal", "-wal", ".lock"] {
            for (kind, plant) in &plant {
                let name = beside(&fixture.path, behind);
                let _ = fs::remove_file(&name);
                let mut session = fixture.unlock();
                plant(&name);
                let error =
                    session.commit(&[add(RecordId::random(&fixture.random), "a", "b")], &fixture.random).unwrap_err();
                texts.push_str(&format!("{behind}, {kind}: {}\n", told(&fixture, &error, None)));
                let read = open(&fixture.path).is_ok() && session.open_secret(fixture.ids[0]).is_ok();
                assert_eq!(read, behind == ".lock", "{behind}, {kind}");
                assert!(!precious.exists(), "{behind}, {kind}");
                if kind == &"folder" { fs::remove_dir(&name).unwrap() } else { fs::remove_file(&name).unwrap() }
            }
        }
        assert_eq!(fixture.bytes(), before);
        insta::assert_snapshot!(texts);
        write_one(&fixture).unwrap();
    }

    /// Files of another user in a shared folder: the journal is not believed, and no write goes past it or past the lock.
    /// Only root can put such files there for a test.
    #[test]
    fn what_another_user_put_there_is_told() {
        use std::os::unix::fs::chown;
        let fixture = Fixture::with(20);
        let mut session = fixture.unlock();
        let (journal, lock) = (beside(&fixture.path, "-journal"), beside(&fixture.path, ".lock"));
        fs::write(&journal, cutting(2)).unwrap();
        if chown(&journal, Some(65534), None).is_err() {
            return skipped::skipped("what_another_user_put_there_is_told", "only root can make another's file");
        }
        let before = fixture.bytes();
        assert_eq!(read_everything(&fixture, &mut session), Epoch(2));
        let refused = write_one(&fixture).unwrap_err();
        let mut texts = told(&fixture, &refused, refused.hint());
        fs::remove_file(&journal).unwrap();
        chown(&lock, Some(65534), None).unwrap();
        texts += &format!("\n{}", told(&fixture, &write_one(&fixture).unwrap_err(), None));
        assert_eq!(fixture.bytes(), before);
        insta::assert_snapshot!(texts, @r"
        HOME/vault.kwv-journal lies beside the vault and is not Keywright's: it belongs to another user, or others may write to it
        hint: look at that file, move it away if nobody needs it, and try again
        HOME/vault.kwv.lock lies beside the vault and is not Keywright's: it belongs to another user, or others may write to it
        ");
        fs::remove_file(&lock).unwrap();
        write_one(&fixture).unwrap();

        // The other way about: root writes a vault of somebody's, who can lock it afterwards.
        chown(&fixture.path, Some(65534), Some(65534)).unwrap();
        fs::remove_file(&lock).unwrap();
        write_one(&fixture).unwrap();
        let owner = |path: &Path| std::os::unix::fs::MetadataExt::uid(&fs::metadata(path).unwrap());
        assert_eq!((owner(&lock), owner(&fixture.path)), (65534, 65534));
        fixture.interrupt();
        chown(beside(&fixture.path, "-journal"), Some(65534), None).unwrap();
        write_one(&fixture).unwrap();
        assert_eq!(owner(&fixture.path), 65534, "the repaired file is still its owner's");
    }

    /// Under each name a vault has another lock and another journal.
    #[test]
    fn a_vault_with_two_names_is_read_and_not_written() {
        let fixture = Fixture::with(1);
        let second = fixture.folder.path().join("second.kwv");
        fs::hard_link(&fixture.path, &second).unwrap();
        let before = fixture.bytes();
        let error = write_one(&fixture).unwrap_err();
        insta::assert_snapshot!(told(&fixture, &error, error.hint()), @r"
        HOME/vault.kwv has 2 names (hard links); a vault is written under one
        hint: remove the other names, or work on a copy of the file
        ");
        assert_eq!(fixture.bytes(), before);
        fs::remove_file(&second).unwrap();
        write_one(&fixture).unwrap();
    }

    /// A symbolic link is another way to the same file, its lock and its journal.
    #[test]
    fn a_link_to_a_vault_shares_its_lock_and_its_journal() {
        let fixture = Fixture::with(20);
        let links = tempfile::tempdir().unwrap();
        let link = links.path().join("link.kwv");
        symlink(&fixture.path, &link).unwrap();
        fixture.interrupt();
        let mut through = open(&link).unwrap().unlock_with(&fixture.key).unwrap();
        through.commit(&[add(RecordId::random(&fixture.random), "a", "b")], &fixture.random).unwrap();
        assert_eq!(fs::read_dir(links.path()).unwrap().count(), 1, "nothing lies beside the link");
        assert_eq!(fixture.unlock().epoch(), Epoch(3));
    }

    /// What an earlier version left when it was killed while it created a vault goes with the next one, and a second
    /// name that such a draft gave a vault does not keep it from being written.
    #[test]
    fn drafts_of_an_earlier_version_go() {
        let fixture = Fixture::with(1);
        let draft = fixture.folder.path().join(".vault.kwv.0123456789abcdef.new");
        let others = [".vault.kwv.0123456789abcdef.old", ".vault.kwv.xyz.new", ".other.kwv.0123456789abcdef.new"];
        for other in others {
            fs::write(fixture.folder.path().join(other), "theirs").unwrap();
        }
        fs::hard_link(&fixture.path, &draft).unwrap();
        write_one(&fixture).unwrap();
        assert!(!draft.exists());

        fs::remove_file(&fixture.path).unwrap();
        fs::write(&draft, "half a vault").unwrap();
        fs::write(beside(&draft, "-journal"), "and its journal").unwrap();
        create(&fixture.path, &passphrase(), KdfParams::CHEAPEST, &fixture.random, NOW).unwrap();
        assert!(!draft.exists() && !beside(&draft, "-journal").exists());
        assert!(others.iter().all(|other| fixture.folder.path().join(other).exists()));
    }
}
