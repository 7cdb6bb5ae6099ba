//! Calls to try, and what every call carries.

use serde::{Deserialize, Deserializer, de};

use super::FlowAuth;
use crate::template::Template;

/// A call to try.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Endpoint {
    /// The short name.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The HTTP method in upper case.
    pub method: String,
    /// The path with its query, from the base address on.
    pub path: Template,
    /// The body to send, as text. The person may change it.
    pub body: Option<String>,
    /// What the body is; `application/json` if not given.
    pub content_type: Option<String>,
    /// The status when all is well.
    #[serde(default = "ok")]
    pub expect: u16,
    /// The scopes it needs.
    #[serde(default)]
    pub needs: Needs,
    /// Whether calling it changes something.
    #[serde(default)]
    pub side_effects: bool,
    /// Whether it is the one to try first.
    #[serde(default)]
    pub default: bool,
    /// What it takes in place of what every call carries, such as `signed` where a flow gives the access token.
    pub auth: Option<FlowAuth>,
    /// Header fields of the definition that this call does not carry.
    #[serde(default)]
    pub without_headers: Vec<String>,
    /// What it is good for.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
    /// Where the needed scopes are known from, if from elsewhere.
    pub needs_from: Option<String>,
}

const fn ok() -> u16 {
    200
}

/// The scopes a call needs: every one of `all`, and one of `any` unless that is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Needs {
    /// Every one of these.
    pub all: Vec<String>,
    /// And one of these.
    pub any: Vec<String>,
}

/// Where the token stands in a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Placement {
    /// The kind of place.
    #[serde(rename = "in")]
    pub spot: Spot,
    /// The name of the header field, or of the cookie.
    pub name: String,
    /// The word before the token, for a header field.
    pub scheme: Option<String>,
    /// What may stand there, the usual first: [`TOKEN`], or the id of a credential that is sent as it is.
    #[serde(default = "a_token")]
    pub takes: Vec<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// Stands in [`Placement::takes`] for a token that was signed, minted or fetched.
pub const TOKEN: &str = "token";

fn a_token() -> Vec<String> {
    vec![TOKEN.to_owned()]
}

impl Default for Placement {
    /// `Authorization: Bearer …` (RFC 6750 §2.1).
    fn default() -> Self {
        Self {
            spot: Spot::Header,
            name: "Authorization".to_owned(),
            scheme: Some("Bearer".to_owned()),
            takes: a_token(),
            note: None,
            from: None,
        }
    }
}

impl Placement {
    /// The header field that it is written in.
    pub fn field(&self) -> &str {
        match self.spot {
            Spot::Header => &self.name,
            Spot::Cookie => "Cookie",
            Spot::Basic => "Authorization",
        }
    }
}

/// The kinds of place a token can stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// A header field.
    Header,
    /// A cookie.
    Cookie,
    /// The user name and password of HTTP Basic.
    Basic,
}

impl<'de> Deserialize<'de> for Spot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &[&str] = &["header", "cookie", "basic"];
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "header" => Ok(Self::Header),
            "cookie" => Ok(Self::Cookie),
            "basic" => Ok(Self::Basic),
            // Other APIs know these places, so that it is said why they are not known here (RFC 6750 §5.3).
            "query" | "body" => Err(de::Error::custom(format!(
                "{text:?}, where logs and histories would keep the token, wanted header, cookie or basic"
            ))),
            _ => Err(de::Error::unknown_variant(&text, WANTED)),
        }
    }
}

/// A header field beside the token.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExtraHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Template,
    /// Whether it stays away while its value is empty.
    #[serde(default)]
    pub omit_if_empty: bool,
    /// The calls that carry it, as `METHOD /path`, where `{…}` in a path stands for one segment; empty means every call.
    #[serde(default)]
    pub only: Vec<String>,
    /// Paths whose calls do not carry it: the path itself and everything below.
    #[serde(default)]
    pub except: Vec<String>,
    /// The longest value.
    pub max: Option<usize>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}
