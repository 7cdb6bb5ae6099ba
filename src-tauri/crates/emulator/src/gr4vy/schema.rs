//! Tables of the bodies that requests may hold, and a reader that goes by them: types, bounds, and no member that is not listed.
//!
//! What is wrong is said in the shape and the words of FastAPI, with which Gr4vy's OpenAPI description answers 422.

use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Most problems that are told of one body.
const TOLD: usize = 50;

/// A member of an object.
pub(super) struct Member {
    pub(super) name: &'static str,
    kind: Kind,
    presence: Presence,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// It must be there.
    Required,
    /// It may be left out; where it is there it says something.
    Optional,
    /// It may be left out, or null.
    Nullable,
}

/// What a value is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A text of so many characters.
    Text(usize, usize),
    /// A text of so many capital letters: a currency, a country.
    Letters(usize),
    /// A telephone number (E.164).
    Phone,
    /// A country and a part of it (ISO 3166-2).
    State,
    /// A UUID, written with hyphens.
    Id,
    /// A time (RFC 3339).
    Time,
    /// An integer within these bounds.
    Integer(i64, i64),
    /// A number within these bounds.
    Number(i32, i32),
    /// True or false.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// An object whose members are all texts, under any name.
    Labels,
    /// An object with these members.
    Object(&'static [Member]),
    /// A list of such things.
    List(&'static Kind),
    /// A list of at least one such thing.
    Several(&'static Kind),
    /// An object that nothing here reads: it is taken as it is, and never repeated.
    Unread,
}

pub(super) const fn required(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, presence: Presence::Required }
}

pub(super) const fn optional(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, presence: Presence::Optional }
}

pub(super) const fn nullable(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, presence: Presence::Nullable }
}

/// One thing that is wrong, as FastAPI says it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Problem {
    loc: Vec<Value>,
    msg: String,
    r#type: &'static str,
}

impl Problem {
    /// A problem with the parameter `name` of the query.
    pub(super) fn of_query(name: &str, kind: &'static str, msg: impl Into<String>) -> Self {
        Self { loc: vec![json!("query"), json!(name)], msg: msg.into(), r#type: kind }
    }

    /// A problem with the variable `name` of the path.
    pub(super) fn of_path(name: &str, kind: &'static str, msg: &str) -> Self {
        Self { loc: vec![json!("path"), json!(name)], msg: msg.to_owned(), r#type: kind }
    }

    /// A problem with the member `name` of the body.
    pub(super) fn of_member(name: &str, kind: &'static str, msg: &str) -> Self {
        Self { loc: vec![json!("body"), json!(name)], msg: msg.to_owned(), r#type: kind }
    }

    /// The body as a whole is of another type.
    pub(super) fn of_body(kind: &'static str, msg: &str) -> Self {
        Self { loc: vec![json!("body")], msg: msg.to_owned(), r#type: kind }
    }
}

/// Reads a body by its table: what it says, without what nothing here reads, or all that is wrong with it.
pub(super) fn read(body: &Map<String, Value>, members: &[Member]) -> Result<Map<String, Value>, Vec<Problem>> {
    let mut reader = Reader { at: vec![json!("body")], problems: Vec::new() };
    let read = reader.object(body, members);
    if reader.problems.is_empty() { Ok(read) } else { Err(reader.problems) }
}

struct Reader {
    at: Vec<Value>,
    problems: Vec<Problem>,
}

impl Reader {
    fn object(&mut self, found: &Map<String, Value>, members: &[Member]) -> Map<String, Value> {
        let mut read = Map::new();
        for member in members {
            self.at.push(json!(member.name));
            match (found.get(member.name), member.presence) {
                (None, Presence::Required) => self.wrong("missing", "Field required"),
                (None, Presence::Optional | Presence::Nullable) | (Some(Value::Null), Presence::Nullable) => {}
                (Some(value), _) => {
                    read.extend(self.value(value, member.kind).map(|value| (member.name.to_owned(), value)));
                }
            }
            self.at.pop();
        }
        for name in found.keys().filter(|name| members.iter().all(|member| member.name != name.as_str())) {
            self.at.push(json!(crate::words::shorten(name)));
            self.wrong("extra_forbidden", "Extra inputs are not permitted");
            self.at.pop();
        }
        read
    }

    /// The value as it may be repeated; nothing where it is wrong, or is not read.
    fn value(&mut self, found: &Value, kind: Kind) -> Option<Value> {
        match kind {
            Kind::Integer(least, most) => self.integer(found, least, most),
            Kind::Number(least, most) => self.number(found, least, most),
            Kind::Flag => self.typed(found, Value::is_boolean, "bool_type", "boolean"),
            Kind::Object(members) => Some(Value::Object(self.members(found).map(|it| self.object(it, members))?)),
            Kind::Unread => self.members(found).and(None),
            Kind::Labels => {
                let labels = self.members(found)?;
                for (name, value) in labels {
                    self.at.push(json!(crate::words::shorten(name)));
                    self.typed(value, Value::is_string, "string_type", "string");
                    self.at.pop();
                }
                Some(found.clone())
            }
            Kind::List(item) | Kind::Several(item) => {
                let Value::Array(items) = found else {
                    self.wrong("list_type", "Input should be a valid list");
                    return None;
                };
                if items.is_empty() && matches!(kind, Kind::Several(_)) {
                    self.wrong("too_short", "List should have at least 1 item after validation, not 0");
                    return None;
                }
                let mut read = Vec::new();
                for (index, value) in items.iter().enumerate() {
                    self.at.push(json!(index));
                    read.extend(self.value(value, *item));
                    self.at.pop();
                }
                Some(Value::Array(read))
            }
            Kind::Text(..) | Kind::Letters(_) | Kind::Phone | Kind::State | Kind::Id | Kind::Time | Kind::Word(_) => {
                self.typed(found, Value::is_string, "string_type", "string")?;
                self.text(found.as_str().unwrap_or_default(), kind).then(|| found.clone())
            }
        }
    }

    /// Whether a text fits; what is wrong with it is noted.
    fn text(&mut self, text: &str, kind: Kind) -> bool {
        let before = self.problems.len();
        match kind {
            Kind::Text(least, most) => {
                let length = text.chars().count();
                let plural = |count: usize| if count == 1 { "" } else { "s" };
                if length < least {
                    let message = format!("String should have at least {least} character{}", plural(least));
                    self.wrong("string_too_short", message);
                } else if length > most {
                    let message = format!("String should have at most {most} character{}", plural(most));
                    self.wrong("string_too_long", message);
                }
            }
            Kind::Letters(count) => {
                let fits = text.len() == count && text.bytes().all(|c| c.is_ascii_uppercase());
                self.pattern(fits, &format!("^[A-Z]{{{count}}}$"));
            }
            Kind::Phone => self.pattern(is_phone(text), "^\\+[1-9]\\d{1,14}$"),
            Kind::State => self.pattern(is_state(text), "^[A-Z]{2}-[A-Z0-9]{1,3}$"),
            Kind::Id if !is_uuid(text) => self.wrong("uuid_parsing", "Input should be a valid UUID"),
            Kind::Time if chrono::DateTime::parse_from_rfc3339(text).is_err() => {
                self.wrong("datetime_from_date_parsing", "Input should be a valid datetime");
            }
            Kind::Word(words) if !words.contains(&text) => {
                self.wrong("enum", format!("Input should be {}", listed(words)));
            }
            _ => {}
        }
        self.problems.len() == before
    }

    fn pattern(&mut self, fits: bool, pattern: &str) {
        if !fits {
            self.wrong("string_pattern_mismatch", format!("String should match pattern '{pattern}'"));
        }
    }

    fn integer(&mut self, found: &Value, least: i64, most: i64) -> Option<Value> {
        // A number without a fraction is an integer, however it is written (JSON Schema, validation §6.1.1).
        let whole = found.as_f64().filter(|number| number.fract() == 0.0);
        let Some(whole) = whole else {
            self.wrong("int_type", "Input should be a valid integer");
            return None;
        };
        #[allow(clippy::cast_possible_truncation, reason = "what does not fit is out of every bound")]
        let value = found.as_i64().unwrap_or(whole as i64);
        (self.bound(value < least, value > most, least, most)).then(|| json!(value))
    }

    fn number(&mut self, found: &Value, least: i32, most: i32) -> Option<Value> {
        let Some(number) = found.as_f64() else {
            self.wrong("float_type", "Input should be a valid number");
            return None;
        };
        let (under, over) = (number < least.into(), number > most.into());
        self.bound(under, over, least.into(), most.into()).then(|| found.clone())
    }

    /// Whether a number lies within its bounds; what is wrong with it is noted.
    fn bound(&mut self, under: bool, over: bool, least: i64, most: i64) -> bool {
        if under {
            self.wrong("greater_than_equal", format!("Input should be greater than or equal to {least}"));
        } else if over {
            self.wrong("less_than_equal", format!("Input should be less than or equal to {most}"));
        }
        !under && !over
    }

    fn members<'v>(&mut self, found: &'v Value) -> Option<&'v Map<String, Value>> {
        if !found.is_object() {
            self.wrong("dict_type", "Input should be a valid dictionary");
        }
        found.as_object()
    }

    fn typed(&mut self, found: &Value, is: fn(&Value) -> bool, kind: &'static str, name: &str) -> Option<Value> {
        if is(found) {
            return Some(found.clone());
        }
        self.wrong(kind, format!("Input should be a valid {name}"));
        None
    }

    fn wrong(&mut self, kind: &'static str, message: impl Into<String>) {
        if self.problems.len() < TOLD {
            self.problems.push(Problem { loc: self.at.clone(), msg: message.into(), r#type: kind });
        }
    }
}

/// Words in pydantic's way: `'a', 'b' or 'c'`.
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.join(""),
    }
}

/// Whether a text is a UUID with its hyphens.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::parse_str(text).is_ok()
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (2..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|c| c.is_ascii_digit())
}

fn is_state(text: &str) -> bool {
    let part = |text: &str, lengths: &[usize], digits: bool| {
        let fits = |c: u8| c.is_ascii_uppercase() || (digits && c.is_ascii_digit());
        lengths.contains(&text.len()) && text.bytes().all(fits)
    };
    text.split_once('-').is_some_and(|(country, state)| part(country, &[2], false) && part(state, &[1, 2, 3], true))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INNER: [Member; 1] = [required("name", Kind::Text(1, 3))];
    const OUTER: [Member; 9] = [
        required("amount", Kind::Integer(0, 99)),
        optional("store", Kind::Flag),
        nullable("currency", Kind::Letters(3)),
        nullable("items", Kind::List(&Kind::Object(&INNER))),
        nullable("labels", Kind::Labels),
        nullable("intent", Kind::Word(&["authorize", "capture"])),
        nullable("card", Kind::Unread),
        nullable("phone", Kind::Phone),
        nullable("state", Kind::State),
    ];

    fn told(body: Value) -> Value {
        match read(body.as_object().unwrap(), &OUTER) {
            Ok(read) => Value::Object(read),
            Err(problems) => {
                let told = |problem: &Problem| {
                    let path: Vec<String> = problem.loc.iter().map(|step| step.to_string().replace('"', "")).collect();
                    format!("{}: {} ({})", path.join("."), problem.msg, problem.r#type)
                };
                json!(problems.iter().map(told).collect::<Vec<_>>())
            }
        }
    }

    #[test]
    fn what_fits_is_repeated_without_what_nobody_reads() {
        let body = json!({
            "amount": 7.0, "currency": null, "items": [{ "name": "a" }], "labels": { "x": "y" },
            "card": { "number": "4111111111111111" }, "phone": "+14155552671", "state": "US-CA",
        });
        let read = json!({
            "amount": 7, "items": [{ "name": "a" }], "labels": { "x": "y" }, "phone": "+14155552671", "state": "US-CA",
        });
        assert_eq!(told(body), read);
    }

    #[test]
    fn all_that_is_wrong_is_said_with_its_place() {
        let body = json!({
            "amount": -1, "store": null, "currency": "usd", "items": [{ "name": "a" }, { "name": "", "x": 1 }, 7],
            "labels": { "x": 1 }, "intent": "void", "card": [], "phone": "0415", "state": "California", "price": 1,
        });
        let told = told(body);
        let lines: Vec<&str> = told.as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        body.amount: Input should be greater than or equal to 0 (greater_than_equal)
        body.store: Input should be a valid boolean (bool_type)
        body.currency: String should match pattern '^[A-Z]{3}$' (string_pattern_mismatch)
        body.items.1.name: String should have at least 1 character (string_too_short)
        body.items.1.x: Extra inputs are not permitted (extra_forbidden)
        body.items.2: Input should be a valid dictionary (dict_type)
        body.labels.x: Input should be a valid string (string_type)
        body.intent: Input should be 'authorize' or 'capture' (enum)
        body.card: Input should be a valid dictionary (dict_type)
        body.phone: String should match pattern '^\+[1-9]\d{1,14}$' (string_pattern_mismatch)
        body.state: String should match pattern '^[A-Z]{2}-[A-Z0-9]{1,3}$' (string_pattern_mismatch)
        body.price: Extra inputs are not permitted (extra_forbidden)
        ");
    }

    #[test]
    fn numbers_are_those_of_json_schema() {
        for (amount, wanted) in [
            (json!(99), json!({ "amount": 99 })),
            (json!(1.5), json!(["body.amount: Input should be a valid integer (int_type)"])),
            (json!("1"), json!(["body.amount: Input should be a valid integer (int_type)"])),
            (json!(true), json!(["body.amount: Input should be a valid integer (int_type)"])),
            (json!(1e30), json!(["body.amount: Input should be less than or equal to 99 (less_than_equal)"])),
            (json!(u64::MAX), json!(["body.amount: Input should be less than or equal to 99 (less_than_equal)"])),
        ] {
            assert_eq!(told(json!({ "amount": amount })), wanted);
        }
    }

    #[test]
    fn a_body_full_of_mistakes_has_a_short_answer() {
        let body: Map<String, Value> = (0..10_000).map(|n| (format!("x{n}"), json!(n))).collect();
        assert_eq!(read(&body, &INNER).unwrap_err().len(), TOLD);
    }
}
