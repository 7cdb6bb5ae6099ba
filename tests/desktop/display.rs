//! A display without a screen, and what a person would see and do on it, by the X protocol.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, CLIENT_MESSAGE_EVENT, ClientMessageEvent, ConnectionExt, EventMask, ImageFormat, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::dragging::Source;

/// How long anything is waited for before it is called broken. It matters only where a test fails: a busy machine is slow,
/// not wrong.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// An X server of the test's own, gone with it.
pub struct Display {
    name: String,
    _server: Stopped,
}

impl Display {
    /// Starts it, a little larger than the window.
    pub fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed: `make test` does it");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { name: format!(":{}", number.trim()), _server: Stopped(server) }
    }

    /// A command that shows its windows here and keeps its files below `home`.
    pub fn command(&self, program: impl AsRef<OsStr>, home: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.name).env("HOME", home).env("GDK_BACKEND", "x11");
        for stranger in ["WAYLAND_DISPLAY", "GTK_THEME", "DBUS_SESSION_BUS_ADDRESS", "KEYWRIGHT_VAULT"] {
            command.env_remove(stranger);
        }
        // As the shipped program sets it for itself.
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        command.env("XDG_DATA_HOME", home);
        for (variable, folder) in
            [("XDG_CACHE_HOME", "cache"), ("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state")]
        {
            command.env(variable, home.join(folder));
        }
        command
    }
}

/// A process that ends with the test, however the test ends.
pub struct Stopped(pub Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        // It may have ended by itself, as it should.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a person would see and do, by the X protocol.
pub struct Screen {
    x: RustConnection,
    root: Window,
}

impl Screen {
    /// Connects to a display.
    pub fn of(display: &Display) -> Self {
        let (x, index) = within("the X server", || x11rb::connect(Some(&display.name)).ok());
        let root = x.setup().roots[index].root;
        Self { x, root }
    }

    /// The visible window with this title. Without a window manager it is a child of the root.
    pub fn window_named(&self, title: &str) -> Option<Window> {
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

    /// Whether a program holds something for the clipboard.
    pub fn has_clipboard(&self) -> bool {
        let clipboard = self.x.intern_atom(false, b"CLIPBOARD").unwrap().reply().unwrap().atom;
        self.x.get_selection_owner(clipboard).unwrap().reply().unwrap().owner != x11rb::NONE
    }

    /// Width and height in pixels.
    pub fn size_of(&self, window: Window) -> (u16, u16) {
        let geometry = self.x.get_geometry(window).unwrap().reply().unwrap();
        (geometry.width, geometry.height)
    }

    /// Every pixel as red, green and blue.
    pub fn pixels_of(&self, window: Window) -> Option<Vec<[u8; 3]>> {
        let (width, height) = self.size_of(window);
        let image = self.x.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, width, height, !0).unwrap().reply().ok()?;
        Some(image.data.chunks_exact(4).map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect())
    }

    /// Saves what the window shows as a PNG, once it shows the same for a while: a busy machine draws late.
    pub fn save(&self, window: Window, file: &Path) {
        let (width, height) = self.size_of(window);
        let mut pixels = within("the window's pixels", || self.pixels_of(window));
        within("a window that stands still", || {
            std::thread::sleep(Duration::from_millis(350));
            let now = self.pixels_of(window)?;
            // A caret blinks and a second passes.
            let moved = now.iter().zip(&pixels).filter(|(now, before)| now != before).count();
            pixels = now;
            (moved < 600).then_some(())
        });
        let mut encoder = png::Encoder::new(std::fs::File::create(file).unwrap(), width.into(), height.into());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().unwrap().write_image_data(pixels.as_flattened()).unwrap();
    }

    /// What a window manager sends when the close button is pressed (ICCCM 4.2.8.1).
    pub fn ask_to_close(&self, window: Window) {
        let atom = |name: &[u8]| self.x.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let message = ClientMessageEvent {
            response_type: CLIENT_MESSAGE_EVENT,
            format: 32,
            sequence: 0,
            window,
            type_: atom(b"WM_PROTOCOLS"),
            data: [atom(b"WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0].into(),
        };
        // Its answer is waited for: what is still under way when a connection ends may be lost.
        self.x.send_event(false, window, EventMask::NO_EVENT, message).unwrap().check().unwrap();
    }
}

impl Screen {
    /// Drags files from another program to the middle of a window and lets them go there.
    pub fn drop_files(&self, window: Window, files: &[impl AsRef<Path>]) -> bool {
        let (width, height) = self.size_of(window);
        let middle = self.x.translate_coordinates(window, self.root, (width / 2) as i16, (height / 2) as i16).unwrap();
        let middle = middle.reply().unwrap();
        Source::new(&self.x, self.root, window, files).drop_at(middle.dst_x as u16, middle.dst_y as u16)
    }
}

/// Waits for `ready` to give something, as long as our patience lasts.
#[track_caller]
pub fn within<T>(what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = ready() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
