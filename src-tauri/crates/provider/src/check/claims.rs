//! Claims of a recipe can be written, and what a claim says is heeded.

use std::collections::HashSet;

use super::{Checker, place::Step};
use crate::{
    definition::{
        Claim, ClaimType,
        ClaimType::{Object, Objects},
        Presence, Value,
    },
    places::TemplatePlace,
    rules::has_form,
    template::{Slot, Template},
    values::could_be,
};

impl Checker<'_> {
    pub(super) fn claims(&mut self, trail: &[Step<'_>], claims: &[Claim]) {
        let mut seen = HashSet::new();
        for (i, claim) in claims.iter().enumerate() {
            let here = [trail, &[Step::Index(i)]].concat();
            if !seen.insert(claim.name.as_str()) {
                self.fault(&at(&here, "name"), format!("{:?} a second time", claim.name), "each claim once");
            }
            if let Some(value) = &claim.value {
                self.claim_value(&here, claim, value);
            } else {
                self.without_value(&here, claim);
            }
            self.of_objects(&here, claim);
            self.of_texts(&here, claim);
            self.members(&at(&here, "members"), &claim.members);
        }
    }

    /// The value that the recipe writes is one that the claim can have.
    fn claim_value(&mut self, here: &[Step<'_>], claim: &Claim, value: &Value) {
        let place = at(here, "value");
        let mut known = true;
        for template in value.templates() {
            if self.template(&place, template, TemplatePlace::Token) {
                self.signing_fields(&place, template);
            } else {
                known = false;
            }
        }
        if claim.presence == Presence::Forbidden {
            self.fault(&place, "a value of a claim that must not be there", "none");
        } else if known && !could_be(value, claim.kind) {
            let found = format!("{}, which does not become {}", written(value), claim.kind.words());
            self.fault(&place, found, wanted(claim.kind));
        } else if let Some(text) = fixed(value).filter(|_| known) {
            self.fixed_value(&place, claim, &text);
        }
    }

    /// A value that stands for one text is among those that are taken.
    fn fixed_value(&mut self, place: &[Step<'_>], claim: &Claim, text: &str) {
        if !claim.one_of.is_empty() && !claim.one_of.iter().any(|known| known == text) {
            let wanted = self.wanted(text, claim.one_of.iter().map(String::as_str), "one from one-of");
            self.fault(place, format!("{text:?}, which is not in one-of"), wanted);
        }
        if claim.form.is_some_and(|form| !has_form(text, form)) {
            self.fault(place, format!("{text:?}, which does not have the form"), "a text of the form that form names");
        }
    }

    fn without_value(&mut self, here: &[Step<'_>], claim: &Claim) {
        for (key, given) in [("default-on", claim.default_on), ("omit-if-empty", claim.omit_if_empty)] {
            if given {
                self.fault(&at(here, key), "true without a value", "a value to write");
            }
        }
    }

    /// What is said of objects is said of an object.
    fn of_objects(&mut self, here: &[Step<'_>], claim: &Claim) {
        if matches!(claim.kind, Object | Objects) {
            return;
        }
        let keys =
            [("members", !claim.members.is_empty()), ("key-case", claim.key_case.is_some()), ("open", claim.open)];
        for (key, _) in keys.into_iter().filter(|(_, given)| *given) {
            let found = format!("{key} of {}", claim.kind.words());
            self.fault(&at(here, key), found, "type \"object\" or \"objects\"");
        }
    }

    /// What is said of texts is said of something that can be one.
    fn of_texts(&mut self, here: &[Step<'_>], claim: &Claim) {
        let is_text = matches!(claim.kind, ClaimType::String | ClaimType::StringOrInteger | ClaimType::Json);
        let keys = [
            ("form", claim.form.is_some() && !is_text),
            ("one-of", !claim.one_of.is_empty() && !is_text && claim.kind != ClaimType::SpaceString),
        ];
        for (key, _) in keys.into_iter().filter(|(_, given)| *given) {
            self.fault(&at(here, key), format!("{key} of {}", claim.kind.words()), "type \"string\"");
        }
    }

    /// Members describe what a person writes into an object; the recipe writes none of them.
    fn members(&mut self, trail: &[Step<'_>], members: &[Claim]) {
        for (i, member) in members.iter().enumerate() {
            let here = [trail, &[Step::Index(i)]].concat();
            let keys = [
                ("value", member.value.is_some()),
                ("default-on", member.default_on),
                ("omit-if-empty", member.omit_if_empty),
                ("only-with-scope", member.only_with_scope.is_some()),
                ("fresh", member.fresh),
            ];
            for (key, _) in keys.into_iter().filter(|(_, given)| *given) {
                let hint = "members say what the person may write; give the claim itself a value of JSON text";
                self.fault_because(&at(&here, key), format!("{key} of a member"), "none", hint);
            }
            self.of_objects(&here, member);
            self.of_texts(&here, member);
            self.members(&at(&here, "members"), &member.members);
        }
        let mut seen = HashSet::new();
        for (i, member) in members.iter().enumerate().filter(|(_, member)| !seen.insert(member.name.as_str())) {
            let here = [trail, &[Step::Index(i)]].concat();
            self.fault(&at(&here, "name"), format!("{:?} a second time", member.name), "each member once");
        }
    }

    /// Fields in a token are those of the credential that signs it.
    pub(super) fn signing_fields(&mut self, place: &[Step<'_>], template: &Template) {
        let definition = self.definition;
        let signs = definition.token.as_ref().filter(|_| definition.signs_here()).and_then(|t| t.credential.as_deref());
        let Some(credential) = signs.and_then(|id| definition.credentials.get(id)) else { return };
        for slot in template.slots() {
            if let Slot::Credential(field) = slot
                && !definition.has_field(credential, field)
            {
                let found = format!("{slot}, which {:?} does not have", credential.id());
                let hint = "what signs has the texts of [[credentials.texts]] and the fields of its file";
                self.fault_because(place, found, "a field of the credential that signs", hint);
            }
        }
    }
}

fn at<'p>(here: &[Step<'p>], key: &'p str) -> Vec<Step<'p>> {
    [here, &[Step::Key(key)]].concat()
}

/// The one text that a value stands for.
fn fixed(value: &Value) -> Option<String> {
    match value {
        Value::One(template) => template.fill(|_| Err(())).ok(),
        Value::Many(_) => None,
    }
}

/// A value as the file has it.
fn written(value: &Value) -> String {
    match value {
        Value::One(template) => format!("{:?}", template.text()),
        Value::Many(_) => "a list of texts".to_owned(),
    }
}

fn wanted(kind: ClaimType) -> String {
    match kind {
        Object | Objects => format!("{} as JSON text, or no value: then the person gives it", kind.words()),
        ClaimType::Boolean => "\"true\" or \"false\"".to_owned(),
        kind => format!("a text that is {}", kind.words()),
    }
}
