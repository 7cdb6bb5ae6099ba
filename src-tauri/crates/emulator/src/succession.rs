//! Secrets that take each other's place, one at a time: a password that is changed, a client's secret that is replaced.

/// How many are remembered.
const REMEMBERED: usize = 100;

/// The secret that was registered, and those that took its place. A former one is remembered: a program that registers what it has with
/// every call does not bring it back.
pub(crate) struct Succession<T> {
    /// The registered one first. Never empty.
    known: Vec<T>,
    current: usize,
}

impl<T: PartialEq> Succession<T> {
    /// One that was registered, and nothing before it.
    pub(crate) fn new(registered: T) -> Self {
        Self { known: vec![registered], current: 0 }
    }

    /// The one that counts.
    pub(crate) fn current(&self) -> &T {
        &self.known[self.current]
    }

    /// Registers one: it counts from now on, unless it is a former one.
    pub(crate) fn register(&mut self, secret: T) {
        if !self.known.contains(&secret) {
            *self = Self::new(secret);
        }
    }

    /// Puts one in the place of the one that counts.
    pub(crate) fn change(&mut self, secret: T) {
        self.current = match self.known.iter().position(|known| *known == secret) {
            Some(place) => place,
            None => {
                if self.known.len() == REMEMBERED {
                    self.known.remove(1);
                }
                self.known.push(secret);
                self.known.len() - 1
            }
        };
    }

    /// Makes every change undone.
    pub(crate) fn restore(&mut self) {
        self.known.truncate(1);
        self.current = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_former_one_comes_back_by_a_change_alone() {
        let mut secrets = Succession::new("a");
        secrets.register("b");
        secrets.change("c");
        secrets.register("b");
        assert_eq!(*secrets.current(), "c");
        secrets.change("b");
        assert_eq!(*secrets.current(), "b");
        secrets.change("c");
        secrets.restore();
        assert_eq!(*secrets.current(), "b", "the registered one");
        secrets.change("c");
        secrets.register("d");
        assert_eq!(*secrets.current(), "d", "one that nobody knew");
    }

    #[test]
    fn secrets_that_are_changed_for_ever_do_not_fill_the_memory() {
        let mut secrets = Succession::new(0);
        for next in 1..1_000 {
            secrets.change(next);
            assert_eq!(*secrets.current(), next);
        }
        assert_eq!(secrets.known.len(), REMEMBERED);
        secrets.restore();
        assert_eq!(*secrets.current(), 0);
    }
}
