//! Settings: bounds, and the layout of before.

use keywright_workbench::{
    records::{Layout, Settings},
    settings::{self, Chosen},
};

use crate::world::{World, words};

const CHOSEN: Chosen =
    Chosen { lock_after_minutes: 30, lock_on_sleep: false, clear_secret_seconds: 20, clear_token_seconds: 60 };

#[test]
fn what_is_chosen_is_kept() {
    let mut world = World::empty();
    assert_eq!(settings::show(&world.session).unwrap(), Settings::default());
    settings::change(&mut world.session, &CHOSEN, &world.ports).unwrap();
    settings::change(&mut world.session, &Chosen { lock_after_minutes: 240, ..CHOSEN }, &world.ports).unwrap();
    let kept = settings::show(&world.other()).unwrap();
    assert_eq!((kept.lock_after_minutes, kept.lock_on_sleep, kept.clear_token_seconds), (240, false, 60));
}

#[test]
fn what_is_out_of_bounds_is_refused() {
    let mut world = World::empty();
    let bad = [
        Chosen { lock_after_minutes: 0, ..CHOSEN },
        Chosen { lock_after_minutes: 241, ..CHOSEN },
        Chosen { clear_secret_seconds: 4, ..CHOSEN },
        Chosen { clear_token_seconds: 121, ..CHOSEN },
    ];
    let said = bad.map(|chosen| words(&settings::change(&mut world.session, &chosen, &world.ports).unwrap_err()));
    insta::assert_snapshot!(said.join("\n").replace("\nhint: ", ""), @r"
    the time until the window locks is 0 minutes; wanted 1 to 240
    the time until the window locks is 241 minutes; wanted 1 to 240
    the time until a secret leaves the clipboard is 4 seconds; wanted 5 to 120
    the time until a token leaves the clipboard is 121 seconds; wanted 5 to 120
    ");
    assert_eq!(settings::show(&world.session).unwrap(), Settings::default());
}

#[test]
fn the_layout_of_before_is_read() {
    let before = br#"{"v":1,"lockAfterMinutes":5,"clearClipboardSeconds":9}"#;
    let read = Settings::decode(before).unwrap();
    assert_eq!((read.lock_after_minutes, read.clear_secret_seconds, read.clear_token_seconds), (5, 9, 45));
    assert_eq!(Settings::decode(&read.encode()).unwrap(), read);
    let newer = Settings::decode(br#"{"v":2}"#).unwrap_err();
    insta::assert_snapshot!(words(&newer), @r"
    a settings record of the vault cannot be read: its layout is 2, and this version reads up to 1
    hint: a newer Keywright may have written it
    ");
}
