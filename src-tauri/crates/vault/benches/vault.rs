//! What a vault costs at 10, 1,000, 10,000 and 100,000 records, beyond deriving the key.
//!
//! - `open`: open the file, verify it against the manifest, unseal the metadata of every record
//! - `list`: walk over the list of an unlocked vault
//! - `secret`: open one secret
//! - `write`: replace one record, until it is on disk; SQLite asks the disk to finish five times for that
//! - `syncs`: what five such requests cost by themselves, here and now, without which `write` says little

use std::fs::File;
use std::hint::black_box;
use std::io::{Seek, Write};
use std::path::Path;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use keywright_vault::{Change, KdfParams, Kind, Passphrase, Random, RecordId, Secret, SlotKey, Unlocked, create, open};

/// A credential's metadata is a JSON object of about this length.
const METADATA: [u8; 380] = [b'm'; 380];
/// A P-521 key as PKCS#8 has 241 bytes.
const SECRET: [u8; 241] = [b's'; 241];

/// Journal, folder, journal again, vault, folder again: counted with strace.
const SYNCS: usize = 5;

fn vault(c: &mut Criterion) {
    let mut group = c.benchmark_group("vault");
    group.sample_size(20);
    // On the disk of the build, since the usual folder for temporary files is often in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written");
    group.bench_function(BenchmarkId::new("syncs", SYNCS), |b| {
        let mut file = File::create(folder.path().join("synced")).expect("the target folder can be written");
        b.iter(|| {
            for _ in 0..SYNCS {
                file.write_all(&[0; 4096]).and_then(|()| file.sync_all()).expect("there is room for a page");
            }
            file.rewind().expect("a file can be rewound");
        });
    });
    for records in [10, 1_000, 10_000, 100_000] {
        let path = folder.path().join(format!("{records}.kwv"));
        let (key, ids) = filled(&path, records);
        let unlock = || open(&path).expect("it is a vault").unlock_with(&key).expect("the key fits");

        group.bench_function(BenchmarkId::new("open", records), |b| {
            b.iter_with_large_drop(unlock);
        });
        let mut vault = unlock();
        group.bench_function(BenchmarkId::new("list", records), |b| {
            b.iter(|| vault.records().map(|record| black_box(record.metadata).len()).sum::<usize>());
        });
        let mut next = ids.iter().cycle();
        group.bench_function(BenchmarkId::new("secret", records), |b| {
            b.iter(|| vault.open_secret(*next.next().expect("a cycle does not end")).expect("it opens"));
        });
        group.bench_function(BenchmarkId::new("write", records), |b| {
            let mut draw = || *next.next().expect("a cycle does not end");
            b.iter_batched(&mut draw, |id| replace(&mut vault, id), BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn replace(vault: &mut Unlocked, id: RecordId) {
    let expected = vault.record(id).expect("it is listed").revision;
    let change = Change::Replace { id, expected, metadata: &METADATA, secret: Secret::Set(&SECRET) };
    vault.commit(&[change], &Counter::default()).expect("it is written");
}

fn filled(path: &Path, records: usize) -> (SlotKey, Vec<RecordId>) {
    let passphrase = Passphrase::new("correct horse battery staple".to_owned()).expect("it is not empty");
    let random = Counter::default();
    let mut vault = create(path, &passphrase, KdfParams::CHEAPEST, &random, 0).expect("it is created");
    let ids: Vec<_> = (0..records).map(|_| RecordId::random(&random)).collect();
    let add = |id: &RecordId| Change::Add { id: *id, kind: Kind(1), metadata: &METADATA, secret: Some(&SECRET) };
    vault.commit(&ids.iter().map(add).collect::<Vec<_>>(), &random).expect("it is written");
    let key = open(path).expect("it is a vault").derive(&passphrase).expect("the passphrase fits");
    (key, ids)
}

/// Bytes that differ each time (SplitMix64). Good enough for a measurement, and for nothing else.
#[derive(Default)]
struct Counter(std::cell::Cell<u64>);

impl Random for Counter {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
            let z = (self.0.get() ^ (self.0.get() >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

criterion_group!(benches, vault);
criterion_main!(benches);
