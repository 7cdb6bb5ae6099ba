//! Filters that the templates of all languages share.

use askama::{Result, Values};

use crate::copy_as::camel as in_camel_case;

/// `webhook_id` as some languages write it: `webhookId`.
#[askama::filter_fn]
pub fn camel(local: impl AsRef<str>, _: &dyn Values) -> Result<String> {
    Ok(in_camel_case(local.as_ref()))
}

/// Literals with commas between them, as every language lists them.
pub(super) fn listed(texts: &[String], literal: fn(&str) -> String) -> String {
    texts.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", ")
}
