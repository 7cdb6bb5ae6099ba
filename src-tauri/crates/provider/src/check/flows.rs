//! Flows can be run as they are written: each has what it sends, and gives what another takes.

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    definition::{
        BodyForm, ClaimType, Credential, Definition, Flow, FlowAuth, FlowKind, GIVES, Member, OnUnauthorized, Presence,
        Remedy,
    },
    places::TemplatePlace,
    template::{Slot, Template},
    values::template_could_be,
};

/// Something that a flow asks of a credential.
enum Want<'a> {
    /// To be this one.
    Id(&'a str),
    /// To be sent as it is.
    Bearer,
    /// To have a name and a password, or to be a name.
    Basic,
    /// To sign.
    Sign,
    /// To have this field.
    Field(&'a str),
}

impl Want<'_> {
    fn by(&self, definition: &Definition, credential: Credential<'_>) -> bool {
        match self {
            Self::Id(id) => credential.id() == *id,
            Self::Bearer => matches!(credential, Credential::ApiKey(_)),
            Self::Basic => matches!(credential, Credential::ApiKey(_) | Credential::Login(_) | Credential::Client(_)),
            Self::Sign => {
                definition.token.as_ref().and_then(|token| token.credential.as_deref()) == Some(credential.id())
            }
            Self::Field(field) => definition.has_field(credential, field),
        }
    }
}

/// What a flow asks of the credential, in the order of the file, with the place where it says so.
fn wants<'a>(i: usize, flow: &'a Flow) -> Vec<(Vec<Step<'a>>, String, Want<'a>)> {
    let at = |rest: &[Step<'a>]| [&[Step::Key("flows"), Step::Index(i)], rest].concat();
    let mut wants = Vec::new();
    if let Some(id) = flow.credential.as_deref() {
        wants.push((at(&[Step::Key("credential")]), format!("{id:?}"), Want::Id(id)));
    }
    let auth = match flow.auth {
        FlowAuth::Bearer => Some(("a key to send", Want::Bearer)),
        FlowAuth::Basic => Some(("a name for HTTP Basic", Want::Basic)),
        FlowAuth::Signed => Some(("a signed token", Want::Sign)),
        FlowAuth::None | FlowAuth::Access | FlowAuth::Refresh => None,
    };
    wants.extend(auth.map(|(what, want)| (at(&[Step::Key("auth")]), what.to_owned(), want)));
    let mut of = |template: &'a Template, at: Vec<Step<'a>>| {
        wants.extend(template.slots().filter_map(|slot| match slot {
            Slot::Credential(field) => Some((at.clone(), slot.to_string(), Want::Field(field))),
            Slot::SignedToken => Some((at.clone(), slot.to_string(), Want::Sign)),
            _ => None,
        }));
    };
    of(&flow.path, at(&[Step::Key("path")]));
    for (j, member) in flow.body.iter().enumerate() {
        of(&member.value, at(&[Step::Key("body"), Step::Index(j), Step::Key("value")]));
    }
    wants
}

impl Checker<'_> {
    pub(super) fn flows(&mut self) {
        for (i, flow) in self.definition.flows.iter().enumerate() {
            self.method(steps!["flows", i, "method"], &flow.method);
            self.flow_path(i, flow);
            self.auth(steps!["flows", i, "auth"], flow.auth, Some(flow));
            if let Some(id) = &flow.credential {
                self.known_credential(steps!["flows", i, "credential"], id);
                if matches!(self.definition.credentials.get(id), Some(Credential::Text(_))) {
                    let found = format!("{id:?}, a text that goes with a credential");
                    self.fault(steps!["flows", i, "credential"], found, "the id of a credential itself");
                }
            }
            for (j, member) in flow.body.iter().enumerate() {
                self.member(i, flow, j, member);
            }
            self.one_credential(i, flow);
            self.not_of_a_call(i, flow);
            for (name, pointers) in &flow.gives {
                let at = steps!["flows", i, "gives", name.as_str()];
                if !GIVES.contains(&name.as_str()) {
                    let wanted = self.wanted(name, GIVES, format!("one of {}", GIVES.join(", ")));
                    self.fault(at, format!("{name:?}, which no flow gives"), wanted);
                }
                self.pointers(at, pointers);
            }
            for (j, name) in flow.keeps.iter().enumerate().filter(|(_, name)| !flow.gives.contains_key(*name)) {
                self.fault(steps!["flows", i, "keeps", j], format!("{name:?}"), "a name from gives");
            }
        }
        if let Some(remedy) = &self.definition.on_unauthorized {
            self.on_unauthorized(remedy);
        }
    }

    fn member(&mut self, i: usize, flow: &Flow, j: usize, member: &Member) {
        let value = steps!["flows", i, "body", j, "value"];
        let known = self.template(value, &member.value, TemplatePlace::FlowBody);
        if member.value.has(&Slot::SignedToken) && !self.definition.signs_here() {
            self.fault(value, "{signed-token}, but no token is signed here", "[token] with a credential");
        }
        let at = steps!["flows", i, "body", j, "type"];
        match member.kind {
            Some(ClaimType::Object | ClaimType::Objects) => {
                self.fault(at, "a type that a template cannot write", "\"json\", with the object as text");
            }
            Some(_) if flow.form == BodyForm::Form => {
                self.fault(at, "a type in a form", "none: a form knows text only")
            }
            Some(kind) if known && !is_text(kind) && member.value.slots().any(|slot| self.is_secret(slot)) => {
                let found = format!("{}, of a secret", kind.words());
                self.fault(at, found, "type \"string\", or none: secrets are texts");
            }
            Some(kind) if known && !template_could_be(&member.value, kind) => {
                let found = format!("{:?}, which does not become {}", member.value.text(), kind.words());
                self.fault(value, found, format!("a text that is {}", kind.words()));
            }
            _ => {}
        }
    }

    fn is_secret(&self, slot: &Slot) -> bool {
        match slot {
            Slot::SignedToken | Slot::AccessToken | Slot::RefreshToken => true,
            Slot::Credential(field) => !self.definition.credentials.is_public(field),
            _ => false,
        }
    }

    /// One credential can do all that a flow asks for: an environment of a profile holds one.
    fn one_credential(&mut self, i: usize, flow: &Flow) {
        const HINT: &str = "an environment of a profile holds one credential";
        let definition = self.definition;
        let mut left: Vec<Credential<'_>> =
            definition.credentials.all().filter(|kind| !matches!(kind, Credential::Text(_))).collect();
        let mut asked: Vec<String> = Vec::new();
        for (at, what, does) in wants(i, flow).into_iter().filter(|(_, _, want)| self.is_there(want)) {
            if !left.iter().any(|credential| does.by(definition, *credential)) && !left.is_empty() {
                let found = match asked.as_slice() {
                    [] => format!("{what}, which no credential has"),
                    asked => format!("{what}, which no credential has beside {}", asked.join(" and ")),
                };
                return self.fault_because(&at, found, "what one credential has", HINT);
            }
            left.retain(|credential| does.by(definition, *credential));
            asked.push(what);
        }
    }

    /// Whether anything of the definition gives it at all; otherwise that is said elsewhere.
    fn is_there(&self, want: &Want<'_>) -> bool {
        let credentials = &self.definition.credentials;
        match want {
            Want::Id(id) => credentials.get(id).is_some_and(|kind| !matches!(kind, Credential::Text(_))),
            Want::Sign => self.definition.signs_here(),
            Want::Field(field) => self.credential_fields().any(|known| known == *field),
            Want::Bearer | Want::Basic => true,
        }
    }

    /// A token that is made for a call is not signed for a flow, whose call is not known yet.
    fn not_of_a_call(&mut self, i: usize, flow: &Flow) {
        let Some(token) = self.definition.token.as_ref().filter(|_| flow.wants_signed()) else { return };
        let unasked = token.claims.iter().filter(|claim| claim.presence == Presence::Required || claim.default_on);
        let values = unasked.filter_map(|claim| Some((claim.name.as_str(), claim.value.as_ref()?.templates())));
        let header = token.header.iter().map(|member| (member.name.as_str(), std::slice::from_ref(&member.value)));
        let found = values.chain(header).find_map(|(name, templates)| {
            let slot = templates.iter().flat_map(Template::slots).find(|slot| slot.is_of_call())?;
            Some(format!("a signed token, whose {name:?} has {slot}"))
        });
        if let Some(found) = found {
            let hint = "such a token is made for one call; the flow's own call is written with the token in it";
            self.fault_because(steps!["flows", i], found, "a token that does not tell of its call", hint);
        }
    }

    /// What a call authenticates with is there to be had.
    pub(super) fn auth(&mut self, at: &[Step<'_>], auth: FlowAuth, flow: Option<&Flow>) {
        match auth {
            FlowAuth::Bearer | FlowAuth::Basic if flow.is_none_or(|flow| flow.credential.is_none()) => {
                self.fault(at, "no credential to send", "credential, the id of one");
            }
            FlowAuth::Signed if !self.definition.signs_here() => {
                self.fault(at, "\"signed\", but no token is signed here", "[token] with a credential");
            }
            FlowAuth::Access | FlowAuth::Refresh => {
                let name = if auth == FlowAuth::Access { "access" } else { "refresh" };
                if !self.definition.flows.iter().any(|flow| flow.gives.contains_key(name)) {
                    self.fault(at, format!("{name:?}, which no flow gives"), "a flow that gives it");
                }
            }
            _ => {}
        }
    }

    fn on_unauthorized(&mut self, remedy: &OnUnauthorized) {
        let wanted = match remedy.remedy {
            Remedy::SignAgain => None,
            Remedy::Refresh => Some((FlowKind::Refresh, "refresh")),
            Remedy::Mint => Some((FlowKind::Mint, "mint")),
        };
        if let (Some((_, name)), None) = (wanted, &remedy.flow) {
            self.fault(steps!["on-unauthorized"], "no flow", format!("flow, the id of one of kind {name:?}"));
        }
        if let Some(flow) = remedy.flow.as_deref().and_then(|id| self.known_flow(steps!["on-unauthorized", "flow"], id))
            && let Some((kind, name)) = wanted
            && flow.kind != kind
            && !(kind == FlowKind::Mint && flow.kind == FlowKind::Exchange)
        {
            let found = format!("the flow {:?}, which is of another kind", flow.id);
            self.fault(steps!["on-unauthorized", "flow"], found, format!("one of kind {name:?}"));
        }
        if let Some(id) = &remedy.otherwise {
            self.known_flow(steps!["on-unauthorized", "otherwise"], id);
        }
    }

    fn known_flow(&mut self, at: &[Step<'_>], id: &str) -> Option<&Flow> {
        let definition = self.definition;
        let flow = definition.flow(id);
        if flow.is_none() {
            let ids = definition.flows.iter().map(|flow| flow.id.as_str());
            let wanted = self.wanted(id, ids, "one from [[flows]]");
            self.fault(at, format!("the flow {id:?}, which is not declared"), wanted);
        }
        flow
    }
}

/// Whether a value of the type is written as one text or a list of them.
const fn is_text(kind: ClaimType) -> bool {
    matches!(kind, ClaimType::String | ClaimType::StringOrInteger | ClaimType::SpaceString | ClaimType::Strings)
}
