//! Answers that real software gave, and definitions to read them with.

use std::sync::LazyLock;

use keywright_exchange::Answer;
use provider::Definition;

/// A file of recorded answers.
pub struct Recorded(serde_json::Value);

pub static SIMPLEJWT: LazyLock<Recorded> = LazyLock::new(|| Recorded::read(include_str!("simplejwt.json")));

impl Recorded {
    pub fn read(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap())
    }

    /// The answer of this name.
    pub fn answer(&self, name: &str) -> Answer {
        let found = self.0["answers"].as_array().unwrap().iter().find(|answer| answer["name"] == name);
        let found = found.unwrap_or_else(|| panic!("no answer {name:?} was recorded"));
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let fields = found["headers"].as_array().unwrap().iter().map(|field| (text(&field[0]), text(&field[1])));
        Answer {
            status: found["status"].as_u64().unwrap().try_into().unwrap(),
            headers: fields.collect(),
            body: text(&found["body"]).into_bytes(),
            cut: false,
        }
    }
}

/// An answer with a JSON body.
pub fn json(status: u16, body: &str) -> Answer {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Answer { status, headers, body: body.as_bytes().to_vec(), cut: false }
}

/// The same with one more field.
pub fn with(mut answer: Answer, name: &str, value: &str) -> Answer {
    answer.headers.push((name.to_owned(), value.to_owned()));
    answer
}

pub fn built_in(id: &str) -> &'static Definition {
    provider::built_in_named(id).unwrap()
}

/// The authorization server of the RFCs.
pub fn oauth() -> &'static Definition {
    static OAUTH: LazyLock<Definition> = LazyLock::new(|| Definition::parse(include_str!("oauth.toml")).unwrap());
    &OAUTH
}
