//! Webhook signatures, held to published examples and to what the vendors' own packages make and take.

mod near_miss;
mod properties;
mod samples;
mod schemes;
mod steps;
mod vectors;

pub use schemes::scheme;

use keywright_jose::webhook::{Check, Delivery, Material, Scheme, TrustedSecret, verify};

/// A moment in the lives of the deliveries that are made here.
pub const THEN: i64 = 1_744_018_920;

/// The secret of Gr4vy's published vector.
pub const SECRET: &str = "Ik4L-8FH0ihWczctcIPXZRR_8F0fPNgmhEfVBbZ3zNwqQVa1Or4tBz4Pgw2eNaVDod7H56Y268h_wohEUaWbUg";

/// Its signature of `1744018920.payload`.
pub const SIGNATURE: &str = "78aca0c78005107a654a957b8566fa6e0e5e06aea92d7da72a6da9e5a690d013";

/// A secret by its text.
pub fn secret<'a>(name: &'a str, text: &'a str) -> TrustedSecret<'a> {
    TrustedSecret { name, material: Material::Text(text.as_bytes()) }
}

/// Header fields.
pub fn headers(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A check with one secret.
pub fn check(scheme: &Scheme, text: &str, fields: &[(&str, &str)], body: impl AsRef<[u8]>, now: i64) -> Check {
    let headers = headers(fields);
    let delivery = Delivery { body: body.as_ref(), headers: &headers, ..Delivery::default() };
    verify(scheme, &[secret("current", text)], &delivery, now)
}

/// The published delivery with one thing replaced, judged.
pub fn gr4vy(text: &str, signatures: &str, timestamp: &str, body: impl AsRef<[u8]>, now: i64) -> Check {
    let fields = [("x-gr4vy-webhook-signatures", signatures), ("x-gr4vy-webhook-timestamp", timestamp)];
    check(&scheme("gr4vy"), text, &fields, body, now)
}

/// All that a check says, for people to read.
pub fn said(check: &Check) -> String {
    let mut said = format!("{}\n", check.verdict.name());
    for step in &check.steps {
        said += &format!("  {:<9} {:<11} {}\n", step.stage.name(), step.state.name(), step.words);
    }
    for finding in &check.findings {
        said += &format!("  {} {}: {}\n", finding.severity(), finding.code, finding.message);
        said += &finding.hint.as_ref().map(|hint| format!("      {hint}\n")).unwrap_or_default();
    }
    said
}
