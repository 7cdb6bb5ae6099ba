//! Option names in hints. The crates below know no options; here their hints are worded for the command line.

use jose::{
    Code,
    expression::ExpressionError,
    key::{NotChosen, read, write},
    sign::UnfitKey,
};
use provider::AddressError;
use workbench::{
    CallError, CredentialError, DefinitionError, Error, KeyError, PolicyError, ProfileError, Thing, TokenError,
    WebhookError,
};

/// The hint for an error that an option or a command mends; the error's own otherwise.
pub fn for_error(error: &Error) -> Option<String> {
    use write::{Half, WriteError};
    let words = match error {
        Error::Policy(PolicyError::LiveWithoutConsent { .. }) => "if you mean it, say --live",
        Error::Policy(PolicyError::WrongEnvironment { .. }) => {
            "use one key for each environment: keywright key generate --profile P --env E"
        }
        Error::Credential(CredentialError::NoCredential { wants: Thing::Key, profile, environment, alg }) => {
            let alg = alg.map_or("ALG", jose::Alg::name);
            return Some(format!(
                "make one: keywright key generate --alg {alg} --name NAME --profile {profile} --env {environment}"
            ));
        }
        Error::Credential(CredentialError::NoCredential { profile, environment, .. }) => {
            return Some(format!(
                "seal one: keywright credential add NAME --profile {profile} --env {environment} --kind ID; \
                 keywright provider show names the kinds"
            ));
        }
        Error::Webhook(WebhookError::NoWebhookSecret { .. }) => {
            "seal one: keywright credential add NAME --profile P --env E --kind ID (keywright provider show names the kinds); or give --secret-file"
        }
        Error::Key(KeyError::Unfit(UnfitKey::Refused(finding)))
            if matches!(finding.code, Code::SecretShort | Code::SecretKnown) =>
        {
            "use a longer random secret; one in a --key-file signs --claims with --allow-weak-key"
        }
        Error::Credential(CredentialError::WrongCredential { .. }) => {
            "name one of that kind: --key NAME; or for good: keywright profile set P --key ENV=NAME"
        }
        Error::Credential(CredentialError::SignsNothing { .. }) => {
            "keywright token get gives a token that a server made"
        }
        Error::Definition(DefinitionError::Definition { file: Some(file), errors }) if errors.len() > 1 => {
            return Some(format!("see them all: keywright provider check {}", file.display()));
        }
        Error::Definition(DefinitionError::NoDefinitionFile { .. }) => {
            "keywright provider add FILE takes it from a file"
        }
        Error::Call(CallError::NoToken { .. }) => "get one: keywright flow run, or send with --follow",
        Error::Token(TokenError::NotJson { .. }) => "a text needs quotes of its own: --claim 'iss=\"me\"'",
        Error::Token(TokenError::Rules(rules)) if rules.iter().any(|rule| rule.code == Code::KidMissing) => {
            "leave --no-kid out"
        }
        Error::Key(KeyError::NotChosen(NotChosen::Several { kids, .. })) if !kids.is_empty() => {
            return error.hint().map(|hint| hint.replacen("name the kid of one", "name one with --kid", 1));
        }
        Error::Key(KeyError::NotChosen(NotChosen::Unknown { found: 1, .. })) => {
            "leave --kid out: there is one key; another kid in a header: keywright token sign --header 'kid=\"KID\"'"
        }
        Error::Key(KeyError::KeySet(set)) if set.code == Code::SetMixed => {
            return error.hint().map(|hint| format!("{hint}: {PUBLISH}"));
        }
        Error::Key(KeyError::Secret(_)) => {
            "name the encoding of the secret: --secret-encoding utf8|base64|base64url|hex"
        }
        Error::Key(KeyError::Key(read::ReadError::Unknown { .. })) => {
            "give a PEM, DER, JWK or JWK Set; for a shared secret, say how its text is encoded (--secret-encoding)"
        }
        Error::Key(KeyError::Write(WriteError::WrongHalf { half: Half::Private, .. })) => {
            "say --public, or choose jwk, jwks, pkcs8 or der"
        }
        Error::Key(KeyError::Write(WriteError::WrongHalf { half: Half::Public, .. })) => {
            "say --private, or choose jwk, jwks, spki or der"
        }
        Error::Key(KeyError::Write(WriteError::SecretHasNoPublicHalf)) => "write the secret itself: --private --to jwk",
        Error::Key(KeyError::Key(read::ReadError::PassphraseNeeded)) => {
            "give the passphrase in a file: --key-passphrase-file FILE"
        }
        Error::Token(TokenError::Expression(ExpressionError::Duration { .. })) => return error.hint(),
        Error::Token(TokenError::Expression(expression)) => {
            return Some(format!("{}; or sign it as it stands with --literal", expression.hint()));
        }
        Error::Profile(ProfileError::Address(AddressError::NoEmulator { .. })) => "start it: keywright emulator",
        other => return other.hint(),
    };
    Some(words.to_owned())
}

/// The same for a file that was not written.
pub fn for_write(error: &host::WriteError) -> Option<&'static str> {
    match error {
        host::WriteError::Exists { .. } => Some("choose another name, or say --force to replace the file"),
        other => other.hint(),
    }
}

/// The same where nothing says where the vault is.
pub const FOR_NO_FOLDER: &str = "set HOME to your home folder, or name the vault with --vault or KEYWRIGHT_VAULT";

/// The options or the command that mend a finding, after its own hint.
pub fn for_finding(code: &str) -> Option<&'static str> {
    [(Code::NoKey, "--key-file or --jwks"), (Code::SetMixed, PUBLISH)]
        .into_iter()
        .find_map(|(known, words)| (known.name() == code).then_some(words))
}

/// Makes a set that may be published of one that may not.
const PUBLISH: &str = "keywright key convert FILE --public --to jwks";
