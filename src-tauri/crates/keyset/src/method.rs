//! The `[[rotation]]` of a provider's definition: how one of its credentials is rotated, as data. `docs/rotation.md` of this
//! crate proposes it as a section of the definitions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// How one credential of a provider is rotated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Method {
    /// The credential's id in the definition.
    pub credential: String,
    /// The next keys for which it is meant, by `kty` and `crv` as `EC/P-521`; any unless named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Who makes the next key.
    pub made: MadeBy,
    /// Whether the old key works beside the next one.
    pub overlap: Overlap,
    /// How long it takes at most until what was done there is seen everywhere.
    #[serde(default = "seen_after")]
    pub seen_after: Span,
    /// How long verifiers keep our key set, where they fetch one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_set_cache: Option<Span>,
    /// The read-only endpoint of the definition that proves a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prove: Option<String>,
    /// The call that lists the keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<List>,
    /// What the next key must be given because the old one has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Grant>,
    /// How the next key gets known there, or is made there.
    pub publish: Way,
    /// How a published key becomes usable; where this is missing it is at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activate: Option<Way>,
    /// How a key is disabled so that it can be enabled again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deactivate: Option<Way>,
    /// How a key ends for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete: Option<Way>,
    /// What a person should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The source of these facts, by its name in the definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

const fn seen_after() -> Span {
    Span(30)
}

/// Who makes the next key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MadeBy {
    /// We do: the provider gets the public half, or the secret.
    Here,
    /// The provider does, and shows it once.
    There,
}

/// Whether the old key works beside the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overlap {
    /// Both work, or both verify, until the old one is ended.
    Both,
    /// The next one ends the old one: a password that is changed in place.
    None,
}

/// How a step is taken there: by a call, by hand, or by a call and by hand where that is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Way {
    /// The call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// What a person does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand: Option<Hand>,
}

/// The call that lists keys. Every page is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct List {
    /// The path below the base URL.
    pub path: String,
    /// Scopes that its token needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// JSON pointer (RFC 6901) to the keys in the answer.
    pub items: String,
    /// JSON pointer to the cursor of the next page; missing where there is one page alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// The parameter that takes the cursor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// JSON pointer in each key to its id there.
    pub id: String,
    /// To the thumbprint of its public half.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbprint: Option<String>,
    /// To the label that it was made with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// To whether it is active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<String>,
    /// To when it was last used. Without it nobody but ourselves can tell of a use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<String>,
}

/// A call that changes something there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Call {
    /// The method.
    pub method: String,
    /// The path below the base URL; `{pair}` is the id there.
    pub path: String,
    /// The JSON body, with `{label}`, `{public_pem}`, `{secret}`, `{active}` and `{grant.NAME}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Scopes that its token needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// JSON pointer in the answer to the key that was made there, shown once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A step by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hand {
    /// What to do, in the words of the provider's own page.
    pub words: String,
    /// The page where that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<String>,
    /// What to paste there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paste: Option<Paste>,
    /// What comes back from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brings: Option<Brings>,
}

/// What a person pastes at a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paste {
    /// The public half as SPKI PEM.
    PublicPem,
    /// The public half as a self-signed X.509 certificate.
    Certificate,
    /// The public half as a JWK.
    PublicJwk,
    /// The secret, or the password.
    Secret,
}

/// What a person brings from a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Brings {
    /// A file with a private key.
    KeyFile,
    /// An API key or a secret, shown once.
    Secret,
}

/// What a key may do there, which its successor must have as well: neither less nor more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Grant {
    /// Its name in `{grant.NAME}`.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// JSON pointer in a listed key to the list.
    pub read: String,
    /// JSON pointer in each of its members to the id that is granted; the member itself unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What an empty list means there.
    pub empty: Empty,
}

/// What an empty list of grants means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Empty {
    /// Everything.
    All,
    /// Nothing.
    Nothing,
    /// The call is refused.
    Refused,
}

/// What a listed key has, by the name of the grant.
pub type Grants = BTreeMap<String, Vec<String>>;

/// Why a rotation that is written so cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MethodFault {
    /// A way that leads nowhere.
    #[error("{member} has neither \"call\" nor \"hand\"")]
    NoWay {
        /// The member.
        member: &'static str,
    },
    /// Calls whose result cannot be found again.
    #[error("{member} is a call, and \"list\" is missing")]
    NoList {
        /// The member.
        member: &'static str,
    },
    /// A list in which our key cannot be recognised.
    #[error("\"list\" tells keys apart by neither \"thumbprint\" nor \"label\"")]
    NotFound,
    /// A list in which a public key is known by its label alone, though it has a thumbprint.
    #[error("\"made\" is \"there\" and \"list\" has no \"label\"")]
    NoLabel,
    /// A switch whose position cannot be read.
    #[error("{member} is a call, and \"list\" has no \"active\"")]
    NotReadable {
        /// The member.
        member: &'static str,
    },
    /// A member that would have no effect.
    #[error("{member} has no effect: {why}")]
    NoEffect {
        /// The member.
        member: &'static str,
        /// Why.
        why: &'static str,
    },
    /// An old key that works for ever.
    #[error(
        "\"overlap\" is \"both\", and neither \"deactivate\" nor \"delete\" is there: the old key would work for ever"
    )]
    NoEnd,
    /// A template with a slot that has no value.
    #[error("{member} has {{{found}}}; wanted one of {}", braced(wanted))]
    Slot {
        /// The member.
        member: String,
        /// The slot.
        found: String,
        /// The ones that have a value there.
        wanted: Vec<String>,
    },
    /// A template that leaves something out.
    #[error("{member} lacks {{{slot}}}")]
    SlotMissing {
        /// The member.
        member: String,
        /// The slot.
        slot: String,
    },
    /// Pages without a way to the next.
    #[error("\"list\" has {found:?} without {wanted:?}")]
    HalfCursor {
        /// The member that is there.
        found: &'static str,
        /// The one that is not.
        wanted: &'static str,
    },
    /// A way by hand that brings no key, where the key is made there.
    #[error("\"made\" is \"there\", and \"publish\" brings no key")]
    BringsNothing,
}

impl MethodFault {
    /// What to write instead.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoWay { .. } => "say what call does it, or in words what a person does",
            Self::NoList { .. } => "give the call that lists keys: it is how a step is found again after a crash",
            Self::NotFound => "give the pointer to the thumbprint, or to the label that the key was made with",
            Self::NoLabel => "give the pointer to the label: nothing else is known of a key that never arrived",
            Self::NotReadable { .. } => "give the pointer to whether a key is active",
            Self::NoEffect { .. } => "leave it out",
            Self::NoEnd => "say in words what a person does to end it",
            Self::Slot { .. } => "write one of those",
            Self::SlotMissing { member, .. } if member == "list" => "add the member that takes it",
            Self::SlotMissing { .. } => "put it where the provider expects it",
            Self::HalfCursor { .. } => "give both, or none where there is one page alone",
            Self::BringsNothing => "say with \"brings\", or \"secret\" of a call, what comes back",
        }
    }
}

impl Method {
    /// The first of a definition's methods that is meant for this credential, and for a next key of this type.
    pub fn find<'m>(methods: &'m [Self], credential: &str, key_type: Option<&str>) -> Option<&'m Self> {
        let is_meant = |method: &&Self| {
            let takes = key_type.is_none_or(|wanted| method.keys.iter().any(|takes| takes == wanted));
            method.credential == credential && (method.keys.is_empty() || takes)
        };
        methods.iter().find(is_meant)
    }

    /// Everything for which it cannot work as it is written.
    pub fn check(&self) -> Vec<MethodFault> {
        let mut faults = Vec::new();
        for (member, way) in self.ways() {
            match (&way.call, &way.hand) {
                (None, None) => faults.push(MethodFault::NoWay { member }),
                (Some(_), _) if self.list.is_none() => faults.push(MethodFault::NoList { member }),
                (Some(call), _) => self.check_call(member, call, &mut faults),
                (None, Some(_)) => {}
            }
        }
        let brings = self.publish.hand.as_ref().is_some_and(|hand| hand.brings.is_some())
            || self.publish.call.as_ref().is_some_and(|call| call.secret.is_some());
        if self.made == MadeBy::There && !brings {
            faults.push(MethodFault::BringsNothing);
        }
        if let Some(list) = &self.list {
            if list.thumbprint.is_none() && list.label.is_none() {
                faults.push(MethodFault::NotFound);
            } else if self.made == MadeBy::There && self.publish.call.is_some() && list.label.is_none() {
                faults.push(MethodFault::NoLabel);
            }
            match (&list.cursor, &list.next_cursor) {
                (Some(_), None) => faults.push(MethodFault::HalfCursor { found: "cursor", wanted: "next-cursor" }),
                (None, Some(_)) => faults.push(MethodFault::HalfCursor { found: "next-cursor", wanted: "cursor" }),
                _ => {}
            }
        }
        match self.overlap {
            Overlap::Both if self.deactivate.is_none() && self.delete.is_none() => faults.push(MethodFault::NoEnd),
            Overlap::Both => {}
            Overlap::None => {
                let idle = [("activate", &self.activate), ("deactivate", &self.deactivate), ("delete", &self.delete)];
                let why = "the next key ends the old one";
                faults.extend(
                    idle.into_iter()
                        .filter(|(_, way)| way.is_some())
                        .map(|(member, _)| MethodFault::NoEffect { member, why }),
                );
            }
        }
        if self.publish.call.is_none() && !self.grants.is_empty() {
            faults.push(MethodFault::NoEffect { member: "grants", why: "\"publish\" is not a call" });
        }
        faults
    }

    fn check_call(&self, member: &'static str, call: &Call, faults: &mut Vec<MethodFault>) {
        let switches = ["activate", "deactivate"].contains(&member);
        if switches && self.list.as_ref().is_some_and(|list| list.active.is_none()) {
            faults.push(MethodFault::NotReadable { member });
        }
        let publishes = member == "publish";
        let grants = || self.grants.iter().map(|grant| format!("grant.{}", grant.name));
        let (mut known, mut needed) = (Vec::new(), Vec::new());
        if publishes {
            known.extend(["label", "active", "public_pem", "secret"].map(str::to_owned));
            known.extend(grants());
            needed.extend(grants());
            // By thumbprint it is found without a label.
            let by_label = self.list.as_ref().is_some_and(|list| list.thumbprint.is_none());
            needed.extend((by_label || self.made == MadeBy::There).then(|| "label".to_owned()));
            // One that is active at once would skip the step that activates it.
            needed.extend(self.activate.is_some().then(|| "active".to_owned()));
        } else {
            known.push("pair".to_owned());
            needed.push("pair".to_owned());
        }
        let templates = [("path", Some(&call.path)), ("body", call.body.as_ref())];
        let mut present = Vec::new();
        for (part, text) in templates.into_iter().filter_map(|(part, text)| Some((part, text?))) {
            for slot in slots(text) {
                if !known.contains(&slot) {
                    let member = format!("{member}.{part}");
                    faults.push(MethodFault::Slot { member, found: slot.clone(), wanted: known.clone() });
                }
                present.push(slot);
            }
        }
        let missing = needed.into_iter().filter(|slot| !present.contains(slot));
        faults.extend(missing.map(|slot| MethodFault::SlotMissing { member: member.to_owned(), slot }));
    }

    fn ways(&self) -> impl Iterator<Item = (&'static str, &Way)> {
        let optional = [("activate", &self.activate), ("deactivate", &self.deactivate), ("delete", &self.delete)];
        let optional = optional.into_iter().filter_map(|(member, way)| Some((member, way.as_ref()?)));
        std::iter::once(("publish", &self.publish)).chain(optional)
    }

    /// Whether the provider tells when a key was last used.
    pub fn tells_last_use(&self) -> bool {
        self.list.as_ref().is_some_and(|list| list.last_used.is_some())
    }
}

fn braced(slots: &[String]) -> String {
    slots.iter().map(|slot| format!("{{{slot}}}")).collect::<Vec<_>>().join(", ")
}

/// The names in braces. JSON's own braces have none: what stands in them begins with neither letter nor digit.
fn slots(text: &str) -> Vec<String> {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    let inner = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    inner.map(|(name, _)| name).filter(|name| is_name(name)).map(str::to_owned).collect()
}
