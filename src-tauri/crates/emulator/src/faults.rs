//! Ways in which the emulator can be told to misbehave: a wrong clock, slowness, 429 and 5xx answers, half an answer,
//! few calls; and which of two behaviours it shows where a provider is known to have either.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{fail::Fail, limit::Limit};

/// How the emulator misbehaves. The default is not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Seconds by which its clock is ahead; negative: behind. `Date` header fields show it.
    pub skew: i64,
    /// Milliseconds that it waits before each answer, at most [`Faults::LONGEST_DELAY`].
    pub delay_ms: u32,
    /// What it answers instead of looking at the request.
    pub fail: Option<Fail>,
    /// Whether it ends the connection in the middle of each answer's body, as a server that is stopped then.
    pub break_off: bool,
    /// How often each caller may call, in place of what a provider documents.
    pub limit: Option<Limit>,
    /// Whether a refresh gives an access token alone and the refresh token stays good, which is SimpleJWT's default;
    /// otherwise refresh tokens rotate, as CryptoPay documents it.
    pub no_rotation: bool,
    /// Whether Gr4vy lets a caller give roles by the scopes of the token that was sent; otherwise by the roles of its key pair. Which of
    /// them is "its own" is not published.
    pub roles_by_token: bool,
    /// Whether CryptoPay's errors have SimpleJWT's own bodies; otherwise those of CryptoPay's document.
    pub native_bodies: bool,
}

impl Faults {
    /// Ten minutes in milliseconds.
    pub const LONGEST_DELAY: u32 = 600_000;

    /// The wait before each answer.
    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.min(Self::LONGEST_DELAY).into())
    }

    /// The failure that is due for one more request, counted down.
    pub(crate) fn next_failure(&mut self) -> Option<Fail> {
        let fail = self.fail?;
        self.fail = fail.counted_down();
        fail.is_due().then_some(fail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_comes_as_often_as_it_was_asked_for() {
        let times = |text: &str| {
            let mut faults = Faults { fail: Some(text.parse().unwrap()), ..Faults::default() };
            (0..5).filter(|_| faults.next_failure().is_some()).count()
        };
        assert_eq!([times("429x0"), times("429x1"), times("503x3"), times("503")], [0, 1, 3, 5]);
    }
}
