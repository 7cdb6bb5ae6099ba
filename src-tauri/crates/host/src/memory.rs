//! How much memory this machine has, for choosing what a guess at a passphrase shall cost.

/// What is assumed where the system does not say: a small laptop.
const ASSUMED: u64 = 4 << 30;

/// The machine's memory in bytes.
pub fn memory() -> u64 {
    let table = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    total(&table).unwrap_or(ASSUMED)
}

/// `MemTotal:       24576000 kB`
fn total(table: &str) -> Option<u64> {
    let line = table.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read_from_the_table() {
        assert_eq!(total("MemTotal:        2048 kB\nMemFree: 1 kB\n"), Some(2 << 20));
        assert_eq!(total(""), None);
        assert!(memory() > 0);
    }
}
