//! What people set for their eyes: large text, much contrast, no motion. Every screen stays usable, and says so itself.

use std::path::Path;

use serde_json::{Value, json};

use crate::home;
use crate::page::Page;
use crate::stories::SCREENS;

/// Elements that are wider than the window, or hide part of a word that nothing else shows.
const CUT_OFF: &str = r#"
const wide = document.documentElement.scrollWidth > innerWidth + 1 ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
const out = [...document.querySelectorAll('button, input, select, h1, h2, label, [role="tab"]')].filter((it) => {
  const box = it.getBoundingClientRect();
  if (box.width === 0 || box.height === 0) return false;
  for (let up = it.parentElement; up !== null; up = up.parentElement) {
    const { overflowX } = getComputedStyle(up);
    if (overflowX === 'auto' || overflowX === 'scroll') return false;
  }
  return box.left < -1 || box.right > innerWidth + 1;
}).map((it) => `${it.tagName} ${it.textContent.trim().slice(0, 40)}`);
return [...wide, ...out];
"#;

/// Elements that something else is painted over, or that no scrolling brings into the window.
const COVERED: &str = r#"
return [...document.querySelectorAll('main :is(button, input, textarea, h1, h2, p, label, [role="row"])')].filter((it) => {
  const { clipPath, opacity, pointerEvents } = getComputedStyle(it);
  if (clipPath !== 'none' || opacity === '0' || pointerEvents === 'none') return false;
  it.scrollIntoView({ block: 'center' });
  const { left, top, width, height } = it.getBoundingClientRect();
  if (width < 2 || height < 2) return false;
  const there = document.elementFromPoint(left + Math.min(width / 2, 20), top + height / 2);
  return there === null || !(it.contains(there) || there.contains(it));
}).map((it) => `${it.tagName} ${it.textContent.trim().slice(0, 40)} is covered`);
"#;

/// What is cut off on any of the screens.
fn cut_off(page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    for (chord, screen, shown) in SCREENS {
        page.keys(chord);
        page.sees(shown);
        faults.extend(faults_of(page, CUT_OFF, screen));
    }
    faults
}

/// What a script finds on the screen that is open.
fn faults_of(page: &Page, script: &str, screen: &str) -> Vec<String> {
    page.drawn();
    let Value::Array(found) = page.script(script, &[]) else { panic!("a list") };
    found.iter().map(|fault| format!("{screen}: {fault}")).collect()
}

/// A window whose text has this size.
fn with_text(percent: u32) -> Page {
    let home = home::with_acme();
    home::dress(home.path(), "light");
    let file = home.path().join("config").join(host::APPLICATION).join("window.json");
    let look = json!({ "appearance": { "theme": "light", "textPercent": percent } });
    std::fs::write(file, look.to_string()).unwrap();
    Page::unlocked(home)
}

/// What the desktop is set to, as GTK reads it.
fn set_desktop(home: &Path, settings: &str) {
    let folder = home.join("config/gtk-3.0");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("settings.ini"), format!("[Settings]\n{settings}\n")).unwrap();
}

#[test]
fn text_of_200_percent_fits_every_screen() {
    let page = with_text(200);
    page.resize(1280, 800);
    let faults = cut_off(&page);
    assert_eq!(
        page.script("return parseFloat(getComputedStyle(document.documentElement).fontSize) >= 28", &[]),
        json!(true)
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Where there is one column, what is in it stands one under the other, and all of it can be scrolled to.
#[test]
fn large_text_is_painted_over_by_nothing() {
    let mut faults = Vec::new();
    for percent in [175, 200] {
        let page = with_text(percent);
        for (width, height) in [(1280, 800), (960, 600)] {
            page.resize(width, height);
            let at = |screen: &str| format!("{screen} at {percent} %, {width} by {height}");
            for (chord, screen, shown) in SCREENS {
                page.keys(chord);
                page.sees(shown);
                faults.extend(faults_of(&page, COVERED, &at(screen)));
            }
            page.keys("Mod+2");
            page.press("Webhook");
            page.sees("Raw body");
            faults.extend(faults_of(&page, COVERED, &at("webhook")));
            page.press("Token");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_smallest_window_shows_every_control() {
    let page = Page::unlocked(home::with_acme());
    page.resize(960, 600);
    let faults = cut_off(&page);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_moves_where_the_desktop_has_motion_off() {
    let home = home::with_demo();
    set_desktop(home.path(), "gtk-enable-animations=0");
    let page = Page::unlocked(home);
    let reduced = page.script("return matchMedia('(prefers-reduced-motion: reduce)').matches", &[]);
    assert_eq!(reduced, json!(true), "the page hears of it");
    page.script(
        "window.moved = []; document.addEventListener('animationstart', (it) => moved.push(it.animationName), true); \
         document.addEventListener('transitionstart', (it) => moved.push(it.propertyName), true)",
        &[],
    );
    page.send();
    page.sees("Accepted by Local");
    page.keys("Mod+k");
    page.sees(" results");
    page.keys("Escape");
    page.sees_no(" results");
    for (chord, shown) in [("Mod+2", "Paste anywhere"), ("Mod+3", "1 key listed")] {
        page.keys(chord);
        page.sees(shown);
    }
    assert_eq!(page.script("return moved", &[]), json!([]));
}
