//! Everything that can be said about a text that should be a token. Inspection is total: whatever comes in, a value and
//! its findings come out.

mod around;
mod claims;
mod inspector;
mod parts;
mod several;
mod values;

use std::fmt;

use inspector::Inspector;
pub use parts::check_length;

use crate::{
    Code, Finding,
    finding::Group,
    header::{AlgParam, Of},
    json::Document,
    locate::locate,
    serialization::{self, Json, Signed},
    text,
    time::Times,
    verify::{Keyring, Trust, Verdict},
};

/// What a token is judged by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The time now, in seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// Seconds that clocks may differ.
    pub leeway: i64,
    /// The keys to judge the signature with.
    pub trust: Trust<'a>,
    /// The issuer that is expected, if any.
    pub issuer: Option<&'a str>,
    /// The audience that is expected, if any.
    pub audience: Option<&'a str>,
}

/// What there is to say about a token: its parts, three verdicts, and the findings that they rest on.
#[derive(Clone)]
pub struct Inspection {
    /// The token as it stood in the input; one in JSON as header, payload and signature with dots between.
    pub token: String,
    /// Whether something stood around it.
    pub stripped: bool,
    /// The header's text, as far as it could be decoded.
    pub header: Option<String>,
    /// The payload's text, as far as it could be decoded.
    pub payload: Option<String>,
    /// The algorithm parameter.
    pub alg: Option<AlgParam>,
    /// The key's name.
    pub kid: Option<String>,
    /// The times of the claims set.
    pub times: Times,
    /// Whether it is well written.
    pub structure: Verdict,
    /// Whether the signature is good.
    pub signature: Verdict,
    /// The index of the trusted key that the signature is good with, or that it names.
    pub key: Option<usize>,
    /// Whether time, issuer, audience, the rules of headers and those of a provider are kept, and the secret is none that
    /// can be guessed.
    pub policy: Verdict,
    /// Everything that was noticed, structure first.
    pub findings: Vec<Finding>,
}

impl fmt::Debug for Inspection {
    /// Whoever holds the token may use it, so neither it nor its claims are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = self.findings.iter().map(|finding| finding.code.name()).collect();
        f.debug_struct("Inspection")
            .field("structure", &self.structure)
            .field("signature", &self.signature)
            .field("policy", &self.policy)
            .field("findings", &codes)
            .finish_non_exhaustive()
    }
}

impl Inspection {
    /// Nothing is known yet.
    fn blank() -> Self {
        Self {
            token: String::new(),
            stripped: false,
            header: None,
            payload: None,
            alg: None,
            kid: None,
            times: Times::default(),
            structure: Verdict::Bad,
            signature: Verdict::Unknown,
            key: None,
            policy: Verdict::Unknown,
            findings: Vec::new(),
        }
    }

    /// There is no token to speak of, for this reason.
    fn without_token(reason: Finding) -> Self {
        Self { findings: vec![reason], ..Self::blank() }
    }

    /// Adds what somebody else found, most likely a provider's rules, and lets the policy verdict follow.
    pub fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
        self.findings.sort_by_key(|finding| finding.code.group());
        self.follow_rules();
    }

    /// Lets the policy verdict follow from the findings, where there are claims to have one about.
    fn follow_rules(&mut self) {
        let ruled = |finding: &&Finding| {
            let group = finding.code.group();
            matches!(group, Group::Header | Group::Time | Group::Claims | Group::Scopes | Group::Environment)
                || matches!(finding.code, Code::SecretKnown | Code::SecretGuessable)
        };
        if self.policy != Verdict::Unknown {
            let broken = self.errors().any(|finding| ruled(&finding));
            self.policy = if broken { Verdict::Bad } else { Verdict::Good };
        }
    }

    /// The findings of a severity that a careful verifier refuses.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_error())
    }
}

/// Inspects `input`: a token, or any text or bytes with one in it.
pub fn inspect(input: &[u8], context: &Context<'_>) -> Inspection {
    inspect_with(input, context, &Keyring::new(&context.trust))
}

/// The same with keys that were prepared once for many tokens; the context's own are not looked at.
pub fn inspect_with(input: &[u8], context: &Context<'_>, ring: &Keyring<'_>) -> Inspection {
    let inspector = Inspector { context, ring };
    let mut inspection = match std::str::from_utf8(input) {
        Ok(text) => inspect_text(&inspector, text),
        Err(error) => {
            let found = format!("byte {} of the input is not UTF-8", error.valid_up_to() + 1);
            let hint = "a token is ASCII text; this is binary data or another encoding";
            Inspection::without_token(Finding::new(Code::NotUtf8, found).hint(hint))
        }
    };
    inspection.findings.sort_by_key(|finding| finding.code.group());
    inspection
}

fn inspect_text(inspector: &Inspector<'_>, input: &str) -> Inspection {
    match serialization::read(input) {
        Some(Json::Signed(Signed { twice: Some(path), .. })) => {
            let found = format!("\"{}\" stands twice in the JSON of the token", text::elide(&path));
            let hint = "servers disagree on which one counts";
            return Inspection::without_token(Finding::new(Code::DuplicateMember, found).hint(hint));
        }
        Some(Json::Signed(signed)) => return several::inspect(inspector, &signed),
        Some(Json::Encrypted) => {
            let found = "the token is encrypted (JWE, in JSON): its claims can be read with the key alone";
            // Its parts are members of a JSON object, which nobody looked at.
            let reason = Finding::new(Code::Encrypted, found);
            return Inspection { structure: Verdict::Unknown, ..Inspection::without_token(reason) };
        }
        None => {}
    }
    let Some(located) = locate(input) else {
        return Inspection::without_token(Finding::new(Code::NoToken, "the input is empty; wanted a token"));
    };
    if !located.certain
        && let Some(found) = around::no_token(&located.token)
    {
        return Inspection { token: located.token.into_owned(), ..Inspection::without_token(found) };
    }
    let mut inspection = Inspection::blank();
    inspection.stripped = located.was_stripped(input);
    inspection.findings.extend(around::findings(&located, input));
    inspector.run(&located.token, None, &mut inspection);
    inspection.token = located.token.into_owned();
    inspection
}

/// What can be said of a header and a claims set before they are signed: the same as of the finished token. Both texts as
/// they will be signed; the places of findings are in them.
pub fn inspect_draft(header: &str, document: &Document<'_>, now: i64) -> (Times, Vec<Finding>) {
    let mut findings = Vec::new();
    let typ = parts::read_header(header, Of::Jws, &mut findings).and_then(|header| header.typ);
    let times = claims::judge_claims(document, typ.as_deref(), now, 0, &mut findings);
    findings.sort_by_key(|finding| finding.code.group());
    (times, findings)
}
