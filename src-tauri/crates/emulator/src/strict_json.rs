//! JSON read strictly: a duplicate member at any depth is an error, not a quiet last-wins.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text is not strict JSON.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A member stands twice in one object.
    Duplicate(String),
    /// Not JSON at all, with the parser's word and place.
    Syntax(String),
}

/// Parses one JSON value from `text` and refuses duplicate members and trailing data.
pub(crate) fn parse(text: &str) -> Result<Value, Fault> {
    let mut duplicate = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { duplicate: &mut duplicate }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| error.to_string());
    match (value, duplicate) {
        (_, Some(member)) => Err(Fault::Duplicate(member)),
        (Ok(value), None) => Ok(value),
        (Err(reason), None) => Err(Fault::Syntax(reason)),
    }
}

/// Reads any value; the first duplicate member is left in `duplicate`.
struct Strict<'a> {
    duplicate: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict { duplicate: self.duplicate })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                *self.duplicate = Some(name);
                return Err(A::Error::custom("duplicate member"));
            }
            let value = members.next_value_seed(Strict { duplicate: self.duplicate })?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_json_is_read_as_it_is() {
        let text = r#"{"a":[1,-2,1.5,"x",null,true],"b":{"a":1}}"#;
        assert_eq!(parse(text), Ok(serde_json::from_str(text).unwrap()));
    }

    #[test]
    fn a_duplicate_is_found_at_any_depth_and_under_an_escape() {
        assert_eq!(parse(r#"{"a":1,"a":1}"#), Err(Fault::Duplicate("a".into())));
        assert_eq!(parse(r#"{"x":[{"exp":1,"\u0065xp":2}]}"#), Err(Fault::Duplicate("exp".into())));
    }

    #[test]
    fn trailing_data_and_deep_nesting_are_errors() {
        assert!(matches!(parse("{} {}"), Err(Fault::Syntax(_))));
        assert!(matches!(parse(&"[".repeat(10_000)), Err(Fault::Syntax(_))));
    }
}
