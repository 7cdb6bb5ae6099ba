//! Drafts on the wire: what Build shows. Places are UTF-16 code units of the claims text as typed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::{
    draft::{self, CallTarget},
    drafts,
};

use crate::{
    Authentication, CompletionKind, FieldValue, Finding, IssuedTokens, KeyRow, Part, Scope, Sent, Tier, TimelineRow,
    Times, Tone,
    utf16::{Units, byte_at},
};

/// A token that is being written, and the call it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The profile's name.
    pub profile: String,
    /// The environment's id.
    pub environment: String,
    /// Another key than the profile's.
    pub key: Option<String>,
    /// The claims set as typed, with "$now", "$now+5m" and "$uuid".
    pub claims: String,
    /// The header as typed, a JSON object; none: by the key and the recipe.
    pub header: Option<String>,
    /// What is called: an endpoint by its id, or a method and a path.
    pub target: Option<DraftTarget>,
    /// The body; none: the endpoint's sample.
    pub body: Option<String>,
    /// Seconds added to the clock for one signature: "sign with the server's time".
    #[ts(type = "number")]
    pub shift: i64,
    /// With what the call authenticates, where the provider leaves a choice.
    #[serde(default)]
    pub with: CallWith,
    /// The scopes that a server is asked for, where it makes the token; none: the provider's usual ones.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// The lifetime that a server is asked for, in seconds; none: the provider's usual one.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub ttl: Option<u64>,
}

/// With what a call authenticates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CallWith {
    /// What the provider names first.
    #[default]
    Usual,
    /// A token: signed here, or given by the server before.
    Token,
    /// The opaque key itself.
    Key,
}

impl From<draft::CallWith> for CallWith {
    fn from(with: draft::CallWith) -> Self {
        match with {
            draft::CallWith::Usual => Self::Usual,
            draft::CallWith::Token => Self::Token,
            draft::CallWith::Key => Self::Key,
        }
    }
}

impl From<CallWith> for draft::CallWith {
    fn from(with: CallWith) -> Self {
        match with {
            CallWith::Usual => Self::Usual,
            CallWith::Token => Self::Token,
            CallWith::Key => Self::Key,
        }
    }
}

/// What is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum DraftTarget {
    /// An endpoint of the provider.
    Endpoint {
        /// Its id.
        endpoint: String,
    },
    /// Any other call.
    Path {
        /// The method.
        method: String,
        /// The path, from the base address on.
        path: String,
    },
}

impl From<&drafts::Draft> for Draft {
    fn from(draft: &drafts::Draft) -> Self {
        Self {
            profile: draft.profile.clone(),
            environment: draft.environment.clone(),
            key: draft.key.clone(),
            claims: draft.claims.clone(),
            header: draft.header.clone(),
            target: draft.target.as_ref().map(|target| match target {
                CallTarget::Endpoint(id) => DraftTarget::Endpoint { endpoint: id.clone() },
                CallTarget::Path { method, path } => DraftTarget::Path { method: method.clone(), path: path.clone() },
            }),
            body: draft.body.clone(),
            shift: draft.shift,
            with: draft.with.into(),
            scopes: draft.scopes.clone(),
            ttl: draft.ttl,
        }
    }
}

impl From<Draft> for drafts::Draft {
    fn from(draft: Draft) -> Self {
        Self {
            profile: draft.profile,
            environment: draft.environment,
            key: draft.key,
            claims: draft.claims,
            header: draft.header,
            target: draft.target.map(|target| match target {
                DraftTarget::Endpoint { endpoint } => CallTarget::Endpoint(endpoint),
                DraftTarget::Path { method, path } => CallTarget::Path { method, path },
            }),
            body: draft.body,
            shift: draft.shift,
            with: draft.with.into(),
            scopes: draft.scopes,
            ttl: draft.ttl,
        }
    }
}

/// What a draft says as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DraftReading {
    /// What the call authenticates with.
    pub authentication: Authentication,
    /// What is known of the token that the server gave, where the call carries one.
    pub issued: Option<IssuedTokens>,
    /// The token; none while the claims are not a JSON object, in a live environment before consent, or without a key.
    pub token: Option<TokenParts>,
    /// Why there is no token, in a few words: "not signed", "line 4 is not JSON", "no key for Sandbox".
    pub unsigned: Option<String>,
    /// The header as signed, or as it would be; compact.
    pub header: String,
    /// The claims set as signed, or as it would be; compact.
    pub claims: String,
    /// The credential: the key that signs, or what calls and tokens are got with.
    pub key: Option<KeyRow>,
    /// How much care the environment wants.
    pub tier: Tier,
    /// In the claims text as typed.
    pub findings: Vec<DraftFinding>,
    /// Words at the ends of lines: "14:11:40, in 5 min".
    pub notes: Vec<LineNote>,
    /// Expressions drawn as pills: "now + 5 min" for "$now+5m".
    pub pills: Vec<Pill>,
    /// Which characters of the token's payload part each typed member becomes.
    pub spans: Vec<ClaimSpan>,
    /// The times of the token.
    pub times: Times,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// "5 required, all present"; "exp is missing".
    pub summary: String,
    /// What the server will read.
    pub reads: Vec<ReadRow>,
    /// The call.
    pub endpoint: Option<EndpointReading>,
    /// What Send is called: "Send to Sandbox", "Send anyway", "Send to LIVE".
    pub send_label: String,
    /// Why Send is impossible now; none where it is possible.
    pub send_blocked: Option<String>,
    /// The clock of Rust at this reading, for the lifetime bar.
    #[ts(type = "number")]
    pub now: i64,
}

/// The three parts of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenParts {
    /// The header in base64url.
    pub header: String,
    /// The payload in base64url.
    pub payload: String,
    /// The signature in base64url.
    pub signature: String,
}

impl TokenParts {
    /// The parts of a token that has three.
    pub fn split(token: &str) -> Option<Self> {
        let mut parts = token.split('.').map(str::to_owned);
        let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(Self { header, payload, signature })
    }
}

/// Something that was noticed in a draft, and what undoes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DraftFinding {
    /// What it is.
    #[serde(flatten)]
    pub finding: Finding,
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What undoes it, the likeliest first.
    pub fixes: Vec<Fix>,
}

/// A change with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// The changes, all of them at once.
    pub edits: Vec<TextEdit>,
}

/// A change of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What comes in place of that.
    pub insert: String,
}

impl TextEdit {
    /// Changes of `text`.
    pub fn list(edits: &[drafts::TextEdit], text: &str) -> Vec<Self> {
        counted(edits, &Units::new(text))
    }
}

fn counted(edits: &[drafts::TextEdit], units: &Units) -> Vec<TextEdit> {
    let edit = |edit: &drafts::TextEdit| {
        let (from, to) = units.span(edit.span);
        TextEdit { from, to, insert: edit.insert.clone() }
    };
    edits.iter().map(edit).collect()
}

/// Words at the end of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LineNote {
    /// The line, from 1.
    pub line: usize,
    /// What its value means.
    pub words: String,
    /// Whether that is as it should be.
    pub tone: Tone,
}

/// An expression as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Pill {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// "now + 5 min"
    pub words: String,
}

/// `from`..`to` in the claims text as typed; `start`..`end` in the payload part of the token, in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClaimSpan {
    /// Where it begins as typed.
    pub from: usize,
    /// Where it ends as typed.
    pub to: usize,
    /// The first character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
}

/// One thing that the server will read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReadRow {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
    /// What that means.
    pub words: Option<String>,
    /// Whether that is as it should be.
    pub tone: Tone,
}

/// The call of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EndpointReading {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The whole address; empty where it is not known.
    pub url: String,
    /// Whether it changes something there.
    pub side_effects: bool,
    /// "needs transactions.read; the token has it".
    pub scopes: Option<String>,
    /// The scopes it needs that are not there.
    pub lacks: Vec<String>,
    /// The fewest scopes that serve it, where the draft has others; none where it has just these.
    pub minimal: Option<Vec<String>>,
}

impl DraftReading {
    /// The reading of `draft`; `key` is the row of the key that it names.
    pub fn new(reading: &drafts::DraftReading, draft: &drafts::Draft, key: Option<KeyRow>) -> Self {
        let units = Units::new(&draft.claims);
        let finding = |noted: &drafts::Noted| {
            let (from, to) = units.span(noted.span);
            let mut finding = Finding::from(&noted.finding);
            if finding.part == Some(Part::Payload) {
                finding.span = Some([from, to]);
            }
            let fix = |fix: &drafts::Fix| Fix { title: fix.title.clone(), edits: counted(&fix.edits, &units) };
            DraftFinding { finding, from, to, fixes: noted.fixes.iter().map(fix).collect() }
        };
        let pill = |pill: &drafts::Pill| {
            let (from, to) = units.span(pill.span);
            Pill { from, to, words: pill.words.clone() }
        };
        let span = |span: &drafts::ClaimSpan| {
            let (from, to) = units.span(span.typed);
            ClaimSpan { from, to, start: span.characters.start, end: span.characters.end }
        };
        let note = |note: &drafts::LineNote| {
            let tone = match note.tone.into() {
                Tone::Ok => Tone::Plain,
                other => other,
            };
            LineNote { line: note.line, words: note.words.clone(), tone }
        };
        let row = |row: &drafts::ReadRow| ReadRow {
            label: row.label.to_owned(),
            value: row.value.clone(),
            words: row.words.clone(),
            tone: row.tone.into(),
        };
        Self {
            authentication: reading.authentication.into(),
            issued: reading.issued.as_ref().map(IssuedTokens::from),
            token: reading.token.as_ref().and_then(|token| TokenParts::split(token.as_str())),
            unsigned: reading.unsigned.clone(),
            header: reading.header.clone(),
            claims: reading.claims.clone(),
            key,
            tier: reading.tier.into(),
            findings: reading.findings.iter().map(finding).collect(),
            notes: reading.notes.iter().map(note).collect(),
            pills: reading.pills.iter().map(pill).collect(),
            spans: reading.spans.iter().map(span).collect(),
            times: reading.times.into(),
            scopes: reading.scopes.clone(),
            summary: reading.summary.clone(),
            reads: reading.reads.iter().map(row).collect(),
            endpoint: reading.endpoint.as_ref().map(|endpoint| EndpointReading {
                method: endpoint.method.clone(),
                path: endpoint.path.clone(),
                url: endpoint.url.clone(),
                side_effects: endpoint.side_effects,
                scopes: endpoint.scopes.clone(),
                lacks: endpoint.lacks.clone(),
                minimal: endpoint.minimal.clone(),
            }),
            send_label: reading.send_label.clone(),
            send_blocked: reading.send_blocked.clone(),
            now: reading.now,
        }
    }
}

/// What a person sets beside the text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "set", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum DraftEdit {
    /// The scopes, all of them.
    Scopes {
        /// The scopes.
        scopes: Vec<String>,
    },
    /// How long the token shall live.
    Lifetime {
        /// In seconds from signing on.
        #[ts(type = "number")]
        seconds: u64,
    },
    /// When it shall begin.
    Starts {
        /// In seconds before signing.
        #[ts(type = "number")]
        seconds_ago: u64,
    },
    /// The claim of a sheet, with the scope that goes with it.
    Sheet {
        /// The claim.
        claim: String,
        /// What stands in each field; none takes the claim out.
        filled: Option<Vec<FieldValue>>,
    },
    /// Start again from the recipe.
    Recipe,
}

impl From<DraftEdit> for drafts::DraftEdit {
    fn from(edit: DraftEdit) -> Self {
        match edit {
            DraftEdit::Scopes { scopes } => Self::Scopes(scopes),
            DraftEdit::Lifetime { seconds } => Self::Lifetime(seconds),
            DraftEdit::Starts { seconds_ago } => Self::Starts(seconds_ago),
            DraftEdit::Sheet { claim, filled } => Self::Sheet { claim, filled: filled.map(FieldValue::all) },
            DraftEdit::Recipe => Self::Recipe,
        }
    }
}

/// What can be written at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Completions {
    /// Where what is replaced begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What can be written.
    pub options: Vec<Completion>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    /// What is shown, and compared with what was typed.
    pub label: String,
    /// What is written.
    pub insert: String,
    /// What it is, in a few words.
    pub detail: Option<String>,
    /// More about it.
    pub info: Option<String>,
    /// What kind of thing it is.
    pub kind: CompletionKind,
}

impl Completions {
    /// Completions of `draft`.
    pub fn new(completions: &drafts::Completions, draft: &drafts::Draft) -> Self {
        let (from, to) = Units::new(&draft.claims).span(completions.span);
        let option = |option: &drafts::Completion| Completion {
            label: option.label.clone(),
            insert: option.insert.clone(),
            detail: option.detail.clone(),
            info: option.info.clone(),
            kind: option.kind.into(),
        };
        Self { from, to, options: completions.options.iter().map(option).collect() }
    }
}

/// A place of a draft's claims text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DraftAt {
    /// The draft.
    pub draft: Draft,
    /// The place, in UTF-16 code units.
    pub at: usize,
}

impl DraftAt {
    /// The place in bytes.
    pub fn byte(&self) -> usize {
        byte_at(&self.draft.claims, self.at)
    }
}

/// The scopes that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScopePicker {
    /// Scopes for everything and those that stand alone: `*.read`, `admin`.
    pub wide: Vec<Scope>,
    /// The others by resource.
    pub groups: Vec<ScopeGroup>,
    /// Those that the draft has.
    pub selected: Vec<String>,
    /// What the endpoint needs.
    pub needed: Vec<String>,
    /// The smallest set that serves it.
    pub minimal: Vec<String>,
    /// Those that another one already gives.
    pub redundant: Vec<RedundantScope>,
    /// "GET /transactions needs transactions.read. Two of your three are more than it needs."
    pub words: String,
    /// How many are known.
    pub known: usize,
    /// Whether a scope that is not listed may be typed.
    pub free: bool,
}

/// A scope that could go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RedundantScope {
    /// The scope.
    pub scope: String,
    /// Why it could.
    pub because: String,
}

/// Resources under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScopeGroup {
    /// The heading.
    pub title: String,
    /// The resources.
    pub rows: Vec<ScopeRow>,
}

/// One resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScopeRow {
    /// Its name.
    pub resource: String,
    /// Whether it is not certain that it is there.
    pub assumed: bool,
    /// What can be done with it.
    pub actions: Vec<ScopeAction>,
}

/// Something that can be done with a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScopeAction {
    /// Its name.
    pub action: String,
    /// The scope.
    pub value: String,
    /// What it allows.
    pub title: String,
}

impl From<&drafts::Picker> for ScopePicker {
    fn from(picker: &drafts::Picker) -> Self {
        let wide = |listed: &provider::Listed| Scope {
            value: listed.value.clone(),
            title: listed.title.clone(),
            group: listed.group.clone(),
            from: listed.from.clone(),
        };
        let action = |action: &drafts::PickerAction| ScopeAction {
            action: action.action.clone(),
            value: action.value.clone(),
            title: action.title.clone(),
        };
        let row = |row: &drafts::PickerRow| ScopeRow {
            resource: row.resource.clone(),
            assumed: row.assumed,
            actions: row.actions.iter().map(action).collect(),
        };
        let group = |group: &drafts::PickerGroup| ScopeGroup {
            title: group.title.clone(),
            rows: group.rows.iter().map(row).collect(),
        };
        let surplus = |surplus: &drafts::Surplus| RedundantScope {
            scope: surplus.scope.clone(),
            because: surplus.because.clone(),
        };
        Self {
            wide: picker.wide.iter().map(wide).collect(),
            groups: picker.groups.iter().map(group).collect(),
            selected: picker.selected.clone(),
            needed: picker.needed.clone(),
            minimal: picker.minimal.clone(),
            redundant: picker.redundant.iter().map(surplus).collect(),
            words: picker.words.clone(),
            known: picker.known,
            free: picker.free,
        }
    }
}

/// A call that was made, and the draft as it was signed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Sending {
    /// The call that was made last; none where it came to no call, since a flow before it gave nothing.
    pub sent: Option<Sent>,
    /// The draft, with the token that was sent.
    pub reading: DraftReading,
    /// Everything that was done, in order.
    pub timeline: Vec<TimelineRow>,
    /// Why a flow before the call gave nothing, a sentence.
    pub failed: Option<String>,
}
