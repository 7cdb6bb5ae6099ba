//! What can keep a job from being done, sorted by whose fault it is.

use std::{fmt::Display, path::PathBuf};

use jose::{
    Finding,
    expression::ExpressionError,
    key::{SecretNotDecoded, read, write},
    sign::{DraftError, SignError, UnfitKey},
    webhook::SampleError,
};

use crate::ground::ports::{FileError, KeyGenerationError, LocalServerError};

/// Whose fault an error is. Exit codes and the words around an error follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A rule of safety says no: live without consent, a host that is not the key's.
    Denied,
    /// What was given is malformed.
    Input,
    /// What was given is well formed and breaks a rule of the provider, of time or of claims.
    Rule,
    /// There is no key for it.
    NoKey,
    /// The vault is locked, damaged, newer, or does not take the passphrase.
    Vault,
    /// The disk or the system failed.
    System,
    /// The other side did not answer.
    Peer,
}

/// Why a job was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The person did not agree to something live.
    #[error("{act} for {environment}, which is live, wants consent")]
    LiveWithoutConsent {
        /// What was to happen.
        act: String,
        /// The environment's label.
        environment: String,
    },
    /// A credential of one environment was to be used in another.
    #[error("the key {key:?} is sealed for {sealed}; wanted one for {wanted}")]
    WrongEnvironment {
        /// The key's name.
        key: String,
        /// Where it belongs.
        sealed: String,
        /// Where it was to be used.
        wanted: String,
    },
    /// There is no such thing.
    #[error("there is no {what} named {name:?}{}", did_you_mean(.nearest))]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// The name that was given.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
        /// The names there are.
        known: Vec<String>,
    },
    /// A credential that signs no token was to sign one.
    #[error("{name:?} is {is}, and signs no tokens")]
    SignsNothing {
        /// The credential's name.
        name: String,
        /// What it is.
        is: String,
    },
    /// A provider has no credential of this kind.
    #[error("{provider} takes no {what}")]
    NotWanted {
        /// What was given.
        what: &'static str,
        /// The provider's name.
        provider: String,
    },
    /// Nothing says what to call.
    #[error("the definition of {provider} names no endpoint, so a call wants its method and path")]
    NoEndpoint {
        /// The provider's name.
        provider: String,
    },
    /// Another credential of the provider than was wanted.
    #[error("this is {found:?}; wanted {wanted:?}")]
    OtherCredential {
        /// What it is, by the provider's label.
        found: String,
        /// What was wanted.
        wanted: String,
    },
    /// A provider has several credentials, and it was not said which one it is.
    #[error("{provider} has several credentials, and it was not said which one this is")]
    WhichCredential {
        /// The provider's name.
        provider: String,
        /// Their ids.
        known: Vec<String>,
    },
    /// A key that is imported or generated, not entered.
    #[error("{label:?} is a private key, which is imported or generated, not entered")]
    ImportInstead {
        /// The provider's label.
        label: String,
    },
    /// A pasted text that is not what was wanted.
    #[error(transparent)]
    Paste(#[from] provider::PasteError),
    /// A secret of which nothing is left.
    #[error("the {what} is empty")]
    EmptySecret {
        /// What it is.
        what: &'static str,
    },
    /// A field that nothing works without.
    #[error("{label} is empty")]
    EmptyField {
        /// Its label.
        label: String,
    },
    /// A field that cannot be so.
    #[error("{label} is {found:?}, wanted {wanted}")]
    UnfitField {
        /// Its label.
        label: String,
        /// What was given.
        found: String,
        /// What it may be.
        wanted: String,
    },
    /// No token was given for a place yet, or none that is left.
    #[error("there is no token for {place} yet")]
    NoToken {
        /// The place: `Production at CryptoPay`.
        place: String,
        /// How one comes by it.
        hint: String,
    },
    /// A flow that cannot be carried out with this credential.
    #[error("{flow:?} wants {wanted}; {name:?} is {found}")]
    WrongCredential {
        /// The flow's label.
        flow: String,
        /// The credential's name.
        name: String,
        /// What it is.
        found: String,
        /// What is wanted, by the provider's label.
        wanted: String,
    },
    /// A credential that no flow gets a token with.
    #[error("no flow gets a token with {name:?}, which is {is}")]
    NoFlow {
        /// The credential's name.
        name: String,
        /// What it is.
        is: String,
    },
    /// The name is taken.
    #[error("there is already a {what} named {name:?}")]
    NameTaken {
        /// What kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The name cannot be one.
    #[error("the {what} name {found:?} {why}")]
    BadName {
        /// What kind of thing.
        what: &'static str,
        /// The name.
        found: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The environment has no credential yet.
    #[error("the profile {profile:?} has no {wants} for {environment}")]
    NoCredential {
        /// What calls are made with there: `key`, `API key`, `login`.
        wants: &'static str,
        /// The profile.
        profile: String,
        /// The environment's id.
        environment: String,
    },
    /// Nothing fits the name: neither endpoint nor `METHOD PATH`.
    #[error("{found:?} is not a path; wanted one that begins with \"/\"")]
    NotAPath {
        /// The text.
        found: String,
    },
    /// The provider's rules refuse it; every finding of severity error is here.
    #[error("{}", first(.0.iter().map(|finding| &finding.message)))]
    Rules(Vec<Finding>),
    /// A value that is not JSON.
    #[error("the value of {what} is not JSON: {error}")]
    NotJson {
        /// The option or claim.
        what: String,
        /// Where and why.
        error: jose::json::NotJson,
    },
    /// An address for an environment whose address is known.
    #[error("{environment} of {provider} has an address of its own, so {found:?} is not taken")]
    AddressNotAsked {
        /// The provider's name.
        provider: String,
        /// The environment's label.
        environment: String,
        /// The address that was given.
        found: String,
    },
    /// A scope that is not written like one.
    #[error(transparent)]
    Scope(#[from] provider::Malformed),
    /// A profile's variable or an environment's address.
    #[error(transparent)]
    Address(#[from] provider::AddressError),
    /// An address that is not allowed, or not one.
    #[error(transparent)]
    Prepare(#[from] exchange::PrepareError),
    /// Text that is not a key.
    #[error(transparent)]
    Key(#[from] read::ReadError),
    /// A file with several keys where one is wanted.
    #[error("the input holds {found} keys; wanted one")]
    SeveralKeys {
        /// How many.
        found: usize,
    },
    /// A key set that nobody should trust.
    #[error("{}", .0.message)]
    KeySet(Finding),
    /// A secret that is not in its encoding.
    #[error(transparent)]
    Secret(#[from] SecretNotDecoded),
    /// A form in which a key cannot be written.
    #[error(transparent)]
    Write(#[from] write::WriteError),
    /// A key that does not sign.
    #[error(transparent)]
    Unfit(#[from] UnfitKey),
    /// A draft that cannot be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A draft that makes no token as it stands.
    #[error("the draft cannot be signed: {why}")]
    Unsignable {
        /// What keeps it, in a few words.
        why: String,
    },
    /// A time or id expression that cannot be resolved.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
    /// No key was made.
    #[error(transparent)]
    Generate(#[from] KeyGenerationError),
    /// The emulator is not there.
    #[error(transparent)]
    Local(#[from] LocalServerError),
    /// A record of the vault that this version does not understand.
    #[error("a {what} record of the vault cannot be read: {why}")]
    Record {
        /// The kind of record.
        what: &'static str,
        /// What the parser said.
        why: String,
    },
    /// The file of the vault that is open is not there any more.
    #[error("the vault {} is gone: what is open here cannot be saved, and no key can be opened", .path.display())]
    VaultGone {
        /// Where it was.
        path: PathBuf,
    },
    /// What was to be taken back was changed since.
    #[error("{what} was changed since, so this is not taken back")]
    ChangedSince {
        /// What.
        what: String,
    },
    /// The undo is used up, or of a time before the vault was locked.
    #[error("this can no longer be taken back")]
    UndoGone,
    /// The preview of an import was forgotten, or is of a time before the vault was locked.
    #[error("this preview is no longer there")]
    PreviewGone,
    /// More files than are looked at in one go.
    #[error("{found} files were given; at most {most} are looked at in one go")]
    TooManyFiles {
        /// How many were given.
        found: usize,
        /// The bound.
        most: usize,
    },
    /// Several files, and no key in any.
    #[error("none of the {files} files holds a key; {first}: {why}")]
    NoKeyInFiles {
        /// How many files.
        files: usize,
        /// The first of them.
        first: String,
        /// What is wrong with that one.
        why: Box<read::ReadError>,
    },
    /// A key that is not deleted was to be destroyed.
    #[error("the key {name:?} is not deleted; only a deleted key is destroyed")]
    NotDeleted {
        /// The key's name.
        name: String,
    },
    /// A shared secret whose bytes are no text.
    #[error("the secret {name:?} is not text")]
    SecretNotText {
        /// The key's name.
        name: String,
    },
    /// A form that keys of this type do not have.
    #[error("{key} has no form {format:?}")]
    NoSuchForm {
        /// What the key is.
        key: String,
        /// The form.
        format: &'static str,
    },
    /// A guard was to be lowered without the vault's passphrase.
    #[error("to ask less often for {environment} wants the vault's passphrase")]
    GuardWantsPassphrase {
        /// The environment's label.
        environment: String,
    },
    /// A setting out of bounds.
    #[error("{what} is {found} {unit}; wanted {least} to {most}")]
    OutOfBounds {
        /// Which setting.
        what: &'static str,
        /// The value given.
        found: u64,
        /// The least.
        least: u64,
        /// The most.
        most: u64,
        /// "minutes", "seconds".
        unit: &'static str,
    },
    /// A proxy that is none.
    #[error("the proxy {found:?} cannot be used: {why}")]
    UnfitProxy {
        /// What was given.
        found: String,
        /// What is wrong with it.
        why: String,
    },
    /// No provider signs here and has an environment on this computer.
    #[error("no provider has an environment on this computer")]
    NoLocalProvider,
    /// The person cancelled.
    #[error("cancelled")]
    Cancelled,
    /// A passphrase that is none.
    #[error(transparent)]
    Passphrase(#[from] vault::PassphraseError),
    /// Key-derivation parameters out of bounds.
    #[error(transparent)]
    Kdf(#[from] vault::KdfError),
    /// A request that a language cannot say, or that has no business there.
    #[error(transparent)]
    Copy(#[from] exchange::CopyError),
    /// A way of signing webhooks that no code is written for.
    #[error(transparent)]
    Handler(#[from] exchange::NoHandler),
    /// A file that is no definition: everything that is wrong with it.
    #[error("{}{}", .file.as_ref().map(|file| format!("{}, ", file.display())).unwrap_or_default(), first(.errors.iter()))]
    Definition {
        /// The file, where it came from one.
        file: Option<PathBuf>,
        /// What is wrong, in the order of the file.
        errors: Vec<provider::DefinitionError>,
    },
    /// The file of a definition holds that of another provider by now.
    #[error("{} defines {found:?} by now; wanted {wanted:?}", .file.display())]
    OtherProvider {
        /// The file.
        file: PathBuf,
        /// The id in the file.
        found: String,
        /// The id that was defined there before.
        wanted: String,
    },
    /// A definition that came from no file.
    #[error("the definition of {id:?} came from no file that could be read again")]
    NoDefinitionFile {
        /// The provider's id.
        id: String,
    },
    /// A definition that profiles need.
    #[error("the provider {id:?} is used by {}", .profiles.join(", "))]
    ProviderInUse {
        /// Its id.
        id: String,
        /// The names of the profiles.
        profiles: Vec<String>,
    },
    /// A file that is no profile.
    #[error("the file is no profile: {why}")]
    ProfileFile {
        /// What is wrong with it.
        why: String,
    },
    /// A file that was not read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The provider's webhooks are not described.
    #[error("it is not known how {provider} signs webhooks")]
    NoWebhook {
        /// The provider's name.
        provider: String,
    },
    /// No secret is at hand to judge deliveries with, or to sign one.
    #[error("there is no webhook secret for {place}")]
    NoWebhookSecret {
        /// The place, or the provider.
        place: String,
    },
    /// Something that was typed is not what is wanted there.
    #[error("{what} is {found:?}; wanted {wanted}")]
    NotThat {
        /// What it is: `the time`, `line 3 of the header fields`.
        what: String,
        /// What was typed, its beginning where it is long.
        found: String,
        /// What is wanted.
        wanted: &'static str,
    },
    /// A delivery was not signed.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// The vault was not created.
    #[error(transparent)]
    Create(#[from] vault::CreateError),
    /// The vault was not opened.
    #[error(transparent)]
    Open(#[from] vault::OpenError),
    /// The vault was not unlocked.
    #[error(transparent)]
    Unlock(#[from] vault::UnlockError),
    /// The vault was not written.
    #[error(transparent)]
    Commit(#[from] vault::CommitError),
    /// The vault was not read.
    #[error(transparent)]
    Read(#[from] vault::ReadError),
    /// A secret was not opened.
    #[error(transparent)]
    OpenSecret(#[from] vault::SecretError),
    /// The passphrase was not changed.
    #[error(transparent)]
    ChangePassphrase(#[from] vault::ChangePassphraseError),
}

impl From<DraftError> for Error {
    fn from(error: DraftError) -> Self {
        Self::Sign(error.into())
    }
}

impl Error {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::LiveWithoutConsent { .. } | Self::WrongEnvironment { .. } => Fault::Denied,
            Self::Prepare(exchange::PrepareError::HostNotAllowed { .. } | exchange::PrepareError::PlainHttp { .. }) => {
                Fault::Denied
            }
            Self::Rules(_) => Fault::Rule,
            Self::Key(read::ReadError::Jwk(jose::jwk::JwkError::EmptySet)) => Fault::NoKey,
            Self::NotFound { what: "key", .. } | Self::NoCredential { .. } | Self::NoWebhookSecret { .. } => {
                Fault::NoKey
            }
            Self::Create(_)
            | Self::Open(_)
            | Self::Unlock(_)
            | Self::Commit(_)
            | Self::Read(_)
            | Self::OpenSecret(_)
            | Self::ChangePassphrase(_)
            | Self::Record { .. }
            | Self::VaultGone { .. }
            | Self::GuardWantsPassphrase { .. } => Fault::Vault,
            Self::File(_)
            | Self::Local(_)
            | Self::Generate(KeyGenerationError::Engine)
            | Self::Sign(SignError::Engine(_)) => Fault::System,
            _ => Fault::Input,
        }
    }

    /// Whether a passphrase was tried and does not open the vault or the key, or one is wanted and none was given.
    pub fn is_wrong_passphrase(&self) -> bool {
        matches!(
            self,
            Self::Unlock(vault::UnlockError::WrongPassphrase)
                | Self::GuardWantsPassphrase { .. }
                | Self::Key(read::ReadError::WrongPassphrase)
        )
    }

    /// Whether it speaks of something that was there and is not any more: an undo, a preview, a job that was cancelled.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::UndoGone | Self::PreviewGone | Self::ChangedSince { .. } | Self::Cancelled)
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let text = |hint: Option<&'static str>| hint.map(str::to_owned);
        match self {
            Self::LiveWithoutConsent { .. } => Some("nothing was signed or sent; agree when you are asked".to_owned()),
            Self::WrongEnvironment { .. } => Some("use one key for each environment".to_owned()),
            Self::NotFound { known, what, .. } if known.is_empty() => Some(format!("there is no {what} yet")),
            Self::NotFound { known, .. } => Some(format!("there is {}", known.join(", "))),
            Self::Copy(error) => Some(error.hint()),
            Self::Handler(error) => Some(error.hint()),
            Self::NoToken { hint, .. } => Some(hint.clone()),
            Self::Paste(error) => error.hint(),
            Self::NotWanted { .. } => Some("the provider's page says what it takes".to_owned()),
            Self::NoEndpoint { .. } => Some("GET /…, say, or [[endpoints]] in the definition".to_owned()),
            Self::WrongCredential { .. } => Some("choose a credential of that kind, or add one".to_owned()),
            Self::OtherCredential { .. } => {
                Some("name the other credential, or paste the one that is wanted".to_owned())
            }
            Self::WhichCredential { known, .. } => Some(format!("there is {}", known.join(", "))),
            Self::ImportInstead { .. } => Some("import its file, or generate one".to_owned()),
            Self::EmptySecret { .. } => Some("paste it again".to_owned()),
            Self::EmptyField { label } => Some(format!("give the {} that goes with it", label.to_lowercase())),
            Self::SignsNothing { .. } => Some("choose a private key, or the secret that signs tokens".to_owned()),
            Self::NoFlow { .. } => Some("send it as it is, or choose the credential that logs in or signs".to_owned()),
            Self::NameTaken { .. } => Some("choose another name".to_owned()),
            Self::NoCredential { .. } => Some("generate or import one, and choose it there".to_owned()),
            Self::Rules(findings) => findings.first().and_then(|finding| finding.hint.clone()),
            Self::AddressNotAsked { .. } => {
                Some("a definition of your own can say another one, in place of the built-in one".to_owned())
            }
            Self::Scope(_) => Some("choose from the scopes of the provider".to_owned()),
            Self::NotJson { .. } => Some("a text needs quotes of its own: \"me\"".to_owned()),
            Self::Address(error) => error.hint(),
            Self::Prepare(error) => error.hint(),
            Self::Key(error) => text(error.hint()),
            Self::SeveralKeys { .. } => Some("give a file with one key".to_owned()),
            Self::KeySet(finding) => finding.hint.clone(),
            Self::Secret(_) => Some("name the encoding of the secret: utf8, base64, base64url or hex".to_owned()),
            Self::Write(error) => write_hint(error).map(str::to_owned),
            Self::Unfit(error) => error.hint(),
            Self::Sign(SignError::Draft(error)) => text(error.hint()),
            Self::Expression(error) => Some(error.hint().to_owned()),
            Self::Definition { errors, .. } => errors.first().and_then(provider::DefinitionError::hint),
            Self::OtherProvider { .. } => {
                Some("give that one as a provider of its own, and this one its file back".to_owned())
            }
            Self::NoDefinitionFile { .. } => Some("give the file that holds it now".to_owned()),
            Self::ProviderInUse { .. } => Some("delete these profiles first".to_owned()),
            Self::ProfileFile { .. } => Some("give a file that a profile was exported to".to_owned()),
            Self::File(error) => error.hint.clone(),
            Self::NoWebhook { .. } => Some("a definition says it in [webhook]".to_owned()),
            Self::NoWebhookSecret { .. } => {
                Some("seal the one that the provider's webhook settings show, or give it".to_owned())
            }
            Self::Sample(error) => error.hint(),
            Self::Kdf(error) => text(error.hint()),
            Self::Create(error) => text(error.hint()),
            Self::Open(error) => text(error.hint()),
            Self::Unlock(error) => text(error.hint()),
            Self::Commit(error) => text(error.hint()),
            Self::Read(error) => text(error.hint()),
            Self::OpenSecret(error) => text(error.hint()),
            Self::ChangePassphrase(error) => text(error.hint()),
            Self::VaultGone { .. } => Some(
                "put the file back where it was, from the trash or a backup; until then the lists stay readable"
                    .to_owned(),
            ),
            Self::ChangedSince { .. } => Some("look at it as it is now, and change it by hand".to_owned()),
            Self::UndoGone => Some("the last 50 changes can be taken back, until the vault is locked".to_owned()),
            Self::PreviewGone => Some("choose the file or paste the key again".to_owned()),
            Self::TooManyFiles { .. } => Some("choose the files that hold keys".to_owned()),
            Self::NoKeyInFiles { why, .. } => text(why.hint()),
            Self::NotDeleted { .. } => Some("delete it first; it can be restored for 30 days".to_owned()),
            Self::SecretNotText { .. } => Some("choose hex or base64".to_owned()),
            Self::UnfitProxy { .. } => Some(
                "write it as http://host:port; one that wants a password is set in the environment, as HTTPS_PROXY"
                    .to_owned(),
            ),
            Self::GuardWantsPassphrase { .. } => Some("give the passphrase to show that it is you".to_owned()),
            Self::Record { .. } => Some("a newer Keywright may have written it".to_owned()),
            _ => None,
        }
    }
}

fn write_hint(error: &write::WriteError) -> Option<&'static str> {
    use write::WriteError as E;
    Some(match error {
        E::PublicOnly { .. } => "give the file that holds PRIVATE KEY",
        E::WrongHalf { half: write::Half::Private, .. } => "write the public half, or choose jwk, jwks, pkcs8 or der",
        E::WrongHalf { half: write::Half::Public, .. } => "write the private half, or choose jwk, jwks, spki or der",
        E::WrongType { .. } => "every key has the forms jwk, jwks, pkcs8, spki and der",
        E::SecretHasNoPublicHalf => "only the secret itself can be written",
        E::SharedSecret { .. } | E::PassphraseNeeded | E::PassphraseEmpty => return None,
    })
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!("; did you mean {name:?}?")).unwrap_or_default()
}

fn first(mut all: impl ExactSizeIterator<Item = impl Display>) -> String {
    let Some(first) = all.next() else { return "a rule of the provider is broken".to_owned() };
    match all.len() {
        0 => first.to_string(),
        more => format!("{first} (and {more} more)"),
    }
}
