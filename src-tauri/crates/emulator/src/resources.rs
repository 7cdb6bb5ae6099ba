//! Resources that callers made since the start, the latest of each kind.

use serde_json::Value;

/// How many things of a kind are kept.
const KEPT: usize = 100;

/// Things of one kind, the latest last.
#[derive(Default)]
pub(crate) struct Resources(Vec<Value>);

impl Resources {
    /// Keeps `value`, and lets the oldest one go where there are too many.
    pub(crate) fn keep(&mut self, value: Value) {
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(value);
    }

    /// All of them, the latest first.
    pub(crate) fn latest(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().rev()
    }

    /// The one with this `id`.
    pub(crate) fn find(&self, id: &str) -> Option<&Value> {
        self.0.iter().find(|value| value["id"] == id)
    }

    /// The same, to change it.
    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|value| value["id"] == id)
    }

    /// The latest one, to change it.
    pub(crate) fn latest_mut(&mut self) -> Option<&mut Value> {
        self.0.last_mut()
    }
}
