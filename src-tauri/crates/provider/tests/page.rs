//! Tables of the format's page that are made from the code: `KEYWRIGHT_UPDATE=1 cargo test -p keywright-provider --test page`
//! writes them anew; without it the test compares.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]
#![allow(
    clippy::disallowed_methods,
    reason = "the page is read and, where that is asked for, written; the crate does neither"
)]

use std::{fs, path::Path};

use keyset::{Call, Grant, Hand, List, Method};
use keywright_provider::{
    Definition, Endpoint, Environment, ROUTING_FIELDS, Scopes, Slot, TemplatePlace,
    definition::{
        Action, ApiKey, Attribute, BodyToken, Choice, Claim, ClientSecret, ClientSide, ExtraHeader, Family, Fields,
        FileMembers, Flow, Grammar, HeaderMember, KeyRule, KnownError, Lifetime, Login, Member, OnUnauthorized,
        Placement, Preset, PrivateKey, RateLimit, RefusedKey, ScopeValue, Secret, Sheet, SheetCall, SheetField, Source,
        TextField, TimestampPlace, Token, Variable, Webhook,
    },
};
use serde::de::DeserializeOwned;

const PAGE: &str = "../../../docs/formats/provider-v1.md";

/// A place as the page names it.
const fn column(place: TemplatePlace) -> &'static str {
    match place {
        TemplatePlace::BaseUrl => "`base-url`",
        TemplatePlace::Default => "`default` of a variable",
        TemplatePlace::Path => "`path` of an endpoint",
        TemplatePlace::FlowPath => "`path` of a flow",
        TemplatePlace::Header => "`[[headers]]`",
        TemplatePlace::Token => "header and claims of a token",
        TemplatePlace::FlowBody => "`body` of a flow",
    }
}

/// Which slot is known where, those that are known in the same places in one row.
fn slots() -> String {
    let known = |slot: &Slot| TemplatePlace::ALL.map(|place| place.knows(slot));
    let mut rows: Vec<([bool; 7], Vec<String>)> = Vec::new();
    for slot in Slot::all() {
        let places = known(&slot);
        match rows.iter_mut().find(|(known, _)| *known == places) {
            Some((_, names)) => names.push(format!("`{slot}`")),
            None => rows.push((places, vec![format!("`{slot}`")])),
        }
    }
    let mut out = format!("| | {} |\n|{}\n", TemplatePlace::ALL.map(column).join(" | "), " --- |".repeat(8));
    for (places, names) in rows {
        let cells = places.map(|known| if known { "yes" } else { "" });
        out += &format!("| {} | {} |\n", names.join(" "), cells.join(" | "));
    }
    out
}

/// The keys that a table must have, in the order of the file.
fn missing<T: DeserializeOwned>() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    loop {
        let text: String = keys.iter().map(|key| format!("{key} = {}\n", value(key))).collect();
        let Err(error) = toml::from_str::<T>(&text) else { return keys };
        let message = error.message().to_owned();
        let key = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
        keys.push(key.unwrap_or_else(|| panic!("{text}: {message}")).to_owned());
    }
}

/// A value that the key takes.
fn value(key: &str) -> &str {
    match key {
        "keywright-provider" => "1",
        "status" => "401",
        "environments" | "forms" | "keys" | "encodings" | "algs" | "fields" | "actions" | "resources" | "choices" => {
            "[]"
        }
        "resource" | "signature" | "publish" => "{}",
        "made" => "'here'",
        "overlap" => "'both'",
        "empty" => "'all'",
        "trust" => "'published'",
        "kind" => "'mint'",
        "type" => "'string'",
        "in" => "'header'",
        "do" => "'sign-again'",
        "form" => "'{resource}.{action}'",
        "mac" => "'hmac-sha256'",
        "encoding" => "'hex'",
        "unit" => "'s'",
        "tolerance" | "default" | "time" => "'5m'",
        _ => "'/x'",
    }
}

/// What must be there in each table.
fn mandatory() -> String {
    let rows = [
        ("the file", missing::<Definition>()),
        ("a source", missing::<Source>()),
        ("a variable", missing::<Variable>()),
        ("an environment", missing::<Environment>()),
        ("a private key", missing::<PrivateKey>()),
        ("its `file`", missing::<FileMembers>()),
        ("one of its `keys`", missing::<KeyRule>()),
        ("one of its `refused`", missing::<RefusedKey>()),
        ("one of its `attributes`", missing::<Attribute>()),
        ("one of the `choices`", missing::<Choice>()),
        ("a secret", missing::<Secret>()),
        ("an API key", missing::<ApiKey>()),
        ("a login", missing::<Login>()),
        ("a client", missing::<ClientSecret>()),
        ("a text", missing::<TextField>()),
        ("`token`", missing::<Token>()),
        ("a header parameter", missing::<HeaderMember>()),
        ("a claim, or a member of one", missing::<Claim>()),
        ("`lifetime`", missing::<Lifetime>()),
        ("one of its `presets`", missing::<Preset>()),
        ("a sheet", missing::<Sheet>()),
        ("one of its `fields`", missing::<SheetField>()),
        ("its `create`", missing::<SheetCall>()),
        ("`scopes`", missing::<Scopes>()),
        ("`grammar`", missing::<Grammar>()),
        ("one of its `actions`", missing::<Action>()),
        ("one of the `families`", missing::<Family>()),
        ("one of the `values`", missing::<ScopeValue>()),
        ("`placement`", missing::<Placement>()),
        ("`client-side`", missing::<ClientSide>()),
        ("one of the `headers`", missing::<ExtraHeader>()),
        ("an endpoint", missing::<Endpoint>()),
        ("a flow", missing::<Flow>()),
        ("a member of its `body`", missing::<Member>()),
        ("`on-unauthorized`", missing::<OnUnauthorized>()),
        ("one of the errors `known`", missing::<KnownError>()),
        ("a rate limit", missing::<RateLimit>()),
        ("`webhook`", missing::<Webhook>()),
        ("its `fields`", missing::<Fields>()),
        ("its `token`", missing::<BodyToken>()),
        ("its `timestamp`", missing::<TimestampPlace>()),
        ("a rotation", missing::<Method>()),
        ("its `list`", missing::<List>()),
        ("one of its `grants`", missing::<Grant>()),
        ("a `call`", missing::<Call>()),
        ("a `hand`", missing::<Hand>()),
    ];
    let mut out = "| table | must have |\n| --- | --- |\n".to_owned();
    for (name, keys) in rows.into_iter().filter(|(_, keys)| !keys.is_empty()) {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        out += &format!("| {name} | {} |\n", keys.join(", "));
    }
    out
}

fn routing() -> String {
    let names: Vec<String> = ROUTING_FIELDS.iter().map(|name| format!("`{name}`")).collect();
    format!("{} and whatever begins with `proxy-`\n", names.join(", "))
}

#[test]
fn the_tables_are_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let found = fs::read_to_string(&path).unwrap();
    let mut page = found.clone();
    for (name, table) in [("slots", slots()), ("mandatory", mandatory()), ("routing", routing())] {
        let (begin, end) =
            (format!("<!-- {name}: written by tests/page.rs -->\n\n"), format!("\n<!-- end of {name} -->"));
        let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("the page has no place for {name}"));
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("the page has no end of {name}"));
        page = format!("{before}{begin}{table}{end}{after}");
    }
    if std::env::var_os("KEYWRIGHT_UPDATE").is_some() {
        fs::write(&path, page).unwrap();
    } else {
        assert!(
            found == page,
            "the page is not up to date: KEYWRIGHT_UPDATE=1 cargo test -p keywright-provider --test page"
        );
    }
}
