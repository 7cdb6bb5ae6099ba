//! Bytes in the memory of a process, for tests: whether a secret is there, and where.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use memchr::memmem::Finder;

/// How much is read at once.
const PIECE: usize = 4 << 20;

/// Where `needle` lies in the memory that process `pid` can write. See [`find_each`].
///
/// # Errors
/// Whatever the system says, for example that the process is another user's.
pub fn find(pid: u32, needle: &[u8]) -> io::Result<Vec<String>> {
    Ok(find_each(pid, &[needle])?.swap_remove(0))
}

/// Where each needle lies in the memory that process `pid` can write: for each place its address and the mapping that it is
/// in, `[heap]`, `[stack]`, a file, or nothing for memory without a name.
///
/// The process goes on meanwhile, so it should stand still where its memory is of interest.
///
/// # Errors
/// Whatever the system says, for example that the process is another user's.
pub fn find_each(pid: u32, needles: &[&[u8]]) -> io::Result<Vec<Vec<String>>> {
    let finders: Vec<_> = needles.iter().map(Finder::new).collect();
    let longest = needles.iter().map(|needle| needle.len()).max().unwrap_or(0);
    let memory = File::open(format!("/proc/{pid}/mem"))?;
    let mut places = vec![Vec::new(); needles.len()];
    let mut piece = vec![0; PIECE + longest];
    let maps = std::fs::read_to_string(format!("/proc/{pid}/smaps"))?;
    for (start, end, name) in used(&maps) {
        let mut at = start;
        while at < end {
            // Pieces overlap, so that nothing is missed between two.
            let wanted = usize::try_from(end - at).unwrap_or(PIECE).min(piece.len());
            // A mapping without memory behind it, or one that went away.
            let Ok(read) = memory.read_at(&mut piece[..wanted], at) else { break };
            if read == 0 {
                break;
            }
            for (finder, places) in finders.iter().zip(&mut places) {
                let found = finder.find_iter(&piece[..read]).filter(|found| *found < PIECE);
                places.extend(found.map(|found| format!("{:x} {name}", at + found as u64)));
            }
            at += read.min(PIECE) as u64;
        }
    }
    Ok(places)
}

/// The mappings that can be written and hold something: a browser engine reserves far more than it uses.
fn used(maps: &str) -> Vec<(u64, u64, &str)> {
    let is_head = |line: &str| line.split_once(' ').is_some_and(|(range, _)| range.contains('-'));
    let (mut head, mut used) = (None, Vec::new());
    for line in maps.lines() {
        if is_head(line) {
            head = writable(line);
        } else if line.strip_prefix("Rss:").is_some_and(|size| size.trim() != "0 kB") {
            used.extend(head.take());
        }
    }
    used
}

/// The range and the name of a mapping that the process can write.
fn writable(line: &str) -> Option<(u64, u64, &str)> {
    let mut fields = line.split_ascii_whitespace();
    let (range, access) = (fields.next()?, fields.next()?);
    let (start, end) = range.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    access.starts_with("rw").then_some((number(start)?, number(end)?, fields.nth(3).unwrap_or_default()))
}
