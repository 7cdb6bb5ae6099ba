//! Killed while writing, again and again: nothing that was acknowledged is lost, and nothing is half written.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![cfg(unix)]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::*;
use keywright_vault::*;

/// What the vault should hold: the text of each record, and the deleted ones.
type Model = BTreeMap<String, Option<String>>;

#[test]
fn killed_200_times() {
    kill_in_two_lanes(100);
}

#[test]
#[ignore = "minutes; make faults runs it"]
fn killed_2000_times() {
    kill_in_two_lanes(1000);
}

/// Two vaults, each written by one process after the other, each process killed at a random moment.
fn kill_in_two_lanes(kills: usize) {
    let acknowledged: usize = thread::scope(|scope| {
        let lanes = [1, 2].map(|lane| scope.spawn(move || kill_one_lane(lane, kills)));
        lanes.into_iter().map(|lane| lane.join().unwrap()).sum()
    });
    assert!(acknowledged > kills, "the kills came too early to mean anything: {acknowledged} writes");
}

fn kill_one_lane(lane: u64, kills: usize) -> usize {
    let fixture = Fixture::empty();
    let random = Seeded::new(lane);
    let (mut model, mut epoch, mut acknowledged) = (Model::new(), 1, 0);
    for round in 0..kills {
        let seed = (lane << 32) + round as u64;
        let child = start("writing_process", &fixture.path, seed);
        let said = kill_after(child, Duration::from_micros(random.next() % 60_000));

        let mut tried = None;
        for line in &said {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["try", id, text] => tried = Some((id.to_owned(), Some(text.to_owned()).filter(|text| text != "gone"))),
                ["ack", at] => {
                    epoch = at.parse().unwrap();
                    acknowledged += 1;
                    model.extend(tried.take());
                }
                _ => {}
            }
        }

        let vault = fixture.unlock();
        vault.verify().unwrap();
        // A write that was on disk before its acknowledgement was heard may be there, whole.
        if vault.epoch() == Epoch(epoch + 1) {
            model.extend([tried.expect("only a write that was begun can be there")]);
            epoch += 1;
        }
        assert_eq!((vault.epoch(), contents(&vault)), (Epoch(epoch), model.clone()), "after kill {round}, seed {seed}");
    }
    acknowledged
}

fn contents(vault: &Unlocked) -> Model {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let live = vault.records().map(|record| {
        let secret = vault.open_secret(record.id).unwrap();
        assert_eq!(record.metadata, &secret[..], "one record, two halves of different writes");
        (record.id.to_string(), Some(text(record.metadata)))
    });
    live.chain(vault.tombstones().map(|dead| (dead.id.to_string(), None))).collect()
}

fn start(process: &str, path: &Path, seed: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", process, "--ignored", "--nocapture"])
        .env("KEYWRIGHT_TEST_VAULT", path)
        .env("KEYWRIGHT_TEST_SEED", seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a process run until it is ready, and for `delay` after that; kills it with SIGKILL; returns all it said.
fn kill_after(mut child: Child, delay: Duration) -> Vec<String> {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut said: Vec<_> = lines.by_ref().take_while(|line| line != "ready").collect();
    let reader = thread::spawn(move || lines.collect::<Vec<_>>());
    thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
    said.extend(reader.join().unwrap());
    said
}

/// A line that has left the process before the next step begins. Standard output of a test is line-buffered text that
/// the harness does not hold back, thanks to --nocapture.
fn say(line: String) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "the process that is killed"]
fn writing_process() {
    let Ok(path) = std::env::var("KEYWRIGHT_TEST_VAULT") else { return };
    let random = Seeded::new(std::env::var("KEYWRIGHT_TEST_SEED").unwrap().parse().unwrap());
    let mut vault = open(path.as_ref()).unwrap().unlock(&passphrase()).unwrap();
    say("ready".to_owned());
    loop {
        let records: Vec<_> = vault.records().map(|record| (record.id, record.revision)).collect();
        // Long enough now and then to need several pages.
        let text = format!("{:x}", random.next()).repeat(1 + random.below(3) * random.below(200));
        let (id, change) = match (random.below(4), records.get(random.below(records.len().max(1)))) {
            (0 | 1, Some(&(id, expected))) => {
                let (metadata, secret) = (text.as_bytes(), Secret::Set(text.as_bytes()));
                (id, Change::Replace { id, expected, metadata, secret })
            }
            (2, Some(&(id, expected))) => (id, Change::Delete { id, expected, tombstone: b"gone" }),
            _ => {
                let id = RecordId::random(&random);
                (id, add(id, &text, &text))
            }
        };
        let shown = if matches!(change, Change::Delete { .. }) { "gone" } else { &text };
        say(format!("try {id} {shown}"));
        let epoch = vault.commit(&[change], &random).unwrap();
        say(format!("ack {epoch}"));
    }
}

/// Killed while creating: there is a whole vault or none.
#[test]
fn killed_while_creating() {
    let folder = tempfile::tempdir().unwrap();
    let random = Seeded::new(3);
    let (mut whole, mut none) = (0, 0);
    // How long creation takes from its first folder on depends on the machine, so the kills feel their way to it.
    let mut span = Duration::from_millis(20);
    for round in 0..30 {
        let path = folder.path().join(format!("deep/{round}/vault.kwv"));
        let mut child = start("creating_process", &path, round);
        let begun = Instant::now();
        // Deriving the key comes first and takes longest; the kill should fall after it.
        while !path.parent().unwrap().exists() && begun.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_micros(50));
        }
        thread::sleep(span.mul_f64(random.below(1000) as f64 / 1000.0));
        child.kill().unwrap();
        child.wait().unwrap();
        match open(&path) {
            Ok(vault) => {
                assert_eq!(vault.unlock(&passphrase()).unwrap().verify().unwrap().records, 0);
                whole += 1;
                span = span.mul_f64(0.8);
            }
            Err(error) => {
                assert!(matches!(error, FileError::Fault(Fault::NotFound { .. })), "{error}");
                none += 1;
                span = span.mul_f64(1.4);
            }
        }
    }
    assert!(whole > 2 && none > 2, "the kills did not fall around the moment: {whole} whole, {none} none");
}

#[test]
#[ignore = "the process that is killed"]
fn creating_process() {
    let Ok(path) = std::env::var("KEYWRIGHT_TEST_VAULT") else { return };
    let seed = std::env::var("KEYWRIGHT_TEST_SEED").unwrap().parse().unwrap();
    create(path.as_ref(), &passphrase(), KdfParams::CHEAPEST, &Seeded::new(seed), NOW).unwrap();
}
