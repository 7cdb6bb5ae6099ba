//! A token that was inspected, on the wire: what Inspect shows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::inspection::{self, InspectWith as With};

use crate::{Finding, Mood, OwnKeys, Times, TokenParts, Tone, Verdict, utf16::Units};

/// How a token shall be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InspectWith {
    /// A public key, a key set or a secret, pasted to verify with.
    pub key_text: Option<String>,
    /// The provider whose rules apply; none: the one whose rules fit best, or none at all.
    pub provider: Option<String>,
}

impl InspectWith {
    /// The same in the words of the jobs. A text of nothing is none.
    pub fn as_job(&self) -> With<'_> {
        With {
            key_text: self.key_text.as_deref().filter(|text| !text.trim().is_empty()),
            provider: self.provider.as_deref().filter(|id| !id.is_empty()),
        }
    }
}

/// What there is to say about a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenReading {
    /// The token itself as found in the text; empty if there is none.
    pub token: String,
    /// Its three parts, where it has three.
    pub parts: Option<TokenParts>,
    /// What was around it, in words: "Taken off the front: Authorization: Bearer".
    pub taken: Option<String>,
    /// How many characters it has.
    pub characters: usize,
    /// "Expired 3 h 12 min ago. The signature is good."
    pub sentence: String,
    /// What comes next to know.
    pub detail: Option<String>,
    /// Whether that is good news.
    pub tone: Mood,
    /// Whether it is well written.
    pub structure: Judged,
    /// Whether the signature is good.
    pub signature: Judged,
    /// Whether time and rules are kept.
    pub policy: Judged,
    /// The provider whose rules were applied.
    pub provider: Option<String>,
    /// The header, member by member.
    pub header: Vec<MemberRow>,
    /// The claims, member by member.
    pub payload: Vec<MemberRow>,
    /// The header's text.
    pub header_text: Option<String>,
    /// The payload's text.
    pub payload_text: Option<String>,
    /// Its times.
    pub times: Times,
    /// The clock of Rust at this reading.
    #[ts(type = "number")]
    pub now: i64,
    /// The name of my key that made it or that it names.
    pub key: Option<String>,
    /// Whether the keys of the vault were tried.
    pub own_keys: OwnKeys,
    /// Whether what was pasted could have signed it, by kid and algorithm; none where nothing was pasted.
    pub pasted_fits: Option<bool>,
    /// Everything that was noticed. Spans count UTF-16 units of the token, the header's or the payload's text.
    pub findings: Vec<Finding>,
    /// A kid that is nearly right: what stands there, what was meant.
    pub near_miss: Option<NearMiss>,
    /// The draft that Build would open with; none if the payload is not a claims set.
    pub draft_claims: Option<String>,
}

/// One of the three verdicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// Good, bad or unknown.
    pub verdict: Verdict,
    /// The word for it: "sound", "2 faults".
    pub word: String,
    /// Why.
    pub reasons: Vec<String>,
}

/// One member, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberRow {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What that means.
    pub words: Option<String>,
    /// Whether that is as it should be.
    pub tone: Tone,
}

/// A kid that is nearly right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NearMiss {
    /// What stands there.
    pub found: String,
    /// What was meant.
    pub wanted: String,
    /// What the difference is.
    pub words: String,
}

impl From<&inspection::Judged> for Judged {
    fn from(judged: &inspection::Judged) -> Self {
        Self { verdict: judged.verdict.into(), word: judged.word.clone(), reasons: judged.reasons.clone() }
    }
}

impl From<&inspection::MemberRow> for MemberRow {
    fn from(row: &inspection::MemberRow) -> Self {
        Self { name: row.name.clone(), value: row.value.clone(), words: row.words.clone(), tone: row.tone.into() }
    }
}

impl From<&inspection::TokenReading> for TokenReading {
    fn from(reading: &inspection::TokenReading) -> Self {
        let rows = |rows: &[inspection::MemberRow]| rows.iter().map(MemberRow::from).collect();
        Self {
            parts: TokenParts::split(&reading.token),
            token: reading.token.clone(),
            taken: reading.taken.clone(),
            characters: reading.characters,
            sentence: reading.sentence.clone(),
            detail: reading.detail.clone(),
            tone: reading.mood.into(),
            structure: (&reading.structure).into(),
            signature: (&reading.signature).into(),
            policy: (&reading.policy).into(),
            provider: reading.provider.map(|definition| definition.id.clone()),
            header: rows(&reading.header),
            payload: rows(&reading.payload),
            header_text: reading.header_text.clone(),
            payload_text: reading.payload_text.clone(),
            times: reading.times.into(),
            now: reading.now,
            key: reading.key.clone(),
            own_keys: reading.own_keys.into(),
            pasted_fits: reading.pasted_fits,
            findings: findings(reading),
            near_miss: reading.near_miss.as_ref().map(|miss| NearMiss {
                found: miss.found.clone(),
                wanted: miss.wanted.clone(),
                words: miss.words.clone(),
            }),
            draft_claims: reading.draft_claims.clone(),
        }
    }
}

fn findings(reading: &inspection::TokenReading) -> Vec<Finding> {
    let text = |text: &Option<String>| Units::new(text.as_deref().unwrap_or_default());
    let (token, header, payload) =
        (Units::new(&reading.token), text(&reading.header_text), text(&reading.payload_text));
    let counted = |finding: &jose::Finding| {
        let units = match finding.place.map(|place| place.part) {
            Some(jose::Part::Header) => &header,
            Some(jose::Part::Payload) => &payload,
            _ => &token,
        };
        let mut told = Finding::from(finding);
        told.span = finding.place.map(|place| units.span(place.span).into());
        told
    };
    reading.findings.iter().map(counted).collect()
}
