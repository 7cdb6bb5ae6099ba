//! Keys, claims and scopes agree with each other.

use std::collections::HashSet;

use super::{
    Checker,
    place::{Step, steps},
};
use crate::definition::{
    Claim,
    ClaimType::{Object, Objects},
    SignedBy,
};

impl Checker<'_> {
    pub(super) fn credentials(&mut self) {
        for (i, key) in self.definition.credentials.private_keys.iter().enumerate() {
            if key.forms.is_empty() {
                self.fault(steps!["credentials", "private-keys", i, "forms"], "no form", "at least one");
            }
            if key.keys.is_empty() {
                self.fault(steps!["credentials", "private-keys", i, "keys"], "no key that will do", "at least one");
            }
            for (j, rule) in key.keys.iter().enumerate() {
                let at = steps!["credentials", "private-keys", i, "keys", j, "algs"];
                if rule.algs.is_empty() {
                    self.fault(at, "no algorithm", "at least one");
                }
                if let Some(alg) = rule.algs.iter().find(|alg| alg.is_hmac()) {
                    self.fault(at, format!("{alg}, which is keyed with a shared secret"), "a signature algorithm");
                }
            }
        }
        for (i, secret) in self.definition.credentials.secrets.iter().enumerate() {
            if secret.encodings.is_empty() {
                self.fault(steps!["credentials", "secrets", i, "encodings"], "no encoding", "at least one");
            }
            if let Some(alg) = secret.algs.iter().find(|alg| !alg.is_hmac()) {
                let found = format!("{alg}, which is keyed with a key pair");
                self.fault(steps!["credentials", "secrets", i, "algs"], found, "HS256, HS384 or HS512");
            }
        }
    }

    pub(super) fn token(&mut self) {
        let Some(token) = &self.definition.token else { return };
        match &token.credential {
            Some(id) => self.known_credential(steps!["token", "credential"], id),
            None if token.signed_by == SignedBy::Us => {
                self.fault(steps!["token"], "no credential", "the id of the one it is signed with");
            }
            None => {}
        }
        let mut seen = HashSet::new();
        for (i, member) in token.header.iter().enumerate() {
            if !seen.insert(member.name.as_str()) {
                self.fault(
                    steps!["token", "header", i, "name"],
                    format!("{:?} a second time", member.name),
                    "each once",
                );
            }
            self.template(steps!["token", "header", i, "value"], &member.value, |slot| !slot.is_for_flows());
        }
        self.claims(&[Step::Key("token"), Step::Key("claims")], &token.claims);
        for (i, claim) in token.claims.iter().enumerate() {
            if let Some(scope) = &claim.only_with_scope {
                self.known_scope(steps!["token", "claims", i, "only-with-scope"], scope);
            }
        }
        if let Some(lifetime) = &token.lifetime {
            if lifetime.max.is_some_and(|max| lifetime.default > max) {
                let found = format!("{}, more than the most that is taken", lifetime.default);
                self.fault(steps!["token", "lifetime", "default"], found, "no more than max");
            }
            if lifetime.warn_under.zip(lifetime.warn_over).is_some_and(|(under, over)| under > over) {
                self.fault(steps!["token", "lifetime", "warn-under"], "more than warn-over", "less");
            }
        }
    }

    pub(super) fn claims(&mut self, trail: &[Step<'_>], claims: &[Claim]) {
        let mut seen = HashSet::new();
        for (i, claim) in claims.iter().enumerate() {
            let at = |key| [trail, &[Step::Index(i), Step::Key(key)]].concat();
            if !seen.insert(claim.name.as_str()) {
                self.fault(&at("name"), format!("{:?} a second time", claim.name), "each claim once");
            }
            for template in claim.value.iter().flat_map(|value| value.templates()) {
                self.template(&at("value"), template, |slot| !slot.is_for_flows());
            }
            if claim.default_on && claim.value.is_none() {
                self.fault(&at("default-on"), "true without a value", "a value to write");
            }
            if !claim.members.is_empty() && !matches!(claim.kind, Object | Objects) {
                self.fault(
                    &at("members"),
                    format!("members of {}", claim.kind.words()),
                    "type \"object\" or \"objects\"",
                );
            }
            self.claims(&at("members"), &claim.members);
        }
    }

    pub(super) fn scopes(&mut self) {
        let Some(scopes) = &self.definition.scopes else { return };
        let token = self.definition.token.as_ref();
        if let (Some(name), Some(token)) = (&scopes.claim, token)
            && !token.claims.iter().any(|claim| claim.name == *name)
        {
            self.fault(
                steps!["scopes", "claim"],
                format!("{name:?}, which is not a claim"),
                "one from [[token.claims]]",
            );
        }
        if let Some(grammar) = &scopes.grammar {
            for (i, action) in grammar.actions.iter().enumerate() {
                for name in action.implies.iter().chain(&action.lacks) {
                    if grammar.action(name).is_none() {
                        let at = steps!["scopes", "grammar", "actions", i];
                        self.fault(at, format!("the action {name:?}, which is not listed"), "one of the actions");
                    }
                }
            }
        } else if !scopes.families.is_empty() {
            self.fault(
                steps!["scopes", "families"],
                "families without a grammar",
                "[scopes.grammar], or [[scopes.values]]",
            );
        }
        for (i, value) in scopes.values.iter().enumerate() {
            self.scope_form(steps!["scopes", "values", i, "value"], &value.value);
            for (j, implied) in value.implies.iter().enumerate() {
                self.known_scope(steps!["scopes", "values", i, "implies", j], implied);
            }
        }
        for (i, family) in scopes.families.iter().enumerate() {
            for (j, resource) in family.resources.iter().enumerate() {
                let action =
                    scopes.grammar.as_ref().and_then(|g| g.actions.first().map(|a| g.write(resource, &a.name)));
                if let Some(scope) = action {
                    self.scope_form(steps!["scopes", "families", i, "resources", j], &scope);
                }
            }
        }
        let mut seen = HashSet::new();
        for listed in scopes.catalogue() {
            if !seen.insert(listed.value.clone()) {
                self.fault(steps!["scopes"], format!("{:?} twice in the catalogue", listed.value), "each scope once");
            }
        }
        for (i, scope) in scopes.default.iter().enumerate() {
            self.known_scope(steps!["scopes", "default", i], scope);
        }
        for (alias, scope) in &scopes.aliases {
            self.known_scope(steps!["scopes", "aliases", alias.as_str()], scope);
        }
    }

    pub(super) fn scope_form(&mut self, path: &[Step<'_>], scope: &str) {
        let Some(scopes) = &self.definition.scopes else { return };
        if let Err(malformed) = scopes.check_form(scope) {
            self.fault(path, malformed.to_string(), "a scope by the grammar");
        }
    }

    /// A scope that other parts name is in the catalogue.
    pub(super) fn known_scope(&mut self, path: &[Step<'_>], scope: &str) {
        let Some(scopes) = &self.definition.scopes else {
            return self.fault(path, format!("the scope {scope:?}, but there are no scopes"), "[scopes]");
        };
        if !self.listed.contains(scope) {
            let near = Some(()).filter(|()| self.more.is_none()).and_then(|()| scopes.nearest(scope));
            let near = near.map_or("one of them".to_owned(), |near| format!("{near:?} perhaps"));
            self.fault(path, format!("{scope:?}, which is not in the catalogue of scopes"), near);
        }
    }
}
