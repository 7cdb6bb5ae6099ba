//! The memory of the program while it waits for something else than a secret: nothing of one is there.

use std::{
    io::{PipeReader, PipeWriter, Write, pipe},
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use memory::scan::find_each;

use crate::{
    story::{PASSPHRASE, SECRET, Story},
    vault_keys,
};

/// Looks for the secrets of the story's vault in a process.
struct Needles(Vec<(String, Vec<u8>)>);

impl Needles {
    fn of(story: &Story) -> Self {
        let keys = vault_keys::of_vault(&story.path("vault.kwv"), PASSPHRASE);
        let keys = keys.into_iter().map(|(name, bytes)| (name.to_owned(), bytes));
        let texts = [
            ("passphrase", PASSPHRASE.to_owned()),
            ("secret", SECRET.to_owned()),
            ("secret in base64url", BASE64URL_NOPAD.encode(SECRET.as_bytes())),
            ("secret in base64", BASE64.encode(SECRET.as_bytes())),
        ];
        Self(keys.chain(texts.map(|(name, text)| (name.to_owned(), text.into_bytes()))).collect())
    }

    fn found(&self, process: u32) -> Vec<&str> {
        let bytes: Vec<&[u8]> = self.0.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        let places = find_each(process, &bytes).unwrap();
        self.0.iter().zip(places).filter(|(_, places)| !places.is_empty()).map(|((name, _), _)| name.as_str()).collect()
    }

    /// Waits until nothing is found, while the process goes on waiting.
    #[track_caller]
    fn go(&self, child: &mut Child) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut left = self.found(child.id());
        while !left.is_empty() && Instant::now() < deadline {
            sleep(Duration::from_millis(50));
            left = self.found(child.id());
        }
        assert!(child.try_wait().unwrap().is_none(), "it did not wait");
        assert_eq!(left, [""; 0]);
    }
}

/// A pipe that is full, so that whoever writes to it waits for as long as the reader lives.
fn full() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = pipe().unwrap();
    // What a pipe of Linux holds (pipe(7)).
    writer.write_all(&[b'.'; 65536]).unwrap();
    (reader, writer)
}

/// Starts a call that waits as soon as it says something on its standard error.
fn start_mute(story: &Story, line: &str) -> (Child, PipeReader) {
    let (reader, writer) = full();
    let child = story.program().args(line.split(' ')).stdin(Stdio::null()).stdout(Stdio::null()).stderr(writer).spawn();
    (child.unwrap(), reader)
}

/// Waits until the process waits to write: only then is it as far as it says.
fn waits_to_write(child: &Child) {
    let deadline = Instant::now() + Duration::from_secs(60);
    let is_waiting = || {
        let path = format!("/proc/{}/wchan", child.id());
        std::fs::read_to_string(path).is_ok_and(|function| function.contains("pipe"))
    };
    while !is_waiting() {
        assert!(Instant::now() < deadline, "it never said anything");
        sleep(Duration::from_millis(20));
    }
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The control: while the vault is open its keys are found, and the passphrase is not.
#[test]
fn an_open_vault_is_found_and_its_passphrase_is_not() {
    let story = Story::with_vault();
    let needles = Needles::of(&story);
    // The list waits for its reader, and the vault is open meanwhile.
    let (_reader, writer) = full();
    let child = story.program().args("key list --passphrase-file pw".split(' ')).stdout(writer).spawn().unwrap();
    waits_to_write(&child);
    let seen = needles.found(child.id());
    end(child);
    assert_eq!(seen, ["record wrap key", "manifest key", "master key"]);
}

#[test]
fn a_wrong_passphrase_leaves_nothing() {
    let story = Story::with_vault();
    let mut needles = Needles::of(&story);
    story.write("wrong", "another planted passphrase 51c8");
    needles.0.push(("wrong passphrase".to_owned(), b"another planted passphrase 51c8".to_vec()));
    let (mut child, _reader) = start_mute(&story, "key list --passphrase-file wrong");
    waits_to_write(&child);
    needles.go(&mut child);
    end(child);
}

#[test]
fn an_export_leaves_nothing() {
    let story = Story::with_vault();
    let needles = Needles::of(&story);
    let (mut child, _reader) =
        start_mute(&story, "key export shared --private --to jwk -o out.jwk --passphrase-file pw");
    waits_to_write(&child);
    assert!(story.path("out.jwk").exists());
    needles.go(&mut child);
    end(child);
}

/// The program makes way for the command, which has the token and none of this.
#[test]
fn a_command_that_runs_has_nothing_beside_it() {
    let story = Story::with_vault();
    let needles = Needles::of(&story);
    for passphrase in ["--passphrase-file pw", "--passphrase-file -"] {
        let line = format!("run --profile Acme --env local --scope transactions.read {passphrase} -- sleep 60");
        let mut child = story
            .program()
            .args(line.split(' '))
            .stdin(std::fs::File::open(story.path("pw")).unwrap())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let command = || std::fs::read_link(format!("/proc/{}/exe", child.id())).unwrap();
        while command().ends_with("keywright") && Instant::now() < deadline {
            sleep(Duration::from_millis(20));
        }
        assert!(!command().ends_with("keywright"), "the command never began");
        needles.go(&mut child);
        end(child);
    }
}
