//! Any header fields and any body as a delivery to each provider that is built in, and to the ways of the examples: judged
//! without a panic, and never good, since nobody but its owner knows the secret.

#![no_main]

use std::sync::LazyLock;

use jose::{
    verify::Verdict,
    webhook::{Delivery, Material, Place, Scheme, TrustedSecret, verify},
};
use libfuzzer_sys::fuzz_target;
use provider::{Definition, built_in};

static SCHEMES: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    let example = Definition::parse(include_str!("../../../docs/providers/examples/github-app.toml")).expect("an example");
    built_in().iter().chain([&example]).filter_map(|it| Some(it.webhook.as_ref()?.scheme())).collect()
});

fuzz_target!(|input: (i64, Vec<(String, String)>, String, &[u8])| {
    let (now, mut headers, value, body) = input;
    let given = headers.len();
    for scheme in SCHEMES.iter() {
        // Else a fuzzer would have to find the names before it finds anything else.
        if let Place::Headers(names) = &scheme.place {
            headers.extend(names.iter().map(|name| (name.clone(), value.clone())));
        }
        let delivery = Delivery { body, headers: &headers, url: None, method: None };
        let secret = TrustedSecret { name: "own", material: Material::Text(b"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD") };
        assert_ne!(verify(scheme, &[secret], &delivery, now).verdict, Verdict::Good);
        headers.truncate(given);
    }
});
