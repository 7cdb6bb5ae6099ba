//! Header parameters and claims of a token, each with its meaning.

use jose::{
    Code, Finding, Part, Severity,
    inspect::Inspection,
    json::{Document, Kind, Node},
    verify::Verdict,
};
use provider::{Definition, definition::ClaimType};

use super::keys::OwnKeys;
use crate::{
    ground::words::{self, Wall},
    jobs::drafts::{Tone, whole},
};

/// One member, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Members that are shown; of more it is said how many.
const MOST_MEMBERS: usize = 200;

/// Characters of a value that are shown.
const MOST_OF_VALUE: usize = 2_000;

/// What the meanings are made of.
pub(super) struct Members<'a> {
    pub(super) inspection: &'a Inspection,
    pub(super) provider: Option<&'static Definition>,
    pub(super) own_keys: OwnKeys,
    pub(super) key: Option<&'a str>,
    pub(super) named_by_kid: bool,
    pub(super) wall: Wall,
}

impl Members<'_> {
    pub(super) fn header(&self) -> Vec<MemberRow> {
        self.rows(self.inspection.header.as_deref(), Part::Header, |name, _| match name {
            "alg" => self.alg(),
            "kid" => self.kid(),
            "jwk" | "x5c" | "jku" | "x5u" => Some(("what the token brings; never used".to_owned(), Tone::Warn)),
            _ => None,
        })
    }

    pub(super) fn payload(&self) -> Vec<MemberRow> {
        self.rows(self.inspection.payload.as_deref(), Part::Payload, |name, node| self.claim(name, node))
    }

    fn rows(
        &self,
        text: Option<&str>,
        part: Part,
        meaning: impl Fn(&str, Node<'_, '_>) -> Option<(String, Tone)>,
    ) -> Vec<MemberRow> {
        let Some(Ok(document)) = text.map(Document::parse) else { return Vec::new() };
        let mut members = document.root().members();
        let mut rows: Vec<MemberRow> = (members.by_ref().take(MOST_MEMBERS))
            .map(|node| {
                let name = node.name().unwrap_or_default();
                let meaning = meaning(&name, node);
                let finding = self.finding(part, node);
                let (words, tone) = match (meaning, finding) {
                    // A meaning that says what is wrong needs no second sentence.
                    (Some((words, tone)), _) if tone != Tone::Plain => (Some(words), tone),
                    (_, Some((words, tone))) => (Some(words), tone),
                    (Some((words, tone)), None) => (Some(words), tone),
                    (None, None) => (None, Tone::Plain),
                };
                MemberRow { name: words::short(&name), value: value(node), words, tone }
            })
            .collect();
        let more = members.count();
        if more > 0 {
            let words = Some("not shown here; the text below has them".to_owned());
            rows.push(MemberRow { name: "…".to_owned(), value: format!("{more} more"), words, tone: Tone::Plain });
        }
        rows
    }

    /// The gravest finding that points at this member or into it.
    fn finding(&self, part: Part, node: Node<'_, '_>) -> Option<(String, Tone)> {
        let span = whole(node);
        let inside = |finding: &&Finding| {
            finding.severity() != Severity::Info
                && finding.place.is_some_and(|place| {
                    place.part == part && place.span.start >= span.start && place.span.end <= span.end
                })
        };
        let finding = self.inspection.findings.iter().filter(inside).min_by_key(|finding| finding.severity())?;
        let tone = if finding.is_error() { Tone::Fail } else { Tone::Warn };
        Some((finding.message.clone(), tone))
    }

    fn alg(&self) -> Option<(String, Tone)> {
        let good = self.inspection.signature == Verdict::Good;
        let key = self.key.filter(|_| good)?;
        Some((format!("fits {key}"), Tone::Ok))
    }

    fn kid(&self) -> Option<(String, Tone)> {
        let wrong = [Code::KidUnpadded, Code::KidUnknown, Code::KidNotThumbprint];
        let nobody = self.inspection.findings.iter().any(|finding| wrong.contains(&finding.code));
        match (self.key, self.own_keys) {
            (Some(key), OwnKeys::Tried) if self.named_by_kid => Some((format!("yours: {key}"), Tone::Ok)),
            (Some(key), _) if self.named_by_kid => Some((format!("{key}'s"), Tone::Ok)),
            (_, OwnKeys::Locked) => None,
            (_, OwnKeys::Tried) => Some(("not a key of yours".to_owned(), Tone::Warn)),
            _ if nobody => Some(("not the key's".to_owned(), Tone::Warn)),
            _ => None,
        }
    }

    fn claim(&self, name: &str, node: Node<'_, '_>) -> Option<(String, Tone)> {
        let known = self.provider.and_then(|definition| definition.token.as_ref());
        let claim = known.and_then(|token| token.claims.iter().find(|claim| claim.name == name));
        let plain = |words: String| Some((words, Tone::Plain));
        if matches!(name, "iat" | "nbf" | "exp" | "auth_time")
            || claim.is_some_and(|claim| claim.kind == ClaimType::Time)
        {
            return self.time(name, node);
        }
        if node.kind() == Kind::Array {
            let count = node.elements().count();
            return plain(format!("array of {count}"));
        }
        if node.kind() == Kind::Object {
            return plain(words::plural(node.members().count(), "member"));
        }
        if is_uuid(node) {
            return plain("UUID".to_owned());
        }
        let title = claim?.title.as_deref()?;
        plain(title.split_once("; ").map_or(title, |(_, rest)| rest).to_owned())
    }

    fn time(&self, name: &str, node: Node<'_, '_>) -> Option<(String, Tone)> {
        let at = node.as_f64().filter(|at| (0.0..1e11).contains(at))? as i64;
        let (said, past) = (self.wall.day_and_time(at), at <= self.wall.now);
        Some(match name {
            "exp" => (format!("{said}, {}", self.wall.distance(at)), if past { Tone::Fail } else { Tone::Plain }),
            "nbf" if !past => (format!("{said}, {}", self.wall.distance(at)), Tone::Fail),
            "iat" if !past => (format!("{said}, {}", self.wall.distance(at)), Tone::Warn),
            _ => (said, Tone::Plain),
        })
    }
}

fn value(node: Node<'_, '_>) -> String {
    let shown = words::shown(node);
    match shown.char_indices().nth(MOST_OF_VALUE) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}

fn is_uuid(node: Node<'_, '_>) -> bool {
    node.as_str().is_some_and(|text| text.len() == 36 && uuid::Uuid::try_parse(&text).is_ok())
}
