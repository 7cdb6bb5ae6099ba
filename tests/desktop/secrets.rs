//! What is private stays in Rust: a vault with planted secrets, every command called with many arguments, and every
//! answer, event, error and dialog searched for them in each form that they could take.

use std::fs;

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use serde_json::{Value, json};

use crate::mock::Mock;

/// The private key of RFC 7515, appendix A.3, and what of it is secret.
const PLANTED_JWK: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
const PLANTED_D: &str = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
/// A shared secret as a JWK: its bytes are these words.
const PLANTED_SECRET: &[u8] = b"orchid-tundra-biscuit-velcro-9417";
const PASSPHRASE: &str = "marzipan gondola 8812 thistle";
const FILE_PASSPHRASE: &str = "quince lattice 5530 harbour";

/// The planted secrets in every form that a careless answer could show.
struct Needles(Vec<(String, Vec<u8>)>);

impl Needles {
    fn new() -> Self {
        let d = BASE64URL_NOPAD.decode(PLANTED_D.as_bytes()).unwrap();
        let mut needles = Vec::new();
        for (what, bytes) in [
            ("d", d.as_slice()),
            ("secret", PLANTED_SECRET),
            ("passphrase", PASSPHRASE.as_bytes()),
            ("file", FILE_PASSPHRASE.as_bytes()),
        ] {
            needles.push((format!("{what} raw"), bytes.to_vec()));
            for (form, text) in [("hex", HEXLOWER.encode(bytes)), ("HEX", HEXUPPER.encode(bytes))] {
                needles.push((format!("{what} {form}"), text.into_bytes()));
            }
            // In base64 the same bytes look different behind one or two others; the first and last group are left out.
            for shift in 0..3 {
                let shifted = [vec![0; shift], bytes.to_vec()].concat();
                for encoding in [&BASE64, &BASE64URL] {
                    let text = encoding.encode(&shifted);
                    let inner = text[4..text.len() - 8].to_owned();
                    needles.push((format!("{what} base64 {shift}"), inner.into_bytes()));
                }
            }
        }
        needles.push(("any private key in PEM".to_owned(), b"PRIVATE KEY-----".to_vec()));
        needles.push(("any private member".to_owned(), br#"\"d\":\""#.to_vec()));
        Self(needles)
    }

    /// Those that the page does not have already, because it sent them.
    fn beyond(&self, request: &Value) -> Self {
        let sent = request.to_string().into_bytes();
        Self(self.0.iter().filter(|(_, needle)| !holds(&sent, needle)).cloned().collect())
    }

    #[track_caller]
    fn are_not_in(&self, place: &str, text: &[u8]) {
        for (what, needle) in &self.0 {
            let found = holds(text, needle);
            assert!(!found, "{what} is in {place}: {}", String::from_utf8_lossy(&text[..text.len().min(400)]));
        }
    }
}

fn holds(text: &[u8], needle: &[u8]) -> bool {
    text.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn the_needles_are_found_where_they_are() {
    let needles = Needles::new();
    let shown = |text: &[u8]| std::panic::catch_unwind(|| needles.are_not_in("a test", text)).is_err();
    for text in [
        PLANTED_JWK.as_bytes(),
        PLANTED_SECRET,
        BASE64.encode(PLANTED_SECRET).as_bytes(),
        b"-----BEGIN PRIVATE KEY-----",
    ] {
        assert!(shown(text), "{}", String::from_utf8_lossy(text));
    }
    assert!(!shown(br#"{"name":"planted","publicForms":[]}"#));
}

#[test]
fn no_command_answers_a_secret() {
    let mock = Mock::new();
    let needles = Needles::new();
    let place = json!({ "profile": "Demo", "environment": "local" });

    let opened = mock.call("vault_create", &json!({ "passphrase": PASSPHRASE })).unwrap();
    assert_eq!(opened["place"]["profile"], "Demo", "{opened}");
    plant(&mock, PLANTED_JWK, "planted");
    let secret = json!({ "kty": "oct", "k": BASE64URL_NOPAD.encode(PLANTED_SECRET), "alg": "HS256" }).to_string();
    plant(&mock, &secret, "shared");

    // Credentials that are sent themselves, and what is got with them.
    let entered = String::from_utf8(PLANTED_SECRET.to_vec()).unwrap();
    for (provider, role, secret, fields, flows) in [
        ("hedge", "api_key", format!("test_{entered}"), json!({}), &["mint"][..]),
        ("cryptopay", "login", entered.clone(), json!({ "username": "me" }), &["log-in", "verify", "refresh"]),
        ("cryptopay", "webhook_secret", entered.clone(), json!({}), &[]),
        ("partner", "secret_key", entered.clone(), json!({ "client_id": "acme" }), &[]),
    ] {
        let _ = mock.call("profile_add", &json!({ "name": provider, "provider": provider, "variables": {} }));
        let place = json!({ "profile": provider, "environment": "local" });
        let new =
            json!({ "name": role, "place": place, "role": role, "secret": secret, "fields": fields, "encoding": null });
        let mut answers = vec![mock.call("credential_add", &new).unwrap()];
        let draft = mock.call("draft_open", &place).unwrap();
        for flow in flows {
            let run = json!({ "draft": draft, "flow": flow, "follow": true, "job": 9 });
            let ran = mock.call("flow_run", &run).unwrap();
            assert_eq!(ran["asWanted"], true, "{ran}");
            answers.push(ran);
        }
        if !flows.is_empty() {
            // It goes to the clipboard, and past the page.
            let copied = mock
                .call("access_token_copy", &json!({ "profile": provider, "environment": "local", "credential": role }))
                .unwrap();
            let token = mock.clipboard.lock().unwrap().clone();
            assert_eq!(token.split('.').count(), 3, "{copied}");
            assert!(!copied.to_string().contains(&token), "{copied}");
        }
        answers.push(mock.call("draft_read", &draft).unwrap());
        answers.push(mock.call("request_send", &json!({ "draft": draft, "job": 9, "follow": true })).unwrap());
        for answer in answers {
            needles.are_not_in(&format!("an answer for {role}"), answer.to_string().as_bytes());
        }
    }

    let draft = mock.call("draft_open", &place).unwrap();
    *mock.person.agrees.lock().unwrap() = true;
    let mut calls = 0;
    for command in keywright_desktop::NAMES {
        // Locking comes last, creating another vault is refused, and a dialog would choose another vault.
        if ["vault_lock", "vault_choose"].contains(command) {
            continue;
        }
        for request in requests(&place, &draft) {
            *mock.person.file.lock().unwrap() = Some(mock.home.path().join(format!("out-{calls}")));
            PLANTED_JWK.clone_into(&mut mock.clipboard.lock().unwrap());
            let answer = match mock.call(command, &request) {
                Ok(answer) | Err(answer) => answer.to_string(),
            };
            let place = format!("the answer of {command} to {request}");
            needles.beyond(&request).are_not_in(&place, answer.as_bytes());
            calls += 1;
        }
    }
    assert!(calls > 1_000, "{calls}");
    let events = mock.events.lock().unwrap().join("\n");
    needles.are_not_in("the events", events.as_bytes());
    needles.are_not_in("the dialogs", mock.person.asked.lock().unwrap().join("\n").as_bytes());

    // The scan means something: the private keys were exported, and only to the files that the dialog named.
    let exported = fs::read_dir(mock.home.path()).unwrap().filter_map(|entry| fs::read(entry.unwrap().path()).ok());
    assert!(exported.into_iter().any(|bytes| String::from_utf8_lossy(&bytes).contains(PLANTED_D)));
}

#[test]
fn what_needs_the_vault_says_that_it_is_locked() {
    let mock = Mock::new();
    mock.call("vault_create", &json!({ "passphrase": PASSPHRASE })).unwrap();
    let place = json!({ "profile": "Demo", "environment": "local" });
    let draft = mock.call("draft_open", &place).unwrap();
    mock.call("vault_lock", &Value::Null).unwrap();

    let works_locked = [
        "program_start",
        "request_key",
        "appearance_change",
        "passphrase_strength",
        "vault_create",
        "vault_unlock",
        "vault_lock",
        "vault_choose",
        "diagnosis_show",
        "diagnosis_save",
        "activity",
        "job_cancel",
        "providers_list",
        "token_inspect",
        "token_inspect_clipboard",
        "webhook_hold",
        "webhook_file",
        "webhook_drop",
        "webhook_code",
        "webhook_receiver",
        "webhook_stop",
        "webhook_delivery",
        "clipboard_copy",
        "clipboard_clear",
    ];
    for command in keywright_desktop::NAMES.iter().filter(|name| !works_locked.contains(name)) {
        let answers: Vec<Result<Value, Value>> =
            requests(&place, &draft).iter().map(|request| mock.call(command, request)).collect();
        let refusals: Vec<&Value> = answers.iter().map(|answer| answer.as_ref().unwrap_err()).collect();
        let locked = refusals.iter().filter(|error| error["code"] == "locked").count();
        assert!(locked > 0, "{command}: {refusals:?}");
        assert!(
            refusals
                .iter()
                .all(|error| ["locked", "usage", "malformed", "gone"].contains(&error["code"].as_str().unwrap()))
        );
    }
    let locked = mock.events.lock().unwrap().iter().filter(|event| event.contains(r#""type":"locked""#)).count();
    assert_eq!(locked, 1);
}

#[test]
fn a_draft_is_there_again_after_unlocking() {
    let mock = Mock::new();
    mock.call("vault_create", &json!({ "passphrase": PASSPHRASE })).unwrap();
    let mut draft = mock.call("draft_open", &Value::Null).unwrap();
    draft["claims"] = json!("{\n  \"note\": \"kept while locked\"\n}");
    mock.call("draft_read", &draft).unwrap();
    mock.call("vault_lock", &Value::Null).unwrap();
    assert_eq!(mock.call("draft_open", &Value::Null).unwrap_err()["code"], "locked");

    let wrong = mock.call("vault_unlock", &json!({ "passphrase": "not this one" })).unwrap_err();
    assert_eq!(wrong["code"], "wrong-passphrase");
    mock.call("vault_unlock", &json!({ "passphrase": PASSPHRASE })).unwrap();
    assert_eq!(mock.call("draft_open", &Value::Null).unwrap(), draft);
}

/// Puts a key into the vault by the clipboard, as a person does.
fn plant(mock: &Mock, text: &str, name: &str) {
    text.clone_into(&mut mock.clipboard.lock().unwrap());
    let preview = mock.call("import_clipboard", &Value::Null).unwrap();
    let kept = json!({ "preview": preview["preview"], "item": 0, "name": name, "alg": null, "place": null });
    mock.call("import_keep", &kept).unwrap();
}

/// Requests of every shape that some command takes, and many that none does.
fn requests(place: &Value, draft: &Value) -> Vec<Value> {
    let mut all = vec![
        Value::Null,
        json!({}),
        json!([]),
        json!(7),
        json!("x".repeat(5_000)),
        place.clone(),
        draft.clone(),
        json!({ "passphrase": FILE_PASSPHRASE }),
        json!({ "passphrase": 7 }),
        json!({ "current": FILE_PASSPHRASE, "wanted": "" }),
        json!({ "current": FILE_PASSPHRASE, "wanted": "another one altogether" }),
        json!({ "theme": "dark", "textPercent": 120 }),
        json!({ "lockAfterMinutes": 5, "lockOnSleep": true, "clearSecretSeconds": 20, "clearTokenSeconds": 60, "proxy": null, "trusted": 0, "connectSeconds": 10, "totalSeconds": 30, "emulatorPort": 0, "vaultPath": "" }),
        json!({ "job": 1 }),
        json!({ "undo": 1 }),
        json!({ "preview": 1 }),
        json!({ "preview": 1, "passphrase": FILE_PASSPHRASE }),
        json!({ "preview": 1, "item": 0, "name": "again", "alg": "ES256", "place": place }),
        json!({ "draft": draft, "at": 12 }),
        json!({ "draft": draft, "job": 2, "follow": true }),
        json!({ "draft": draft, "flow": "mint", "follow": true, "job": 4 }),
        json!({ "draft": draft, "language": "python" }),
        json!({ "draft": draft, "claim": "embed", "filled": null }),
        json!({ "draft": draft, "claim": "checkout_session_id", "job": 5 }),
        json!({ "name": "planted", "fields": {} }),
        json!({ "name": "planted", "place": place }),
        json!({ "name": "new", "place": place, "role": "api_key", "secret": "x", "fields": {}, "encoding": null }),
        json!({ "draft": draft, "edit": { "set": "lifetime", "seconds": 300 } }),
        json!({ "name": "one", "draft": draft }),
        json!({ "name": "one", "provider": "gr4vy", "variables": {} }),
        json!({ "text": PLANTED_JWK, "with": { "keyText": null, "provider": null } }),
        json!({ "text": "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UifQ.c2ln", "with": { "keyText": PLANTED_D, "provider": "gr4vy" } }),
        json!({ "with": { "keyText": null, "provider": null } }),
        json!({ "secret": FILE_PASSPHRASE }),
        json!({ "number": 1 }),
        json!({ "skew": 5, "delayMs": 0, "fail": { "status": 429, "times": 1, "retryAfter": 2 }, "breakOff": false, "limit": null }),
        json!({ "profile": "Demo", "environment": "local", "credential": "demo" }),
        json!({ "do": "expire-access" }),
        json!({ "do": "revoke", "place": place }),
        json!({ "do": "revoke", "place": { "profile": "hedge", "environment": "local" } }),
        json!({ "text": "eyJ.eyJ.c2ln", "what": "token" }),
    ];
    for key in ["demo", "secret_key", "api_key", "nobody"] {
        let times = json!({ "tokenLifetime": 60, "skew": 5, "slowestDeploy": 60, "quiet": 60, "undo": 60 });
        all.push(json!({ "key": key, "mode": "planned", "times": times }));
        all.push(json!({ "name": key, "mode": "disable-first" }));
        all.push(json!({ "name": key, "to": "the server" }));
    }
    for rotation in ["nothing", ""] {
        all.push(json!({ "rotation": rotation }));
        all.push(json!({ "rotation": rotation, "job": 6 }));
        all.push(json!({ "rotation": rotation, "step": "publish" }));
        all.push(json!({ "rotation": rotation, "secret": FILE_PASSPHRASE }));
        all.push(json!({ "rotation": rotation, "to": "the server" }));
        all.push(json!({ "rotation": rotation, "to": "the server", "handed": "given" }));
    }
    all.push(json!({ "of": [{ "key": "demo", "target": place }], "job": 7 }));
    for whose in [
        json!({ "with": "sealed", "place": { "profile": "cryptopay", "environment": "local" } }),
        json!({ "with": "held", "provider": "cryptopay", "held": 1 }),
    ] {
        let body = json!({ "from": "typed", "text": PLANTED_D });
        let (headers, url) = ("X-Webhook-Signature: 00", "");
        all.push(json!({ "whose": whose, "body": body, "headers": headers, "url": url, "at": "", "tolerance": "" }));
        all.push(json!({ "whose": whose, "body": body, "headers": headers, "url": url, "at": "" }));
        all.push(json!({ "whose": whose, "language": "node", "reserialised": false }));
        all.push(json!({ "whose": whose, "port": 0, "answer": null, "tolerance": "", "url": url }));
    }
    for name in ["planted", "shared", "demo", "nobody", "__proto__", "planted\u{202e}"] {
        all.push(json!({ "name": name }));
        all.push(json!({ "name": name, "text": PLANTED_D }));
        all.push(json!({ "name": name, "guards": { "local": "once" }, "keys": { "local": "planted" } }));
        for format in ["jwk", "jwks", "spki", "der", "pkcs8", "sec1", "pkcs1", "text", "hex", "base64"] {
            all.push(json!({ "name": name, "format": format }));
            all.push(json!({ "name": name, "format": format, "passphrase": null }));
            all.push(json!({ "name": name, "format": format, "passphrase": FILE_PASSPHRASE }));
        }
    }
    // Last, since they take away what the others speak of.
    all.push(json!({ "name": "demo", "wanted": "renamed" }));
    all.push(json!({ "name": "made", "alg": "ES256", "rsaBits": 2048, "place": null, "job": 3 }));
    all
}
