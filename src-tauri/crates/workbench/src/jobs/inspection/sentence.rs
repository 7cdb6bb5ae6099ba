//! The first sentence of an inspection: expiry and signature, and whether that is good news.

use jose::{Code, finding::Group, header::AlgParam, inspect::Inspection, time::span, verify::Verdict};

use super::keys::OwnKeys;
use crate::ground::words::{self, Wall};

/// How the sentence is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mood {
    /// The signature is good, and nothing else is wrong.
    Good,
    /// It would be refused.
    Bad,
    /// Something wants a look.
    Care,
    /// Nothing is wrong as far as can be seen.
    Calm,
}

/// What the sentence is made of.
pub(super) struct Facts<'a> {
    pub(super) inspection: &'a Inspection,
    pub(super) key: Option<&'a str>,
    pub(super) own_keys: OwnKeys,
    pub(super) wall: Wall,
}

impl Facts<'_> {
    fn has(&self, code: Code) -> bool {
        self.inspection.findings.iter().any(|finding| finding.code == code)
    }

    /// Whether there is a token to speak of, and why not.
    fn unreadable(&self) -> Option<&'static str> {
        Some(match self.inspection {
            _ if self.has(Code::NoToken) => "There is no token in it.",
            _ if self.has(Code::Encrypted) => "An encrypted token: only the holder of the key can read its claims.",
            inspection if inspection.header.is_none() && inspection.payload.is_none() => "This is not a token.",
            inspection if inspection.structure == Verdict::Bad && inspection.signature == Verdict::Good => {
                "This is not a well-formed token, though its signature is good."
            }
            inspection if inspection.structure == Verdict::Bad => "This is not a well-formed token.",
            _ => return None,
        })
    }

    pub(super) fn sentence(&self) -> String {
        if let Some(words) = self.unreadable() {
            return words.to_owned();
        }
        let signature = match (self.inspection.signature, &self.inspection.alg) {
            (_, Some(AlgParam::None)) => "It is not signed: alg none.",
            (Verdict::Good, _) => "The signature is good.",
            (Verdict::Bad, _) => "The signature is bad.",
            (Verdict::Unknown, _) => "The signature is not judged.",
        };
        match self.time() {
            Some(time) => format!("{time}. {signature}"),
            None => signature.to_owned(),
        }
    }

    /// How the token's times stand to now.
    fn time(&self) -> Option<String> {
        let (times, now) = (self.inspection.times, self.wall.now);
        if let Some(expires) = times.expires.filter(|expires| *expires <= now) {
            return Some(format!("Expired {} ago", span(now.saturating_sub(expires))));
        }
        if let Some(from) = times.not_before.filter(|from| *from > now) {
            return Some(format!("Not valid for another {}", span(from.saturating_sub(now))));
        }
        match times.expires {
            Some(expires) => Some(format!("Valid for another {}", span(expires.saturating_sub(now)))),
            None if self.has(Code::ExpMissing) => Some("It never expires".to_owned()),
            // A proof of possession and its like have no end by their own rules.
            None if self.has(Code::ExpNotUsual) => None,
            None if self.inspection.policy == Verdict::Unknown => None,
            None => Some("It does not say when it expires in a way that can be read".to_owned()),
        }
    }

    pub(super) fn detail(&self) -> Option<String> {
        if self.unreadable().is_some() {
            let mut form = self.inspection.errors().filter(|finding| finding.code.group() == Group::Structure);
            return form.next().map(|finding| words::sentence(&finding.message));
        }
        let wrong_kid = self.has(Code::KidUnpadded) || self.has(Code::KidUnknown) || self.has(Code::KidNotThumbprint);
        let mut said = match (self.inspection.signature, self.key) {
            _ if matches!(self.inspection.alg, Some(AlgParam::None)) => "Anybody could have written it.".to_owned(),
            (Verdict::Good, Some(key)) if wrong_kid => {
                format!("Made with your key {key}, but its kid names no key of yours.")
            }
            (Verdict::Good, Some(key)) if self.own_keys == OwnKeys::Tried => format!("Made with your key {key}."),
            (Verdict::Good, Some(key)) => format!("Made with {key}."),
            (Verdict::Good, None) => String::new(),
            (Verdict::Bad, Some(key)) => format!("It names {key}, and the signature is not that key's work."),
            (Verdict::Bad, None) => self.first_of(Group::Signature).or_else(|| self.first_of(Group::Header))?,
            (Verdict::Unknown, _) if self.has(Code::NotJudged) => {
                let reason = self.inspection.findings.iter().find(|finding| finding.code == Code::NotJudged)?;
                words::sentence(&reason.message)
            }
            (Verdict::Unknown, _) => match self.own_keys {
                OwnKeys::Locked => "Unlock to try your own keys, or paste the key it should verify with.".to_owned(),
                OwnKeys::None => "Paste the public key it should verify with.".to_owned(),
                OwnKeys::Tried => "None of your keys made it. Paste the public key it should verify with.".to_owned(),
            },
        };
        if self.has(Code::EmbeddedKey) && self.inspection.signature != Verdict::Good {
            said.push_str(" It brings a key of its own, which proves nothing.");
        }
        let faults = self.inspection.errors().count();
        if wrong_kid && self.inspection.signature == Verdict::Good && faults > 1 {
            said.push_str(" Either fault is enough for a refusal.");
        }
        Some(said).filter(|said| !said.is_empty())
    }

    fn first_of(&self, group: Group) -> Option<String> {
        let found = self.inspection.errors().find(|finding| finding.code.group() == group)?;
        Some(words::sentence(&found.message))
    }

    pub(super) fn mood(&self) -> Mood {
        let inspection = self.inspection;
        if inspection.structure == Verdict::Bad || inspection.signature == Verdict::Bad {
            return Mood::Bad;
        }
        match (inspection.policy, inspection.errors().next().is_some(), inspection.signature) {
            (Verdict::Bad, _, _) => Mood::Bad,
            (_, true, _) => Mood::Care,
            (_, false, Verdict::Good) => Mood::Good,
            (_, false, _) if self.has(Code::EmbeddedKey) => Mood::Care,
            (_, false, _) => Mood::Calm,
        }
    }
}
