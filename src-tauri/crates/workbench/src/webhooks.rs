//! Webhooks: whether a delivery is the provider's work, and samples to try one's own handler with. No vault is needed.

use jose::webhook::{self, Check, Delivery, Sample, Scheme, SignedSample, TrustedSecret};
use provider::Definition;

use crate::{Error, ports::Ports, tokens};

/// How a delivery is judged, beyond what the provider's definition says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Judging {
    /// The time to judge by, in seconds since 1970; now unless given.
    pub at: Option<i64>,
    /// Seconds that a delivery may be old, or ahead; the definition's unless given.
    pub tolerance: Option<u64>,
}

/// Takes the check of a delivery in steps. More than one secret may count while one replaces another.
pub fn check(
    definition: &Definition,
    secrets: &[TrustedSecret<'_>],
    delivery: &Delivery<'_>,
    judging: Judging,
    ports: &Ports,
) -> Result<Check, Error> {
    let mut scheme = scheme(definition)?;
    if let (Some(timestamp), Some(tolerance)) = (&mut scheme.timestamp, judging.tolerance) {
        (timestamp.past, timestamp.future) = (tolerance, tolerance);
    }
    Ok(webhook::verify(&scheme, secrets, delivery, judging.at.unwrap_or_else(|| ports.clock.now())))
}

/// Signs a delivery as the provider would. Its `timestamp` counts; where the scheme names deliveries and no `id` is given,
/// a fresh one is made.
pub fn sample(
    definition: &Definition,
    secrets: &[TrustedSecret<'_>],
    sample: &Sample<'_>,
    ports: &Ports,
) -> Result<SignedSample, Error> {
    let scheme = scheme(definition)?;
    let fresh = tokens::uuid(ports);
    let id = if sample.id.is_empty() && scheme.id_header.is_some() { &fresh } else { sample.id };
    Ok(webhook::sign(&scheme, secrets, &Sample { id, ..*sample })?)
}

fn scheme(definition: &Definition) -> Result<Scheme, Error> {
    let webhook = definition.webhook.as_ref();
    webhook
        .map(provider::definition::Webhook::scheme)
        .ok_or_else(|| Error::NoWebhook { provider: definition.name.clone() })
}
