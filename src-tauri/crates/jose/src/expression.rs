//! Time and id expressions: `"$now"`, `"$now+15m"`, `"$now-30s"`, `"$uuid"`. They are JSON strings in a text that is kept,
//! and become values when it is signed. A text that begins with a dollar is written with two.

use crate::{
    duration::{self, DurationError},
    json::{Document, Kind, Span, quote},
    rewrite::{Rewritten, rewrite},
};

/// What an expression stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// The time of signing, and seconds after or before it.
    Now(i64),
    /// A fresh UUID version 4.
    Uuid,
    /// No expression: a text that begins with one dollar.
    Literal,
}

/// Why a time or id expression could not be resolved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// Not an expression.
    #[error(
        "{path:?} is {found:?}, which is not an expression; wanted \"$now\", \"$now+15m\", \"$now-30s\" or \"$uuid\""
    )]
    Unknown {
        /// The member.
        path: String,
        /// The text.
        found: String,
    },
    /// The duration after `$now` is wrong.
    #[error("{path:?}: {error}")]
    Duration {
        /// The member.
        path: String,
        /// What is wrong.
        error: DurationError,
    },
}

impl ExpressionError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        if let Self::Duration { .. } = self {
            return "write \"$now+15m\", \"$now+1h30m\" or \"$now-30s\"";
        }
        "a text that begins with a dollar is written with two, \"$$\""
    }
}

impl Expression {
    /// Reads the value of a string that begins with a dollar. `None` where no expression begins so.
    fn parse(text: &str) -> Result<Option<Self>, DurationError> {
        Ok(match text.strip_prefix('$') {
            Some("now") => Some(Self::Now(0)),
            Some("uuid") => Some(Self::Uuid),
            Some(literal) if literal.starts_with('$') => Some(Self::Literal),
            Some(other) => match other.strip_prefix("now").and_then(|offset| offset.split_at_checked(1)) {
                Some((sign @ ("+" | "-"), span)) => {
                    let seconds = duration::parse(span)?.cast_signed();
                    Some(Self::Now(if sign == "+" { seconds } else { -seconds }))
                }
                _ => None,
            },
            None => None,
        })
    }

    /// The text of an expression for a time so many seconds from signing: `$now+5m`.
    pub fn now(offset: i64) -> String {
        match offset {
            0 => "$now".to_owned(),
            ahead if ahead > 0 => format!("$now+{}", duration::short(ahead.unsigned_abs())),
            back => format!("$now-{}", duration::short(back.unsigned_abs())),
        }
    }

    /// Any text as a JSON string that no one takes for an expression.
    pub fn quoted(text: &str) -> String {
        if text.starts_with('$') { quote(&format!("${text}")) } else { quote(text) }
    }

    /// What a person reads: `now + 5 min`.
    pub fn words(&self) -> String {
        match self {
            Self::Now(0) => "now".to_owned(),
            Self::Now(ahead) if *ahead > 0 => format!("now + {}", crate::time::span(*ahead)),
            Self::Now(back) => format!("now − {}", crate::time::span(*back)),
            Self::Uuid => "new uuid".to_owned(),
            Self::Literal => "a dollar sign".to_owned(),
        }
    }
}

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The string, with its quotes.
    pub span: Span,
    /// What it stands for.
    pub expression: Expression,
}

/// A text with its expressions resolved.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The new text, and what of it was what.
    pub text: Rewritten,
    /// The expressions that were resolved, in order.
    pub expressions: Vec<Placed>,
    /// Those that could not be; they stand as typed.
    pub errors: Vec<(Span, ExpressionError)>,
}

/// Replaces expressions by their values and `"$$…"` by a string that begins with one dollar; everything else stays byte
/// for byte, but for white space between tokens, which `compact` leaves out.
pub fn resolve(document: &Document<'_>, now: i64, uuid: &mut dyn FnMut() -> String, compact: bool) -> Resolved {
    let (mut expressions, mut errors, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for node in document.nodes().filter(|node| node.kind() == Kind::String && node.raw().starts_with("\"$")) {
        let (span, found) = (node.span(), node.as_str().unwrap_or_default());
        let expression = match Expression::parse(&found) {
            Ok(Some(expression)) => expression,
            Ok(None) => {
                errors.push((span, ExpressionError::Unknown { path: node.path(), found: found.into_owned() }));
                continue;
            }
            Err(error) => {
                errors.push((span, ExpressionError::Duration { path: node.path(), error }));
                continue;
            }
        };
        let value = match &expression {
            Expression::Now(offset) => now.saturating_add(*offset).to_string(),
            Expression::Uuid => quote(&uuid()),
            Expression::Literal => format!("\"{}", &node.raw()[2..]),
        };
        values.push((span, value));
        expressions.push(Placed { span, expression });
    }
    Resolved { text: rewrite(document, &values, compact), expressions, errors }
}

/// The same for a text that cannot go on with an expression that is none. A text that is not JSON is left to
/// [`crate::sign::Draft`] to refuse.
pub fn resolve_expressions(json: &str, now: i64, uuid: &mut dyn FnMut() -> String) -> Result<String, ExpressionError> {
    let Ok(document) = Document::parse(json) else { return Ok(json.to_owned()) };
    let resolved = resolve(&document, now, uuid, false);
    match resolved.errors.into_iter().next() {
        Some((_, error)) => Err(error),
        None => Ok(resolved.text.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_resolved_and_everything_else_stays() {
        let json = r#"{ "iat":"$now", "exp" : "$now+1h30m","nbf":"$now-30s","jti":"$uuid","price":"$$5","n":10.10,"a":["$now"]}"#;
        let resolved = resolve_expressions(json, 1000, &mut || "u-1".to_owned()).unwrap();
        assert_eq!(resolved, r#"{ "iat":1000, "exp" : 6400,"nbf":970,"jti":"u-1","price":"$5","n":10.10,"a":[1000]}"#);
        let wrong = |json| resolve_expressions(json, 0, &mut String::new).unwrap_err().to_string();
        insta::assert_snapshot!(wrong(r#"{"exp":"$tomorrow"}"#), @r#""exp" is "$tomorrow", which is not an expression; wanted "$now", "$now+15m", "$now-30s" or "$uuid""#);
        insta::assert_snapshot!(wrong(r#"{"a":{"exp":"$now+soon"}}"#), @r#""a.exp": "soon" is not a duration"#);
    }

    #[test]
    fn what_is_written_is_read_again_and_has_words() {
        for (offset, text, words) in [
            (0, "$now", "now"),
            (300, "$now+5m", "now + 5 min"),
            (5_400, "$now+90m", "now + 1 h 30 min"),
            (-30, "$now-30s", "now − 30 s"),
        ] {
            assert_eq!(Expression::now(offset), text);
            assert_eq!(Expression::parse(text), Ok(Some(Expression::Now(offset))));
            assert_eq!(Expression::Now(offset).words(), words);
        }
        assert_eq!(Expression::quoted("$5"), "\"$$5\"");
    }
}
