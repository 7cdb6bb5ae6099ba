//! Ten thousand keys: listed at once, and found without looking at the others.

use std::time::Duration;

use keywright_workbench::{keys, signer::SignRequest, tokens};

use crate::worked::worked;
use crate::world::{NOW, World};

/// Unoptimised code is some ten times slower; what is held here is that nothing grows with the square.
const FACTOR: u32 = if cfg!(debug_assertions) { 10 } else { 1 };

#[test]
fn ten_thousand_keys_are_listed_at_once() {
    let world = World::new();
    world.copies("checkout", 10_000);
    let session = world.other();
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let (rows, took) = worked(|| keys::rows(&session, NOW).unwrap());
            assert_eq!(rows.len(), 10_001);
            took
        })
        .collect();
    times.sort();
    assert!(times[0] <= Duration::from_millis(50) * FACTOR, "{times:?}");

    // What happens at each keystroke does not grow with the list.
    let request = SignRequest { profile: "Acme".to_owned(), environment: "sandbox".to_owned(), ..Default::default() };
    let ((), took) = worked(|| {
        for _ in 0..10 {
            tokens::sign(&session, &request, &world.ports).unwrap();
        }
    });
    assert!(took <= Duration::from_millis(160) * FACTOR, "{took:?}");
}
