//! Import previews: what files and pasted text hold, without anything private.

use serde::Serialize;
use ts_rs::TS;
use workbench::imports;

use crate::Finding;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// The number by which it is spoken of.
    #[ts(type = "number")]
    pub preview: u64,
    /// "checkout.pem", "pasted text".
    pub from: String,
    /// What it turned out to be.
    pub form: String,
    /// Every key in it.
    pub items: Vec<ImportItem>,
    /// Whether something in it wants a passphrase.
    pub encrypted: bool,
    /// What was noticed of the whole.
    pub findings: Vec<Finding>,
}

/// One key that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportItem {
    /// Type and size in words.
    pub describe: String,
    /// Whether it can sign.
    pub private: bool,
    /// `private-key`, `public-key` or `shared-secret`.
    #[ts(type = "string")]
    pub kind: &'static str,
    /// The name it brings, or its thumbprint.
    pub kid: Option<String>,
    /// Its thumbprint.
    pub thumbprint: Option<String>,
    /// The algorithms that it can sign with.
    pub algs: Vec<&'static str>,
    /// The name of the same key in the vault.
    pub already: Option<String>,
    /// A name that is free.
    pub suggested_name: String,
    /// When its file was changed last, in seconds since 1970: to be offered as the time when the key was made.
    #[ts(type = "number | null")]
    pub made: Option<i64>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl From<&imports::Preview> for ImportPreview {
    fn from(preview: &imports::Preview) -> Self {
        Self {
            preview: preview.preview,
            from: preview.from.clone(),
            form: preview.form.clone(),
            items: preview.items.iter().map(ImportItem::from).collect(),
            encrypted: preview.encrypted,
            findings: preview.findings.iter().map(Finding::from).collect(),
        }
    }
}

impl From<&imports::Item> for ImportItem {
    fn from(item: &imports::Item) -> Self {
        Self {
            describe: item.describe.clone(),
            private: item.private,
            kind: item.kind,
            kid: item.kid.clone(),
            thumbprint: item.thumbprint.clone(),
            algs: item.algs.iter().map(|alg| alg.name()).collect(),
            already: item.already.clone(),
            suggested_name: item.suggested.clone(),
            made: item.made,
            findings: item.findings.iter().map(Finding::from).collect(),
        }
    }
}
