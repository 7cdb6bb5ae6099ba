//! Window commands: the one table of what the page may ask, with name, request and answer.
//!
//! The handlers, the permission test and the TypeScript of the page are all made from [`for_each_command`], so that a command
//! that is missing in one of them does not compile or does not pass.

pub mod rotation;

use std::collections::BTreeMap;

use serde::Deserialize;
use ts_rs::TS;

use crate::{
    Draft, DraftEdit, FieldValue, InspectWith, PrivateFormat, PublicFormat, Secret, Target, WebhookBody, WebhookWhose,
};

/// Calls the macro `$then` with every command: its documentation, `name: Request => Answer;`.
#[macro_export]
macro_rules! for_each_command {
    ($then:ident) => {
        $then! {
            // The program and its vault.

            /// What the page begins with.
            program_start: () => $crate::Start;
            /// A public key, in base64, that one request can be sealed for which holds a secret.
            request_key: () => String;
            /// Remembers how the window looks.
            appearance_change: $crate::Appearance => ();
            /// How well a passphrase withstands guessing.
            passphrase_strength: $crate::commands::Typed => $crate::Strength;
            /// Creates the vault that `program_start` named, with a demo profile and key for Local. Sends `progress`.
            vault_create: $crate::commands::Typed => $crate::Opened;
            /// Unlocks it.
            vault_unlock: $crate::commands::Typed => $crate::Opened;
            /// Locks it.
            vault_lock: () => ();
            /// Opens the system's dialog; the answer is the vault chosen, none if the person cancelled.
            vault_choose: () => Option<$crate::VaultHere>;
            /// Puts another passphrase in place of the present one.
            vault_change_passphrase: $crate::commands::NewPassphrase => ();
            /// The person did something: puts off the idle lock.
            activity: () => ();
            /// Ends a running job that has this id: a send, a generation.
            job_cancel: $crate::commands::OfJob => ();

            /// What may be the matter with this installation. Reads alone, and is sent nowhere.
            diagnosis_show: () => $crate::Diagnosis;
            /// Asks for a file in the system's dialog and writes the diagnosis there; none if the person cancelled.
            diagnosis_save: () => Option<$crate::SavedFile>;

            /// Takes back a deletion or a change, once.
            undo: $crate::commands::OfUndo => ();

            // What the vault holds.

            /// Every provider that there is a definition of.
            providers_list: () => Vec<$crate::Provider>;
            /// Every definition of the person's own, each beside its file.
            definitions_list: () => Vec<$crate::OwnDefinition>;
            /// Writes a commented definition file to begin with, for an API of this name; none if the person cancelled.
            definition_begin: $crate::commands::Named => Option<$crate::SavedFile>;
            /// Asks for a definition file in the system's dialog and takes it; none if the person cancelled. Where live
            /// credentials would follow it, asks once more.
            definition_add: () => Option<$crate::DefinitionTaken>;
            /// Takes what the file of a definition holds now. Asks as `definition_add` does.
            definition_update: $crate::commands::Named => $crate::DefinitionTaken;
            /// Forgets a definition; the built-in one of its id counts again.
            definition_remove: $crate::commands::Named => $crate::Undo;
            /// Every profile by name.
            profiles_list: () => Vec<$crate::Profile>;
            /// Every key by name, then those that were deleted.
            keys_list: () => Vec<$crate::KeyRow>;
            /// Every recipe by name.
            recipes_list: () => Vec<$crate::Recipe>;
            /// What the person chose.
            settings_show: () => $crate::Settings;
            /// Chooses.
            settings_change: $crate::Settings => $crate::Settings;
            /// Asks for a file of certificates that calls shall trust beside the system's; none if the person cancelled.
            certificates_trust: () => Option<$crate::Settings>;
            /// Trusts the system's alone again.
            certificates_forget: () => $crate::Settings;

            // Build.

            /// The draft that was open when the vault was locked, or a new one for this place. Without a place: the last used.
            draft_open: Option<$crate::Target> => $crate::Draft;
            /// A fresh draft by the provider's recipe.
            draft_new: $crate::Target => $crate::Draft;
            /// What a draft says as it stands, signed where that needs no consent. Called at each keystroke.
            draft_read: $crate::Draft => $crate::DraftReading;
            /// What can be written at a place of its claims.
            draft_complete: $crate::DraftAt => $crate::Completions;
            /// The edits of the claims text that set scopes, a lifetime, a preset. Applied by the editor, so that undo works.
            draft_edit: $crate::commands::Editing => Vec<$crate::TextEdit>;
            /// What a sheet says as it is filled in. Called at each keystroke in it.
            sheet_read: $crate::commands::FillingIn => $crate::SheetReading;
            /// Makes the call that gives the claim of a sheet its value, and leaves the draft as it is. Long, as `request_send`.
            sheet_create: $crate::commands::Creating => $crate::SheetCreated;
            /// The scopes that can be chosen for a draft.
            scopes_picker: $crate::Draft => $crate::ScopePicker;
            /// Signs a draft for a live environment: asks in a native dialog first. `draft_read` signs everywhere else.
            draft_sign: $crate::Draft => $crate::DraftReading;
            /// What would be sent, the credential masked.
            request_preview: $crate::Draft => $crate::RequestPreview;
            /// Signs afresh, or takes what the server gave, sends, explains; follows the flow where that was chosen. Long: has a
            /// `job` that can be cancelled. Sends `happened` and `waiting`.
            request_send: $crate::commands::ToSend => $crate::Sending;
            /// Runs a flow of the provider for a draft's place: log in, mint, refresh, verify, log out. Long, as `request_send`.
            flow_run: $crate::commands::RunFlow => $crate::ExecutionOutcome;
            /// Forgets the tokens of a credential for a target, without telling the server.
            tokens_forget: $crate::CredentialAt => ();
            /// Copies the access token that a server issued to a credential, which leaves the clipboard again as a signed one does. It does not
            /// come to the page. Asks before it is a live one.
            access_token_copy: $crate::CredentialAt => $crate::Copied;
            /// Gives a draft a name, to use it again.
            recipe_save: $crate::commands::NamedDraft => $crate::Recipe;
            /// Gives a recipe another name.
            recipe_rename: $crate::commands::Renaming => $crate::Recipe;
            /// Deletes a recipe.
            recipe_delete: $crate::commands::Named => $crate::Undo;

            // The emulator.

            /// What it saw, and how it misbehaves. It runs from the first call to Local on.
            emulator_state: () => $crate::EmulatorState;
            /// Starts it without a call.
            emulator_start: () => $crate::EmulatorState;
            /// Lets it misbehave from the next request on.
            emulator_misbehave: $crate::EmulatorFaults => $crate::EmulatorState;
            /// Lets something happen there once: sessions end, a credential is revoked.
            emulator_cause: $crate::EmulatorIncident => ();
            /// Lets it send a webhook to the receiver on this computer, signed with what is sealed for a place there. Answers the
            /// status.
            emulator_deliver: $crate::Target => u16;
            /// Its state starts afresh: sessions, limits, faults, revocations, the log. What is registered stays.
            emulator_reset: () => $crate::EmulatorState;

            // Inspect.

            /// What there is to say about a token.
            token_inspect: $crate::commands::Inspecting => $crate::TokenReading;
            /// The clipboard is read in Rust, so that a key in it never comes here; none if there is no token in it.
            token_inspect_clipboard: $crate::commands::InspectingClipboard => Option<$crate::TokenReading>;

            // Webhooks.

            /// Hands over a secret to judge or sign with. It is not answered again, and forgotten with the lock.
            webhook_hold: $crate::commands::Holding => $crate::HeldSecret;
            /// Asks for a file with a body in the system's dialog; its bytes stay in Rust. None if the person cancelled.
            webhook_file: () => Option<$crate::HeldBody>;
            /// Forgets the secrets that were handed over and the files that were chosen.
            webhook_drop: () => ();
            /// Takes the check of a delivery in steps.
            webhook_check: $crate::commands::WebhookChecking => $crate::WebhookCheck;
            /// Signs a body as the provider would; asks first where that is for a live environment.
            webhook_sign: $crate::commands::WebhookSigning => $crate::WebhookSample;
            /// Code that checks deliveries in a handler of the person's own. No secret is in it.
            webhook_code: $crate::commands::WebhookCoding => $crate::HandlerCode;
            /// Whether the receiver listens, and what came.
            webhook_receiver: () => $crate::WebhookReceiver;
            /// Starts the receiver on this computer, in place of one that listens. Sends `delivered`.
            webhook_listen: $crate::commands::WebhookListening => $crate::WebhookReceiver;
            /// Stops it; what came stays until it is started again, or the vault is locked.
            webhook_stop: () => $crate::WebhookReceiver;
            /// What came with a delivery: its header fields, and the beginning of its body.
            webhook_delivery: $crate::commands::OfDelivery => $crate::HeldBody;

            // Keys.

            /// One key with everything that may be shown of it.
            key_show: $crate::commands::Named => $crate::KeyDetail;
            /// Makes a key. Long with RSA: has a `job` that can be cancelled.
            key_generate: $crate::NewKey => $crate::KeyDetail;
            /// What the clipboard holds; read in Rust, so that a private key never comes here.
            import_clipboard: () => $crate::ImportPreview;
            /// Asks for a file in the system's dialog; none if the person cancelled.
            import_file: () => Option<$crate::ImportPreview>;
            /// Opens what is encrypted in a preview.
            import_unlock: $crate::commands::Unlocking => $crate::ImportPreview;
            /// Seals one of the keys of a preview.
            import_keep: $crate::commands::Keeping => $crate::KeyDetail;
            /// Forgets a preview.
            import_forget: $crate::commands::OfPreview => ();
            /// Gives a key another name.
            key_rename: $crate::commands::Renaming => $crate::KeyDetail;
            /// Lets a target call with this key from now on. No rotation: the undo takes it back.
            key_choose: $crate::commands::Choosing => Option<$crate::Undo>;
            /// Deletes a key that no target uses; it can be restored for 30 days.
            key_delete: $crate::commands::Named => $crate::Undo;
            /// Ends the use of a key, so that its targets have none, and deletes it. The undo gives it back to them.
            key_delete_ending_use: $crate::commands::Named => $crate::Undo;
            /// Restores a deleted key.
            key_restore: $crate::commands::Named => $crate::KeyDetail;
            /// Destroys a deleted key for good. Asks in a native dialog; says whether it was done, or the person said no.
            key_destroy: $crate::commands::Named => bool;
            /// Copies a public half.
            key_copy_public: $crate::commands::PublicOf => $crate::Copied;
            /// Writes a public half to a file; none if the person cancelled.
            key_save_public: $crate::commands::PublicOf => Option<$crate::SavedFile>;
            /// Asks in a native dialog, then where; the bytes go from Rust to the file.
            key_save_private: $crate::commands::PrivateOf => Option<$crate::SavedFile>;
            /// Whether a thumbprint or kid read off somewhere is this key's.
            key_compare: $crate::commands::Comparing => $crate::Comparison;

            // Lines.

            /// Every line, with the states of its keys and what is due.
            lines_list: () => Vec<$crate::Line>;
            /// One key in its line: its states, how often it was accepted, where copies are.
            key_life: $crate::commands::Named => $crate::KeyLife;
            /// Says where a copy of a key is.
            key_copy_note: $crate::commands::rotation::NotingCopy => $crate::KeyLife;

            // Rotation.

            /// What a rotation would do, and when. Nothing is asked of the provider.
            rotation_plan: $crate::commands::rotation::Planning => $crate::RotationPlan;
            /// Begins a rotation, or an incident. Nothing is sent yet: `rotation_go_on` goes on.
            rotation_start: $crate::commands::rotation::Starting => $crate::Rotation;
            /// Every rotation that is under way, and those that ended; the latest first.
            rotations_list: () => Vec<$crate::Rotation>;
            /// One rotation as it stands.
            rotation_show: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Takes the present step: makes, looks, calls, proves or hands over until that step is done, or a person or a time is wanted.
            /// Long: has a `job` that can be cancelled, which leaves it where it was. Sends `rotated`. Asks before it sends or signs for live.
            rotation_go_on: $crate::commands::rotation::GoingOn => $crate::Rotation;
            /// Says that the step by hand is done.
            rotation_did_it: $crate::commands::rotation::AtStep => $crate::Rotation;
            /// Puts on the clipboard what is pasted at the step by hand; a secret leaves the clipboard again.
            rotation_paste: $crate::commands::rotation::OfRotation => $crate::Copied;
            /// Takes the key or secret that the provider made, as it was shown there.
            rotation_bring: $crate::commands::rotation::Bringing => $crate::Rotation;
            /// Asks for the key file that the provider made in the system's dialog; none if the person cancelled.
            rotation_bring_file: $crate::commands::rotation::OfRotation => Option<$crate::Rotation>;
            /// Takes the present step by hand from now on.
            rotation_by_hand: $crate::commands::rotation::AtStep => $crate::Rotation;
            /// Goes on where it stopped.
            rotation_again: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Goes before the earliest safe time of the step, as a person wants who read what can break.
            rotation_hurry: $crate::commands::rotation::AtStep => $crate::Rotation;
            /// Says that the old key is silent: a person's word, where the provider does not tell.
            rotation_silent: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Adds a place that has the old key.
            rotation_place_add: $crate::commands::rotation::AtPlace => $crate::Rotation;
            /// Gives a place the next key in the form in which the old one went there. Asks as an export does; none if the person
            /// cancelled.
            rotation_place_serve: $crate::commands::rotation::AtPlace => Option<$crate::Rotation>;
            /// Says how far the hand-over to a place is.
            rotation_place_mark: $crate::commands::rotation::MarkingPlace => $crate::Rotation;
            /// Takes the promotion back, or undoes the retirement.
            rotation_back: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Gives the rotation up: what it made at the provider is deleted, the old key stays as it is.
            rotation_abort: $crate::commands::rotation::OfRotation => $crate::Rotation;
            /// Asks for a file and writes there what happened, with its times; none if the person cancelled.
            rotation_runbook_save: $crate::commands::rotation::OfRotation => Option<$crate::SavedFile>;

            // Incidents.

            /// What a leak of this key touches, and the ways out. Changes nothing.
            incident_show: $crate::commands::Named => $crate::Incident;
            /// Asks for a file and writes the runbook of a way out there; none if the person cancelled.
            incident_runbook_save: $crate::commands::rotation::OfWayOut => Option<$crate::SavedFile>;

            // Checks.

            /// Every credential and environment that can be checked, and why another cannot.
            check_list: () => Vec<$crate::CheckRow>;
            /// Makes the one read-only request of each. Long: has a `job` that can be cancelled. Sends `checked` after each. Asks for
            /// live.
            check_run: $crate::commands::rotation::Checking => Vec<$crate::CheckOutcome>;

            // Credentials.

            /// Seals an API key, a password or a secret.
            credential_add: $crate::NewCredential => $crate::CredentialAdded;
            /// Changes what goes with a credential and is not secret.
            credential_set: $crate::commands::Fields => $crate::KeyDetail;

            // Profiles.

            /// Makes a profile.
            profile_add: $crate::NewProfile => $crate::Profile;
            /// Changes a profile.
            profile_change: $crate::ProfileChange => $crate::ProfileChanged;
            /// Writes a profile to a file, without any key; none if the person cancelled.
            profile_export: $crate::commands::Named => Option<$crate::SavedFile>;
            /// Makes a profile of a file; none if the person cancelled.
            profile_import: () => Option<$crate::Profile>;
            /// Gives a profile another name.
            profile_rename: $crate::commands::Renaming => $crate::Profile;
            /// Deletes a profile. Its keys stay.
            profile_delete: $crate::commands::Named => $crate::Undo;

            // Copying.

            /// Copies the request of a draft as a command or a program; the token comes from a variable.
            copy_as: $crate::commands::CopyAs => $crate::Copied;

            /// Copies a text that the page shows.
            clipboard_copy: $crate::commands::Copying => $crate::Copied;
            /// Empties the clipboard if it still holds what was copied.
            clipboard_clear: () => ();
        }
    };
}

/// A passphrase as typed.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Typed {
    /// The passphrase.
    #[ts(inline)]
    pub passphrase: Secret,
}

/// Another passphrase for the vault.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPassphrase {
    /// The present one.
    #[ts(inline)]
    pub current: Secret,
    /// The one that is wanted.
    #[ts(inline)]
    pub wanted: Secret,
}

/// A running job.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfJob {
    /// The id that the page gave it.
    pub job: u32,
}

/// Something that can be taken back.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfUndo {
    /// Its number.
    pub undo: u64,
}

/// A thing by its name.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Named {
    /// The name.
    pub name: String,
}

/// Another name for a thing.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Renaming {
    /// The name it has.
    pub name: String,
    /// The name that is wanted.
    pub wanted: String,
}

/// A change of a draft.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Editing {
    /// The draft.
    pub draft: Draft,
    /// The change.
    pub edit: DraftEdit,
}

/// A sheet that is filled in.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FillingIn {
    /// The draft.
    pub draft: Draft,
    /// The claim of the sheet.
    pub claim: String,
    /// What stands in each field; none to begin with what the claims have.
    pub filled: Option<Vec<FieldValue>>,
}

/// The value of a claim to be made by a call.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Creating {
    /// The draft.
    pub draft: Draft,
    /// The claim of the sheet.
    pub claim: String,
    /// The id by which the call can be ended.
    pub job: u32,
}

/// A call to make.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ToSend {
    /// The draft.
    pub draft: Draft,
    /// The id by which it can be ended.
    pub job: u32,
    /// Whether to follow the flow: get a token that is missing, renew one that is refused, wait where the server asks.
    pub follow: bool,
}

/// A flow to run.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunFlow {
    /// The draft: its place, its credential, the scopes and the lifetime that are asked for.
    pub draft: Draft,
    /// The flow's id.
    pub flow: String,
    /// Whether to wait and try again where the server asks for it.
    pub follow: bool,
    /// The id by which it can be ended.
    pub job: u32,
}

/// What goes with a credential and is not secret.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fields {
    /// The credential's name.
    pub name: String,
    /// The fields to set; an empty value takes one away.
    pub fields: BTreeMap<String, String>,
}

/// A request to copy.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopyAs {
    /// The draft.
    pub draft: Draft,
    /// The language's id: `curl`, `python`.
    pub language: String,
}

/// A draft to keep.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedDraft {
    /// What it shall be called.
    pub name: String,
    /// The draft.
    pub draft: Draft,
}

/// A text to inspect.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inspecting {
    /// The text.
    pub text: String,
    /// What to inspect it with.
    pub with: InspectWith,
}

/// The clipboard to inspect.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InspectingClipboard {
    /// What to inspect it with.
    pub with: InspectWith,
}

/// A secret for webhooks.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Holding {
    /// The secret or key, as the provider shows it.
    #[ts(inline)]
    pub secret: Secret,
}

/// A delivery to check.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookChecking {
    /// Whose it is to be.
    pub whose: WebhookWhose,
    /// Its body.
    pub body: WebhookBody,
    /// Its header fields, one in each line.
    pub headers: String,
    /// The address that it was sent to, where that is signed too; empty if not.
    pub url: String,
    /// The time to judge by, as typed: RFC 3339 or seconds since 1970; empty for now.
    pub at: String,
    /// How old it may be, as typed: "5m"; empty for the provider's tolerance.
    pub tolerance: String,
}

/// A delivery to sign.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookSigning {
    /// Whose it is to be.
    pub whose: WebhookWhose,
    /// Its body.
    pub body: WebhookBody,
    /// Other header fields, one in each line.
    pub headers: String,
    /// The address that it will be sent to, where that is signed too; empty if not.
    pub url: String,
    /// The time to sign with, as typed; empty for now.
    pub at: String,
}

/// Code to write for a handler.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookCoding {
    /// Whose deliveries it checks.
    pub whose: WebhookWhose,
    /// The language's id.
    pub language: String,
    /// Whether the sender signs the body written anew.
    pub reserialised: bool,
}

/// What the receiver is started with.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookListening {
    /// Whose deliveries come.
    pub whose: WebhookWhose,
    /// The port; 0 for a free one.
    pub port: u16,
    /// The status that each is answered with; none: by its check.
    pub answer: Option<u16>,
    /// How old a delivery may be, as typed; empty for the provider's tolerance.
    pub tolerance: String,
    /// The address as the provider knows it, up to the path, where that is signed too; empty for the receiver's own.
    pub url: String,
}

/// A delivery that came.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfDelivery {
    /// Its number.
    pub number: u64,
}

/// What was found for importing.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfPreview {
    /// Its number.
    pub preview: u64,
}

/// A passphrase for what was found encrypted.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unlocking {
    /// The number of the preview.
    pub preview: u64,
    /// The passphrase.
    #[ts(inline)]
    pub passphrase: Secret,
}

/// A key to keep of those that were found.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Keeping {
    /// The number of the preview.
    pub preview: u64,
    /// Which of its keys, from 0.
    pub item: usize,
    /// What it shall be called.
    pub name: String,
    /// The algorithm that it shall sign with; none: the usual one.
    pub alg: Option<String>,
    /// Where it shall belong.
    pub place: Option<Target>,
    /// When it was made, in seconds since 1970; null where nobody knows, and then it is due.
    #[ts(type = "number | null")]
    pub made: Option<i64>,
}

/// A key that a target shall call with.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Choosing {
    /// The key's name.
    pub name: String,
    /// The target.
    pub place: Target,
}

/// A public half in a form.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublicOf {
    /// The key's name.
    pub name: String,
    /// The form.
    pub format: PublicFormat,
}

/// A private half in a form.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrivateOf {
    /// The key's name.
    pub name: String,
    /// The form.
    pub format: PrivateFormat,
    /// What it is encrypted with, if it is.
    #[ts(inline)]
    pub passphrase: Option<Secret>,
}

/// Something read off a dashboard.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Comparing {
    /// The key's name.
    pub name: String,
    /// What was read.
    pub text: String,
}

/// A text for the clipboard.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Copying {
    /// The text.
    pub text: String,
    /// What it is.
    pub what: CopiedKind,
}

/// What is copied: a token leaves the clipboard after a while and is kept out of its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CopiedKind {
    /// A token.
    Token,
    /// Anything else that is not secret.
    Plain,
}
