//! Files dragged from another program and dropped on the window, by the protocol that desktops speak (XDND, version 5).

use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, CLIENT_MESSAGE_EVENT, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::display::PATIENCE;

/// The program that files are dragged from.
pub struct Source<'x> {
    x: &'x RustConnection,
    own: Window,
    target: Window,
    uri_list: Atom,
    files: String,
    /// Whether the window has them.
    handed: Cell<bool>,
}

impl<'x> Source<'x> {
    /// Takes hold of files, to be dropped on `target`.
    pub fn new(x: &'x RustConnection, root: Window, target: Window, files: &[impl AsRef<Path>]) -> Self {
        let own = x.generate_id().unwrap();
        let (visual, depth) = (x11rb::COPY_FROM_PARENT, x11rb::COPY_DEPTH_FROM_PARENT);
        let (kind, looks) = (WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
        x.create_window(depth, own, root, 0, 0, 1, 1, 0, kind, visual, &looks).unwrap().check().unwrap();
        let files = files.iter().map(|file| format!("{}\r\n", uri(file.as_ref()))).collect();
        let source = Self { x, own, target, uri_list: atom(x, "text/uri-list"), files, handed: Cell::new(false) };
        x.set_selection_owner(own, atom(x, "XdndSelection"), x11rb::CURRENT_TIME).unwrap().check().unwrap();
        source
    }

    /// Drags them to this place of the screen and lets go; false if the window does not want them.
    pub fn drop_at(&self, x: u16, y: u16) -> bool {
        const VERSION: u32 = 5;
        let place = u32::from(x) << 16 | u32::from(y);
        let copy = atom(self.x, "XdndActionCopy");
        self.say("XdndEnter", [self.own, VERSION << 24, self.uri_list, 0, 0]);
        // The first move makes the window ask for the files; whether it wants them it knows with the one after.
        let deadline = Instant::now() + PATIENCE;
        loop {
            let known = self.handed.get();
            self.say("XdndPosition", [self.own, 0, place, x11rb::CURRENT_TIME, copy]);
            let wanted = self.answer("XdndStatus").is_some_and(|data| data[1] & 1 == 1);
            if known && wanted {
                break;
            }
            if Instant::now() > deadline {
                self.say("XdndLeave", [self.own, 0, 0, 0, 0]);
                return false;
            }
            self.serve(Duration::from_millis(50), |_| None::<()>);
        }
        self.say("XdndDrop", [self.own, 0, x11rb::CURRENT_TIME, 0, 0]);
        self.answer("XdndFinished").is_some()
    }

    fn say(&self, message: &str, data: [u32; 5]) {
        let message = ClientMessageEvent {
            response_type: CLIENT_MESSAGE_EVENT,
            format: 32,
            sequence: 0,
            window: self.target,
            type_: atom(self.x, message),
            data: data.into(),
        };
        self.x.send_event(false, self.target, EventMask::NO_EVENT, message).unwrap().check().unwrap();
    }

    /// Waits for this message of the window, and hands the files out meanwhile.
    fn answer(&self, message: &str) -> Option<[u32; 5]> {
        let message = atom(self.x, message);
        self.serve(PATIENCE, |event| match event {
            Event::ClientMessage(said) if said.type_ == message => Some(said.data.as_data32()),
            _ => None,
        })
    }

    /// Answers the window until it says what is wanted, or so long.
    fn serve<T>(&self, time: Duration, wanted: impl Fn(&Event) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + time;
        while Instant::now() < deadline {
            let Some(event) = self.x.poll_for_event().unwrap() else {
                std::thread::sleep(Duration::from_millis(5));
                continue;
            };
            if let Event::SelectionRequest(request) = &event {
                self.hand_out(request);
            }
            if let Some(found) = wanted(&event) {
                return Some(found);
            }
        }
        None
    }

    /// Gives the names of the files to the window (ICCCM 2.2).
    fn hand_out(&self, request: &SelectionRequestEvent) {
        let SelectionRequestEvent { requestor, property, target, .. } = *request;
        let text = if target == self.uri_list { self.files.as_bytes() } else { &[] };
        self.x.change_property8(PropMode::REPLACE, requestor, property, target, text).unwrap().check().unwrap();
        let given = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor,
            selection: request.selection,
            target,
            property,
        };
        self.x.send_event(false, requestor, EventMask::NO_EVENT, given).unwrap().check().unwrap();
        self.handed.set(self.handed.get() || target == self.uri_list);
    }
}

fn atom(x: &RustConnection, name: &str) -> Atom {
    x.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
}

/// A path as RFC 8089 writes it.
fn uri(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let text = path.as_os_str().as_encoded_bytes().iter().map(|byte| match byte {
        byte if plain(*byte) => char::from(*byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    format!("file://{}", text.collect::<String>())
}
