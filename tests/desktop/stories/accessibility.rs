//! Every screen judged by axe in the window itself, where colours and sizes are what a person sees.

use serde_json::Value;

use crate::home;
use crate::page::Page;

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
    page.drawn();
    std::thread::sleep(std::time::Duration::from_millis(500));
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
        page.keys("Mod+Enter");
        page.sees("Accepted by Local");
        judge(&page, &format!("{theme}, verdict"), &mut faults);
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
        for (chord, screen, shown) in [
            ("Mod+2", "inspect", "Paste anywhere"),
            ("Mod+3", "keys", "checkout-2026-11"),
            ("Mod+4", "profiles", "Acme"),
            ("Mod+,", "settings", "Change passphrase"),
        ] {
            page.keys(chord);
            page.sees(shown);
            judge(&page, &format!("{theme}, {screen}"), &mut faults);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
