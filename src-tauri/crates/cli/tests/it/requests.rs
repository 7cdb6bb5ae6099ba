//! Requests: sent to the emulator in the same process, to one that runs already, and shown as curl.

use insta::assert_snapshot;

use crate::{
    server::{self, RunningEmulator},
    story::Story,
};

const SEND: &str = "request send --profile Acme --env local --scope transactions.read";

#[test]
fn an_accepted_request_reads_well() {
    let story = Story::with_vault();
    assert_snapshot!(story.open(SEND).ends(0).told());
}

#[test]
fn a_refused_request_says_why_and_what_to_do() {
    let story = Story::with_vault();
    let expired = story.run("token sign --key-file keys/p521-none.pkcs8.pem --claims expired.json").result();
    let told = story.call(SEND).opening().arg("--token").arg(expired.trim()).run().ends(9).told();
    // How long ago grows with every day.
    let told: Vec<String> = told
        .lines()
        .map(|line| match (line.split_once("expired "), line.split_once(" ago, ")) {
            (Some((before, _)), Some((_, after))) => {
                let (after, _) = after.rsplit_once(' ').unwrap();
                format!("{before}expired [long] ago, {after} [now].")
            }
            (Some((before, after)), None) => {
                format!("{before}expired [long]{}", after.find(" before").map_or("", |at| &after[at..]))
            }
            (None, _) => line.to_owned(),
        })
        .collect();
    assert_snapshot!(told.join("\n"));
}

#[test]
fn a_method_and_a_path_are_sent_as_they_are() {
    let story = Story::with_vault();
    let sent = story.open(&format!("{SEND} get /transactions?limit=1 --json")).json();
    assert_eq!(sent["request"]["method"], "GET");
    assert!(sent["request"]["url"].as_str().unwrap().ends_with("/gr4vy/transactions?limit=1"));
    story.open(&format!("{SEND} GET /nothing/there")).ends(9);
    story.open(&format!("{SEND} GET transactions")).ends(3);
    story.open(&format!("{SEND} GET https://elsewhere.example/")).ends(3);
    story.open(&format!("{SEND} GET")).ends(2);
    story.open(&format!("{SEND} GET /buyers --endpoint buyers")).ends(2);
}

#[test]
fn a_body_comes_from_a_file_or_standard_input() {
    let story = Story::with_vault();
    let line = "request send --profile Acme --env local --scope buyers.write POST /buyers --expect 201 --json";
    story.write("body.json", r#"{"display_name":"Mary"}"#);
    let sent = story.open(&format!("{line} --body body.json")).json();
    assert_eq!(sent["request"]["body"], r#"{"display_name":"Mary"}"#);
    let sent = story.call(&format!("{line} --body -")).opening().stdin(r#"{"display_name":"Anne"}"#).run().json();
    assert_eq!(sent["request"]["body"], r#"{"display_name":"Anne"}"#);
    story.open("request send --profile Acme --env local --endpoint create-transaction").ends(0);
}

#[test]
fn what_is_expected_decides_the_exit_code() {
    let story = Story::with_vault();
    for (line, code) in [
        (format!("{SEND} --expect 200"), 0),
        (format!("{SEND} --expect 403"), 9),
        (format!("{SEND} --token a.b.c --expect 401"), 0),
        (format!("{SEND} --token a.b.c"), 9),
        (format!("{SEND} --expect 99"), 2),
    ] {
        story.open(&line).ends(code);
    }
}

#[test]
fn curl_carries_no_token() {
    let story = Story::with_vault();
    let ran = story.open(&format!("{SEND} --curl")).ends(0);
    assert!(!ran.stdout.contains("eyJ"), "{}", ran.stdout);
    assert_snapshot!(ran.told());
    let curl = story.open(&format!("{SEND} --curl --json")).json();
    assert!(curl["curl"].as_str().unwrap().starts_with("curl "));
}

#[test]
fn an_emulator_of_its_own_can_misbehave() {
    let story = Story::with_vault();
    let behind = ["--jwks", "keys/p521-none.pub.pem", "--skew", "-3600"];
    let behind = RunningEmulator::start(&story, &behind);
    let sent = story.open(&format!("{SEND} --emulator {} --json --expect 401", behind.address)).json();
    assert!(sent["skew"]["ahead"].as_i64().unwrap() > 3_500, "{}", sent["skew"]);
    story.open(&format!("{SEND} --emulator {} --backdate 2h", behind.address)).ends(0);

    let busy = RunningEmulator::start(&story, &["--jwks", "keys/p521-none.pkcs8.pem", "--fail", "429x1:5"]);
    let send = format!("{SEND} --json --emulator {}", busy.address);
    let sent = story.open(&format!("{send} --expect 429")).json();
    assert_eq!(sent["waitSeconds"], 5);
    story.open(&send).ends(0);
}

#[test]
fn one_endpoint_of_an_emulator_can_go_wrong() {
    let story = Story::with_vault();
    let arguments = [
        ["--jwks", "keys/p521-none.pub.pem"],
        ["--mishap", "GET /gr4vy/transactions fail 503x1"],
        ["--mishap", "GET /gr4vy/transactions fail 409x1 applied"],
    ];
    let wrong = RunningEmulator::start(&story, &arguments.concat());
    let send = |expect: u16| format!("{SEND} --emulator {} --expect {expect}", wrong.address);
    for expected in [503, 409, 200] {
        story.open(&send(expected)).ends(0);
    }
}

#[test]
fn an_emulator_says_what_is_wrong_with_its_keys() {
    let story = Story::new();
    story.write("cut.pem", &story.read("keys/p521-none.pub.pem")[..60]);
    story.run("emulator --jwks cut.pem").ends(3);
    story.run("emulator --jwks nowhere").ends(1);
    story.run("emulator --fail sometimes").ends(2);
    for mishap in ["sometimes", "POST /gr4vy/nothing fail 500", "GET /gr4vy/buyers lag 5"] {
        story.call("emulator --mishap").arg(mishap).run().ends(2);
    }
    let taken = RunningEmulator::start(&story, &[]);
    let port = taken.address.trim_start_matches("http://127.0.0.1:").split('/').next().unwrap();
    let ran = story.run(&format!("emulator --port {port}")).ends(1);
    assert!(ran.stderr.contains(port), "{}", ran.stderr);
}

#[test]
fn an_answer_is_shown_without_what_could_steer_a_terminal() {
    let story = Story::with_vault();
    let body = "{\"message\":\"\u{1b}]0;title\u{7}\u{1b}[2Jgone\"}";
    let address = server::answering(server::answer("200 OK", "application/json", body));
    let shown = story.open(&format!("{SEND} --emulator {address}")).result();
    assert!(!shown.contains('\u{1b}') && shown.contains("gone"), "{shown:?}");
}
