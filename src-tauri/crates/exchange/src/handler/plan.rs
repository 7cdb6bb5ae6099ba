//! Plan of a handler: the steps of a check, as values that fill in a template.

use jose::{
    key::SecretEncoding,
    webhook::{
        Covered, Encoding, FieldList, Method, Piece, Place, Scheme, SignatureFormat, Slot, Timestamp, TimestampPlace,
        TimestampUnit,
    },
};

use super::{Handler, fields::Fields};
use crate::copy_as::is_hidden;

/// A check as every language writes it.
pub(super) struct Plan<'s> {
    /// What people call the provider. It stands in a comment, and does not end it.
    pub provider: String,
    /// What else the comment at the beginning says. No line of it ends a comment.
    pub says: Vec<String>,
    /// The environment variable of the secret.
    pub variable: &'s str,
    /// The MAC or signature.
    pub method: Method,
    /// How a signature is written.
    pub encoding: Encoding,
    /// What stands between several.
    pub separator: Option<&'s str>,
    /// Whether white space around each of several is passed over.
    pub trims: bool,
    /// What a signature may begin with; it begins with one of them, if there are any.
    pub beginnings: Vec<String>,
    /// How the text of the secret becomes bytes.
    pub secret: SecretEncoding,
    /// Beginnings that are not part of it.
    pub secret_beginnings: &'s [String],
    /// The header fields that are read, and what each is called.
    pub fields: Vec<(String, &'s str)>,
    /// Where the signatures stand.
    pub signatures: Signatures<'s>,
    /// The time, if the scheme has one.
    pub time: Option<Time<'s>>,
    /// What is signed.
    pub signed: Signed<'s>,
    /// Whether the sender signs the body written anew.
    pub anew: bool,
}

/// Where signatures stand. In one place, the text with them is called `signature`.
pub(super) enum Signatures<'s> {
    /// In a field.
    Field,
    /// In several fields, as they are called; one is enough.
    OneOf(Vec<String>),
    /// In the body: the names on the way there.
    Body(&'s [String]),
}

/// When a delivery was signed.
pub(super) struct Time<'s> {
    /// Where it stands.
    pub place: TimePlace<'s>,
    /// Whether it counts milliseconds.
    pub milliseconds: bool,
    /// How old it may be, in its unit.
    pub past: u128,
    /// How far ahead it may be, in its unit.
    pub future: u128,
}

/// Where the time stands.
pub(super) enum TimePlace<'s> {
    /// In a field of its own, which is called `timestamp`.
    Field,
    /// In a member of a list: what the field is called, the separator and the member.
    Member(String, &'s str, &'s str),
    /// In the body.
    Body(&'s [String]),
}

/// What is signed.
pub(super) enum Signed<'s> {
    /// A text, mostly with the body in it.
    Text(Vec<Run>),
    /// These members of the body.
    Members(Vec<&'s [String]>, &'s str),
    /// The members that the body names: the way to the names, and to what they are members of.
    Named(&'s [String], &'s [String], &'s str),
}

/// A part of the text: the body, which is bytes, or what stands before, between and after.
pub(super) enum Run {
    /// The body.
    Body,
    /// Texts, one after the other.
    Text(Vec<Bit>),
}

/// A part of a text.
pub(super) enum Bit {
    /// Stands as written, and is not empty.
    Text(String),
    /// What something is called.
    Local(String),
}

/// What the field with the signature is called.
const SIGNATURE: &str = "signature";

/// What the time is called.
pub(super) const TIMESTAMP: &str = "timestamp";

impl<'s> Plan<'s> {
    pub(super) fn new(
        how: &Handler<'s>,
        variable: &'s str,
        (method, covers, written): (Method, &'s Covered, &'s SignatureFormat),
        scheme: &'s Scheme,
    ) -> Self {
        let mut fields = Fields::default();
        let signatures = match &scheme.place {
            Place::Headers(names) => {
                let locals: Vec<String> = names.iter().map(|name| fields.named(SIGNATURE, name)).collect();
                if locals.len() > 1 { Signatures::OneOf(locals) } else { Signatures::Field }
            }
            Place::Body(pointer) => Signatures::Body(pointer.steps()),
        };
        let time = scheme.timestamp.as_ref().map(|timestamp| Time::new(timestamp, written, &mut fields));
        let signed = match covers {
            Covered::Text(template) => Signed::Text(runs(template.pieces(), scheme.id_header.as_deref(), &mut fields)),
            Covered::Fields { list: FieldList::Fixed(pointers), separator } => {
                Signed::Members(pointers.iter().map(|pointer| pointer.steps()).collect(), separator)
            }
            Covered::Fields { list: FieldList::Named { names, within }, separator } => {
                Signed::Named(names.steps(), within.steps(), separator)
            }
        };
        let with_prefixes = |start: &str| match written.prefixes.as_slice() {
            [] => vec![start.to_owned()],
            prefixes => prefixes.iter().map(|prefix| format!("{start}{prefix}")).collect(),
        };
        let beginnings = match (written.members.as_slice(), written.prefixes.as_slice()) {
            ([], []) => Vec::new(),
            ([], _) => with_prefixes(""),
            (members, _) => members.iter().flat_map(|member| with_prefixes(&format!("{member}="))).collect(),
        };
        let mut plan = Self {
            provider: in_comment(how.provider),
            says: vec![how.webhook.in_words() + "."],
            variable,
            method,
            encoding: written.encoding,
            separator: written.separator().filter(|separator| !separator.is_empty()),
            trims: !written.members.is_empty(),
            beginnings,
            secret: scheme.secret.encoding,
            secret_beginnings: &scheme.secret.prefixes,
            fields: fields.into_named(),
            signatures,
            time,
            signed,
            anew: how.reserialised,
        };
        plan.says.extend(plan.warnings());
        plan.says.iter_mut().for_each(|line| *line = in_comment(line));
        plan
    }

    /// What whoever takes the code has to know.
    fn warnings(&self) -> Vec<String> {
        let mut told = Vec::new();
        if self.anew {
            told.push("The sender signs the body written anew, so use the values of the body alone.".to_owned());
        }
        if self.time.is_none() {
            told.push("Nothing says when it was signed: pass over deliveries whose id you have handled.".to_owned());
        }
        if !self.signs_body() {
            told.push("Members of the body that are not signed may have been changed: do not rely on them.".to_owned());
        }
        told
    }

    /// Whether the body as a whole is signed.
    pub(super) fn signs_body(&self) -> bool {
        matches!(&self.signed, Signed::Text(runs) if runs.iter().any(|run| matches!(run, Run::Body)))
    }

    /// Whether members of the body are read.
    pub(super) fn reads_body(&self) -> bool {
        !matches!(self.signed, Signed::Text(_))
            || matches!(self.signatures, Signatures::Body(_))
            || self.time.as_ref().is_some_and(|time| matches!(time.place, TimePlace::Body(_)))
    }

    /// Whether a member of a list such as `t=1,v1=ab` is read.
    pub(super) const fn reads_member(&self) -> bool {
        matches!(self.time, Some(Time { place: TimePlace::Member(..), .. }))
    }

    /// Whether the code is told this of the request: `url` or `method`.
    pub(super) fn is_told(&self, local: &str) -> bool {
        let is = |bit: &Bit| matches!(bit, Bit::Local(name) if name == local);
        let in_run = |run: &Run| matches!(run, Run::Text(bits) if bits.iter().any(is));
        matches!(&self.signed, Signed::Text(runs) if runs.iter().any(in_run))
    }

    /// What the code is told of the request beside header fields and body.
    pub(super) fn told(&self) -> Vec<&'static str> {
        ["url", "method"].into_iter().filter(|local| self.is_told(local)).collect()
    }

    /// The fields without which nothing is genuine: all, but that of several with a signature one is enough.
    pub(super) fn wanted(&self) -> Vec<&str> {
        let several: &[String] = if let Signatures::OneOf(locals) = &self.signatures { locals } else { &[] };
        self.fields
            .iter()
            .map(|(local, _)| local)
            .filter(|local| !several.contains(local))
            .map(String::as_str)
            .collect()
    }

    /// The hash of the MAC as OpenSSL calls it; none for Ed25519.
    pub(super) const fn hash(&self) -> Option<&'static str> {
        match self.method {
            Method::HmacSha1 => Some("sha1"),
            Method::HmacSha256 => Some("sha256"),
            Method::HmacSha512 => Some("sha512"),
            Method::Ed25519 => None,
        }
    }

    /// Whether the signature is Ed25519, and not a MAC.
    pub(super) const fn is_ed25519(&self) -> bool {
        matches!(self.method, Method::Ed25519)
    }

    /// Whether the key is made of the secret, by decoding it or taking its beginning off, so that it may be empty though the
    /// secret is not.
    pub(super) fn derives_key(&self) -> bool {
        self.secret != SecretEncoding::Utf8 || !self.secret_beginnings.is_empty()
    }

    /// Whether something is hexadecimal: a signature or the secret.
    pub(super) fn uses_hex(&self) -> bool {
        self.encoding == Encoding::Hex || self.secret == SecretEncoding::Hex
    }

    /// Whether something is base64, of either alphabet.
    pub(super) fn uses_base64(&self) -> bool {
        self.encoding != Encoding::Hex || matches!(self.secret, SecretEncoding::Base64 | SecretEncoding::Base64Url)
    }

    /// Whether signatures stand in several fields.
    pub(super) const fn has_several_fields(&self) -> bool {
        matches!(self.signatures, Signatures::OneOf(_))
    }

    /// Whether there is one text that is or holds one signature, which makes the code short.
    pub(super) fn is_single(&self) -> bool {
        !self.has_several_fields() && self.separator.is_none() && self.beginnings.len() < 2
    }
}

impl<'s> Time<'s> {
    fn new(timestamp: &'s Timestamp, written: &'s SignatureFormat, fields: &mut Fields<'s>) -> Self {
        let place = match &timestamp.place {
            TimestampPlace::Header { name, member: None } => {
                fields.named(TIMESTAMP, name);
                TimePlace::Field
            }
            TimestampPlace::Header { name, member: Some(member) } => {
                TimePlace::Member(fields.named("times", name), written.separator().unwrap_or(","), member)
            }
            TimestampPlace::Body(pointer) => TimePlace::Body(pointer.steps()),
            // Refused before.
            TimestampPlace::Claim(_) => TimePlace::Body(&[]),
        };
        let milliseconds = timestamp.unit == TimestampUnit::Milliseconds;
        let in_unit = |seconds: u64| u128::from(seconds) * if milliseconds { 1_000 } else { 1 };
        Self { place, milliseconds, past: in_unit(timestamp.past), future: in_unit(timestamp.future) }
    }
}

/// The text as it is signed, cut at each body.
fn runs<'s>(pieces: &'s [Piece], id: Option<&'s str>, fields: &mut Fields<'s>) -> Vec<Run> {
    let mut runs = Vec::new();
    for piece in pieces {
        if matches!(piece, Piece::Slot(Slot::Body)) {
            runs.push(Run::Body);
        } else if let Some(bit) = bit(piece, id, fields) {
            match runs.last_mut() {
                Some(Run::Text(bits)) => bits.push(bit),
                _ => runs.push(Run::Text(vec![bit])),
            }
        }
    }
    runs
}

/// What stands in the text for a piece; nothing for the body, which is bytes, and for what is empty.
fn bit<'s>(piece: &'s Piece, id: Option<&'s str>, fields: &mut Fields<'s>) -> Option<Bit> {
    let local = match piece {
        Piece::Text(text) => return (!text.is_empty()).then(|| Bit::Text(text.clone())),
        Piece::Slot(Slot::Body) => return None,
        Piece::Slot(Slot::Timestamp) => TIMESTAMP.to_owned(),
        // A scheme that names no field for the id has none to sign.
        Piece::Slot(Slot::Id) => fields.named("webhook_id", id?),
        Piece::Slot(Slot::Url) => "url".to_owned(),
        Piece::Slot(Slot::Method) => "method".to_owned(),
        Piece::Slot(Slot::Header(name)) => fields.named("field", name),
    };
    Some(Bit::Local(local))
}

/// A line that ends no comment: not by a line break, and not as PHP ends all code.
fn in_comment(line: &str) -> String {
    let seen: String = line.chars().map(|c| if c == '\n' || is_hidden(c) { '\u{fffd}' } else { c }).collect();
    seen.replace("?>", "? >")
}
