//! The very same window, with dialogs that a test answers instead of a person, and open to WebDriver.
//!
//! `KEYWRIGHT_DIALOGS` names a folder. The n-th dialog writes `n.question.json` there and waits for `n.answer`: a path
//! for a file, `yes` for a question; anything else is a no. An answer may lie there before it is asked for.

#![allow(clippy::expect_used, reason = "without its folder there is nothing to be tested")]

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use keywright_desktop::dialogs::{Dialogs, Question};
use keywright_desktop::{Adapters, StartError};
use serde_json::{Value, json};

fn main() -> Result<(), StartError> {
    host::harden("keywright-desktop");
    let folder = std::env::var_os("KEYWRIGHT_DIALOGS").expect("KEYWRIGHT_DIALOGS names a folder").into();
    let dialogs = Scripted { folder, asked: AtomicUsize::new(0) };
    // A window that leaves no traces cannot be driven: WebKit offers automation in lasting contexts alone. So nobody can
    // drive the shipped program, and this one gives that up.
    let mut context = keywright_desktop::context();
    for window in &mut context.config_mut().app.windows {
        window.incognito = false;
    }
    keywright_desktop::run_with(context, Adapters { dialogs: Box::new(|_| Box::new(dialogs)), ..Adapters::native() })
}

struct Scripted {
    folder: PathBuf,
    asked: AtomicUsize,
}

impl Scripted {
    /// Puts a question and waits for its answer, longer than any test does.
    fn ask(&self, question: &Value) -> Option<String> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        fs::write(self.folder.join(format!("{number}.question.json")), question.to_string()).ok()?;
        let answer = self.folder.join(format!("{number}.answer"));
        let deadline = Instant::now() + Duration::from_secs(300);
        while Instant::now() < deadline {
            if let Ok(text) = fs::read_to_string(&answer) {
                return Some(text.trim().to_owned());
            }
            sleep(Duration::from_millis(20));
        }
        None
    }

    fn file(&self, question: &Value) -> Option<PathBuf> {
        self.ask(question).filter(|path| path.starts_with('/')).map(PathBuf::from)
    }
}

impl Dialogs for Scripted {
    fn open_file(&self, title: &str) -> Option<PathBuf> {
        self.file(&json!({ "kind": "open-file", "title": title }))
    }

    fn save_file(&self, title: &str, name: &str) -> Option<PathBuf> {
        self.file(&json!({ "kind": "save-file", "title": title, "name": name }))
    }

    fn confirm(&self, question: &Question) -> bool {
        let Question { title, detail, verb } = question;
        let asked = json!({ "kind": "confirm", "title": title, "detail": detail, "verb": verb });
        self.ask(&asked).as_deref() == Some("yes")
    }
}
