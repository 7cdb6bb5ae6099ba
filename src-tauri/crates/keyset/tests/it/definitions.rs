//! The `[[rotation]]` of the definitions that there are, and what `check` says of sections that cannot work.

use keywright_keyset::{MadeBy, Method, MethodFault, Mode, Overlap, Paste, Step, Way, steps};
use serde::Deserialize;

/// Of a definition, what this crate reads.
#[derive(Deserialize)]
struct Definition {
    name: String,
    rotation: Vec<Method>,
}

/// The definitions that come with the house, and the examples of others that rotate.
const FILES: [&str; 6] = [
    include_str!("../../../provider/providers/gr4vy.toml"),
    include_str!("../../../provider/providers/hedge.toml"),
    include_str!("../../../provider/providers/cryptopay.toml"),
    include_str!("../../../provider/providers/partner.toml"),
    include_str!("../../../../../docs/providers/examples/google-service-account.toml"),
    include_str!("../../../../../docs/providers/examples/app-store-connect.toml"),
];

/// Each `[[rotation]]` of them, with the name of its provider.
pub(crate) fn examples() -> Vec<(String, Method)> {
    let of = |text: &str| {
        let definition: Definition = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
        definition.rotation.into_iter().map(move |method| (definition.name.clone(), method))
    };
    FILES.into_iter().flat_map(of).collect()
}

/// Gr4vy's key pairs: every step is a call.
pub(crate) fn gr4vy() -> Method {
    examples().remove(0).1
}

#[test]
fn every_example_works() {
    let examples = examples();
    let titles: Vec<String> =
        examples.iter().map(|(heading, method)| format!("{heading}: {}", method.credential)).collect();
    insta::assert_snapshot!(titles.join("\n"), @"
    Gr4vy: private_key
    Gr4vy: private_key
    Gr4vy: webhook_secret
    Hedge Payments: api_key
    CryptoPay: api_key
    CryptoPay: login
    Partner API: secret
    Google service accounts: service_account
    App Store Connect: api_key
    ");
    for (heading, method) in examples {
        assert_eq!(method.check(), [], "{heading}");
    }
}

#[test]
fn the_order_of_steps_follows_from_the_method() {
    let mut lines = Vec::new();
    for (heading, method) in examples() {
        for mode in [Mode::Planned, Mode::DisableFirst, Mode::ReplaceFirst] {
            let steps: Vec<String> = steps(&method, mode).iter().map(|step| format!("{step:?}")).collect();
            lines.push(format!("{heading}, {}, {mode:?}: {}", method.credential, steps.join(" ")));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

fn told(fault: MethodFault) -> String {
    fault.hint().map_or_else(|| fault.to_string(), |hint| format!("{fault}\n  {hint}"))
}

#[test]
fn what_cannot_work_is_named() {
    let faults = |edit: fn(&mut Method)| {
        let mut method = gr4vy();
        edit(&mut method);
        let faults = method.check();
        assert!(!faults.is_empty());
        faults.into_iter().map(told).collect::<Vec<_>>().join("\n")
    };
    let told = [
        faults(|method| method.publish = Way::default()),
        faults(|method| method.list = None),
        faults(|method| {
            let list = method.list.as_mut().unwrap();
            (list.thumbprint, list.label) = (None, None);
        }),
        faults(|method| method.list.as_mut().unwrap().active = None),
        faults(|method| method.list.as_mut().unwrap().cursor = None),
        faults(|method| method.list.as_mut().unwrap().next_cursor = None),
        faults(|method| (method.deactivate, method.delete) = (None, None)),
        faults(|method| method.overlap = Overlap::None),
        faults(|method| method.publish.call = None),
        faults(|method| method.publish.hand.as_mut().unwrap().paste = None),
        faults(|method| method.publish.call.as_mut().unwrap().secret = Some("/private_key".to_owned())),
        faults(|method| method.delete.as_mut().unwrap().hand.as_mut().unwrap().paste = Some(Paste::PublicPem)),
        faults(|method| method.grants[1].name = "roles".to_owned()),
        faults(|method| method.grants[0].name = "my roles".to_owned()),
        faults(|method| method.publish.call.as_mut().unwrap().body = Some("{ \"x\": \"{pair}\" }".to_owned())),
        faults(|method| method.activate.as_mut().unwrap().call.as_mut().unwrap().path = "/api-key-pairs".to_owned()),
        faults(|method| {
            method.made = MadeBy::There;
            method.publish.hand.as_mut().unwrap().brings = None;
            method.list.as_mut().unwrap().label = None;
        }),
    ];
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_member_that_nobody_knows_is_refused() {
    let read = |text: &str| toml::from_str::<Definition>(text).map(drop).unwrap_err().to_string();
    insta::assert_snapshot!(read(
        "name = \"x\"\n[[rotation]]\ncredential = \"key\"\nmade = \"here\"\noverlap = \"both\"\nactivte = 1\n[rotation.publish]\n"
    ));
    insta::assert_snapshot!(read("name = \"x\"\n[[rotation]]\ncredential = \"key\"\nmade = \"us\"\n"));
}

#[test]
fn the_section_follows_from_the_next_key() {
    let methods: Vec<Method> = examples().into_iter().map(|(_, method)| method).take(3).collect();
    let found = |key_type| Method::find(&methods, "private_key", key_type).map(|method| method.made);
    assert_eq!(found(Some("EC/P-521")), Some(MadeBy::Here));
    assert_eq!(found(Some("RSA")), Some(MadeBy::There), "an RSA pair cannot be brought");
    assert_eq!(found(Some("EC/P-256")), None);
    assert_eq!(Method::find(&methods, "webhook_secret", None).map(|method| method.made), Some(MadeBy::There));
}

#[test]
fn a_step_that_ends_nothing_there_is_taken_here() {
    let (_, webhook) = examples().remove(2);
    assert_eq!(webhook.way(Step::Retire), None, "no switch: it is retired here alone");
    assert!(webhook.way(Step::Delete).is_some());
}
