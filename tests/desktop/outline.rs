//! What a screen reader is told of the page: roles and names as WebKit itself computes them (WebDriver §12.4.9, §12.4.10).

use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::Value;
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

/// Every element that may say something, with the number of the nearest one around it.
pub const CANDIDATES: &str = r#"
const top = [...document.querySelectorAll('[role="dialog"]')].pop() ?? document.body;
const silent = 'script, style, svg *, b, i, kbd, code, em, strong, br, hr, pre *, .cm-content *, .cm-layer *, .cm-gutters, .cm-gutters *, option';
const seen = (it) => it.checkVisibility?.({ visibilityProperty: true }) ?? true;
const all = [top, ...top.querySelectorAll('*')].filter((it) => it === top || !it.matches(silent)
  && it.closest('[aria-hidden="true"], [inert]') === null && seen(it)
  && (!/^(DIV|SPAN|P)$/.test(it.tagName) || it.hasAttribute('role') || it.hasAttribute('aria-label') || it.hasAttribute('tabindex')));
const number = new Map(all.map((it, index) => [it, index]));
const around = (it) => { for (let up = it.parentElement; up !== null; up = up.parentElement) if (number.has(up)) return number.get(up); return null; };
return all.map((it) => [it, around(it), it.matches('[aria-pressed="true"], [aria-selected="true"], [aria-current]:not([aria-current="false"]), [aria-checked="true"]'), it.disabled === true]);
"#;

/// Roles whose name is what they hold, which is not theirs to tell.
const CONTAINERS: [&str; 12] = [
    "list",
    "listitem",
    "row",
    "rowgroup",
    "cell",
    "gridcell",
    "table",
    "group",
    "document",
    "definition",
    "term",
    "status",
];

/// One element as a line, or nothing where a screen reader passes it over.
pub fn line(role: &str, label: &str, chosen: bool, disabled: bool) -> Option<String> {
    if matches!(role, "" | "generic" | "none" | "presentation" | "paragraph" | "text" | "label" | "caption") {
        return None;
    }
    let label = if CONTAINERS.contains(&role) { "" } else { label };
    let marks = [(chosen, " [chosen]"), (disabled, " [disabled]")];
    let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
    Some(match label.split_whitespace().collect::<Vec<_>>().join(" ") {
        label if label.is_empty() => format!("{role}{marks}"),
        label => format!("{role} \"{}\"{marks}", constant(&label)),
    })
}

/// The same text without what changes from run to run: times of day, and how long an answer took.
fn constant(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let plain = |(at, word): (usize, &&str)| {
        let digits = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
        let is_span = digits && words.get(at + 1).is_some_and(|unit| unit.starts_with("ms"));
        let is_time = word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || ":,.".contains(c));
        if is_span || is_time { "…" } else { word }.to_owned()
    };
    words.iter().enumerate().map(plain).collect::<Vec<_>>().join(" ")
}

/// Lines with the depth of those around them.
pub fn indented(lines: &[(Option<String>, Option<usize>)]) -> String {
    let depth = |mut at: usize| {
        let mut depth = 0;
        while let Some(up) = lines[at].1 {
            depth += usize::from(lines[up].0.is_some());
            at = up;
        }
        depth
    };
    let told = lines.iter().enumerate().filter_map(|(at, (line, _))| Some((depth(at), line.as_ref()?)));
    told.map(|(depth, line)| format!("{}{line}\n", "  ".repeat(depth))).collect()
}

/// The id in what WebDriver answers for an element.
pub fn id(element: &Value) -> Option<String> {
    Some(element.as_object()?.values().next()?.as_str()?.to_owned())
}
