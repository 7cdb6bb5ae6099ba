//! Facts known here of the token that was sent, before the server says anything.

use jose::{Code, Finding, finding::Group, json::Document};
use provider::{Definition, Endpoint, Missing, definition::Presence};

use super::{
    gate::Gate,
    local::{ClockOf, Flaw, Local, Merit},
};
use crate::answer::named::{TokenTexts, literal, shown};

/// What is known here of a call that was made.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// The environment's label.
    pub environment: &'a str,
    /// When it was sent, in seconds since 1970 by our clock.
    pub at: i64,
    /// The status that was expected; any 2xx if none was named.
    pub expected: Option<u16>,
    /// The token it carried; none if it carried none, or an opaque key.
    pub token: Option<TokenFacts<'a>>,
    /// What is known of the credential beside what it says itself.
    pub known: Known<'a>,
}

/// What was noted with a credential that does not say it itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known<'a> {
    /// When an opaque key ends, in seconds since 1970.
    pub expires: Option<i64>,
    /// What it may do, as the server last said.
    pub permissions: Option<&'a [String]>,
}

/// What is known here of a token.
#[derive(Debug, Clone, Copy)]
pub struct TokenFacts<'a> {
    /// Its header, as JSON, if it has one.
    pub header: Option<&'a str>,
    /// Its claims, as JSON, if it has some.
    pub claims: Option<&'a str>,
    /// The algorithm its header names.
    pub alg: Option<&'a str>,
    /// What was noticed about it, by `jose::inspect` and by the provider's rules.
    pub findings: &'a [Finding],
    /// How its signature stands.
    pub signature: SignatureFact<'a>,
    /// Its `iat`, in seconds since 1970.
    pub iat: Option<i64>,
    /// Its `nbf`.
    pub nbf: Option<i64>,
    /// Its `exp`.
    pub exp: Option<i64>,
    /// Its scopes.
    pub scopes: &'a [String],
    /// What is known of its key.
    pub key: KeyHistory,
}

/// How a signature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureFact<'a> {
    /// It verifies.
    Good {
        /// The name of the key.
        key: &'a str,
    },
    /// It does not.
    Bad {
        /// Why, as a clause: `the signature does not verify with "checkout-2026-11"`.
        reason: &'a str,
    },
    /// Not known, for want of a key.
    Unknown {
        /// Why, in a few words: `no key at hand`.
        reason: &'a str,
    },
}

/// What is known of a key and this environment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyHistory {
    /// When it was made or imported, in seconds since 1970.
    pub created: Option<i64>,
    /// When a call with it was last accepted there.
    pub last_accepted: Option<i64>,
}

/// How the times of a token stand to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timing {
    /// Between its beginning and its end.
    Inside,
    /// Its end has passed, by so many seconds.
    Over(i64),
    /// Its beginning is still ahead, by so many seconds.
    Early(i64),
}

impl TokenFacts<'_> {
    /// When it begins to be valid, as far as it says.
    fn begins(&self) -> Option<i64> {
        self.nbf.or(self.iat)
    }

    /// Whether it is authenticated with a secret that both sides have (RFC 7518 §3.2).
    pub(crate) fn is_symmetric(&self) -> bool {
        self.alg.is_some_and(|alg| alg.starts_with("HS"))
    }

    /// How long it has to live, by our clock.
    pub(crate) fn left(&self, now: i64) -> Option<i64> {
        self.exp.map(|exp| exp.saturating_sub(now))
    }

    /// How its times stand to the server's clock if that is known, else to ours.
    pub(crate) fn timing(&self, sent_at: i64, server: Option<i64>) -> Timing {
        let clock = server.unwrap_or(sent_at);
        if let Some(exp) = self.exp.filter(|exp| *exp <= sent_at || *exp <= clock) {
            let by = if exp <= sent_at { sent_at } else { clock };
            return Timing::Over(by.saturating_sub(exp));
        }
        match self.begins().filter(|begins| *begins > clock) {
            Some(begins) => Timing::Early(begins.saturating_sub(clock)),
            None => Timing::Inside,
        }
    }

    fn first_error(&self, fits: impl Fn(&Finding) -> bool) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.is_error() && fits(finding))
    }

    /// How the token is written, and whether it holds what the provider wants.
    pub(crate) fn structure(&self) -> Local {
        let of = |group: Group| move |finding: &Finding| finding.code.group() == group;
        let wrong = (self.first_error(of(Group::Structure)))
            .or_else(|| self.first_error(|f| f.code.group() == Group::Header && f.code != Code::KidOther))
            .or_else(|| self.first_error(of(Group::Key)))
            .or_else(|| self.first_error(|f| f.code.group() == Group::Claims && f.code != Code::AudienceWrong));
        match (wrong, self.alg) {
            (Some(finding), _) => Local::Bad(Flaw::Reason(finding.message.clone())),
            (None, Some(alg)) => Local::Good(Merit::WellFormed(Some(alg.to_owned()))),
            (None, None) => Local::Good(Merit::WellFormed(None)),
        }
    }

    /// Whether it names the key that signed it. Whether the server knows that key, only the server can tell.
    pub(crate) fn key_named(&self) -> Local {
        match self.first_error(|finding| finding.code == Code::KidOther) {
            Some(finding) => Local::Bad(Flaw::Reason(finding.message.clone())),
            None => Local::Unknown("only the server knows its keys".to_owned()),
        }
    }

    pub(crate) fn signature(&self) -> Local {
        match self.signature {
            SignatureFact::Good { key } => Local::Good(Merit::Verifies(key.to_owned())),
            SignatureFact::Bad { reason } => Local::Bad(Flaw::Reason(reason.to_owned())),
            SignatureFact::Unknown { reason } => Local::Unknown(reason.to_owned()),
        }
    }

    pub(crate) fn time(&self, sent_at: i64, server: Option<i64>) -> Local {
        let clock = if server.is_some() { ClockOf::Server } else { ClockOf::Here };
        match self.timing(sent_at, server) {
            Timing::Over(by) if self.exp.is_some_and(|exp| exp <= sent_at) => Local::Bad(Flaw::ExpiredBefore(by)),
            Timing::Over(by) => Local::Bad(Flaw::Expired(by, clock)),
            Timing::Early(by) => Local::Bad(Flaw::Early(by, clock)),
            Timing::Inside => {
                let judged_above = [Code::Expired, Code::NotYetValid];
                let of_time = |f: &Finding| f.code.group() == Group::Time && !judged_above.contains(&f.code);
                match (self.first_error(of_time), self.begins().zip(self.exp)) {
                    (Some(finding), _) => Local::Bad(Flaw::Reason(finding.message.clone())),
                    (None, Some((from, to))) => Local::Good(Merit::Inside(to.saturating_sub(from), clock)),
                    (None, None) if self.exp.is_none() => Local::Good(Merit::NeverExpires),
                    (None, None) => Local::Good(Merit::NotExpired(clock)),
                }
            }
        }
    }

    pub(crate) fn audience(&self, definition: &Definition) -> Local {
        if let Some(finding) = self.first_error(|finding| finding.code == Code::AudienceWrong) {
            return Local::Bad(Flaw::Reason(finding.message.clone()));
        }
        let claims = definition.token.iter().flat_map(|token| &token.claims);
        let carried = claims.filter(|claim| claim.presence != Presence::Forbidden).any(|claim| claim.name == "aud");
        let document = self.claims.and_then(|claims| Document::parse(claims).ok());
        match (document.as_ref().and_then(|claims| claims.root().get("aud")), literal(definition, "aud")) {
            (Some(aud), Some(wanted)) if aud.as_str().as_deref() == Some(wanted.as_str()) => {
                Local::Unknown(format!("aud is {}, as the recipe says", shown(aud.raw())))
            }
            (Some(aud), Some(wanted)) => {
                Local::Unknown(format!("aud is {}, and the recipe says {wanted:?}", shown(aud.raw())))
            }
            (Some(aud), None) => Local::Unknown(format!("aud is {}", shown(aud.raw()))),
            (None, _) if carried => Local::Unknown("the token has no aud".to_owned()),
            (None, _) => Local::None(format!("{} tokens carry no aud", definition.name)),
        }
    }

    /// What a server can name members of.
    pub(crate) fn texts(&self) -> TokenTexts<'_> {
        let signature = match self.signature {
            SignatureFact::Good { key } => format!("the signature verifies here with {key}"),
            SignatureFact::Bad { reason } => reason.to_owned(),
            SignatureFact::Unknown { reason } => format!("the signature was not checked here: {reason}"),
        };
        TokenTexts { header: self.header, claims: self.claims, signature }
    }

    pub(crate) fn scope(&self, definition: &Definition, endpoint: Option<&Endpoint>) -> Local {
        let malformed = |f: &Finding| f.code.group() == Group::Scopes && f.code != Code::ScopeMissing;
        if let Some(finding) = self.first_error(malformed) {
            return Local::Bad(Flaw::Reason(finding.message.clone()));
        }
        if !carries_scopes(definition) {
            return Local::None(format!("{} tokens carry no scopes", definition.name));
        }
        let Some(endpoint) = endpoint else {
            return Local::Unknown("it is not known which scopes this call needs".to_owned());
        };
        if endpoint.needs.all.is_empty() && endpoint.needs.any.is_empty() {
            return Local::Unknown("it is not known which scopes this call needs".to_owned());
        }
        let missing = definition.missing_for(endpoint, self.scopes);
        if !missing.is_empty() {
            return Local::Bad(Flaw::Lacks(missing));
        }
        let needs = Missing { all: endpoint.needs.all.clone(), any: endpoint.needs.any.clone() };
        Local::Good(Merit::Has(needs))
    }
}

/// Whether tokens of this provider say what they may do.
pub(crate) fn carries_scopes(definition: &Definition) -> bool {
    definition.scopes.as_ref().is_some_and(|scopes| scopes.claim.is_some())
}

/// What is known here of every gate a token has to pass.
#[derive(Debug, Clone)]
pub(crate) struct LocalLadder {
    pub(crate) structure: Local,
    pub(crate) key: Local,
    pub(crate) signature: Local,
    pub(crate) time: Local,
    pub(crate) audience: Local,
    pub(crate) scope: Local,
}

impl LocalLadder {
    /// Whether everything that can be wrong with the token itself was checked here and is right.
    pub(crate) fn is_faultless(&self) -> bool {
        self.fault().is_none() && matches!(self.signature, Local::Good(_))
    }

    /// The first gate at which the token fails by what is known here, and why.
    pub(crate) fn fault(&self) -> Option<(Gate, &Flaw)> {
        let gates = [
            (Gate::Structure, &self.structure),
            (Gate::KeyKnown, &self.key),
            (Gate::Signature, &self.signature),
            (Gate::Time, &self.time),
            (Gate::Audience, &self.audience),
            (Gate::Scope, &self.scope),
        ];
        gates.into_iter().find_map(|(gate, local)| Some((gate, local.flaw()?)))
    }
}
