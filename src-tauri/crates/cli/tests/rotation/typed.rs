//! `keywright rotate` and `keywright check` as they are typed: a rotation at the emulator from start to end, by hand, in an incident, and
//! what is told where it does not go.

use crate::{
    server::RunningEmulator,
    story::{Ran, Story},
};

/// The emulator that knows the key `local-1` of Acme.
fn emulator(story: &Story) -> RunningEmulator {
    story.open("key export local-1 --public --to jwks -o local-1.jwks.json").ends(0);
    RunningEmulator::start(story, &["--jwks", "local-1.jwks.json"])
}

struct AtEmulator<'s> {
    story: &'s Story,
    emulator: RunningEmulator,
}

impl<'s> AtEmulator<'s> {
    fn new(story: &'s Story) -> Self {
        Self { story, emulator: emulator(story) }
    }

    /// Runs a call that opens the vault and knows the emulator.
    fn open(&self, line: &str) -> Ran {
        self.story.call(line).opening().variable("KEYWRIGHT_EMULATOR", &self.emulator.address).run()
    }
}

/// What differs from run to run beside the rest: ids of rotations and of pairs.
fn settled(ran: &Ran) -> String {
    let mut text = String::new();
    let told = ran.told();
    let mut words = told.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words.by_ref().for_each(|word| {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_id = bare.len() == 12 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
        text += &if is_id { word.replace(bare, "[id]") } else { word.to_owned() };
    });
    // How early something was done follows from how long the test took.
    let lines = text.split_inclusive('\n').map(|line| match (line.find(" early\n"), line.rfind(", ")) {
        (Some(_), Some(comma)) => format!("{}, [span] early\n", &line[..comma]),
        // A line of a key that was just made.
        _ if line.len() > 20 && line.starts_with("    ") && !line.trim().contains([' ', '-']) => String::new(),
        _ => line.to_owned(),
    });
    lines.collect()
}

#[test]
fn a_rotation_from_start_to_end() {
    let story = Story::with_vault();
    let at = AtEmulator::new(&story);
    insta::assert_snapshot!("the plan of a rotation", settled(&at.open("rotate start local-1 --dry-run").ends(0)));
    story.open("rotate list").ends(0);
    insta::assert_snapshot!("a rotation begins", settled(&at.open("rotate start local-1 --hand-over ci").ends(0)));
    at.open("rotate next").ends(0);
    insta::assert_snapshot!("a key is published", settled(&at.open("rotate next local-1").ends(0)));
    at.open("rotate next --until prove").ends(0);
    insta::assert_snapshot!("places want the next key", settled(&at.open("rotate next").ends(5)));
    insta::assert_snapshot!("a place is served", settled(&at.open("rotate hand-over --given ci").ends(0)));
    at.open("rotate next --until promote --early").ends(0);
    assert_eq!(story.open("profile show Acme --json").json()["keys"]["local"], "local-2");
    at.open("request send --profile Acme --env local").ends(0);
    insta::assert_snapshot!("a rotation that is watched", settled(&at.open("rotate next").ends(5)));
    insta::assert_snapshot!("a promotion is taken back", settled(&at.open("rotate back").ends(0)));
    at.open("rotate next --until promote --early").ends(0);
    at.open("rotate next --silent").ends(0);
    insta::assert_snapshot!("a retirement waits", settled(&at.open("rotate next").ends(5)));
    at.open("rotate next --until destroy --early").ends(0);
    insta::assert_snapshot!(
        "a rotation is done",
        settled(&at.open("rotate status local-1 --save runbook.txt").ends(0))
    );
    let runbook = String::from_utf8(story.read("runbook.txt")).unwrap();
    assert!(runbook.contains("done: promote the next key") && runbook.contains(" early: "), "{runbook}");
    at.open("rotate status local-1 --save runbook.txt").ends(1);
    assert!(story.open("rotate list").result().starts_with("none is under way"));
    assert!(story.open("rotate list --all").result().starts_with("local-1"));
    insta::assert_snapshot!("a key that works", settled(&at.open("check --env local").ends(0)));
}

#[test]
fn a_rotation_that_does_not_go_says_why() {
    let story = Story::with_vault();
    let at = AtEmulator::new(&story);
    at.open("rotate start local-1").ends(0);
    let told: Vec<String> = [
        ("rotate start local-1", 5),
        ("rotate start loose", 5),
        ("rotate start shared", 5),
        ("rotate start nobody", 6),
        ("rotate next sandbox-1", 2),
        ("rotate next --until fly", 2),
        ("rotate next --early", 5),
        ("rotate next --did-it", 5),
        ("rotate back", 5),
        ("rotate hand-over --given nowhere", 2),
        ("rotate next --secret-file pw", 5),
    ]
    .map(|(line, code)| {
        let ran = at.open(line).ends(code);
        assert!(ran.stderr.contains("hint:"), "{line}: {}", ran.stderr);
        format!("$ keywright {line}\n{}", settled(&ran))
    })
    .into();
    insta::assert_snapshot!("rotations that do not go", told.join("\n"));
    insta::assert_snapshot!("a rotation is given up", settled(&at.open("rotate abort").ends(0)));
    at.open("rotate next").ends(2);
}

#[test]
fn a_provider_that_refuses_ends_with_9_and_one_that_is_silent_with_7() {
    let story = Story::with_vault();
    story.open("key export local-1 --public --to jwks -o local-1.jwks.json").ends(0);
    let arguments = ["--jwks", "local-1.jwks.json", "--mishap", "POST /gr4vy/api-key-pairs fail 403x1"];
    let at = AtEmulator { story: &story, emulator: RunningEmulator::start(&story, &arguments) };
    at.open("rotate start local-1").ends(0);
    at.open("rotate next").ends(0);
    insta::assert_snapshot!("a rotation that stopped", settled(&at.open("rotate next").ends(9)));
    at.open("rotate next --again").ends(0);
    let ran =
        story.call("rotate next").opening().variable("KEYWRIGHT_EMULATOR", &crate::server::nobody()).run().ends(7);
    assert!(ran.stderr.contains("error: no connection to 127.0.0.1"), "{}", ran.stderr);
    at.open("rotate next").ends(0);
}

#[test]
fn a_rotation_goes_by_hand() {
    let story = Story::with_vault();
    let at = AtEmulator::new(&story);
    at.open("rotate start local-1 --by-hand").ends(0);
    at.open("rotate next").ends(0);
    insta::assert_snapshot!("a key to paste", settled(&at.open("rotate next").ends(5)));
    // The provider does not show it, so that nothing is taken on trust.
    let ran = at.open("rotate next --did-it");
    assert_ne!(ran.code, Some(0), "{}", ran.stdout);
}

#[test]
fn a_live_rotation_wants_the_word() {
    let story = Story::with_vault();
    insta::assert_snapshot!("a live plan", settled(&story.open("rotate start live-1 --dry-run").ends(0)));
    story.open("rotate start live-1").ends(0);
    story.open("rotate next").ends(0);
    let ran = story.open("rotate next live-1").ends(2);
    assert!(ran.stderr.contains("--live"), "{}", ran.stderr);
    let ran = story.open("check --key live-1").ends(6);
    assert!(ran.stderr.contains("say --live"), "{}", ran.stderr);
}

#[test]
fn an_incident_says_what_it_touches_and_takes_a_way_out() {
    let story = Story::with_vault();
    let at = AtEmulator::new(&story);
    insta::assert_snapshot!("an incident", settled(&at.open("rotate incident local-1 --save plan.txt").ends(0)));
    assert!(String::from_utf8(story.read("plan.txt")).unwrap().contains("[ ] ____-__-__ __:__  disable the old key"));
    insta::assert_snapshot!(
        "an incident, replaced first",
        settled(&at.open("rotate incident local-1 --replace-first --save done.txt").ends(0))
    );
    assert!(String::from_utf8(story.read("done.txt")).unwrap().contains("done: disable the old key"));
    let ran = at.open("token sign --profile Acme --env local --key local-1").ends(5);
    assert!(ran.stderr.contains("is compromised"), "{}", ran.stderr);
    at.open("check --key local-2").ends(0);
}

#[test]
fn a_check_says_who_is_refused() {
    let story = Story::with_vault();
    // An emulator that knows another key.
    story.open("key export sandbox-1 --public --to jwks -o other.jwks.json").ends(0);
    let at = AtEmulator { story: &story, emulator: RunningEmulator::start(&story, &["--jwks", "other.jwks.json"]) };
    insta::assert_snapshot!("a key that is refused", settled(&at.open("check --env local").ends(9)));
    story.open("check --profile Empty").ends(6);
    let silent =
        story.call("check --env local").opening().variable("KEYWRIGHT_EMULATOR", &crate::server::nobody()).run();
    silent.ends(7);
}

#[test]
fn keys_of_an_unknown_age_are_due_and_a_new_one_is_not() {
    let story = Story::with_vault();
    // Nobody said when they were made; the one at Local asks for nothing.
    let told = story.open("rotate due").ends(5).stdout;
    assert!(told.contains("live-1  due: nobody knows how old it is") && !told.contains("local-1"), "{told}");

    let story = Story::new();
    story.open("vault create").ends(0);
    story.open("profile add Acme --provider gr4vy --set gr4vy_id=acme").ends(0);
    story.open("key generate --alg ES512 --name fresh --profile Acme --env sandbox").ends(0);
    let told = story.open("rotate due").result();
    assert!(told.contains("fresh  due from "), "{told}");
}
