//! Webhooks: whether a delivery is the provider's work, and samples to try a handler with. A vault is needed only
//! for the secrets that lie in it.

use jose::{
    Code, Finding,
    key::Jwk,
    webhook::{self, Check, Delivery, Material, Sample, Scheme, SignedSample, Stage, State, TrustedSecret},
};
use provider::{Definition, Environment, Tier, definition::Webhook};
use zeroize::Zeroizing;

use crate::{
    ground::{
        Error, Thing, WebhookError, names,
        ports::{LiveAct, Ports, Registration},
        words,
    },
    jobs::{settings, tokens},
    policy::{binding::is_mac, consent, signer},
    resolve::{environments, snippets},
    store::{
        life::key_id,
        records::{Credential, Profile, Stored, Target},
        session::Session,
    },
};

/// How a delivery is judged, beyond what the provider's definition says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Judging {
    /// The time to judge by, in seconds since 1970; now unless given.
    pub at: Option<i64>,
    /// Seconds that a delivery may be old, or ahead; the definition's unless given.
    pub tolerance: Option<u64>,
}

/// Whose deliveries are judged, and the secrets that count, opened for one job. It cannot be shown: names alone leave it.
pub struct Trusted {
    definition: &'static Definition,
    /// How a person calls it, where none is at hand: `Sandbox at CryptoPay`.
    place: String,
    counting: Vec<Opened>,
    /// What the profile has for its other environments, each with the label of that. They never make a delivery good.
    elsewhere: Vec<(String, Opened)>,
}

/// A secret under the name by which the person knows it.
struct Opened {
    name: String,
    secret: Secret,
    /// Whether it is sealed for a live environment, where nothing is signed without a word.
    live: bool,
}

enum Secret {
    /// As the provider shows it.
    Text(Zeroizing<Vec<u8>>),
    /// As it was sealed: its bytes.
    Key(Box<Jwk>),
}

impl Opened {
    fn trusted(&self) -> TrustedSecret<'_> {
        let material = match &self.secret {
            Secret::Text(text) => Material::Text(text),
            Secret::Key(jwk) => Material::Key(jwk),
        };
        TrustedSecret { name: &self.name, material }
    }
}

impl Trusted {
    /// Deliveries of this provider. No secret counts yet.
    pub fn new(definition: &'static Definition) -> Self {
        Self { definition, place: definition.name.clone(), counting: Vec::new(), elsewhere: Vec::new() }
    }

    /// Deliveries to a place of a profile. Every secret counts that is sealed for its webhooks: the one that the profile
    /// names, and those that it replaced, since a provider signs with both for a while.
    pub fn open(session: &Session, profile: &str, environment: &str) -> Result<Self, Error> {
        let (profile, definition, environment) = signer::place(session, profile, environment)?;
        let opened = |stored: &Stored<Credential>| opened(session, definition, stored);
        let counting = sealed(session, &profile.value, definition, environment)?;
        let counting = counting.into_iter().map(opened).collect::<Result<_, Error>>()?;
        let mut elsewhere = Vec::new();
        for other in definition.environments.iter().filter(|other| other.id != environment.id) {
            for stored in sealed(session, &profile.value, definition, other)? {
                elsewhere.push((other.label.clone(), opened(stored)?));
            }
        }
        Ok(Self { definition, place: environments::label(definition, environment), counting, elsewhere })
    }

    /// The one secret that signs for a place of a profile, which is the one that the profile names. Asks before that is a
    /// live one.
    pub fn open_to_sign(session: &Session, profile: &str, environment: &str, ports: &Ports) -> Result<Self, Error> {
        let (profile, definition, environment) = signer::place(session, profile, environment)?;
        let place = environments::label(definition, environment);
        let named = sealed(session, &profile.value, definition, environment)?.into_iter().next().cloned();
        let mut counting = Vec::new();
        if let Some(credential) = named {
            let signer = signer::Signer { profile, definition, environment, credential };
            consent::ask(&signer, LiveAct::Sign, "signing a webhook", None, ports)?;
            counting.push(opened(session, definition, &signer.credential)?);
        }
        Ok(Self { definition, place, counting, elsewhere: Vec::new() })
    }

    /// Lets another secret count, which is given as the provider shows it.
    pub fn add(&mut self, name: String, text: Zeroizing<Vec<u8>>) {
        self.counting.push(Opened { name, secret: Secret::Text(text), live: false });
    }

    /// The provider's definition.
    pub fn definition(&self) -> &'static Definition {
        self.definition
    }

    /// The names of the secrets that count, in the order in which they are tried.
    pub fn names(&self) -> Vec<&str> {
        self.counting.iter().map(|opened| opened.name.as_str()).collect()
    }

    /// Whether there is something to judge with, and a way to.
    pub fn ready(&self) -> Result<(), Error> {
        self.scheme()?;
        self.secrets().map(drop)
    }

    fn secrets(&self) -> Result<Vec<TrustedSecret<'_>>, Error> {
        if self.counting.is_empty() {
            return Err(Error::Webhook(WebhookError::NoWebhookSecret { place: self.place.clone() }));
        }
        Ok(self.counting.iter().map(Opened::trusted).collect())
    }

    fn scheme(&self) -> Result<Scheme, Error> {
        let webhook = self.definition.webhook.as_ref();
        webhook
            .map(Webhook::scheme)
            .ok_or_else(|| Error::Webhook(WebhookError::NoWebhook { provider: self.definition.name.clone() }))
    }

    /// The secrets of other environments with which a delivery would be good.
    fn misplaced(&self, scheme: &Scheme, delivery: &Delivery<'_>, now: i64) -> Vec<Finding> {
        let secrets: Vec<TrustedSecret<'_>> = self.elsewhere.iter().map(|(_, opened)| opened.trusted()).collect();
        let mut matching: Vec<usize> = match secrets.as_slice() {
            [] => Vec::new(),
            secrets => {
                webhook::verify(scheme, secrets, delivery, now).matches.iter().map(|found| found.secret).collect()
            }
        };
        matching.dedup();
        let finding = |at: usize| {
            let (label, opened) = &self.elsewhere[at];
            let found = format!("would match with {:?}, the secret of {label}", opened.name);
            let cure =
                format!("it is a delivery of {label}: judge it there, or correct the address that is entered there");
            Finding::new(Code::NearMiss, found).hint(cure)
        };
        matching.into_iter().map(finding).collect()
    }
}

/// What [`to_seal`] sealed, as a check takes it.
fn opened(session: &Session, definition: &Definition, stored: &Stored<Credential>) -> Result<Opened, Error> {
    let name = stored.value.name.clone();
    let secret = match definition.webhook.as_ref().is_none_or(|webhook| is_mac(&webhook.scheme())) {
        true => Secret::Key(Box::new(session.open_key(stored)?)),
        false => Secret::Text(session.open(stored.id)?),
    };
    let environment = stored.value.binding.as_ref().and_then(|binding| definition.environment(&binding.environment));
    let live = environment.is_none_or(|environment| environment.tier_or_live() == Tier::Live);
    Ok(Opened { name, secret, live })
}

/// The credentials that are sealed for the webhooks of a place: first the one that the profile names, then those that no
/// profile names, the newest first, since a provider signs with a secret that was replaced for a while. These count as long
/// as no other profile of the provider names one for this environment: whose they are is known then.
fn sealed<'s>(
    session: &'s Session,
    profile: &Profile,
    definition: &Definition,
    environment: &Environment,
) -> Result<Vec<&'s Stored<Credential>>, Error> {
    // A secret that signs no token signs webhooks.
    let roles = definition.credentials.secrets.iter().filter(|secret| secret.algs.is_empty());
    let roles: Vec<&str> = roles.map(|secret| secret.id.as_str()).collect();
    let belongs = |stored: &&Stored<Credential>| {
        stored.value.binding.as_ref().is_some_and(|binding| {
            let role = binding.role.as_deref().is_some_and(|role| roles.contains(&role));
            role && binding.provider == definition.id && binding.environment == environment.id
        })
    };
    let here = profile.environments.get(&environment.id);
    let is_named = |name: &str| here.is_some_and(|place| place.names().any(|named| named == name));
    let mut named_anywhere = Vec::new();
    for stored in session.each::<Profile>()? {
        named_anywhere.extend(stored.value.environments.values().flat_map(|place| place.names()));
    }
    let another_names_one = session.each::<Profile>()?.any(|other| {
        let there = other.value.environments.get(&environment.id);
        let names_one = there.is_some_and(|place| roles.iter().any(|role| place.others.contains_key(*role)));
        other.value.name != profile.name && other.value.provider == definition.id && names_one
    });
    let keyset = session.keyset()?;
    // What somebody else can sign with, or what is out of use, proves nothing.
    let counts = |stored: &&Stored<Credential>| {
        let state = keyset.key(&key_id(stored.id)).map(|(_, key)| key.state);
        !matches!(state, Ok(keyset::State::Compromised | keyset::State::Retired))
    };
    let all = session.each::<Credential>()?.filter(belongs).filter(counts);
    let (mut found, mut replaced): (Vec<_>, Vec<_>) = all.partition(|stored| is_named(&stored.value.name));
    // One that nobody names may be what another account has replaced.
    replaced.retain(|stored| !another_names_one && !named_anywhere.contains(&stored.value.name.as_str()));
    replaced.sort_by_key(|stored| std::cmp::Reverse(stored.value.created));
    found.append(&mut replaced);
    Ok(found)
}

/// Takes the check of a delivery in steps. More than one secret may count while one replaces another.
pub fn check(trusted: &Trusted, delivery: &Delivery<'_>, judging: Judging, ports: &Ports) -> Result<Check, Error> {
    let mut scheme = trusted.scheme()?;
    if let (Some(timestamp), Some(tolerance)) = (&mut scheme.timestamp, judging.tolerance) {
        (timestamp.past, timestamp.future) = (tolerance, tolerance);
    }
    let now = judging.at.unwrap_or_else(|| ports.clock.now());
    let mut check = webhook::verify(&scheme, &trusted.secrets()?, delivery, now);
    if check.at(Stage::Compare).is_some_and(|step| step.state == State::Bad) {
        check.findings.extend(trusted.misplaced(&scheme, delivery, now));
    }
    // What a live secret makes of these bytes would be a delivery that nobody agreed to.
    for computed in check.comparison.iter_mut().flat_map(|comparison| &mut comparison.computed) {
        if trusted.counting[computed.secret].live {
            computed.text = None;
        }
    }
    Ok(check)
}

/// Code that checks what the provider sends in a handler, its secret in a variable named for the environment.
/// `reserialised`: the sender signs the body written anew.
pub fn handler(
    definition: &Definition,
    environment: Option<&Environment>,
    language: &str,
    reserialised: bool,
) -> Result<HandlerCode, Error> {
    let webhook = definition.webhook.as_ref();
    let webhook =
        webhook.ok_or_else(|| Error::Webhook(WebhookError::NoWebhook { provider: definition.name.clone() }))?;
    let known = || exchange::HANDLER_LANGUAGES.iter().map(|language| language.id);
    let language =
        exchange::handler_language(language).ok_or_else(|| names::not_found(Thing::Language, language, known()))?;
    let variable = snippets::webhook_variable(definition, environment);
    let how = exchange::Handler { language, provider: &definition.name, webhook, variable: &variable, reserialised };
    Ok(HandlerCode { language: language.label, variable: variable.clone(), text: exchange::handler(&how)? })
}

/// The same for a place of a profile.
pub fn handler_at(
    session: &Session,
    profile: &str,
    environment: &str,
    language: &str,
    reserialised: bool,
) -> Result<HandlerCode, Error> {
    let (_, definition, environment) = signer::place(session, profile, environment)?;
    handler(definition, Some(environment), language, reserialised)
}

/// Code of a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlerCode {
    /// What people call the language.
    pub language: &'static str,
    /// The variable that holds the secret.
    pub variable: String,
    /// The text. No secret is in it.
    pub text: String,
}

/// Tells the emulator the secret that signs for a place on this computer, so that it can send deliveries. Answers the
/// provider's id.
pub fn tell_emulator(session: &Session, at: &Target, ports: &Ports) -> Result<&'static str, Error> {
    let (profile, definition, environment) = signer::place(session, &at.profile, &at.environment)?;
    let found = sealed(session, &profile.value, definition, environment)?;
    let place = environments::label(definition, environment);
    let stored = found.first().filter(|_| environment.tier_or_live() == Tier::Local);
    let stored = stored.ok_or(Error::Webhook(WebhookError::NoWebhookSecret { place }))?;
    let secret = session.open(stored.id)?;
    ports.local.address(&definition.id, Registration::WebhookSecret(&secret), settings::emulator_port(session)?)?;
    Ok(&definition.id)
}

/// Signs a delivery as the provider would. Its `timestamp` counts; where the scheme names deliveries and no `id` is given,
/// a fresh one is made.
pub fn sample(trusted: &Trusted, sample: &Sample<'_>, ports: &Ports) -> Result<SignedSample, Error> {
    let scheme = trusted.scheme()?;
    let fresh = tokens::uuid(ports);
    let id = if sample.id.is_empty() && scheme.id_header.is_some() { &fresh } else { sample.id };
    Ok(webhook::sign(&scheme, &trusted.secrets()?, &Sample { id, ..*sample })?)
}

/// Reads header fields, one in each line, as a log or `curl -i` shows them. A request or status line before them and
/// empty lines are passed over.
pub fn header_fields(text: &str) -> Result<Vec<(String, String)>, Error> {
    let is_start = |line: &str| line.starts_with("HTTP/") || line.contains(" HTTP/");
    let lines = text.lines().enumerate().filter(|(at, line)| !line.trim().is_empty() && (*at > 0 || !is_start(line)));
    let one = |(at, line): (usize, &str)| {
        let what = format!("line {} of the header fields", at + 1);
        header_field(line).ok_or_else(|| {
            Error::Webhook(WebhookError::NotThat { what, found: words::short(line), wanted: "\"Name: value\"" })
        })
    };
    lines.map(one).collect()
}

/// Reads `Name: value`.
pub fn header_field(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    (!name.trim().is_empty()).then(|| (name.trim().to_owned(), value.trim().to_owned()))
}

/// Reads the time to judge by: seconds since 1970, or RFC 3339.
pub fn moment(text: &str) -> Result<i64, Error> {
    let text = text.trim();
    let seconds = text.parse().ok();
    let at = seconds.or_else(|| Some(chrono::DateTime::parse_from_rfc3339(text).ok()?.timestamp()));
    at.ok_or_else(|| {
        Error::Webhook(WebhookError::NotThat {
            what: "the time".to_owned(),
            found: words::short(text),
            wanted: "seconds since 1970 or RFC 3339, 2026-11-22T14:00:00Z",
        })
    })
}

/// Reads the seconds that a delivery may be old, or ahead.
pub fn tolerance(text: &str) -> Result<u64, Error> {
    let read = provider::parse_duration(text.trim()).map(|seconds| seconds.0);
    read.map_err(|_| {
        Error::Webhook(WebhookError::NotThat {
            what: "the tolerance".to_owned(),
            found: words::short(text),
            wanted: "a duration such as 30s, 5m or 2h",
        })
    })
}
