//! Providers on the wire.

use std::collections::BTreeMap;

use jose::{key::SecretEncoding, time::span};
use provider::{
    Definition,
    definition::{BaseUrl, Credential as Role},
};
use serde::Serialize;
use ts_rs::TS;
use workbench::{
    environments,
    fields::{self, FieldForm, WantedField},
};

use crate::{ClaimSheet, FlowRow, Tier};

/// An API's definition in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where its API is documented.
    pub documentation: Option<String>,
    /// What one should know first.
    pub note: Option<String>,
    /// The variables of its addresses and headers.
    pub variables: Vec<Variable>,
    /// Where it can be reached.
    pub environments: Vec<Environment>,
    /// The scopes it knows.
    pub scopes: Vec<Scope>,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
    /// Lifetimes that people choose.
    pub lifetimes: Vec<Lifetime>,
    /// The algorithms that a key may have, the usual one first.
    pub algs: Vec<&'static str>,
    /// Dialogs in which claims are filled in, in the order of the menu.
    pub sheets: Vec<ClaimSheet>,
    /// Whether its tokens are signed here.
    pub signs_here: bool,
    /// What calls may carry, the usual first.
    pub takes: Vec<TokenOrKey>,
    /// What one authenticates with.
    pub credentials: Vec<CredentialKind>,
    /// How a token is got where it is not signed here, and what goes with it.
    pub flows: Vec<FlowRow>,
    /// How its webhooks are signed, in a line; none where that is not known.
    pub webhook: Option<String>,
    /// How its credentials are rotated. Of several for one credential, the first that is meant for the next key counts.
    pub rotations: Vec<ProviderRotation>,
}

/// How a credential is rotated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProviderRotation {
    /// The id of the credential.
    pub credential: String,
    /// The next keys that it is meant for, as `EC/P-521`; any where none is named.
    pub keys: Vec<String>,
    /// Whether the next key is made here; otherwise the provider makes it.
    pub made_here: bool,
    /// Whether the old key works beside the next one.
    pub overlaps: bool,
    /// Whether the provider gets to know the next key by a call; otherwise a person brings it there.
    pub by_call: bool,
    /// Whether the provider tells when a key was last used.
    pub tells_last_use: bool,
    /// The endpoint that proves a key.
    pub prove: Option<String>,
    /// How it goes, in a line.
    pub words: String,
    /// What one should know.
    pub note: Option<String>,
    /// Whether nobody confirmed it.
    pub assumed: bool,
}

/// What a call may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum TokenOrKey {
    /// A token.
    Token,
    /// The opaque key itself.
    Key,
}

impl TokenOrKey {
    /// What a definition names so.
    fn of(taken: &str) -> Self {
        if taken == provider::definition::TOKEN { Self::Token } else { Self::Key }
    }
}

/// A kind of credential that a provider has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CredentialKind {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// What it is.
    pub kind: SecretKind,
    /// Whether calls or their tokens are made with it, rather than something else such as a webhook's check.
    pub authenticates: bool,
    /// What goes with it and is not secret.
    pub fields: Vec<CredentialField>,
    /// How the text of a secret may stand for its bytes, the usual way first.
    pub encodings: Vec<&'static str>,
    /// How one begins, by environment, where that shows.
    pub prefixes: BTreeMap<String, Vec<String>>,
    /// What one should know.
    pub note: Option<String>,
}

/// What a credential of a provider is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// A private key, which signs.
    PrivateKey,
    /// A shared secret, which keys a MAC.
    Secret,
    /// An opaque key that is sent as it is.
    ApiKey,
    /// A user name with its password.
    Login,
    /// An OAuth client id with its secret.
    Client,
}

/// What goes with a credential and is not secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CredentialField {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Whether nothing works without it.
    pub required: bool,
    /// What it may be.
    pub form: FieldKind,
    /// Of a choice, what it may be.
    pub choices: Vec<FieldChoice>,
}

/// What a field may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// A day.
    Date,
    /// One of its choices.
    Choice,
}

/// One value that a field may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldChoice {
    /// Its id.
    pub id: String,
    /// What people read.
    pub label: String,
}

impl From<WantedField> for CredentialField {
    fn from(field: WantedField) -> Self {
        let (form, choices) = match field.form {
            FieldForm::Text => (FieldKind::Text, Vec::new()),
            FieldForm::Date => (FieldKind::Date, Vec::new()),
            FieldForm::Choice(choices) => (FieldKind::Choice, choices),
        };
        let choices = choices.into_iter().map(|(id, label)| FieldChoice { id, label }).collect();
        Self { id: field.id, label: field.label, required: field.required, form, choices }
    }
}

fn roles(definition: &Definition) -> Vec<CredentialKind> {
    let row = |role: Role<'_>| {
        let (kind, note, encodings) = match role {
            Role::PrivateKey(it) => (SecretKind::PrivateKey, &it.note, Vec::new()),
            Role::Secret(it) => {
                (SecretKind::Secret, &it.note, it.encodings.iter().map(|e| SecretEncoding::from(*e).name()).collect())
            }
            Role::ApiKey(it) => (SecretKind::ApiKey, &it.note, Vec::new()),
            Role::Login(it) => (SecretKind::Login, &it.note, Vec::new()),
            Role::Client(it) => (SecretKind::Client, &it.note, Vec::new()),
            Role::Text(_) => return None,
        };
        let begins = |environment: &provider::Environment| {
            let prefixes = environment.credential_prefixes.clone();
            (matches!(role, Role::ApiKey(_)) && !prefixes.is_empty()).then(|| (environment.id.clone(), prefixes))
        };
        let fields = fields::wanted_fields(definition, role).into_iter();
        Some(CredentialKind {
            id: role.id().to_owned(),
            label: role.label().to_owned(),
            kind,
            authenticates: definition.authenticates(role.id()),
            fields: fields.map(CredentialField::from).collect(),
            encodings,
            prefixes: definition.environments.iter().filter_map(begins).collect(),
            note: note.clone(),
        })
    };
    definition.credentials.all().filter_map(row).collect()
}

fn rotations(definition: &Definition) -> Vec<ProviderRotation> {
    let rows = definition.rotation.iter().map(|method| ProviderRotation {
        credential: method.credential.clone(),
        keys: method.keys.clone(),
        made_here: method.is_made_here(),
        overlaps: method.overlaps(),
        by_call: method.publish.call.is_some(),
        tells_last_use: method.tells_last_use(),
        prove: method.prove.clone(),
        words: method.in_words(),
        note: method.note.clone(),
        assumed: definition.is_assumed(method.from.as_deref()),
    });
    rows.collect()
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    /// Its id.
    pub id: String,
    /// What it is.
    pub label: String,
    /// Where its value is found.
    pub help: Option<String>,
    /// What one looks like.
    pub example: Option<String>,
    /// Whether it must be set.
    pub required: bool,
}

/// An environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// `local`, `test` or `live`.
    pub tier: Tier,
    /// Its address with the variables in braces; empty where it is asked for or known at run time.
    pub base_url: String,
    /// Whether the person enters it, since none is published.
    pub asks: bool,
    /// What one should know.
    pub note: Option<String>,
}

/// A scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// Its value.
    pub value: String,
    /// What it gives.
    pub title: String,
    /// What it belongs to.
    pub group: Option<String>,
    /// Where it is known from.
    pub from: Option<String>,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// Its id.
    pub id: String,
    /// What people read.
    pub title: String,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// The scopes that are all needed.
    pub all_scopes: Vec<String>,
    /// The scopes of which one is needed.
    pub any_scope: Vec<String>,
    /// Whether calling it changes something.
    pub side_effects: bool,
    /// The body to send, unless another is typed.
    pub body: Option<String>,
}

/// A lifetime to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Lifetime {
    /// How long.
    #[ts(type = "number")]
    pub seconds: u64,
    /// How long, for people: "5 min".
    pub label: String,
    /// Who uses it.
    pub words: String,
}

impl From<&Definition> for Provider {
    fn from(definition: &Definition) -> Self {
        let base_url = |base: &BaseUrl| match base {
            BaseUrl::Template(template) => template.text().to_owned(),
            BaseUrl::Emulator | BaseUrl::Ask => String::new(),
        };
        let lifetime = definition.token.as_ref().and_then(|t| t.lifetime.as_ref());
        let takes = definition.placement.takes.iter();
        Self {
            id: definition.id.clone(),
            name: definition.name.clone(),
            documentation: definition.documentation.clone(),
            note: definition.note.clone(),
            variables: (definition.variables.iter())
                .map(|v| Variable {
                    id: v.id.clone(),
                    label: v.label.clone(),
                    help: v.help.clone(),
                    example: v.example.clone(),
                    required: v.required,
                })
                .collect(),
            environments: (definition.environments.iter())
                .map(|e| Environment {
                    id: e.id.clone(),
                    label: e.label.clone(),
                    tier: e.tier_or_live().into(),
                    base_url: base_url(&e.base_url),
                    asks: e.base_url == BaseUrl::Ask,
                    note: e.note.clone(),
                })
                .collect(),
            scopes: (definition.scopes.iter().flat_map(provider::Scopes::catalogue))
                .map(|s| Scope { value: s.value, title: s.title, group: s.group, from: s.from })
                .collect(),
            endpoints: (definition.endpoints.iter())
                .map(|e| Endpoint {
                    id: e.id.clone(),
                    title: e.label.clone(),
                    method: e.method.clone(),
                    path: e.path.text().to_owned(),
                    all_scopes: e.needs.all.clone(),
                    any_scope: e.needs.any.clone(),
                    side_effects: e.side_effects,
                    body: e.body.clone(),
                })
                .collect(),
            lifetimes: (lifetime.into_iter().flat_map(|lifetime| &lifetime.presets))
                .map(|preset| Lifetime {
                    seconds: preset.time.0,
                    label: span(i64::try_from(preset.time.0).unwrap_or(i64::MAX)),
                    words: preset.label.clone(),
                })
                .collect(),
            algs: environments::algs(definition).into_iter().map(jose::Alg::name).collect(),
            sheets: definition.sheets.iter().map(|sheet| ClaimSheet::new(definition, sheet)).collect(),
            signs_here: definition.signs_here(),
            takes: takes.map(|taken| TokenOrKey::of(taken)).collect(),
            credentials: roles(definition),
            flows: definition.flows.iter().map(|flow| FlowRow::new(definition, flow)).collect(),
            webhook: definition.webhook.as_ref().map(provider::definition::Webhook::in_words),
            rotations: rotations(definition),
        }
    }
}
