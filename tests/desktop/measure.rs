//! Figures of the real window, beside an empty one of the same framework: `make bench` builds both for release.
//!
//! Writes one JSON object, for tests/bench to report. Nothing here fails for being slow.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use jose::Alg;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::display::{Display, Screen, Stopped};
use crate::home;
use crate::page::Page;

const ROUNDS: usize = 15;
const COLD_ROUNDS: usize = 5;
const KEYSTROKES: usize = 200;
const GAP_ROUNDS: usize = 7;

/// Takes one kind of figures.
type Measure = fn() -> Value;

#[test]
#[ignore = "takes minutes and wants programs built for release: run `make bench`"]
fn measure() {
    let parts: [(&str, Measure); 6] = [
        ("startUp", start_up),
        ("keystrokes", keystrokes),
        ("unlock", unlocking),
        ("paste", pasting),
        ("gaps", gaps),
        ("list", long_list),
    ];
    let file = home::programs().join("window-figures.json");
    let mut figures = serde_json::Map::new();
    for (name, measure) in parts {
        figures.insert(name.to_owned(), measure());
        // After each part, for who watches.
        std::fs::write(&file, serde_json::to_string_pretty(&figures).unwrap()).unwrap();
    }
}

/// A program whose start is measured.
struct Started {
    name: &'static str,
    program: PathBuf,
    title: &'static str,
}

/// First paint in milliseconds, warm and cold, and memory in KiB: Keywright's locked screen, the empty window, and two keepers of
/// secrets that are no web page, where they are installed. By turns, so that whatever else the machine does meets all alike.
fn start_up() -> Value {
    let ours = |name, program: &str, title| Started { name, program: home::programs().join(program), title };
    let theirs = |name, title| Started { name, program: Path::new("/usr/bin").join(name), title };
    let mut programs = vec![
        ours("keywright", "keywright-desktop", "Keywright"),
        ours("empty", "examples/empty", "Empty"),
        theirs("keepassxc", "KeePassXC"),
        theirs("xca", "X Certificate and Key management"),
    ];
    programs.retain(|it| it.program.exists());
    let home = home::with_demo();
    let display = Display::start();
    let screen = Screen::of(&display);
    let mut warm = vec![Vec::new(); programs.len()];
    let mut memory = vec![Vec::new(); programs.len()];
    let mut cold = vec![Vec::new(); programs.len()];
    for _ in 0..ROUNDS {
        for (index, it) in programs.iter().enumerate() {
            let (painted, process) = first_paint(it, &display, &screen, home.path());
            std::thread::sleep(Duration::from_millis(1500));
            warm[index].push(painted.as_secs_f64() * 1e3);
            memory[index].push(pss_of_tree(process.0.id()));
        }
    }
    for _ in 0..COLD_ROUNDS {
        for (index, it) in programs.iter().enumerate() {
            // Nobody but root may empty the system's cache of files; without that there is no cold start to measure.
            if forget_files().is_ok() {
                cold[index].push(first_paint(it, &display, &screen, home.path()).0.as_secs_f64() * 1e3);
            }
        }
    }
    let figures = warm.into_iter().zip(cold).zip(memory);
    let figures =
        figures.map(|((warm, cold), memory)| json!({ "firstPaintMs": warm, "coldPaintMs": cold, "pssKib": memory }));
    programs.iter().map(|it| it.name.to_owned()).zip(figures).collect::<serde_json::Map<_, _>>().into()
}

/// From the start of a program until there is text in its window.
fn first_paint(it: &Started, display: &Display, screen: &Screen, home: &Path) -> (Duration, Stopped) {
    let began = Instant::now();
    let mut command = display.command(&it.program, home);
    let process = Stopped(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    loop {
        if let Some(window) = screen.window_named(it.title)
            && screen.pixels_of(window).is_some_and(|pixels| has_text(&pixels))
        {
            return (began.elapsed(), process);
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{} painted nothing", it.name);
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Empties the system's cache of files, so that the next start reads them from the disk.
fn forget_files() -> std::io::Result<()> {
    rustix::fs::sync();
    std::fs::write("/proc/sys/vm/drop_caches", "3")
}

/// Something was drawn on the ground: some pixels differ much from the first.
pub fn has_text(pixels: &[[u8; 3]]) -> bool {
    let Some(ground) = pixels.first() else { return false };
    let far = |pixel: &&[u8; 3]| pixel.iter().zip(ground).any(|(a, b)| a.abs_diff(*b) > 96);
    pixels.iter().filter(far).take(60).count() == 60
}

/// The proportional set size of a process and everything that it started, in KiB.
fn pss_of_tree(root: u32) -> u64 {
    let mut family = vec![root];
    let mut next = 0;
    while next < family.len() {
        let children = format!("/proc/{0}/task/{0}/children", family[next]);
        let text = std::fs::read_to_string(children).unwrap_or_default();
        family.extend(text.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
        next += 1;
    }
    let of_one = |id: &u32| {
        let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
        let line = rollup.lines().find(|line| line.starts_with("Pss:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    family.iter().filter_map(of_one).sum()
}

/// From a character in the claims to the token that holds it, in milliseconds.
fn keystrokes() -> Value {
    let page = Page::unlocked(home::with_demo());
    page.write_claims("{\n  \"scopes\": [\"transactions.read\"],\n  \"iat\": \"$now\",\n  \"nbf\": \"$now\",\n  \"exp\": \"$now+5m\",\n  \"jti\": \"$uuid\",\n  \"iss\": \"\"\n}");
    page.until("a token", || page.token());
    let script = r#"
        const [rounds, done] = arguments;
        const view = document.querySelector('.cm-content').cmTile.root.view;
        const shown = document.querySelector('.ribbon');
        const times = [];
        const at = () => view.state.doc.toString().indexOf('"iss": "') + 8;
        const one = () => {
          if (times.length === rounds) return done(times);
          const before = shown.querySelector('.tok').textContent;
          const began = performance.now();
          const watch = new MutationObserver(() => {
            if (shown.querySelector('.tok').textContent === before) return;
            watch.disconnect();
            times.push(performance.now() - began);
            setTimeout(one, 40);
          });
          watch.observe(shown, { subtree: true, childList: true, characterData: true });
          view.dispatch({ changes: { from: at(), insert: 'x' }, userEvent: 'input.type' });
        };
        one();
    "#;
    json!({ "ES512": page.script_later(script, &[json!(KEYSTROKES)]) })
}

/// From Enter on the passphrase to the token, beside the same derivation alone, with a thousand keys.
fn unlocking() -> Value {
    let home = home::with(|session, ports| {
        workbench::demo::prepare(session, ports).unwrap();
        for number in 0..1000 {
            let name = format!("key {number:04}");
            workbench::keys::generate(session, Alg::ES256, 2048, &name, None, ports).unwrap();
        }
    });
    let page = Page::open_in(home);
    let script = r#"
        const done = arguments[arguments.length - 1];
        const began = performance.now();
        const watch = new MutationObserver(() => {
          const token = document.querySelector('.ribbon .tok')?.textContent.replace(/\s/g, '') ?? '';
          if (token.split('.').length !== 3) return;
          watch.disconnect();
          done(performance.now() - began);
        });
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
        document.querySelector('form').requestSubmit();
    "#;
    let (mut whole, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        page.fill("Passphrase", home::PASSPHRASE);
        whole.push(page.script_later(script, &[]));
        page.keys("Mod+Shift+L");
        page.sees("Inspect a token");
        let began = Instant::now();
        home::derive_alone();
        alone.push(began.elapsed().as_secs_f64() * 1e3);
    }
    json!({ "enterToTokenMs": whole, "derivationMs": alone, "keys": 1000 })
}

/// From a pasted token to its verdict, in milliseconds.
fn pasting() -> Value {
    let page = Page::unlocked(home::with_demo());
    let token = page.token().unwrap();
    page.keys("Mod+2");
    page.sees("Paste anywhere");
    let script = r#"
        const [token, done] = arguments;
        const began = performance.now();
        const watch = new MutationObserver(() => {
          if (document.querySelector('.verdict') === null) return;
          watch.disconnect();
          done(performance.now() - began);
        });
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', token);
        document.querySelector('textarea').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    "#;
    let mut taken = Vec::new();
    for _ in 0..ROUNDS {
        taken.push(page.script_later(script, &[json!(token)]));
        page.press("Clear");
        page.sees("Paste anywhere");
    }
    json!({ "toVerdictMs": taken })
}

/// Starts a heartbeat in the page that remembers its longest gap.
const HEARTBEAT: &str = "
    window.gap = 0; let last = performance.now(); clearInterval(window.beat);
    window.beat = setInterval(() => { const now = performance.now(); window.gap = Math.max(window.gap, now - last); last = now; }, 4);
";

/// The longest time in which the page did not move, in milliseconds, while something slow went on. Each round in a window
/// that was just started, as a person meets it.
fn gaps() -> Value {
    let (mut unlock, mut generation, mut request) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..GAP_ROUNDS {
        let page = Page::open_in(home::with_demo());
        page.fill("Passphrase", home::PASSPHRASE);
        page.script(HEARTBEAT, &[]);
        page.keys("Enter");
        page.until("a token", || page.token());
        unlock.push(longest_gap(&page));

        page.keys("Mod+3");
        page.sees("Copy public key");
        page.keys("Mod+n");
        page.sees("Generate a key");
        page.fill("Name", "large");
        page.choose("Kind", "RS512");
        page.press("4096 bits");
        page.script(HEARTBEAT, &[]);
        page.press("Generate");
        page.sees("large is made and sealed");
        generation.push(longest_gap(&page));

        page.keys("Mod+1");
        page.until("a token", || page.token());
        page.keys("Mod+Enter");
        page.sees("Accepted by Local");
        page.set_faults(&json!({ "delay_ms": 1500 }));
        page.script(HEARTBEAT, &[]);
        page.keys("Mod+Enter");
        page.sees("Waiting for the answer");
        page.sees_no("Waiting for the answer");
        request.push(longest_gap(&page));
    }
    json!({ "unlockMs": unlock, "rsaGenerationMs": generation, "slowRequestMs": request })
}

/// Ends the heartbeat and tells its longest gap.
fn longest_gap(page: &Page) -> Value {
    page.script("clearInterval(window.beat); return window.gap", &[])
}

/// Ten thousand keys: the longest gap while they are scrolled through and filtered.
fn long_list() -> Value {
    let home: TempDir = home::with(|session, ports| {
        workbench::demo::prepare(session, ports).unwrap();
        for number in 0..10_000 {
            let name = format!("key {number:05}");
            workbench::keys::generate(session, Alg::ES256, 2048, &name, None, ports).unwrap();
        }
    });
    let page = Page::unlocked(home);
    page.keys("Mod+3");
    page.sees("key 00003");
    let script = r#"
        const done = arguments[arguments.length - 1];
        const list = [...document.querySelectorAll('*')].find((it) => it.scrollHeight > 100000 && it.clientHeight < 2000);
        let gap = 0, last = Infinity, frames = 0;
        const step = (list.scrollHeight - list.clientHeight) / 240;
        const frame = () => {
          const now = performance.now();
          gap = Math.max(gap, now - last);
          last = now;
          if (frames++ === 240) return done(gap);
          list.scrollTop += step;
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
    "#;
    let scrolling = page.script_later(script, &[]);
    page.keys("Mod+f");
    page.script(HEARTBEAT, &[]);
    page.type_text("key 0777");
    page.sees("key 07770");
    let filtering = longest_gap(&page);
    json!({ "keys": 10_000, "scrollMs": scrolling, "filterMs": filtering })
}
