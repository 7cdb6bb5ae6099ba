//! The `[[rotation]]` of a provider's definition: how one of its credentials is rotated, as data. `docs/formats/provider-v1.md`
//! describes its members.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{
    slot::{PAIR, PUBLISHED, is_identifier, is_slot_of_calls, slots},
    time::Span,
};

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
    /// The path below the base URL. Variables of the definition may stand there.
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
    /// The path below the base URL; `{pair}` is the id there. Variables of the definition may stand there as well.
    pub path: String,
    /// The JSON body, with `{label}`, `{public_pem}`, `{secret}`, `{active}` and `{grant.NAME}`. [`fill`](crate::fill) says how
    /// they are filled in.
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
    /// The source of the words, where it is not that of the section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
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
#[error("{}: {}, wanted {}", self.member(), self.found(), self.wanted())]
pub enum MethodFault {
    /// A way that leads nowhere.
    NoWay {
        /// The member.
        member: &'static str,
    },
    /// Calls whose result cannot be found again.
    NoList {
        /// The member.
        member: &'static str,
    },
    /// A list in which our key cannot be recognised.
    NotFound,
    /// A list in which a public key is known by its label alone, though it has a thumbprint.
    NoLabel,
    /// A switch whose position cannot be read.
    NotReadable {
        /// The member.
        member: &'static str,
    },
    /// A member that would have no effect.
    NoEffect {
        /// The member.
        member: &'static str,
        /// Why.
        why: &'static str,
    },
    /// An old key that works for ever.
    NoEnd,
    /// A template with a slot that has no value there.
    Slot {
        /// The member.
        member: String,
        /// The slot.
        found: String,
        /// The ones that have a value there.
        wanted: Arc<[String]>,
    },
    /// A template that leaves something out.
    SlotMissing {
        /// The member.
        member: &'static str,
        /// The slot.
        slot: String,
    },
    /// A call that registers a key and does not say which.
    GivesNothing {
        /// The member.
        member: &'static str,
    },
    /// A grant whose name cannot stand in a slot, or stands for another one already.
    GrantName {
        /// Which one, from 0.
        index: usize,
        /// The name.
        name: String,
        /// Whether an earlier one has it.
        again: bool,
    },
    /// Pages without a way to the next.
    HalfCursor {
        /// The member that is there.
        found: &'static str,
        /// The one that is not.
        wanted: &'static str,
    },
    /// A way that brings no key, where the key is made there.
    BringsNothing {
        /// The member.
        member: &'static str,
    },
}

impl MethodFault {
    /// The member that it is about, as a path below the section: `publish.call.body`.
    pub fn member(&self) -> String {
        match self {
            Self::NoWay { member } | Self::NoEffect { member, .. } => (*member).to_owned(),
            Self::GivesNothing { member } | Self::BringsNothing { member } => (*member).to_owned(),
            Self::NoList { member } | Self::SlotMissing { member, .. } => format!("{member}.call"),
            Self::NotFound | Self::NoLabel | Self::NotReadable { .. } => "list".to_owned(),
            Self::NoEnd => "overlap".to_owned(),
            Self::Slot { member, .. } => member.clone(),
            Self::GrantName { index, .. } => format!("grants.{index}.name"),
            Self::HalfCursor { found, .. } => format!("list.{found}"),
        }
    }

    /// What is written.
    pub fn found(&self) -> String {
        match self {
            Self::NoWay { .. } => "neither \"call\" nor \"hand\"".to_owned(),
            Self::NoList { .. } => "a call, but the section has no \"list\"".to_owned(),
            Self::NotFound => "neither \"thumbprint\" nor \"label\"".to_owned(),
            Self::NoLabel => "no \"label\", but the key is made there by a call".to_owned(),
            Self::NotReadable { member } => format!("no \"active\", but \"{member}\" is a call"),
            Self::NoEffect { why, .. } => format!("something without an effect: {why}"),
            Self::NoEnd => "\"both\", and neither \"deactivate\" nor \"delete\": the old key would work for ever".to_owned(),
            Self::Slot { found, .. } => format!("{{{found}}}, which has no value there"),
            Self::SlotMissing { slot, .. } => format!("a call without {{{slot}}}"),
            Self::GivesNothing { member } if member.ends_with("hand") => {
                "no \"paste\", but the key is made here".to_owned()
            }
            Self::GivesNothing { .. } => "neither {public_pem} nor {secret}, but the key is made here".to_owned(),
            Self::GrantName { name, again: true, .. } => format!("{name:?} a second time"),
            Self::GrantName { name, .. } => format!("{name:?}"),
            Self::HalfCursor { found, wanted } => format!("\"{found}\" without \"{wanted}\""),
            Self::BringsNothing { .. } => "nothing that comes back, but the key is made there".to_owned(),
        }
    }

    /// What should be written.
    pub fn wanted(&self) -> String {
        match self {
            Self::NoWay { .. } => "the call that does it, or in words what a person does".to_owned(),
            Self::NoList { .. } => "the call that lists keys".to_owned(),
            Self::NotFound => "the pointer to one of them".to_owned(),
            Self::NoLabel => "the pointer to the label that the key was made with".to_owned(),
            Self::NotReadable { .. } => "the pointer to whether a key is active".to_owned(),
            Self::NoEffect { .. } => "nothing there".to_owned(),
            Self::NoEnd => "one of them: the call, or in words what a person does to end it".to_owned(),
            Self::Slot { wanted, .. } => match wanted.iter().map(|slot| format!("{{{slot}}}")).collect::<Vec<_>>().as_slice() {
                [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
                one => one.concat(),
            },
            Self::SlotMissing { slot, .. } if slot == "pair" => "it where the provider expects the id of the key".to_owned(),
            Self::SlotMissing { .. } => "it where the provider expects it".to_owned(),
            Self::GivesNothing { member } if member.ends_with("hand") => "what a person pastes there".to_owned(),
            Self::GivesNothing { .. } => "one of them in the body".to_owned(),
            Self::GrantName { again: true, .. } => "each name once".to_owned(),
            Self::GrantName { .. } => "letters, digits and _, a letter first".to_owned(),
            Self::HalfCursor { .. } => "both, or none where there is one page alone".to_owned(),
            Self::BringsNothing { member } if member.ends_with("hand") => "\"brings\", what a person gets there".to_owned(),
            Self::BringsNothing { .. } => "\"secret\", the pointer to the key in the answer".to_owned(),
        }
    }

    /// Why that is wanted, where the words do not say it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoList { .. } => Some("what a call changed is read back, also after a crash, before it counts"),
            Self::NotFound => Some("otherwise nobody can tell our key from others"),
            Self::NoLabel => Some("the label is all that is known of a key whose answer never arrived"),
            Self::NotReadable { .. } => Some("what a call changed is read back before it counts"),
            Self::SlotMissing { slot, .. } if slot == "active" => {
                Some("a key that is active at once would skip the step that activates it")
            }
            Self::SlotMissing { slot, .. } if slot == "label" => Some("by its label the key is found again"),
            Self::SlotMissing { slot, .. } if slot.starts_with("grant.") => {
                Some("the next key must have what the old one has, neither less nor more")
            }
            _ => None,
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

    /// Everything for which it cannot work as it is written. What it says of the rest of its definition is judged where that
    /// is known.
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
        self.check_publish(&mut faults);
        self.check_idle(&mut faults);
        if let Some(list) = &self.list {
            self.check_list(list, &mut faults);
        }
        if self.overlap == Overlap::Both && self.deactivate.is_none() && self.delete.is_none() {
            faults.push(MethodFault::NoEnd);
        }
        let mut seen = BTreeSet::new();
        for (index, grant) in self.grants.iter().enumerate() {
            let (name, again) = (&grant.name, !seen.insert(grant.name.as_str()));
            if again || !is_identifier(name) {
                faults.push(MethodFault::GrantName { index, name: name.clone(), again });
            }
        }
        faults
    }

    /// Each way of publishing gives the provider our key, or brings its.
    fn check_publish(&self, faults: &mut Vec<MethodFault>) {
        let (call, hand) = (self.publish.call.as_ref(), self.publish.hand.as_ref());
        let gives = |call: &Call| {
            call.body.iter().flat_map(|body| slots(body)).any(|slot| ["public_pem", "secret"].contains(&slot))
        };
        match self.made {
            MadeBy::Here => {
                let silent = call.is_some_and(|call| !gives(call));
                faults.extend(silent.then_some(MethodFault::GivesNothing { member: "publish.call" }));
                let silent = hand.is_some_and(|hand| hand.paste.is_none());
                faults.extend(silent.then_some(MethodFault::GivesNothing { member: "publish.hand" }));
            }
            MadeBy::There => {
                let silent = call.is_some_and(|call| call.secret.is_none());
                faults.extend(silent.then_some(MethodFault::BringsNothing { member: "publish.call" }));
                let silent = hand.is_some_and(|hand| hand.brings.is_none());
                faults.extend(silent.then_some(MethodFault::BringsNothing { member: "publish.hand" }));
            }
        }
    }

    /// What nothing would come of.
    fn check_idle(&self, faults: &mut Vec<MethodFault>) {
        let mut idle = |member, why| faults.push(MethodFault::NoEffect { member, why });
        if self.overlap == Overlap::None {
            for (member, _) in self.ways().filter(|(member, _)| *member != "publish") {
                idle(member, "\"overlap\" is \"none\", so the next key ends the old one");
            }
        }
        if self.publish.call.is_none() && !self.grants.is_empty() {
            idle("grants", "\"publish\" is not a call");
        }
        let (call, hand) = (self.publish.call.as_ref(), self.publish.hand.as_ref());
        match self.made {
            MadeBy::Here if call.is_some_and(|call| call.secret.is_some()) => {
                idle("publish.call.secret", "the key is made here");
            }
            MadeBy::There if hand.is_some_and(|hand| hand.paste.is_some()) => {
                idle("publish.hand.paste", "the key is made there");
            }
            _ => {}
        }
        if self.made == MadeBy::Here && hand.is_some_and(|hand| hand.brings.is_some()) {
            idle("publish.hand.brings", "the key is made here");
        }
        let others = [
            (&self.activate, ["activate.call.secret", "activate.hand.paste", "activate.hand.brings"]),
            (&self.deactivate, ["deactivate.call.secret", "deactivate.hand.paste", "deactivate.hand.brings"]),
            (&self.delete, ["delete.call.secret", "delete.hand.paste", "delete.hand.brings"]),
        ];
        for (way, members) in others.iter().filter_map(|(way, members)| Some((way.as_ref()?, members))) {
            let is_there = [
                way.call.as_ref().is_some_and(|call| call.secret.is_some()),
                way.hand.as_ref().is_some_and(|hand| hand.paste.is_some()),
                way.hand.as_ref().is_some_and(|hand| hand.brings.is_some()),
            ];
            for (member, _) in members.iter().zip(is_there).filter(|(_, is_there)| *is_there) {
                idle(member, "only \"publish\" gives or brings a key");
            }
        }
    }

    fn check_list(&self, list: &List, faults: &mut Vec<MethodFault>) {
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
        if list.active.is_none() {
            let switches = [("activate", &self.activate), ("deactivate", &self.deactivate)];
            let called = |way: &Option<Way>| way.as_ref().is_some_and(|way| way.call.is_some());
            faults.extend(
                switches
                    .into_iter()
                    .filter(|(_, way)| called(way))
                    .map(|(member, _)| MethodFault::NotReadable { member }),
            );
        }
    }

    /// The slots of a call: those that it needs are there, and each has a value. A name that no call gives a value to is a
    /// variable of the definition, which knows its own.
    fn check_call(&self, member: &'static str, call: &Call, faults: &mut Vec<MethodFault>) {
        let publishes = member == "publish";
        let grants = || self.grants.iter().map(|grant| format!("grant.{}", grant.name));
        let (mut known, mut needed) = (Vec::new(), Vec::new());
        if publishes {
            known.extend(PUBLISHED.map(str::to_owned));
            known.extend(grants());
            needed.extend(grants());
            // By thumbprint it is found without a label.
            let by_label = self.list.as_ref().is_some_and(|list| list.thumbprint.is_none());
            needed.extend((by_label || self.made == MadeBy::There).then(|| "label".to_owned()));
            // One that is active at once would skip the step that activates it.
            needed.extend(self.activate.is_some().then(|| "active".to_owned()));
        } else {
            known.push(PAIR.to_owned());
            needed.push(PAIR.to_owned());
        }
        let known: Arc<[String]> = known.into();
        let templates = [("path", Some(&call.path)), ("body", call.body.as_ref())];
        let mut present = BTreeSet::new();
        for (part, text) in templates.into_iter().filter_map(|(part, text)| Some((part, text?))) {
            for slot in slots(text) {
                if is_slot_of_calls(slot) && !known.iter().any(|known| known == slot) {
                    let member = format!("{member}.call.{part}");
                    faults.push(MethodFault::Slot { member, found: slot.to_owned(), wanted: Arc::clone(&known) });
                }
                present.insert(slot);
            }
        }
        let missing = needed.into_iter().filter(|slot| !present.contains(slot.as_str()));
        faults.extend(missing.map(|slot| MethodFault::SlotMissing { member, slot }));
    }

    fn ways(&self) -> impl Iterator<Item = (&'static str, &Way)> {
        let optional = [("activate", &self.activate), ("deactivate", &self.deactivate), ("delete", &self.delete)];
        let optional = optional.into_iter().filter_map(|(member, way)| Some((member, way.as_ref()?)));
        std::iter::once(("publish", &self.publish)).chain(optional)
    }

    /// Whether we make the next key.
    pub fn is_made_here(&self) -> bool {
        self.made == MadeBy::Here
    }

    /// Whether the old key works beside the next one.
    pub fn overlaps(&self) -> bool {
        self.overlap == Overlap::Both
    }

    /// How it goes, in a line: `made here, beside the old one; by calls; the last use is told`.
    pub fn in_words(&self) -> String {
        let made = if self.is_made_here() { "made here" } else { "made there" };
        let beside = if self.overlaps() { "beside the old one" } else { "in place of the old one" };
        let (calls, all) = (self.ways().filter(|(_, way)| way.call.is_some()).count(), self.ways().count());
        let how = match calls {
            0 => "by hand",
            calls if calls == all => "by calls",
            _ => "by calls and by hand",
        };
        let told = if self.tells_last_use() { "; the last use is told" } else { "" };
        format!("{made}, {beside}; {how}{told}")
    }

    /// Whether the provider tells when a key was last used.
    pub fn tells_last_use(&self) -> bool {
        self.list.as_ref().is_some_and(|list| list.last_used.is_some())
    }
}
