//! Python handlers: `templates/webhook/handler.py.jinja`, and how Python writes a string.

use askama::Template;
use jose::{key::SecretEncoding, webhook::Encoding};

use super::plan::{Bit, Plan, Run, Signatures, Signed, TimePlace};

/// The template, and the plan that fills it in.
#[derive(Template)]
#[template(path = "webhook/handler.py.jinja", escape = "none")]
struct Python<'p> {
    plan: &'p Plan<'p>,
}

pub(super) fn write(plan: &Plan<'_>) -> askama::Result<String> {
    Python { plan }.render()
}

mod filters {
    use askama::{Result, Values};

    use crate::{copy_as::python_string as text, handler::filters::listed};

    #[askama::filter_fn]
    pub fn literal(value: impl AsRef<str>, _: &dyn Values) -> Result<String> {
        Ok(text(value.as_ref()))
    }

    #[askama::filter_fn]
    pub fn literals(values: impl AsRef<[String]>, _: &dyn Values) -> Result<String> {
        Ok(listed(values.as_ref(), text))
    }
}
