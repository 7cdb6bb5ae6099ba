//! The recipe of a token: header parameters, claims, lifetime.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};

use crate::{duration::Seconds, template::Template};

/// How a token is made, or what it holds where the server makes it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Token {
    /// Who makes it.
    #[serde(default)]
    pub signed_by: SignedBy,
    /// The id of the credential it is signed with.
    pub credential: Option<String>,
    /// How long one token is used.
    #[serde(default)]
    pub reuse: Reuse,
    /// Header parameters in the order in which they are written.
    #[serde(default)]
    pub header: Vec<HeaderMember>,
    /// Claims in the order in which they are written.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// What to say about claims that are not listed.
    #[serde(default)]
    pub other_claims: OtherClaims,
    /// How long it lives.
    pub lifetime: Option<Lifetime>,
    /// The token that comes with it and makes the next one.
    pub refresh: Option<RefreshToken>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// What is known of refresh tokens: they are never sent to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RefreshToken {
    /// How long it lives.
    pub lifetime: Option<Seconds>,
    /// Claims and their values by which one is told from an access token. Without any it is opaque.
    #[serde(default)]
    pub marks: BTreeMap<String, String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// Who makes a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignedBy {
    /// We do.
    #[default]
    Us,
    /// The server does, and a flow fetches it; the recipe only describes it.
    Server,
}

/// How long one token is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reuse {
    /// Until it is about to expire.
    #[default]
    WhileValid,
    /// For one call only.
    OneCall,
}

/// One header parameter.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeaderMember {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Template,
    /// Whether the server takes no other value.
    #[serde(default)]
    pub fixed: bool,
    /// Whether it must be there.
    #[serde(default)]
    pub required: bool,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// One claim, or one member of a claim that is an object.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Claim {
    /// Its name.
    pub name: String,
    /// The JSON type of its value.
    #[serde(rename = "type")]
    pub kind: ClaimType,
    /// Whether it must, may or must not be there.
    #[serde(default)]
    pub presence: Presence,
    /// For an optional claim with a value: whether the recipe writes it unasked.
    #[serde(default)]
    pub default_on: bool,
    /// It has an effect only together with this scope.
    pub only_with_scope: Option<String>,
    /// The value the recipe writes. Without it the person gives one.
    pub value: Option<Value>,
    /// Whether the recipe leaves it out while there is nothing to fill in: no scope was chosen, a variable is empty.
    #[serde(default)]
    pub omit_if_empty: bool,
    /// A form that the text must have.
    pub form: Option<ClaimForm>,
    /// The only values that are taken; empty means any.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// Whether two tokens may not share a value.
    #[serde(default)]
    pub fresh: bool,
    /// For objects, and for lists of them: the members that are known.
    #[serde(default)]
    pub members: Vec<Claim>,
    /// For objects: how the names of members are written.
    pub key_case: Option<KeyCase>,
    /// For objects: whether members that are not listed belong to the person and are left as they are.
    #[serde(default)]
    pub open: bool,
    /// What it is for.
    pub title: Option<String>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// The JSON type of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimType {
    /// A string.
    String,
    /// A string or an integer, as servers write user ids.
    StringOrInteger,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A NumericDate: whole seconds since 1970-01-01T00:00:00Z.
    Time,
    /// A list of strings.
    Strings,
    /// Words in one string, with a space between them.
    SpaceString,
    /// An object.
    Object,
    /// A list of objects.
    Objects,
    /// Anything.
    Json,
}

impl ClaimType {
    /// What a person calls it, with an article.
    pub const fn words(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::StringOrInteger => "a string or a whole number",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Time => "a NumericDate, a whole number of seconds",
            Self::Strings => "a list of strings",
            Self::SpaceString => "a string of words with a space between them",
            Self::Object => "an object",
            Self::Objects => "a list of objects",
            Self::Json => "any JSON value",
        }
    }
}

/// Whether a claim must, may or must not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It must.
    Required,
    /// It may.
    #[default]
    Optional,
    /// It must not.
    Forbidden,
}

/// A form that a text must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimForm {
    /// A UUID with hyphens.
    Uuid,
    /// A UUID without hyphens.
    UuidHex,
    /// An ISO 4217 code: three capital letters.
    Currency,
    /// An absolute https address.
    Url,
}

/// How the names of members are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyCase {
    /// `buyer_id`.
    SnakeCase,
    /// `buyerId`.
    CamelCase,
}

/// The value that a recipe writes: a text, or a list of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One template.
    One(Template),
    /// A list of them.
    Many(Vec<Template>),
}

impl Value {
    /// Its templates.
    pub fn templates(&self) -> &[Template] {
        match self {
            Self::One(template) => std::slice::from_ref(template),
            Self::Many(templates) => templates,
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
                Template::parse(text).map(Value::One).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let mut templates = Vec::new();
                while let Some(template) = seq.next_element()? {
                    templates.push(template);
                }
                Ok(Value::Many(templates))
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

/// What to say about claims that are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherClaims {
    /// Nothing.
    #[default]
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Refuse,
}

/// How long a token lives, in the bounds that are known.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lifetime {
    /// What is used unless the person says otherwise.
    pub default: Seconds,
    /// A shorter life is warned about.
    pub warn_under: Option<Seconds>,
    /// A longer life is warned about.
    pub warn_over: Option<Seconds>,
    /// A longer life is an error.
    pub max: Option<Seconds>,
    /// From when on a life is counted.
    #[serde(default)]
    pub counted: Counted,
    /// Renewed when no more than this is left.
    pub renew_before: Option<Seconds>,
    /// Lifetimes to choose from.
    #[serde(default)]
    pub presets: Vec<Preset>,
    /// What one should know.
    pub note: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// From when on the life of a token is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// When it was issued, as it says itself: `iat`, else `nbf`, else now.
    #[default]
    FromIssue,
    /// When the server looks at it: what it still has to live counts, whatever it says of its beginning.
    FromNow,
}

/// A lifetime to choose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Preset {
    /// How long.
    pub time: Seconds,
    /// Who uses it.
    pub label: String,
}
