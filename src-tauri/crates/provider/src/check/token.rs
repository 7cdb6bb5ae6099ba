//! Token, header and scopes agree with each other.

use std::collections::HashSet;

use super::{
    Checker,
    place::{Step, steps},
};
use crate::{
    definition::{Counted, Credential, SignedBy, Token},
    places::TemplatePlace,
};

impl Checker<'_> {
    pub(super) fn token(&mut self) {
        let Some(token) = &self.definition.token else { return };
        self.signed_with(token);
        self.header_members(token);
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
            if lifetime.counted == Counted::FromNow && lifetime.warn_under.is_some() {
                let wanted = "none with counted = \"from-now\": what a token still has to live gets less by itself";
                self.fault(steps!["token", "lifetime", "warn-under"], "a least life", wanted);
            }
        }
    }

    /// A token is signed with something that signs.
    fn signed_with(&mut self, token: &Token) {
        let at = steps!["token", "credential"];
        let Some(id) = &token.credential else {
            if token.signed_by == SignedBy::Us {
                self.fault(steps!["token"], "no credential", "the id of the one it is signed with");
            }
            return;
        };
        self.known_credential(at, id);
        let signs = match self.definition.credentials.get(id) {
            Some(Credential::PrivateKey(_)) | None => true,
            Some(Credential::Secret(secret)) => !secret.algs.is_empty(),
            Some(_) => false,
        };
        if !signs && token.signed_by == SignedBy::Us {
            let found = format!("{id:?}, which signs nothing");
            self.fault(at, found, "the id of a private key, or of a secret with algs");
        }
    }

    /// Header parameters are there once, and are texts that a signer can write.
    fn header_members(&mut self, token: &Token) {
        let mut seen = HashSet::new();
        for (i, member) in token.header.iter().enumerate() {
            let at = steps!["token", "header", i, "name"];
            let name = member.name.as_str();
            if !seen.insert(name) {
                self.fault(at, format!("{name:?} a second time"), "each once");
            }
            if ["crit", "b64", "jwk", "x5c"].contains(&name) {
                self.fault(
                    at,
                    format!("{name:?}, whose value is not a text"),
                    "a parameter that is a text (RFC 7515 §4.1)",
                );
            }
            let value = steps!["token", "header", i, "value"];
            if self.template(value, &member.value, TemplatePlace::Token) {
                self.signing_fields(value, &member.value);
            }
            if name == "alg" && token.signed_by == SignedBy::Us && member.value.slots().next().is_none() {
                self.fixed_alg(value, member.value.text());
            }
        }
    }

    /// An algorithm that the header names is one that a key here signs with.
    fn fixed_alg(&mut self, at: &[Step<'_>], found: &str) {
        let algs = self.definition.algs();
        if !algs.is_empty() && !algs.iter().any(|alg| alg.name() == found) {
            let names: Vec<&str> = algs.iter().map(|alg| alg.name()).collect();
            self.fault(
                at,
                format!("{found:?}, with which no key here signs"),
                format!("{{alg}}, or {}", names.join(" or ")),
            );
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
