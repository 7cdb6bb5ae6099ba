//! Commands that the program prints, run by a shell in the situation that printed them, with the words in capitals filled in.

use std::{collections::BTreeSet, process::Command};

use crate::{
    sources,
    story::{Ran, Story},
};

/// Every command of ours that the sources print as a next step, by its first words, and the test that runs it where that is not here.
const PRINTED: [(&str, &str); 32] = [
    ("credential add", ""),
    ("credential set", ""),
    ("emulator", "server::RunningEmulator, of most tests of requests"),
    ("help", ""),
    ("key choose", ""),
    ("key convert", "key_sets::the_commands_about_sets_work_as_they_are_printed"),
    ("key delete", ""),
    ("key export", "tests/rotation/typed.rs: its hint"),
    ("key generate", ""),
    ("key restore", ""),
    ("profile add", ""),
    ("profile list", ROTATE),
    ("profile set", ""),
    ("provider add", ""),
    ("provider check", ""),
    ("provider list", ""),
    ("provider new", ""),
    ("provider show", ""),
    ("provider update", ""),
    ("rotate abort", ROTATE),
    ("rotate back", ROTATE),
    ("rotate due", ROTATE),
    ("rotate hand-over", ROTATE),
    ("rotate incident", ROTATE),
    ("rotate next", ROTATE),
    ("rotate paste", ROTATE),
    ("rotate start", ROTATE),
    ("run", "run.rs: a sentence of the manual"),
    ("token get", ""),
    ("token inspect", ""),
    ("token sign", "key_sets::the_commands_about_sets_work_as_they_are_printed"),
    ("token verify", ""),
];

/// Where the commands of a rotation run, in the situations that print them.
const ROTATE: &str = "tests/rotation/typed.rs";

/// What the sources print after the name of the program.
fn in_sources() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, source) in sources::of(env!("CARGO_MANIFEST_DIR")) {
        let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in lines {
            for (at, name) in line.match_indices("keywright ") {
                // What follows is a slot only where the text is put together, as in the steps of the demo.
                found.extend(Some(first_words(&line[at + name.len()..])).filter(|words| !words.is_empty()));
            }
        }
    }
    found
}

/// The words that name a command: one, or a group and one of its commands.
fn first_words(text: &str) -> String {
    let word = |text: &str| {
        let word: String = text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        // An option is not a command.
        if word.starts_with('-') { String::new() } else { word }
    };
    let mut words = text.split(' ');
    let first = word(words.next().unwrap());
    let groups = [
        "credential",
        "flow",
        "key",
        "profile",
        "provider",
        "recipe",
        "request",
        "rotate",
        "token",
        "vault",
        "webhook",
    ];
    match groups.contains(&first.as_str()) {
        true => format!("{first} {}", word(words.next().unwrap_or_default())),
        false => first,
    }
}

#[test]
fn no_command_is_printed_that_no_test_runs() {
    let known: BTreeSet<String> = PRINTED.iter().map(|(command, _)| (*command).to_owned()).collect();
    assert_eq!(in_sources(), known);
    // What is said to run here does.
    let here = include_str!("commands.rs");
    for (command, _) in PRINTED.iter().filter(|(_, elsewhere)| elsewhere.is_empty()) {
        assert!(here.matches(&format!("\"{command}\"")).count() > 1, "{command}");
    }
}

/// A person at a shell, who types what was printed and fills in what stands in capitals.
struct Shell(Story);

impl Shell {
    /// Runs a call that prints a command, and then the command. `more` is what a person would be asked for, as an option.
    fn follows(&self, line: &str, ends: i32, command: &str, filled: &[(&str, &str)], more: &str) -> String {
        self.types(&self.0.open(line).ends(ends), command, filled, more)
    }

    fn types(&self, ran: &Ran, command: &str, filled: &[(&str, &str)], more: &str) -> String {
        let (code, said) = self.typed(ran, command, filled, more);
        assert_eq!(code, Some(0), "{said}");
        said
    }

    /// The same, however it ends, with what was typed.
    fn typed(&self, ran: &Ran, command: &str, filled: &[(&str, &str)], more: &str) -> (Option<i32>, String) {
        let told = format!("{}{}", ran.stdout, ran.stderr);
        let begins = format!("keywright {command}");
        let at = told.find(&begins).unwrap_or_else(|| panic!("no {begins:?} in:\n{told}"));
        let printed = told[at..].lines().next().unwrap();
        // A sentence goes on after it.
        let end = [";", " (", ")", ", or "].iter().filter_map(|end| printed.find(end)).min().unwrap_or(printed.len());
        let mut typed = format!("{} ", &printed[..end]);
        for (word, by) in filled {
            let before = typed.clone();
            for (left, right) in [(" ", " "), (" ", "="), ("=", " ")] {
                typed = typed.replace(&format!("{left}{word}{right}"), &format!("{left}{by}{right}"));
            }
            assert_ne!(typed, before, "no {word}");
        }
        let program = self.0.program();
        let script = format!("keywright() {{ '{}' \"$@\"; }}\n{typed}{more}", program.get_program().to_str().unwrap());
        let mut shell = Command::new("sh");
        shell.args(["-ec", &script]).current_dir(self.0.path("")).env_clear();
        shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = shell.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), format!("$ {typed}{more}\n{}", String::from_utf8_lossy(&said)))
    }
}

/// Where the vault's passphrase comes from, since nobody is there to type it.
const OPEN: &str = "--passphrase-file pw";

/// The same with the secret of a credential.
const SEAL: &str = "--passphrase-file pw --secret-file secret";

#[test]
fn an_empty_vault_says_how_to_begin() {
    let shell = Shell(Story::new());
    shell.0.open("vault create").ends(0);
    shell.follows("key list", 0, "key generate", &[("ALG", "ES256"), ("NAME", "first")], OPEN);
    shell.follows("profile list", 0, "profile add", &[("NAME", "shop"), ("ID", "cryptopay")], OPEN);
    shell.0.open("profile remove shop").ends(0);
    assert!(shell.follows("profile list", 0, "provider list", &[], "").contains("cryptopay"));
    shell.follows("provider own", 0, "provider new", &[], "");
    shell.0.open("provider add acme.toml").ends(0);

    let wrong = shell.0.run("nonsense --json").ends(2).error();
    let (_, command) = wrong["hint"].as_str().unwrap().split_once("keywright ").unwrap();
    assert_eq!(command, "help");
    shell.0.run(command).ends(0);
}

#[test]
fn a_key_beside_another_is_chosen_and_one_in_use_deleted_as_it_is_said() {
    let shell = Shell(Story::with_vault());
    let second = "key generate --alg ES512 --name second --profile Acme --env sandbox";
    let told = shell.follows(second, 0, "key choose", &[], OPEN);
    assert!(told.contains("Acme calls with second in sandbox from now on"), "{told}");
    assert!(shell.0.open("profile show Acme").result().contains("key second"));
    // Going back is the same act.
    let third = "key generate --alg ES512 --name third --profile Acme --env sandbox";
    shell.0.open(third).ends(0);
    let back = shell.follows("key choose third --profile Acme --env sandbox", 0, "key choose", &[], OPEN);
    assert!(back.contains("keywright key choose second") && back.contains("Acme calls with second"), "{back}");
    let told = shell.follows("key delete second", 5, "key delete", &[], OPEN);
    assert!(told.contains("deleted second") && told.contains("Acme has no key in sandbox now"), "{told}");
}

#[test]
fn what_is_missing_or_in_another_place_is_made_as_it_is_said() {
    let shell = Shell(Story::with_vault());
    let story = &shell.0;
    story.write("secret", "test_51H8xgq2eZvKYlo2C4f2a\n");
    for name in ["hedge", "the shop's own"] {
        story.call("profile add --provider hedge").arg(name).opening().run().ends(0);
    }
    let place = [("P", "hedge"), ("E", "sandbox")];

    shell.follows("token sign --profile Empty --env sandbox", 6, "key generate", &[("NAME", "new")], OPEN);
    let with =
        |more: &[(&'static str, &'static str)]| [more, &[("ALG", "ES512"), ("P", "Acme"), ("E", "sandbox")]].concat();
    let of_another = "token sign --profile Acme --env sandbox --key local-1";
    shell.follows(of_another, 5, "key generate", &with(&[("NAME", "another")]), OPEN);

    let wants = "request send --profile hedge --env local";
    let told = shell.follows(wants, 6, "provider show", &[("PROVIDER", "hedge")], "");
    assert!(told.contains("api_key"), "{told}");
    let sealed = [("NAME", "mine"), ("ID", "api_key")];
    shell.follows(wants, 6, "credential add", &sealed, SEAL);
    // The name of a profile is quoted where a shell needs it.
    let quoted = story.call("request send --env local --profile").arg("the shop's own").opening().run().ends(6);
    shell.types(&quoted, "credential add", &[("NAME", "theirs"), ("ID", "api_key")], SEAL);
    let other = [&place[..], &[("NAME", "other"), ("ID", "api_key")]].concat();
    shell.follows("request send --profile hedge --env sandbox --key mine", 5, "credential add", &other, SEAL);

    let local = [("P", "hedge"), ("E", "local")];
    shell.follows("request send --profile hedge --env local --with token", 3, "token get", &local, OPEN);
    shell.follows("token sign --profile hedge --env local", 3, "token get", &local, OPEN);

    story.write("body", "{}");
    let hooks = [("NAME", "hooks"), ("P", "Acme"), ("E", "sandbox"), ("ID", "webhook_secret")];
    story.write("secret", "a secret of webhooks, 35 bytes long\n");
    shell.follows("webhook verify body --profile Acme --env sandbox --header a:b", 6, "credential add", &hooks, SEAL);
}

#[test]
fn what_was_done_is_undone_or_gone_on_with_as_it_is_said() {
    let shell = Shell(Story::with_vault());
    let story = &shell.0;
    shell.follows("key delete loose", 0, "key restore", &[], OPEN);
    let place = [("PROFILE", "Empty"), ("ENV", "local"), ("NAME", "local-2")];
    story.open("key generate --alg ES512 --name local-2").ends(0);
    shell.follows("key show local-2", 0, "profile set", &place, OPEN);

    let wrong = WITH_ISSUER.replace("credential = \"signing_key\"", "credential = \"none\"").replace("https:", "http:");
    story.write("wrong ones.toml", wrong);
    let wrong = story.call("webhook code --copy-as node --provider").arg("wrong ones.toml").run().ends(3);
    let (code, said) = shell.typed(&wrong, "provider check", &[], "");
    assert!(code == Some(3) && said.matches("wrong ones.toml: line").count() > 1, "{said}");

    let text = story.call("provider new").arg("Acme Pay").run().result();
    story.write("acme.toml", &text);
    story.open("provider add acme.toml").ends(0);
    story.write("acme.toml", text.replace("Acme Pay", "Acme Payments"));
    shell.follows("provider own", 0, "provider update", &[], OPEN);
    story.open("provider remove acme-pay").ends(0);
    story.call("provider add -").opening().stdin(&text).run().ends(0);
    shell.follows("provider update acme-pay", 3, "provider add", &[("FILE", "acme.toml")], OPEN);
}

#[test]
fn a_token_is_judged_with_a_key_as_it_is_said() {
    let shell = Shell(Story::with_vault());
    let sign = "token sign --claims claims.json --key-file keys/p256.pkcs8.pem";
    let token = shell.0.run(sign).result().trim().to_owned();
    let inspected = shell.0.call("token inspect").arg(&token).run().ends(0);
    let filled = [("TOKEN", token.as_str()), ("FILE", "keys/p256.pub.pem")];
    let verified = shell.types(&inspected, "token verify", &filled, "--signature-only");
    assert!(verified.contains("good"), "{verified}");
    assert!(shell.types(&inspected, "token inspect", &filled[..1], OPEN).contains("good"));
}

/// A provider whose tokens say whose they are, by a text that goes with the key.
const WITH_ISSUER: &str = r#"keywright-provider = 1
id = "acme"
name = "Acme Pay"

[[environments]]
id = "test"
label = "Test"
tier = "test"
base-url = "https://acme.test"

[[credentials.private-keys]]
id = "signing_key"
label = "Signing key"
forms = ["pkcs8"]
keys = [{ kty = "EC", crv = "P-256", algs = ["ES256"] }]

[[credentials.texts]]
id = "issuer_id"
label = "Issuer"
required = true

[token]
credential = "signing_key"
header = [{ name = "alg", value = "{alg}" }]
claims = [{ name = "iss", type = "string", presence = "required", value = "{credential.issuer_id}" }]
"#;

#[test]
fn a_field_that_is_missing_is_given_as_it_is_said() {
    let shell = Shell(Story::with_vault());
    shell.0.write("acme.toml", WITH_ISSUER);
    shell.0.open("provider add acme.toml").ends(0);
    shell.0.open("profile add shop --provider acme").ends(0);
    let import = "key import keys/p256.pkcs8.pem --profile shop --env test --name";
    let imported = shell.0.call(import).arg("the shop's").opening().run().ends(0);
    shell.types(&imported, "credential set", &[("VALUE", "me")], OPEN);
    assert!(
        shell.0.open("token sign --profile shop --env test --json").json()["claims"].as_str().unwrap().contains("me")
    );
}
