//! Header fields that a handler reads, and what each is called there.

/// The fields that are read, each once: what it is called in the code, and its own name.
#[derive(Default)]
pub(super) struct Fields<'s>(Vec<(String, &'s str)>);

impl<'s> Fields<'s> {
    /// What a field is called: `local` unless it has a name already.
    pub(super) fn named(&mut self, local: &str, name: &'s str) -> String {
        if let Some((known, _)) = self.0.iter().find(|(_, other)| other.eq_ignore_ascii_case(name)) {
            return known.clone();
        }
        let taken = |local: &str| self.0.iter().any(|(other, _)| other == local);
        let mut numbers = (2..).map(|number| format!("{local}_{number}"));
        let local = match taken(local) {
            true => numbers.find(|local| !taken(local)).unwrap_or_default(),
            false => local.to_owned(),
        };
        self.0.push((local.clone(), name));
        local
    }

    /// All of them, in the order in which they were named.
    pub(super) fn into_named(self) -> Vec<(String, &'s str)> {
        self.0
    }
}
