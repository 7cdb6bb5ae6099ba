//! Vocabularies of the crates below as the wire writes them. Each is made from the enum that it stands for, variant by variant: a
//! word that is new there does not compile here, and the page has it as a type of its own.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `Name: the enum below { its variants }`.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident: $below:ty { $($(#[$word_doc:meta])* $word:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
        }

        impl From<$below> for $name {
            fn from(below: $below) -> Self {
                match below {
                    $(<$below>::$word => Self::$word,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.serialize(f)
            }
        }
    };
}

vocabulary! {
    /// How much care an environment wants.
    Tier: provider::Tier {
        /// On this computer.
        Local,
        /// The provider's, without consequences.
        Test,
        /// Real accounts, real money.
        Live,
    }
}

vocabulary! {
    /// What is said of a token where the honest answer may be that nobody knows.
    Verdict: jose::verify::Verdict {
        /// Yes.
        Good,
        /// No.
        Bad,
        /// It cannot be said.
        Unknown,
    }
}

vocabulary! {
    /// How grave a finding is.
    Severity: jose::Severity {
        /// A careful verifier refuses this.
        Error,
        /// Some verifier refuses this, or it weakens the token.
        Warning,
        /// Worth knowing.
        Info,
    }
}

vocabulary! {
    /// The part of a token that a finding points into.
    Part: jose::Part {
        /// The token itself.
        Token,
        /// The header's text.
        Header,
        /// The payload's text.
        Payload,
    }
}

vocabulary! {
    /// What is looked at in a delivery.
    WebhookStage: jose::webhook::Stage {
        /// What the check needs is there.
        Present,
        /// It is written as it should be.
        Form,
        /// It was signed a short time ago.
        Timestamp,
        /// What was signed can be put together.
        Input,
        /// The secrets or keys can be used.
        Secret,
        /// A secret makes the same signature of these bytes.
        Compare,
    }
}

vocabulary! {
    /// What came of a step of a check.
    WebhookState: jose::webhook::State {
        /// As it should be.
        Good,
        /// Not as it should be.
        Bad,
        /// It cannot be said.
        Unknown,
        /// A step before did not come out as it had to.
        #[serde(rename = "not reached")]
        NotReached,
    }
}

vocabulary! {
    /// What a flow is for.
    FlowKind: provider::definition::FlowKind {
        /// Makes an account.
        Register,
        /// Turns a user name and a password into tokens.
        LogIn,
        /// Turns an API key into a token.
        Mint,
        /// Turns a signed token, or a client's secret, into an access token.
        Exchange,
        /// Turns a refresh token into an access token.
        Refresh,
        /// Asks the server what it thinks of a token.
        Verify,
        /// Ends a session.
        LogOut,
    }
}

vocabulary! {
    /// Whether a gate was passed.
    Passage: exchange::Passage {
        /// It was.
        Passed,
        /// The fault lies here.
        Stopped,
        /// That is not known.
        Open,
    }
}

vocabulary! {
    /// How far the state of a gate is known.
    Certainty: exchange::Certainty {
        /// Checked here.
        Proved,
        /// The server said so.
        Confirmed,
        /// Concluded from an answer that does not say.
        Likely,
        /// The answer tells nothing about it.
        NotReached,
        /// This provider has no such gate.
        DoesNotApply,
    }
}

vocabulary! {
    /// How something stands to what is wanted.
    Tone: workbench::drafts::Tone {
        /// Nothing is wanted of it.
        Plain,
        /// As it should be.
        Ok,
        /// Worth a look.
        Warn,
        /// Not as it should be.
        Fail,
    }
}

vocabulary! {
    /// What a fact means for Keywright.
    Health: workbench::diagnosis::Health {
        /// As it should be.
        Fine,
        /// It cannot be said.
        Unknown,
        /// Something works otherwise than a person may expect.
        Notice,
        /// Something does not work.
        Problem,
    }
}

vocabulary! {
    /// What a sentence about a token brings.
    Mood: workbench::inspection::Mood {
        /// The signature is good, and nothing else is wrong.
        Good,
        /// It would be refused.
        Bad,
        /// Something wants a look.
        Care,
        /// Nothing is wrong as far as can be seen.
        Calm,
    }
}

vocabulary! {
    /// Whether the keys of the vault were tried.
    OwnKeys: workbench::inspection::OwnKeys {
        /// They cannot be: the vault is locked.
        Locked,
        /// None could have made it, or another was named.
        None,
        /// They were.
        Tried,
    }
}

vocabulary! {
    /// What a call authenticates with.
    Authentication: exchange::Authentication {
        /// A token that is signed for it.
        SignedToken,
        /// A token that the server issued.
        IssuedToken,
        /// A token that the person pasted.
        PastedToken,
        /// An opaque key.
        Key,
        /// Nothing.
        Nothing,
    }
}

vocabulary! {
    /// The kinds of completion.
    CompletionKind: workbench::drafts::Kind {
        /// A claim or member by its name.
        Claim,
        /// A value.
        Value,
        /// A scope.
        Scope,
        /// A time or id expression.
        Expression,
    }
}

vocabulary! {
    /// What the secret part of a sealed key is.
    KeyKind: workbench::records::CredentialKind {
        /// A private key.
        PrivateKey,
        /// A shared secret, which keys a MAC.
        SharedSecret,
        /// An opaque key that is sent as it is.
        ApiKey,
        /// The password of a user name.
        Login,
        /// The secret of an OAuth client id.
        Client,
    }
}

vocabulary! {
    /// The states of a key, in the order of a life.
    KeyState: workbench::keys::State {
        /// It exists. Nothing uses it until it is chosen or rotated in.
        Draft,
        /// The provider knows it. It signs its proof, and nothing else.
        Published,
        /// The key that calls, one in a line.
        Active,
        /// The one before: it can be taken back.
        Retiring,
        /// Out of use, inactive at the provider.
        Retired,
        /// Deleted; it can be restored for 30 days.
        DestroyScheduled,
        /// The private half is gone.
        Destroyed,
        /// It leaked. It never signs again.
        Compromised,
    }
}

vocabulary! {
    /// What is due of a credential.
    DueKind: workbench::keys::DueKind {
        /// It is older than advised, nobody knows how old it is, or it leaked.
        Rotation,
        /// It ends soon.
        Ending,
        /// It ended.
        Ended,
    }
}

vocabulary! {
    /// A step of a rotation.
    #[derive(Deserialize)]
    RotationStep: keyset::Step {
        /// The old key is disabled at once, in an incident.
        Disable,
        /// The next key is made beside the old one.
        Make,
        /// The provider gets its public half.
        Publish,
        /// It is read back, compared, and activated there.
        Activate,
        /// One read-only request by it.
        Prove,
        /// Each place where the old key went gets the next one.
        HandOver,
        /// It takes over every target.
        Promote,
        /// The old one is watched until nobody uses it.
        Watch,
        /// The old one is made inactive there, and retired here.
        Retire,
        /// The old one is deleted there.
        Delete,
        /// The old one goes to the trash here.
        Destroy,
        /// A retirement is undone.
        Revive,
        /// A rotation is given up: what it made there is deleted.
        Withdraw,
    }
}

vocabulary! {
    /// Planned, or which way out of an incident.
    #[derive(Deserialize)]
    RotationMode: keyset::Mode {
        /// With an overlap in which nothing fails.
        Planned,
        /// The key leaked: it is disabled at once, then the rest is repaired.
        DisableFirst,
        /// The key leaked: it is replaced without waiting, then disabled.
        ReplaceFirst,
    }
}

vocabulary! {
    /// How far a hand-over is.
    #[derive(Deserialize)]
    Handed: keyset::Handed {
        /// It has the old key.
        Open,
        /// It has the next one.
        Given,
        /// Nobody knows.
        Unknown,
    }
}

vocabulary! {
    /// Where a step is taken.
    StepTaken: keyset::Taken {
        /// Here alone.
        Here,
        /// At the provider, by a call.
        Call,
        /// At the provider, by a person.
        Hand,
    }
}

vocabulary! {
    /// How a key at the provider became an orphan.
    OrphanWhy: keyset::OrphanWhy {
        /// Its private half was shown once, and never arrived here.
        Lost,
        /// Another one has the same public half.
        Twice,
        /// The rotation that made it was aborted.
        Withdrawn,
    }
}

vocabulary! {
    /// Who makes the next key.
    MadeBy: keyset::MadeBy {
        /// We do: the provider gets the public half, or the secret.
        Here,
        /// The provider does, and shows it once.
        There,
    }
}

vocabulary! {
    /// Whether the old key works beside the next one.
    Overlap: keyset::Overlap {
        /// Both work until the old one is ended.
        Both,
        /// The next one ends the old one: a password that is changed in place.
        None,
    }
}

vocabulary! {
    /// What a person pastes at a provider.
    Paste: keyset::Paste {
        /// The public half as SPKI PEM.
        PublicPem,
        /// The public half as a self-signed X.509 certificate.
        Certificate,
        /// The public half as a JWK.
        PublicJwk,
        /// The secret, or the password.
        Secret,
    }
}

vocabulary! {
    /// What a person brings from a provider.
    Brings: keyset::Brings {
        /// A file with a private key.
        KeyFile,
        /// An API key or a secret, shown once.
        Secret,
    }
}

/// Words that the page says too.
macro_rules! said {
    ($name:ident as $below:path: $($word:ident)*) => {
        impl From<$name> for $below {
            fn from(word: $name) -> Self {
                use $below as Below;
                match word {
                    $($name::$word => Below::$word,)*
                }
            }
        }
    };
}
said!(RotationStep as keyset::Step: Disable Make Publish Activate Prove HandOver Promote Watch Retire Delete Destroy Revive Withdraw);
said!(RotationMode as keyset::Mode: Planned DisableFirst ReplaceFirst);
said!(Handed as keyset::Handed: Open Given Unknown);

#[cfg(test)]
mod tests {
    use super::*;

    /// The words that the crates below have themselves, for the command line and for definitions, are the same.
    #[test]
    fn a_word_is_the_same_as_below() {
        macro_rules! same {
            ($name:ident as $below:path: $word:ident: $($variant:ident)*) => {{
                use $below as Below;
                $(assert_eq!($name::from(Below::$variant).to_string(), Below::$variant.$word());)*
            }};
        }
        same!(Tier as provider::Tier: name: Local Test Live);
        same!(Verdict as jose::verify::Verdict: name: Good Bad Unknown);
        same!(Severity as jose::Severity: name: Error Warning Info);
        same!(Part as jose::Part: name: Token Header Payload);
        same!(WebhookStage as jose::webhook::Stage: name: Present Form Timestamp Input Secret Compare);
        same!(WebhookState as jose::webhook::State: name: Good Bad Unknown NotReached);
        same!(FlowKind as provider::definition::FlowKind: name: Register LogIn Mint Exchange Refresh Verify LogOut);
        same!(Certainty as exchange::Certainty: id: Proved Confirmed Likely NotReached DoesNotApply);
    }

    #[test]
    fn a_word_is_padded_like_any_other() {
        assert_eq!(format!("{:7}|{}", Severity::Error, KeyKind::PrivateKey), "error  |private-key");
    }
}
