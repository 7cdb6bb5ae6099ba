//! SQLite's rollback journal, read and undone on bytes: nothing here touches a file.
//!
//! The format is the one of <https://www.sqlite.org/fileformat2.html#the_rollback_journal>. SQLite plays a journal into
//! the file as soon as it sees one, whoever it came from; here the result can be looked at first.

/// What a journal begins with.
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/// A header is padded to a sector; this much of it is used.
const HEADER: usize = 28;
/// What SQLite takes for a sector before the header says more.
const SMALLEST_SECTOR: usize = 512;
/// The page size of format 1.
const PAGE: usize = 4096;
/// The number of records of a journal that was never synced: as many as follow.
const UNCOUNTED: u32 = u32::MAX;

/// Why a journal cannot be one of this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotOurs(pub &'static str);

/// The file as it was before the write that wrote `journal` began.
///
/// As SQLite does it: each page counts once, in the first record that names it; a record that does not fit its checksum
/// ends the reading, since a power cut leaves such; what the file had not before is cut off.
///
/// # Errors
/// [`NotOurs`] for what a write of this format never writes: another page size, the name of a further journal, a length
/// that the file cannot have had. Nothing is undone then.
pub(crate) fn undo(file: &[u8], journal: &[u8]) -> Result<Vec<u8>, NotOurs> {
    let Some(first) = Header::at(journal, 0, SMALLEST_SECTOR) else {
        return Err(NotOurs("it does not begin like a journal"));
    };
    if first.page_size != PAGE {
        return Err(NotOurs("it is of a file with another page size"));
    }
    // SQLite would open the file of that name, and may delete it.
    if journal.ends_with(&MAGIC) {
        return Err(NotOurs("it names a further journal"));
    }
    let sector = first.sector;
    if !(sector.is_power_of_two() && (32..=65536).contains(&sector)) {
        return Err(NotOurs("it has an impossible sector size"));
    }
    // A write of this format never shortens the file: a longer one before it was another file.
    let before = first.pages.checked_mul(PAGE).filter(|before| (1..=file.len()).contains(before));
    let Some(before) = before else { return Err(NotOurs("it is of a file with another length")) };

    let mut undone = file[..before].to_vec();
    let mut seen = vec![false; first.pages];
    let mut at = 0;
    while let Some(header) = Header::at(journal, at, sector) {
        at += sector;
        let records = journal.get(at..).unwrap_or_default().chunks_exact(RECORD);
        let count = if header.records == UNCOUNTED { records.len() } else { header.records as usize };
        for record in records.take(count).map(Record::of) {
            if record.page == 0 || record.page == LOCKED_PAGE {
                return Ok(undone);
            }
            let Some(seen @ false) = seen.get_mut(record.page - 1) else { continue };
            if record.checksum != record.sum(header.nonce) {
                return Ok(undone);
            }
            *seen = true;
            undone[(record.page - 1) * PAGE..][..PAGE].copy_from_slice(record.content);
        }
        at = count.saturating_mul(RECORD).saturating_add(at).next_multiple_of(sector);
    }
    Ok(undone)
}

/// The page whose bytes SQLite locks, at 1 GiB; it holds nothing.
const LOCKED_PAGE: usize = (1 << 30) / PAGE + 1;
/// Bytes of a record: page number, page, checksum.
const RECORD: usize = 4 + PAGE + 4;

/// A header: before the first records, and again after each time that the journal was synced.
struct Header {
    records: u32,
    nonce: u32,
    /// How many pages the file had.
    pages: usize,
    sector: usize,
    page_size: usize,
}

impl Header {
    /// The header that begins at `at` and is there to the end of its sector.
    fn at(journal: &[u8], at: usize, sector: usize) -> Option<Self> {
        let bytes = journal.get(at..)?.get(..sector.max(HEADER))?.strip_prefix(&MAGIC)?;
        let word = |n: usize| number(&bytes[4 * n..]);
        Some(Self {
            records: word(0),
            nonce: word(1),
            pages: word(2) as usize,
            sector: word(3) as usize,
            page_size: word(4) as usize,
        })
    }
}

/// A page as it was.
struct Record<'j> {
    page: usize,
    content: &'j [u8],
    checksum: u32,
}

impl<'j> Record<'j> {
    fn of(bytes: &'j [u8]) -> Self {
        let (page, rest) = bytes.split_at(4);
        let (content, checksum) = rest.split_at(PAGE);
        Self { page: number(page) as usize, content, checksum: number(checksum) }
    }

    /// What the checksum is of a record that was written in full: SQLite's `pager_cksum`, every 200th byte.
    fn sum(&self, nonce: u32) -> u32 {
        let sampled = (PAGE % 200..=PAGE - 200).step_by(200);
        sampled.map(|at| u32::from(self.content[at])).fold(nonce, u32::wrapping_add)
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use proptest::prelude::*;
    use rusqlite::Connection;

    use super::*;

    /// A file in the middle of a write, and its journal: so little memory that SQLite writes pages before the commit.
    fn caught(folder: &Path, rows: u32, script: &[(u32, u32)]) -> (Vec<u8>, Vec<u8>) {
        let path = folder.join("caught");
        let db = Connection::open(&path).unwrap();
        db.execute_batch("PRAGMA page_size = 4096; CREATE TABLE t (id INTEGER PRIMARY KEY, text BLOB)").unwrap();
        let insert = |id: u32, length: u32| {
            db.execute("REPLACE INTO t VALUES (?, randomblob(?))", (id, length)).unwrap();
        };
        (0..rows).for_each(|id| insert(id, 900));
        db.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
        script.iter().for_each(|&(id, length)| insert(id, length));
        (fs::read(&path).unwrap(), fs::read(folder.join("caught-journal")).unwrap_or_default())
    }

    /// What SQLite makes of the two.
    fn by_sqlite(folder: &Path, file: &[u8], journal: &[u8]) -> Vec<u8> {
        let path = folder.join("played");
        fs::write(&path, file).unwrap();
        fs::write(folder.join("played-journal"), journal).unwrap();
        let db = Connection::open(&path).unwrap();
        // Whatever it says of the result, it has played the journal by then.
        let _ = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
        drop(db);
        fs::read(&path).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// SQLite is the truth here.
        #[test]
        fn undoing_gives_what_sqlite_gives(
            rows in 1u32..60,
            script in proptest::collection::vec((0u32..120, 0u32..20_000), 1..40),
            cut in proptest::option::of(0.0..1.0),
            flip in proptest::option::of((0.0..1.0, 1u8..)),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let (file, mut journal) = caught(folder.path(), rows, &script);
            prop_assume!(journal.starts_with(&MAGIC));
            if let Some(cut) = cut {
                journal.truncate((journal.len() as f64 * cut) as usize);
            }
            // Within the records: a header that is changed names another file, which SQLite takes and we refuse.
            if let Some((at, flip)) = flip && journal.len() > 4096 {
                let at = 512 + ((journal.len() - 512) as f64 * at) as usize;
                if !journal[at..].starts_with(&MAGIC) && journal[at - 7..].windows(8).take(8).all(|it| it != MAGIC) {
                    journal[at] ^= flip;
                }
            }
            let played = by_sqlite(folder.path(), &file, &journal);
            match undo(&file, &journal) {
                Ok(undone) => prop_assert!(undone == played, "SQLite made another file of them"),
                Err(_) => prop_assert!(journal.len() < SMALLEST_SECTOR, "a journal of SQLite's own was refused"),
            }
        }

        #[test]
        fn undoing_never_panics(file in 0usize..5, mut journal in proptest::collection::vec(any::<u8>(), 0..9000)) {
            let _ = undo(&vec![0; file * 4096], &journal);
            for (byte, magic) in journal.iter_mut().zip(MAGIC) {
                *byte = magic;
            }
            let _ = undo(&vec![0; file * 4096], &journal);
        }
    }

    #[test]
    fn what_a_write_of_this_format_never_writes_is_refused() {
        let header = |pages: u32, sector: u32, page_size: u32| {
            let words = [0, 7, pages, sector, page_size];
            let mut journal: Vec<u8> =
                MAGIC.into_iter().chain(words.iter().flat_map(|word| word.to_be_bytes())).collect();
            journal.resize(512, 0);
            journal
        };
        let file = vec![1; 3 * 4096];
        let mut texts = String::new();
        let mut refuse = |case: &str, journal: &[u8]| {
            texts.push_str(&format!("{case}: {}\n", undo(&file, journal).unwrap_err().0));
        };
        refuse("empty", b"");
        refuse("other bytes", &[0; 512]);
        refuse("no page", &header(0, 512, 4096));
        refuse("more pages than the file", &header(4, 512, 4096));
        refuse("another page size", &header(3, 512, 1024));
        refuse("sector 31", &header(3, 31, 4096));
        refuse("sector 1 MiB", &header(3, 1 << 20, 4096));
        refuse("a further journal", &[&header(3, 512, 4096)[..], b"/home/a/precious", &MAGIC].concat());
        insta::assert_snapshot!(texts, @r"
        empty: it does not begin like a journal
        other bytes: it does not begin like a journal
        no page: it is of a file with another length
        more pages than the file: it is of a file with another length
        another page size: it is of a file with another page size
        sector 31: it has an impossible sector size
        sector 1 MiB: it has an impossible sector size
        a further journal: it names a further journal
        ");
        // Two pages are what SQLite would cut the file to, without a word.
        assert_eq!(undo(&file, &header(2, 512, 4096)).unwrap().len(), 2 * 4096);
    }
}
