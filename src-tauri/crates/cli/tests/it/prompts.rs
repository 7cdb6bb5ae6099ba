//! Questions at the terminal: nothing of an answer is ever shown, none is taken from before, and the terminal is left as
//! it was found, however the program ends.

use insta::assert_snapshot;

use crate::{
    pty::AtTerminal,
    story::{PASSPHRASE, Story, settled},
};

/// Calls that ask, with what they ask and what is answered. What is typed beside an answer comes with it in one go, as
/// while the answer is checked or a key derived.
const ASKING: &[(&str, &[(&str, &str)])] = &[
    ("key list", &[("Passphrase of ", PASSPHRASE)]),
    (
        "vault passwd",
        &[
            ("Passphrase of ", PASSPHRASE),
            ("New passphrase: ", "a new passphrase 5e1d"),
            ("The same again: ", "a new passphrase 5e1d"),
        ],
    ),
    (
        "vault create --vault fresh.kwv",
        &[("New passphrase: ", "a new passphrase 5e1d"), ("The same again: ", "a new passphrase 5e1d")],
    ),
    (
        "key export local-1 --private --to pkcs8-encrypted -o out.pem",
        &[
            ("Passphrase for the new file: ", "a key passphrase 7b21"),
            ("The same again: ", "a key passphrase 7b21"),
            ("Passphrase of ", PASSPHRASE),
        ],
    ),
    (
        "key convert keys/p521-none.pkcs8.pem --to pkcs8-encrypted -o converted.pem",
        &[("Passphrase for the new file: ", "a key passphrase 7b21"), ("The same again: ", "a key passphrase 7b21")],
    ),
    (
        "credential add hooks --profile Acme --env sandbox --kind webhook_secret",
        &[("Passphrase of ", PASSPHRASE), ("Secret of hooks: ", "a secret of webhooks 9c40")],
    ),
];

#[test]
fn no_answer_is_shown_and_none_is_taken_from_before_its_question() {
    for (line, questions) in ASKING {
        let story = Story::with_vault();
        let at = AtTerminal::run(&story, line);
        for (number, (question, answer)) in questions.iter().enumerate() {
            at.sees(question);
            assert!(!at.echoes(), "{line}: shown as soon as {question:?} is");
            let more = if number + 1 < questions.len() { "typed ahead 4f7a\n" } else { "" };
            at.types(&format!("{answer}\n{more}"));
        }
        assert_eq!(at.ends(), 0, "{line}: {}", at.seen());
        at.is_as_before();
        let seen = at.seen();
        for secret in questions.iter().map(|(_, answer)| *answer).chain(["typed ahead"]) {
            assert!(!seen.contains(secret), "{line} shows {secret:?}: {seen}");
        }
    }
}

#[test]
fn what_was_typed_before_the_program_asks_is_no_answer() {
    let story = Story::with_vault();
    let at = AtTerminal::run_after(&story, "key list", "not the passphrase\n");
    at.sees("Passphrase of ");
    at.types(&format!("{PASSPHRASE}\n"));
    assert_eq!(at.ends(), 0, "{}", at.seen());
}

#[test]
fn the_answers_count() {
    let story = Story::with_vault();
    let at = AtTerminal::run(&story, "vault passwd");
    for (question, answer) in [("Passphrase of ", PASSPHRASE), ("New ", "näxt phrase"), ("again: ", "näxt phrase")] {
        at.sees(question);
        at.types(&format!("{answer}\n"));
    }
    assert_eq!(at.ends(), 0, "{}", at.seen());
    story.write("pw", "näxt phrase");
    story.open("key list").ends(0);
}

/// A secret that is read from standard input, where that is the terminal.
#[test]
fn what_is_pasted_for_standard_input_is_not_shown_where_it_is_secret() {
    for (line, file) in [
        ("key thumbprint -", "keys/p521-none.priv.jwk.json"),
        ("key thumbprint -", "keys/p256.pkcs8.pem"),
        ("key list --passphrase-file -", "pw"),
        ("key list --passphrase-fd 0", "pw"),
        ("webhook verify claims.json --provider gr4vy --secret-file -", "pw"),
    ] {
        let story = Story::with_vault();
        let secret = String::from_utf8(story.read(file)).unwrap();
        let at = AtTerminal::run(&story, line);
        at.sees(", unseen, until Ctrl-D: ");
        at.types(&format!("{}\n\u{4}", secret.trim_end()));
        at.ends();
        at.is_as_before();
        let seen = at.seen();
        let shown = secret.lines().filter(|line| line.len() > 8).find(|line| seen.contains(*line));
        assert_eq!(shown, None, "{line}: {seen}");
    }
}

#[test]
fn a_signal_gives_the_terminal_back_before_it_ends_the_program() {
    // Typed, or sent; while the first question is asked, or between two.
    for (typed, sent, between, code) in [
        ("\u{3}", "", false, 130),
        ("\u{3}", "", true, 130),
        ("\u{1c}", "", false, 131),
        ("", "-TERM", false, 143),
        ("", "-TERM", true, 143),
        ("", "-HUP", false, 129),
    ] {
        let story = Story::with_vault();
        let at = AtTerminal::run(&story, "vault passwd");
        let process = at.process();
        at.sees("Passphrase of ");
        if between {
            at.types(&format!("{PASSPHRASE}\n"));
            at.sees("New passphrase: ");
        }
        assert!(!at.echoes());
        match sent {
            "" => at.types(typed),
            signal => {
                assert!(std::process::Command::new("kill").args([signal, &process]).status().unwrap().success())
            }
        }
        assert_eq!(at.ends(), code, "{}", at.seen());
        at.is_as_before();
    }
}

/// Whoever had the terminal while the program was stopped may have shown what is typed again.
#[test]
fn what_is_typed_stays_hidden_after_a_pause() {
    use rustix::termios::{OptionalActions, tcsetattr};

    let story = Story::with_vault();
    let at = AtTerminal::run(&story, "key list");
    let process = at.process();
    at.sees("Passphrase of ");
    let signal = |name: &str| {
        assert!(std::process::Command::new("kill").args([name, process.as_str()]).status().unwrap().success())
    };
    signal("-STOP");
    let state = || std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    while !state().contains(") T ") {
        std::thread::yield_now();
    }
    tcsetattr(at.terminal(), OptionalActions::Now, &at.before).unwrap();
    signal("-CONT");
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while at.echoes() {
        assert!(std::time::Instant::now() < end, "shown after the pause");
        std::thread::yield_now();
    }
    at.types(&format!("{PASSPHRASE}\n"));
    assert_eq!(at.ends(), 0, "{}", at.seen());
    assert!(!at.seen().contains(PASSPHRASE));
    at.is_as_before();
}

#[test]
fn what_is_no_answer_is_said() {
    let told = ["\u{4}", "\n", "caf\u{e9}\n"].map(|typed| {
        let story = Story::with_vault();
        let at = AtTerminal::run(&story, "key list");
        at.sees("Passphrase of ");
        // The last one as a terminal in Latin-1 sends it.
        let bytes: Vec<u8> = typed.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        std::io::Write::write_all(&mut at.terminal(), &bytes).unwrap();
        at.ends();
        at.is_as_before();
        let folder = story.path("").display().to_string();
        let seen = settled(&at.seen().replace('\r', ""), folder.trim_end_matches('/'));
        seen.lines().skip(1).collect::<Vec<_>>().join("\n")
    });
    assert_snapshot!(told.join("\n\n"));
}

#[test]
fn two_that_differ_change_nothing() {
    let story = Story::with_vault();
    let at = AtTerminal::run(&story, "vault passwd");
    for (question, answer) in [("Passphrase of ", PASSPHRASE), ("New ", "one"), ("again: ", "another")] {
        at.sees(question);
        at.types(&format!("{answer}\n"));
    }
    assert_eq!(at.ends(), 2);
    assert!(at.seen().contains("the two passphrases differ"), "{}", at.seen());
    at.is_as_before();
    story.open("key list").ends(0);
}
