//! Things that errors speak of, each with the word that people read.

use std::fmt;

/// What kind of thing has a name, is missing, or is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Thing {
    /// A key, or another credential, of the vault.
    Key,
    /// A key that was deleted and can be restored.
    DeletedKey,
    /// A private key.
    PrivateKey,
    /// A secret that keys a MAC.
    SharedSecret,
    /// A secret that calls are made with.
    Secret,
    /// An opaque key.
    ApiKey,
    /// A user name with its password.
    Login,
    /// The password of a login.
    Password,
    /// An OAuth client.
    OauthClient,
    /// What calls are made with where that is an OAuth client.
    Client,
    /// The secret of an OAuth client.
    ClientSecret,
    /// The secret of webhooks.
    WebhookSecret,
    /// A credential by its id in a definition.
    Credential,
    /// A credential that authenticates nothing, by its id in a definition.
    OtherCredential,
    /// A profile.
    Profile,
    /// A recipe.
    Recipe,
    /// A draft that was sealed.
    Draft,
    /// Tokens that a server issued.
    Tokens,
    /// When a server last accepted a key.
    Acceptance,
    /// What happened to a key.
    Event,
    /// The rotation of a key.
    Rotation,
    /// A provider.
    Provider,
    /// The settings.
    Settings,
    /// An environment of a provider.
    Environment,
    /// An endpoint of a provider.
    Endpoint,
    /// A flow of a provider.
    Flow,
    /// A variable of a provider.
    Variable,
    /// A field that goes with a credential.
    Field,
    /// A language that requests and handlers are written in.
    Language,
    /// A sheet of a provider, by its claim.
    Sheet,
    /// The call that makes the value of a claim.
    SheetCall,
}

impl Thing {
    /// What people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::DeletedKey => "deleted key",
            Self::PrivateKey => "private key",
            Self::SharedSecret => "shared secret",
            Self::Secret => "secret",
            Self::ApiKey => "API key",
            Self::Login => "login",
            Self::Password => "password",
            Self::OauthClient => "OAuth client",
            Self::Client => "client",
            Self::ClientSecret => "client secret",
            Self::WebhookSecret => "webhook secret",
            Self::Credential => "credential",
            Self::OtherCredential => "other credential",
            Self::Profile => "profile",
            Self::Recipe => "recipe",
            Self::Draft => "draft",
            Self::Tokens => "tokens",
            Self::Acceptance => "acceptance",
            Self::Event => "key event",
            Self::Rotation => "rotation",
            Self::Provider => "provider",
            Self::Settings => "settings",
            Self::Environment => "environment",
            Self::Endpoint => "endpoint",
            Self::Flow => "flow",
            Self::Variable => "variable",
            Self::Field => "field",
            Self::Sheet => "sheet for a claim",
            Self::SheetCall => "call for a claim",
            Self::Language => "language",
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
