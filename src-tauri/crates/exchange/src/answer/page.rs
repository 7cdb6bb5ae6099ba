//! Web pages where an API should have answered.

use super::text::clip;
use crate::Answer;

/// A web page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// What it calls itself.
    pub(crate) title: Option<String>,
}

/// The page, if the answer is one: by its content type, or by how it begins.
pub(crate) fn html(answer: &Answer) -> Option<Page> {
    let typed = answer.header("content-type").is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("text/html") || kind.eq_ignore_ascii_case("application/xhtml+xml")
    });
    let text = String::from_utf8_lossy(&answer.body[..answer.body.len().min(LOOKED_AT)]).into_owned();
    let lower = text.to_ascii_lowercase();
    let start = lower.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if !typed && !["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag)) {
        return None;
    }
    // Lower case of ASCII alone keeps every byte where it is.
    let title = lower.find("<title").and_then(|open| {
        let from = open + lower[open..].find('>')? + 1;
        let to = from + lower[from..].find("</title")?;
        let title = text[from..to].split_whitespace().collect::<Vec<_>>().join(" ");
        (!title.is_empty()).then(|| clip(&title))
    });
    Some(Page { title })
}

/// How far into an answer a page is looked for.
const LOOKED_AT: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn page(kind: &str, body: &str) -> Option<Page> {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        html(&Answer { status: 200, headers, body: body.as_bytes().to_vec(), cut: false })
    }

    #[test]
    fn a_page_is_known_by_its_type_or_its_beginning() {
        let title = |title: &str| Some(Page { title: Some(title.to_owned()) });
        let django = "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>Not Found</title>\n</head>\n";
        assert_eq!(page("text/html; charset=utf-8", django), title("Not Found"));
        assert_eq!(page("application/json", django), title("Not Found"));
        assert_eq!(page("TEXT/HTML", ""), Some(Page { title: None }));
        assert_eq!(page("text/plain", "<HTML><TITLE id=a>\n Log  in \n</TITLE>é"), title("Log in"));
        assert_eq!(page("text/plain", "<html><title>open"), Some(Page { title: None }));
        for body in ["{}", "", "<xml/>", "the <html> tag", "é"] {
            assert_eq!(page("application/json", body), None, "{body}");
        }
    }
}
