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

#[test]
fn a_thousand_keys_have_their_history_at_hand() {
    let mut world = World::new();
    world.copies("checkout", 1_000);
    world.session.refresh().unwrap();
    // The first change seals what was found of all of them, in one transaction.
    let ((), first) = worked(|| drop(keys::rename(&mut world.session, "checkout 7", "seven", &world.ports).unwrap()));
    assert_eq!(world.session.key_events().unwrap().len(), 1_003);
    let ((), next) = worked(|| drop(keys::rename(&mut world.session, "seven", "7", &world.ports).unwrap()));
    let session = world.other();
    let (count, fold) = worked(|| session.keyset().unwrap().lines().count());
    assert_eq!(count, 1_001);
    let (told, history) = worked(|| keys::history(&session, "7").unwrap().len());
    assert_eq!(told, 3);
    #[allow(clippy::print_stderr, reason = "the figures, for who looks at them")]
    let () = eprintln!("found {first:?}, a change {next:?}, the fold {fold:?}, a history {history:?}");
    let most = |milliseconds| Duration::from_millis(milliseconds) * FACTOR;
    assert!(fold <= most(40), "{fold:?}");
    assert!(history <= most(5), "{history:?}");
    assert!(next <= most(60) && first <= most(200), "{first:?}, {next:?}");
}
