//! Requests as programs in other languages. That those programs do what they should is tried in `tests/peers`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod written;

use std::process::Command;

use keywright_exchange::{
    CopyAs, CopyError, Header, LANGUAGES, Placed, PreparedRequest, Side, copy_as, copy_as_curl, language,
};
use proptest::prelude::*;
use provider::{ClientSafety, Definition, built_in, built_in_named};
use serde_json::Value;
use written::{request, string};

const BASE: &str = "https://api.shop.example";

fn provider(id: &str) -> &'static Definition {
    built_in_named(id).unwrap()
}

fn rows() -> Vec<Value> {
    serde_json::from_str(include_str!("requests_to_copy.json")).unwrap()
}

fn row(name: &str) -> Value {
    rows().into_iter().find(|row| row["name"] == name).unwrap()
}

fn copied(language_id: &str, request: &PreparedRequest, variable: &str) -> Result<String, CopyError> {
    let how = CopyAs {
        language: language(language_id).unwrap(),
        variable,
        definition: provider("hedge"),
        carries: Placed::Token { scopes: &[], lifetime: Some(300) },
    };
    copy_as(request, &how)
}

#[test]
fn every_language_writes_every_request() {
    for language in LANGUAGES {
        let texts = rows().into_iter().map(|row| {
            let text = match copied(language.id, &request(&row, BASE), "SHOP_SANDBOX_TOKEN") {
                Ok(snippet) => snippet,
                Err(error) => format!("{error}\n  {}", error.hint()),
            };
            format!("──── {}\n{text}\n", string(&row["name"]))
        });
        insta::assert_snapshot!(language.id, texts.collect::<Vec<_>>().join("\n"));
    }
}

/// H4: snippets read keys from environment variables, and never hold one.
#[test]
fn h4_no_snippet_holds_a_secret() {
    for row in rows() {
        let mut secrets: Vec<&str> =
            row["headers"].as_array().unwrap().iter().filter_map(|it| it[1]["secret"].as_str()).collect();
        secrets.extend(row["body"].as_array().into_iter().flatten().filter_map(|piece| piece["value"].as_str()));
        for language in LANGUAGES {
            let Ok(snippet) = copied(language.id, &request(&row, BASE), "SHOP_SANDBOX_TOKEN") else { continue };
            for secret in &secrets {
                assert!(!snippet.contains(secret), "{}: {snippet}", language.id);
            }
            let named = language.side == Side::Client || secrets.is_empty() || snippet.contains("SHOP_SANDBOX_");
            assert!(named, "{}: {snippet}", language.id);
        }
    }
}

#[test]
fn the_table_names_each_language_once() {
    for (index, language) in LANGUAGES.iter().enumerate() {
        assert!(LANGUAGES[..index].iter().all(|other| other.id != language.id && other.label != language.label));
        assert!(language.extension.chars().all(|c| c.is_ascii_lowercase()));
    }
    assert!(language("cobol").is_none());
}

#[test]
fn a_name_that_no_shell_takes_is_not_written() {
    for name in ["", "1A", "A-B", "A;rm -rf ~", "$(id)", "É"] {
        for language in LANGUAGES.iter().filter(|language| language.side == Side::Server) {
            let snippet = copied(language.id, &request(&row("a read"), BASE), name).unwrap();
            assert!(snippet.contains("TOKEN"), "{snippet}");
            assert!(name.is_empty() || !snippet.contains(name), "{snippet}");
        }
    }
}

/// C12: one environment, one set of variables.
#[test]
fn further_secrets_are_named_after_the_variable() {
    for (variable, password) in [
        ("SHOP_SANDBOX_TOKEN", "${SHOP_SANDBOX_PASSWORD:?}"),
        ("CRYPTOPAY_PROD_API_KEY", "${CRYPTOPAY_PROD_PASSWORD:?}"),
        ("HEDGE_LIVE_KEY", "${HEDGE_LIVE_PASSWORD:?}"),
        ("TOKEN", "${PASSWORD:?}"),
    ] {
        let curl = copy_as_curl(&request(&row("a log-in"), BASE), variable);
        assert!(curl.contains(password), "{curl}");
    }
}

#[test]
fn one_secret_in_two_places_is_read_once() {
    let mut twice = request(&row("a header field of its own"), BASE);
    twice.headers.push(Header::masked("X-API-Key", "cp_test_0123456789abcdef".to_owned().into(), "•••"));
    twice.headers.push(Header::masked("X-API-Secret", "another".to_owned().into(), "•••"));
    twice.headers.push(Header::masked("X-API-SECRET", "a third".to_owned().into(), "•••"));
    insta::assert_snapshot!(copied("python", &twice, "SHOP_SANDBOX_API_KEY").unwrap());
}

#[test]
fn httpie_says_what_it_would_change() {
    let mut odd = request(&row("a read"), BASE);
    odd.headers.push(Header::plain("X-Odd", r"C:\\:\=x"));
    let error = copied("httpie", &odd, "TOKEN").unwrap_err();
    insta::assert_snapshot!(format!("{error}\n  {}", error.hint()));
}

/// H13: a page may have a short-lived token, and no other credential.
#[test]
fn h13_a_page_gets_a_token_and_no_key() {
    let call = request(&row("a write of JSON"), BASE);
    let copy = |id: &str, id_of_provider: &str, carries: Placed<'_>| {
        let how = CopyAs {
            language: language(id).unwrap(),
            variable: "TOKEN",
            definition: provider(id_of_provider),
            carries,
        };
        copy_as(&call, &how)
    };
    let token = |lifetime: Option<u64>| Placed::Token { scopes: &[], lifetime };
    let key = Placed::Credential("api_key");
    let embed = ["embed".to_owned()];
    let more = ["embed".to_owned(), "transactions.read".to_owned()];
    assert!(copy("browser", "hedge", token(Some(3600))).unwrap().contains("Bearer ${token}"));
    assert!(copy("browser", "gr4vy", Placed::Token { scopes: &embed, lifetime: Some(3600) }).is_ok());
    assert!(copy("node", "hedge", key).is_ok(), "a server may have it");
    let refused = [
        copy("browser", "hedge", key),
        copy("browser", "hedge", token(None)),
        copy("browser", "hedge", token(Some(30 * 86_400))),
        copy("browser", "gr4vy", token(Some(300))),
        copy("browser", "gr4vy", Placed::Token { scopes: &more, lifetime: Some(300) }),
        copy("browser", "partner", token(Some(300))),
        copy("browser", "cryptopay", key),
        copied("browser", &request(&row("a log-in"), BASE), "TOKEN"),
        copied("browser", &request(&row("a cookie"), BASE), "TOKEN"),
    ];
    let texts = refused.map(|refused| {
        let error = refused.unwrap_err();
        format!("{error}\n  {}", error.hint())
    });
    insta::assert_snapshot!(texts.join("\n"));
    let open = request(&row("nothing secret"), BASE);
    let how =
        CopyAs { language: language("browser").unwrap(), variable: "", definition: provider("hedge"), carries: key };
    assert!(copy_as(&open, &how).is_ok(), "it carries nothing");
}

/// X11: the verdict of the definition is the one that counts, for every credential that it knows.
#[test]
fn x11_a_page_gets_what_the_definition_calls_safe() {
    let call = request(&row("a read"), BASE);
    for definition in built_in() {
        let ids = definition.credentials.all().map(|kind| kind.id());
        for id in ids {
            let carries = Placed::Credential(id);
            let how = CopyAs { language: language("browser").unwrap(), variable: "TOKEN", definition, carries };
            let safe = definition.client_side(id, &[]).safety == ClientSafety::Safe;
            assert_eq!(copy_as(&call, &how).is_ok(), safe, "{} {id}", definition.id);
        }
    }
}

/// Runs a command with a curl that tells its arguments and, where it is piped into, its standard input.
fn run(command: &str) -> (Vec<String>, Vec<u8>) {
    let script = format!(
        "curl() {{ for a in \"$@\"; do printf '%s\\0' \"$a\"; done; printf '\\0'; [ \"$piped\" = 1 ] && cat; true; }}\n{command}"
    );
    let piped = command.contains("--data-binary @-");
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("TOKEN", TOKEN)
        .env("PASSWORD", PASSWORD)
        .env("piped", if piped { "1" } else { "0" })
        .output()
        .unwrap();
    assert!(output.status.success(), "{}\n{}", command, String::from_utf8_lossy(&output.stderr));
    let end = output.stdout.windows(2).position(|pair| pair == [0, 0]).unwrap();
    let arguments = output.stdout[..end].split(|b| *b == 0).map(|a| String::from_utf8(a.to_vec()).unwrap()).collect();
    (arguments, output.stdout[end + 2..].to_vec())
}

fn value_after<'a>(arguments: &'a [String], flag: &str) -> Option<&'a String> {
    arguments.iter().position(|argument| argument == flag).and_then(|at| arguments.get(at + 1))
}

const TOKEN: &str = "eyJhbGciOiJFUzUxMiJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl";
const PASSWORD: &str = r#"it's "\$`"#;

#[test]
fn a_password_becomes_a_json_string_in_a_shell() {
    let (_, body) = run(&copy_as_curl(&request(&row("a log-in"), BASE), "TOKEN"));
    let sent: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(sent["password"], PASSWORD);
    assert_eq!(sent["username"], "o'hara \"$x\"");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_shell_hands_curl_what_would_be_sent(body in "[^\0]{1,80}", header in "[ -~]{1,40}", query in "[ -~]{0,20}") {
        let mut asked = row("a write of JSON");
        asked["path"] = format!("/transactions?q={query}").into();
        asked["body"] = body.clone().into();
        let mut request = request(&asked, BASE);
        request.headers.push(Header::plain("X-Odd", header.clone()));
        let (arguments, piped) = run(&copy_as_curl(&request, "TOKEN"));
        prop_assert!(arguments.iter().any(|a| *a == request.url.as_str()), "{:?}", arguments);
        let odd = format!("X-Odd: {header}");
        prop_assert!(arguments.contains(&odd), "{:?}", arguments);
        let authorization = format!("Authorization: Bearer {TOKEN}");
        prop_assert!(arguments.contains(&authorization));
        let sent = value_after(&arguments, "--data-raw").map_or(piped, |text| text.clone().into_bytes());
        prop_assert_eq!(sent, body.into_bytes());
        prop_assert_eq!(value_after(&arguments, "-X").map(String::as_str), Some("POST"));
    }

    #[test]
    fn any_bytes_pass_a_shell(bytes in prop::collection::vec(any::<u8>(), 1..80)) {
        let mut request = request(&row("bytes"), BASE);
        request.body = [vec![0], bytes].concat().into();
        prop_assert_eq!(run(&copy_as_curl(&request, "TOKEN")).1, request.body.clear().to_vec());
    }

    #[test]
    fn whatever_a_request_holds_it_is_written(method in "[A-Z]{1,8}", body in ".{0,80}", value in ".{0,40}", before in ".{0,20}") {
        let mut request = request(&row("a read"), BASE);
        request.method = method;
        request.body = body.into_bytes().into();
        request.headers.push(Header::plain("X-Odd", value));
        request.headers.push(Header::masked("X-Secret", format!("{before} s3cr3t-v4lu3").into(), "•••"));
        for language in LANGUAGES {
            if let Ok(snippet) = copied(language.id, &request, "SHOP_TOKEN") {
                prop_assert!(!snippet.contains("s3cr3t-v4lu3"), "{}", snippet);
                prop_assert!(!snippet.contains(|c: char| c.is_control() && c != '\n' && c != '\t') || language.extension == "sh", "{}", snippet);
            }
        }
    }
}
