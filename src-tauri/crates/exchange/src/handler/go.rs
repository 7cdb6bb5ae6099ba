//! Go handlers: `templates/webhook/handler.go.jinja`, and how Go writes a string.

use askama::Template;
use jose::{key::SecretEncoding, webhook::Encoding};

use super::plan::{Bit, Plan, Run, Signatures, Signed, TimePlace};

/// The template, and the plan that fills it in.
#[derive(Template)]
#[template(path = "webhook/handler.go.jinja", escape = "none")]
struct Go<'p> {
    plan: &'p Plan<'p>,
}

pub(super) fn write(plan: &Plan<'_>) -> askama::Result<String> {
    Go { plan }.render()
}

impl Go<'_> {
    /// Go refuses a package that nothing uses, so that each use of `strings` in the template is named here.
    fn uses_strings(&self) -> bool {
        let plan = self.plan;
        plan.uses_base64()
            || !plan.secret_beginnings.is_empty()
            || !plan.beginnings.is_empty()
            || !plan.is_single() && (plan.separator.is_some() || plan.trims)
            || plan.reads_member()
            || !matches!(plan.signed, Signed::Text(_))
    }
}

mod filters {
    use askama::{Result, Values};

    pub use crate::handler::filters::camel;
    use crate::{copy_as::go_string as text, handler::filters::listed};

    #[askama::filter_fn]
    pub fn literal(value: impl AsRef<str>, _: &dyn Values) -> Result<String> {
        Ok(text(value.as_ref()))
    }

    #[askama::filter_fn]
    pub fn literals(values: impl AsRef<[String]>, _: &dyn Values) -> Result<String> {
        Ok(listed(values.as_ref(), text))
    }
}
