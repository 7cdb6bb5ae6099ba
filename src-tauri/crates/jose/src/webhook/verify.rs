//! Judging a delivery.

use super::{Check, Delivery, Proof, Scheme, TrustedSecret, attempt::Signed, token::Carried};

/// Whether `delivery` is the work of whoever holds one of the secrets, and signed near `now` (seconds since
/// 1970-01-01T00:00:00Z). Total: whatever comes in, every step that can be taken is, and each says what came of it.
///
/// MACs are compared in constant time, on their bytes.
pub fn verify(scheme: &Scheme, secrets: &[TrustedSecret<'_>], delivery: &Delivery<'_>, now: i64) -> Check {
    match &scheme.proof {
        Proof::Signature { method, covers, written } => {
            Signed { scheme, method: *method, covers, written }.check(secrets, delivery, now)
        }
        Proof::Token { algs, claim, encoding } => {
            Carried { scheme, algs, claim, encoding: *encoding }.check(secrets, delivery, now)
        }
    }
}
