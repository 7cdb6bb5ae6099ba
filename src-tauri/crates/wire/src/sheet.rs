//! Sheets on the wire: dialogs in which a claim is filled in, and what they say while that is done.

use provider::{
    Definition,
    definition::{Asked, ClaimForm, FieldKind, Sheet, SheetIcon},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::drafts;

use crate::{Code, ErrorBody};

/// A dialog in which one claim is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClaimSheet {
    /// The claim.
    pub claim: String,
    /// What the menu calls it.
    pub label: String,
    /// The heading.
    pub title: String,
    /// What the claim does.
    pub help: Option<String>,
    /// The picture beside the label.
    #[ts(type = "\"form\" | \"money\" | \"cart\" | \"link\"")]
    pub icon: &'static str,
    /// The scope that is added with the claim.
    pub scope: Option<String>,
    /// What is asked.
    pub fields: Vec<SheetField>,
    /// The call that makes the value.
    pub create: Option<SheetCall>,
    /// What the button is called that writes the claim, where it has a name of its own.
    pub set_label: Option<String>,
    /// The same of the button that takes it out.
    pub remove_label: Option<String>,
}

/// One thing that a sheet asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SheetField {
    /// What people read.
    pub label: String,
    /// What it takes.
    #[ts(type = "\"text\" | \"number\" | \"digits\" | \"currency\" | \"choice\" | \"pairs\"")]
    pub kind: &'static str,
    /// The texts to choose from.
    pub choices: Vec<String>,
    /// Whether it must not stay empty.
    pub required: bool,
}

/// A call that makes the value of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SheetCall {
    /// What the button is called.
    pub label: String,
    /// The call: `POST /checkout/sessions`.
    pub call: String,
}

impl ClaimSheet {
    /// A sheet as its definition tells it.
    pub fn new(definition: &Definition, sheet: &Sheet) -> Self {
        let create = sheet.create.as_ref().and_then(|create| {
            let endpoint = definition.endpoint(&create.endpoint)?;
            let path = endpoint.path.text().split('?').next().unwrap_or_default();
            Some(SheetCall { label: create.label.clone(), call: format!("{} {path}", endpoint.method) })
        });
        Self {
            claim: sheet.claim.clone(),
            label: sheet.label.clone(),
            title: sheet.title.as_ref().unwrap_or(&sheet.label).clone(),
            help: sheet.help.clone(),
            icon: icon(sheet.icon),
            scope: definition.scope_of(sheet).map(str::to_owned),
            fields: definition.asked(sheet).iter().map(SheetField::from).collect(),
            create,
            set_label: sheet.set_label.clone(),
            remove_label: sheet.remove_label.clone(),
        }
    }
}

impl From<&Asked<'_>> for SheetField {
    fn from(asked: &Asked<'_>) -> Self {
        let (kind, choices) = match asked.kind {
            FieldKind::Text(Some(ClaimForm::Currency)) => ("currency", Vec::new()),
            FieldKind::Text(_) => ("text", Vec::new()),
            FieldKind::Amount(_) => ("digits", Vec::new()),
            FieldKind::Whole | FieldKind::Number => ("number", Vec::new()),
            FieldKind::Boolean => ("choice", vec!["true".to_owned(), "false".to_owned()]),
            FieldKind::Choice(one_of) => ("choice", one_of.to_vec()),
            FieldKind::Pairs => ("pairs", Vec::new()),
        };
        Self { label: asked.field.label.clone(), kind, choices, required: asked.required }
    }
}

fn icon(icon: SheetIcon) -> &'static str {
    match icon {
        SheetIcon::Form => "form",
        SheetIcon::Money => "money",
        SheetIcon::Cart => "cart",
        SheetIcon::Link => "link",
    }
}

/// What stands in a field: a text, or names with a text each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum FieldValue {
    /// A text.
    Text(String),
    /// Names with a text each.
    Pairs(Vec<(String, String)>),
}

impl FieldValue {
    /// What stands in each field.
    pub fn all(values: Vec<Self>) -> Vec<drafts::FieldValue> {
        values.into_iter().map(Into::into).collect()
    }
}

impl From<FieldValue> for drafts::FieldValue {
    fn from(value: FieldValue) -> Self {
        match value {
            FieldValue::Text(text) => Self::Text(text),
            FieldValue::Pairs(pairs) => Self::Pairs(pairs),
        }
    }
}

impl From<drafts::FieldValue> for FieldValue {
    fn from(value: drafts::FieldValue) -> Self {
        match value {
            drafts::FieldValue::Text(text) => Self::Text(text),
            drafts::FieldValue::Pairs(pairs) => Self::Pairs(pairs),
        }
    }
}

/// A sheet as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SheetReading {
    /// Its fields, in their order.
    pub fields: Vec<FieldReading>,
    /// Whether the claims have the claim.
    pub present: bool,
    /// Whether the claim can be written so.
    pub ready: bool,
}

/// A field as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldReading {
    /// What stands in it.
    pub value: FieldValue,
    /// What it takes, where it does not take that.
    pub fault: Option<String>,
    /// What an amount of money means: "means £12.99".
    pub means: Option<String>,
}

impl From<drafts::SheetReading> for SheetReading {
    fn from(reading: drafts::SheetReading) -> Self {
        let field = |field: drafts::FieldReading| FieldReading {
            value: field.value.into(),
            fault: field.fault,
            means: field.means,
        };
        Self { fields: reading.fields.into_iter().map(field).collect(), present: reading.present, ready: reading.ready }
    }
}

/// What came of the call that makes the value of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SheetCreated {
    /// The value; none where the call did not give one.
    pub value: Option<String>,
    /// Why there is none.
    pub problem: Option<ErrorBody>,
}

impl From<drafts::Created> for SheetCreated {
    fn from(created: drafts::Created) -> Self {
        match created {
            drafts::Created::Value(value) => Self { value: Some(value), problem: None },
            drafts::Created::Nothing { message, hint } => {
                Self { value: None, problem: Some(ErrorBody::new(Code::Rule, message, hint.as_deref())) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    /// The page's data of a fifth provider: the example in the description of the format, at the end of a file to begin with.
    #[test]
    fn a_page_is_told_the_sheets_of_any_definition() {
        let page = include_str!("../../../../docs/formats/provider-v1.md");
        let (_, rest) = page.split_once("### `[[sheets]]`").unwrap();
        let (_, rest) = rest.split_once("```toml\n").unwrap();
        let text = provider::scaffold("Acme Pay") + rest.split_once("```").unwrap().0;
        let told = crate::Provider::from(&Definition::parse(&text).unwrap());
        insta::assert_snapshot!(serde_json::to_string_pretty(&told.sheets).unwrap());
        let gr4vy = crate::Provider::from(provider::built_in_named("gr4vy").unwrap());
        let claims: Vec<&str> = gr4vy.sheets.iter().map(|sheet| sheet.claim.as_str()).collect();
        assert_eq!(claims, ["embed", "checkout_session_id"]);
    }

    #[test]
    fn a_field_is_a_text_or_pairs_in_json() {
        let filled: Vec<FieldValue> = serde_json::from_str(r#"["5", [["team", "north"]], []]"#).unwrap();
        let pairs = |all: &[(&str, &str)]| {
            FieldValue::Pairs(all.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
        };
        assert_eq!(filled, [FieldValue::Text("5".to_owned()), pairs(&[("team", "north")]), pairs(&[])]);
        assert_eq!(serde_json::to_string(&filled).unwrap(), r#"["5",[["team","north"]],[]]"#);
    }
}
