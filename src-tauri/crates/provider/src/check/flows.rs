//! Flows can be run as they are written: each has what it sends, and gives what another takes.

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    definition::{BodyForm, ClaimType, Flow, FlowAuth, FlowKind, GIVES, Member, OnUnauthorized, Remedy},
    template::Slot,
};

impl Checker<'_> {
    pub(super) fn flows(&mut self) {
        for (i, flow) in self.definition.flows.iter().enumerate() {
            self.method(steps!["flows", i, "method"], &flow.method);
            self.flow_path(i, flow);
            self.auth(steps!["flows", i, "auth"], flow.auth, Some(flow));
            if let Some(id) = &flow.credential {
                self.known_credential(steps!["flows", i, "credential"], id);
            }
            for (j, member) in flow.body.iter().enumerate() {
                self.member(i, flow, j, member);
            }
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

    fn flow_path(&mut self, i: usize, flow: &Flow) {
        let at = steps!["flows", i, "path"];
        let allowed = |slot: &Slot| matches!(slot, Slot::Variable(_) | Slot::Credential(_));
        if flow.path.text().starts_with("https://") {
            self.template(at, &flow.path, allowed);
        } else {
            self.path(at, &flow.path, "a path that begins with /, or an https address", allowed);
        }
    }

    fn member(&mut self, i: usize, flow: &Flow, j: usize, member: &Member) {
        let signs_here = self.definition.signs_here();
        self.template(steps!["flows", i, "body", j, "value"], &member.value, |slot| {
            matches!(slot, Slot::SignedToken if signs_here)
                || matches!(slot, Slot::AccessToken | Slot::RefreshToken)
                || matches!(slot, Slot::Variable(_) | Slot::Credential(_) | Slot::Uuid | Slot::Scopes | Slot::App)
                || matches!(slot, Slot::Ttl | Slot::TtlText | Slot::Now(_) | Slot::NowPlusTtl | Slot::NowIso)
        });
        let at = steps!["flows", i, "body", j, "type"];
        match member.kind {
            Some(ClaimType::Object | ClaimType::Objects) => {
                self.fault(at, "a type that a template cannot write", "\"json\", with the object as text");
            }
            Some(_) if flow.form == BodyForm::Form => {
                self.fault(at, "a type in a form", "none: a form knows text only")
            }
            _ => {}
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
