//! `[[rotation]]` of definitions: what is read, what cannot work and why, and what the built-in ones say.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use jose::{Alg, json::Document};
use keyset::{Brings, Empty, MadeBy, Method, Overlap, Paste, Span, Step};
use keywright_provider::{Definition, DefinitionError, built_in, built_in_named, key_type};

const PAGE: &str = include_str!("../../../../docs/formats/provider-v1.md");

/// The first TOML of the description behind `heading`, and the rest.
fn toml_behind<'p>(page: &'p str, heading: &str) -> (&'p str, &'p str) {
    let (_, rest) = page.split_once(heading).unwrap();
    let (_, rest) = rest.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap()
}

/// The documented provider with the documented rotation.
fn acme() -> String {
    let (example, _) = toml_behind(PAGE, "## An example");
    let (rotation, _) = toml_behind(PAGE, "### `[[rotation]]`");
    format!("{example}\n{rotation}")
}

/// Every error of a file, with its hint, a line each.
fn errors(text: &str) -> String {
    let Err(errors) = Definition::check(text) else { return "no error\n".to_owned() };
    let line = |error: &DefinitionError| {
        let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{error}{hint}\n")
    };
    errors.iter().map(line).collect()
}

/// The documented provider, in which each of the first texts, the last of its kind, is one of the second.
fn with(edits: &[(&str, &str)]) -> String {
    let mut text = acme();
    for (from, to) in edits {
        let at = text.rfind(from).unwrap_or_else(|| panic!("{from}"));
        text.replace_range(at..at + from.len(), to);
    }
    text
}

/// The documented provider and more.
fn and(more: &str) -> String {
    format!("{}\n{more}\n", acme())
}

/// A provider with one credential of each kind that is none of a key pair's, and one section.
fn secrets(rotation: &str) -> String {
    format!(
        "keywright-provider = 1
id = \"acme\"
name = \"Acme\"

[[environments]]
id = \"test\"
label = \"Test\"
base-url = \"https://acme.test\"

[[credentials.api-keys]]
id = \"api_key\"
label = \"API key\"

[[credentials.logins]]
id = \"login\"
label = \"Login\"

[[credentials.secrets]]
id = \"webhook_secret\"
label = \"Webhook secret\"
encodings = [\"utf8\"]

[[credentials.texts]]
id = \"tenant\"
label = \"Tenant\"

[placement]
in = \"header\"
name = \"Authorization\"
scheme = \"Bearer\"
takes = [\"api_key\"]

[[endpoints]]
id = \"me\"
label = \"GET /me\"
method = \"GET\"
path = \"/me\"

{rotation}
"
    )
}

#[test]
fn the_documented_sections_work() {
    assert_eq!(errors(&acme()), "no error\n");
    let (_, rest) = toml_behind(PAGE, "### `[[rotation]]`");
    let (by_hand, _) = toml_behind(rest, "");
    assert_eq!(errors(&secrets(by_hand)), "no error\n");
    assert_eq!(Definition::parse(&secrets(by_hand)).unwrap().rotation.len(), 2);
}

#[test]
fn a_section_from_a_file_is_read_whole_and_keeps_what_it_says() {
    let acme = Definition::parse(&with(&[("overlap = \"both\"", "overlap = \"both\"\nseen-after = \"2m\"")])).unwrap();
    let method = acme.rotation_of("signing_key", key_type(Alg::ES256)).unwrap();
    assert_eq!((method.made, method.overlap, method.seen_after), (MadeBy::Here, Overlap::Both, Span(120)));
    let list = method.list.as_ref().unwrap();
    assert_eq!((list.cursor.as_deref(), list.next_cursor.as_deref()), (Some("after"), Some("/next")));
    assert_eq!((method.grants[0].name.as_str(), method.grants[0].empty), ("roles", Empty::Nothing));
    let publish = method.way(Step::Publish).unwrap();
    assert_eq!(publish.call.as_ref().unwrap().scopes, ["keys:manage"]);
    assert_eq!(publish.hand.as_ref().unwrap().paste, Some(Paste::PublicPem));
    assert!(method.tells_last_use());
    // As a rotation under way is sealed, and as a file is written.
    let sealed = serde_json::to_string(method).unwrap();
    assert_eq!(&serde_json::from_str::<Method>(&sealed).unwrap(), method);
    let mut written: toml::Table = toml::from_str(&self::acme()).unwrap();
    let mut section = toml::Table::try_from(method).unwrap();
    section.insert("seen-after".to_owned(), "2m".into());
    written.insert("rotation".to_owned(), vec![section].into());
    assert_eq!(Definition::parse(&toml::to_string(&written).unwrap()).unwrap(), acme);
}

#[test]
fn a_variable_may_stand_in_a_call() {
    let text = with(&[
        ("path = \"/v1/keys?limit=100\"", "path = \"/v1/{shop}/keys?limit=100\""),
        ("path = \"/v1/keys\"", "path = \"/v1/{shop}/keys\""),
        ("\"name\": \"{label}\"", "\"name\": \"{label}\", \"shop\": \"{shop}\""),
    ]);
    assert_eq!(errors(&text), "no error\n");
}

#[test]
fn a_rotation_that_cannot_work_says_why() {
    let hand = |words: &str| format!("[rotation.publish.hand]\nwords = \"W\"\n{words}\n");
    let section = |head: &str, publish: &str| {
        secrets(&format!("[[rotation]]\n{head}\n\n{}\n[rotation.delete.hand]\nwords = \"W\"\n", hand(publish)))
    };
    let cases = [
        // What can be read.
        ("an unknown member", with(&[("last-used =", "last-use =")])),
        ("an unknown word", with(&[("made = \"here\"", "made = \"us\"")])),
        ("a missing member", with(&[("overlap = \"both\"\n", "")])),
        ("no way to publish", and("[[rotation]]\ncredential = \"signing_key\"\nmade = \"here\"\noverlap = \"none\"")),
        ("a number as a length of time", with(&[("overlap = \"both\"", "overlap = \"both\"\nseen-after = 30\nkey-set-cache = 300")])),
        ("a length of time below 0", with(&[("overlap = \"both\"", "overlap = \"both\"\nseen-after = -1")])),
        ("a length of time that is none", with(&[("overlap = \"both\"", "overlap = \"both\"\nseen-after = \"soon\"")])),
        ("an unknown source", with(&[("prove = \"payments\"\nfrom = \"docs\"", "prove = \"payments\"\nfrom = \"dcos\"")])),
        ("words on two lines", with(&[("not enabled.\"", "not enabled.\\nEver.\"")])),
        // The credential and its keys.
        ("an unknown credential", with(&[("credential = \"signing_key\"", "credential = \"signing_kee\"")])),
        ("a text", section("credential = \"tenant\"\nmade = \"there\"\noverlap = \"both\"", "brings = \"secret\"")),
        ("a key that the credential does not take", with(&[("keys = [\"EC/P-256\"]", "keys = [\"EC/P-265\", \"RSA\", \"EC\"]")])),
        ("a key of what is no private key", section("credential = \"api_key\"\nkeys = [\"RSA\"]\nmade = \"there\"\noverlap = \"both\"", "brings = \"secret\"")),
        ("a section that nothing reaches", and("[[rotation]]\ncredential = \"signing_key\"\nkeys = [\"EC/P-256\"]\nmade = \"there\"\noverlap = \"both\"\n\n[rotation.publish.hand]\nwords = \"W\"\nbrings = \"key-file\"\n\n[rotation.delete.hand]\nwords = \"W\"")),
        ("a section behind one for any key", with(&[("keys = [\"EC/P-256\"]\nmade", "made")]) + "\n[[rotation]]\ncredential = \"signing_key\"\nmade = \"there\"\noverlap = \"both\"\n\n[rotation.publish.hand]\nwords = \"W\"\nbrings = \"key-file\"\n\n[rotation.delete.hand]\nwords = \"W\"\n"),
        // The proof.
        ("a proof that is not listed", with(&[("prove = \"payments\"", "prove = \"payment\"")])),
        ("a proof that changes something", with(&[("prove = \"payments\"", "prove = \"pay\"")]) + "\n[[endpoints]]\nid = \"pay\"\nlabel = \"Pay\"\nmethod = \"POST\"\npath = \"/pay\"\n"),
        ("a proof with side effects", with(&[("prove = \"payments\"", "prove = \"pay\"")]) + "\n[[endpoints]]\nid = \"pay\"\nlabel = \"Pay\"\nmethod = \"GET\"\npath = \"/pay\"\nside-effects = true\n"),
        ("a proof that carries nothing", with(&[("prove = \"payments\"", "prove = \"time\"")]) + "\n[[endpoints]]\nid = \"time\"\nlabel = \"Time\"\nmethod = \"GET\"\npath = \"/time\"\nauth = \"none\"\n"),
        ("a proof of what makes no call", section("credential = \"webhook_secret\"\nmade = \"there\"\noverlap = \"both\"\nprove = \"me\"", "brings = \"secret\"")),
        // The list.
        ("calls without a list", with(&[("[rotation.list]\npath = \"/v1/keys?limit=100\"\nscopes = [\"keys:read\"]\nitems = \"/keys\"\ncursor = \"after\"\nnext-cursor = \"/next\"\nid = \"/id\"\nthumbprint = \"/thumbprint\"\nactive = \"/enabled\"\nlast-used = \"/last_used_at\"\n", "")])),
        ("a list in which no key is told from others", with(&[("thumbprint = \"/thumbprint\"\n", "")])),
        ("a list that does not tell what is active", with(&[("active = \"/enabled\"\n", "")])),
        ("half a cursor", with(&[("next-cursor = \"/next\"\n", "")])),
        ("the other half", with(&[("cursor = \"after\"\n", "")])),
        ("a cursor that the path has, and one that is none", with(&[("limit=100", "limit=100&after=x")]) + "\n" ),
        ("a cursor that is no parameter", with(&[("cursor = \"after\"", "cursor = \"af ter\"")])),
        ("pointers", with(&[("items = \"/keys\"", "items = \"keys\""), ("id = \"/id\"\nthumb", "id = \"\"\nthumb"), ("\"/enabled\"", "\"/a~b\""), ("read = \"/roles\"", "read = \"roles\"\nid = \"id\"")])),
        // Calls.
        ("a way that leads nowhere", with(&[("[rotation.deactivate.call]\nmethod = \"PATCH\"\npath = \"/v1/keys/{pair}\"\nbody = '{ \"enabled\": false }'\nscopes = [\"keys:manage\"]\n", "[rotation.deactivate]\n")])),
        ("methods", with(&[("method = \"DELETE\"", "method = \"delete\""), ("method = \"PATCH\"", "method = \"GET\"")])),
        ("paths", with(&[("path = \"/v1/keys/{pair}\"", "path = \"v1/keys/{pair}\""), ("path = \"/v1/keys/{pair}\"", "path = \"//v1/keys/{pair}\""), ("path = \"/v1/keys/{pair}\"", "path = \"/v1/keys/{pair}#x\""), ("path = \"/v1/keys?limit=100\"", "path = \"\"")])),
        ("slots without a value", with(&[("path = \"/v1/keys\"", "path = \"/v1/keys/{pair}\""), ("\"name\": \"{label}\"", "\"name\": \"{lable}\", \"by\": \"{grant.users}\"")])),
        ("slots that are missing", with(&[("path = \"/v1/keys/{pair}\"", "path = \"/v1/keys\""), (", \"enabled\": {active}, \"roles\": {grant.roles}", "")])),
        ("a call that does not say which key", with(&[("\"key\": \"{public_pem}\", ", "")])),
        ("a body that is no JSON", with(&[("\"enabled\": {active}", "\"enabled\": {active},")])),
        ("a list within quotes, and a text without", with(&[("\"roles\": {grant.roles}", "\"roles\": \"{grant.roles}\"")]) ),
        ("a text without quotes", with(&[("\"name\": \"{label}\"", "\"name\": {label}")])),
        ("the private half", with(&[("{public_pem}", "{secret}"), ("paste = \"public-pem\"", "paste = \"secret\"")])),
        ("scopes that are not listed", with(&[("scopes = [\"keys:manage\"]", "scopes = [\"key:manage\"]"), ("scopes = [\"keys:read\"]", "scopes = [\"keys:raed\"]")])),
        ("grants with names that are none", with(&[("name = \"roles\"", "name = \"my roles\"")]) + "\n[[rotation.grants]]\nname = \"a\"\nlabel = \"A\"\nread = \"/a\"\nempty = \"all\"\n\n[[rotation.grants]]\nname = \"a\"\nlabel = \"A\"\nread = \"/a\"\nempty = \"all\"\n"),
        // What a person gives and brings.
        ("nothing to paste", with(&[("paste = \"public-pem\"\n", "")])),
        ("nothing that comes back", section("credential = \"api_key\"\nmade = \"there\"\noverlap = \"both\"", "")),
        ("a file of what is no key pair", section("credential = \"api_key\"\nmade = \"there\"\noverlap = \"both\"", "brings = \"key-file\"")),
        ("a public half of what is no key pair", section("credential = \"login\"\nmade = \"here\"\noverlap = \"both\"", "paste = \"certificate\"")),
        ("both at once", section("credential = \"api_key\"\nmade = \"there\"\noverlap = \"both\"", "paste = \"secret\"\nbrings = \"secret\"")),
        ("an end of what ends itself", section("credential = \"login\"\nmade = \"here\"\noverlap = \"none\"", "paste = \"secret\"")),
        ("an old key for ever", section("credential = \"api_key\"\nmade = \"there\"\noverlap = \"both\"", "brings = \"secret\"").replace("[rotation.delete.hand]\nwords = \"W\"\n", "")),
        ("no words, and a page that is none", section("credential = \"api_key\"\nmade = \"there\"\noverlap = \"both\"", "brings = \"secret\"\nopen = \"http://acme.test\"").replace("words = \"W\"\n", "words = \" \"\nopen = \"dashboard\"\n").replacen("open = \"dashboard\"\n", "", 1)),
        ("what only publishing gives and brings", and("").replace("[rotation.delete.call]", "[rotation.delete.hand]\nwords = \"W\"\npaste = \"public-pem\"\nbrings = \"key-file\"\n\n[rotation.delete.call]\nsecret = \"/secret\"")),
        ("grants of a step by hand", section("credential = \"api_key\"\nmade = \"there\"\noverlap = \"both\"\ngrants = [{ name = \"a\", label = \"A\", read = \"/a\", empty = \"all\" }]", "brings = \"secret\"")),
    ];
    let mut text = String::new();
    for (what, definition) in cases {
        let errors = errors(&definition);
        assert_ne!(errors, "no error\n", "{what}");
        text += &format!("{what}\n{errors}\n");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn every_fault_is_found_in_one_pass() {
    let text = with(&[
        ("credential = \"signing_key\"\nkeys", "credential = \"signing_kee\"\nkeys"),
        ("prove = \"payments\"", "prove = \"payment\""),
        ("next-cursor = \"/next\"\n", ""),
        ("active = \"/enabled\"\n", ""),
        ("method = \"POST\"", "method = \"GET\""),
        ("{grant.roles}", "[]"),
        ("method = \"DELETE\"\npath = \"/v1/keys/{pair}\"", "method = \"DELETE\"\npath = \"/v1/keys/{piar}\""),
    ]);
    let errors = Definition::check(&text).unwrap_err();
    let places: Vec<_> = errors.iter().map(DefinitionError::position).collect();
    assert!(places.is_sorted(), "in the order of the file");
    let told: String = errors.iter().map(|error| format!("{error}\n")).collect();
    insta::assert_snapshot!(told);
}

#[test]
fn a_file_of_any_size_is_answered() {
    let many = "[[rotation]]\ncredential = \"api_key\"\nmade = \"there\"\noverlap = \"none\"\npublish = { hand = { words = \"W\", brings = \"secret\" } }\n\n";
    let grants = "[[rotation.grants]]\nname = \"a\"\nlabel = \"A\"\nread = \"/a\"\nempty = \"all\"\n\n";
    let slots = format!("\"key\": \"{}{{public_pem}}\"", "{pair}".repeat(70_000));
    let cases = [
        ("too many sections", secrets(&many.repeat(101))),
        ("too many grants", and(&grants.repeat(21))),
        ("seventy thousand slots", with(&[("\"key\": \"{public_pem}\"", &slots)])),
    ];
    let mut text = String::new();
    for (what, definition) in &cases {
        let errors = Definition::check(definition).unwrap_err();
        assert!(errors.len() <= 101, "{what}");
        text += &format!("{what}: {}\n{}\n{}\n\n", errors.len(), errors[0], errors.last().unwrap());
    }
    insta::assert_snapshot!(text);
}

/// How each credential of the built-in providers is rotated, a line each.
#[test]
fn x9_every_credential_says_how_it_is_rotated() {
    let mut lines = Vec::new();
    for definition in built_in() {
        for credential in definition.credentials.all().filter(|it| it.rotate_after().is_some()) {
            let id = credential.id();
            let methods: Vec<&Method> = definition.rotation.iter().filter(|it| it.credential == id).collect();
            assert!(!methods.is_empty(), "{}: {id} is reminded of, and nothing says how it is rotated", definition.id);
            for method in methods {
                assert_eq!(method.check(), []);
                let assumed = if definition.is_assumed(method.from.as_deref()) { ", unconfirmed" } else { "" };
                let keys = method.keys.join(" ");
                lines.push(format!("{} {id} {keys}: {}{assumed}", definition.id, method.in_words()));
            }
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn h14_an_api_key_of_hedge_is_replaced_by_hand_with_an_overlap() {
    let hedge = built_in_named("hedge").unwrap();
    let key = hedge.rotation_of("api_key", None).unwrap();
    assert_eq!((key.made, key.overlap), (MadeBy::There, Overlap::Both));
    assert!(key.publish.call.is_none(), "no call for it is published");
    assert!(key.publish.hand.as_ref().unwrap().words.contains("Settings, API Keys"), "where the document finds them");
    assert!(hedge.is_assumed(key.from.as_deref()) && !key.tells_last_use());
    assert!(!hedge.endpoint(key.prove.as_deref().unwrap()).unwrap().side_effects);
}

#[test]
fn p15_a_secret_key_of_the_partner_is_changed_in_place_by_the_account_manager() {
    let partner = built_in_named("partner").unwrap();
    let key = partner.rotation_of("secret_key", None).unwrap();
    assert_eq!((key.made, key.overlap), (MadeBy::There, Overlap::None));
    assert!(key.publish.hand.as_ref().unwrap().words.contains("account manager"));
    assert!(partner.is_assumed(key.from.as_deref()), "the document says to change it, and not how");
}

/// Gr4vy's published description: a list of pages of at most 100, a call that makes a pair active unless it is told not to,
/// roles of which at least one is wanted, and merchant accounts of which none means all.
#[test]
fn g19_the_next_key_of_gr4vy_has_the_roles_and_merchant_accounts_of_the_old_one() {
    let gr4vy = built_in_named("gr4vy").unwrap();
    let method = gr4vy.rotation_of("private_key", key_type(Alg::ES512)).unwrap();
    let means: Vec<(&str, Empty)> = method.grants.iter().map(|grant| (grant.name.as_str(), grant.empty)).collect();
    assert_eq!(means, [("roles", Empty::Refused), ("merchant_accounts", Empty::All)]);
    let call = method.publish.call.as_ref().unwrap();
    let filled = keyset::fill(call.body.as_deref().unwrap(), |slot| {
        Ok::<_, ()>(match slot {
            "active" => "false".to_owned(),
            "grant.roles" => "[\"r1\"]".to_owned(),
            "grant.merchant_accounts" => "[\"acme-uk\"]".to_owned(),
            _ => slot.to_owned(),
        })
    });
    let filled = filled.unwrap();
    let document = Document::parse(&filled).unwrap();
    let member = |name: &str| document.root().get(name).unwrap().raw();
    assert_eq!((member("role_ids"), member("merchant_account_ids")), ("[\"r1\"]", "[\"acme-uk\"]"));
    assert_eq!((member("active"), member("algorithm")), ("false", "\"ECDSA\""));
    // By hand, too, people are told.
    for method in gr4vy.rotation.iter().filter(|method| method.credential == "private_key") {
        let words = &method.publish.hand.as_ref().unwrap().words;
        assert!(words.contains("roles and merchant accounts of the old"), "{words}");
    }
    // The sample that people try is one that Gr4vy takes.
    let sample = gr4vy.endpoint("create-api-key-pair").unwrap().body.as_deref().unwrap();
    let sample = Document::parse(sample).unwrap();
    assert!(sample.root().get("role_ids").unwrap().elements().count() > 0, "role_ids wants at least one");
}

#[test]
fn an_rsa_key_of_gr4vy_and_a_webhooks_secret_are_made_there() {
    let gr4vy = built_in_named("gr4vy").unwrap();
    let rsa = gr4vy.rotation_of("private_key", key_type(Alg::RS512)).unwrap();
    assert_eq!(rsa.publish.hand.as_ref().unwrap().brings, Some(Brings::KeyFile));
    let secret = gr4vy.rotation_of("webhook_secret", None).unwrap();
    assert_eq!((secret.overlap, secret.prove.as_deref()), (Overlap::Both, None));
}
