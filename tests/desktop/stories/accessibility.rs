//! Every screen judged by axe in the window itself, where colours and sizes are what a person sees.

use std::fmt::Write as _;

use serde_json::Value;
use workbench::profiles::{self, NewProfile, ProfileChange};

use crate::home;
use crate::page::Page;
use crate::stories::SCREENS;

/// WCAG 2.0 to 2.2, A and AA; the answer is one line for each element at fault.
const JUDGE: &str = r#"
const done = arguments[arguments.length - 1];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
axe.run(document, { runOnly: { type: 'tag', values: tags } }).then(
  ({ violations }) => done(violations.flatMap((it) => it.nodes.map((node) =>
    `${it.id}: ${node.target.join(' ')}: ${node.any.concat(node.all).map((one) => one.message).join('; ')}`))),
  (error) => done([String(error)]),
);
"#;

fn judge(page: &Page, screen: &str, faults: &mut Vec<String>) {
    if page.script("return typeof window.axe", &[]) == "undefined" {
        let axe = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/node_modules/axe-core/axe.min.js"));
        page.script(&axe.expect("axe-core is fetched with the page's packages"), &[]);
    }
    // What fades in is judged when it is there.
    page.stands_still();
    let Value::Array(found) = page.script_later(JUDGE, &[]) else { panic!("axe answers a list") };
    faults.extend(found.iter().map(|fault| format!("{screen}: {}", fault.as_str().unwrap_or_default())));
}

#[test]
fn no_screen_breaks_a_rule_of_wcag() {
    let mut faults = Vec::new();
    for theme in ["light", "dark"] {
        let home = home::with_acme();
        home::dress(home.path(), theme);
        let page = Page::open_in(home);
        page.sees("Unlock");
        judge(&page, &format!("{theme}, unlock"), &mut faults);
        page.unlock();
        judge(&page, &format!("{theme}, build"), &mut faults);
        page.send();
        page.sees("Accepted by Local");
        judge(&page, &format!("{theme}, verdict"), &mut faults);
        page.press("Emulator…");
        page.sees("200 accepted");
        judge(&page, &format!("{theme}, emulator"), &mut faults);
        page.keys("Escape");
        page.sees_no("Set these faults");
        page.keys("Mod+Shift+S");
        page.sees("Arrows move");
        judge(&page, &format!("{theme}, scopes"), &mut faults);
        page.keys("Escape");
        page.sees_no("Arrows move");
        page.keys("Mod+k");
        page.sees(" results");
        judge(&page, &format!("{theme}, palette"), &mut faults);
        page.keys("Escape");
        page.sees_no(" results");
        // Build was judged above, in more than one state.
        for (chord, screen, shown) in SCREENS.into_iter().skip(1) {
            page.keys(chord);
            page.sees(shown);
            judge(&page, &format!("{theme}, {screen}"), &mut faults);
            if screen == "inspect" {
                page.press("Webhook");
                page.sees("Webhooks of");
                judge(&page, &format!("{theme}, webhook"), &mut faults);
                page.press("Token");
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a screen reader is told of each screen: pinned is what we decide, and WebKit must tell it so.
#[test]
fn every_screen_has_an_outline_that_reads_well() {
    let home = home::with(|session, ports| {
        home::import(session, "p521-none.pkcs8.pem", "checkout", ports);
        let variables = [("gr4vy_id".to_owned(), "acme".to_owned())].into();
        let new = NewProfile { name: "Acme".to_owned(), provider: "gr4vy".to_owned(), variables };
        profiles::add(session, new, ports).unwrap();
        let keys = [("local".to_owned(), "checkout".to_owned())].into();
        profiles::change(session, "Acme", &ProfileChange { keys, ..Default::default() }, ports).unwrap();
    });
    let page = Page::open_in(home);
    let mut told = String::new();
    let mut read = |screen: &str| write!(told, "# {screen}\n{}\n", page.agreed_outline()).unwrap();
    page.sees("Unlock");
    read("unlock");
    page.unlock();
    read("build");
    page.send();
    page.sees("Accepted by Local");
    read("build, with a verdict");
    page.keys("Mod+Shift+S");
    page.sees("Arrows move");
    page.type_text("buyers");
    read("scopes");
    page.keys("Escape");
    page.sees_no("Arrows move");
    for (chord, screen, shown) in [
        ("Mod+2", "inspect", "Paste anywhere"),
        ("Mod+3", "keys", "Copy public key"),
        ("Mod+4", "profiles", "Defaults of a new draft"),
        ("Mod+,", "settings", "Change passphrase"),
        ("Mod+k", "palette", " results"),
    ] {
        page.keys(chord);
        page.sees(shown);
        read(screen);
    }
    insta::assert_snapshot!(told);
}

/// The control of the outline: what we decide and lose shows in it, what WebKit does not follow is named, and what WebKit
/// guesses is neither.
#[test]
fn an_outline_misses_what_is_lost_and_no_guess_of_the_engine() {
    let page = Page::unlocked(home::with_demo());
    page.keys("Mod+4");
    page.sees("Defaults of a new draft");
    let whole = page.agreed_outline();
    let lost = |from: &str| -> Vec<String> {
        let (now, _) = page.outline();
        let mut left: Vec<&str> = now.lines().map(str::trim).collect();
        let gone = from.lines().map(str::trim).filter(|line| match left.iter().position(|other| other == line) {
            Some(at) => {
                left.remove(at);
                false
            }
            None => true,
        });
        gone.map(str::to_owned).collect()
    };

    // A role of ours, which its items needed.
    let list = "section[aria-label=Environments] ul";
    page.script("document.querySelector(arguments[0]).removeAttribute('role')", &[list.into()]);
    let items = lost(&whole);
    assert!(items.len() > 1 && items[0] == "list" && items[1..].iter().all(|line| line == "listitem"), "{items:?}");
    // Whatever WebKit makes of that list now, nobody is told.
    let plain = page.agreed_outline();

    // Names of ours: one that is given, one that is a label's, one that is held.
    for (script, line) in [
        (
            "document.querySelector('nav[aria-label=\"All profiles\"]').removeAttribute('aria-label')",
            "navigation \"All profiles\"",
        ),
        ("document.querySelector('main label').remove()", "textbox \"Base URL of Local\""),
        ("document.querySelector('main h1').textContent = ''", "heading \"Profiles\""),
    ] {
        page.script(script, &[]);
        assert!(lost(&plain).contains(&line.to_owned()), "{line} is not missed: {:?}", lost(&plain));
    }

    // What we say and WebKit does not tell.
    page.script("document.querySelector(arguments[0]).setAttribute('role', 'lists')", &[list.into()]);
    let (_, differs) = page.outline();
    assert!(differs.iter().any(|one| one.starts_with("lists: WebKit tells ")), "{differs:?}");
}
