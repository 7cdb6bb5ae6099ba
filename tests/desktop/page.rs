//! The page in the real window, driven as a person would: by what controls are called, and by keys.
//!
//! WebKit's own driver starts the program and speaks WebDriver; nothing stands between it and the test. A control is found
//! by the name that a screen reader would say.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::display::{Display, PATIENCE, Screen, Stopped, within};
use crate::home;
use crate::outline::{self, Computed, Decided};

/// Where its standard error goes, below its home.
const LOG: &str = "driver.log";

/// The running program with its page.
pub struct Page {
    client: Client,
    runtime: Runtime,
    _driver: Stopped,
    display: Display,
    home: TempDir,
}

impl Page {
    /// Starts the window in a home of its own.
    pub fn open() -> Self {
        Self::open_in(tempfile::tempdir().unwrap())
    }

    /// Starts the window in a home that may hold a vault already. Dialogs of the system are answered by [`Page::answer`].
    pub fn open_in(home: TempDir) -> Self {
        Self::start(&home::programs().join("examples/scripted"), home)
    }

    fn start(program: &Path, home: TempDir) -> Self {
        let display = Display::start();
        std::fs::create_dir_all(home.path().join("dialogs")).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let wanted = json!({
            // A script does real work: ten megabytes are put into a field by one.
            "timeouts": { "script": (5 * PATIENCE).as_millis() as u64 },
            "webkitgtk:browserOptions": { "binary": program, "args": [] },
        });
        let Value::Object(wanted) = wanted else { unreachable!("an object was written") };
        let (mut driver, mut port) = driver(&display, home.path());
        let client = within("WebKit's driver and the program", || {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            let address = format!("http://127.0.0.1:{port}");
            let client = runtime.block_on(builder.capabilities(wanted.clone()).connect(&address));
            if driver.0.try_wait().unwrap().is_none() {
                return client.ok();
            }
            // Another program took the port in the meantime: what answers there, if anything does, is not this driver.
            let _ = client.map(|stranger| runtime.block_on(stranger.close()));
            (driver, port) = self::driver(&display, home.path());
            None
        });
        let page = Self { client, runtime, _driver: driver, display, home };
        // A session begins before the page is there.
        page.until("the page", || (page.script(STAY, &[]) == json!(true)).then_some(()));
        page
    }

    /// Starts the window in a home with a vault, and unlocks it.
    pub fn unlocked(home: TempDir) -> Self {
        let page = Self::open_in(home);
        page.unlock();
        page
    }

    /// Types the passphrase of every vault made for tests, and waits for Build.
    #[track_caller]
    pub fn unlock(&self) {
        self.fill("Passphrase", home::PASSPHRASE);
        self.keys("Enter");
        // The editor comes after the first paint.
        self.until("the token of Build and its claims", || self.token().filter(|_| !self.claims().is_empty()));
    }

    /// The token that Build shows, if it shows a whole one.
    pub fn token(&self) -> Option<String> {
        let shown: String = self.text_of(".ribbon .tok")?.split_whitespace().collect();
        let (_, signature) = shown.rsplit_once('.').filter(|(input, _)| input.contains('.'))?;
        // An unsigned draft has words in the place of its signature.
        (signature.len() > 40).then_some(shown)
    }

    /// Waits for nothing: whether the claims of the token that Build shows hold this text.
    pub fn token_holds(&self, text: &str) -> Option<()> {
        let token = self.token()?;
        let payload = token.split('.').nth(1)?;
        let claims = data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?;
        String::from_utf8_lossy(&claims).contains(text).then_some(())
    }

    /// The claims as typed; the editor draws only what is in view and pills for expressions, so its document is asked.
    pub fn claims(&self) -> String {
        let text = self
            .script("return document.querySelector('.cm-content')?.cmTile.root.view.state.doc.toString() ?? ''", &[]);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Puts the cursor into the claims.
    #[track_caller]
    pub fn focus_claims(&self) {
        self.until("the claims editor", || {
            let focused = "const it = document.querySelector('.cm-content'); it?.focus(); return it !== null && it === document.activeElement";
            (self.script(focused, &[]) == json!(true)).then_some(())
        });
    }

    /// Types other claims in place of those that are there, as pasted text.
    #[track_caller]
    pub fn write_claims(&self, text: &str) {
        self.focus_claims();
        self.keys("Mod+a");
        self.script("document.execCommand('insertText', false, arguments[0])", &[json!(text)]);
        self.until("the claims as written", || (self.claims() == text).then_some(()));
    }

    /// Chooses an option of a list by both their names.
    #[track_caller]
    pub fn choose(&self, list: &str, option: &str) {
        self.press(list);
        self.press(option);
    }

    /// Lets the emulator that the window started misbehave, as JSON says. It must have been called before.
    pub fn set_faults(&self, faults: &Value) {
        if !self.text().contains("http://127.0.0.1:") {
            self.press("Request");
        }
        let url = self.until("the address that was called", || {
            let text = self.text();
            let start = text.find("http://127.0.0.1:")?;
            text[start..].split(['/', ' ']).nth(2).map(str::to_owned)
        });
        let body = faults.to_string();
        let request = format!(
            "PUT /_emulator/faults HTTP/1.1\r\nHost: {url}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        let mut answer = String::new();
        let mut stream = std::net::TcpStream::connect(&url).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }

    /// Presses the first cure that is offered for the first finding.
    #[track_caller]
    pub fn press_fix(&self) {
        self.until("a cure to press", || self.presses_fix().then_some(()));
    }

    /// The same where one may not be there; whether it was.
    pub fn presses_fix(&self) -> bool {
        let pressed =
            "const fix = document.querySelector('.findings li .btn:not(.bare)'); fix?.click(); return fix !== null";
        self.script(pressed, &[]) == json!(true)
    }

    /// Closes the window by its button, waits for the program's end, and keeps its home.
    #[track_caller]
    pub fn close_by_its_button(self) -> TempDir {
        self.ask_to_close();
        let screen = Screen::of(&self.display);
        let deadline = Instant::now() + PATIENCE;
        while screen.window_named("Keywright").is_some() {
            let asked = std::fs::read_to_string(self.question(1)).unwrap_or_default();
            assert!(Instant::now() < deadline, "the window stays; the system asked: {asked}");
            std::thread::sleep(Duration::from_millis(50));
        }
        self.home
    }

    /// Answers the n-th dialog of the system: a path for a file, `yes` for a question.
    pub fn answer(&self, number: usize, answer: &str) {
        let folder = self.home.path().join("dialogs");
        // Written apart and moved, so that it is never read half.
        std::fs::write(folder.join("answer.new"), answer).unwrap();
        std::fs::rename(folder.join("answer.new"), folder.join(format!("{number}.answer"))).unwrap();
    }

    /// Waits for the n-th dialog of the system and says what it asks.
    #[track_caller]
    pub fn asked(&self, number: usize) -> Value {
        let file = self.question(number);
        self.until("a dialog of the system", || serde_json::from_slice(&std::fs::read(&file).ok()?).ok())
    }

    /// Whether there was an n-th dialog.
    pub fn was_asked(&self, number: usize) -> bool {
        self.question(number).exists()
    }

    fn question(&self, number: usize) -> PathBuf {
        self.home.path().join("dialogs").join(format!("{number}.question.json"))
    }

    /// The folder in which the program keeps its files.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What the program and the driver wrote to their standard error so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.home.path().join(LOG)).unwrap()).into_owned()
    }

    /// Closes the program and keeps its home, for another start.
    pub fn close(self) -> TempDir {
        let Self { client, runtime, home, .. } = self;
        runtime.block_on(client.close()).unwrap();
        home
    }

    /// Presses the control of this name: a button, link, option or menu item.
    #[track_caller]
    pub fn press(&self, name: &str) {
        self.until(&format!("a control named {name:?} to press"), || {
            let control = self.find("control", name)?;
            self.block(control.click()).ok()
        });
    }

    /// Puts text into the field of this name, in place of what is there.
    #[track_caller]
    pub fn fill(&self, name: &str, text: &str) {
        self.until(&format!("a field named {name:?}"), || {
            let field = self.find("field", name)?;
            self.block(field.click()).ok()
        });
        self.keys("Mod+a");
        match text {
            "" => self.keys("Backspace"),
            text => self.type_text(text),
        }
    }

    /// Types into the field of this name as a person does: one key after the other, so that the driver, which speaks to
    /// the window's process, never sends the text in one piece.
    #[track_caller]
    pub fn type_by_keys(&self, name: &str, text: &str) {
        self.fill(name, "");
        for one in text.chars() {
            let press = [KeyAction::Down { value: one }, KeyAction::Up { value: one }];
            let press = press.into_iter().fold(KeyActions::new("keyboard".into()), KeyActions::then);
            self.block(self.client.perform_actions(press)).unwrap();
        }
    }

    /// The window's process.
    #[track_caller]
    pub fn process(&self) -> u32 {
        let home = self.home.path().as_os_str().as_encoded_bytes();
        let is_window = |folder: &Path| {
            let program = std::fs::read_link(folder.join("exe")).is_ok_and(|exe| exe.ends_with("examples/scripted"));
            let environment = || std::fs::read(folder.join("environ")).unwrap_or_default();
            program && environment().windows(home.len()).any(|window| window == home)
        };
        self.until("the window's process", || {
            let processes = std::fs::read_dir("/proc").ok()?.flatten();
            let found = processes.map(|entry| entry.path()).find(|folder| is_window(folder))?;
            found.file_name()?.to_str()?.parse().ok()
        })
    }

    /// The processes in which WebKit draws this window's page. It may keep another one ready for the next page; which of them
    /// draws this one cannot be told from outside.
    #[track_caller]
    pub fn web_processes(&self) -> Vec<i32> {
        let window = self.process();
        let is_child = |process: &Path| {
            let status = std::fs::read_to_string(process.join("status")).unwrap_or_default();
            status.lines().any(|line| line.strip_prefix("PPid:").is_some_and(|it| it.trim() == window.to_string()))
        };
        let is_web = |process: &Path| {
            std::fs::read_to_string(process.join("comm")).is_ok_and(|name| name.starts_with("WebKitWebProces"))
        };
        let processes = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        let found = processes.filter(|process| is_child(process) && is_web(process));
        found.filter_map(|process| process.file_name()?.to_str()?.parse().ok()).collect()
    }

    /// Ends the processes in which WebKit draws this window's page, as a crash would. The driver speaks to nobody after it.
    #[track_caller]
    pub fn crash_web_processes(&self) {
        for process in self.web_processes() {
            let process = rustix::process::Pid::from_raw(process).unwrap();
            // One that has ended by now is what is wanted.
            let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
        }
    }

    /// Types into whatever has the focus.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        let focused = self.block(self.client.active_element()).unwrap();
        self.block(focused.send_keys(text)).unwrap();
    }

    /// Presses keys together: `Mod+Shift+S`, `Enter`, `ArrowDown`.
    pub fn keys(&self, chord: &str) {
        let keys: Vec<char> = chord.split('+').map(key).collect();
        let downs = keys.iter().map(|value| KeyAction::Down { value: *value });
        let ups = keys.iter().rev().map(|value| KeyAction::Up { value: *value });
        let actions = downs.chain(ups).fold(KeyActions::new("keyboard".into()), KeyActions::then);
        self.block(self.client.perform_actions(actions)).unwrap();
    }

    /// Sends by the keyboard, once there is a call to send: keys that come while the page still reads the draft do nothing.
    #[track_caller]
    pub fn send(&self) {
        let ready = "return [...document.querySelectorAll('button')].some((button) => \
            button.textContent.trim().startsWith('Send') && !button.disabled && button.ariaDisabled !== 'true' && button.offsetParent !== null)";
        self.until("a call that can be sent", || (self.script(ready, &[]) == json!(true)).then_some(()));
        self.keys("Mod+Enter");
    }

    /// Waits until the page shows this text, and answers all of it.
    #[track_caller]
    pub fn sees(&self, text: &str) -> String {
        self.until(&format!("the text {text:?}"), || Some(self.text()).filter(|all| all.contains(text)))
    }

    /// Waits until the page does not show this text any more.
    #[track_caller]
    pub fn sees_no(&self, text: &str) {
        self.until(&format!("the end of the text {text:?}"), || (!self.text().contains(text)).then_some(()));
    }

    /// What a person can read, spaces and line breaks made one.
    pub fn text(&self) -> String {
        let shown = self.script("return document.body.innerText", &[]);
        shown.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of the first element that a selector finds.
    pub fn text_of(&self, selector: &str) -> Option<String> {
        let found = self.script("return document.querySelector(arguments[0])?.textContent", &[json!(selector)]);
        found.as_str().map(str::to_owned)
    }

    /// Whether there is a control of this name that can be pressed now.
    pub fn offers(&self, name: &str) -> bool {
        self.find("control", name).is_some()
    }

    /// Runs a script in the page.
    #[track_caller]
    pub fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.block(self.client.execute(script, arguments.to_vec())).unwrap()
    }

    /// Runs a script that answers later, through the function it gets as its last argument.
    #[track_caller]
    pub fn script_later(&self, script: &str, arguments: &[Value]) -> Value {
        self.block(self.client.execute_async(script, arguments.to_vec())).unwrap()
    }

    /// Puts text in as a paste would: at once, where the cursor is.
    #[track_caller]
    pub fn insert(&self, text: &str) {
        self.script("document.execCommand('insertText', false, arguments[0])", &[json!(text)]);
    }

    /// Puts a text of many equal characters in place of what the focused field holds.
    #[track_caller]
    pub fn insert_repeated(&self, character: &str, times: usize) {
        let script = "document.activeElement.select?.(); document.execCommand('insertText', false, arguments[0].repeat(arguments[1]))";
        self.script(script, &[json!(character), json!(times)]);
    }

    /// Puts text into the field of this name as a paste would.
    #[track_caller]
    pub fn insert_into(&self, name: &str, text: &str) {
        self.until(&format!("a field named {name:?}"), || self.block(self.find("field", name)?.click()).ok());
        self.insert(text);
    }

    /// The verdict on the signature in Inspect: `good`, `bad` or `unknown`.
    pub fn tone_of_signature(&self) -> Option<String> {
        let verdict = "return [...document.querySelectorAll('[data-verdict]')].find((it) => it.textContent.includes('Signature'))?.dataset.verdict";
        self.script(verdict, &[]).as_str().map(str::to_owned)
    }

    /// Waits until the page drew what it shows.
    pub fn drawn(&self) {
        self.script_later(
            "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)))",
            &[],
        );
    }

    /// Waits until the page drew what it shows, and nothing of it fades or moves to its place any more.
    pub fn stands_still(&self) {
        self.drawn();
        self.script_later(
            "const done = arguments[arguments.length - 1]; \
             const ending = document.getAnimations().filter((it) => Number.isFinite(it.effect.getComputedTiming().endTime)); \
             Promise.allSettled(ending.map((it) => it.finished)).then(() => done(true))",
            &[],
        );
        self.drawn();
    }

    /// Gives the window another size, in CSS pixels.
    pub fn resize(&self, width: u32, height: u32) {
        self.block(self.client.set_window_size(width, height)).unwrap();
        self.until("the new size", || {
            (self.script("return [innerWidth, innerHeight]", &[]) == json!([width, height])).then_some(())
        });
    }

    /// Saves what the window shows.
    pub fn picture(&self, file: &Path) {
        let screen = Screen::of(&self.display);
        let window = within("the window", || screen.window_named("Keywright"));
        screen.save(window, file);
    }

    /// Closes the window as its close button would.
    pub fn ask_to_close(&self) {
        let screen = Screen::of(&self.display);
        let window = within("the window", || screen.window_named("Keywright"));
        screen.ask_to_close(window);
    }

    /// Drags files from another program into the window and lets them go.
    #[track_caller]
    pub fn drop_files(&self, files: &[impl AsRef<Path>]) {
        let screen = Screen::of(&self.display);
        let window = within("the window", || screen.window_named("Keywright"));
        assert!(screen.drop_files(window, files), "the window takes no files");
    }

    /// The display, for another program beside this one.
    pub fn display(&self) -> &Display {
        &self.display
    }

    /// Waits for `ready` to give something, and says what the page showed if it never does.
    #[track_caller]
    pub fn until<T>(&self, what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = ready() {
                return found;
            }
            if Instant::now() > deadline {
                let asked = (1..).map_while(|number| std::fs::read_to_string(self.question(number)).ok());
                let asked: String = asked.collect();
                panic!("waited in vain for {what}; the system asked: {asked}; the page shows: {}", self.text());
            }
            std::thread::sleep(Duration::from_millis(40));
        }
    }

    /// What a screen reader is told, as we decide it; of a sheet alone where one is open. With it, what WebKit tells otherwise.
    pub fn outline(&self) -> (String, Vec<String>) {
        let decided = self.script(&[outline::NAMES, outline::DECIDED].concat(), &[]);
        let decided: Vec<Decided> = serde_json::from_value(decided).unwrap();
        let differs = decided.iter().filter_map(|one| {
            let computed = |property| {
                let command = Computed { element: outline::id(&one.element).unwrap(), property };
                let told = self.block(self.client.issue_cmd(command)).unwrap();
                told.as_str().unwrap_or_default().to_owned()
            };
            one.differs(&computed("computedrole"), &computed("computedlabel"))
        });
        (outline::indented(&decided), differs.collect())
    }

    /// The outline that WebKit agrees with: it makes its own a moment after the page changed.
    #[track_caller]
    pub fn agreed_outline(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (outline, differs) = self.outline();
            if differs.is_empty() {
                return outline;
            }
            assert!(Instant::now() < deadline, "{}", differs.join("\n"));
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn find(&self, role: &str, name: &str) -> Option<Element> {
        let script = [outline::NAMES, FIND].concat();
        let found = self.block(self.client.execute(&script, vec![json!(role), json!(name)])).ok()?;
        let id = found.as_object()?.values().next()?.as_str()?.to_owned();
        Some(Element::from_element_id(self.client.clone(), id.into()))
    }

    fn block<T>(&self, command: impl Future<Output = Result<T, CmdError>>) -> Result<T, CmdError> {
        self.runtime.block_on(command)
    }
}

/// Keeps every message until a later one takes its place, as a pointer that rests on it would: how fast a test reads must
/// not matter.
const STAY: &str = r#"
if (location.protocol !== 'tauri:' || document.readyState === 'loading') return false;
const rest = () => document.querySelector('.toasts')?.dispatchEvent(new PointerEvent('pointerenter'));
new MutationObserver(rest).observe(document, { subtree: true, childList: true });
document.addEventListener('pointerleave', (event) => event.target.matches?.('.toasts') && rest(), true);
rest();
return true;
"#;

/// Finds what can be used now: visible, enabled, not behind a dialog; the exact name before one that begins with it.
const FIND: &str = r#"
const [role, wanted] = arguments;
const selector = role === 'field'
  ? 'input, textarea, select, [contenteditable="true"], [role="combobox"], [role="textbox"]'
  : 'button, a[href], summary, label, [role="button"], [role="link"], [role="option"], [role="menuitem"],'
    + '[role="menuitemradio"], [role="menuitemcheckbox"], [role="tab"], [role="radio"], [role="checkbox"], [role="switch"], tr[aria-selected], [role="row"]';
const dialog = [...document.querySelectorAll('[role="dialog"], [role="alertdialog"]')].pop();
const usable = (element) => {
  const box = element.getBoundingClientRect();
  if (box.width === 0 || box.height === 0 || element.disabled || element.getAttribute('aria-disabled') === 'true') return false;
  if (element.closest('[inert], [aria-hidden="true"]')) return false;
  // A dialog covers what stands before it, not what opens from it, and no message.
  const covered = dialog !== undefined && dialog.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
  if (covered && !element.closest('.toasts')) return false;
  return getComputedStyle(element).visibility !== 'hidden';
};
const all = [...document.querySelectorAll(selector)].filter(usable).map((element) => [said(element), element]);
const found = all.find(([name]) => name === wanted) ?? all.find(([name]) => name.startsWith(wanted));
if (!found) return null;
found[1].scrollIntoView({ block: 'nearest' });
return found[1];
"#;

/// The key as WebDriver writes it (WebDriver §17.4.2).
fn key(name: &str) -> char {
    match name {
        "Mod" | "Ctrl" => '\u{e009}',
        "Shift" => '\u{e008}',
        "Alt" => '\u{e00a}',
        "Enter" => '\u{e007}',
        "Escape" => '\u{e00c}',
        "Tab" => '\u{e004}',
        "Space" => ' ',
        "Backspace" => '\u{e003}',
        "Delete" => '\u{e017}',
        "ArrowLeft" => '\u{e012}',
        "ArrowUp" => '\u{e013}',
        "ArrowRight" => '\u{e014}',
        "ArrowDown" => '\u{e015}',
        "Home" => '\u{e011}',
        "End" => '\u{e010}',
        "F6" => '\u{e036}',
        "F8" => '\u{e038}',
        one => one.chars().next().expect("a key has a name"),
    }
}

/// Starts WebKit's driver, on a port that nobody listened on a moment ago.
fn driver(display: &Display, home: &Path) -> (Stopped, u16) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let log = std::fs::File::options().create(true).append(true).open(home.join(LOG)).unwrap();
    let mut command = display.command("WebKitWebDriver", home);
    command.args(["--host=127.0.0.1", &format!("--port={port}")]).env("TAURI_WEBVIEW_AUTOMATION", "true");
    command.env("KEYWRIGHT_DIALOGS", home.join("dialogs")).stdout(Stdio::null()).stderr(log);
    (Stopped(command.spawn().expect("WebKitWebDriver is installed: `make test` does it")), port)
}
