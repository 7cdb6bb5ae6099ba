//! What the check of a definition accepts, the code that fills it in can fill, and what it refuses that code refuses too:
//! every slot in every place.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::collections::BTreeMap;

use keywright_exchange::{Call, Destination, Field, FlowCall, Means, PrepareError, prepare, prepare_flow};
use provider::{
    CallFacts, Definition, KeyFacts, Seconds, Slot, Template, TemplatePlace, TokenRequest,
    definition::{BaseUrl, Value},
    resolve,
};
use url::Url;

/// 2026-11-20 14:06:40 UTC.
const NOW: i64 = 1_795_183_600;

/// Every place of a template has something that can be filled in anywhere.
const DEFINITION: &str = r#"keywright-provider = 1
id = "acme"
name = "Acme"

[[variables]]
id = "shop"
label = "Shop"
default = "DEFAULT"

[[variables]]
id = "variable"
label = "Brand"

[[environments]]
id = "test"
label = "Test"
tier = "test"
base-url = "BASE-URL"

[[credentials.private-keys]]
id = "key"
label = "Key"
forms = ["pkcs8"]
keys = [{ kty = "EC", crv = "P-256", algs = ["ES256"] }]

[[credentials.logins]]
id = "login"
label = "Login"

[[credentials.texts]]
id = "field"
label = "Field"

[token]
credential = "key"
header = [{ name = "alg", value = "{alg}" }, { name = "kid", value = "TOKEN" }]
claims = [{ name = "c", type = "json", presence = "required", value = "TOKEN" }]

[scopes]
default = ["read"]
values = [{ value = "read", title = "Read" }]

[[headers]]
name = "X-Test"
value = "HEADER"

[[endpoints]]
id = "call"
label = "Call"
method = "GET"
path = "PATH"

[[flows]]
id = "flow"
label = "Flow"
kind = "exchange"
method = "POST"
path = "FLOW-ROAD"
body = [{ name = "m", value = "FLOW-BODY" }]
gives = { access = ["/access"], refresh = ["/refresh"] }
"#;

/// What stands in a place: something that is good, or a slot with what the place wants around it.
fn around(place: TemplatePlace, slot: &str) -> String {
    match place {
        TemplatePlace::BaseUrl => format!("https://{slot}.acme.test"),
        TemplatePlace::Path | TemplatePlace::FlowPath => format!("/p/{slot}"),
        _ => slot.to_owned(),
    }
}

/// The definition with a slot in one place.
fn text_with(place: TemplatePlace, slot: &str) -> String {
    TemplatePlace::ALL.into_iter().fold(DEFINITION.to_owned(), |text, other| {
        text.replace(mark(other), &around(other, if other == place { slot } else { "x" }))
    })
}

const fn mark(place: TemplatePlace) -> &'static str {
    match place {
        TemplatePlace::BaseUrl => "BASE-URL",
        TemplatePlace::Default => "DEFAULT",
        TemplatePlace::Path => "PATH",
        TemplatePlace::FlowPath => "FLOW-ROAD",
        TemplatePlace::Header => "HEADER",
        TemplatePlace::Token => "TOKEN",
        TemplatePlace::FlowBody => "FLOW-BODY",
    }
}

/// The definition with a slot in one place that the check never saw.
fn unchecked(place: TemplatePlace, slot: &str) -> Definition {
    let mut definition = Definition::parse(&text_with(place, "x")).unwrap();
    let template = Template::parse(&around(place, slot)).unwrap();
    match place {
        TemplatePlace::BaseUrl => definition.environments[0].base_url = BaseUrl::Template(template),
        TemplatePlace::Default => definition.variables[0].default = Some(template),
        TemplatePlace::Path => definition.endpoints[0].path = template,
        TemplatePlace::FlowPath => definition.flows[0].path = template,
        TemplatePlace::Header => definition.headers[0].value = template,
        TemplatePlace::Token => definition.token.as_mut().unwrap().claims[0].value = Some(Value::One(template)),
        TemplatePlace::FlowBody => definition.flows[0].body[0].value = template,
    }
    definition
}

/// What people and the wire get of a place, with everything at hand.
fn fill(definition: &Definition, place: TemplatePlace) -> Result<String, String> {
    let variables = BTreeMap::from([("variable".to_owned(), "brand".to_owned())]);
    match place {
        TemplatePlace::BaseUrl => {
            let filled = definition.base_url(&definition.environments[0], &variables, None);
            filled.map(|url| url.to_string()).map_err(|error| error.to_string())
        }
        TemplatePlace::Default => {
            let filled = definition.variable_value("shop", &variables).map_err(|error| error.to_string())?;
            filled.ok_or_else(|| "nothing".to_owned())
        }
        TemplatePlace::Token => token(definition, &variables),
        TemplatePlace::Path => call(definition, &variables).map_err(|error| error.to_string()),
        TemplatePlace::FlowPath | TemplatePlace::FlowBody => {
            flow(definition, &variables).map_err(|error| error.to_string())
        }
        TemplatePlace::Header => {
            let (call, flow) = (call(definition, &variables), flow(definition, &variables));
            assert_eq!(call.is_ok(), flow.is_ok(), "a flow carries the fields of any call");
            call.map_err(|error| error.to_string())
        }
    }
}

const FIELDS: [Field<'_>; 2] =
    [Field { name: "field", value: "its-field" }, Field { name: "password", value: "its-password" }];

fn call(definition: &Definition, variables: &BTreeMap<String, String>) -> Result<String, PrepareError> {
    let base = Url::parse("https://x.acme.test").unwrap();
    let call = Call {
        definition,
        base: &base,
        target: Destination::Endpoint(&definition.endpoints[0]),
        variables,
        fields: &FIELDS,
        now: NOW,
        body: None,
        token: None,
        hosts: &[],
        version: "0.1.0",
    };
    let request = prepare(&call, &mut |bytes| bytes.fill(7))?;
    Ok(format!("{} {}", request.url, request.shown_header("x-test").unwrap_or_default()))
}

fn flow(definition: &Definition, variables: &BTreeMap<String, String>) -> Result<String, PrepareError> {
    let base = Url::parse("https://x.acme.test").unwrap();
    let call = FlowCall {
        definition,
        flow: &definition.flows[0],
        base: &base,
        variables,
        means: Means {
            key: None,
            fields: &FIELDS,
            signed_token: Some("eyJ.signed.token"),
            access_token: Some("eyJ.access.token"),
            refresh_token: Some("eyJ.refresh.token"),
        },
        scopes: None,
        ttl: None,
        now: NOW,
        hosts: &["x.acme.test".to_owned()],
        version: "0.1.0",
    };
    let request = prepare_flow(&call, &mut |bytes| bytes.fill(7))?;
    Ok(format!("{} {}", request.url, String::from_utf8_lossy(&request.body.clear())))
}

fn token(definition: &Definition, variables: &BTreeMap<String, String>) -> Result<String, String> {
    let key = KeyFacts {
        kty: "EC".into(),
        crv: Some("P-256".into()),
        bits: 256,
        alg: None,
        kid: None,
        thumbprint: Some("thumb".into()),
    };
    // The fields of a credential that a token knows are those that are not secret.
    let credential = BTreeMap::from([("field".to_owned(), "its-field".to_owned())]);
    let url = Url::parse("https://x.acme.test:8443/p").unwrap();
    let request = TokenRequest {
        variables,
        credential: &credential,
        key: &key,
        scopes: None,
        ttl: None,
        now: NOW,
        backdate: Seconds(0),
        app: "keywright/0.1.0",
        call: Some(CallFacts { method: "GET", url: &url, body: b"{}" }),
        overrides: &[],
        drops: &[],
        naming: jose::jwk::Naming::Kid,
    };
    let made = resolve(definition, &request, &mut |bytes| bytes.fill(7));
    match made.findings.iter().find(|finding| finding.message.contains("cannot be filled in")) {
        Some(finding) => Err(finding.message.clone()),
        None => Ok(made.claims),
    }
}

#[test]
fn what_the_check_accepts_can_be_filled_in_and_nothing_else() {
    let mut shown = String::new();
    for place in TemplatePlace::ALL {
        for slot in Slot::all() {
            let name = slot.to_string();
            let checked = Definition::check(&text_with(place, &name));
            let filled = fill(&unchecked(place, &name), place);
            assert_eq!(checked.is_ok(), place.knows(&slot), "{slot} in {place}: {checked:?}");
            assert_eq!(filled.is_ok(), place.knows(&slot), "{slot} in {place}: {filled:?}");
            match (checked, filled) {
                (Ok(_), Ok(text)) => assert!(!text.contains(['{', '}']) || !text.contains(&name), "{text}"),
                (Err(errors), _) => shown += &format!("{}\n", errors[0]),
                (Ok(_), Err(error)) => panic!("{slot} in {place}: {error}"),
            }
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn secrets_stand_in_bodies_of_flows_alone() {
    let mut shown = String::new();
    for place in TemplatePlace::ALL.into_iter().filter(|place| place.knows(&Slot::Credential("password".into()))) {
        let checked = Definition::check(&text_with(place, "{credential.password}"));
        let filled = fill(&unchecked(place, "{credential.password}"), place);
        assert_eq!((checked.is_ok(), filled.is_ok()), (place.knows_secrets(), place.knows_secrets()), "{place}");
        if let (Err(errors), Err(error)) = (checked, filled) {
            let hint = errors[0].hint().unwrap_or_default();
            shown += &format!("{}\n  {hint}\n  {error}\n", errors[0]);
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_header_field_tells_the_time_and_a_field_of_the_credential() {
    let value = "{now}, {now-iso}, {credential.field}, {uuid}";
    let definition = Definition::parse(&text_with(TemplatePlace::Header, value)).unwrap();
    let text = fill(&definition, TemplatePlace::Header).unwrap();
    insta::assert_snapshot!(text, @"https://x.acme.test/p/x 1795183600, 2026-11-20T14:06:40Z, its-field, 07070707-0707-4707-8707-070707070707");
}
