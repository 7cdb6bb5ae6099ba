//! PHP handlers: `templates/webhook/handler.php.jinja`, and how PHP writes a string and names a header field.

use askama::Template;
use jose::{key::SecretEncoding, webhook::Encoding};

use super::plan::{Bit, Plan, Run, Signatures, Signed, TimePlace};

/// The template, and the plan that fills it in.
#[derive(Template)]
#[template(path = "webhook/handler.php.jinja", escape = "none")]
struct Php<'p> {
    plan: &'p Plan<'p>,
}

pub(super) fn write(plan: &Plan<'_>) -> askama::Result<String> {
    Php { plan }.render()
}

mod filters {
    use askama::{Result, Values};

    pub use crate::handler::filters::camel;
    use crate::{copy_as::php_string as text, handler::filters::listed};

    #[askama::filter_fn]
    pub fn literal(value: impl AsRef<str>, _: &dyn Values) -> Result<String> {
        Ok(text(value.as_ref()))
    }

    #[askama::filter_fn]
    pub fn literals(values: impl AsRef<[String]>, _: &dyn Values) -> Result<String> {
        Ok(listed(values.as_ref(), text))
    }

    /// Where PHP keeps a header field (RFC 3875 §4.1.18).
    #[askama::filter_fn]
    pub fn server(field: impl AsRef<str>, _: &dyn Values) -> Result<String> {
        Ok(format!("HTTP_{}", field.as_ref().to_ascii_uppercase().replace('-', "_")))
    }
}
