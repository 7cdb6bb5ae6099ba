//! The real commands, permissions and state in a runtime without a display, with dialogs and a clipboard of the test's.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use host::{Clipboard, ClipboardError, Copied};
use keywright_desktop::Adapters;
use keywright_desktop::dialogs::{Dialogs, Question};
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, Listener, Manager, WebviewWindow, WebviewWindowBuilder};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A window of the application, and what it told and asked.
pub struct Mock {
    pub page: WebviewWindow<MockRuntime>,
    pub home: TempDir,
    /// Every event that the page was sent, as JSON.
    pub events: Arc<Mutex<Vec<String>>>,
    pub person: Arc<Person>,
    pub clipboard: Arc<Mutex<String>>,
    app: App<MockRuntime>,
}

/// What the person at the dialogs says, and what was asked.
#[derive(Default)]
pub struct Person {
    pub agrees: Mutex<bool>,
    pub file: Mutex<Option<PathBuf>>,
    pub asked: Mutex<Vec<String>>,
}

impl Mock {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let app = keywright_desktop::with_commands(mock_builder()).build(keywright_desktop::context()).unwrap();
        let (person, clipboard) = (Arc::new(Person::default()), Arc::new(Mutex::new(String::new())));
        let asked = AskedPerson(Arc::clone(&person));
        let adapters = Adapters {
            dialogs: Box::new(|_| Box::new(asked)),
            clipboard: Box::new(Held(Arc::clone(&clipboard))),
            vault: Some(home.path().join("vault.kwv")),
            memory: Some(home.path().join("window.json")),
            inspect: false,
        };
        keywright_desktop::set_up(app.handle(), adapters).unwrap();
        let page = app.get_webview_window(keywright_desktop::MAIN).unwrap();
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        page.listen_any(wire::EVENT, move |event| heard.lock().unwrap().push(event.payload().to_owned()));
        Self { page, home, events, person, clipboard, app }
    }

    /// A window of the same application that no capability names.
    pub fn stranger(&self) -> WebviewWindow<MockRuntime> {
        WebviewWindowBuilder::new(&self.app, "stranger", tauri::WebviewUrl::default()).build().unwrap()
    }

    /// What the page is answered.
    pub fn call(&self, command: &str, request: &Value) -> Result<Value, Value> {
        invoke(&self.page, command, &json!({ "request": request }))
    }
}

/// What `page` is answered when it invokes `command`.
pub fn invoke(page: &WebviewWindow<MockRuntime>, command: &str, arguments: &Value) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: "tauri://localhost".parse().unwrap(),
        body: InvokeBody::Json(arguments.clone()),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.into(),
    };
    get_ipc_response(page, request).map(|body| body.deserialize().unwrap())
}

struct AskedPerson(Arc<Person>);

impl AskedPerson {
    fn note(&self, question: String) {
        self.0.asked.lock().unwrap().push(question);
    }
}

impl Dialogs for AskedPerson {
    fn open_file(&self, title: &str) -> Option<PathBuf> {
        self.note(title.to_owned());
        self.0.file.lock().unwrap().clone()
    }

    fn save_file(&self, title: &str, name: &str) -> Option<PathBuf> {
        self.note(format!("{title}: {name}"));
        self.0.file.lock().unwrap().clone()
    }

    fn confirm(&self, question: &Question) -> bool {
        self.note(format!("{} {} [{}]", question.title, question.detail, question.verb));
        *self.0.agrees.lock().unwrap()
    }
}

/// A clipboard that nobody else sees.
struct Held(Arc<Mutex<String>>);

impl Clipboard for Held {
    fn read(&self) -> Result<Option<Zeroizing<String>>, ClipboardError> {
        Ok(Some(self.0.lock().unwrap().clone()).filter(|text| !text.is_empty()).map(Zeroizing::new))
    }

    fn copy(&self, text: &str, _secret: bool) -> Result<Copied, ClipboardError> {
        text.clone_into(&mut self.0.lock().unwrap());
        Ok(Copied::of(text))
    }

    fn clear(&self, copied: &Copied) -> Result<bool, ClipboardError> {
        let mut text = self.0.lock().unwrap();
        let ours = Copied::of(&text) == *copied;
        if ours {
            text.clear();
        }
        Ok(ours)
    }
}
