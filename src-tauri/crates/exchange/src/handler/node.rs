//! Node handlers: `templates/webhook/handler.mjs.jinja`, and how JavaScript writes a string.

use askama::Template;
use jose::{key::SecretEncoding, webhook::Encoding};

use super::plan::{Bit, Plan, Run, Signatures, Signed, TimePlace};

/// The template, and the plan that fills it in.
#[derive(Template)]
#[template(path = "webhook/handler.mjs.jinja", escape = "none")]
struct Node<'p> {
    plan: &'p Plan<'p>,
}

pub(super) fn write(plan: &Plan<'_>) -> askama::Result<String> {
    Node { plan }.render()
}

mod filters {
    use askama::{Result, Values};

    pub use crate::handler::filters::camel;
    use crate::{
        copy_as::{javascript_string as text, javascript_template},
        handler::filters::listed,
    };

    #[askama::filter_fn]
    pub fn literal(value: impl AsRef<str>, _: &dyn Values) -> Result<String> {
        Ok(text(value.as_ref()))
    }

    #[askama::filter_fn]
    pub fn literals(values: impl AsRef<[String]>, _: &dyn Values) -> Result<String> {
        Ok(listed(values.as_ref(), text))
    }

    /// What stands between the backticks of a template literal.
    #[askama::filter_fn]
    pub fn in_template(value: impl AsRef<str>, _: &dyn Values) -> Result<String> {
        Ok(javascript_template(value.as_ref()))
    }
}
