//! Any bytes: a key that can be read can be written, and is then the same key; what is none is looked at as a secret.

#![no_main]

use jose::key::check::check;
use jose::key::read::{read, undisguised};
use jose::key::write::{Format, Half, write};
use jose::key::{Jwk, Key, Secret};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // What is no key may be taken for a secret, and is then looked at as one.
    check(&Key::Secret(Secret::new(bytes.to_vec())));
    undisguised(bytes);
    let Ok(found) = read(bytes, None) else { return };
    for jwk in &found.keys {
        let half = if jwk.key.private().is_some() { Half::Private } else { Half::Public };
        for format in [Format::Jwk, Format::Der] {
            if matches!(jwk.key, Key::Secret(_)) {
                continue;
            }
            let written = write(jwk, half, format, None).expect("a key that was read can be written");
            let again = read(&written, None).expect("a key that was written can be read");
            let thumbprint = |jwk: &Jwk| jwk.key.public().map(|key| key.thumbprint());
            assert_eq!(thumbprint(&again.keys[0]), thumbprint(jwk));
        }
    }
});
