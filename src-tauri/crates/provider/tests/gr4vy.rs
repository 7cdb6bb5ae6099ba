#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]
//! scratch
use keywright_provider as provider;
use provider::*;
use std::collections::BTreeMap;
#[test]
fn smoke() {
    let text = include_str!("../providers/gr4vy.toml");
    match Definition::check(text) {
        Ok(_) => {}
        Err(es) => {
            for e in es {
                eprintln!("{e}");
            }
            panic!()
        }
    }
    let d = built_in_named("gr4vy").unwrap();
    assert_eq!(d.scopes.as_ref().unwrap().catalogue().len(), 88);
    let vars = BTreeMap::from([("gr4vy_id".to_owned(), "acme".to_owned())]);
    let key = KeyFacts {
        kty: "EC".into(),
        crv: Some("P-521".into()),
        bits: 521,
        alg: None,
        kid: None,
        thumbprint: Some("kNN5RydM8ds6J9ax6-wID-f5k7wvsKhlzR5AmYsE0U0".into()),
    };
    let r = resolve(
        d,
        &TokenRequest {
            variables: &vars,
            credential: &BTreeMap::new(),
            key: &key,
            scopes: None,
            ttl: None,
            now: 1795301258,
            backdate: Seconds(0),
            app: "keywright/0.1.0",
            call: None,
            overrides: &[],
            drops: &[],
        },
        &mut |b| b.fill(7),
    );
    eprintln!("{r:#?}");
    eprintln!("{}", d.base_url(d.environment("sandbox").unwrap(), &vars, None).unwrap());
    eprintln!(
        "{:?}",
        d.base_url(d.environment("sandbox").unwrap(), &BTreeMap::new(), None).map_err(|e| (e.to_string(), e.hint()))
    );
}
