//! Whether something may stand in code that runs on other people's computers: a page, an app.

use crate::definition::{Credential, Definition, TOKEN};

/// Whether something may leave the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientSafety {
    /// It may.
    Safe,
    /// It must not.
    Never,
    /// The provider does not say.
    Unknown,
}

/// What there is to say about something in client-side code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientVerdict {
    /// Whether it may be there.
    pub safety: ClientSafety,
    /// Why, in a few words.
    pub reason: String,
    /// The provider's advice.
    pub advice: Option<String>,
    /// Whether this rests on an assumption.
    pub assumed: bool,
}

impl Definition {
    /// Whether the credential of this id may leave the server, or a token ([`TOKEN`]) with these scopes.
    pub fn client_side(&self, what: &str, scopes: &[String]) -> ClientVerdict {
        let (safety, reason, by_nature) = match self.credentials.get(what) {
            Some(kind) if by_nature(kind).is_some() => {
                let (safety, reason) = by_nature(kind).unwrap_or((ClientSafety::Unknown, ""));
                (safety, reason.to_owned(), true)
            }
            _ => {
                let (safety, reason) = self.by_rule(what, scopes);
                (safety, reason, false)
            }
        };
        let side = self.client_side.as_ref();
        let from = side.and_then(|side| side.from.as_deref()).filter(|_| !by_nature);
        ClientVerdict {
            safety,
            reason,
            advice: side.and_then(|side| side.advice.clone()),
            assumed: safety != ClientSafety::Unknown && self.is_assumed(from),
        }
    }

    fn by_rule(&self, what: &str, scopes: &[String]) -> (ClientSafety, String) {
        let name = &self.name;
        let Some(side) = &self.client_side else {
            return (ClientSafety::Unknown, format!("{name} does not say"));
        };
        let is_in = |list: &[String]| list.iter().any(|id| id == what);
        if is_in(&side.never) {
            return (ClientSafety::Never, format!("{name} wants it on a server only"));
        }
        if !is_in(&side.safe) {
            return (ClientSafety::Unknown, format!("{name} does not say"));
        }
        if what != TOKEN || side.scopes.is_empty() {
            return (ClientSafety::Safe, format!("{name} means it for client-side code"));
        }
        let limit = side.scopes.join(" and ");
        let allowed = |scope: &String| self.scopes.as_ref().is_some_and(|s| s.allows(&side.scopes, scope));
        match scopes.iter().find(|scope| !allowed(scope)) {
            Some(scope) => (ClientSafety::Never, format!("it carries {scope}, and only {limit} may leave a server")),
            None if scopes.is_empty() => {
                (ClientSafety::Unknown, format!("only a token with {limit} may leave a server"))
            }
            None => (ClientSafety::Safe, format!("{name} means a token with {limit} for client-side code")),
        }
    }
}

/// What follows from the kind of credential, whoever the provider is.
fn by_nature(kind: Credential<'_>) -> Option<(ClientSafety, &'static str)> {
    match kind {
        Credential::PrivateKey(_) => Some((ClientSafety::Never, "whoever has the private key can sign any token")),
        Credential::Secret(secret) if secret.algs.is_empty() => {
            Some((ClientSafety::Never, "whoever has the secret can write webhooks that look genuine"))
        }
        Credential::Secret(_) => Some((ClientSafety::Never, "whoever has the secret can sign any token")),
        Credential::Login(_) => Some((ClientSafety::Never, "a password opens the whole account")),
        Credential::Client(_) => Some((ClientSafety::Never, "a client's secret stands for the whole application")),
        Credential::Text(_) => Some((ClientSafety::Safe, "it is not a secret")),
        Credential::ApiKey(_) => None,
    }
}
