//! Names of a request's secrets in the environment and in a program.

use super::secret::{Part, Secret, Spelling, Value};
use crate::{Header, HeaderValue, Piece};

/// The names of the secrets, each given once.
pub(super) struct Names<'r> {
    variable: String,
    /// The names, in the order of first use.
    pub secrets: Vec<Secret>,
    /// What each is called in the request, and its value: one that stands in two places is read once.
    known: Vec<(&'r str, &'r str)>,
}

impl<'r> Names<'r> {
    /// `variable` is for the credential.
    pub fn new(variable: &str) -> Self {
        Self { variable: variable_or_token(variable).to_owned(), secrets: Vec::new(), known: Vec::new() }
    }

    /// The value of a header field. The first one that is masked is the credential.
    pub fn value(&mut self, header: &'r Header) -> Value<'r> {
        let clear = match &header.value {
            HeaderValue::Plain(value) => return Value::Plain(value),
            HeaderValue::Masked { clear, .. } => clear.as_str(),
        };
        let (before, secret) = clear.split_at(before_credential(&header.name, clear));
        let basic = before.eq_ignore_ascii_case("basic ");
        let position = match self.find(&header.name, secret) {
            Some(position) => position,
            None if self.secrets.is_empty() => {
                let local = if basic { "login" } else { "token" };
                self.add((&header.name, secret), self.variable.clone(), local.to_owned())
            }
            None => self.further(&header.name, secret),
        };
        if basic { Value::Basic(position) } else { Value::After(before, position) }
    }

    /// A body with secrets in it. In JSON, a secret between quotes is a string; in a form, one after `=` is a value.
    pub fn parts(&mut self, pieces: &'r [Piece], media_type: &str) -> Vec<Part<'r>> {
        let json = media_type.contains("json");
        let form = media_type.starts_with(FORM);
        let mut parts: Vec<Part<'r>> = Vec::with_capacity(pieces.len());
        let mut after_string = false;
        for (index, piece) in pieces.iter().enumerate() {
            let (name, clear) = match piece {
                Piece::Plain(text) => {
                    parts.push(Part::Text(if after_string { &text[1..] } else { text }));
                    after_string = false;
                    continue;
                }
                Piece::Masked { name, clear, .. } => (name.as_str(), clear.as_str()),
            };
            let position = self.find(name, clear).unwrap_or_else(|| self.further(name, clear));
            let next = match pieces.get(index + 1) {
                Some(Piece::Plain(text)) => text.as_str(),
                _ => "",
            };
            let spelling = match parts.last_mut() {
                Some(Part::Text(text)) if json && next.starts_with('"') && opens_string(text) => {
                    *text = &text[..text.len() - 1];
                    Spelling::Json
                }
                Some(Part::Text(text)) if form && text.ends_with('=') && (next.is_empty() || next.starts_with('&')) => {
                    Spelling::Form
                }
                _ => Spelling::Plain,
            };
            parts.push(Part::Secret(position, spelling));
            after_string = spelling == Spelling::Json;
        }
        parts.retain(|part| !matches!(part, Part::Text("")));
        parts
    }

    fn find(&self, name: &str, clear: &str) -> Option<usize> {
        self.known.iter().position(|known| *known == (name, clear))
    }

    /// A secret beside the credential: `GR4VY_SANDBOX_TOKEN` and `password` make `GR4VY_SANDBOX_PASSWORD`.
    fn further(&mut self, name: &'r str, clear: &'r str) -> usize {
        let mut words: Vec<String> = name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        if words.is_empty() {
            words.push("secret".to_owned());
        }
        // Only these are not a word of any language.
        let plain = words.len() > 1 || ["assertion", "password", "refresh", "secret"].contains(&&*words.join("_"));
        let mut local = words.join("_") + if plain { "" } else { "_value" };
        if !is_name(&local) {
            local.insert_str(0, "secret_");
        }
        let stem = ["_API_KEY", "_TOKEN", "_KEY", "_SECRET"].iter().find_map(|end| self.variable.strip_suffix(end));
        let mut variable =
            stem.map_or_else(String::new, |stem| format!("{stem}_")) + &words.join("_").to_ascii_uppercase();
        if !is_name(&variable) {
            variable.insert_str(0, "SECRET_");
        }
        while self.secrets.iter().any(|secret| secret.variable == variable || secret.local == local) {
            variable.push_str("_2");
            local.push_str("_2");
        }
        self.add((name, clear), variable, local)
    }

    fn add(&mut self, known: (&'r str, &'r str), variable: String, local: String) -> usize {
        self.known.push(known);
        self.secrets.push(Secret { variable, local });
        self.secrets.len() - 1
    }
}

/// `refresh_token` as some languages write it: `refreshToken`.
pub(crate) fn camel(local: &str) -> String {
    let mut words = local.split('_').filter(|word| !word.is_empty());
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(1);
        out.push_str(&first.to_ascii_uppercase());
        out.push_str(rest);
    }
    out
}

/// How many bytes of a header value stand before the credential: `Bearer `, `session=`.
fn before_credential(name: &str, value: &str) -> usize {
    let end = if name.eq_ignore_ascii_case("cookie") { value.find('=') } else { value.find(' ') };
    end.map_or(0, |end| end + 1)
}

/// Whether the quote at the end is one that begins a JSON string, not one within it.
fn opens_string(text: &str) -> bool {
    text.strip_suffix('"').is_some_and(|before| {
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        backslashes.is_multiple_of(2)
    })
}

/// The name of an environment variable, or `TOKEN` where it is not a name that a shell takes.
pub(crate) fn variable_or_token(variable: &str) -> &str {
    if is_name(variable) { variable } else { "TOKEN" }
}

/// Letters, digits and `_`, no digit first.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Vec<String> {
        let mut given = Names::new("SHOP_TEST_TOKEN");
        for (index, name) in names.iter().enumerate() {
            given.further(name, ["a", "b", "c", "d", "e", "f", "g", "h"][index]);
        }
        given.secrets.iter().map(|secret| format!("{} {}", secret.variable, secret.local)).collect()
    }

    #[test]
    fn no_name_is_a_word_of_a_language_or_given_twice() {
        assert_eq!(
            named(&["password", "refresh_token", "class", "body", "X-API-Key", "password", "2fa", "é"]),
            [
                "SHOP_TEST_PASSWORD password",
                "SHOP_TEST_REFRESH_TOKEN refresh_token",
                "SHOP_TEST_CLASS class_value",
                "SHOP_TEST_BODY body_value",
                "SHOP_TEST_X_API_KEY x_api_key",
                "SHOP_TEST_PASSWORD_2 password_2",
                "SHOP_TEST_2FA secret_2fa_value",
                "SHOP_TEST_SECRET secret",
            ]
        );
        assert_eq!(camel("refresh_token"), "refreshToken");
    }

    #[test]
    fn a_secret_is_spelled_as_its_place_wants_it() {
        let spelled = |media_type: &str, before: &str, after: &str| {
            let masked = Piece::Masked { name: "secret".into(), clear: "x".to_owned().into(), shown: String::new() };
            let pieces = [Piece::Plain(before.into()), masked, Piece::Plain(after.into())];
            let parts = Names::new("TOKEN").parts(&pieces, media_type).into_iter().map(|part| match part {
                Part::Text(text) => text.to_owned(),
                Part::Secret(_, spelling) => format!("<{spelling:?}>"),
            });
            parts.collect::<String>()
        };
        let json = "application/json; charset=utf-8";
        assert_eq!(spelled(json, r#"{"a":""#, r#""}"#), r#"{"a":<Json>}"#);
        assert_eq!(spelled(json, r#"{"a":"\\"#, r#""}"#), r#"{"a":"\\<Plain>"}"#);
        assert_eq!(spelled(json, r#"{"a":"\""#, r#""}"#), r#"{"a":"\"<Plain>"}"#);
        assert_eq!(spelled(json, r#"{"a":"Bearer "#, r#""}"#), r#"{"a":"Bearer <Plain>"}"#);
        assert_eq!(spelled(FORM, "a=1&b=", "&c=2"), "a=1&b=<Form>&c=2");
        assert_eq!(spelled(FORM, "b=", ""), "b=<Form>");
        assert_eq!(spelled(FORM, "b=x", ""), "b=x<Plain>");
        assert_eq!(spelled("text/xml", "<a b=\"", "\">"), "<a b=\"<Plain>\">");
    }
}
