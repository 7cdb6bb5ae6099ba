//! Sheets: dialogs in which a claim is filled in, field by field.

use serde::Deserialize;

use super::{Claim, ClaimForm, ClaimType, Definition, JsonPointer, Presence};

/// A dialog in which one claim is filled in. Its type, its members and the scope that it needs are those of the claim.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sheet {
    /// The claim that it writes.
    pub claim: String,
    /// What the menu calls it.
    pub label: String,
    /// The heading of the dialog; the label if not given.
    pub title: Option<String>,
    /// What the claim does, a sentence.
    pub help: Option<String>,
    /// The picture beside the label.
    #[serde(default)]
    pub icon: SheetIcon,
    /// What is asked, in the order in which it is shown.
    pub fields: Vec<SheetField>,
    /// The call whose answer holds the value, for a claim that is a text.
    pub create: Option<SheetCall>,
    /// What the button is called that writes the claim.
    pub set_label: Option<String>,
    /// What the button is called that takes it out.
    pub remove_label: Option<String>,
    /// Where this is known from.
    pub from: Option<String>,
}

/// One thing that a sheet asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SheetField {
    /// The member of the claim that it writes; none where the claim is one value.
    pub member: Option<String>,
    /// What people read.
    pub label: String,
    /// Whether the claim cannot be written without it.
    #[serde(default)]
    pub required: bool,
    /// What stands there at first.
    pub start: Option<String>,
    /// For a whole number that is an amount of money: the member with the currency that it counts the smallest unit of.
    pub minor_unit_of: Option<String>,
}

/// A call whose answer holds the value of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SheetCall {
    /// The id of the endpoint.
    pub endpoint: String,
    /// Where the value stands in its answer.
    pub value: JsonPointer,
    /// What the button is called.
    pub label: String,
}

/// The picture of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SheetIcon {
    /// Lines to fill in.
    #[default]
    Form,
    /// A banknote.
    Money,
    /// A shopping cart.
    Cart,
    /// Two things that are tied together.
    Link,
}

/// What a field takes, as the claim's type, form and values say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind<'d> {
    /// A text, perhaps of a form.
    Text(Option<ClaimForm>),
    /// A whole number.
    Whole,
    /// An amount of money in the smallest unit of the currency in this member.
    Amount(&'d str),
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of these texts.
    Choice(&'d [String]),
    /// Names with a text each.
    Pairs,
}

/// A field beside what the claim says of its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked<'d> {
    /// The field.
    pub field: &'d SheetField,
    /// What it takes.
    pub kind: FieldKind<'d>,
    /// Whether the claim cannot be written without it.
    pub required: bool,
}

impl Definition {
    /// The sheet of this claim.
    pub fn sheet(&self, claim: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.claim == claim)
    }

    /// The claim that a sheet writes.
    pub fn claim_of(&self, sheet: &Sheet) -> Option<&Claim> {
        self.token.as_ref()?.claims.iter().find(|claim| claim.name == sheet.claim)
    }

    /// The scope without which the claim of a sheet has no effect.
    pub fn scope_of(&self, sheet: &Sheet) -> Option<&str> {
        self.claim_of(sheet)?.only_with_scope.as_deref()
    }

    /// What a sheet asks. Fields that do not agree with the claim are left out; no definition that passed the check has any.
    pub fn asked<'d>(&'d self, sheet: &'d Sheet) -> Vec<Asked<'d>> {
        let Some(claim) = self.claim_of(sheet) else { return Vec::new() };
        let asked = |field: &'d SheetField| {
            let rule = match &field.member {
                Some(name) => claim.members.iter().find(|member| member.name == *name)?,
                None => claim,
            };
            let required = field.required || field.member.is_none() || rule.presence == Presence::Required;
            Some(Asked { field, kind: FieldKind::of(rule, field)?, required })
        };
        sheet.fields.iter().filter_map(asked).collect()
    }
}

impl<'d> FieldKind<'d> {
    /// What a field for this claim or member takes. `None` where a field cannot hold it.
    pub fn of(rule: &'d Claim, field: &'d SheetField) -> Option<Self> {
        Some(match rule.kind {
            ClaimType::String if !rule.one_of.is_empty() => Self::Choice(&rule.one_of),
            ClaimType::String | ClaimType::StringOrInteger | ClaimType::SpaceString => Self::Text(rule.form),
            ClaimType::Integer => field.minor_unit_of.as_deref().map_or(Self::Whole, Self::Amount),
            ClaimType::Number => Self::Number,
            ClaimType::Boolean => Self::Boolean,
            ClaimType::Object if rule.open && rule.members.is_empty() => Self::Pairs,
            ClaimType::Time | ClaimType::Strings | ClaimType::Object | ClaimType::Objects | ClaimType::Json => {
                return None;
            }
        })
    }
}
