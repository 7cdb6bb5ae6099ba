//! Webhooks: deliveries are checked in steps, and samples made that the check takes.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::{Child, Output, Stdio},
};

use insta::assert_snapshot;
use serde_json::Value;

use crate::story::{Ran, Story, settled};

/// The vector of all of Gr4vy's packages: its secret, and the body `payload` signed at 1744018920.
const SECRET: &str = "Ik4L-8FH0ihWczctcIPXZRR_8F0fPNgmhEfVBbZ3zNwqQVa1Or4tBz4Pgw2eNaVDod7H56Y268h_wohEUaWbUg";
const SIGNATURE: &str = "78aca0c78005107a654a957b8566fa6e0e5e06aea92d7da72a6da9e5a690d013";

fn story() -> Story {
    let story = Story::new();
    story.write("secret", SECRET);
    // A second secret is there beside the one that is used, until it is chosen.
    story.open("key choose hooks --profile Acme --env sandbox").ends(0);
    story.write("body", "payload");
    story.write("headers", headers(SIGNATURE, "1744018920"));
    story
}

fn headers(signature: &str, timestamp: &str) -> String {
    format!(
        "POST /webhooks HTTP/1.1\nHost: example.com\nx-gr4vy-webhook-signatures: {signature}\n\
         X-Gr4vy-Webhook-Timestamp: {timestamp}\nX-Gr4vy-Webhook-ID: 5d4e\n"
    )
}

const VERIFY: &str = "webhook verify body --provider gr4vy --secret-file secret --headers-file headers --at 1744018960";

#[test]
fn the_published_delivery_is_good() {
    let story = story();
    assert_snapshot!(story.run(VERIFY).ends(0).told());
    let piped = story.call(&VERIFY.replace(" body ", " - ")).stdin("payload").run();
    piped.ends(0);
    // While the secret is replaced there are two, and either will do.
    story.write("other", "another secret, thirty-two bytes long");
    story.run(&format!("{VERIFY} --secret-file other")).ends(0);
    assert_snapshot!(story.run(&format!("{VERIFY} --json")).ends(0).told());
}

/// A provider that signs as standardwebhooks.com says.
const STANDARD: &str = r#"keywright-provider = 1
id = "acme"
name = "Acme Pay"

[[environments]]
id = "test"
label = "Test"
tier = "test"
base-url = "https://acme.test"

[[credentials.secrets]]
id = "webhook_secret"
label = "Webhook secret"
encodings = ["utf8"]

[webhook]
mac = "hmac-sha256"
secret-encoding = "base64"
secret-prefix = "whsec_"
signed = "{id}.{timestamp}.{body}"
id-header = "webhook-id"
signature = { header = "webhook-signature", encoding = "base64", separator = " ", prefix = "v1," }
timestamp = { header = "webhook-timestamp", unit = "s", tolerance = "5m" }
"#;

/// As reported: some dashboards show the secret behind the mark that signatures have.
#[test]
fn a_secret_behind_the_mark_of_a_signature_is_taken_and_said_to_be_so() {
    let story = Story::with_vault();
    story.write("acme.toml", STANDARD).write("body", r#"{"type":"payment.ok","id":1}"#);
    story.write(
        "headers",
        "webhook-id: msg_1\nwebhook-timestamp: 1796028592\nwebhook-signature: v1,40nDeC91LU4N99i9Iu9KdZC7rMvDS1S++OCtGFyiIts=\n",
    );
    let verify = "webhook verify body --provider acme.toml --secret-file secret --headers-file headers --at 1796028600";
    let with = |secret: &str, code: i32| {
        story.write("secret", secret);
        story.run(verify).ends(code).told()
    };
    let bare = "AqsiFr1yZuTBAYUxgu34BYKPgJf8tKYU";
    let told = [
        with(&format!("v1,whsec_{bare}\n"), 0),
        with(&format!("v2,whsec_{bare}"), 6),
        with(&format!("\"whsec_{bare}\""), 6),
        with("whsec_not base64", 6),
    ];
    assert!(told.iter().all(|said| !said.contains(bare)), "{told:?}");
    assert!(!with(&format!("whsec_{bare}"), 0).contains("secret-marked"));
    assert_snapshot!(told.join("\n"));

    // What is sealed is the secret without its mark.
    story.write("secret", format!("v1,whsec_{bare}"));
    story.open("provider add acme.toml").ends(0);
    story.open("profile add shop --provider acme").ends(0);
    story.open("credential add hooks --profile shop --env test --kind webhook_secret --secret-file secret").ends(0);
    let sealed = verify.replace("--provider acme.toml --secret-file secret", "--profile shop --env test");
    story.open(&sealed).ends(0);
}

#[test]
fn code_for_a_handler_is_written_for_the_scheme_of_the_provider() {
    let story = story();
    assert_snapshot!(story.run("webhook code --provider gr4vy --env sandbox --copy-as node").ends(0).told());
    let python = story.run("webhook code --provider cryptopay --copy-as python --reserialised --json").ends(0).told();
    assert!(python.contains(r#""variable": "CRYPTOPAY_WEBHOOK_SECRET""#), "{python}");
    let told = [
        story.run("webhook code --provider gr4vy --env sandbx --copy-as node").ends(2),
        story.run("webhook code --provider gr4vy --copy-as nod").ends(2),
        story.run("webhook code --provider partner --copy-as node").ends(3),
    ];
    let told: Vec<String> = told.iter().map(Ran::told).collect();
    assert_snapshot!(told.join("\n"));
}

#[test]
fn where_nothing_matches_the_signatures_stand_side_by_side() {
    let story = story();
    let wrong = SIGNATURE.replace('7', "8");
    story.write("headers", headers(&wrong, "1744018920"));
    let said = story.run(&format!("{VERIFY} --json")).ends(4).told();
    let comparison = &said[said.find("\"comparison\"").unwrap()..said.find("\"reserialised\"").unwrap()];
    assert!(comparison.contains(&wrong) && comparison.contains(SIGNATURE), "{comparison}");
    assert!(!said.contains(SECRET), "{said}");
}

#[test]
fn each_step_that_fails_says_so_and_ends_in_its_own_code() {
    let story = story();
    let mut told = Vec::new();
    let mut verify = |what: &str, line: &str, code: i32| {
        told.push(format!("## {what}\n{}", story.run(line).ends(code).told()));
    };
    verify("old", &VERIFY.replace("1744018960", "1744020000"), 5);
    verify("old, and taken", &format!("{} --tolerance 1h", VERIFY.replace("1744018960", "1744020000")), 0);
    verify("ahead", &VERIFY.replace("1744018960", "1744018000"), 5);
    verify("no fields", &VERIFY.replace(" --headers-file headers", ""), 3);
    story.write("headers", headers("nothing", "1744018920"));
    verify("no hex", VERIFY, 3);
    story.write("headers", headers(&SIGNATURE.replace('7', "8"), "1744018920"));
    verify("forged", VERIFY, 4);
    story.write("headers", headers(SIGNATURE, "123abc"));
    verify("no time", VERIFY, 4);
    story.write("headers", headers(SIGNATURE, "1744018920"));
    story.write("body", "payload\n");
    verify("a line break more", VERIFY, 4);
    story.write("body", [0xff_u8, 0xfe, 0x00]);
    verify("not UTF-8", VERIFY, 4);
    assert_snapshot!(told.join("\n"));
}

#[test]
fn what_is_typed_wrong_is_named() {
    let story = story();
    story.write("headers", "no field here\nneither here\n");
    let lines = [
        (VERIFY.to_owned(), 3),
        (VERIFY.replace("gr4vy", "gr4v"), 2),
        (VERIFY.replace(" --headers-file headers", " --header nothing"), 2),
        (VERIFY.replace(" --secret-file secret", " --secret-file missing"), 1),
        (VERIFY.replace(" body ", " - ").replace("--secret-file secret", "--secret-file -"), 2),
        ("webhook verify body --provider gr4vy".to_owned(), 2),
    ];
    let told: Vec<String> = lines.iter().map(|(line, code)| story.run(line).ends(*code).told()).collect();
    assert_snapshot!(told.join("\n"));
}

#[test]
fn a_sample_is_taken_by_the_check_and_the_secret_is_nowhere() {
    let story = story();
    let sign = "webhook sign body --provider gr4vy --secret-file secret --at 1744018920 --id 5d4e";
    let signed = story.run(sign).ends(0).told();
    assert!(signed.contains(SIGNATURE) && !signed.contains(SECRET), "{signed}");
    assert_snapshot!(signed);
    // A file that an editor ended with a line break holds the same secret.
    story.write("secret", format!("{SECRET}\n"));
    let again = story.run(sign).ends(0).told();
    assert_eq!(again, signed);
}

/// A vault whose profile Acme has the published secret for its Sandbox, in place of an older one, and another for Local.
fn sealed() -> Story {
    let story = Story::with_vault();
    for (name, secret, environment) in [
        ("old", "the secret that was replaced, 38 bytes", "sandbox"),
        ("hooks", SECRET, "sandbox"),
        ("hooks here", "the secret of the emulator, 34 bytes", "local"),
    ] {
        story.write("secret", format!("{secret}\n"));
        let add =
            format!("credential add --profile Acme --env {environment} --kind webhook_secret --secret-file secret");
        story.call(&add).arg(name).opening().run().ends(0);
    }
    story.write("body", "payload");
    story.write("headers", headers(SIGNATURE, "1744018920"));
    story
}

#[test]
fn a_webhook_secret_is_chosen_and_taken_away() {
    let story = sealed();
    let set = |what: &str| story.open(&format!("profile set Acme --webhook-secret {what}"));
    let chosen = story.open("profile set Acme --webhook-secret sandbox=old --json").json();
    assert_eq!(chosen["others"]["sandbox"], serde_json::json!({ "webhook_secret": "old" }));
    let taken = story.open("profile set Acme --webhook-secret sandbox= --webhook-secret local= --json").json();
    assert_eq!(taken["others"], serde_json::json!({}));
    let told = [
        set("sandbox=hooks").ends(0),
        set("local=hooks").ends(5),
        set("sandbox=nobody").ends(6),
        set("nowhere=hooks").ends(2),
        set("sandbox").ends(2),
    ];
    let told: Vec<String> = told.iter().map(Ran::told).collect();
    assert_snapshot!(told.join("\n"));
}

const SEALED: &str = "webhook verify body --profile Acme --env sandbox --headers-file headers --at 1744018960";

#[test]
fn what_is_sealed_for_a_place_judges_its_deliveries() {
    let story = sealed();
    let mut told = vec![story.open(SEALED).ends(0).told()];
    // A delivery of another environment is named, and is not good.
    told.push(story.open(&SEALED.replace("sandbox", "local")).ends(4).told());
    story.write("secret", "another secret, thirty-two bytes long");
    told.push(story.open(&format!("{SEALED} --secret-file secret --provider gr4vy")).ends(0).told());
    assert_snapshot!(told.join("\n"));

    let sign = "webhook sign body --profile Acme --env sandbox --at 1744018920 --id 5d4e";
    let signed = story.open(sign).ends(0).told();
    assert!(signed.contains(SIGNATURE) && !signed.contains(SECRET), "{signed}");
}

#[test]
fn what_is_not_sealed_or_not_this_profiles_is_named() {
    let story = sealed();
    let lines = [
        (SEALED.replace("sandbox", "production"), 6),
        (SEALED.replace("Acme", "Acne"), 2),
        (format!("{SEALED} --provider hedge"), 2),
        (SEALED.replace("--env sandbox", ""), 2),
        ("webhook verify body --headers-file headers".to_owned(), 2),
    ];
    let mut told: Vec<String> = lines.iter().map(|(line, code)| story.open(line).ends(*code).told()).collect();
    let piped = SEALED.replace(" body ", " - ");
    told.push(story.call(&format!("{piped} --passphrase-file -")).stdin("payload").run().ends(2).told());
    assert_snapshot!(told.join("\n"));
}

#[test]
fn nothing_is_signed_for_live_without_a_word() {
    let story = Story::with_vault();
    story.write("secret", SECRET).write("body", "payload");
    let add = "credential add hooks --profile Acme --env production --kind webhook_secret --secret-file secret";
    story.open(add).ends(0);
    let sign = "webhook sign body --profile Acme --env production --at 1744018920";
    assert_snapshot!(story.open(sign).ends(2).told());
    let signed = story.open(&format!("{sign} --live")).ends(0);
    assert!(signed.stdout.contains(SIGNATURE), "{}", signed.stdout);
}

/// Posts a body to the receiver, and answers what comes back.
fn post(address: &str, headers: &str, body: &[u8]) -> String {
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    let head = format!(
        "POST /hooks HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, text) = answer.split_once("\r\n\r\n").unwrap();
    format!("{} {text}", head.split(' ').nth(1).unwrap())
}

/// `keywright webhook listen` that runs, and the address on the first line that it says.
fn listening(story: &Story, line: &str) -> (Child, String) {
    let mut command = story.program();
    command.args(["webhook", "listen"]).args(line.split_whitespace());
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    // Byte by byte, so that nothing of what follows is taken.
    while !first.ends_with('\n') {
        let mut byte = [0];
        child.stderr.as_mut().unwrap().read_exact(&mut byte).unwrap();
        first.push(char::from(byte[0]));
    }
    let start = first.find("http://").unwrap();
    (child, first[start..].trim_end_matches(['"', '}', '\n']).to_owned())
}

/// The header fields of the published delivery.
fn published() -> String {
    headers(SIGNATURE, "1744018920").lines().skip(2).map(|line| format!("{line}\r\n")).collect()
}

/// How it ended, and what it said.
fn ended(child: Child) -> String {
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let said = format!("{}--- stderr\n{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    format!("ends with {:?}\n{}", status.code(), settled(&said, "nowhere"))
}

#[test]
fn each_delivery_is_answered_and_printed_as_it_comes() {
    let story = sealed();
    let line = "--profile Acme --env sandbox --tolerance 36500d --count 3 --passphrase-file pw";
    let (child, address) = listening(&story, line);
    let answers = [
        post(&address, &published(), b"payload"),
        post(&address, &published(), b"payload\n"),
        post(&address, "", b"\xff{}"),
    ];
    assert_snapshot!(answers.join(""));
    // The first that is not good decides how it ends.
    let told = ended(child);
    // How long ago the published delivery was signed changes from day to day.
    let ago = told.find("signed ").map_or(0, |at| told[at..].find(" ago").map_or(0, |to| at + to));
    let signed = told.find("signed ").map(|at| told[at..ago].to_owned()).unwrap();
    assert_snapshot!(told.replace(&signed, "signed [long]"));
    assert!(!told.contains(SECRET), "{told}");
}

#[test]
fn with_json_each_delivery_is_one_line() {
    let story = story();
    let (mut child, address) = listening(&story, "--provider gr4vy --secret-file secret --answer 202 --count 2 --json");
    assert!(post(&address, "", b"{}").starts_with("202"));
    assert!(post(&address, &published(), b"payload").starts_with("202"));
    let mut lines = String::new();
    child.stdout.as_mut().unwrap().read_to_string(&mut lines).unwrap();
    let values: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said: Vec<_> = values.iter().map(|it| (&it["number"], &it["answered"], &it["verdict"])).collect();
    let (one, two, answered, bad) = (1.into(), 2.into(), 202.into(), "bad".into());
    assert_eq!(said, [(&one, &answered, &bad), (&two, &answered, &bad)]);
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_a_word() {
    let story = story();
    let (child, address) = listening(&story, "--provider gr4vy --secret-file secret");
    post(&address, "", b"{}");
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let told = ended(child);
    assert!(told.starts_with("ends with Some(0)") && told.ends_with("1 received, 0 good\n"), "{told}");
}

#[test]
fn what_cannot_be_listened_for_is_named() {
    let story = sealed();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let told = [
        story.run(&format!("webhook listen --provider gr4vy --secret-file secret --port {port}")).ends(1),
        story.open("webhook listen --profile Acme --env production").ends(6),
        story.run("webhook listen --provider partner --secret-file secret").ends(3),
        story.run("webhook listen --provider gr4vy --secret-file secret --answer 99").ends(2),
        story.run("webhook listen --provider gr4vy --secret-file secret --count 0").ends(2),
    ];
    let told: Vec<String> = told.iter().map(Ran::told).collect();
    assert_snapshot!(told.join("\n"));
}
