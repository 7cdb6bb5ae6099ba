//! Answers as they may be shown: a log-in's answer is made of tokens.

use jose::json::{Document, Kind, Node, Span, quote};
use provider::definition::Flow;

use super::{pointer::point, text::clip};
use crate::{
    Answer,
    redact::{DOTS, redact},
};

/// What a flow may give that nobody else shall see, by its name in `gives`.
const SECRET_GIVES: [&str; 2] = ["access", "refresh"];

/// Names of members whose texts are secrets wherever they stand, without the characters between their words.
const SECRET_NAMES: [&str; 13] = [
    "access",
    "accesstoken",
    "refresh",
    "refreshtoken",
    "idtoken",
    "token",
    "jwt",
    "secret",
    "clientsecret",
    "apikey",
    "password",
    "privatekey",
    "assertion",
];

/// The body of an answer without the tokens and secrets in it. With `flow`, what its pointers lead to is masked too, and a
/// body that cannot be read is not shown at all.
pub(crate) fn shown_body(answer: &Answer, flow: Option<&Flow>) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    let Ok(document) = Document::parse(&text) else {
        let gives_tokens = flow.is_some_and(|flow| SECRET_GIVES.iter().any(|name| flow.gives.contains_key(*name)));
        return match gives_tokens && (200..300).contains(&answer.status) && !text.is_empty() {
            true => format!("{DOTS} ({} B that are not JSON)", answer.body.len()),
            false => shown_text(&text),
        };
    };
    let mut spans: Vec<(Span, String)> = Vec::new();
    let mut mask = |node: Node<'_, '_>| {
        let shown = node.as_str().map_or_else(|| DOTS.to_owned(), |text| redact(&text));
        spans.push((node.span(), quote(&shown)));
    };
    // What an error says of a field stands under the field's name, and is not a token.
    let gives = flow.filter(|_| (200..300).contains(&answer.status));
    let pointers = gives.into_iter().flat_map(|flow| SECRET_GIVES.iter().filter_map(|name| flow.gives.get(*name)));
    for pointer in pointers.flatten() {
        if let Some(node) = point(document.root(), pointer).filter(|node| node.kind() != Kind::Null) {
            mask(node);
        }
    }
    for node in document.nodes().filter(|node| node.kind() == Kind::String) {
        let named = || node.name().is_some_and(|name| is_secret_name(&name));
        if node.as_str().is_some_and(|text| !text.is_empty() && (is_token(&text) || named())) {
            mask(node);
        }
    }
    replaced(&text, spans)
}

/// The JSON of an answer in a line, as it may stand in a sentence: secrets masked, and not longer than a few lines.
pub fn brief_json(answer: &Answer) -> Option<String> {
    let text = shown_body(answer, None);
    let json = text.trim();
    (json.starts_with(['{', '[']) && !json.contains('<')).then(|| clip(json))
}

/// A text without the tokens in it.
pub(crate) fn shown_text(text: &str) -> String {
    let part_of_token = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("eyJ") {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !part_of_token(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        out.push_str(&if is_token(word) { redact(word) } else { word.to_owned() });
        rest = after;
    }
    out + rest
}

/// A header field of an answer as it may be shown: of a cookie the name alone.
pub(crate) fn shown_field(name: &str, value: &str) -> String {
    match name.eq_ignore_ascii_case("set-cookie") {
        true => match value.split_once('=') {
            Some((cookie, _)) => format!("{cookie}={DOTS}"),
            None => DOTS.to_owned(),
        },
        false => shown_text(value),
    }
}

/// Whether a text looks like a signed token.
fn is_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() >= 3
}

fn is_secret_name(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    SECRET_NAMES.contains(&plain.as_str())
}

/// The text with other texts at some of its places. Of two that overlap the outer one counts.
fn replaced(text: &str, mut spans: Vec<(Span, String)>) -> String {
    spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, shown) in spans.iter().filter(|(span, _)| span.start < span.end) {
        if span.start >= at {
            out.push_str(&text[at..span.start]);
            out.push_str(shown);
            at = span.end;
        }
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(body: &str) -> String {
        shown_body(&Answer { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec(), cut: false }, None)
    }

    #[test]
    fn tokens_and_secrets_are_masked_and_nothing_else() {
        let bodies = [
            r#"{"access":"eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln","refresh":"opaque","user":{"id":1,"name":"ann"}}"#,
            r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"example","expires_in":3600,"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA"}"#,
            r#"{"list":[{"x":"eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln"}],"clientSecret":"s","api-key":"sk_test_51H8xgq2eZvKYlo2C4f2a"}"#,
            r#"{"detail":"Given token not valid","code":"token_not_valid","messages":[{"token_class":"AccessToken"}]}"#,
            r#"{"access":null,"token":"","secret":5}"#,
            "the token eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln, and eyJust a word",
        ];
        insta::assert_snapshot!(bodies.map(shown).join("\n"));
        assert_eq!(shown_field("Set-Cookie", "session=abc; HttpOnly"), "session=•••");
        assert_eq!(shown_field("location", "/?t=eyJh.eyJi.c2ln&x=1"), "/?t=eyJh.eyJi.•••&x=1");
    }

    proptest! {
        #[test]
        fn what_has_no_secret_is_shown_as_it_is(text in "[^e]*") {
            prop_assert_eq!(shown_text(&text), text);
        }

        #[test]
        fn a_signature_is_never_shown(before in ".{0,20}", signature in "[A-Za-z0-9_-]{8,40}", after in "[ ,\"<].{0,20}") {
            let body = format!("{before} eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.{signature}{after}");
            prop_assume!(!before.contains(&signature) && !after.contains(&signature));
            prop_assert!(!shown(&body).contains(&signature));
        }
    }
}
