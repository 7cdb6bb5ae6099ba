//! Webhook secrets: with which of them a provider signs. While one takes the place of another, it may sign with both.

use crate::secret::Secret;

/// How many are remembered of a provider.
const REMEMBERED: usize = 20;

/// The webhook secrets of all providers.
#[derive(Default)]
pub(crate) struct WebhookSecrets(Vec<OfProvider>);

struct OfProvider {
    provider: String,
    /// Each with the time until which it signs, the registered one first. One that ended is remembered, so that registering it again
    /// with every delivery does not bring it back. Never empty.
    known: Vec<(Secret, Option<i64>)>,
}

impl WebhookSecrets {
    /// Registers one in the place of all others, unless it is known already.
    pub(crate) fn register(&mut self, provider: &str, secret: Secret) {
        match self.0.iter_mut().find(|of| of.provider == provider) {
            Some(of) if of.known.iter().any(|(known, _)| *known == secret) => {}
            Some(of) => of.known = vec![(secret, None)],
            None => self.0.push(OfProvider { provider: provider.to_owned(), known: vec![(secret, None)] }),
        }
    }

    /// Signs with `secret` from `now` on, and with those that signed until now for `overlap` seconds more; `None` where there are none.
    pub(crate) fn change(&mut self, provider: &str, secret: Secret, overlap: u32, now: i64) -> Option<()> {
        let of = self.0.iter_mut().find(|of| of.provider == provider)?;
        let end = now.saturating_add(overlap.into());
        for (_, until) in &mut of.known {
            *until = Some(until.map_or(end, |until| until.min(end)));
        }
        if let Some((_, until)) = of.known.iter_mut().find(|(known, _)| *known == secret) {
            *until = None;
            return Some(());
        }
        if of.known.len() >= REMEMBERED {
            of.known.remove(1);
        }
        of.known.push((secret, None));
        Some(())
    }

    /// Those with which the provider signs at `now`, the latest that came first.
    pub(crate) fn signing(&self, provider: &str, now: i64) -> Vec<&Secret> {
        let known = self.0.iter().filter(|of| of.provider == provider).flat_map(|of| &of.known);
        let mut signing: Vec<&Secret> =
            known.filter(|(_, until)| until.is_none_or(|until| now < until)).map(|(secret, _)| secret).collect();
        signing.reverse();
        signing
    }

    /// Makes every change undone.
    pub(crate) fn restore(&mut self) {
        for of in &mut self.0 {
            of.known.truncate(1);
            of.known.iter_mut().for_each(|(_, until)| *until = None);
        }
    }

    /// How many providers have one.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sign_while_one_takes_the_place_of_the_other() {
        let secret = |text: &str| Secret::new(text.as_bytes());
        let mut secrets = WebhookSecrets::default();
        assert_eq!(secrets.change("gr4vy", secret("a"), 10, 0), None);
        secrets.register("gr4vy", secret("a"));
        secrets.change("gr4vy", secret("b"), 10, 100).unwrap();
        let told = |secrets: &WebhookSecrets, now| {
            let texts =
                secrets.signing("gr4vy", now).into_iter().map(|secret| String::from_utf8_lossy(secret.bytes()).into());
            texts.collect::<Vec<String>>().join(" ")
        };
        assert_eq!((told(&secrets, 109), told(&secrets, 110)), ("b a".to_owned(), "b".to_owned()));
        secrets.register("gr4vy", secret("a"));
        assert_eq!(told(&secrets, 110), "b", "one that ended does not come back");
        // A longer overlap gives no second life to what ends already.
        secrets.change("gr4vy", secret("c"), 1_000, 105).unwrap();
        assert_eq!((told(&secrets, 109), told(&secrets, 110)), ("c b a".to_owned(), "c b".to_owned()));
        secrets.change("gr4vy", secret("c"), 0, 106).unwrap();
        assert_eq!(told(&secrets, 106), "c", "an overlap ends at once");
        secrets.register("gr4vy", secret("d"));
        assert_eq!(told(&secrets, 106), "d");
        secrets.change("gr4vy", secret("e"), 5, 107).unwrap();
        secrets.change("gr4vy", secret("d"), 0, 108).unwrap();
        secrets.change("gr4vy", secret("e"), 0, 109).unwrap();
        assert_eq!(told(&secrets, 109), "e");
        secrets.restore();
        assert_eq!(told(&secrets, 999), "d");
    }
}
