//! Writes the members of a flow's body, in order, with every secret apart from what may be shown.

use jose::json::{Document, Kind, quote};
use provider::definition::{BodyForm, ClaimType};
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::{Body, Piece, PrepareError};

/// A part of a member's value.
pub(super) enum Part {
    /// May be shown.
    Public(String),
    /// May not.
    Secret {
        /// What secret it is, as [`Piece::Masked`] names it.
        name: String,
        /// The value.
        clear: Zeroizing<String>,
        /// What people see instead.
        shown: String,
    },
}

/// What is written for a member.
pub(super) enum Value {
    /// A text of parts.
    Text(Vec<Part>),
    /// A list of texts: in JSON an array, in a form words with a space between them.
    List(Vec<String>),
}

impl Value {
    /// Whether nothing would be written.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::List(texts) => texts.is_empty(),
            Self::Text(parts) => parts.iter().all(|part| matches!(part, Part::Public(text) if text.is_empty())),
        }
    }
}

/// Puts a body together.
pub(super) struct Writer {
    form: BodyForm,
    pieces: Vec<Piece>,
    empty: bool,
}

impl Writer {
    pub(super) fn new(form: BodyForm) -> Self {
        Self { form, pieces: Vec::new(), empty: true }
    }

    /// Writes one member. `kind` is the JSON type of its value: text unless it is named.
    pub(super) fn member(&mut self, name: &str, value: Value, kind: Option<ClaimType>) -> Result<(), PrepareError> {
        match self.form {
            BodyForm::Json => {
                let opening = if self.empty { '{' } else { ',' };
                self.plain(&format!("{opening}{}:", quote(name)));
                self.json(name, value, kind)?;
            }
            BodyForm::Form => {
                let separator = if self.empty { "" } else { "&" };
                self.plain(&format!("{separator}{}=", byte_serialize(name.as_bytes()).collect::<String>()));
                self.form(value);
            }
        }
        self.empty = false;
        Ok(())
    }

    /// The body, and nothing where no member was written.
    pub(super) fn body(mut self) -> Body {
        if self.empty {
            return Body::default();
        }
        if matches!(self.form, BodyForm::Json) {
            self.plain("}");
        }
        let body = Body::Secret(self.pieces);
        if body.has_secret() { body } else { Body::Plain(body.clear().to_vec()) }
    }

    /// Adds what may be shown.
    fn plain(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Plain(before)) => before.push_str(text),
            _ => self.pieces.push(Piece::Plain(text.to_owned())),
        }
    }

    fn json(&mut self, name: &str, value: Value, kind: Option<ClaimType>) -> Result<(), PrepareError> {
        match (value, kind) {
            (Value::List(texts), None | Some(ClaimType::Strings)) => {
                let texts: Vec<String> = texts.iter().map(|text| quote(text)).collect();
                self.plain(&format!("[{}]", texts.join(",")));
            }
            (Value::List(texts), kind) => {
                return self.json(
                    name,
                    Value::Text(vec![Part::Public(texts.join(" "))]),
                    kind.or(Some(ClaimType::String)),
                );
            }
            (
                Value::Text(parts),
                None | Some(ClaimType::String | ClaimType::StringOrInteger | ClaimType::SpaceString),
            ) => {
                self.string(parts);
            }
            (Value::Text(parts), Some(ClaimType::Strings)) => {
                self.plain("[");
                self.string(parts);
                self.plain("]");
            }
            (Value::Text(parts), Some(kind)) => self.typed(name, &parts, kind)?,
        }
        Ok(())
    }

    fn string(&mut self, parts: Vec<Part>) {
        self.plain("\"");
        for part in parts {
            match part {
                Part::Public(text) => self.plain(&inside(&text)),
                Part::Secret { name, clear, shown } => {
                    let (clear, shown) = (inside(&clear), inside(&shown).to_string());
                    self.pieces.push(Piece::Masked { name, clear, shown });
                }
            }
        }
        self.plain("\"");
    }

    /// A value that is not text: a number, `true`, JSON.
    fn typed(&mut self, name: &str, parts: &[Part], kind: ClaimType) -> Result<(), PrepareError> {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Public(part) => text.push_str(part),
                Part::Secret { name: secret, .. } => {
                    let found = format!("the secret {secret}");
                    return Err(PrepareError::MemberType { name: name.to_owned(), found, wanted: kind.words() });
                }
            }
        }
        if !Document::parse(&text).is_ok_and(|document| fits(document.root().kind(), &text, kind)) {
            let found = format!("{text:?}");
            return Err(PrepareError::MemberType { name: name.to_owned(), found, wanted: kind.words() });
        }
        self.plain(&text);
        Ok(())
    }

    fn form(&mut self, value: Value) {
        let parts = match value {
            Value::Text(parts) => parts,
            Value::List(texts) => vec![Part::Public(texts.join(" "))],
        };
        for part in parts {
            match part {
                Part::Public(text) => self.plain(&byte_serialize(text.as_bytes()).collect::<String>()),
                Part::Secret { name, clear, shown } => {
                    self.pieces.push(Piece::Masked { name, clear: percent_encoded(&clear), shown });
                }
            }
        }
    }
}

/// Whether a JSON value is one of the type that is wanted.
fn fits(found: Kind, text: &str, wanted: ClaimType) -> bool {
    match wanted {
        ClaimType::Integer | ClaimType::Time => found == Kind::Number && text.trim().parse::<i64>().is_ok(),
        ClaimType::Number => found == Kind::Number,
        ClaimType::Boolean => found == Kind::Bool,
        ClaimType::Object => found == Kind::Object,
        ClaimType::Objects | ClaimType::Strings => found == Kind::Array,
        ClaimType::String | ClaimType::StringOrInteger | ClaimType::SpaceString => found == Kind::String,
        ClaimType::Json => true,
    }
}

/// The inside of a JSON string.
fn inside(text: &str) -> Zeroizing<String> {
    let quoted = Zeroizing::new(quote(text));
    Zeroizing::new(quoted[1..quoted.len() - 1].to_owned())
}

/// A value of a form (WHATWG URL §5.2), in one buffer of the right size.
pub(super) fn percent_encoded(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len() * 3));
    for piece in byte_serialize(text.as_bytes()) {
        out.push_str(piece);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(clear: &str) -> Part {
        Part::Secret { name: "password".into(), clear: clear.to_owned().into(), shown: "•••".into() }
    }

    fn text(text: &str) -> Value {
        Value::Text(vec![Part::Public(text.to_owned())])
    }

    fn both(body: &Body) -> (String, String) {
        let clear = String::from_utf8(body.clear().to_vec()).unwrap();
        (clear, String::from_utf8(body.shown().into_owned()).unwrap())
    }

    #[test]
    fn a_json_body_keeps_order_and_types() {
        let mut writer = Writer::new(BodyForm::Json);
        writer.member("user\"name", text("ann \"the\" \\ \n"), None).unwrap();
        writer.member("password", Value::Text(vec![secret("p\"w\\")]), None).unwrap();
        writer.member("scope", Value::List(vec!["a:read".into(), "b".into()]), None).unwrap();
        writer.member("scopes", Value::List(vec!["a".into(), "b".into()]), Some(ClaimType::SpaceString)).unwrap();
        writer.member("one", text("x"), Some(ClaimType::Strings)).unwrap();
        writer.member("ttl", text("900"), Some(ClaimType::Integer)).unwrap();
        writer.member("half", text("0.50"), Some(ClaimType::Number)).unwrap();
        writer.member("on", text("true"), Some(ClaimType::Boolean)).unwrap();
        writer.member("more", text("{\"a\":[1]}"), Some(ClaimType::Json)).unwrap();
        let (clear, shown) = both(&writer.body());
        insta::assert_snapshot!(format!("{clear}\n{shown}"));
        let parsed: serde_json::Value = serde_json::from_str(&clear).unwrap();
        assert_eq!((&parsed["password"], &parsed["user\"name"]), (&"p\"w\\".into(), &"ann \"the\" \\ \n".into()));
    }

    #[test]
    fn a_form_is_percent_encoded() {
        let mut writer = Writer::new(BodyForm::Form);
        writer.member("grant_type", text("urn:ietf:params:oauth:grant-type:jwt-bearer"), None).unwrap();
        writer.member("client secret", Value::Text(vec![secret("a b&c=d%é")]), None).unwrap();
        writer.member("scope", Value::List(vec!["a".into(), "b".into()]), None).unwrap();
        let (clear, shown) = both(&writer.body());
        insta::assert_snapshot!(format!("{clear}\n{shown}"));
        let read: Vec<(String, String)> = url::form_urlencoded::parse(clear.as_bytes()).into_owned().collect();
        assert_eq!(read[1], ("client secret".into(), "a b&c=d%é".into()));
    }

    #[test]
    fn without_members_there_is_no_body_and_without_secrets_a_plain_one() {
        assert!(Writer::new(BodyForm::Json).body().is_empty());
        let mut writer = Writer::new(BodyForm::Json);
        writer.member("a", text("b"), None).unwrap();
        assert!(matches!(writer.body(), Body::Plain(bytes) if bytes == br#"{"a":"b"}"#));
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        let refusal = |value, kind| Writer::new(BodyForm::Json).member("m", value, Some(kind)).unwrap_err().to_string();
        let refusals = [
            refusal(text("1h"), ClaimType::Integer),
            refusal(text("1.5"), ClaimType::Time),
            refusal(text("yes"), ClaimType::Boolean),
            refusal(text("{"), ClaimType::Json),
            refusal(Value::Text(vec![secret("5")]), ClaimType::Number),
        ];
        insta::assert_snapshot!(refusals.join("\n"));
    }
}
