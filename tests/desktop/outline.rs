//! What a screen reader is told of the page: the roles, names and states that we decide, in their order, and whether WebKit
//! tells them so (WebDriver §12.4.9, §12.4.10).
//!
//! What an engine makes of a page beyond that differs from one release to the next: whether a list without markers is one,
//! whether a table holds data, whether a placeholder belongs to a name. None of it is pinned.

use std::fmt;

use fantoccini::wd::WebDriverCompatibleCommand;
use serde::Deserialize;
use tauri::Url;
use tauri::http::Method;

/// Asks for one computed property of an element.
#[derive(Debug)]
pub struct Computed {
    /// The element's id in this session.
    pub element: String,
    /// `computedrole` or `computedlabel`.
    pub property: &'static str,
}

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/element/{}/{}", session.unwrap_or_default(), self.element, self.property))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}

/// `said(element)`: what it is called, by what the page itself says (Accessible Name and Description Computation 1.2): the
/// elements that label it, its own label, the words that it holds; at last what stands where nothing is typed yet.
pub const NAMES: &str = r#"
const plain = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const read = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches('script, style, [aria-hidden="true"]')) return '';
  if (!node.checkVisibility({ visibilityProperty: true })) return '';
  return ` ${node.getAttribute('aria-label') || [...node.childNodes].map(read).join('')} `;
};
const labelled = (element) => {
  const by = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '');
  return plain(by.join(' ')) || plain(element.getAttribute('aria-label')) || plain([...(element.labels ?? [])].map(read).join(' '));
};
const held = (element) => plain([...element.childNodes].map(read).join(''));
const said = (element) => labelled(element) || held(element) || plain(element.placeholder) || plain(element.title);
"#;

/// Every element whose role is ours to decide: those that say it themselves, and those of HTML that are nothing else
/// whatever they look like (HTML Accessibility API Mappings 1.0). A list without markers is none of these.
///
/// With each the number of the nearest one around it. Of a sheet alone where one is open.
pub const DECIDED: &str = r#"
const top = [...document.querySelectorAll('[role="dialog"]')].pop() ?? document.body;
const hidden = '[aria-hidden="true"], [inert], .cm-content *, .cm-layer, .cm-gutters';
const kinds = {
  A: (it) => it.hasAttribute('href') && 'link', BUTTON: () => 'button', TEXTAREA: () => 'textbox', SELECT: () => 'combobox',
  INPUT: (it) => ({ checkbox: 'checkbox', radio: 'radio', search: 'searchbox', range: 'slider', number: 'spinbutton' }[it.type] ?? 'textbox'),
  H1: () => 'heading', H2: () => 'heading', H3: () => 'heading', NAV: () => 'navigation', MAIN: () => 'main', ASIDE: () => 'complementary',
  HEADER: (it) => it.closest('main, section, article, aside, nav') === null && 'banner',
  FOOTER: (it) => it.closest('main, section, article, aside, nav') === null && 'contentinfo',
  SECTION: (it) => labelled(it) !== '' && 'region', FORM: (it) => labelled(it) !== '' && 'form',
  LI: (it) => it.parentElement.getAttribute('role') === 'list' && 'listitem',
  PROGRESS: () => 'progressbar', METER: () => 'meter', DT: () => 'term', DD: () => 'definition',
};
const role = (it) => {
  const own = it.getAttribute('role') ?? kinds[it.tagName]?.(it);
  return !own || ['presentation', 'none'].includes(own) ? null : own === 'img' ? 'image' : own;
};
// What is named by what it holds (WAI-ARIA 1.2 §5.2.8.4), besides rows and cells: their words are read as they stand.
const byContent = ['link', 'button', 'heading', 'option', 'radio', 'checkbox', 'switch', 'tab', 'menuitem', 'menuitemradio', 'menuitemcheckbox'];
const typed = ['textbox', 'searchbox', 'combobox'];
const all = [top, ...top.querySelectorAll('*')].filter((it) => it.closest(hidden) === null
  && it.checkVisibility({ visibilityProperty: true }) && role(it) !== null);
const number = new Map(all.map((it, index) => [it, index]));
const around = (it) => { for (let up = it.parentElement; up !== null; up = up.parentElement) if (number.has(up)) return number.get(up); return null; };
return all.map((it) => {
  const is = role(it);
  const name = byContent.includes(is) || typed.includes(is) && !it.isContentEditable ? said(it) : labelled(it);
  const chosen = it.matches(':checked, [aria-pressed="true"], [aria-selected="true"], [aria-current]:not([aria-current="false"]), [aria-checked="true"]');
  return { element: it, around: around(it), role: is, name, chosen, disabled: it.matches(':disabled, [aria-disabled="true"]') };
});
"#;

/// One element as the page decides it.
#[derive(Deserialize)]
pub struct Decided {
    /// A reference of WebDriver's.
    pub element: serde_json::Value,
    /// The number of the nearest one around it.
    around: Option<usize>,
    role: String,
    name: String,
    chosen: bool,
    disabled: bool,
}

impl Decided {
    /// What WebKit tells otherwise, if it does. It may say more of a name, and break its words elsewhere.
    pub fn differs(&self, role: &str, label: &str) -> Option<String> {
        let words = |text: &str| text.split_whitespace().collect::<String>();
        let agrees = role == self.role && words(label).contains(&words(&self.name));
        (!agrees).then(|| format!("{self}: WebKit tells {role} {label:?}"))
    }
}

impl fmt::Display for Decided {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marks = [(self.chosen, " [chosen]"), (self.disabled, " [disabled]")];
        let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
        let name = if self.name.is_empty() { String::new() } else { format!(" \"{}\"", constant(&self.name)) };
        write!(out, "{}{name}{marks}", self.role)
    }
}

/// The same text without what changes from run to run: times of day, and how long an answer took, however long.
fn constant(text: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in text.split(' ') {
        let is_time = word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || ":,.".contains(c));
        let is_unit = matches!(word.trim_end_matches('.'), "ms" | "s");
        match words.as_slice() {
            [.., "in", count] if is_unit && count.parse::<u64>().is_ok() => {
                words.pop();
                words.push("…");
            }
            _ => words.push(if is_time { "…" } else { word }),
        }
    }
    words.join(" ")
}

/// All of them, a line each, with the depth of those around it.
pub fn indented(decided: &[Decided]) -> String {
    let depth = |one: &Decided| std::iter::successors(one.around, |at| decided[*at].around).count();
    decided.iter().map(|one| format!("{}{one}\n", "  ".repeat(depth(one)))).collect()
}

/// The id in what WebDriver answers for an element.
pub fn id(element: &serde_json::Value) -> Option<String> {
    Some(element.as_object()?.values().next()?.as_str()?.to_owned())
}
