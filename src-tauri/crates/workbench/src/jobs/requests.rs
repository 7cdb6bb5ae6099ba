//! Requests: a token is signed or issued, the request prepared, and its answer explained.
//!
//! Sending it, and what comes after an answer, is [`crate::calls`]' business.

use std::sync::Arc;

use exchange::{
    Authentication, Body, Call, CallVerdict, Exchange, Field, KeyHistory, Known, Piece, Placed, PreparedRequest,
    Redirect, Sent, SignatureFact, TokenFacts, redirected, with_token,
};
use jose::{
    Finding,
    header::AlgParam,
    inspect::Inspection,
    key::{Jwk, Key},
    sign::CompactJws,
    verify,
};
use provider::{CallFacts, Definition, Endpoint, Environment};
use zeroize::Zeroizing;

use crate::{
    ground::{
        CallError, CredentialError, Error,
        ports::{LiveAct, Ports, TokenTerms},
    },
    jobs::{
        acceptance, issued_tokens, settings,
        tokens::{self, Judging, NamedKey, Signed},
    },
    policy::{
        authentication::{self, first_flow, fits},
        called::Called,
        consent::{self, Asks},
        fields::{self, EXPIRES},
        local::local_address,
        signer::{SignRequest, Signer},
    },
    resolve::{
        environments, key_facts,
        snippets::{Snippet, as_curl, placed_token, snippet},
    },
    store::{
        draft::{CallTarget, CallWith, Draft},
        records::{Credential, CredentialAt, CredentialKind, IssuedTokens, Target},
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
    /// A body with secrets in it, in place of that one: what of it may be shown is known.
    pub secret_body: Option<Arc<Body>>,
    /// A token to send as it is, instead of signing one.
    pub token: Option<String>,
    /// With what it authenticates.
    pub with: CallWith,
    /// The status that is expected.
    pub expect: Option<u16>,
    /// The address of an emulator that runs already, for the Local environment.
    pub emulator: Option<String>,
}

impl CallRequest {
    /// The call of a draft. What it carries is signed from the draft's own text.
    pub(crate) fn of_draft(draft: &Draft) -> Self {
        Self {
            sign: draft.sign_request(),
            target: draft.target.clone(),
            body: draft.body.clone().map(String::into_bytes),
            with: draft.with,
            ..Self::default()
        }
    }
}

/// A request that is ready, and what is known of its token.
pub struct PreparedCall {
    /// The request, complete to the byte.
    pub request: PreparedRequest,
    /// The token that was signed for it; none if a server issued it.
    pub signed: Option<Signed>,
    /// Everything that is known here of the token that it carries; nothing where it carries an opaque key, or nothing.
    pub inspection: Option<Inspection>,
    /// What it authenticates with.
    pub auth: Authentication,
    /// What is known of the tokens that the server gave, where it carries one of them.
    pub issued: Option<IssuedTokens>,
    definition: &'static Definition,
    environment: &'static Environment,
    pub(crate) endpoint: Option<&'static Endpoint>,
    /// Which of the provider's credentials it is made with.
    role: Option<String>,
    key: KnownKey,
    /// When the credential ends, where its provider said so and it goes out itself.
    key_ends: Option<i64>,
    expect: Option<u16>,
}

/// The key that a call's token was made with, as far as that is known here.
struct KnownKey {
    name: String,
    history: KeyHistory,
}

impl KnownKey {
    /// What is known of a credential at a target.
    fn of(session: &Session, credential: &Credential, at: Target) -> Result<Self, Error> {
        let name = credential.name.clone();
        let last_accepted = acceptance::last(session, &CredentialAt { at, credential: name.clone() })?;
        Ok(Self { name, history: KeyHistory { created: Some(credential.created), last_accepted } })
    }

    /// Of a token that no key of the vault made nothing is known.
    fn unknown() -> Self {
        Self { name: String::new(), history: KeyHistory::default() }
    }
}

impl PreparedCall {
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

    /// The same call with another token, or whatever else it shall carry now. Everything that is known of what it carried before goes
    /// with that: an answer is explained by what was sent.
    pub(crate) fn carrying(
        self,
        session: &Session,
        signer: &Signer<'static>,
        carried: Carried,
        ports: &Ports,
    ) -> Result<Self, Error> {
        let bare = Bare { request: self.request, endpoint: self.endpoint, expect: self.expect };
        bare.complete(session, signer, carried, ports)
    }

    /// The same call as it goes to another address: without what it carried, where that stays behind.
    pub(crate) fn redirected(self, to: &Redirect) -> Self {
        let request = redirected(self.request, to);
        if to.keeps_credential {
            return Self { request, ..self };
        }
        Self {
            request,
            signed: None,
            inspection: None,
            auth: Authentication::Nothing,
            issued: None,
            key: KnownKey::unknown(),
            key_ends: None,
            ..self
        }
    }

    /// The same request in a language, its credential in a variable named for the environment.
    pub fn copy_as(&self, language: &str, now: i64) -> Result<Snippet, Error> {
        let scopes = match &self.inspection {
            Some(inspection) => inspection.payload.as_deref().map(|claims| self.definition.scopes_in(claims)),
            None => None,
        };
        let expires = self.inspection.as_ref().and_then(|inspection| inspection.times.expires);
        let placed = match (self.auth, self.role.as_deref()) {
            (Authentication::Key | Authentication::PastedToken, Some(role)) if self.inspection.is_none() => {
                Placed::Credential(role)
            }
            _ => placed_token(scopes.as_deref().unwrap_or_default(), expires, now),
        };
        snippet(&self.request, self.definition, self.environment, language, placed)
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
    pub verdict: CallVerdict,
}

/// Asks before a call that goes to a live environment, with the terms of the token that is signed for it.
pub(crate) fn ask(
    signer: &Signer<'static>,
    request: &CallRequest,
    terms: Option<TokenTerms>,
    ports: &Ports,
) -> Result<(), Error> {
    let called = Called::new(signer.definition, request.target.as_ref())?;
    let kind = if called.changes() { LiveAct::Change } else { LiveAct::Read };
    consent::ask(signer, kind, &format!("{} {}", called.method(), called.path()), terms, ports)
}

/// Makes a request, its token signed or taken from where it lies, once `asks` agrees.
pub(crate) fn prepare_as(
    session: &Session,
    signer: &Signer<'static>,
    request: &CallRequest,
    asks: Asks<'_>,
    ports: &Ports,
) -> Result<PreparedCall, Error> {
    let bare = Bare::new(session, signer, request, ports)?;
    let carried = carried(session, signer, request, &bare, asks, ports)?;
    bare.complete(session, signer, carried, ports)
}

/// The same with a token that was signed for it from what the person typed.
pub(crate) fn prepare_signed(
    session: &Session,
    signer: &Signer<'static>,
    request: &CallRequest,
    token: CompactJws,
    ports: &Ports,
) -> Result<PreparedCall, Error> {
    let bare = Bare::new(session, signer, request, ports)?;
    bare.complete(session, signer, Carried::Draft(token), ports)
}

/// A request without what it authenticates with.
struct Bare {
    request: PreparedRequest,
    endpoint: Option<&'static Endpoint>,
    expect: Option<u16>,
}

impl Bare {
    fn new(session: &Session, signer: &Signer<'static>, request: &CallRequest, ports: &Ports) -> Result<Self, Error> {
        let Signer { profile, definition, environment, credential } = signer;
        let Called { destination, endpoint } = Called::new(definition, request.target.as_ref())?;
        let port = settings::emulator_port(session)?;
        let local = local_address(session, signer, request.emulator.as_deref(), port, ports)?;
        let base = environments::base_url(&profile.value, definition, environment, local.as_deref())?;
        let fields: Vec<Field<'_>> =
            credential.value.fields.iter().map(|(name, value)| Field { name, value }).collect();
        let secret = request.secret_body.as_ref().map(|body| body.clear());
        let call = Call {
            definition,
            base: &base,
            target: destination,
            variables: &profile.value.variables,
            fields: &fields,
            now: ports.clock.now(),
            body: secret.as_ref().map(|body| body.as_slice()).or(request.body.as_deref()),
            token: None,
            hosts: authentication::hosts(signer),
            version: env!("CARGO_PKG_VERSION"),
        };
        let mut prepared = exchange::prepare(&call, &mut |out| ports.random.fill(out))?;
        if let Some(Body::Secret(pieces)) = request.secret_body.as_deref() {
            prepared.body = Body::Secret(pieces.iter().map(again).collect());
        }
        Ok(Self { request: prepared, endpoint, expect: request.expect })
    }

    /// The whole call, with what is known here of what it carries.
    fn complete(
        self,
        session: &Session,
        signer: &Signer<'static>,
        carried: Carried,
        ports: &Ports,
    ) -> Result<PreparedCall, Error> {
        let Self { request, endpoint, expect } = self;
        let definition = signer.definition;
        let credential = &signer.credential.value;
        let auth = carried.authentication();
        let mut key = KnownKey::of(session, credential, signer.at())?;
        let inspection = match (auth, carried.text()) {
            (Authentication::SignedToken, Some(token)) => Some(inspect_own(session, signer, token, endpoint, ports)?),
            // An opaque key has no parts to look at.
            (Authentication::PastedToken, Some(token)) if token.contains('.') || token.starts_with("eyJ") => {
                let (inspection, made_with) = inspect_pasted(session, signer, token, endpoint, ports)?;
                key = match made_with.map(|name| session.find::<Credential>(&name)).transpose()? {
                    Some(stored) => KnownKey::of(session, &stored.value, signer.at())?,
                    None => KnownKey::unknown(),
                };
                Some(inspection)
            }
            (Authentication::IssuedToken, Some(token)) if is_jwt(token) => {
                Some(inspect_issued(definition, token, endpoint, ports))
            }
            _ => None,
        };
        let request = match carried.text() {
            Some(text) => with_token(request, definition, text, authentication::hosts(signer))?,
            None => request,
        };
        let expires = credential.fields.get(EXPIRES).filter(|_| auth == Authentication::Key);
        let (signed, issued) = match carried {
            Carried::Signed(signed) => (Some(*signed), None),
            Carried::Issued(_, known) => (None, Some(known)),
            Carried::Draft(_) | Carried::Typed(_) | Carried::Key(_) | Carried::Nothing => (None, None),
        };
        Ok(PreparedCall {
            request,
            signed,
            inspection,
            auth,
            issued,
            definition,
            environment: signer.environment,
            endpoint,
            role: credential.binding.as_ref().and_then(|binding| binding.role.clone()),
            key,
            key_ends: expires.and_then(|date| fields::end_of(date)),
            expect,
        })
    }
}

/// A piece of a body once more: a request that is made ready anew has its own.
fn again(piece: &Piece) -> Piece {
    match piece {
        Piece::Plain(text) => Piece::Plain(text.clone()),
        Piece::Masked { name, clear, shown } => {
            let clear = Zeroizing::new(clear.as_str().to_owned());
            Piece::Masked { name: name.clone(), clear, shown: shown.clone() }
        }
    }
}

/// What a call carries. It holds a secret, so it cannot be shown.
pub(crate) enum Carried {
    /// A token that was signed for it by the recipe.
    Signed(Box<Signed>),
    /// A token that was signed for it from what the person typed.
    Draft(CompactJws),
    /// A token that the person gave.
    Typed(String),
    /// A token that the server issued before.
    Issued(Zeroizing<String>, IssuedTokens),
    /// An opaque key.
    Key(Zeroizing<String>),
    /// Nothing.
    Nothing,
}

impl Carried {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Signed(signed) => Some(signed.token.as_str()),
            Self::Draft(token) => Some(token.as_str()),
            Self::Typed(token) => Some(token),
            Self::Issued(token, _) | Self::Key(token) => Some(token),
            Self::Nothing => None,
        }
    }

    const fn authentication(&self) -> Authentication {
        match self {
            Self::Signed(_) | Self::Draft(_) => Authentication::SignedToken,
            Self::Typed(_) => Authentication::PastedToken,
            Self::Issued(..) => Authentication::IssuedToken,
            Self::Key(_) => Authentication::Key,
            Self::Nothing => Authentication::Nothing,
        }
    }
}

/// Opens, signs or takes what the call shall carry, once `asks` agrees.
fn carried(
    session: &Session,
    signer: &Signer<'static>,
    request: &CallRequest,
    bare: &Bare,
    asks: Asks<'_>,
    ports: &Ports,
) -> Result<Carried, Error> {
    let authentication = match request.token {
        Some(_) => Authentication::PastedToken,
        None => authentication::of_call(signer, bare.endpoint, request.with),
    };
    // A token that is signed asks with its terms, which are known once its claims are.
    if authentication != Authentication::SignedToken {
        asks(None)?;
    }
    if let Some(token) = &request.token {
        return Ok(Carried::Typed(token.clone()));
    }
    match authentication {
        Authentication::SignedToken => {
            let body = bare.request.body.clear();
            let call = CallFacts { method: &bare.request.method, url: &bare.request.url, body: &body };
            let signed = tokens::sign_as(session, signer, &request.sign, Some(call), |terms| asks(Some(terms)), ports)?;
            Ok(Carried::Signed(Box::new(signed)))
        }
        Authentication::Key => session.open_text(&signer.credential).map(Carried::Key),
        Authentication::IssuedToken if request.with == CallWith::Key => {
            Err(Error::Credential(CredentialError::OtherCredential {
                found: signer.credential.value.describe.clone(),
                wanted: CredentialKind::ApiKey.words().to_owned(),
            }))
        }
        Authentication::IssuedToken => issued_token(session, signer, &request.sign),
        Authentication::PastedToken | Authentication::Nothing => Ok(Carried::Nothing),
    }
}

/// The access token that the server gave for the place.
fn issued_token(session: &Session, signer: &Signer<'static>, sign: &SignRequest) -> Result<Carried, Error> {
    let owner = signer.credential_at();
    let known = issued_tokens::known(session, &owner)?.filter(|known| fits(known, signer, sign));
    match (known, issued_tokens::open(session, &owner)?.access) {
        (Some(known), Some(access)) => Ok(Carried::Issued(access, known)),
        _ => Err(Error::Call(CallError::NoToken {
            place: environments::label(signer.definition, signer.environment),
            hint: match first_flow(signer) {
                Some(flow) => format!("{} first, or follow the flow", flow.label.to_lowercase()),
                None => "give a token to send".to_owned(),
            },
        })),
    }
}

/// Says what an answer means.
pub(crate) fn judge(call: &PreparedCall, at: i64, exchange: Exchange) -> SentCall {
    let scopes = call.inspection.as_ref().and_then(|inspection| inspection.payload.as_deref());
    let scopes = scopes.map(|claims| call.definition.scopes_in(claims)).unwrap_or_default();
    let facts = call.inspection.as_ref().map(|inspection| facts(call, inspection, &scopes));
    let known = Known {
        expires: call.issued.as_ref().and_then(|issued| issued.expires).or(call.key_ends),
        permissions: call.issued.as_ref().and_then(|issued| issued.permissions.as_deref()),
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
    let otherwise = if call.issued.is_some() { "only the server has its key" } else { "no key at hand" };
    let reason = reason.map_or(otherwise, |finding| finding.message.as_str());
    let signature = match inspection.signature {
        verify::Verdict::Good => SignatureFact::Good { key: &call.key.name },
        verify::Verdict::Bad => SignatureFact::Bad { reason },
        verify::Verdict::Unknown => SignatureFact::Unknown { reason },
    };
    TokenFacts {
        header: inspection.header.as_deref(),
        claims: inspection.payload.as_deref(),
        alg,
        findings: &inspection.findings,
        signature,
        iat: inspection.times.issued,
        nbf: inspection.times.not_before,
        exp: inspection.times.expires,
        scopes,
        key: call.key.history,
    }
}

/// What is known of a token that only the server can verify.
pub(crate) fn inspect_issued(
    definition: &Definition,
    token: &str,
    endpoint: Option<&Endpoint>,
    ports: &Ports,
) -> Inspection {
    inspect_with(&[], false, definition, token, endpoint, ports)
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

/// What is known of a token that is signed here, by the rules that judge any token.
fn inspect_own(
    session: &Session,
    signer: &Signer<'_>,
    token: &str,
    endpoint: Option<&Endpoint>,
    ports: &Ports,
) -> Result<Inspection, Error> {
    let keys: Vec<NamedKey> = signing_key(session, signer)?.into_iter().collect();
    if keys.is_empty() {
        return Ok(inspect_issued(signer.definition, token, endpoint, ports));
    }
    let mut inspection = inspect_with(&keys, true, signer.definition, token, endpoint, ports);
    add_kid(&mut inspection, signer.definition, &signer.credential.value);
    Ok(inspection)
}

/// Whether the kid names the key that made the token.
fn add_kid(inspection: &mut Inspection, definition: &Definition, made_with: &Credential) {
    let facts = key_facts::facts(made_with);
    let kid = inspection.header.as_deref().and_then(|header| provider::check_kid(definition, header, &facts));
    inspection.add(kid);
}

/// What is known of a token that the person pasted, and the name of the key of the vault that made it. Any key there may have:
/// the one that its kid names is asked first.
fn inspect_pasted(
    session: &Session,
    signer: &Signer<'_>,
    token: &str,
    endpoint: Option<&Endpoint>,
    ports: &Ports,
) -> Result<(Inspection, Option<String>), Error> {
    let mut keys: Vec<NamedKey> = signing_key(session, signer)?.into_iter().collect();
    let signs_here = |name: &str| name == signer.credential.value.name;
    keys.extend(tokens::own_keys(session, false)?.into_iter().filter(|key| !signs_here(&key.name)));
    let mut inspection = inspect_with(&keys, false, signer.definition, token, endpoint, ports);
    let made_with = inspection.key.filter(|_| inspection.signature == verify::Verdict::Good);
    let made_with = made_with.and_then(|index| keys.get(index)).map(|key| key.name.clone());
    if let Some(name) = &made_with {
        add_kid(&mut inspection, signer.definition, &session.find::<Credential>(name)?.value);
    }
    Ok((inspection, made_with))
}

/// The key that signs here, to judge with: its public half, or the secret; none where the credential signs nothing.
fn signing_key(session: &Session, signer: &Signer<'_>) -> Result<Option<NamedKey>, Error> {
    let credential = &signer.credential;
    let jwk = match (credential.value.kind, tokens::public_half(&credential.value)) {
        (CredentialKind::PrivateKey, Some(public)) => {
            Jwk { kid: credential.value.kid.clone(), ..Jwk::from(Key::Public(public)) }
        }
        (CredentialKind::PrivateKey | CredentialKind::SharedSecret, _) => session.open_key(credential)?,
        (CredentialKind::ApiKey | CredentialKind::Login | CredentialKind::Client, _) => return Ok(None),
    };
    Ok(Some(NamedKey { name: credential.value.name.clone(), jwk }))
}

/// Judges a token with these keys. `named` says that it must be one of theirs.
fn inspect_with(
    keys: &[NamedKey],
    named: bool,
    definition: &Definition,
    token: &str,
    endpoint: Option<&Endpoint>,
    ports: &Ports,
) -> Inspection {
    let judging = Judging { provider: Some(definition), ..Judging::default() };
    let mut inspection = tokens::inspect(token.as_bytes(), keys, named, &judging, ports);
    add_missing_scopes(&mut inspection, definition, endpoint);
    inspection
}
