//! Any bytes as a provider's definition: read or refused with places, never a panic; what was read is like itself, and reads
//! a key file and a pasted credential without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use provider::{Definition, diff};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        assert!(Definition::check_bytes(bytes).is_err());
        return;
    };
    match Definition::check_bytes(bytes) {
        Ok(definition) => {
            assert!(diff(text, text).is_ok_and(|changes| changes.is_empty()), "a definition differs from itself");
            for kind in &definition.credentials.private_keys {
                let _ = kind.open_file(text);
            }
            let _ = definition.recognise(text).kind();
        }
        Err(errors) => assert!(errors.iter().all(|error| !error.to_string().is_empty()) && !errors.is_empty()),
    }
});
