//! Requests: a token is signed or given, the request prepared and sent, and the answer explained.
//!
//! The job has two halves, so that no open vault waits for the network: [`prepare`] needs the session, [`send`] does not.
//! What comes after an answer is [`crate::calls`]' business.

use exchange::{
    Call, CallAuth, Exchange, KeyStanding, Known, PreparedRequest, Sent, SignatureFact, Target, TokenFacts, Transport,
    Verdict, with_token,
};
use jose::{
    Finding,
    header::AlgParam,
    inspect::Inspection,
    key::{Jwk, Key},
    verify,
};
use provider::{CallFacts, Definition, Endpoint, Environment};
use zeroize::Zeroizing;

use crate::{
    ground::{
        Error,
        ports::{Cancel, LiveAct, Ports},
    },
    jobs::{
        given,
        tokens::{self, Judging, NamedKey, Signed},
    },
    policy::{
        authentication::{self, Carries, carries, endpoint, first_flow, fits},
        fields::{self, EXPIRES},
        local::local_address,
        signer::{self, SignRequest, Signer},
    },
    resolve::{
        environments,
        snippets::{Snippet, as_curl, carries_token, snippet},
    },
    store::{
        draft::{CallTarget, CallWith},
        records::{CredentialKind, GivenTokens},
        session::Session,
    },
};

/// What is to be called, and with what.
#[derive(Debug, Clone, Default)]
pub struct CallRequest {
    /// Who signs for what, and how the token shall be.
    pub sign: SignRequest,
    /// The endpoint, or a method and a path; the provider's first choice if neither is given.
    pub target: Option<CallTarget>,
    /// The body; the endpoint's sample if none is given.
    pub body: Option<Vec<u8>>,
    /// A token to send as it is, instead of signing one.
    pub token: Option<String>,
    /// With what it authenticates.
    pub with: CallWith,
    /// The status that is expected.
    pub expect: Option<u16>,
    /// The address of an emulator that runs already, for the Local environment.
    pub emulator: Option<String>,
}

/// A request that is ready, and what is known of its token.
pub struct PreparedCall {
    /// The request, complete to the byte.
    pub request: PreparedRequest,
    /// The token that was signed for it; none if it was given.
    pub signed: Option<Signed>,
    /// Everything that is known here of the token that it carries; nothing where it carries an opaque key, or nothing.
    pub inspection: Option<Inspection>,
    /// What it authenticates with.
    pub auth: CallAuth,
    /// What is known of the tokens that the server gave, where it carries one of them.
    pub given: Option<GivenTokens>,
    definition: &'static Definition,
    environment: &'static Environment,
    pub(crate) endpoint: Option<&'static Endpoint>,
    /// Which of the provider's credentials it is made with.
    role: Option<String>,
    key_name: String,
    key_created: i64,
    /// When the credential ends, where its provider said so and it goes out itself.
    key_ends: Option<i64>,
    expect: Option<u16>,
}

impl PreparedCall {
    /// The environment's label.
    pub fn environment(&self) -> &str {
        &self.environment.label
    }

    /// Whether it goes to the emulator.
    pub fn is_emulated(&self) -> bool {
        self.environment.is_emulated()
    }

    /// The scopes that the call needs and whether the token has them, in words; nothing where that is not known.
    pub fn scopes_in_words(&self) -> Option<String> {
        let endpoint = self.endpoint?;
        self.definition.scopes.as_ref()?.claim.as_ref()?;
        let scopes = self.definition.scopes_in(self.inspection.as_ref()?.payload.as_deref()?);
        let needed = self.definition.missing_for(endpoint, &[]);
        if needed.is_empty() {
            return None;
        }
        let missing = self.definition.missing_for(endpoint, &scopes);
        let standing = if missing.is_empty() {
            "the token has it".to_owned()
        } else {
            format!("the token lacks {}", missing.words())
        };
        Some(format!("{} {} needs {}; {standing}", endpoint.method, endpoint.path.text(), needed.words()))
    }

    /// The same call with another token that was signed for it.
    pub(crate) fn with_signed(
        self,
        session: &Session,
        signer: &Signer<'static>,
        token: &str,
        ports: &Ports,
    ) -> Result<Self, Error> {
        let inspection = inspect_own(session, signer, token, self.endpoint, ports)?;
        let request = with_token(self.request, self.definition, token, authentication::hosts(signer))?;
        Ok(Self { request, inspection: Some(inspection), ..self })
    }

    /// The same request in a language, its credential in a variable named for the environment.
    pub fn copy_as(&self, language: &str, now: i64) -> Result<Snippet, Error> {
        let scopes = match &self.inspection {
            Some(inspection) => inspection.payload.as_deref().map(|claims| self.definition.scopes_in(claims)),
            None => None,
        };
        let expires = self.inspection.as_ref().and_then(|inspection| inspection.times.expires);
        let carries = match (self.auth, self.role.as_deref()) {
            (CallAuth::Key, Some(role)) if self.inspection.is_none() => exchange::Carries::Credential(role),
            _ => carries_token(scopes.as_deref().unwrap_or_default(), expires, now),
        };
        snippet(&self.request, self.definition, self.environment, language, carries)
    }

    /// The same request for a shell, its token in a variable named for the environment.
    pub fn as_curl(&self) -> String {
        as_curl(&self.request, self.definition, self.environment)
    }
}

/// A call that was made.
pub struct SentCall {
    /// When it was sent, in seconds since 1970.
    pub at: i64,
    /// What happened.
    pub exchange: Exchange,
    /// What it means.
    pub verdict: Verdict,
}

/// Signs a token for the call, or takes the one given, and makes the request. A live environment wants consent; a call
/// that changes something there is asked for by its name.
pub fn prepare(session: &Session, request: &CallRequest, ports: &Ports) -> Result<PreparedCall, Error> {
    let SignRequest { profile, environment, key, .. } = &request.sign;
    let signer = signer::signer(session, profile, environment, key.as_deref())?;
    ask(&signer, request, ports)?;
    prepare_as(session, &signer, request, ports)
}

/// Asks before a call that goes to a live environment.
pub(crate) fn ask(signer: &Signer<'static>, request: &CallRequest, ports: &Ports) -> Result<(), Error> {
    let (kind, act) = live_act(&target(signer.definition, request)?.0);
    signer::consent(signer, kind, &act, ports)
}

/// What is called, and the endpoint of the definition that it is.
pub(crate) fn target<'r>(
    definition: &'static Definition,
    request: &'r CallRequest,
) -> Result<(Target<'r>, Option<&'static Endpoint>), Error> {
    let endpoint = endpoint(definition, request.target.as_ref())?;
    let target = match (&request.target, endpoint) {
        (Some(CallTarget::Path { method, path }), _) => Target::Path { method, path },
        (_, Some(endpoint)) => Target::Endpoint(endpoint),
        (_, None) => return Err(Error::NoEndpoint { provider: definition.name.clone() }),
    };
    Ok((target, endpoint))
}

/// The same for a person who was asked already.
pub(crate) fn prepare_as(
    session: &Session,
    signer: &Signer<'static>,
    request: &CallRequest,
    ports: &Ports,
) -> Result<PreparedCall, Error> {
    let definition = signer.definition;
    let (target, endpoint) = target(definition, request)?;
    let local = local_address(session, signer, request.emulator.as_deref(), ports)?;
    let base = environments::base_url(&signer.profile.value, definition, signer.environment, local.as_deref())?;
    let hosts = authentication::hosts(signer);
    let bare = exchange::prepare(
        &Call {
            definition,
            base: &base,
            target,
            variables: &signer.profile.value.variables,
            body: request.body.as_deref(),
            token: None,
            hosts,
            version: env!("CARGO_PKG_VERSION"),
        },
        &mut |out| ports.random.fill(out),
    )?;
    let carried = carried(session, signer, request, endpoint, &bare, ports)?;
    let prepared = match carried.text() {
        Some(text) => with_token(bare, definition, text, hosts)?,
        None => bare,
    };
    let inspection = match &carried {
        Carried::Signed(signed) => Some(inspect_own(session, signer, signed.token.as_str(), endpoint, ports)?),
        // An opaque key has no parts to look at.
        Carried::Typed(token) if token.contains('.') || token.starts_with("eyJ") => {
            Some(inspect_own(session, signer, token, endpoint, ports)?)
        }
        Carried::Given(token, _) => is_jwt(token).then(|| inspect_given(definition, token, endpoint, ports)),
        Carried::Typed(_) | Carried::Key(_) | Carried::Nothing => None,
    };
    Ok(PreparedCall {
        request: prepared,
        auth: carried.auth(),
        inspection,
        definition,
        environment: signer.environment,
        endpoint,
        role: signer.credential.value.binding.as_ref().and_then(|binding| binding.role.clone()),
        key_name: signer.credential.value.name.clone(),
        key_created: signer.credential.value.created,
        key_ends: match &carried {
            Carried::Key(_) => signer.credential.value.fields.get(EXPIRES).and_then(|date| fields::end_of(date)),
            _ => None,
        },
        expect: request.expect,
        given: match &carried {
            Carried::Given(_, known) => Some(known.clone()),
            _ => None,
        },
        signed: match carried {
            Carried::Signed(signed) => Some(*signed),
            _ => None,
        },
    })
}

/// What a call carries. It holds a secret, so it cannot be shown.
enum Carried {
    /// A token that was signed for it.
    Signed(Box<Signed>),
    /// A token that the person gave.
    Typed(String),
    /// A token that the server gave before.
    Given(Zeroizing<String>, GivenTokens),
    /// An opaque key.
    Key(Zeroizing<String>),
    /// Nothing.
    Nothing,
}

impl Carried {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Signed(signed) => Some(signed.token.as_str()),
            Self::Typed(token) => Some(token),
            Self::Given(token, _) | Self::Key(token) => Some(token),
            Self::Nothing => None,
        }
    }

    const fn auth(&self) -> CallAuth {
        match self {
            Self::Signed(_) | Self::Given(..) => CallAuth::Token,
            Self::Typed(_) | Self::Key(_) => CallAuth::Key,
            Self::Nothing => CallAuth::Nothing,
        }
    }
}

/// Opens, signs or takes what the call shall carry.
fn carried(
    session: &Session,
    signer: &Signer<'static>,
    request: &CallRequest,
    endpoint: Option<&Endpoint>,
    bare: &PreparedRequest,
    ports: &Ports,
) -> Result<Carried, Error> {
    if let Some(token) = &request.token {
        return Ok(Carried::Typed(token.clone()));
    }
    let sign = || {
        let body = bare.body.clear();
        let call = CallFacts { method: &bare.method, url: &bare.url, body: &body };
        tokens::sign_as(session, signer, &request.sign, Some(call), ports)
            .map(|signed| Carried::Signed(Box::new(signed)))
    };
    match carries(signer.definition, Some(&signer.credential.value), endpoint, request.with) {
        Carries::Nothing => Ok(Carried::Nothing),
        Carries::Signed => sign(),
        Carries::Key => session.open_text(&signer.credential).map(Carried::Key),
        Carries::Given if request.with == CallWith::Key => Err(Error::OtherCredential {
            found: signer.credential.value.describe.clone(),
            wanted: CredentialKind::ApiKey.words().to_owned(),
        }),
        Carries::Given => given_token(session, signer, &request.sign),
    }
}

/// The access token that the server gave for the place.
fn given_token(session: &Session, signer: &Signer<'static>, sign: &SignRequest) -> Result<Carried, Error> {
    let at = signer.at();
    let known = given::at(session, &at)?.filter(|known| fits(known, signer, sign));
    match (known, given::open(session, &at)?.access) {
        (Some(known), Some(access)) => Ok(Carried::Given(access, known)),
        _ => Err(Error::NoToken {
            place: environments::label(signer.definition, signer.environment),
            hint: match first_flow(signer) {
                Some(flow) => format!("{} first, or follow the flow", flow.label.to_lowercase()),
                None => "give a token to send".to_owned(),
            },
        }),
    }
}

/// Sends, and says what the answer means.
pub fn send(call: &PreparedCall, transport: &Transport, cancel: &Cancel, ports: &Ports) -> SentCall {
    let at = ports.clock.now();
    let exchange = ports.http.send(&call.request, transport, cancel);
    judge(call, at, exchange)
}

/// Says what an answer means.
pub(crate) fn judge(call: &PreparedCall, at: i64, exchange: Exchange) -> SentCall {
    let scopes = call.inspection.as_ref().and_then(|inspection| inspection.payload.as_deref());
    let scopes = scopes.map(|claims| call.definition.scopes_in(claims)).unwrap_or_default();
    let facts = call.inspection.as_ref().map(|inspection| facts(call, inspection, &scopes));
    let known = Known {
        expires: call.given.as_ref().and_then(|given| given.expires).or(call.key_ends),
        permissions: call.given.as_ref().and_then(|given| given.permissions.as_deref()),
    };
    let sent = Sent { environment: &call.environment.label, at, expected: call.expect, token: facts, known };
    let verdict = exchange::assess(call.definition, call.endpoint, &call.request, &exchange, &sent);
    SentCall { at, exchange, verdict }
}

fn facts<'a>(call: &'a PreparedCall, inspection: &'a Inspection, scopes: &'a [String]) -> TokenFacts<'a> {
    let alg = match &inspection.alg {
        Some(AlgParam::Known(alg)) => Some(alg.name()),
        _ => None,
    };
    // A near miss explains; what is wrong with the signature is the reason.
    let of_signature = |finding: &&Finding| finding.code.group() == jose::finding::Group::Signature;
    let mut why = inspection.findings.iter().filter(of_signature);
    let reason = why.clone().find(|finding| finding.is_error()).or_else(|| why.next());
    let otherwise = if call.given.is_some() { "only the server has its key" } else { "no key at hand" };
    let reason = reason.map_or(otherwise, |finding| finding.message.as_str());
    let signature = match inspection.signature {
        verify::Verdict::Good => SignatureFact::Good { key: &call.key_name },
        verify::Verdict::Bad => SignatureFact::Bad { reason },
        verify::Verdict::Unknown => SignatureFact::Unknown { reason },
    };
    TokenFacts {
        alg,
        findings: &inspection.findings,
        signature,
        iat: inspection.times.issued,
        nbf: inspection.times.not_before,
        exp: inspection.times.expires,
        scopes,
        key: KeyStanding { created: Some(call.key_created), last_accepted: None },
    }
}

/// The call in words, and whether it changes something.
fn live_act(target: &Target<'_>) -> (LiveAct, String) {
    let (changes, method, path) = match target {
        Target::Endpoint(endpoint) => (endpoint.side_effects, endpoint.method.clone(), endpoint.path.text()),
        Target::Path { method, path } => {
            let method = method.to_ascii_uppercase();
            (!["GET", "HEAD", "OPTIONS"].contains(&method.as_str()), method, *path)
        }
    };
    (if changes { LiveAct::Change } else { LiveAct::Read }, format!("{method} {path}"))
}

/// What is known of a token that only the server can verify.
pub(crate) fn inspect_given(
    definition: &Definition,
    token: &str,
    endpoint: Option<&Endpoint>,
    ports: &Ports,
) -> Inspection {
    let judging = Judging { provider: Some(definition), ..Judging::default() };
    let mut inspection = tokens::inspect(token.as_bytes(), &[], false, &judging, ports);
    add_missing_scopes(&mut inspection, definition, endpoint);
    inspection
}

fn is_jwt(token: &str) -> bool {
    token.split('.').count() == 3 && token.starts_with("eyJ")
}

fn add_missing_scopes(inspection: &mut Inspection, definition: &Definition, endpoint: Option<&Endpoint>) {
    if let (Some(endpoint), Some(claims)) = (endpoint, &inspection.payload) {
        let scopes = definition.scopes_in(claims);
        let missing = definition.check_scopes_for(endpoint, &scopes);
        inspection.add(missing);
    }
}

/// What is known of the token by the rules that judge any token, with the key that signs here.
fn inspect_own(
    session: &Session,
    signer: &Signer<'_>,
    token: &str,
    endpoint: Option<&Endpoint>,
    ports: &Ports,
) -> Result<Inspection, Error> {
    let credential = &signer.credential;
    let jwk = match (credential.value.kind, tokens::public_half(&credential.value)) {
        (CredentialKind::PrivateKey, Some(public)) => {
            Jwk { kid: credential.value.kid.clone(), ..Jwk::from(Key::Public(public)) }
        }
        (CredentialKind::PrivateKey | CredentialKind::SharedSecret, _) => session.open_key(credential)?,
        (CredentialKind::ApiKey | CredentialKind::Login | CredentialKind::Client, _) => {
            return Ok(inspect_given(signer.definition, token, endpoint, ports));
        }
    };
    let keys = [NamedKey { name: credential.value.name.clone(), jwk }];
    let judging = Judging { provider: Some(signer.definition), ..Judging::default() };
    let mut inspection = tokens::inspect(token.as_bytes(), &keys, true, &judging, ports);
    add_missing_scopes(&mut inspection, signer.definition, endpoint);
    Ok(inspection)
}
