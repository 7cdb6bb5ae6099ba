//! From a flow to a request complete to the byte, its secrets masked. Nothing is sent here.

use std::collections::BTreeMap;

use jose::duration;
use provider::{
    Definition, Piece as TemplatePiece, Seconds, Slot, Template, TemplatePlace,
    definition::{BodyForm, Credential, Flow, FlowAuth, Placement, TOKEN},
    parse_absolute,
};
use url::Url;
use zeroize::Zeroizing;

use super::member::{Part, Value, Writer, percent_encoded};
use crate::{
    Header, PrepareError, PreparedRequest,
    redact::{DOTS, redact},
    request::{
        address::{address, check_address, check_host},
        credential::{basic, credential},
        fields::check_fields,
        fill::{Field, Filler},
    },
};

/// One call of a flow to prepare.
#[derive(Clone, Copy)]
pub struct FlowCall<'a> {
    /// The provider's rules.
    pub definition: &'a Definition,
    /// The flow.
    pub flow: &'a Flow,
    /// The address of the environment.
    pub base: &'a Url,
    /// The variables of the profile.
    pub variables: &'a BTreeMap<String, String>,
    /// What it may authenticate with.
    pub means: Means<'a>,
    /// The chosen scopes; the provider's usual ones if not chosen.
    pub scopes: Option<&'a [String]>,
    /// The chosen lifetime; the provider's usual one if not chosen.
    pub ttl: Option<Seconds>,
    /// The time, in seconds since 1970.
    pub now: i64,
    /// The hosts that the credential may be sent to, as for [`Call::hosts`](crate::Call::hosts). An absolute address of
    /// a flow must be among them too.
    pub hosts: &'a [String],
    /// The version of this application.
    pub version: &'a str,
}

/// What a flow may authenticate with, as far as it is at hand. It holds secrets, so it cannot be shown.
#[derive(Clone, Copy, Default)]
pub struct Means<'a> {
    /// An opaque key.
    pub key: Option<&'a str>,
    /// The fields of the credential, with its secret: `username` and `password`, `client_id` and `client_secret`, those of a key file.
    pub fields: &'a [Field<'a>],
    /// A token made by the recipe.
    pub signed_token: Option<&'a str>,
    /// The access token.
    pub access_token: Option<&'a str>,
    /// The refresh token.
    pub refresh_token: Option<&'a str>,
}

/// Makes the request of one call of a flow. `random` fills its argument with unpredictable bytes, for fresh ids.
///
/// Passwords, client secrets, keys and tokens are masked in what is shown, in the body too. A call that carries one goes
/// to a host that is sealed with the credential, and to no other.
pub fn prepare_flow(call: &FlowCall<'_>, random: &mut dyn FnMut(&mut [u8])) -> Result<PreparedRequest, PrepareError> {
    let flow = call.flow;
    let url = call.address()?;
    check_address(&url)?;
    let mut headers: Vec<Header> = call.authorization()?.into_iter().collect();
    let mut writer = Writer::new(flow.form);
    for member in &flow.body {
        match call.value(&member.value, random) {
            Ok(value) if member.omit_if_empty && value.is_empty() => {}
            Err(error) if member.omit_if_empty && error.is_about_nothing() => {}
            value => writer.member(&member.name, value?, member.kind)?,
        }
    }
    let body = writer.body();
    let filler = call.filler();
    if !call.flow.is_absolute() {
        let without = ["Content-Type".to_owned()];
        headers.extend(filler.headers((&flow.method, url.path()), &without, random)?);
    }
    let kind = match flow.form {
        BodyForm::Json => "application/json",
        BodyForm::Form => "application/x-www-form-urlencoded",
    };
    filler.usual(&mut headers, (!body.is_empty()).then_some(kind));
    check_fields(&headers)?;
    let request = PreparedRequest { method: flow.method.clone(), url, headers, body };
    if request.carries_secret() {
        check_host(&request.url, call.hosts)?;
    }
    Ok(request)
}

impl FlowCall<'_> {
    fn filler(&self) -> Filler<'_> {
        let Self { definition, variables, now, version, .. } = *self;
        Filler { definition, variables, fields: self.means.fields, now, version }
    }

    fn address(&self) -> Result<Url, PrepareError> {
        let text = self.definition.fill_address(&self.flow.path, |slot, _| match slot {
            Slot::Credential(name) if self.definition.credentials.is_public(name) => {
                self.field(name).map(str::to_owned)
            }
            slot => self.filler().slot(slot, TemplatePlace::FlowPath, "the path", &mut |_| {}),
        })?;
        if self.flow.is_absolute() { Ok(parse_absolute(&text)?) } else { address(self.base, &text) }
    }

    /// The field that the flow authenticates with, if it does.
    fn authorization(&self) -> Result<Option<Header>, PrepareError> {
        let token = match self.flow.auth {
            FlowAuth::None => return Ok(None),
            FlowAuth::Basic => return self.pair().map(|pair| Some(basic(&pair))),
            FlowAuth::Bearer => {
                let wanted = self.flow.credential.as_deref().unwrap_or(TOKEN);
                return credential(&self.place(wanted), self.key()?).map(Some);
            }
            FlowAuth::Signed => self.token(&Slot::SignedToken)?,
            FlowAuth::Access => self.token(&Slot::AccessToken)?,
            FlowAuth::Refresh => self.token(&Slot::RefreshToken)?,
        };
        credential(&self.place(TOKEN), token).map(Some)
    }

    /// Where a credential stands: the definition's place if it takes this one, else `Authorization: Bearer`.
    fn place(&self, what: &str) -> Placement {
        let place = &self.definition.placement;
        if place.takes.iter().any(|takes| takes == what) { place.clone() } else { Placement::default() }
    }

    /// `user:password` of HTTP Basic. A client's id and secret are encoded first (RFC 6749 §2.3.1).
    fn pair(&self) -> Result<Zeroizing<String>, PrepareError> {
        let kind = self.flow.credential.as_deref().and_then(|id| self.definition.credentials.get(id));
        let pair = |user: &str, password: &str| match user.chars().position(|c| c == ':') {
            Some(at) => Err(PrepareError::UserName { at: at + 1 }),
            None => Ok(Zeroizing::new([user, ":", password].concat())),
        };
        match kind {
            Some(Credential::ApiKey(_)) => pair(self.key()?, ""),
            Some(Credential::Client(_)) => {
                let encoded = |name| self.field(name).map(percent_encoded);
                pair(&encoded("client_id")?, &encoded("client_secret")?)
            }
            _ => pair(self.field("username")?, self.field("password")?),
        }
    }

    fn key(&self) -> Result<&str, PrepareError> {
        self.means.key.ok_or_else(|| self.absent("an API key", "store the key that the provider shows"))
    }

    fn token(&self, slot: &Slot) -> Result<&str, PrepareError> {
        let (token, what, hint) = match slot {
            Slot::SignedToken => (self.means.signed_token, "a signed token", "sign one first"),
            Slot::AccessToken => (self.means.access_token, "an access token", "get one first"),
            _ => (self.means.refresh_token, "a refresh token", "log in again"),
        };
        token.ok_or_else(|| self.absent(what, hint))
    }

    fn field(&self, name: &str) -> Result<&str, PrepareError> {
        self.filler().field(name, &self.flow.label)
    }

    fn absent(&self, what: &str, hint: &'static str) -> PrepareError {
        PrepareError::Absent { flow: self.flow.label.clone(), what: what.to_owned(), hint }
    }

    /// The value of a member of the body.
    fn value(&self, template: &Template, random: &mut dyn FnMut(&mut [u8])) -> Result<Value, PrepareError> {
        if template.only_slot() == Some(&Slot::Scopes) {
            return Ok(Value::List(self.scopes()));
        }
        let part = |piece: &TemplatePiece| match piece {
            TemplatePiece::Text(text) => Ok(Part::Public(text.clone())),
            TemplatePiece::Slot(slot) => self.part(slot, random),
        };
        template.pieces().iter().map(part).collect::<Result<_, _>>().map(Value::Text)
    }

    fn part(&self, slot: &Slot, random: &mut dyn FnMut(&mut [u8])) -> Result<Part, PrepareError> {
        let token = |name: &str| {
            let token = self.token(slot)?;
            Ok(Part::Secret { name: name.to_owned(), clear: token.to_owned().into(), shown: redact(token) })
        };
        Ok(match slot {
            Slot::SignedToken => return token("signed_token"),
            Slot::AccessToken => return token("access_token"),
            Slot::RefreshToken => return token("refresh_token"),
            Slot::Credential(name) => {
                let value = self.field(name)?;
                match self.definition.credentials.is_public(name) {
                    true => Part::Public(value.to_owned()),
                    false => {
                        Part::Secret { name: name.clone(), clear: value.to_owned().into(), shown: DOTS.to_owned() }
                    }
                }
            }
            Slot::Scopes => Part::Public(self.scopes().join(" ")),
            Slot::Ttl => Part::Public(self.ttl().0.to_string()),
            Slot::TtlText => Part::Public(duration::short(self.ttl().0)),
            Slot::NowPlusTtl => Part::Public(self.now.saturating_add_unsigned(self.ttl().0).to_string()),
            slot => Part::Public(self.filler().slot(slot, TemplatePlace::FlowBody, "the body", random)?),
        })
    }

    fn scopes(&self) -> Vec<String> {
        let Some(known) = &self.definition.scopes else { return self.scopes.unwrap_or_default().to_vec() };
        let chosen = self.scopes.unwrap_or(&known.default);
        let mut set: Vec<String> = Vec::with_capacity(chosen.len());
        for scope in chosen.iter().map(|scope| known.meant(scope)) {
            if !set.iter().any(|before| before == scope) {
                set.push(scope.to_owned());
            }
        }
        set
    }

    fn ttl(&self) -> Seconds {
        const HOUR: Seconds = Seconds(3600);
        let usual = || self.definition.token.as_ref()?.lifetime.as_ref().map(|lifetime| lifetime.default);
        self.ttl.or_else(usual).unwrap_or(HOUR)
    }
}
