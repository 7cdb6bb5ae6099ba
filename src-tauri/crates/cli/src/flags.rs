//! Option names in hints. The crates below know no options; here their hints are worded for the command line.

use std::borrow::Cow;

use jose::{
    Code,
    expression::ExpressionError,
    key::{NotChosen, read, write},
    sign::UnfitKey,
};
use provider::AddressError;
use workbench::{
    CallError, CredentialError, DefinitionError, Error, KeyError, PolicyError, ProfileError, Refusal, RotationError,
    Thing, TokenError, WebhookError,
};

/// The hint for an error that an option or a command mends; the error's own otherwise.
pub fn for_error(error: &Error) -> Option<String> {
    use write::{Half, WriteError};
    let words = match error {
        Error::Policy(PolicyError::LiveWithoutConsent { .. }) => "if you mean it, say --live",
        Error::Policy(PolicyError::WrongEnvironment { is: Thing::PrivateKey, .. }) => {
            "use one key for each environment: keywright key generate --alg ALG --name NAME --profile P --env E"
        }
        Error::Policy(PolicyError::WrongEnvironment { .. }) => {
            "use one for each environment: keywright credential add NAME --profile P --env E --kind ID \
             (the kinds: keywright provider show PROVIDER)"
        }
        Error::Credential(CredentialError::NoCredential { wants: Thing::Key, profile, environment, alg }) => {
            let (alg, profile) = (alg.map_or("ALG", jose::Alg::name), argument(profile));
            return Some(format!(
                "make one: keywright key generate --alg {alg} --name NAME --profile {profile} --env {environment}"
            ));
        }
        Error::Credential(CredentialError::NoCredential { profile, environment, .. }) => {
            let profile = argument(profile);
            return Some(format!(
                "seal one: keywright credential add NAME --profile {profile} --env {environment} --kind ID \
                 (the kinds: keywright provider show PROVIDER)"
            ));
        }
        Error::Webhook(WebhookError::NoWebhookSecret { .. }) => {
            "seal one: keywright credential add NAME --profile P --env E --kind ID (the kinds: keywright provider show PROVIDER); or give --secret-file"
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
            "get one that a server made: keywright token get --profile P --env E"
        }
        Error::Definition(DefinitionError::Definition { file: Some(file), errors }) if errors.len() > 1 => {
            let file = file.display().to_string();
            return Some(format!("see them all: keywright provider check {}", argument(&file)));
        }
        Error::Definition(DefinitionError::NoDefinitionFile { .. }) => {
            "take it from a file: keywright provider add FILE"
        }
        Error::Call(CallError::NoToken { .. }) => {
            "get one: keywright token get --profile P --env E; or send with --follow"
        }
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
        Error::Key(KeyError::Life(Refusal::InUse { name, act: "deleting", .. })) => {
            let name = argument(name);
            return Some(format!("end its use as well: keywright key delete {name} --end-use; or rotate it"));
        }
        Error::Key(KeyError::MadeAhead { .. }) => "look at the clock of this computer, or say --made unknown",
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
        Error::Rotation(RotationError::NobodySigns { name, .. }) => {
            let name = argument(name);
            return Some(format!(
                "by hand: keywright rotate next {name} --by-hand; or by another key of the account: --with NAME"
            ));
        }
        Error::Rotation(RotationError::NoneUnderWay { name }) => {
            return Some(format!("start one: keywright rotate start {}", argument(name)));
        }
        Error::Rotation(RotationError::NoneAtAll) => "see which keys are due: keywright rotate due",
        Error::Rotation(RotationError::Plan(keyset::RotationError::TooEarly { .. })) => {
            return error.hint().map(|hint| hint.replacen("go now and know", "say --early and know", 1));
        }
        Error::Rotation(RotationError::Plan(keyset::RotationError::OpenPlaces { .. })) => {
            "say which have it: keywright rotate hand-over --given PLACE, or --unknown PLACE"
        }
        Error::Rotation(RotationError::Plan(keyset::RotationError::NoPlace { .. })) => {
            "add it: keywright rotate hand-over --add PLACE"
        }
        Error::Profile(ProfileError::Address(AddressError::NoEmulator { .. })) => "start it: keywright emulator",
        other => return other.hint(),
    };
    Some(words.to_owned())
}

/// An argument as a shell takes it, in quotes where it needs them.
pub fn argument(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@%+,=".contains(c);
    match !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        true => text.into(),
        false => format!("'{}'", text.replace('\'', r"'\''")).into(),
    }
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
    [(Code::NoKey, JUDGE), (Code::SetMixed, PUBLISH)]
        .into_iter()
        .find_map(|(known, words)| (known.name() == code).then_some(words))
}

/// Judge a token with a key that is given, or with those of the vault.
const JUDGE: &str = "keywright token verify TOKEN --key-file FILE, or keywright token inspect TOKEN --own-keys";

/// Makes a set that may be published of one that may not.
const PUBLISH: &str = "keywright key convert FILE --public --to jwks";
