//! Fields of a credential beside its secret: user name, client id, expiry date, attributes.

use chrono::NaiveDate;
use provider::{
    Definition,
    definition::{Attribute, Credential as Role},
};

use crate::{
    ground::{CredentialError, Error, names},
    policy::binding::role_of,
    store::{records::Credential, session::Session},
};

/// The name under which templates see the name of a login.
pub const USERNAME: &str = "username";

/// The name under which templates see the id of an OAuth client.
pub const CLIENT_ID: &str = "client_id";

/// The day on which a provider ends an API key.
pub const EXPIRES: &str = "expires";

/// Something that goes with a credential and is not secret, as a provider wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedField {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Whether nothing works without it.
    pub required: bool,
    /// What it may be.
    pub form: FieldForm,
}

/// What a field may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldForm {
    /// Any text.
    Text,
    /// A day: `2027-01-31`.
    Date,
    /// One of these, by id, with what people read.
    Choice(Vec<(String, String)>),
}

impl WantedField {
    fn text(id: &str, label: &str, required: bool) -> Self {
        Self { id: id.to_owned(), label: label.to_owned(), required, form: FieldForm::Text }
    }

    fn choice(attribute: &Attribute) -> Self {
        let choices = attribute.choices.iter().map(|choice| (choice.id.clone(), choice.label.clone())).collect();
        Self { form: FieldForm::Choice(choices), ..Self::text(&attribute.id, &attribute.label, false) }
    }

    /// Says why a value cannot be, if so.
    pub(crate) fn check(&self, value: &str) -> Result<(), Error> {
        let wanted = match &self.form {
            _ if value.chars().any(names::is_misleading) => "text without characters that cannot be seen".to_owned(),
            FieldForm::Date if end_of(value).is_none() => "a day such as 2027-01-31".to_owned(),
            FieldForm::Choice(choices) if !choices.iter().any(|(id, _)| id == value) => {
                choices.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(" or ")
            }
            FieldForm::Text | FieldForm::Date | FieldForm::Choice(_) => return Ok(()),
        };
        Err(Error::Credential(CredentialError::UnfitField {
            label: self.label.clone(),
            found: value.to_owned(),
            wanted,
        }))
    }
}

/// The fields that a provider wants with a credential, in the order in which they are asked.
pub fn wanted_fields(definition: &Definition, role: Role<'_>) -> Vec<WantedField> {
    let fixed = match role {
        Role::Login(_) => Some(WantedField::text(USERNAME, "User name", true)),
        Role::Client(_) => Some(WantedField::text(CLIENT_ID, "Client ID", true)),
        _ => None,
    };
    let also = match role {
        Role::Login(login) => login.also.as_slice(),
        _ => &[],
    };
    // Texts go with what signs; what only registering asks for is not wanted by anything else.
    let texts = match definition.token.as_ref().and_then(|token| token.credential.as_deref()) {
        Some(signs) if signs == role.id() => definition.credentials.texts.as_slice(),
        _ => &[],
    };
    let (attributes, expires) = match role {
        Role::PrivateKey(kind) => (kind.attributes.as_slice(), false),
        Role::ApiKey(kind) => (kind.attributes.as_slice(), kind.expires),
        _ => (&[][..], false),
    };
    // What the provider's file says beside a key; the list of texts has labels for it, or nobody has.
    let file = match role {
        Role::PrivateKey(kind) => kind.file.as_ref(),
        _ => None,
    };
    let beside = file.into_iter().flat_map(|file| file.fields.keys());
    let named = |name: &String| WantedField::text(name, name, false);
    let end = WantedField { form: FieldForm::Date, ..WantedField::text(EXPIRES, "Expires on", false) };
    let asked = also.iter().map(|text| WantedField::text(&text.id, &text.label, false));
    let asked = asked.chain(texts.iter().map(|text| WantedField::text(&text.id, &text.label, text.required)));
    let asked = asked.chain(beside.filter(|name| !texts.iter().any(|text| text.id == **name)).map(named));
    let asked = asked.chain(attributes.iter().map(WantedField::choice)).chain(expires.then_some(end));
    fixed.into_iter().chain(asked).collect()
}

/// The first field that nothing works without and that is missing.
pub(crate) fn missing_field(session: &Session, credential: &Credential) -> Option<WantedField> {
    let (definition, role) = role_of(session, credential).ok()??;
    let mut wanted = wanted_fields(definition, role).into_iter();
    wanted.find(|field| field.required && !credential.fields.contains_key(&field.id))
}

/// The last second of a day, in UTC.
pub(crate) fn end_of(date: &str) -> Option<i64> {
    let day = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    Some(day.and_hms_opt(23, 59, 59)?.and_utc().timestamp())
}
