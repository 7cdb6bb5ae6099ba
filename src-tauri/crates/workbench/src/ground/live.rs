//! Live questions: what the person is asked before something is signed for, or sent to, a live environment, in words.

use exchange::capital;
use jose::time::span;
use serde::{Deserialize, Serialize};

/// What the person is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveQuestion {
    /// The profile's name; empty where it is about no profile.
    pub profile: String,
    /// The provider's name.
    pub provider: String,
    /// The name of the credential.
    pub key: String,
    /// The environment's label.
    pub environment: String,
    /// The environment's id; empty where it is about no environment of a profile.
    pub environment_id: String,
    /// The host that the environment is reached at; none where that is not known yet.
    pub host: Option<String>,
    /// What will happen: "signing a token", "POST /transactions".
    pub act: String,
    /// What kind of thing that is.
    pub kind: LiveAct,
    /// What the token may do that is signed for it; none where no token is.
    pub terms: Option<TokenTerms>,
    /// How often the profile wants to be asked there.
    pub guard: Guard,
}

/// What a token may do, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenTerms {
    /// Its scopes.
    pub scopes: Vec<String>,
    /// Those, and every other scope of the provider's catalogue that they give.
    pub given: Vec<String>,
    /// The seconds from its signing to its `exp`; none where it never ends.
    pub lifetime: Option<u64>,
}

/// What is about to happen in a live environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LiveAct {
    /// A token is signed and stays here.
    Sign,
    /// A call that changes nothing there.
    Read,
    /// A call that changes something there.
    Change,
    /// Live credentials follow a definition that was changed: where they are sent, what they sign.
    Follow,
}

/// How often a live environment asks the person. The later ones ask more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// Once, until the vault is locked or nobody has worked for ten minutes.
    Once,
    /// Once, and each time for a call that changes something.
    #[default]
    Writes,
    /// Each time.
    Always,
}

impl TokenTerms {
    /// A token with these scopes that lives so many seconds. What else they give is found once somebody is asked.
    pub fn new(scopes: Vec<String>, lifetime: Option<u64>) -> Self {
        Self { given: scopes.clone(), scopes, lifetime }
    }

    /// Whether a yes to these terms is a yes to the others: no scope that these do not give, and no longer life.
    pub fn cover(&self, other: &Self) -> bool {
        let lives_as_long = match (self.lifetime, other.lifetime) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(longest), Some(wanted)) => wanted <= longest,
        };
        lives_as_long && other.scopes.iter().all(|scope| self.given.contains(scope))
    }

    /// `Scopes: transactions.read, embed. It lives 5 min.`
    fn words(&self) -> String {
        let scopes = match self.scopes.as_slice() {
            [] => "The token carries no scopes".to_owned(),
            scopes => format!("Scopes: {}", scopes.join(", ")),
        };
        match self.lifetime {
            Some(seconds) => format!("{scopes}. It lives {}.", span(i64::try_from(seconds).unwrap_or(i64::MAX))),
            None => format!("{scopes}. It never expires."),
        }
    }
}

impl LiveQuestion {
    /// The question, one sentence: what is done, as whom, with what, for which environment.
    pub fn title(&self) -> String {
        format!("{}?", self.statement())
    }

    /// The same as a statement, without the sign at its end.
    pub fn statement(&self) -> String {
        let Self { profile, provider, key, environment, act, .. } = self;
        let signer = format!("{profile} · {provider} with {key}");
        match self.kind {
            LiveAct::Sign => format!("{} as {signer} for {environment}, which is LIVE", capital(act)),
            LiveAct::Read | LiveAct::Change => format!("{act} as {signer} on {environment}, which is LIVE"),
            LiveAct::Follow => format!("{provider}: {act}"),
        }
    }

    /// What it means: the host, and what the token may do.
    pub fn detail(&self) -> String {
        let Self { key, environment, .. } = self;
        if self.kind == LiveAct::Follow {
            return format!("{key} for {environment}, which is LIVE, is used so from now on.");
        }
        let host = self.host.as_ref().map(|host| format!("Host: {host}."));
        let terms = self.terms.as_ref().map(TokenTerms::words);
        let effect = match self.kind {
            LiveAct::Sign => None,
            LiveAct::Read => Some("Nothing is changed there.".to_owned()),
            LiveAct::Change | LiveAct::Follow => Some("This changes something in the live environment.".to_owned()),
        };
        [host, terms, effect].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The button that agrees.
    pub fn verb(&self) -> &'static str {
        match self.kind {
            LiveAct::Sign => "Sign for LIVE",
            LiveAct::Read | LiveAct::Change => "Send to LIVE",
            LiveAct::Follow => "Agree",
        }
    }

    /// What else a yes covers that is remembered, by the profile's guard.
    pub fn covers(&self) -> Option<String> {
        if self.guard == Guard::Always {
            return None;
        }
        let acts = match (&self.terms, self.guard) {
            (Some(_), Guard::Once) => "calls and tokens",
            (Some(_), _) => "reads and tokens",
            (None, Guard::Once) => "calls",
            (None, _) => "reads",
        };
        let within = match self.terms {
            Some(_) => "within these scopes and this lifetime",
            None => "for which no token is signed",
        };
        let key = &self.key;
        Some(format!(
            "A yes also covers further {acts} with {key}, {within}, until the vault is locked or nobody has worked for ten minutes."
        ))
    }
}
