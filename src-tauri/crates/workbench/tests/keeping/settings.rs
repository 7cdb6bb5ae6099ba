//! Settings: bounds, and the layout of before.

use keywright_workbench::{
    index::Layout,
    records::Settings,
    settings::{self, Chosen},
};

use crate::world::{World, words};

const CHOSEN: Chosen = Chosen {
    lock_after_minutes: 30,
    lock_on_sleep: false,
    clear_secret_seconds: 20,
    clear_token_seconds: 60,
    proxy: None,
    connect_seconds: 5,
    total_seconds: 60,
    emulator_port: 8089,
};

#[test]
fn what_is_chosen_is_kept() {
    let mut world = World::empty();
    assert_eq!(settings::show(&world.session).unwrap(), Settings::default());
    settings::change(&mut world.session, &CHOSEN, &world.ports).unwrap();
    settings::change(&mut world.session, &Chosen { lock_after_minutes: 240, ..CHOSEN }, &world.ports).unwrap();
    let kept = settings::show(&world.other()).unwrap();
    assert_eq!((kept.lock_after_minutes, kept.lock_on_sleep, kept.clear_token_seconds), (240, false, 60));
    assert_eq!((kept.emulator_port, settings::emulator_port(&world.other()).unwrap()), (8089, 8089));
}

#[test]
fn what_is_out_of_bounds_is_refused() {
    let mut world = World::empty();
    let bad = [
        Chosen { lock_after_minutes: 0, ..CHOSEN },
        Chosen { lock_after_minutes: 241, ..CHOSEN },
        Chosen { clear_secret_seconds: 4, ..CHOSEN },
        Chosen { clear_token_seconds: 121, ..CHOSEN },
        Chosen { connect_seconds: 0, ..CHOSEN },
        Chosen { total_seconds: 601, ..CHOSEN },
        Chosen { connect_seconds: 30, total_seconds: 20, ..CHOSEN },
        Chosen { emulator_port: 65_536, ..CHOSEN },
    ];
    let said = bad.map(|chosen| words(&settings::change(&mut world.session, &chosen, &world.ports).unwrap_err()));
    insta::assert_snapshot!(said.join("\n").replace("\nhint: ", ""), @r"
    the time until the window locks is 0 minutes; wanted 1 to 240
    the time until the window locks is 241 minutes; wanted 1 to 240
    the time until a secret leaves the clipboard is 4 seconds; wanted 5 to 120
    the time until a token leaves the clipboard is 121 seconds; wanted 5 to 120
    the time that a connection may take is 0 seconds; wanted 1 to 60
    the time that a call may take is 601 seconds; wanted 1 to 600
    the time that a connection may take is 30 seconds; wanted 1 to 20
    the emulator's port is 65536; wanted 0 to 65535
    ");
    assert_eq!(settings::show(&world.session).unwrap(), Settings::default());
}

#[test]
fn calls_go_as_it_was_chosen() {
    let mut world = World::empty();
    let usual = settings::transport(&world.session).unwrap();
    assert_eq!(usual, exchange::Transport::default());
    let chosen = Chosen { proxy: Some(" http://proxy.example.com:8080 ".to_owned()), ..CHOSEN };
    settings::change(&mut world.session, &chosen, &world.ports).unwrap();
    settings::trust(&mut world.session, Some("PEM".to_owned()), &world.ports).unwrap();
    let transport = settings::transport(&world.session).unwrap();
    assert_eq!(transport.proxy.unwrap().as_str(), "http://proxy.example.com:8080/");
    assert_eq!((transport.trusted.as_deref(), transport.total.as_secs()), (Some("PEM"), 60));
    // Choosing anything else leaves what is trusted.
    settings::change(&mut world.session, &CHOSEN, &world.ports).unwrap();
    let transport = settings::transport(&world.session).unwrap();
    assert_eq!((transport.proxy, transport.trusted.as_deref()), (None, Some("PEM")));
    let refused = ["proxy:8080", "socks5://proxy:1080", "http://", "http://me:hunter2@proxy:8080"].map(|proxy| {
        let chosen = Chosen { proxy: Some(proxy.to_owned()), ..CHOSEN };
        words(&settings::change(&mut world.session, &chosen, &world.ports).unwrap_err())
    });
    let told = refused.join("\n");
    assert!(!told.contains("hunter2"), "{told}");
    insta::assert_snapshot!(told);
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
