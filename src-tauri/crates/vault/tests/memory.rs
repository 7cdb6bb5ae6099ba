//! Keys in memory, seen from another process: one copy of each while the vault is unlocked, none before and after.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![cfg(target_os = "linux")]

mod common;
#[path = "common/keys.rs"]
mod keys;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use common::*;
use keywright_vault::*;
use memory::scan::find;
use memory::{Wiping, clean_stack};

/// As the programs that hold a vault have it.
#[global_allocator]
static ALLOCATOR: Wiping = memory::WIPING;

/// What the record's metadata and secret hold.
const METADATA: &str = "a label that nobody else has";
const SECRET: &str = "a secret that nobody else has";
const WRONG: &str = "a passphrase that opens nothing";

#[test]
fn keys_are_there_once_and_then_not_at_all() {
    let fixture = Fixture::empty();
    let (id, mut vault) = (RecordId::from_bytes([7; 16]), fixture.unlock());
    vault.commit(&[add(id, METADATA, SECRET)], &fixture.random).unwrap();
    let keys = keys::of_vault(&fixture.path, PASSPHRASE);

    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "unlocking_process", "--ignored", "--nocapture"])
        .env("KEYWRIGHT_TEST_VAULT", &fixture.path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut answer = child.stdin.take().unwrap();
    let mut report = String::new();
    while let Some(step) =
        said.by_ref().map(Result::unwrap).find_map(|line| Some(line.split_once("step: ")?.1.to_owned()))
    {
        let texts = [("passphrase", PASSPHRASE), ("wrong one", WRONG), ("metadata", METADATA), ("secret", SECRET)];
        let texts = texts.map(|(name, text)| (name, text.as_bytes().to_vec()));
        let found = keys.iter().cloned().chain(texts).map(|(name, bytes)| (name, find(child.id(), &bytes).unwrap()));
        let found: Vec<_> =
            found.filter(|(_, at)| !at.is_empty()).map(|(name, at)| format!("{} {name}", at.len())).collect();
        report
            .push_str(&format!("{step}: {}\n", if found.is_empty() { "nothing".to_owned() } else { found.join(", ") }));
        writeln!(answer, "on").unwrap();
    }
    assert!(child.wait().unwrap().success());
    insta::assert_snapshot!(report);
}

#[test]
#[ignore = "the process whose memory is read"]
fn unlocking_process() {
    let Some(path) = std::env::var_os("KEYWRIGHT_TEST_VAULT") else { return };
    let path = Path::new(&path);
    let step = |words: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "step: {words}").unwrap();
        out.flush().unwrap();
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).unwrap();
    };
    let typed = |text: &[u8]| {
        let text: Vec<u8> = text.iter().map(|byte| byte ^ 0x80).collect();
        Passphrase::new(String::from_utf8(text).unwrap()).unwrap()
    };
    // The texts stand in the program's file, which is mapped: only what can be written is looked at.
    let (passphrase, wrong) = (mask(PASSPHRASE), mask(WRONG));

    step("at the beginning");
    let waiting = clean_stack(|| Box::new(typed(&passphrase)));
    step("with the passphrase typed");
    let mut vault = clean_stack(|| {
        assert!(open(path).unwrap().unlock(&typed(&wrong)).is_err());
        step("after a wrong passphrase, still in its frame");
        Box::new(open(path).unwrap().unlock(&waiting).unwrap())
    });
    drop(waiting);
    step("unlocked");
    let id = vault.records().next().unwrap().id;
    let secret = clean_stack(|| vault.open_secret(id).unwrap());
    step("with the secret open");
    drop(secret);
    clean_stack(|| {
        let change = Change::Replace { id, expected: Revision(1), metadata: b"short", secret: Secret::Keep };
        vault.commit(&[change], &Seeded::new(5)).unwrap();
        vault.change_passphrase(&typed(&mask("another")), KdfParams::CHEAPEST, &Seeded::new(6), NOW).unwrap();
        vault.verify().unwrap();
    });
    step("after writes");
    // Moved a few times, as sessions are.
    let moved = Some(std::sync::Mutex::new((*vault, 1)));
    step("moved");
    drop(moved);
    step("dropped");
}

fn mask(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| byte ^ 0x80).collect()
}
