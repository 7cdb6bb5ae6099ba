//! Text around a token: what was left out, what else stands there, and names of hosts that are taken for one.

use crate::{Code, Finding, locate::Located, text, unseen::is_ignorable};

/// What to say of the text in which a token was found.
pub(super) fn findings(located: &Located<'_>, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (before, after) = (&text[..located.span.start], &text[located.span.end..]);
    findings.extend(left_out(before, after));
    if *located.token != text[located.span.start..located.span.end] {
        let found = "the token was written for an address, or broken over lines with marks, and is read as it is meant";
        findings.push(Finding::new(Code::AroundToken, found));
    }
    if located.others > 0 {
        let found = match located.others {
            1 => "another token stands in the text; the first is read".to_owned(),
            many => format!("{many} more tokens stand in the text; the first is read"),
        };
        findings.push(Finding::new(Code::MoreTokens, found));
    }
    findings
}

/// Longer texts are not told.
const LONGEST_SHOWN: usize = 24;

fn left_out(before: &str, after: &str) -> Option<Finding> {
    let said = |rest: &str| rest.trim_matches(|c: char| c.is_whitespace() || is_ignorable(c)).to_owned();
    let (front, end) = (said(before), said(after));
    let found = match (front.as_str(), end.as_str()) {
        ("", "") if before.is_empty() && after.is_empty() => return None,
        ("", "") if before.is_empty() && matches!(after, "\n" | "\r\n") => {
            "a line break behind the token was left out".to_owned()
        }
        ("", "") => "white space around the token was left out".to_owned(),
        (front, "") if front.eq_ignore_ascii_case("bearer") => {
            format!("\"{front}\" before the token was left out: it belongs to the header field")
        }
        (front, "") if front.len() <= LONGEST_SHOWN => {
            format!("\"{}\" before the token was left out", text::elide(front))
        }
        ("", end) if end.len() <= LONGEST_SHOWN => format!("\"{}\" behind the token was left out", text::elide(end)),
        (front, end) => {
            let characters = front.chars().count() + end.chars().count();
            format!("the token was taken out of a text with {characters} other characters")
        }
    };
    let hint = "who takes the whole text for the token refuses it";
    Some(Finding::new(Code::AroundToken, found).hint(hint))
}

/// Says that a text is the name of a host.
pub(super) fn no_token(whole: &str) -> Option<Finding> {
    let found = format!("\"{}\" is the name of a host, and not a token", text::elide(whole));
    is_host_name(whole).then(|| Finding::new(Code::NoToken, found).hint("copy the token, and it alone"))
}

/// Whether a text is labels of a host name (RFC 1123 §2.1) that end in letters alone, with a port at the most. A token's parts
/// are longer than a label or have capital letters.
fn is_host_name(text: &str) -> bool {
    let (name, port) = text.rsplit_once(':').unwrap_or((text, "0"));
    let labels: Vec<&str> = name.split('.').collect();
    let is_label = |label: &&str| {
        let body = label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (1..=63).contains(&label.len()) && body && !label.starts_with('-') && !label.ends_with('-')
    };
    let last = labels.last().is_some_and(|last| last.len() > 1 && last.bytes().all(|b| b.is_ascii_lowercase()));
    labels.len() > 1 && labels.iter().all(is_label) && last && port.bytes().all(|b| b.is_ascii_digit())
}
