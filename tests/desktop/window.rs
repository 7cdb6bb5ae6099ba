//! The built window on a display without a screen: it opens with its page drawn, and closes when asked.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::display::{Display, Screen, Stopped, within};

/// Paper, and the ring around the field that waits for a passphrase, in light colours (ui/src/styles/tokens.css).
const BACKGROUND: [u8; 3] = [0xFB, 0xFA, 0xF7];
const ACCENT: [u8; 3] = [0x2F, 0x3F, 0xB5];

#[test]
fn it_opens_draws_and_closes() {
    let display = Display::start();
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_keywright-desktop");
    let mut application = Stopped(display.command(program, home.path()).stderr(Stdio::null()).spawn().unwrap());
    let screen = Screen::of(&display);

    let window = within("a window named Keywright", || screen.window_named("Keywright"));
    within("the size that tauri.conf.json says", || (screen.size_of(window) == (1280, 800)).then_some(()));

    // The colours come from the stylesheet and the focus from the script, so the policy let both through.
    within("the page's background and ring", || {
        let pixels = screen.pixels_of(window)?;
        let shows = |colour: [u8; 3]| pixels.iter().filter(|pixel| **pixel == colour).count() > 200;
        (shows(BACKGROUND) && shows(ACCENT)).then_some(())
    });

    screen.ask_to_close(window);
    let status = within("the end of the process", || application.0.try_wait().unwrap());
    assert!(status.success(), "{status}");
}

#[test]
fn without_a_display_it_says_so() {
    let output = Command::new(env!("CARGO_BIN_EXE_keywright-desktop"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "keywright-desktop: no display here: the command line, keywright, does the same work\n");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_home_that_can_only_be_read_gets_a_window_all_the_same() {
    use std::os::unix::fs::PermissionsExt;

    let display = Display::start();
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_keywright-desktop");
    // A file where the cache would be: root may write into every folder, so a folder's mode says nothing in CI.
    let mut command = display.command(program, home.path());
    std::fs::write(home.path().join("cache"), "").unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o500)).unwrap();
    let _application =
        Stopped(command.env("XDG_CACHE_HOME", home.path().join("cache")).stderr(Stdio::null()).spawn().unwrap());
    let screen = Screen::of(&display);
    within("a window named Keywright", || screen.window_named("Keywright"));
}

#[test]
fn without_a_folder_for_its_vault_it_says_so_where_it_is_seen() {
    let display = Display::start();
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_keywright-desktop");
    let mut command = display.command(program, home.path());
    command.env("HOME", "relative").env_remove("XDG_DATA_HOME").env_remove("XDG_CONFIG_HOME").stderr(Stdio::piped());
    let mut application = Stopped(command.spawn().unwrap());
    let screen = Screen::of(&display);

    // Who started it from a menu reads it in a dialog, who started it in a terminal reads it there.
    let dialog = within("a dialog", || screen.window_named("Keywright"));
    screen.ask_to_close(dialog);
    let status = within("the end of the process", || application.0.try_wait().unwrap());
    assert_eq!(status.code(), Some(1));
    let mut said = String::new();
    application.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let said: Vec<&str> =
        said.lines().filter(|line| line.starts_with("keywright-desktop") || line.starts_with(" hint")).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    keywright-desktop: the data folder would be relative/.local/share/app.keywright.Keywright, wanted an absolute path: HOME is relative
     hint: set HOME to your home folder, or name the vault in KEYWRIGHT_VAULT
    ");
}

#[test]
fn a_second_start_finds_the_window_without_a_bus() {
    let display = Display::start();
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_keywright-desktop");
    let start = || display.command(program, home.path()).stderr(Stdio::null()).spawn().unwrap();
    let mut first = Stopped(start());
    let screen = Screen::of(&display);
    let window = within("a window named Keywright", || screen.window_named("Keywright"));

    // It ends by itself, and as well, and the first is there still.
    let mut second = Stopped(start());
    let status = within("the end of the second start", || second.0.try_wait().unwrap());
    assert!(status.success(), "{status}");
    assert_eq!(screen.window_named("Keywright"), Some(window));
    assert_eq!(first.0.try_wait().unwrap(), None);

    // The next start knows that this one was not closed, and the one after it that it was.
    first.0.kill().unwrap();
    first.0.wait().unwrap();
    let noted =
        || std::fs::read_to_string(home.path().join("config").join(host::APPLICATION).join("window.lock")).unwrap();
    assert!(noted().starts_with("running "), "{}", noted());
    let mut third = Stopped(start());
    let window = within("a window named Keywright", || screen.window_named("Keywright"));
    screen.ask_to_close(window);
    within("the end of the process", || third.0.try_wait().unwrap());
    assert_eq!(noted(), "closed\n");
}
