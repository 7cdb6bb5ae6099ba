//! The built window on a display without a screen: it opens with its page drawn, and closes when asked.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, CLIENT_MESSAGE_EVENT, ClientMessageEvent, ConnectionExt, EventMask, ImageFormat, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

/// Paper and the first tooth of the mark, in light colours (ui/src/styles/tokens.css).
const BACKGROUND: [u8; 3] = [0xFB, 0xFA, 0xF7];
const TOKEN_HEADER: [u8; 3] = [0xB4, 0x12, 0x4A];

#[test]
fn it_opens_draws_and_closes() {
    let display = Display::start();
    let home = tempfile::tempdir().unwrap();
    let mut application = Stopped(
        Command::new(env!("CARGO_BIN_EXE_keywright-desktop"))
            .env("DISPLAY", &display.name)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("GTK_THEME")
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path())
            .env("XDG_CACHE_HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let screen = Screen::of(&display);

    let window = within("a window named Keywright", || screen.window_named("Keywright"));
    assert_eq!(screen.size_of(window), (1280, 800));

    // The colours come from the stylesheet and the shapes from the script, so the policy let both through.
    within("the page's background and mark", || {
        let pixels = screen.pixels_of(window)?;
        let shows = |colour: [u8; 3]| pixels.iter().filter(|pixel| **pixel == colour).count() > 200;
        (shows(BACKGROUND) && shows(TOKEN_HEADER)).then_some(())
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

/// An X server of the test's own, gone with it.
struct Display {
    name: String,
    _server: Stopped,
}

impl Display {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed: `make test` does it");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { name: format!(":{}", number.trim()), _server: Stopped(server) }
    }
}

/// A process that ends with the test, however the test ends.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        // It may have ended by itself, as it should.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a person would see and do, by the X protocol.
struct Screen {
    x: RustConnection,
    root: Window,
}

impl Screen {
    fn of(display: &Display) -> Self {
        let (x, index) = within("the X server", || x11rb::connect(Some(&display.name)).ok());
        let root = x.setup().roots[index].root;
        Self { x, root }
    }

    /// The visible window with this title. Without a window manager it is a child of the root.
    fn window_named(&self, title: &str) -> Option<Window> {
        let children = self.x.query_tree(self.root).unwrap().reply().unwrap().children;
        children.into_iter().find(|window| self.is_visible(*window) && self.title_of(*window).as_deref() == Some(title))
    }

    fn is_visible(&self, window: Window) -> bool {
        let attributes = self.x.get_window_attributes(window).unwrap().reply();
        attributes.is_ok_and(|it| it.map_state == MapState::VIEWABLE)
    }

    fn title_of(&self, window: Window) -> Option<String> {
        let title =
            self.x.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64).unwrap().reply().ok()?;
        String::from_utf8(title.value).ok()
    }

    fn size_of(&self, window: Window) -> (u16, u16) {
        let geometry = self.x.get_geometry(window).unwrap().reply().unwrap();
        (geometry.width, geometry.height)
    }

    /// Every pixel as red, green and blue.
    fn pixels_of(&self, window: Window) -> Option<Vec<[u8; 3]>> {
        let (width, height) = self.size_of(window);
        let image = self.x.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, width, height, !0).unwrap().reply().ok()?;
        Some(image.data.chunks_exact(4).map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect())
    }

    /// What a window manager sends when the close button is pressed (ICCCM 4.2.8.1).
    fn ask_to_close(&self, window: Window) {
        let atom = |name: &[u8]| self.x.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let message = ClientMessageEvent {
            response_type: CLIENT_MESSAGE_EVENT,
            format: 32,
            sequence: 0,
            window,
            type_: atom(b"WM_PROTOCOLS"),
            data: [atom(b"WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0].into(),
        };
        self.x.send_event(false, window, EventMask::NO_EVENT, message).unwrap();
        self.x.flush().unwrap();
    }
}

/// Waits for `ready` to give something, half a minute at most: a busy machine is slow, not wrong.
#[track_caller]
fn within<T>(what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = ready() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
