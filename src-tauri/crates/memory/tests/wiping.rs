//! What stays in memory, seen from another process: before it is wiped a secret is there, and after it is not.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use memory::scan::find;
use memory::{Page, Wiping, clean_stack};

#[global_allocator]
static ALLOCATOR: Wiping = memory::WIPING;

/// Bytes that occur nowhere else. They are made, and not written down, so that the program's file does not have them.
fn planted(seed: u8) -> Vec<u8> {
    (0..32_u8).map(|n| n.wrapping_mul(seed).wrapping_add(seed ^ 0x5a)).collect()
}

/// Each step in a process of its own: `before` it says "there", the bytes must be found; `after` it says "gone", not.
#[test]
fn what_is_wiped_is_gone() {
    for (step, seed) in [("page", 37), ("heap", 41), ("stack", 43), ("large stack", 47)] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "wiping_process", "--ignored", "--nocapture"])
            .env("KEYWRIGHT_TEST_STEP", step)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut answer = child.stdin.take().unwrap();
        let mut wait_for = |word: &str| assert!(said.any(|line| line.unwrap().ends_with(word)), "{step}: never {word}");
        wait_for("there");
        let before = find(child.id(), &planted(seed)).unwrap();
        assert!(!before.is_empty(), "{step}: the control was not found");
        writeln!(answer, "on").unwrap();
        wait_for("gone");
        let after = find(child.id(), &planted(seed)).unwrap();
        assert!(after.is_empty(), "{step}: {after:?}");
        drop(answer);
        child.wait().unwrap();
    }
}

#[test]
#[ignore = "the process whose memory is read"]
fn wiping_process() {
    let say = |word: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{word}").unwrap();
        out.flush().unwrap();
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).unwrap();
    };
    match std::env::var("KEYWRIGHT_TEST_STEP").as_deref() {
        Ok("page") => {
            let mut page = Page::new([0_u8; 32]);
            clean_stack(|| page.copy_from_slice(&planted(37)));
            say("there");
            drop(page);
        }
        Ok("heap") => {
            let planted = clean_stack(|| planted(41));
            say("there");
            // Growing moves it.
            let mut grown = planted;
            grown.reserve(100_000);
            drop(grown);
        }
        Ok("stack") => {
            leave_on_stack::<20_000>(43);
            say("there");
            clean_stack(|| ());
        }
        Ok("large stack") => {
            leave_on_stack::<150_000>(47);
            say("there");
            clean_stack(|| ());
        }
        _ => return,
    }
    say("gone");
}

/// Leaves a copy in a frame that is over, at its far end.
#[inline(never)]
fn leave_on_stack<const DEPTH: usize>(seed: u8) {
    let mut frame = [0_u8; DEPTH];
    frame[..32].copy_from_slice(&planted(seed));
    std::hint::black_box(&mut frame);
}
