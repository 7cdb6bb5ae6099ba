//! `WWW-Authenticate`: what a server wants to see (RFC 9110 §11.6.1), and its bearer errors (RFC 6750 §3).
//!
//! Reading never fails: what cannot be read is passed over, and its place is told.

use crate::Answer;

/// One challenge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme as it is written: `Bearer`.
    pub scheme: String,
    /// What stands after the scheme where there are no parameters.
    pub token68: Option<String>,
    /// The parameters in order, names in lower case, values without their quotes.
    pub params: Vec<(String, String)>,
}

impl Challenge {
    /// The value of a parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the scheme is this one, in any case.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }
}

/// All challenges of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenges {
    /// In order.
    pub list: Vec<Challenge>,
    /// The first character that is not as it should be, from 1, counted over all fields with `, ` between them.
    pub malformed_at: Option<usize>,
}

impl Challenges {
    /// The challenge that says why a bearer token was refused: a bearer one with an error, else any bearer one, else any
    /// with an error.
    pub fn bearer(&self) -> Option<&Challenge> {
        let has_error = |challenge: &&Challenge| challenge.param("error").is_some();
        let mut bearers = self.list.iter().filter(|challenge| challenge.is("bearer"));
        let first = bearers.clone().next();
        bearers.find(has_error).or(first).or_else(|| self.list.iter().find(has_error))
    }
}

/// Reads the challenges of an answer. Several fields count as one list.
pub fn challenges(answer: &Answer) -> Challenges {
    let fields = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"));
    let text = fields.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(", ");
    Reader { text: text.chars().collect(), at: 0, found: Challenges::default() }.read()
}

struct Reader {
    text: Vec<char>,
    at: usize,
    found: Challenges,
}

impl Reader {
    fn read(mut self) -> Challenges {
        loop {
            while self.next_is(|c| c == ',' || is_space(c)) {
                self.at += 1;
            }
            if self.at == self.text.len() {
                return self.found;
            }
            let start = self.at;
            let ended = self.element().is_some() && {
                self.spaces();
                self.at == self.text.len() || self.next_is(|c| c == ',')
            };
            if !ended {
                self.found.malformed_at.get_or_insert(self.at + 1);
                // A comma was forgotten between two parameters, as happens; anything else is passed over.
                let forgotten = self.at > start && is_space(self.text[self.at - 1]) && self.next_is(is_tchar);
                if !forgotten {
                    self.skip();
                }
            }
        }
    }

    /// A scheme with what follows it, or a further parameter of the last one. A comma stands between both.
    fn element(&mut self) -> Option<()> {
        let start = self.at;
        let word = self.token()?;
        let spaces = self.spaces();
        if self.next_is(|c| c == '=') {
            let Some(last) = self.found.list.len().checked_sub(1) else {
                self.at = start;
                return None;
            };
            return self.param_of(last, &word);
        }
        self.found.list.push(Challenge { scheme: word, ..Challenge::default() });
        let last = self.found.list.len() - 1;
        if spaces == 0 || !self.next_is(is_token68) {
            return Some(());
        }
        if let Some(token68) = self.token68() {
            self.found.list[last].token68 = Some(token68);
            return Some(());
        }
        let name = self.token()?;
        self.spaces();
        self.param_of(last, &name)
    }

    /// `= value`, of the challenge at this place.
    fn param_of(&mut self, challenge: usize, name: &str) -> Option<()> {
        if !self.next_is(|c| c == '=') {
            return None;
        }
        self.at += 1;
        self.spaces();
        let value = if self.next_is(|c| c == '"') { self.quoted()? } else { self.token()? };
        self.found.list[challenge].params.push((name.to_ascii_lowercase(), value));
        Some(())
    }

    /// A token68 that ends the element; nothing is read if what stands there is a parameter.
    fn token68(&mut self) -> Option<String> {
        let rest = &self.text[self.at..];
        let body = rest.iter().take_while(|c| is_token68(**c)).count();
        let padding = rest[body..].iter().take_while(|c| **c == '=').count();
        let space = rest[body + padding..].iter().take_while(|c| is_space(**c)).count();
        let ends = rest.get(body + padding + space).is_none_or(|c| *c == ',');
        ends.then(|| {
            let token = rest[..body + padding].iter().collect();
            self.at += body + padding;
            token
        })
    }

    fn token(&mut self) -> Option<String> {
        let start = self.at;
        while self.next_is(is_tchar) {
            self.at += 1;
        }
        (self.at > start).then(|| self.text[start..self.at].iter().collect())
    }

    /// A quoted string (RFC 9110 §5.6.4).
    fn quoted(&mut self) -> Option<String> {
        let mut out = String::new();
        let mut at = self.at + 1;
        loop {
            match *self.text.get(at)? {
                '"' => break,
                '\\' => {
                    at += 1;
                    out.push(*self.text.get(at)?);
                }
                c => out.push(c),
            }
            at += 1;
        }
        self.at = at + 1;
        Some(out)
    }

    fn spaces(&mut self) -> usize {
        let start = self.at;
        while self.next_is(is_space) {
            self.at += 1;
        }
        self.at - start
    }

    /// Goes to the next comma that stands outside quotes.
    fn skip(&mut self) {
        let mut quoted = false;
        while let Some(c) = self.text.get(self.at).filter(|c| quoted || **c != ',') {
            quoted ^= *c == '"';
            self.at += 1;
        }
    }

    fn next_is(&self, fits: impl Fn(char) -> bool) -> bool {
        self.text.get(self.at).is_some_and(|c| fits(*c))
    }
}

fn is_space(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// A character of a token (RFC 9110 §5.6.2).
fn is_tchar(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// A character of a token68 (RFC 9110 §11.2), without its padding.
fn is_token68(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~+/".contains(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(fields: &[&str]) -> Challenges {
        let headers = fields.iter().map(|value| ("www-authenticate".to_owned(), (*value).to_owned())).collect();
        challenges(&Answer { status: 401, headers, body: Vec::new(), cut: false })
    }

    /// Challenges as a page.
    fn page(fields: &[&str]) -> String {
        let read = read(fields);
        let mut out = format!("{}\n", fields.join(" ⏎ "));
        for challenge in &read.list {
            out += &format!("  {}", challenge.scheme);
            out += &challenge.token68.as_ref().map(|token| format!(" {token}")).unwrap_or_default();
            out += &challenge.params.iter().map(|(name, value)| format!(" {name}={value:?}")).collect::<String>();
            out.push('\n');
        }
        out + &read.malformed_at.map(|at| format!("  malformed at {at}\n")).unwrap_or_default()
    }

    #[test]
    fn the_examples_of_the_rfcs() {
        let examples: &[&[&str]] = &[
            // RFC 9110 §11.6.1.
            &[r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#],
            // RFC 6750 §3.
            &[r#"Bearer realm="example""#],
            &[r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#],
            // RFC 7235 §2.2 allows empty elements and several fields.
            &["Basic realm=\"a\"", "Bearer", "Negotiate YIIB+/a=="],
            &[", ,Bearer  realm = \"x\" ,, error=invalid_token,"],
        ];
        insta::assert_snapshot!(examples.iter().map(|fields| page(fields)).collect::<String>());
    }

    #[test]
    fn malformed_ones_are_read_as_far_as_they_go() {
        let broken: &[&[&str]] = &[
            &[""],
            &["realm=\"x\""],
            &["Bearer realm=\"open, error=\"invalid_token\""],
            &["Bearer realm=, error=\"invalid_token\""],
            &["Bearer error=\"invalid_token\" error_description=\"no comma\", scope=\"a b\""],
            &["\"Bearer\", Basic realm=\"x\""],
            &["Bearer error='invalid_token'"],
            &["Bearer réalm=\"x\", error=\"invalid_token\""],
            &["Bearer error=\"a\\"],
        ];
        insta::assert_snapshot!(broken.iter().map(|fields| page(fields)).collect::<String>());
    }

    #[test]
    fn the_bearer_challenge_with_an_error_speaks() {
        let read = read(&["Bearer realm=\"a\"", "Basic realm=\"b\", bearer error=\"invalid_token\""]);
        assert_eq!(read.bearer().and_then(|challenge| challenge.param("error")), Some("invalid_token"));
        assert_eq!(Challenges::default().bearer(), None);
    }

    proptest! {
        #[test]
        fn any_field_is_read(one in ".*", two in "[A-Za-z =,\"\\\\]*") {
            read(&[&one, &two]);
        }

        #[test]
        fn what_is_written_by_the_grammar_is_read_back(
            scheme in "[A-Za-z][A-Za-z0-9-]{0,8}",
            params in prop::collection::vec(("[a-z_]{1,8}", "[ -~é]{0,20}"), 1..4),
        ) {
            let quoted = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"");
            let written: Vec<String> = params.iter().map(|(n, v)| format!("{n}=\"{}\"", quoted(v))).collect();
            let field = format!("{scheme} {}", written.join(", "));
            let read = read(&[&field]);
            prop_assert_eq!(read.malformed_at, None, "{}", field);
            prop_assert_eq!(read.list.len(), 1);
            prop_assert_eq!(&read.list[0].params, &params);
        }
    }
}
