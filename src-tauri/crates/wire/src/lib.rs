//! Wire types: what crosses an edge, with its JSON, and the closed set of error codes.
//!
//! The same types are the command line's `--json` and the window's IPC. Names are camelCase, times are seconds since 1970,
//! texts of headers and claims sets are strings, so that no parser on the way can change them. Nothing here ever holds a
//! private key or a secret.

mod algorithm;
mod api;
mod check;
pub mod commands;
mod credential;
mod definition;
mod diagnosis;
mod draft;
mod due;
mod emulator;
mod error;
mod event;
mod import;
mod incident;
mod key;
mod key_detail;
mod key_life;
mod key_row;
mod limits;
mod line;
mod profile;
mod program;
mod reading;
mod recipe;
mod request;
mod rotation;
mod run;
mod secret;
mod settings;
mod sheet;
mod target;
mod token;
mod undo;
pub mod utf16;
mod vault;
mod webhook;
mod window;
mod words;

pub use algorithm::Algorithm;
pub use api::{
    CredentialField, CredentialKind, Endpoint, Environment, FieldChoice, FieldKind, Lifetime, Provider,
    ProviderRotation, Scope, SecretKind, TokenOrKey, Variable,
};
pub use check::{CheckOf, CheckOutcome, CheckResult, CheckRow, CheckVerdict};
pub use credential::{CredentialAdded, NewCredential};
pub use definition::{
    DefinitionChange, DefinitionCheck, DefinitionError, DefinitionForgotten, DefinitionTaken, FileState, OwnDefinition,
    StartingFile,
};
pub use diagnosis::{Diagnosis, DiagnosisLine};
pub use draft::{
    CallWith, ClaimSpan, Completion, Completions, Draft, DraftAt, DraftEdit, DraftFinding, DraftReading, DraftTarget,
    EndpointReading, Fix, LineNote, Pill, ReadRow, RedundantScope, ScopeAction, ScopeGroup, ScopePicker, ScopeRow,
    Sending, TextEdit, TokenParts,
};
pub use due::Due;
pub use emulator::{
    EmulatorEntry, EmulatorFail, EmulatorFaults, EmulatorIncident, EmulatorLimit, EmulatorOutcome, EmulatorState,
};
pub use error::{Code, ErrorBody};
pub use event::{EVENT, Event, Locked, WhyLocked};
pub use import::{ImportItem, ImportPreview};
pub use incident::{Incident, WayOut};
pub use key::{Binding, Key, KeyText};
pub use key_detail::{Comparison, KeyDetail, NewKey, PrivateForm, PrivateFormat, PublicForm, PublicFormat};
pub use key_life::{KeyEvent, LineKey};
pub use key_row::KeyRow;
pub use limits::{DELETED_KEPT_SECONDS, DELIVERIES_KEPT, EMULATED_KEPT};
pub use line::{KeyCopy, KeyLife, KeyStay, Line, LineDue, LineDueKind, LineMember};
pub use profile::{Guard, NewProfile, Profile, ProfileChange, ProfileChanged};
pub use program::{CurlCommand, DemoSteps, EmulatorStarted, Snippet, VaultPath};
pub use reading::{InspectWith, Judged, MemberRow, NearMiss, TokenReading};
pub use recipe::Recipe;
pub use request::{Answer, Gate, Header, Request, RequestPreview, Sent, Skew};
pub use rotation::{
    EarliestTime, GrantThere, HandOver, HandStep, JournalEntry, Orphan, PairThere, Rehearsal, Rotation, RotationAbout,
    RotationMethod, RotationNext, RotationPlan, RotationRow, RotationTimes, Silence, StepDone, StepEvidence, WaitPart,
};
pub use run::{ExecutionOutcome, FlowRow, Forgotten, IssuedTokens, TimelineRow};
pub use secret::Secret;
pub use settings::Settings;
pub use sheet::{ClaimSheet, FieldReading, FieldValue, SheetCall, SheetCreated, SheetField, SheetReading};
pub use target::{CredentialAt, Target};
pub use token::{Finding, Inspection, ReadyToken, SignedToken, Times, Verdicts};
pub use undo::Undo;
pub use vault::{Slot, VaultStatus};
pub use webhook::{
    BytesRow, ComputedSignature, HandlerCode, HeldBody, HeldSecret, ReceiverStarted, SignatureComparison, SignedBytes,
    WebhookBody, WebhookCheck, WebhookDelivery, WebhookReceiver, WebhookSample, WebhookStep, WebhookWhose,
};
pub use window::{Appearance, Copied, Language, Opened, SavedFile, Start, Strength, System, Theme, VaultHere};
pub use words::{
    Authentication, Brings, Certainty, CompletionKind, DueKind, FlowKind, Handed, Health, KeyKind, KeyState, MadeBy,
    Mood, OrphanWhy, Overlap, OwnKeys, Part, Passage, Paste, RotationMode, RotationStep, Severity, StepTaken, Tier,
    Tone, Verdict, WebhookStage, WebhookState,
};
