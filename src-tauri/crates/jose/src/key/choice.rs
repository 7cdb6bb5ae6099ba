//! One key of several, by its kid.

use super::{Found, Jwk};
use crate::text::elide;

impl Found {
    /// The one key of this kid, or the only one there is. A key without a kid of its own has its thumbprint for one. Of several
    /// that share the kid (RFC 7517 §4.5), the one is meant that `fits` what is to be done with it.
    pub fn choose(mut self, kid: Option<&str>, fits: impl Fn(&Jwk) -> bool) -> Result<Jwk, NotChosen> {
        let Some(kid) = kid else {
            let kids = kids(&self.keys);
            return match (self.keys.pop(), self.keys.len()) {
                (Some(only), 0) => Ok(only),
                (_, more) => Err(NotChosen::Several { found: more + 1, kids }),
            };
        };
        let mut matching: Vec<Jwk> = Vec::new();
        let mut others = Vec::new();
        for jwk in self.keys {
            if jwk.effective_kid().as_deref() == Some(kid) { matching.push(jwk) } else { others.push(jwk) }
        }
        if matching.iter().filter(|jwk| fits(jwk)).count() == 1 {
            matching.retain(fits);
        }
        match (matching.pop(), matching.len()) {
            (Some(only), 0) => Ok(only),
            (Some(_), more) => Err(NotChosen::Ambiguous { kid: elide(kid), found: more + 1 }),
            (None, _) => Err(NotChosen::Unknown { kid: elide(kid), found: others.len(), kids: kids(&others) }),
        }
    }
}

/// The kid of each key, for people.
fn kids(keys: &[Jwk]) -> Vec<String> {
    keys.iter().filter_map(|jwk| jwk.effective_kid().map(|kid| elide(&kid))).collect()
}

/// Why no one key of several was chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotChosen {
    /// There are several, and no kid was given.
    #[error("the input holds {found} keys; wanted one, or the kid of one")]
    Several {
        /// How many.
        found: usize,
        /// Their kids.
        kids: Vec<String>,
    },
    /// No key has this kid.
    #[error("no key of the input has the kid {kid:?}; there {}", listed(.kids))]
    Unknown {
        /// The kid that was asked for.
        kid: String,
        /// How many keys there are.
        found: usize,
        /// Those that are there.
        kids: Vec<String>,
    },
    /// Several have it.
    #[error("{found} keys of the input have the kid {kid:?}; wanted one")]
    Ambiguous {
        /// The kid.
        kid: String,
        /// How many have it.
        found: usize,
    },
}

impl NotChosen {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Several { kids, .. } if !kids.is_empty() => format!("name the kid of one: {}", shortened(kids)),
            Self::Several { .. } => "give a file with one key".to_owned(),
            Self::Unknown { found: 1, .. } => "leave the kid out: there is one key".to_owned(),
            Self::Unknown { .. } => "copy the kid of one that is there".to_owned(),
            Self::Ambiguous { .. } => "take the key that is meant out of the set, into a file of its own".to_owned(),
        }
    }
}

fn listed(kids: &[String]) -> String {
    match kids {
        [] => "is none with a kid".to_owned(),
        [one] => format!("is {one:?}"),
        many => format!("are {}", shortened(many)),
    }
}

/// The first few of many.
fn shortened(kids: &[String]) -> String {
    const MOST: usize = 5;
    let more = if kids.len() > MOST { format!(" and {} more", kids.len() - MOST) } else { String::new() };
    kids.iter().take(MOST).map(|kid| format!("{kid:?}")).collect::<Vec<_>>().join(", ") + &more
}
